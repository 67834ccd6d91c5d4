// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// UTF-8 bytes to code points and back, for the files of this room.

#ifndef SINTER_RUNTIME_TEXT_UTF8_H
#define SINTER_RUNTIME_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

namespace sinter::text {

/// A broken sequence, where a caller must know.
constexpr uint32_t brokenUtf8 = 0xFFFFFFFF;

/// What is not ASCII is worked out of line: executables stay small.
[[gnu::noinline]] inline uint32_t decodeSeveral(const uint8_t *text, size_t length, size_t &at) {
  uint8_t lead = text[at++];
  uint8_t low = 0x80, high = 0xBF;
  unsigned more;
  uint32_t code;
  if (lead >= 0xC2 && lead <= 0xDF) {
    more = 1;
    code = lead & 0x1F;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    more = 2;
    code = lead & 0x0F;
    low = lead == 0xE0 ? 0xA0 : 0x80;  // no overlong forms
    high = lead == 0xED ? 0x9F : 0xBF; // no surrogates
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    more = 3;
    code = lead & 0x07;
    low = lead == 0xF0 ? 0x90 : 0x80;
    high = lead == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
  } else {
    return brokenUtf8;
  }
  for (; more > 0; --more) {
    if (at == length || text[at] < low || text[at] > high)
      return brokenUtf8;
    code = code << 6 | (text[at++] & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return code;
}

/// Decodes one code point at text[at] (at < length); a broken sequence is
/// brokenUtf8 and as long as its longest correct beginning (at least one byte).
inline uint32_t decodeStrict(const uint8_t *text, size_t length, size_t &at) {
  if (text[at] < 0x80)
    return text[at++];
  return decodeSeveral(text, length, at);
}

/// The same with U+FFFD for what is broken.
inline uint32_t decodeUtf8(const uint8_t *text, size_t length, size_t &at) {
  uint32_t code = decodeStrict(text, length, at);
  return code == brokenUtf8 ? 0xFFFD : code;
}

[[gnu::noinline]] inline uint32_t decodeValidSeveral(const uint8_t *text, size_t &at) {
  uint32_t lead = text[at];
  if (lead < 0xE0) {
    at += 2;
    return (lead & 0x1F) << 6 | (text[at - 1] & 0x3F);
  }
  if (lead < 0xF0) {
    at += 3;
    return (lead & 0x0F) << 12 | (text[at - 2] & 0x3Fu) << 6 | (text[at - 1] & 0x3F);
  }
  at += 4;
  return (lead & 0x07) << 18 | (text[at - 3] & 0x3Fu) << 12 | (text[at - 2] & 0x3Fu) << 6 | (text[at - 1] & 0x3F);
}

/// Decodes text that is known to be valid.
inline uint32_t decodeValid(const uint8_t *text, size_t &at) {
  if (text[at] < 0x80)
    return text[at++];
  return decodeValidSeveral(text, at);
}

[[gnu::noinline]] inline unsigned encodeSeveral(uint32_t code, uint8_t *out) {
  if (code < 0x800) {
    out[0] = static_cast<uint8_t>(0xC0 | code >> 6);
    out[1] = static_cast<uint8_t>(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<uint8_t>(0xE0 | code >> 12);
    out[1] = static_cast<uint8_t>(0x80 | (code >> 6 & 0x3F));
    out[2] = static_cast<uint8_t>(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = static_cast<uint8_t>(0xF0 | code >> 18);
  out[1] = static_cast<uint8_t>(0x80 | (code >> 12 & 0x3F));
  out[2] = static_cast<uint8_t>(0x80 | (code >> 6 & 0x3F));
  out[3] = static_cast<uint8_t>(0x80 | (code & 0x3F));
  return 4;
}

inline unsigned encodeUtf8(uint32_t code, uint8_t *out) {
  if (code >= 0x80)
    return encodeSeveral(code, out);
  out[0] = static_cast<uint8_t>(code);
  return 1;
}

/// The byte-level alphabet: printable Latin-1 bytes stand for themselves, the
/// other 68 for U+0100 onward, in order.
inline uint32_t characterOfByte(uint8_t byte) {
  if (byte <= 32)
    return 0x100u + byte;
  if (byte >= 127 && byte <= 160)
    return 0x100u + byte - 127 + 33;
  return byte == 173 ? 0x143u : byte;
}

/// The byte that a character of that alphabet stands for, or -1.
inline int byteOfCharacter(uint32_t code) {
  if (code >= 0x100)
    return code <= 0x120   ? static_cast<int>(code - 0x100)
           : code <= 0x142 ? static_cast<int>(code - 0x121 + 127)
           : code == 0x143 ? 173
                           : -1;
  return code <= 32 || (code >= 127 && code <= 160) || code == 173 ? -1 : static_cast<int>(code);
}

} // namespace sinter::text

#endif // SINTER_RUNTIME_TEXT_UTF8_H
