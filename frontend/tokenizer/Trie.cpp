// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Trie.h. Breadth first: the children of a node go where all their places
// are free, near the end of what is used. No two nodes share a base, so a
// label alone tells whose child a unit is; base 0 is for nodes without children.

#include "frontend/tokenizer/Trie.h"

#include <deque>
#include <string_view>

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
    unitUsed[0] = true; // the root
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
        unitUsed[child] = true;
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
    unitUsed.resize(units.size());
  }

  bool fits(uint32_t base, const std::vector<uint8_t> &labels) const {
    if (baseUsed[base])
      return false;
    for (uint8_t label : labels)
      if (unitUsed[base ^ label])
        return false;
    return true;
  }

  uint32_t findBase(const std::vector<uint8_t> &labels) {
    for (;;) {
      size_t blocks = units.size() / 256;
      for (size_t block = blocks > openBlocks ? blocks - openBlocks : 0; block < blocks; ++block)
        for (uint32_t low = 0; low < 256; ++low)
          if (uint32_t base = static_cast<uint32_t>(block) * 256 + low; fits(base, labels))
            return base;
      addBlock();
    }
  }

  std::vector<SinterTrieUnit> &units;
  std::vector<bool> baseUsed, unitUsed;
};

} // namespace

bool buildTrie(const std::map<std::string, uint32_t> &keys, std::vector<SinterTrieUnit> &units) {
  std::vector<std::pair<std::string_view, uint32_t>> sorted;
  for (const auto &[key, value] : keys)
    if (!key.empty())
      sorted.emplace_back(key, value);
  return TrieBuilder(units).build(sorted);
}

} // namespace sinter::tokenizer
