// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regular expressions of tokenizers: the spelling enters (Oniguruma's, as the
// Hugging Face library uses it), an automaton for runtime/text leaves. What
// one pass with one character of foresight cannot decide (back references,
// long look-around, atomic groups) is refused by name.

#ifndef SINTER_FRONTEND_TOKENIZER_PATTERN_H
#define SINTER_FRONTEND_TOKENIZER_PATTERN_H

#include "frontend/tokenizer/CodePointSet.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::tokenizer {

/// A pattern as a tree.
struct PatternNode {
  enum Kind : uint8_t {
    Empty,
    Character, ///< one of `set`
    Sequence,
    Choice,
    Repeat, ///< children[0], least to most times (most = unlimited: -1)
    Next,   ///< the next character is of `set`, or (atEdge) there is none
    Before  ///< the same of the character in front
  } kind = Empty;
  uint32_t set = 0;
  bool atEdge = false;
  bool lazy = false, possessive = false;
  int32_t least = 0, most = 0;
  std::vector<PatternNode> children;
};

/// Parses; the sets go to `classes`. False with `error` = what is wrong and at
/// which character.
bool parsePattern(std::string_view pattern, CodePointClasses &classes, PatternNode &out, std::string &error);

/// A literal string as a pattern.
bool literalPattern(std::string_view text, CodePointClasses &classes, PatternNode &out, std::string &error);

/// One or more (`many`) characters of a set.
PatternNode setPattern(uint32_t set, bool many);

/// See SinterAutomaton.
struct AutomatonTables {
  std::vector<uint16_t> steps;
  uint32_t states = 0, watched = 0;
};

/// After classes.partition().
bool buildAutomaton(const PatternNode &pattern, const CodePointClasses &classes, AutomatonTables &out,
                    std::string &error);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_PATTERN_H
