// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See CodeMaps.h.

#include "frontend/tokenizer/CodeMaps.h"
#include "frontend/tokenizer/Unicode.h"

#include <algorithm>

namespace sinter::tokenizer {

namespace {

bool isNmtSpace(uint32_t code) {
  return code == '\t' || code == '\n' || code == '\f' || code == '\r' || code == 0x1680 ||
         (code >= 0x200B && code <= 0x200F) || code == 0x2028 || code == 0x2029 || code == 0x2581 || code == 0xFEFF ||
         code == 0xFFFD;
}

bool isNmtControl(uint32_t code) {
  return (code >= 1 && code <= 8) || code == 0xB || (code >= 0xE && code <= 0x1F) || code == 0x7F || code == 0x8F ||
         code == 0x9F;
}

} // namespace

uint32_t CodeMapBuilder::place(CodeMap map) {
  auto [at, fresh] = places.emplace(map, static_cast<uint32_t>(places.size()));
  if (!fresh)
    return at->second;
  std::vector<uint32_t> page(256);
  for (uint32_t code = 0; code < codePointCount; ++code) {
    // Surrogates never come; planes 4 to 13 are unassigned.
    bool plain = (code >= 0xD800 && code < 0xE000) || (code >= 0x40000 && code < 0xE0000);
    page[code & 0xFF] = plain ? 0 : value(map, code);
    if ((code & 0xFF) != 0xFF)
      continue;
    auto [known, fresh] = this->known.emplace(page, static_cast<uint16_t>(this->known.size()));
    if (fresh)
      pages.insert(pages.end(), page.begin(), page.end());
    blocks.push_back(known->second);
  }
  return at->second;
}

uint32_t CodeMapBuilder::value(CodeMap map, uint32_t code) {
  std::vector<uint32_t> to;
  switch (map) {
  case CodeMap::CombiningClasses:
    return combiningClass(code);
  case CodeMap::Graphemes:
    return graphemeClass(code);
  case CodeMap::StripAccents:
    return isAccent(code) ? SINTER_CODE_DROP : SINTER_CODE_SELF;
  case CodeMap::StripNonspacing:
    return isNonspacingMark(code) ? SINTER_CODE_DROP : SINTER_CODE_SELF;
  case CodeMap::Clean:
    if (isControl(code))
      return SINTER_CODE_DROP;
    to = {isSpace(code) ? ' ' : code};
    break;
  case CodeMap::PadIdeographs:
    to = {code};
    if (isIdeograph(code))
      to = {' ', code, ' '};
    break;
  case CodeMap::Nmt:
    if (isNmtControl(code))
      return SINTER_CODE_DROP;
    to = {isNmtSpace(code) ? ' ' : code};
    break;
  case CodeMap::Lowercase:
    lowercase(code, to);
    break;
  case CodeMap::Canonical:
  case CodeMap::Compatible:
    if (isHangulSyllable(code))
      return SINTER_CODE_SELF; // by arithmetic
    if (map == CodeMap::Canonical)
      decompose(code, to);
    else
      decomposeCompatibly(code, to);
    break;
  default:
    return SINTER_CODE_SELF;
  }
  if (to.size() == 1 && to[0] == code)
    return SINTER_CODE_SELF;
  auto [at, fresh] = sequences.emplace(to, static_cast<uint32_t>(pool.size()));
  if (fresh)
    pool.insert(pool.end(), to.begin(), to.end());
  return at->second << 8 | static_cast<uint32_t>(to.size() + 1);
}

void CodeMapBuilder::addCompositions() {
  if (!compositions.empty())
    return;
  std::vector<uint32_t> parts;
  for (uint32_t code = 0; code < 0x30000; ++code) {
    if ((code >= 0xD800 && code < 0xE000) || isHangulSyllable(code))
      continue;
    parts.clear();
    decompose(code, parts);
    if (parts.size() < 2)
      continue;
    // The last character joins what the others make.
    uint32_t first = parts[0];
    for (size_t i = 1; i + 1 < parts.size() && first != 0; ++i)
      first = compose(first, parts[i]);
    if (first != 0 && compose(first, parts.back()) == code)
      compositions.push_back({first, parts.back(), code});
  }
  std::sort(compositions.begin(), compositions.end(), [](const SinterComposition &a, const SinterComposition &b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  });
}

} // namespace sinter::tokenizer
