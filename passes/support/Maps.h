// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps as passes use them: built from dimensions, composed, compared on a domain. All pure functions.
#pragma once

#include "ir/dim/Dim.h"
#include "ir/sinter/Sinter.h"

namespace sinter::passes {

/// Collects the symbols of a map while its expressions are built, then makes the map.
class MapBuilder {
public:
  MapBuilder(mlir::MLIRContext *context, unsigned dims) : context(context), dims(dims) {}
  mlir::AffineExpr dim(unsigned position) const;
  mlir::AffineExpr constant(int64_t value) const;
  /// A constant, or the map's symbol for `size`.
  mlir::AffineExpr size(const Dim &size);
  ir::IndexMapAttr get(llvm::ArrayRef<mlir::AffineExpr> results) const;

private:
  mlir::MLIRContext *context;
  unsigned dims;
  llvm::SmallVector<ir::DimAttr> symbols;
};

ir::IndexMapAttr identityMap(mlir::MLIRContext *context, unsigned rank);

/// `outer` read at `inner`: index -> outer(inner(index)), simplified for indices inside `domain`.
ir::IndexMapAttr compose(ir::IndexMapAttr outer, ir::IndexMapAttr inner, llvm::ArrayRef<Dim> domain);

/// The map with dims of extent 1 replaced by 0, so that maps equal on the domain compare equal.
ir::IndexMapAttr normalize(ir::IndexMapAttr map, llvm::ArrayRef<Dim> domain);

/// Whether the map takes each index of `domain` to itself, reading something of shape `source`.
bool isIdentityOn(ir::IndexMapAttr map, llvm::ArrayRef<Dim> domain, llvm::ArrayRef<Dim> source);

/// The map for a domain with one more dimension in front; `readsStack` says that what is read has one more, too.
ir::IndexMapAttr addLeadingDim(ir::IndexMapAttr map, bool readsStack);

/// Indices of the parts of one index that runs over all of `sizes`, the last fastest; empty for no sizes.
llvm::SmallVector<mlir::AffineExpr> splitIndex(MapBuilder &builder, mlir::AffineExpr whole, llvm::ArrayRef<Dim> sizes);
/// The inverse: one index from those of its parts.
mlir::AffineExpr joinIndex(MapBuilder &builder, llvm::ArrayRef<mlir::AffineExpr> parts, llvm::ArrayRef<Dim> sizes);

} // namespace sinter::passes
