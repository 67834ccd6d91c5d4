// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bytes of bound tensors -> floats, streamed: every F16 and BF16 value is exact in float, every float
// in double, so nothing is rounded here.
#include "frontend/weights/BindWeights.h"
#include "runtime/format/Half.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace sinter::frontend {

uint64_t elementsPerLayer(const ParameterEntry &entry) {
  uint64_t count = 1;
  for (int64_t dim : entry.dims)
    count *= static_cast<uint64_t>(dim);
  return count;
}

namespace {

constexpr size_t chunkElements = 1u << 18;

/// `bytes` holds `count` values of that type.
void convert(const uint8_t *bytes, format::DType dtype, float *out, size_t count) {
  if (dtype == format::DType::F16)
    format::f16ToFloat(bytes, out, count);
  else if (dtype == format::DType::BF16)
    format::bf16ToFloat(bytes, out, count);
  else
    std::memcpy(out, bytes, count * sizeof(float));
}

template <typename T>
bool materializeAs(const BoundParameter &parameter, const format::SafetensorsSet &set, T *out, std::string &error) {
  std::vector<uint8_t> bytes;
  std::vector<float> floats;
  for (size_t layer = 0; layer < parameter.layers.size(); ++layer) {
    const format::TensorView *tensor = parameter.layers[layer];
    bool inMemory = layer < parameter.inMemory.size() && parameter.inMemory[layer];
    if (inMemory && tensor->dtype == format::DType::F64) {
      for (uint64_t i = 0; i < tensor->elements(); ++i) {
        double value;
        std::memcpy(&value, tensor->data + i * sizeof(value), sizeof(value));
        *out++ = T(value);
      }
      continue;
    }
    unsigned width = format::dtypeSize(tensor->dtype);
    uint64_t total = tensor->elements();
    if (std::is_same_v<T, float> && tensor->dtype == format::DType::F32) { // as it is
      if (!set.read(*tensor, 0, out, tensor->byteSize, error))
        return false;
      out += total;
      set.release(*tensor);
      continue;
    }
    for (uint64_t at = 0; at < total; at += chunkElements) {
      size_t count = std::min<uint64_t>(chunkElements, total - at);
      bytes.resize(count * width);
      floats.resize(count);
      if (inMemory)
        std::memcpy(bytes.data(), tensor->data + at * width, bytes.size());
      else if (!set.read(*tensor, at * width, bytes.data(), bytes.size(), error))
        return false;
      convert(bytes.data(), tensor->dtype, floats.data(), count);
      std::copy(floats.begin(), floats.end(), out);
      out += count;
    }
    if (!inMemory)
      set.release(*tensor);
  }
  return true;
}

} // namespace

std::vector<float> toFloats(const NamedTensor &tensor) {
  std::vector<float> values(tensor.view.elements());
  convert(tensor.bytes.data(), tensor.view.dtype, values.data(), values.size());
  return values;
}

bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, float *out, std::string &error) {
  return materializeAs(parameter, set, out, error);
}

bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, double *out, std::string &error) {
  return materializeAs(parameter, set, out, error);
}

} // namespace sinter::frontend
