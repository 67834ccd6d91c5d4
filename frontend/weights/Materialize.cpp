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

template <typename T>
bool materializeAs(const BoundParameter &parameter, const format::SafetensorsSet &set, T *out, std::string &error) {
  std::vector<uint8_t> bytes;
  std::vector<float> floats;
  for (const format::TensorView *tensor : parameter.layers) {
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
      if (!set.read(*tensor, at * width, bytes.data(), bytes.size(), error))
        return false;
      if (tensor->dtype == format::DType::F16)
        format::f16ToFloat(bytes.data(), floats.data(), count);
      else if (tensor->dtype == format::DType::BF16)
        format::bf16ToFloat(bytes.data(), floats.data(), count);
      else
        std::memcpy(floats.data(), bytes.data(), count * sizeof(float));
      std::copy(floats.begin(), floats.end(), out);
      out += count;
    }
    set.release(*tensor);
  }
  return true;
}

} // namespace

bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, float *out, std::string &error) {
  return materializeAs(parameter, set, out, error);
}

bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, double *out, std::string &error) {
  return materializeAs(parameter, set, out, error);
}

} // namespace sinter::frontend
