// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sets of code points enter; classes and their two-level table leave.

#include "frontend/tokenizer/CodePointSet.h"
#include "runtime/text/TokenizerBlob.h"

#include <map>

namespace sinter::tokenizer {

uint32_t CodePointClasses::add(CodePointSet set) {
  if (++asked > 20 * maxSets)
    return maxSets;
  for (size_t i = 0; i < sets.size(); ++i)
    if (sets[i] == set)
      return static_cast<uint32_t>(i);
  if (sets.size() == maxSets)
    return maxSets;
  sets.push_back(std::move(set));
  return static_cast<uint32_t>(sets.size() - 1);
}

void CodePointClasses::partition() {
  std::map<uint64_t, uint8_t> classes;
  std::map<std::vector<uint8_t>, uint16_t> known;
  std::vector<uint8_t> page(256);
  uint64_t lastSignature = 0;
  uint8_t lastClass = 0;
  for (uint32_t block = 0; block < codePointCount / 256; ++block) {
    bool uniform = true;
    for (const CodePointSet &set : sets)
      uniform = uniform && set.isUniform(block);
    for (uint32_t low = 0; low < 256; ++low) {
      uint32_t code = block * 256 + low;
      uint64_t signature = uniform && low > 0 ? lastSignature : 0;
      for (size_t s = 0; s < sets.size() && (!uniform || low == 0); ++s)
        signature |= static_cast<uint64_t>(sets[s].contains(code)) << s;
      if (code == 0 || signature != lastSignature) {
        auto [at, fresh] = classes.emplace(signature, static_cast<uint8_t>(classes.size()));
        if (fresh)
          signatures.push_back(signature);
        if (signatures.size() > SINTER_TOKENIZER_MAX_CLASSES) {
          tooMany = true;
          return;
        }
        lastSignature = signature;
        lastClass = at->second;
      }
      page[low] = lastClass;
    }
    auto [at, fresh] = known.emplace(page, static_cast<uint16_t>(known.size()));
    if (fresh)
      pages.insert(pages.end(), page.begin(), page.end());
    blocks.push_back(at->second);
  }
}

} // namespace sinter::tokenizer
