// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs over rows of tokens: what the proof of causality and the derivation of decoding are tried on.
#pragma once

#include "ir/reference/Interpreter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <random>

namespace sinter::test::causal {

inline constexpr int64_t width = 4, vocabulary = 9;
inline constexpr unsigned numWeights = 12;

/// @f(a0: i32[B, T], a1: table, a2: two learned rows, a3...: weights) -> f32[B, T, width], causal T by its own word.
mlir::OwningOpRef<mlir::ModuleOp> randomProgram(mlir::MLIRContext &context, uint64_t seed);

/// Inputs for its arguments, at sizes B = batch and T = rows.
std::vector<ir::RefTensor> randomInputs(mlir::func::FuncOp function, int64_t batch, int64_t rows, uint64_t seed);

} // namespace sinter::test::causal
