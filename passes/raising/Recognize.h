// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognizers: each guesses what the value might be, constructs the guess's term by the same constructors and compares.
// A wrong guess cannot match.
#pragma once

#include "passes/raising/TermOfValue.h"

namespace sinter::passes::raising {

/// A value that is to be explained, and the values of its window that may take part.
struct Site {
  Terms &terms;
  ValueTerms &values;
  mlir::Value root;
  llvm::ArrayRef<mlir::Value> candidates;
  /// If given, the only input that is tried.
  mlir::Value only = {};
};

/// A vector inside some value: its elements along `axis`, at index 0 of every other.
struct Vector {
  mlir::Value value;
  unsigned axis = 0;
};

/// root = factor * op(input along `axis`).
struct Fused {
  enum class Kind { Softmax, LogSoftmax, CrossEntropy, LayerNorm, RmsNorm, L2Normalize, Activation } kind;
  mlir::Value input;
  unsigned axis = 0;
  double factor = 1;
  double eps = 0;
  std::optional<Vector> weight = std::nullopt, bias = std::nullopt;
  ir::ActivationKind activation = ir::ActivationKind::gelu;
  mlir::Value labels = {}; ///< of a cross entropy, whose axis is the input's last
};

std::optional<Fused> recognizeSoftmax(const Site &site);
std::optional<Fused> recognizeLogSoftmax(const Site &site);
std::optional<Fused> recognizeCrossEntropy(const Site &site);
std::optional<Fused> recognizeNorm(const Site &site);
std::optional<Fused> recognizeL2Normalize(const Site &site);
std::optional<Fused> recognizeActivation(const Site &site);

/// Makes sinter.linear of all contractions with a weight, and erases those; for when nothing else looks for them.
llvm::SmallVector<ir::LinearOp> raiseLinear(mlir::Operation *root);

// Shared by them.
/// Candidates of the root's type.
llvm::SmallVector<mlir::Value> sameShape(const Site &site);
/// The variable of an axis; nothing for an axis of extent 1.
std::optional<unsigned> axisVariable(Terms &terms, mlir::Value value, unsigned axis);
/// t with the variable replaced by a fresh one, which is returned in `reduced`.
const Term *atFresh(Terms &terms, const Term *t, unsigned variable, Variables &reduced);
/// a / b, if that is a number other than 0.
std::optional<double> ratio(Terms &terms, const Term *a, const Term *b);

} // namespace sinter::passes::raising
