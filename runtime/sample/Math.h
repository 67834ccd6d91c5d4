// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exponential and logarithm of our own. The C library's differ in the last bit from one library and one processor to
// the next, and a draw must not: the tools (glibc) and stand-alone executables (musl) choose the same tokens. Every
// operation rounds: whoever includes this is compiled without contraction to fused multiply-add.

#ifndef SINTER_RUNTIME_SAMPLE_MATH_H
#define SINTER_RUNTIME_SAMPLE_MATH_H

#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

namespace sinter::sample {

/// Four floats: what every processor has. The same bits come from processors without vectors.
typedef float Float4 __attribute__((vector_size(16)));
typedef int32_t Int4 __attribute__((vector_size(16)));

/// exp(x) of each x <= 0, -inf included, within 2 units in the last place; below -87 it is 0.
inline Float4 expNegative(Float4 x) {
  const Float4 low = {-87, -87, -87, -87};
  Int4 under = x < low;
  Float4 bounded = under ? low : x;
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
  Float4 shifted = bounded * 1.44269504f + 12582912.0f;
  Float4 n = shifted - 12582912.0f;
  Float4 r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  Float4 poly = r * (1.0f / 720) + 1.0f / 120;
  poly = poly * r + 1.0f / 24;
  poly = poly * r + 1.0f / 6;
  poly = poly * r + 0.5f;
  poly = poly * (r * r) + r + 1.0f;
  Int4 scale = ((Int4)shifted << 23) + 0x3F800000;
  Float4 result = poly * (Float4)scale;
  return under ? Float4{0, 0, 0, 0} : result;
}

/// exp(x) for |x| <= 700, within a few units in the last place.
inline double expDouble(double x) {
  double shifted = x * 1.4426950408889634 + 0x1.8p52;
  double n = shifted - 0x1.8p52;
  double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
  double sum = 1;
  for (int k = 14; k >= 1; --k)
    sum = 1 + sum * r / k;
  uint64_t scale = static_cast<uint64_t>(static_cast<int64_t>(n) + 1023) << 52;
  return sum * __builtin_bit_cast(double, scale);
}

/// log(x) for a positive normal x, within a few units in the last place.
inline double logDouble(double x) {
  uint64_t bits = __builtin_bit_cast(uint64_t, x);
  int64_t exponent = static_cast<int64_t>(bits >> 52) - 1023;
  double m = __builtin_bit_cast(double, (bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  double s = (m - 1) / (m + 1), square = s * s, sum = 0;
  for (int k = 27; k >= 1; k -= 2)
    sum = sum * square + 1.0 / k;
  double n = static_cast<double>(exponent);
  return n * 6.93147180369123816490e-01 + (n * 1.90821492927058770002e-10 + 2 * s * sum);
}

/// base ^ exponent for a length >= 1 and an exponent of at most a hundred.
inline double powDouble(double base, double exponent) {
  if (exponent == 0 || base == 1)
    return 1;
  if (exponent == 1)
    return base;
  double power = exponent * logDouble(base);
  return power > 700 ? __builtin_inf() : power < -700 ? 0 : expDouble(power);
}

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_MATH_H
