// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One code point enters, what BERT's tokenizer thinks of it leaves. Follows the
// Hugging Face tokenizers library, whose tables are older than Unicode 15 in
// places and newer in others (UnicodeDifferences.inc).

#ifndef SINTER_FRONTEND_TOKENIZER_UNICODE_H
#define SINTER_FRONTEND_TOKENIZER_UNICODE_H

#include <cstdint>
#include <vector>

namespace sinter::tokenizer {

/// Removed by clean_text: controls, format characters, private use, U+0000,
/// U+FFFD; not tab, newline, carriage return.
bool isControl(uint32_t code);
/// Unicode White_Space.
bool isSpace(uint32_t code);
/// ASCII symbols and Unicode punctuation: each is a word of its own.
bool isPunctuation(uint32_t code);
/// Chinese, Japanese and Korean ideographs (not kana, not Hangul).
bool isIdeograph(uint32_t code);
/// Removed by strip_accents after decomposition.
bool isNonspacingMark(uint32_t code);
bool isHangulSyllable(uint32_t code);
/// Canonical combining class.
uint8_t combiningClass(uint32_t code);
/// Full canonical decomposition, appended to `out`.
void decompose(uint32_t code, std::vector<uint32_t> &out);
/// Lowercase of one character without context, appended to `out`.
void lowercase(uint32_t code, std::vector<uint32_t> &out);

//===----------------------------------------------------------------------===//
// What pipelines ask
//===----------------------------------------------------------------------===//

/// "Lu", "Nd", ... as regular expressions see it; "Cn" for unassigned.
const char *categoryName(uint32_t code);
/// \w of the library's regular expressions, and that of its own patterns.
bool isPatternWord(uint32_t code);
bool isWord(uint32_t code);
/// Has a numeric value: each is a digit for the pre-tokenizer Digits.
bool isNumeric(uint32_t code);
/// Removed by the normalizer StripAccents.
bool isAccent(uint32_t code);
/// SINTER_GRAPHEME_*.
uint32_t graphemeClass(uint32_t code);
/// Full compatibility decomposition, appended to `out`.
void decomposeCompatibly(uint32_t code, std::vector<uint32_t> &out);
/// The code point that canonical composition makes of two, or 0; Hangul aside.
uint32_t compose(uint32_t first, uint32_t second);
/// Full case folding, appended to `out`.
void foldCase(uint32_t code, std::vector<uint32_t> &out);

/// Well-formed UTF-8 to code points; false at the first broken byte.
bool decodeUtf8(const char *text, uint64_t length, std::vector<uint32_t> &out);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_UNICODE_H
