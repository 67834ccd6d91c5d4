// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parameters of a program + an opened set of safetensors -> which tensor feeds which parameter, by the
// Loading rules of docs/language.md. Missing, unexpected, mis-shaped, mistyped and disagreeing tensors
// are errors by name.
#ifndef SINTER_FRONTEND_WEIGHTS_BINDWEIGHTS_H
#define SINTER_FRONTEND_WEIGHTS_BINDWEIGHTS_H

#include "frontend/diagnostics/Diagnostics.h"
#include "frontend/weights/ParameterTable.h"
#include "frontend/weights/TensorOverlay.h"
#include "runtime/format/Safetensors.h"

#include <optional>
#include <vector>

namespace sinter::frontend {

/// The tensors of one parameter, one per layer. Empty when it is not required and absent.
struct BoundParameter {
  const ParameterEntry *entry = nullptr;
  std::vector<const format::TensorView *> layers;
  std::vector<bool> inMemory; ///< of each layer: the tensor is one of the overlay
  bool isBound() const { return !layers.empty(); }
};

/// Points into the table and the set, which must outlive it.
struct WeightBinding {
  std::vector<BoundParameter> parameters; ///< in the order of the table
  /// The binding of a symbol; null when unknown.
  const BoundParameter *find(std::string_view symbol) const;
};

/// Binds, or reports everything that is wrong (E06xx) and returns nothing.
std::optional<WeightBinding> bindWeights(const ParameterTable &table, const format::SafetensorsSet &set,
                                         DiagnosticEngine &diags);

/// Whether two tensors of a set are equal bit for bit. True with `error` when a file cannot be read.
bool equalTensors(const format::SafetensorsSet &set, const format::TensorView &a, const format::TensorView &b,
                  std::string &error);

/// Elements of one layer of a parameter.
uint64_t elementsPerLayer(const ParameterEntry &entry);

/// Writes all layers of a bound parameter, one after another, converted exactly from F32, F16 or BF16.
/// `out` holds layers × elementsPerLayer values. False with `error` when a file shrank meanwhile.
bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, float *out, std::string &error);
bool materialize(const BoundParameter &parameter, const format::SafetensorsSet &set, double *out, std::string &error);

} // namespace sinter::frontend

#endif
