// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tensors of several adapters -> one table for each layer, `lora_A` [count, rank, in] and `lora_B`
// [count, out, rank]: ranks padded with zeros, the scale in B, zeros where an adapter leaves a layer alone.
// Private to this folder.
#ifndef SINTER_FRONTEND_ADAPTER_BANK_H
#define SINTER_FRONTEND_ADAPTER_BANK_H

#include "frontend/adapter/AdapterPlan.h"

namespace sinter::frontend {

/// Fills plan.overlay; `ranks` are those of the tables, by site. Missing, unexpected and mis-shaped tensors
/// are reported, and then it is false.
bool fillBank(AdapterPlan &plan, const std::map<size_t, int64_t> &ranks, std::vector<NamedTensors> &tensors,
              DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif
