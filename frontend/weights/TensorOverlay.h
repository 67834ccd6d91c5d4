// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors in memory that stand before those of the checkpoint: what adapters bring, under the names that
// the model's parameters have.
#ifndef SINTER_FRONTEND_WEIGHTS_TENSOROVERLAY_H
#define SINTER_FRONTEND_WEIGHTS_TENSOROVERLAY_H

#include "runtime/format/Safetensors.h"

#include <map>
#include <string>
#include <vector>

namespace sinter::frontend {

struct NamedTensor {
  std::string key;         ///< its name in the adapter's file, for messages
  format::TensorView view; ///< `data` points into `bytes`
  std::vector<uint8_t> bytes;
  bool used = false; ///< some parameter reads it
};
/// By the name of the parameter.
using NamedTensors = std::map<std::string, NamedTensor, std::less<>>;

struct TensorOverlay {
  std::string folder; ///< of the adapter, for messages
  NamedTensors tensors;

  void add(NamedTensor tensor) {
    NamedTensor &held = tensors[tensor.key];
    held = std::move(tensor);
    held.view.data = held.bytes.data();
  }
};

/// All values, exactly; the tensor is F32, F16 or BF16 (what a folder brings; tables may be F64).
std::vector<float> toFloats(const NamedTensor &tensor);

} // namespace sinter::frontend

#endif
