// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A skeleton's inputs as one list that can be edited: operands, their index maps and the scalars that stand for them
// in its regions, kept in step. One face for pointwise, row, contract and attention (there: the
// extras).
#pragma once

#include "ir/kernel/Kernel.h"

#include "mlir/IR/Builders.h"

namespace sinter::passes {

/// A buffer and the map it is read through.
struct Input {
  mlir::Value value;
  ir::IndexMapAttr map;
  bool operator==(const Input &other) const { return value == other.value && map == other.map; }
};

/// Reads and edits the skeleton in place; lives no longer than it.
class Inputs {
public:
  /// Nothing if `op` is no skeleton with mapped inputs.
  static std::optional<Inputs> of(mlir::Operation *op);

  unsigned size() const;
  Input get(unsigned position) const;
  void set(unsigned position, Input input);
  /// The dimensions that maps take indices of.
  llvm::ArrayRef<Dim> getDomain() const { return domain; }
  /// The regions' blocks that see the inputs' scalars.
  llvm::ArrayRef<mlir::Block *> getBlocks() const { return blocks; }
  mlir::BlockArgument scalar(mlir::Block *block, unsigned position) const;
  /// How many of the regions read the input's scalar.
  unsigned regionsReading(unsigned position) const;

  /// The position of an equal input, or of one appended.
  unsigned add(Input input);
  /// Its scalars must have no uses left.
  void erase(unsigned position);
  /// Merges equal inputs and erases those that no region reads.
  void tidy();

private:
  Inputs(mlir::Operation *op, unsigned firstOperand, unsigned firstScalar, llvm::StringRef mapsName)
      : op(op), firstOperand(firstOperand), firstScalar(firstScalar), mapsName(mapsName) {}
  void setMaps(llvm::ArrayRef<mlir::Attribute> maps);
  mlir::ArrayAttr getMaps() const;
  unsigned firstScalarOf(mlir::Block *block) const;

  mlir::Operation *op;
  unsigned firstOperand, firstScalar;
  llvm::StringRef mapsName;
  llvm::SmallVector<Dim> domain;
  llvm::SmallVector<mlir::Block *> blocks;
};

/// Clones `body` (one block of scalar code) at the builder: its arguments become `arguments`, and its `kernel.index`
/// ops the results of `at`, a map from the surrounding domain to the body's. Returns what the body yields.
llvm::SmallVector<mlir::Value> inlineBody(mlir::OpBuilder &builder, mlir::Block &body, mlir::ValueRange arguments,
                                          ir::IndexMapAttr at);

/// Scalar code for an index expression over the domain's indices, as i32.
mlir::Value expandIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr expr,
                        llvm::ArrayRef<ir::DimAttr> symbols);

/// The number of a dimension, as i32.
mlir::Value sizeScalar(mlir::OpBuilder &builder, mlir::Location loc, const Dim &size);

/// Only constants, casts, comparisons, selects, logic and index arithmetic: as cheap again as it was once.
bool isCheap(mlir::Block &body);
/// Holds an exponential, a root of a polynomial approximation or the like: not to be computed more often.
bool isCostly(mlir::Block &body);

/// A pointwise of one result whose scalar `body` makes from the inputs' scalars.
ir::kernel::PointwiseOp buildPointwise(mlir::OpBuilder &builder, mlir::Location loc, ir::kernel::BufferType type,
                                       llvm::ArrayRef<Input> inputs,
                                       llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)> body);

mlir::ArrayAttr mapsAttr(mlir::MLIRContext *context, llvm::ArrayRef<Input> inputs);
mlir::ArrayAttr dimsAttr(mlir::MLIRContext *context, llvm::ArrayRef<Dim> dims);

} // namespace sinter::passes
