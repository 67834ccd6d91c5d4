// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of --sinter-hoist-prepare: which values depend on parameters alone, and how loops give up theirs.
#pragma once

#include "ir/kernel/Kernel.h"

#include "llvm/ADT/DenseMap.h"

namespace sinter::passes {

/// Whether values can be computed before any input is known: from parameters and constants, of constant shape, with no
/// size of an input in their scalar code. Remembers answers; forget it after changing the IR.
class PreparedAnalysis {
public:
  bool isPrepared(mlir::Value value);
  /// The op's own part of that question, whatever its operands are.
  static bool mayPrepare(mlir::Operation *op);

private:
  llvm::DenseMap<mlir::Value, bool> known;
};

/// Computes what the body makes of slices of prepared stacks for whole stacks, before the loop. The loop then takes
/// slices of these; stacks whose slices nobody reads any more are dropped.
void liftFromRepeat(ir::kernel::RepeatOp repeat, PreparedAnalysis &analysis);

} // namespace sinter::passes
