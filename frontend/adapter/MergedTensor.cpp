// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See MergedTensor.h. Sums are float64; a weight is rounded once, to its stored type.
#include "frontend/adapter/MergedTensor.h"

#include "runtime/format/Half.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace sinter::frontend {

namespace {

constexpr int64_t blockElements = 1 << 20;

std::vector<float> transposed(const std::vector<float> &values, int64_t rows, int64_t columns) {
  std::vector<float> result(values.size());
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      result[column * rows + row] = values[row * columns + column];
  return result;
}

uint16_t toBf16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value))
    return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

uint16_t toF16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude >= 0x7F800000)
    return uint16_t(sign | 0x7C00 | (magnitude > 0x7F800000 ? 0x200 : 0));
  if (magnitude >= 0x477FF000) // rounds beyond the largest half
    return uint16_t(sign | 0x7C00);
  if (magnitude >= 0x38800000) {
    magnitude += 0xFFF + (magnitude >> 13 & 1);
    return uint16_t(sign | ((magnitude - 0x38000000) >> 13));
  }
  // Subnormal halves are whole numbers of 2^-24.
  return uint16_t(sign | uint32_t(std::nearbyint(std::bit_cast<float>(magnitude) * 16777216.0f)));
}

/// Rows of W + delta, by blocks.
class Blocks {
public:
  Blocks(const LowRankChange &change, format::DType dtype,
         const std::function<bool(uint64_t, uint8_t *, size_t)> &read)
      : change(change), dtype(dtype), read(read),
        height(std::clamp<int64_t>(blockElements / change.columns, 1, change.rows)) {}

  template <typename F> bool each(F visit) {
    std::vector<uint8_t> bytes;
    std::vector<double> sums;
    for (int64_t row = 0; row < change.rows; row += height) {
      int64_t count = std::min(height, change.rows - row), elements = count * change.columns;
      bytes.resize(size_t(elements) * format::dtypeSize(dtype));
      if (!read(uint64_t(row) * uint64_t(change.columns), bytes.data(), bytes.size()))
        return false;
      load(bytes, sums, size_t(elements));
      for (int64_t i = 0; i < count; ++i)
        for (int64_t r = 0; r < change.rank; ++r) {
          double factor = change.scale * change.left[(row + i) * change.rank + r];
          const float *from = change.right.data() + r * change.columns;
          double *to = sums.data() + i * change.columns;
          for (int64_t column = 0; column < change.columns; ++column)
            to[column] += factor * from[column];
        }
      if (!visit(row, count, sums))
        return false;
    }
    return true;
  }

private:
  void load(const std::vector<uint8_t> &bytes, std::vector<double> &sums, size_t count) {
    std::vector<float> values(count);
    if (dtype == format::DType::F16)
      format::f16ToFloat(bytes.data(), values.data(), count);
    else if (dtype == format::DType::BF16)
      format::bf16ToFloat(bytes.data(), values.data(), count);
    else
      std::memcpy(values.data(), bytes.data(), count * sizeof(float));
    sums.assign(values.begin(), values.end());
  }

  const LowRankChange &change;
  format::DType dtype;
  const std::function<bool(uint64_t, uint8_t *, size_t)> &read;
  int64_t height;
};

} // namespace

void storeAs(format::DType dtype, const float *values, size_t count, uint8_t *bytes) {
  if (dtype == format::DType::F32) {
    std::memcpy(bytes, values, count * sizeof(float));
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    uint16_t half = dtype == format::DType::BF16 ? toBf16(values[i]) : toF16(values[i]);
    std::memcpy(bytes + 2 * i, &half, sizeof(half));
  }
}

LowRankChange makeChange(const ModuleSite &site, const AdapterTarget &target, const NamedTensor &down,
                         const NamedTensor &up, const NamedTensor *lengths) {
  LowRankChange change;
  change.rank = target.rank;
  change.scale = target.scale;
  bool isLinear = site.kind == ModuleSite::Kind::Linear;
  change.rows = isLinear ? site.out : site.in;
  change.columns = isLinear ? site.in : site.out;
  std::vector<float> a = toFloats(down), b = toFloats(up);
  change.left = isLinear ? std::move(b) : transposed(a, target.rank, site.in);
  change.right = isLinear ? std::move(a) : transposed(b, site.out, target.rank);
  if (lengths)
    change.lengths = toFloats(*lengths);
  change.lengthsOfRows = isLinear;
  return change;
}

bool mergeTensor(const LowRankChange &change, format::DType dtype,
                 const std::function<bool(uint64_t, uint8_t *, size_t)> &read,
                 const std::function<bool(const uint8_t *, size_t)> &write) {
  Blocks blocks(change, dtype, read);
  bool isDecomposed = !change.lengths.empty();
  std::vector<double> norms(isDecomposed ? size_t(change.lengthsOfRows ? change.rows : change.columns) : 0);
  if (isDecomposed) {
    bool ok = blocks.each([&](int64_t row, int64_t count, const std::vector<double> &sums) {
      for (int64_t i = 0; i < count; ++i)
        for (int64_t column = 0; column < change.columns; ++column) {
          double value = sums[i * change.columns + column];
          norms[change.lengthsOfRows ? row + i : column] += value * value;
        }
      return true;
    });
    if (!ok)
      return false;
    for (double &norm : norms)
      norm = std::sqrt(norm);
  }
  std::vector<float> values;
  std::vector<uint8_t> bytes;
  return blocks.each([&](int64_t row, int64_t count, const std::vector<double> &sums) {
    size_t elements = size_t(count * change.columns);
    values.resize(elements);
    for (size_t i = 0; i < elements; ++i) {
      size_t at = change.lengthsOfRows ? size_t(row) + i / size_t(change.columns) : i % size_t(change.columns);
      values[i] = float(isDecomposed ? sums[i] * (double(change.lengths[at]) / norms[at]) : sums[i]);
    }
    bytes.resize(elements * format::dtypeSize(dtype));
    storeAs(dtype, values.data(), elements, bytes.data());
    return write(bytes.data(), bytes.size());
  });
}

} // namespace sinter::frontend
