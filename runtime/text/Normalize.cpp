// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The normalizer program: valid UTF-8 enters, valid UTF-8 leaves. Every step is
// linear in the text; a long run of combining marks is sorted by counting.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

constexpr unsigned classShift = 21;
constexpr uint32_t codeMask = 0x1FFFFF;
constexpr size_t shortRun = 32;
uint32_t classOfMark(uint32_t element) { return element >> classShift; }

bool isAscii(Slice text) {
  uint8_t any = 0;
  for (size_t i = 0; i < text.size; ++i)
    any |= text.data[i];
  return any < 0x80;
}

/// Conjoining Jamo and the 11,172 syllables.
constexpr uint32_t syllables = 0xAC00, syllableCount = 11172, leads = 0x1100, vowels = 0x1161, tails = 0x11A7;

/// What two characters make together, or 0.
uint32_t composed(const SinterTokenizer &t, uint32_t first, uint32_t second) {
  if (first - leads < 19 && second - vowels < 21)
    return syllables + ((first - leads) * 21 + (second - vowels)) * 28;
  if (first - syllables < syllableCount && (first - syllables) % 28 == 0 && second - tails - 1 < 27)
    return first + (second - tails);
  uint32_t low = 0, high = t.header->compositions.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    const SinterComposition &pair = t.compositions[middle];
    if (pair.first < first || (pair.first == first && pair.second < second))
      low = middle + 1;
    else
      high = middle;
  }
  if (low == t.header->compositions.count || t.compositions[low].first != first || t.compositions[low].second != second)
    return 0;
  return t.compositions[low].composed;
}

} // namespace

bool Normalizer::map(uint32_t codeMap, Slice in, Bytes &out) {
  for (size_t at = 0; at < in.size;) {
    size_t begin = at;
    uint32_t value = codeMapValue(t, codeMap, decodeValid(in.data, at));
    if (value == SINTER_CODE_DROP) {
      startKept = startKept && begin > 0;
      continue;
    }
    if (value == SINTER_CODE_SELF) {
      if (!out.append(in.data + begin, at - begin))
        return false;
      continue;
    }
    const uint32_t *code = t.pool + SINTER_CODE_START(value);
    for (uint32_t n = SINTER_CODE_LENGTH(value); n > 0; --n) {
      if (!out.reserve(out.size + 4))
        return false;
      out.size += encodeUtf8(*code++, out.data + out.size);
    }
  }
  return true;
}

/// Canonical ordering: stable by class inside each run of marks.
bool Normalizer::order() {
  for (size_t begin = 0; begin < codes.size; ++begin) {
    if (classOfMark(codes.data[begin]) == 0)
      continue;
    size_t end = begin;
    while (end < codes.size && classOfMark(codes.data[end]) != 0)
      ++end;
    if (end - begin <= shortRun) {
      for (size_t i = begin + 1; i < end; ++i) {
        uint32_t moved = codes.data[i];
        size_t j = i;
        for (; j > begin && classOfMark(codes.data[j - 1]) > classOfMark(moved); --j)
          codes.data[j] = codes.data[j - 1];
        codes.data[j] = moved;
      }
    } else {
      size_t starts[257] = {};
      scratch.size = 0;
      if (!scratch.append(codes.data + begin, end - begin))
        return false;
      for (size_t i = 0; i < scratch.size; ++i)
        ++starts[(classOfMark(scratch.data[i]) & 0xFF) + 1];
      for (size_t i = 1; i < 257; ++i)
        starts[i] += starts[i - 1];
      for (size_t i = 0; i < scratch.size; ++i)
        codes.data[begin + starts[classOfMark(scratch.data[i]) & 0xFF]++] = scratch.data[i];
    }
    begin = end - 1;
  }
  return true;
}

void Normalizer::compose() {
  size_t out = 0, starter = SIZE_MAX;
  uint32_t last = 0; // class of the character in front
  for (size_t i = 0; i < codes.size; ++i) {
    uint32_t element = codes.data[i], mark = classOfMark(element);
    if (starter != SIZE_MAX && (out - 1 == starter || last < mark)) {
      uint32_t both = composed(t, codes.data[starter] & codeMask, element & codeMask);
      if (both) {
        codes.data[starter] = both;
        continue;
      }
    }
    if (mark == 0)
      starter = out;
    last = mark;
    codes.data[out++] = element;
  }
  codes.size = out;
}

