// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of the phase "prepare": which values depend on parameters alone, how loops give up theirs, and how weights
// are stored.
#pragma once

#include "ir/kernel/Kernel.h"

#include "mlir/Pass/Pass.h"
#include "llvm/ADT/DenseMap.h"

#include <functional>
#include <memory>
#include <string>

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

/// How the checkpoint stores a parameter: "f32", "bf16", "f16", or anything else.
using StoredAs = std::function<std::string(llvm::StringRef parameter)>;
struct NarrowStorageOptions;
/// `storedAs` answers for weights that are to be stored as the checkpoint stores them; null: all are f32.
std::unique_ptr<mlir::Pass> createNarrowStorage(const NarrowStorageOptions &options, StoredAs storedAs);

/// Computes what the body makes of slices of prepared stacks for whole stacks, before the loop. The loop then takes
/// slices of these; stacks whose slices nobody reads any more are dropped.
void liftFromRepeat(ir::kernel::RepeatOp repeat, PreparedAnalysis &analysis);

} // namespace sinter::passes
