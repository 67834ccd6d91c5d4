// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See PatternSets.h.

#include "frontend/tokenizer/PatternSets.h"
#include "frontend/tokenizer/Unicode.h"

#include <algorithm>

namespace sinter::tokenizer {

const CodePointSet *categorySet(const std::string &name) {
  static auto *sets = [] {
    auto *made = new std::map<std::string, CodePointSet>;
    const char *last = nullptr;
    CodePointSet *exact = nullptr, *group = nullptr;
    for (uint32_t code = 0; code < codePointCount; ++code) {
      const char *category = categoryName(code);
      if (category != last) {
        exact = &(*made)[category];
        group = &(*made)[std::string(1, category[0])];
        last = category;
      }
      exact->add(code);
      group->add(code);
    }
    return made;
  }();
  auto at = sets->find(name);
  return at == sets->end() ? nullptr : &at->second;
}

const CodePointSet &wordSet() {
  static const auto *set = new CodePointSet(CodePointSet::where(isPatternWord));
  return *set;
}

const CodePointSet &spaceSet() {
  static const auto *set = new CodePointSet(CodePointSet::where(isSpace));
  return *set;
}

Foldings::Foldings() {
  std::vector<uint32_t> folded;
  single.resize(codePointCount);
  for (uint32_t code = 0; code < codePointCount; ++code) {
    folded.clear();
    single[code] = code;
    if (code < 0x20000) // nothing above has case
      foldCase(code, folded);
    if (folded.size() == 1) {
      single[code] = folded[0];
      if (folded[0] != code)
        alike.insert({{folded[0], code}, {folded[0], folded[0]}});
    }
    if (folded.size() > 1)
      several.push_back({code, folded});
  }
}

CodePointSet Foldings::close(uint32_t code) const {
  CodePointSet out;
  out.add(code);
  for (auto at = alike.lower_bound(single[code]); at != alike.end() && at->first == single[code]; ++at)
    out.add(at->second);
  return out;
}

CodePointSet Foldings::close(const CodePointSet &set) const {
  CodePointSet folded, out = set;
  for (uint32_t code = 0; code < 0x20000; ++code)
    if (set.contains(code))
      folded.add(single[code]);
  for (uint32_t code = 0; code < 0x20000; ++code)
    if (folded.contains(single[code]))
      out.add(code);
  return out;
}

bool Foldings::needsSeveral(const std::vector<uint32_t> &text) const {
  std::vector<uint32_t> folded;
  for (uint32_t code : text)
    folded.push_back(single[code]);
  for (const auto &[code, parts] : several)
    if (std::find(text.begin(), text.end(), code) != text.end() ||
        std::search(folded.begin(), folded.end(), parts.begin(), parts.end()) != folded.end())
      return true;
  return false;
}

const Foldings &foldings() {
  static const Foldings *table = new Foldings;
  return *table;
}

} // namespace sinter::tokenizer
