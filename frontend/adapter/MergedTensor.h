// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One weight with its low-rank change -> the bytes of W + scale · B A (or DoRA's rows of that), a block of rows at a time,
// in the type that the weight is stored in.
#ifndef SINTER_FRONTEND_ADAPTER_MERGEDTENSOR_H
#define SINTER_FRONTEND_ADAPTER_MERGEDTENSOR_H

#include "frontend/adapter/AdapterPlan.h"

#include <functional>

namespace sinter::frontend {

/// The factors of a change, brought to the weight's own layout: delta[row, column] = scale · Σ left[row, r] right[r, column].
struct LowRankChange {
  int64_t rows = 0, columns = 0, rank = 0;
  double scale = 0;
  std::vector<float> left, right;
  std::vector<float> lengths;  ///< of DoRA; empty: none
  bool lengthsOfRows = true;   ///< else of columns
};

/// `down` is lora_A (or lora_embedding_A), `up` lora_B, `lengths` may be null.
LowRankChange makeChange(const ModuleSite &site, const AdapterTarget &target, const NamedTensor &down,
                         const NamedTensor &up, const NamedTensor *lengths);

/// Reads the weight row block by row block through `read` (element offset, bytes, count of bytes) and hands the merged
/// bytes to `write` in order. False where either fails.
bool mergeTensor(const LowRankChange &change, format::DType dtype,
                 const std::function<bool(uint64_t offset, uint8_t *bytes, size_t count)> &read,
                 const std::function<bool(const uint8_t *bytes, size_t count)> &write);

/// Floats in another stored type, to nearest even.
void storeAs(format::DType dtype, const float *values, size_t count, uint8_t *bytes);

} // namespace sinter::frontend

#endif
