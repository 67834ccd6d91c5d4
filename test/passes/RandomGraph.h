// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs of the sinter dialect, the same for the same seed: every op, symbolic sizes, loops, and among them
// the shapes of real models (attention, norms, linear layers, losses) that passes look for.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace sinter::test {

struct RandomOptions {
  int functions = 2;
  bool hasKernels = true; ///< only ops that a skeleton computes; without it, all
  bool isSmall = false;   ///< few ops, for what compiles them
};

/// A module of a few parameters and `functions` functions over symbols B and T. It verifies.
mlir::OwningOpRef<mlir::ModuleOp> randomModule(mlir::MLIRContext &context, uint64_t seed,
                                               const RandomOptions &options = {});

} // namespace sinter::test
