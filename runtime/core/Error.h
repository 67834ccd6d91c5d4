// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the runtime fails: a status and one sentence, written into the caller's sinter_error. And the overflow-checked
// arithmetic that untrusted sizes go through. C headers only.

#ifndef SINTER_RUNTIME_CORE_ERROR_H
#define SINTER_RUNTIME_CORE_ERROR_H

#include "sinter/sinter.h"

#include <stddef.h>
#include <stdint.h>

namespace sinter::runtime {

/// Writes the sentence (printf format) unless error is null, and returns `status`, which must not be SINTER_OK.
/// Control characters, which names from an artifact could hold, become '?'.
__attribute__((format(printf, 3, 4))) sinter_status fail(sinter_error *error, sinter_status status, const char *format,
                                                         ...);

/// A text under construction in a fixed buffer: what does not fit is cut. Always terminated.
struct TextBuffer {
  char *data;
  size_t capacity, used = 0;
  TextBuffer(char *buffer, size_t size) : data(buffer), capacity(size) {
    if (capacity)
      data[0] = 0;
  }
  __attribute__((format(printf, 2, 3))) void add(const char *format, ...);
};

/// "[2, 7]" into text.
void addDims(TextBuffer &text, const int64_t *dims, uint32_t rank);

/// *out = a + b, a * b; false when the exact result does not fit.
template <typename T> inline bool addChecked(T a, T b, T *out) { return !__builtin_add_overflow(a, b, out); }
template <typename T> inline bool mulChecked(T a, T b, T *out) { return !__builtin_mul_overflow(a, b, out); }

/// Is [offset, offset + bytes) inside [0, size)? Never wraps.
inline bool inside(uint64_t offset, uint64_t bytes, uint64_t size) { return offset <= size && bytes <= size - offset; }

/// The number in an enumeration that came from C, where it may be none of the enumerators: C++ may not load such a
/// value as the enumeration.
template <typename Enum> inline uint32_t rawEnum(const Enum &value) {
  static_assert(sizeof(Enum) == sizeof(uint32_t));
  uint32_t raw;
  __builtin_memcpy(&raw, &value, sizeof(raw));
  return raw;
}

/// Rounded up to a power of two; false when that does not fit.
inline bool alignChecked(uint64_t value, uint64_t align, uint64_t *out) {
  if (!addChecked(value, align - 1, out))
    return false;
  *out &= ~(align - 1);
  return true;
}

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_ERROR_H
