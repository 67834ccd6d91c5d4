// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps as passes use them; the arithmetic of composition and simplification itself is the dialect's.
#include "passes/support/Maps.h"

#include "ir/sinter/IndexMap.h"

using namespace mlir;
using namespace sinter;
using ir::IndexMapAttr;

AffineExpr passes::MapBuilder::dim(unsigned position) const { return getAffineDimExpr(position, context); }

AffineExpr passes::MapBuilder::constant(int64_t value) const { return getAffineConstantExpr(value, context); }

AffineExpr passes::MapBuilder::size(const Dim &size) {
  if (auto value = size.constant())
    return constant(*value);
  auto attr = ir::DimAttr::get(context, size);
  auto found = llvm::find(symbols, attr);
  unsigned position = found - symbols.begin();
  if (found == symbols.end())
    symbols.push_back(attr);
  return getAffineSymbolExpr(position, context);
}

IndexMapAttr passes::MapBuilder::get(ArrayRef<AffineExpr> results) const {
  return IndexMapAttr::get(context, AffineMap::get(dims, symbols.size(), results, context), symbols);
}

IndexMapAttr passes::identityMap(MLIRContext *context, unsigned rank) {
  return IndexMapAttr::getIdentity(context, rank);
}

IndexMapAttr passes::compose(IndexMapAttr outer, IndexMapAttr inner, ArrayRef<Dim> domain) {
  return ir::simplify(ir::compose(inner, outer), domain);
}

IndexMapAttr passes::normalize(IndexMapAttr map, ArrayRef<Dim> domain) {
  SmallVector<AffineExpr> dims;
  for (auto [position, extent] : llvm::enumerate(domain))
    dims.push_back(extent.isConstant(1) ? getAffineConstantExpr(0, map.getContext())
                                        : getAffineDimExpr(position, map.getContext()));
  AffineMap affine = map.getMap();
  SmallVector<AffineExpr> results;
  for (AffineExpr result : affine.getResults())
    results.push_back(simplifyAffineExpr(result.replaceDims(dims), affine.getNumDims(), affine.getNumSymbols()));
  AffineMap fewer = AffineMap::get(affine.getNumDims(), affine.getNumSymbols(), results, map.getContext());
  return ir::simplify(IndexMapAttr::get(map.getContext(), fewer, map.getSymbols()), domain);
}

bool passes::isIdentityOn(IndexMapAttr map, ArrayRef<Dim> domain, ArrayRef<Dim> source) {
  return domain == source && normalize(map, domain) == normalize(identityMap(map.getContext(), domain.size()), domain);
}

IndexMapAttr passes::addLeadingDim(IndexMapAttr map, bool readsStack) {
  MLIRContext *context = map.getContext();
  AffineMap affine = map.getMap();
  SmallVector<AffineExpr> results;
  if (readsStack)
    results.push_back(getAffineDimExpr(0, context));
  for (AffineExpr result : affine.getResults())
    results.push_back(result.shiftDims(affine.getNumDims(), 1));
  return IndexMapAttr::get(context, AffineMap::get(affine.getNumDims() + 1, affine.getNumSymbols(), results, context),
                           map.getSymbols());
}

SmallVector<AffineExpr> passes::splitIndex(MapBuilder &builder, AffineExpr whole, ArrayRef<Dim> sizes) {
  SmallVector<AffineExpr> parts;
  for (unsigned i = 0; i < sizes.size(); ++i) {
    Dim inner = ir::productOf(sizes.drop_front(i + 1));
    AffineExpr part = inner.isConstant(1) ? whole : whole.floorDiv(builder.size(inner));
    parts.push_back(i == 0 ? part : part % builder.size(sizes[i]));
  }
  return parts;
}

AffineExpr passes::joinIndex(MapBuilder &builder, ArrayRef<AffineExpr> parts, ArrayRef<Dim> sizes) {
  AffineExpr whole = builder.constant(0);
  for (auto [part, size] : llvm::zip_equal(parts, sizes))
    whole = whole * builder.size(size) + part;
  return whole;
}
