// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A set of code points, and the partition of all code points that a family of
// sets induces: what a pattern cannot tell apart is one class.

#ifndef SINTER_FRONTEND_TOKENIZER_CODEPOINTSET_H
#define SINTER_FRONTEND_TOKENIZER_CODEPOINTSET_H

#include <cstdint>
#include <string>
#include <vector>

namespace sinter::tokenizer {

constexpr uint32_t codePointCount = 0x110000;

class CodePointSet {
public:
  CodePointSet() : words(codePointCount / 64, 0) {}
  template <typename Predicate> static CodePointSet where(Predicate holds) {
    CodePointSet set;
    for (uint32_t code = 0; code < codePointCount; ++code)
      if (holds(code))
        set.add(code);
    return set;
  }

  bool contains(uint32_t code) const { return words[code / 64] >> (code % 64) & 1; }
  /// All or none of the 256 code points of a page.
  bool isUniform(uint32_t page) const {
    const uint64_t *word = &words[page * 4u];
    return (word[0] == 0 || word[0] == ~uint64_t{0}) && word[1] == word[0] && word[2] == word[0] && word[3] == word[0];
  }
  void add(uint32_t code) { words[code / 64] |= uint64_t{1} << (code % 64); }
  void add(uint32_t first, uint32_t last) {
    for (uint32_t code = first; code <= last;) {
      if (code % 64 == 0 && last - code >= 63) {
        words[code / 64] = ~uint64_t{0};
        code += 64;
      } else {
        add(code++);
      }
    }
  }
  void add(const CodePointSet &other) {
    for (size_t i = 0; i < words.size(); ++i)
      words[i] |= other.words[i];
  }
  void invert() {
    for (uint64_t &word : words)
      word = ~word;
  }
  bool operator==(const CodePointSet &) const = default;

private:
  std::vector<uint64_t> words;
};

/// The sets of all patterns of one tokenizer, each once.
class CodePointClasses {
public:
  static constexpr size_t maxSets = 64;

  /// The set's number; maxSets when there are too many, or were too many asked
  /// for (a hostile file's patterns must not take long).
  uint32_t add(CodePointSet set);
  const CodePointSet &get(uint32_t set) const { return sets[set]; }
  /// After the last add(): numbers the classes.
  void partition();

  /// Bit s of a class's signature: set s holds it.
  std::vector<uint64_t> signatures;
  /// The class of each code point, in pages of 256.
  std::vector<uint16_t> blocks;
  std::vector<uint8_t> pages;
  /// More than 255 classes: the tables above are not to be used.
  bool tooMany = false;

  /// Steps that making all automata may still take together.
  mutable int64_t work = 20'000'000;

private:
  std::vector<CodePointSet> sets;
  size_t asked = 0;
};

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_CODEPOINTSET_H
