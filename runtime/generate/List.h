// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A growing array of plain elements without a C++ library. Growing may fail; then the contents stay. Not copyable; what
// it holds is freed with it.

#ifndef SINTER_RUNTIME_GENERATE_LIST_H
#define SINTER_RUNTIME_GENERATE_LIST_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Placement without <new>.
struct SinterPlace {
  void *at;
};
inline void *operator new(size_t, SinterPlace place) noexcept { return place.at; }

namespace sinter::generate {

template <typename T> struct List {
  T *data = nullptr;
  size_t size = 0, capacity = 0;

  List() = default;
  List(const List &) = delete;
  List &operator=(const List &) = delete;
  ~List() { free(data); }

  T &operator[](size_t i) { return data[i]; }
  const T &operator[](size_t i) const { return data[i]; }
  T *begin() const { return data; }
  T *end() const { return data + size; }

  bool reserve(size_t wanted) {
    if (wanted <= capacity)
      return true;
    size_t next = capacity + capacity / 2 + 16;
    if (next < wanted)
      next = wanted;
    if (next > SIZE_MAX / sizeof(T))
      return false;
    void *grown = realloc(data, next * sizeof(T));
    if (!grown)
      return false;
    data = static_cast<T *>(grown);
    capacity = next;
    return true;
  }
  bool push(T element) {
    if (size == capacity && !reserve(size + 1))
      return false;
    data[size++] = element;
    return true;
  }
  bool append(const T *from, size_t count) {
    if (count > SIZE_MAX - size || !reserve(size + count))
      return false;
    if (count)
      memcpy(data + size, from, count * sizeof(T));
    size += count;
    return true;
  }
  /// New elements are zeros.
  bool resize(size_t wanted) {
    if (!reserve(wanted))
      return false;
    if (wanted > size)
      memset(static_cast<void *>(data + size), 0, (wanted - size) * sizeof(T));
    size = wanted;
    return true;
  }
  bool assign(const List &from) {
    size = 0;
    return append(from.data, from.size);
  }
};

/// Objects with constructors, on the heap, at a fixed place: what List cannot hold.
template <typename T> struct Objects {
  T *data = nullptr;
  size_t size = 0;

  Objects() = default;
  Objects(const Objects &) = delete;
  Objects &operator=(const Objects &) = delete;
  ~Objects() { clear(); }

  T &operator[](size_t i) { return data[i]; }
  const T &operator[](size_t i) const { return data[i]; }

  void clear() {
    for (size_t i = size; i-- > 0;)
      data[i].~T();
    free(data);
    data = nullptr;
    size = 0;
  }
  /// `count` new ones in place of those that were.
  bool make(size_t count) {
    clear();
    if (count > SIZE_MAX / sizeof(T))
      return false;
    data = static_cast<T *>(malloc(count ? count * sizeof(T) : 1));
    if (!data)
      return false;
    for (; size < count; ++size)
      new (SinterPlace{data + size}) T();
    return true;
  }

};

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_LIST_H
