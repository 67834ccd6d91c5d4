// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps of fusion on the kernel dialect. Each looks at one consumer, changes it in place if equality of index maps
// proves the step right, and says whether it did. Producers left without users are erased.
#pragma once

#include "passes/support/Inputs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sinter::passes {

/// Lets every consumer in the function read through dense moves; erases those that nobody needs any more.
void absorbMoves(mlir::func::FuncOp function);
/// One consumer: its inputs, and a contraction's left side where the map stays linear.
bool absorbMovesInto(mlir::Operation *consumer);

/// The one pointwise of one result that defines `value`; null if something else does.
ir::kernel::PointwiseOp definingPointwise(mlir::Value value);
/// Whether every user of the op's results is `user`.
bool isOnlyUsedBy(mlir::Operation *op, mlir::Operation *user);
/// Gives `kept` both places in the text.
void joinLocations(mlir::Operation *kept, mlir::Operation *gone);

/// A row whose result `pointwise` reads over the row's own domain takes it into its finish. `pointwise` is erased.
bool mergeIntoFinish(ir::kernel::PointwiseOp pointwise);
/// A row that reads other rows' reductions over its own domain takes their stages over. Null, or the row that replaced
/// it.
ir::kernel::RowOp mergeRows(ir::kernel::RowOp row);

// FusionRemarks.cpp: what users hear of it, if they listen.
/// `kept` has taken something over.
void remarkFused(mlir::Operation *kept, llvm::StringRef name, llvm::StringRef what);
/// Once nothing moves any more: skeletons that a user would expect to be one.
void remarkMissedFusions(mlir::func::FuncOp function);

} // namespace sinter::passes
