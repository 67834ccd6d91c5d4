// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// utf8proc's tables (Unicode 15) with the exceptions of the library that we
// must agree with.

#include "frontend/tokenizer/Unicode.h"
#include "runtime/text/TokenizerBlob.h"

#include <utf8proc.h>

#include <span>

namespace sinter::tokenizer {

namespace {

struct CodeRange {
  uint32_t first, last;
};

#include "frontend/tokenizer/UnicodeDifferences.inc"
#include "frontend/tokenizer/UnicodePipelines.inc"

bool isIn(std::span<const CodeRange> ranges, uint32_t code) {
  // Sorted: most code points lie below the first range or soon pass theirs.
  for (const CodeRange &range : ranges)
    if (code <= range.last)
      return code >= range.first;
  return false;
}

utf8proc_category_t category(uint32_t code) { return utf8proc_category(static_cast<utf8proc_int32_t>(code)); }

/// DIVES AKURU VOWEL SIGN O: its decomposition came with Unicode 13.
constexpr uint32_t newDecomposition = 0x11938;
/// HANUNOO SIGN PAMUDPOD: a nonspacing mark until Unicode 14.
constexpr uint32_t oldMark = 0x1734;

} // namespace

bool isControl(uint32_t code) {
  if (code == '\t' || code == '\n' || code == '\r')
    return false;
  if (code == 0 || code == 0xFFFD)
    return true;
  switch (category(code)) {
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CO:
    return true;
  case UTF8PROC_CATEGORY_CF:
    return !isIn(keptFormat, code);
  default:
    return false;
  }
}

bool isSpace(uint32_t code) {
  if ((code >= '\t' && code <= '\r') || code == 0x85)
    return true;
  utf8proc_category_t c = category(code);
  return c == UTF8PROC_CATEGORY_ZS || c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP;
}

bool isPunctuation(uint32_t code) {
  if ((code >= 33 && code <= 47) || (code >= 58 && code <= 64) || (code >= 91 && code <= 96) ||
      (code >= 123 && code <= 126))
    return true;
  if (isIn(oldPunctuation, code))
    return true;
  utf8proc_category_t c = category(code);
  return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO && !isIn(newPunctuation, code);
}

bool isIdeograph(uint32_t code) {
  // The gap at U+2B820 is the library's.
  static constexpr CodeRange ranges[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},  {0x20000, 0x2A6DF},
                                         {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
  return isIn(ranges, code);
}

bool isNonspacingMark(uint32_t code) {
  if (code == oldMark)
    return true;
  return category(code) == UTF8PROC_CATEGORY_MN && !isIn(newMarks, code);
}

bool isHangulSyllable(uint32_t code) { return code >= 0xAC00 && code <= 0xD7A3; }

uint8_t combiningClass(uint32_t code) {
  if (isIn(newCombining, code))
    return 0;
  return static_cast<uint8_t>(utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class);
}

namespace {

void decomposeBy(uint32_t code, int options, std::vector<uint32_t> &out) {
  utf8proc_int32_t buffer[24];
  int boundary = 0;
  utf8proc_ssize_t count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), buffer, 24,
                                                   static_cast<utf8proc_option_t>(options), &boundary);
  if (count <= 0 || count > 24 || code == newDecomposition) {
    out.push_back(code);
    return;
  }
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    out.push_back(static_cast<uint32_t>(buffer[i]));
}

utf8proc_category_t patternCategory(uint32_t code) {
  for (const CategoryRange &range : newCategories)
    if (code <= range.last) {
      if (code >= range.first)
        return range.category;
      break;
    }
  return category(code);
}

bool isMark(utf8proc_category_t c) { return c >= UTF8PROC_CATEGORY_MN && c <= UTF8PROC_CATEGORY_ME; }

} // namespace

void decompose(uint32_t code, std::vector<uint32_t> &out) { decomposeBy(code, UTF8PROC_DECOMPOSE, out); }

