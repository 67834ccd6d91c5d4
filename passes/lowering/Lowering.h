// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of --sinter-convert-to-kernels: one set of patterns for each family of ops.
#pragma once

#include "passes/support/Inputs.h"
#include "passes/support/Maps.h"

#include "mlir/Transforms/DialectConversion.h"
#include "llvm/ADT/DenseSet.h"

namespace sinter::passes {

/// Elementwise ops, one pointwise each.
void populateElementwise(const mlir::TypeConverter &types, mlir::RewritePatternSet &patterns);
/// Softmax and norms, one row each; activations, one pointwise each.
void populateSemantic(const mlir::TypeConverter &types, mlir::RewritePatternSet &patterns);
/// Attention, one kernel each.
void populateAttention(const mlir::TypeConverter &types, mlir::RewritePatternSet &patterns);
/// Attention that the kernel does not compute becomes primitives, with a remark that says why.
void decomposeAttention(mlir::ModuleOp module);
/// Constants, indices, views, concatenations, gathers, reductions, reads and loops.
void populateTensors(const mlir::TypeConverter &types, mlir::RewritePatternSet &patterns);

/// Contractions whose left side goes into panels: chosen before the conversion, while definitions can be followed.
using SwappedContracts = llvm::DenseSet<mlir::Operation *>;
SwappedContracts chooseSides(mlir::Operation *root);
/// `swapped` must outlive the patterns.
void populateContract(const mlir::TypeConverter &types, mlir::RewritePatternSet &patterns,
                      const SwappedContracts &swapped);

/// An elementwise op on scalars; null if it is none.
mlir::Value scalarElementwise(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ValueRange scalars);
mlir::Value scalarConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element, double value);

/// The dense buffer type of a tensor.
ir::kernel::BufferType bufferType(ir::TensorType type);
inline ir::kernel::BufferType bufferType(mlir::Value tensor) {
  return bufferType(mlir::cast<ir::TensorType>(tensor.getType()));
}

} // namespace sinter::passes
