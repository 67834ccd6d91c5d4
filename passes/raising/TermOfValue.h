// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Terms of the IR's values: what is mathematics of f32 inside a window of ops is looked through, the rest is a leaf.
#pragma once

#include "passes/raising/Term.h"

#include "llvm/ADT/DenseSet.h"

namespace sinter::passes::raising {

/// The ops that `root` is computed by, as far as a term looks through them, and no more than `limit` beside views and
/// constants: the nearest.
struct Window {
  /// Looked into as well are the ops `opened`: contractions, softmaxes.
  Window(mlir::Value root, unsigned limit, llvm::ArrayRef<mlir::Operation *> opened = {});
  llvm::DenseSet<mlir::Operation *> ops;
  /// Results of these ops and the values that they read, operands before users. `root` is the last.
  llvm::SmallVector<mlir::Value> values;
};

/// Whether a term can be more than a leaf for the op's result.
bool isTransparent(mlir::Operation *op);

/// Terms of values inside one window. Element [i, j, ...] of a value is its term at `terms.axis(0, ...)`, ...
class ValueTerms {
public:
  /// The values `cuts` are leaves as well, whatever they are computed from.
  ValueTerms(Terms &terms, const Window &window, llvm::ArrayRef<mlir::Value> cuts = {})
      : terms(terms), window(window), cuts(cuts) {}
  const Term *of(mlir::Value value);

private:
  const Term *compute(mlir::Operation *op);
  const Term *arithmetic(mlir::Operation *op);
  const Term *reduction(mlir::Operation *op, llvm::ArrayRef<int64_t> axes);
  const Term *contraction(mlir::Operation *op);
  const Term *softmax(mlir::Operation *op);
  const Term *leaf(mlir::Value value);

  Terms &terms;
  const Window &window;
  llvm::SmallVector<mlir::Value, 2> cuts;
  llvm::DenseMap<mlir::Value, const Term *> memo;
};

} // namespace sinter::passes::raising
