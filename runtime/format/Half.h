// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// IEEE binary16 and bfloat16 to float, exactly, one or many; bits in, floats
// out. Subnormals, infinities and NaN payloads (quietness kept as stored)
// included. Header only, integer arithmetic, so every host agrees.

#ifndef SINTER_RUNTIME_FORMAT_HALF_H
#define SINTER_RUNTIME_FORMAT_HALF_H

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sinter::format {

inline float bf16ToFloat(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

inline float f16ToFloat(uint16_t bits) {
  uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16;
  uint32_t exponent = (bits >> 10) & 0x1Fu;
  uint32_t mantissa = bits & 0x3FFu;
  if (exponent == 0x1F)
    return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13));
  if (exponent != 0)
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  if (mantissa == 0)
    return std::bit_cast<float>(sign);
  // Subnormal half, normal float: shift the leading one into place.
  unsigned shift = static_cast<unsigned>(std::countl_zero(mantissa)) - 21;
  mantissa = (mantissa << shift) & 0x3FFu;
  return std::bit_cast<float>(sign | ((113 - shift) << 23) | (mantissa << 13));
}

/// `count` little-endian halves at `source` (any alignment) to floats.
inline void f16ToFloat(const void *source, float *out, size_t count) {
  const char *bytes = static_cast<const char *>(source);
  for (size_t i = 0; i < count; ++i) {
    uint16_t bits;
    std::memcpy(&bits, bytes + 2 * i, sizeof(bits));
    out[i] = f16ToFloat(bits);
  }
}

/// `count` little-endian bfloat16 at `source` (any alignment) to floats.
inline void bf16ToFloat(const void *source, float *out, size_t count) {
  const char *bytes = static_cast<const char *>(source);
  for (size_t i = 0; i < count; ++i) {
    uint16_t bits;
    std::memcpy(&bits, bytes + 2 * i, sizeof(bits));
    out[i] = bf16ToFloat(bits);
  }
}

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_HALF_H
