// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs one kernel in a test: the text of a function with one skeleton comes in, its machine code is loaded, and
// buffers that end at an unmapped page show every access out of bounds.
#pragma once

#include "codegen/cpu/LowerKernel.h"
#include "ir/kernel/Kernel.h"
#include "sinter/abi.h"

#include "gtest/gtest.h"
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace sinter::test {

/// Memory of exactly `size` bytes with an unmapped page behind it. Movable.
class Guarded {
public:
  explicit Guarded(size_t size);
  Guarded(Guarded &&other) noexcept : map(other.map), mapSize(other.mapSize), start(other.start), length(other.length) {
    other.map = nullptr;
  }
  Guarded(const Guarded &) = delete;
  ~Guarded();
  template <typename T> T *as() const { return static_cast<T *>(start); }
  size_t size() const { return length; }
  bool operator==(const Guarded &other) const {
    return length == other.length && std::memcmp(start, other.start, length) == 0;
  }

private:
  void *map;
  size_t mapSize;
  void *start;
  size_t length;
};

template <typename T> Guarded guarded(const std::vector<T> &values) {
  Guarded result(values.size() * sizeof(T));
  if (!values.empty())
    std::memcpy(result.as<T>(), values.data(), values.size() * sizeof(T));
  return result;
}

using Sizes = std::map<std::string, int64_t>;

/// The one skeleton of a module's text, compiled for a target.
class Kernel {
public:
  /// Null with a failed test on any error.
  static std::unique_ptr<Kernel> compile(const std::string &text, const cpu::CpuTarget &target);
  ~Kernel();
  /// Buffers in launch order (operands, results). The grid is run whole, or item by item from the last to the first.
  int run(const Sizes &sizes, const std::vector<const Guarded *> &buffers, bool isCut = false) const;
  int64_t grid(const Sizes &sizes) const;

private:
  struct Loaded;
  Kernel() = default;
  std::unique_ptr<Loaded> loaded;
  std::vector<std::string> symbols;
  Dim gridDim;
  SinterKernel entry = nullptr;
};

/// Compiled for every target that this processor runs. `run` gives the results of all of them and of both ways of
/// cutting the grid, after checking that they are the same bits.
class EveryKernel {
public:
  explicit EveryKernel(const std::string &text);
  /// Contents of the results, sized in bytes by `resultBytes`.
  std::vector<Guarded> run(const Sizes &sizes, const std::vector<const Guarded *> &inputs,
                           const std::vector<size_t> &resultBytes, int expectedStatus = 0) const;

private:
  std::vector<std::unique_ptr<Kernel>> kernels;
};

/// [leading, n, k] row-major to panels [leading, ceil(n / 16), k, 16].
std::vector<float> toPanels(const std::vector<float> &dense, int64_t leading, int64_t n, int64_t k);

/// Numbers in [-range, range], the same for the same seed.
std::vector<float> randomFloats(size_t count, unsigned seed, float range = 2);

/// The sizes that every skeleton is tried on.
inline const std::vector<int64_t> trickySizes = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                                 13, 14, 15, 16, 17, 31, 32, 33, 63, 64, 65};

/// "func.func @f(...)" around a skeleton: `arguments` are `%x: type` pairs.
std::string function(const std::string &arguments, const std::string &body);

} // namespace sinter::test
