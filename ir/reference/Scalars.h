// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar arithmetic that interpreter and folders agree on: f32 as float64, i32 wrapping, i1 as 0 or 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sinter::ir {

/// Two's complement, as machines do.
inline double wrap32(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value)); }
inline int64_t toInt(double value) { return static_cast<int64_t>(value); }

/// Toward zero; what i32 cannot hold becomes its nearest, NaN 0.
inline double truncateToInt(double value) {
  return std::isnan(value) ? 0 : std::clamp(std::trunc(value), -2147483648.0, 2147483647.0);
}
inline double maximumOf(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b); }
inline double minimumOf(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b); }
inline int64_t floorQuotient(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0)); }

} // namespace sinter::ir
