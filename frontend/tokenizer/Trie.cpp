// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Trie.h. Breadth first: the children of a node go where all their places
// are free, near the end of what is used. No two nodes share a base, so a
// label alone tells whose child a unit is; base 0 is for nodes without children.

#include "frontend/tokenizer/Trie.h"

#include <algorithm>
#include <bit>
#include <deque>

namespace sinter::tokenizer {

namespace {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;
/// Blocks of 256 units that are tried before a new one is begun.
constexpr size_t openBlocks = 8;

class TrieBuilder {
public:
  explicit TrieBuilder(std::vector<SinterTrieUnit> &units) : units(units) {
    units.clear();
    addBlock();
    baseUsed[0] = true;
    use(0); // the root
  }

  bool build(const std::vector<std::pair<std::string_view, uint32_t>> &keys) {
    struct Node {
      size_t first, last, depth;
      uint32_t unit;
    };
    std::deque<Node> open = {{0, keys.size(), 0, 0}};
    std::vector<uint8_t> labels;
    std::vector<size_t> begins;
    for (; !open.empty(); open.pop_front()) {
      Node node = open.front();
      // Sorted: the key that ends here comes first.
      if (node.first < node.last && keys[node.first].first.size() == node.depth)
        units[node.unit].value = keys[node.first++].second;
      labels.clear();
      begins.clear();
      for (size_t i = node.first; i < node.last; ++i) {
        uint8_t label = static_cast<uint8_t>(keys[i].first[node.depth]);
        if (labels.empty() || labels.back() != label) {
          labels.push_back(label);
          begins.push_back(i);
        }
      }
      if (labels.empty())
        continue;
      begins.push_back(node.last);
      uint32_t base = findBase(labels);
      if (units.size() > SINTER_TRIE_MAX_UNITS)
        return false;
      baseUsed[base] = true;
      units[node.unit].link |= base << 9;
      for (size_t i = 0; i < labels.size(); ++i) {
        uint32_t child = base ^ labels[i];
        use(child);
        units[child].link = 0x100u | labels[i];
        open.push_back({begins[i], begins[i + 1], node.depth + 1, child});
      }
    }
    return true;
  }

private:
  void addBlock() {
    units.resize(units.size() + 256, {0, none});
    baseUsed.resize(units.size());
    unitUsed.resize(units.size() / 64, 0);
    freeUnits.push_back(256);
  }

  void use(uint32_t unit) {
    unitUsed[unit / 64] |= uint64_t{1} << (unit % 64);
    --freeUnits[unit / 256];
  }

  bool fits(uint32_t base, const std::vector<uint8_t> &labels) const {
    if (baseUsed[base])
      return false;
    for (uint8_t label : labels)
      if (unitUsed[(base ^ label) / 64] >> ((base ^ label) % 64) & 1)
        return false;
    return true;
  }

  /// A base in a block, by the free units that its first label may take.
  uint32_t findIn(size_t block, const std::vector<uint8_t> &labels) const {
    for (size_t word = block * 4; word < block * 4 + 4; ++word)
      for (uint64_t free = ~unitUsed[word]; free != 0; free &= free - 1) {
        uint32_t unit = static_cast<uint32_t>(word * 64) + static_cast<uint32_t>(std::countr_zero(free));
        if (fits(unit ^ labels[0], labels))
          return unit ^ labels[0];
      }
    return none;
  }

  uint32_t findBase(const std::vector<uint8_t> &labels) {
    for (;;) {
      size_t blocks = freeUnits.size();
      for (size_t block = blocks > openBlocks ? blocks - openBlocks : 0; block < blocks; ++block) {
        uint32_t base = freeUnits[block] >= labels.size() ? findIn(block, labels) : none;
        if (base != none)
          return base;
      }
      addBlock();
    }
  }

  std::vector<SinterTrieUnit> &units;
  std::vector<bool> baseUsed;
  std::vector<uint64_t> unitUsed; // bits
  std::vector<uint32_t> freeUnits; // of each block
};

} // namespace

bool buildTrie(std::vector<std::pair<std::string_view, uint32_t>> keys, std::vector<SinterTrieUnit> &units) {
  std::sort(keys.begin(), keys.end());
  size_t kept = 0;
  for (size_t i = 0; i < keys.size(); ++i)
    if (!keys[i].first.empty() && (i + 1 == keys.size() || keys[i + 1].first != keys[i].first))
      keys[kept++] = keys[i];
  keys.resize(kept);
  return TrieBuilder(units).build(keys);
}

} // namespace sinter::tokenizer
