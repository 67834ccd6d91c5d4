// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on sizes that came from untrusted bytes: every function says
// whether the exact result fits, so no caller ever allocates or compares with
// a wrapped number. Header only; no state, any thread.

#ifndef SINTER_RUNTIME_FORMAT_CHECKED_H
#define SINTER_RUNTIME_FORMAT_CHECKED_H

#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace sinter::format {

/// a + b, or nothing when the exact sum does not fit T.
template <typename T> std::optional<T> checkedAdd(T a, T b) {
  static_assert(std::is_integral_v<T>);
  T result;
  if (__builtin_add_overflow(a, b, &result))
    return std::nullopt;
  return result;
}

/// a - b, or nothing when the exact difference does not fit T.
template <typename T> std::optional<T> checkedSub(T a, T b) {
  static_assert(std::is_integral_v<T>);
  T result;
  if (__builtin_sub_overflow(a, b, &result))
    return std::nullopt;
  return result;
}

/// a * b, or nothing when the exact product does not fit T.
template <typename T> std::optional<T> checkedMul(T a, T b) {
  static_assert(std::is_integral_v<T>);
  T result;
  if (__builtin_mul_overflow(a, b, &result))
    return std::nullopt;
  return result;
}

/// Product of dimensions; nothing when one is negative or the product of the
/// non-zero ones overflows. A zero does not hide an overflow: [2^40, 2^40, 0]
/// is refused as well.
inline std::optional<uint64_t> checkedElements(std::span<const int64_t> dims) {
  uint64_t product = 1;
  bool hasZero = false;
  for (int64_t dim : dims) {
    if (dim < 0)
      return std::nullopt;
    if (dim == 0) {
      hasZero = true;
      continue;
    }
    std::optional<uint64_t> next = checkedMul<uint64_t>(product, static_cast<uint64_t>(dim));
    if (!next)
      return std::nullopt;
    product = *next;
  }
  return hasZero ? 0 : product;
}

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_CHECKED_H
