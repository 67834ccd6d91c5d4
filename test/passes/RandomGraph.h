// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs of the sinter dialect that have a kernel for every op, the same for the same seed.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace sinter::test {

/// A module of a few parameters and the functions @first and @second over symbols B and T. It verifies.
mlir::OwningOpRef<mlir::ModuleOp> randomModule(mlir::MLIRContext &context, uint64_t seed);

} // namespace sinter::test
