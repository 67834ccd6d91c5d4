// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npy: files enter as arrays of int64, double, float or bool; arrays
// of float32, float64 and int32 leave. Versions 1.0 and 2.0, C order, little
// endian; everything else is one error that says what was found.

#ifndef SINTER_RUNTIME_FORMAT_NPY_H
#define SINTER_RUNTIME_FORMAT_NPY_H

#include "runtime/format/Safetensors.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::format {

/// An array as stored. `bytes` has product(dims) * dtypeSize(dtype) bytes in C
/// order. dtype is one of Bool, U8..I64, F32, F64.
struct NpyArray {
  DType dtype = DType::F32;
  std::vector<int64_t> dims;
  std::vector<uint8_t> bytes;

  uint64_t elements() const { return bytes.size() / dtypeSize(dtype); }
  bool isInteger() const;
  bool isFloat() const { return dtype == DType::F32 || dtype == DType::F64; }

  /// Integers (and booleans as 0/1) where every value fits int32; nothing,
  /// with `error` naming the first value and its index, otherwise. Floats are
  /// refused.
  std::optional<std::vector<int32_t>> toInt32(std::string &error) const;
  /// Floats; float64 is refused unless every value is exactly a float32 (never
  /// narrowed silently). Integers are refused.
  std::optional<std::vector<float>> toFloat32(std::string &error) const;
  /// Floats, widened exactly. Integers are refused.
  std::optional<std::vector<double>> toFloat64(std::string &error) const;
};

/// Reads and validates; on failure nothing, with `error` beginning with the
/// path. The size of the data is checked against the file before allocation.
std::optional<NpyArray> readNpy(const std::string &path, std::string &error);
/// The same for bytes in memory; errors begin with `name`.
std::optional<NpyArray> parseNpy(std::span<const uint8_t> bytes, std::string_view name, std::string &error);

/// Writes version 1.0 in C order, atomically (see AtomicWrite.h). `data` has
/// product(dims) elements. False with `error` set on failure.
bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const float> data, std::string &error);
bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const double> data, std::string &error);
bool writeNpy(const std::string &path, std::span<const int64_t> dims, std::span<const int32_t> data,
              std::string &error);

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_NPY_H