uint32_t graphemeClass(uint32_t code) {
  // The conjuncts of Unicode 15.1, which utf8proc does not know.
  static constexpr CodeRange consonants[] = {
      {0x915, 0x939}, {0x958, 0x95F}, {0x978, 0x97F}, {0x995, 0x9A8}, {0x9AA, 0x9B0}, {0x9B2, 0x9B2}, {0x9B6, 0x9B9},
      {0x9DC, 0x9DD}, {0x9DF, 0x9DF}, {0x9F0, 0x9F1}, {0xA95, 0xAA8}, {0xAAA, 0xAB0}, {0xAB2, 0xAB3}, {0xAB5, 0xAB9},
      {0xAF9, 0xAF9}, {0xB15, 0xB28}, {0xB2A, 0xB30}, {0xB32, 0xB33}, {0xB35, 0xB39}, {0xB5C, 0xB5D}, {0xB5F, 0xB5F},
      {0xB71, 0xB71}, {0xC15, 0xC28}, {0xC2A, 0xC39}, {0xC58, 0xC5A}, {0xD15, 0xD3A}};
  static constexpr CodeRange linkers[] = {{0x94D, 0x94D}, {0x9CD, 0x9CD}, {0xACD, 0xACD},
                                          {0xB4D, 0xB4D}, {0xC4D, 0xC4D}, {0xD4D, 0xD4D}};
  for (const GraphemeRange &range : newGraphemes)
    if (code <= range.last) {
      if (code >= range.first)
        return range.kind;
      break;
    }
  if (isIn(linkers, code))
    return SINTER_GRAPHEME_LINKER;
  if (isIn(consonants, code))
    return SINTER_GRAPHEME_CONSONANT;
  switch (utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->boundclass) {
  case UTF8PROC_BOUNDCLASS_CR:
    return SINTER_GRAPHEME_CR;
  case UTF8PROC_BOUNDCLASS_LF:
    return SINTER_GRAPHEME_LF;
  case UTF8PROC_BOUNDCLASS_CONTROL:
    return SINTER_GRAPHEME_CONTROL;
  case UTF8PROC_BOUNDCLASS_EXTEND:
    return SINTER_GRAPHEME_EXTEND;
  case UTF8PROC_BOUNDCLASS_ZWJ:
    return SINTER_GRAPHEME_JOINER;
  case UTF8PROC_BOUNDCLASS_SPACINGMARK:
    return SINTER_GRAPHEME_SPACING;
  case UTF8PROC_BOUNDCLASS_PREPEND:
    return SINTER_GRAPHEME_PREPEND;
  case UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR:
    return SINTER_GRAPHEME_REGIONAL;
  case UTF8PROC_BOUNDCLASS_L:
    return SINTER_GRAPHEME_L;
  case UTF8PROC_BOUNDCLASS_V:
    return SINTER_GRAPHEME_V;
  case UTF8PROC_BOUNDCLASS_T:
    return SINTER_GRAPHEME_T;
  case UTF8PROC_BOUNDCLASS_LV:
    return SINTER_GRAPHEME_LV;
  case UTF8PROC_BOUNDCLASS_LVT:
    return SINTER_GRAPHEME_LVT;
  case UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC:
    return SINTER_GRAPHEME_PICTURE;
  default:
    return SINTER_GRAPHEME_OTHER;
  }
}

void decomposeCompatibly(uint32_t code, std::vector<uint32_t> &out) {
  decomposeBy(code, isIn(newCompatibility, code) ? UTF8PROC_DECOMPOSE : UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, out);
}

void foldCase(uint32_t code, std::vector<uint32_t> &out) { decomposeBy(code, UTF8PROC_CASEFOLD, out); }

uint32_t compose(uint32_t first, uint32_t second) {
  utf8proc_int32_t buffer[3] = {static_cast<utf8proc_int32_t>(first), static_cast<utf8proc_int32_t>(second), 0};
  utf8proc_ssize_t count =
      utf8proc_normalize_utf32(buffer, 2, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  return count == 1 && static_cast<uint32_t>(buffer[0]) != newDecomposition ? static_cast<uint32_t>(buffer[0]) : 0;
}

const char *categoryName(uint32_t code) {
  static const char *const names[] = {"Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd",
                                      "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
                                      "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"};
  return names[patternCategory(code)];
}

bool isWord(uint32_t code) {
  utf8proc_category_t c = patternCategory(code);
  return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NL) || c == UTF8PROC_CATEGORY_PC || code == 0x200C ||
         code == 0x200D || (code >= 0x24B6 && code <= 0x24E9) || (code >= 0x1F130 && code <= 0x1F149) ||
         (code >= 0x1F150 && code <= 0x1F169) || (code >= 0x1F170 && code <= 0x1F189);
}

bool isPatternWord(uint32_t code) {
  if (code == 0x200C || code == 0x200D)
    return false;
  return isWord(code) || code == 0xB2 || code == 0xB3 || code == 0xB9 || (code >= 0xBC && code <= 0xBE);
}

bool isNumeric(uint32_t code) {
  utf8proc_category_t c = patternCategory(code);
  return (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO) || (code >= 0x11DE0 && code <= 0x11DE9) ||
         (code >= 0x16FF4 && code <= 0x16FF6);
}

bool isAccent(uint32_t code) {
  return (isMark(category(code)) && !isIn(keptMarks, code)) || code == 0x1CF2 || code == 0x1CF3;
}

void lowercase(uint32_t code, std::vector<uint32_t> &out) {
  if (code == 0x130) { // the only lowercase of two characters
    out.push_back('i');
    out.push_back(0x307);
    return;
  }
  for (const LowerRange &range : newLowercase)
    if (code >= range.first && code <= range.last) {
      out.push_back(static_cast<uint32_t>(static_cast<int32_t>(code) + range.distance));
      return;
    }
  out.push_back(static_cast<uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
}

bool decodeUtf8(const char *text, uint64_t length, std::vector<uint32_t> &out) {
  const utf8proc_uint8_t *at = reinterpret_cast<const utf8proc_uint8_t *>(text);
  while (length > 0) {
    utf8proc_int32_t code;
    utf8proc_ssize_t used = utf8proc_iterate(at, static_cast<utf8proc_ssize_t>(length), &code);
    if (used <= 0)
      return false;
    out.push_back(static_cast<uint32_t>(code));
    at += used;
    length -= static_cast<uint64_t>(used);
  }
  return true;
}

} // namespace sinter::tokenizer