bool Normalizer::form(const SinterTokenizerOp &op, Slice in, Bytes &out) {
  uint32_t marks = op.b >> 1;
  codes.size = 0;
  auto add = [&](uint32_t code) { return codes.push(code | (codeMapValue(t, marks, code) & 0xFF) << classShift); };
  for (size_t at = 0; at < in.size;) {
    uint32_t code = decodeValid(in.data, at), syllable = code - syllables;
    if (syllable < syllableCount) {
      if (!add(leads + syllable / 588) || !add(vowels + syllable % 588 / 28) ||
          (syllable % 28 != 0 && !add(tails + syllable % 28)))
        return false;
      continue;
    }
    uint32_t value = codeMapValue(t, op.a, code);
    if (value == SINTER_CODE_DROP)
      continue;
    if (value == SINTER_CODE_SELF) {
      if (!add(code))
        return false;
      continue;
    }
    const uint32_t *part = t.pool + SINTER_CODE_START(value);
    for (uint32_t n = SINTER_CODE_LENGTH(value); n > 0; --n)
      if (!add(*part++))
        return false;
  }
  if (!order())
    return false;
  if (op.b & 1)
    compose();
  for (size_t i = 0; i < codes.size; ++i) {
    if (!out.reserve(out.size + 4))
      return false;
    out.size += encodeUtf8(codes.data[i] & codeMask, out.data + out.size);
  }
  return true;
}

namespace {

/// The text without white space in front (sides & 1) and behind (sides & 2).
Slice stripped(const SinterTokenizer &t, Slice text, uint32_t sides) {
  auto isSpace = [&](size_t at) { return t.classKinds[classOf(t, decodeValid(text.data, at))] & SINTER_KIND_SPACE; };
  while ((sides & 1) && text.size > 0 && isSpace(0)) {
    size_t next = 0;
    decodeValid(text.data, next);
    text.data += next;
    text.size -= next;
  }
  while ((sides & 2) && text.size > 0) {
    size_t last = text.size - 1;
    while ((text.data[last] & 0xC0) == 0x80)
      --last;
    if (!isSpace(last))
      break;
    text.size = last;
  }
  return text;
}

} // namespace

bool Normalizer::run(Slice text, bool atStart, Slice &out) {
  Array<uint64_t> memo;
  unsigned next = 0;
  startKept = true;
  for (uint32_t i = 0; i < t.header->normalizer.count; ++i) {
    const SinterTokenizerOp &op = t.normalizer[i];
    if (op.code == SINTER_OP_STRIP) {
      const uint8_t *start = text.data;
      text = stripped(t, text, op.a);
      startKept = startKept && text.data == start;
      continue;
    }
    if (text.size == 0 || (op.code == SINTER_OP_NORMALIZE && isAscii(text)))
      continue;
    Bytes &to = buffers[next];
    to.size = 0;
    bool ok;
    switch (op.code) {
    case SINTER_OP_MAP:
      ok = map(op.a, text, to);
      break;
    case SINTER_OP_NORMALIZE:
      ok = form(op, text, to);
      break;
    case SINTER_OP_REPLACE:
      ok = replaceMatches(t, op, text, memo, to, &startKept);
      break;
    case SINTER_OP_PREPEND: {
      Slice front = bytesOf(t, op.content);
      ok = to.append(front.data, front.size) && to.append(text.data, text.size);
      break;
    }
    case SINTER_OP_CHARSMAP:
      ok = mapGraphemes(t, op.a, text, to);
      break;
    case SINTER_OP_SENTENCE:
      ok = normalizeSentence(t, op.a, atStart, text, to);
      break;
    default:
      ok = spellBytes(text, to);
      break;
    }
    if (!ok)
      return false;
    text = {to.data, to.size};
    next ^= 1;
  }
  out = text;
  return true;
}
