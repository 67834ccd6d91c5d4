// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sets of code points that regular expressions name, made once a process,
// and which characters are the same when case does not count.

#ifndef SINTER_FRONTEND_TOKENIZER_PATTERNSETS_H
#define SINTER_FRONTEND_TOKENIZER_PATTERNSETS_H

#include "frontend/tokenizer/CodePointSet.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sinter::tokenizer {

/// The code points of a general category or of a group of them; null if there
/// is none of that name.
const CodePointSet *categorySet(const std::string &name);
/// \w and \s.
const CodePointSet &wordSet();
const CodePointSet &spaceSet();

/// Which characters are the same when case does not count.
class Foldings {
public:
  Foldings();

  /// Everything that folds to what the character folds to.
  CodePointSet close(uint32_t code) const;

  /// Everything that folds to what a member of the set folds to.
  CodePointSet close(const CodePointSet &set) const;

  /// True when one character may stand for several of these, or the reverse.
  bool needsSeveral(const std::vector<uint32_t> &text) const;

private:
  std::vector<uint32_t> single;
  std::multimap<uint32_t, uint32_t> alike; // what a folding comes from, where more than itself
  std::vector<std::pair<uint32_t, std::vector<uint32_t>>> several;
};

/// The one table.
const Foldings &foldings();

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_PATTERNSETS_H
