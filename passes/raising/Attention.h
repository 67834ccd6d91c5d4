// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention in the mathematics: where a value is `softmax(scores of q and k) @ v`, however it is spelled. What is
// multiplied and where is read off the IR, backwards from the value, through index maps; that it is a softmax is proved
// by terms, with scores and values as leaves; the regions are copies of the IR's own ops.
#pragma once

#include "passes/raising/TermOfValue.h"

namespace sinter::passes::raising {

/// A value, read through a map from one fixed set of variables: the root's axes, then the key's, then the depth's.
struct Reading {
  mlir::Value value;
  ir::IndexMapAttr map;
  bool operator==(const Reading &other) const { return value == other.value && map == other.map; }
  explicit operator bool() const { return value != nullptr; }
};

/// A condition that says which keys are seen, and the op that it is taken out of. What is left there is `kept`, or
/// nothing where the op adds to a score.
struct Hidden {
  mlir::Operation *op;
  Reading condition;
  bool isNegated = false;
  mlir::Value kept = {};
};

struct AttentionMatch {
  mlir::Value root;
  llvm::SmallVector<Dim> domain; ///< extents of a Reading's variables
  mlir::Operation *product = nullptr;
  Reading products; ///< the raw products of queries and keys
  Reading query, key, value, scores;
  Reading seen; ///< for rows that are 0 / 0 where nothing is seen; may be null
  bool isSeenNegated = false;
  Reading softmax, weights; ///< where something happens to the weights: before and after it
  llvm::SmallVector<Hidden, 2> hidden;
};

/// `why`, if given, gets the reason where two contractions and an exponential between them are no attention.
std::optional<AttentionMatch> recognizeAttention(mlir::Value root, uint64_t seed, llvm::StringRef &why);

/// Builds the op before the root, and a view of it if the root has another order of axes.
mlir::Value buildAttention(mlir::OpBuilder &builder, const AttentionMatch &match);

/// Which of the conditions in the scores become the mask.
void chooseMasks(AttentionMatch &match);

// Shared by the files.
/// The same place, read from what views read.
Reading throughViews(Reading reading, llvm::ArrayRef<Dim> domain);
/// An operand of an elementwise op at the same place.
inline Reading operandOf(const Reading &reading, unsigned i) {
  return {reading.value.getDefiningOp()->getOperand(i), reading.map};
}
/// Whether the value is computed from `product`'s result.
bool dependsOn(mlir::Value value, mlir::Operation *product);
bool isElementwise(mlir::Operation *op);
/// The root's axes that the map reads, as a mask by number; the key's and the depth's follow.
llvm::SmallVector<bool> variablesOf(const Reading &reading, llvm::ArrayRef<Dim> domain);

} // namespace sinter::passes::raising
