// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code points of UTF-8 text: what Python's str says of spaces, case and printability. Marks go with their characters.

#include "runtime/chat/Machine.h"

#include <stdio.h>
#include <stdlib.h>

namespace sinter::chat {
namespace {
struct CaseRun {
  uint32_t first, last;
  int32_t delta;
  uint32_t stride;
};
struct SpecialUpper {
  uint32_t from, to[3];
};
#include "runtime/chat/Unicode.inc"

uint32_t mapped(const CaseRun *runs, size_t count, uint32_t c) {
  for (size_t i = 0; i < count && runs[i].first <= c; ++i)
    if (c <= runs[i].last && (c - runs[i].first) % runs[i].stride == 0)
      return uint32_t(int32_t(c) + runs[i].delta);
  return c;
}
bool cased(uint32_t c) {
  uint32_t up[3];
  return lowerOf(c) != c || upperOf(c, up) != 1 || up[0] != c;
}
} // namespace

uint32_t decode(const char *s, uint32_t n, uint32_t *used) {
  uint8_t lead = uint8_t(s[0]);
  uint32_t need = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  *used = 1;
  if (need == 1 || need > n)
    return lead;
  uint32_t c = lead & (0xFFu >> (need + 1));
  for (uint32_t i = 1; i < need; ++i) {
    if ((uint8_t(s[i]) & 0xC0) != 0x80)
      return lead;
    c = c << 6 | (uint8_t(s[i]) & 0x3F);
  }
  *used = need;
  return c;
}
uint32_t encode(uint32_t c, char *out) {
  if (c < 0x80)
    return out[0] = char(c), 1;
  if (c < 0x800)
    return out[0] = char(0xC0 | c >> 6), out[1] = char(0x80 | (c & 63)), 2;
  if (c < 0x10000)
    return out[0] = char(0xE0 | c >> 12), out[1] = char(0x80 | (c >> 6 & 63)), out[2] = char(0x80 | (c & 63)), 3;
  out[0] = char(0xF0 | (c >> 18 & 7)), out[1] = char(0x80 | (c >> 12 & 63)), out[2] = char(0x80 | (c >> 6 & 63));
  return out[3] = char(0x80 | (c & 63)), 4;
}
uint32_t codePoints(const char *s, uint32_t n) {
  uint32_t count = 0, used;
  for (uint32_t i = 0; i < n; i += used, ++count)
    decode(s + i, n - i, &used);
  return count;
}
uint32_t byteOf(const char *s, uint32_t n, uint32_t codePoint) {
  uint32_t i = 0, used;
  for (; i < n && codePoint; --codePoint, i += used)
    decode(s + i, n - i, &used);
  return i;
}
bool isSpace(uint32_t c) {
  return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}
bool isPrintable(uint32_t c) {
  if (c < 128)
    return c >= 32 && c != 127;
  for (auto &range : UNPRINTABLE)
    if (c >= range[0] && c <= range[1])
      return false;
  return true;
}
uint32_t lowerOf(uint32_t c) {
  return c < 128 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : mapped(LOWER_RUNS, sizeof(LOWER_RUNS) / sizeof(CaseRun), c);
}
uint32_t upperOf(uint32_t c, uint32_t out[3]) {
  out[0] = c;
  if (c < 128) {
    out[0] = c >= 'a' && c <= 'z' ? c - 32 : c;
    return 1;
  }
  for (auto &special : SPECIAL_UPPER)
    if (special.from == c) {
      memcpy(out, special.to, sizeof(special.to));
      return out[2] ? 3 : 2;
    }
  out[0] = mapped(UPPER_RUNS, sizeof(UPPER_RUNS) / sizeof(CaseRun), c);
  return 1;
}

Value changeCase(Machine &m, const Value &v, Case how) {
  uint64_t from = m.outSize;
  bool start = true;
  uint32_t used;
  for (uint32_t i = 0; i < v.n && m.step(); i += used) {
    uint32_t c = decode(v.s + i, v.n - i, &used), to[3] = {c}, n = 1;
    bool up = how == Case::Upper || (how != Case::Lower && start);
    if (up)
      n = upperOf(c, to);
    else
      to[0] = lowerOf(c);
    if (how == Case::TitlePython)
      start = !cased(c);
    else if (how == Case::TitleJinja)
      start = isSpace(c) || c == '-' || c == '(' || c == '{' || c == '[' || c == '<';
    else
      start = false;
    for (uint32_t k = 0; k < n; ++k) {
      char bytes[4];
      uint32_t size = encode(k && up && how != Case::Upper ? lowerOf(to[k]) : to[k], bytes);
      m.write(bytes, size, nullptr, v.marks && v.marks[i]);
    }
  }
  return m.take(from);
}

Value strip(const Value &v, const Value *characters, bool left, bool right) {
  auto drop = [&](const char *s, uint32_t size) {
    uint32_t used, c = decode(s, size, &used);
    if (!characters)
      return isSpace(c);
    for (uint32_t i = 0; i < characters->n; i += used)
      if (decode(characters->s + i, characters->n - i, &used) == c)
        return true;
    return false;
  };
  uint32_t begin = 0, end = v.n, used;
  while (left && begin < end && drop(v.s + begin, end - begin)) {
    decode(v.s + begin, end - begin, &used);
    begin += used;
  }
  while (right && begin < end) {
    uint32_t at = end - 1;
    while (at > begin && (uint8_t(v.s[at]) & 0xC0) == 0x80)
      --at;
    if (!drop(v.s + at, end - at))
      break;
    end = at;
  }
  return Machine::bytesValue(v.s + begin, end - begin, v.marks ? v.marks + begin : nullptr);
}

int64_t findText(Machine &m, const Value &v, const Value &needle, uint64_t from) {
  for (uint64_t i = from; i + needle.n <= v.n && m.step(); ++i) {
    if (needle.n == 0)
      return int64_t(i);
    const void *hit = memchr(v.s + i, needle.s[0], v.n - needle.n + 1 - i);
    if (!hit)
      return -1;
    i = uint64_t(static_cast<const char *>(hit) - v.s);
    if (m.step(needle.n / 8) && memcmp(hit, needle.s, needle.n) == 0)
      return int64_t(i);
  }
  return -1;
}

void writeFloat(Machine &m, double f) {
  char digits[40];
  if (f != f)
    return m.write("nan");
  if (f - f != 0)
    return m.write(f > 0 ? "inf" : "-inf");
  int precision = 1;
  for (; precision <= 17; ++precision) {
    snprintf(digits, sizeof(digits), "%.*e", precision - 1, f);
    if (strtod(digits, nullptr) == f)
      break;
  }
  int exponent = atoi(strchr(digits, 'e') + 1);
  if (exponent < -4 || exponent >= 16) { // 1e+16, as Python; the digits are shortest already
    m.write(digits);
    return;
  }
  int after = precision - 1 - exponent;
  snprintf(digits, sizeof(digits), "%.*f", after < 1 ? 1 : after, f);
  m.write(digits);
}

} // namespace sinter::chat
