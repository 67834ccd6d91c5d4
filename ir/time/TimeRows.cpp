// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rules of all ops share when a value is computed at some rows.
#include "ir/time/TimeRows.h"

using namespace mlir;

namespace sinter::ir {

static TensorType typeOf(Value value) { return cast<TensorType>(value.getType()); }

//===-- Types --===//

Dim TimeRows::extent(const Dim &original, const RowSet &set) const {
  switch (set.kind) {
  case RowSet::Kind::None:
    return original;
  case RowSet::Kind::All:
    return allRows() + Dim(*facts.offset(original));
  case RowSet::Kind::New:
    return news;
  case RowSet::Kind::Last:
    return Dim(1);
  }
  llvm_unreachable("no such set of rows");
}

TensorType TimeRows::typeAt(Value original, const RowSets &sets, bool batched) const {
  SmallVector<Dim> dims;
  if (batched)
    dims.push_back(sequences);
  for (auto [dim, set] : llvm::zip(typeOf(original).getShapeDims(), sets.axes))
    dims.push_back(extent(dim, set));
  return TensorType::get(original.getContext(), ArrayRef<Dim>(dims), typeOf(original).getElementType());
}

bool TimeRows::isBatched(Value original, Value now) { return typeOf(now).rank() > typeOf(original).rank(); }

std::optional<unsigned> TimeRows::sequenceAxis(ArrayRef<DimAttr> dims) const {
  for (auto [axis, dim] : llvm::enumerate(dims))
    if (dim.getDim() == sequences)
      return axis;
  return std::nullopt;
}

//===-- Building --===//

Value TimeRows::view(Value value, ArrayRef<Dim> dims, ArrayRef<AffineExpr> index, ArrayRef<Dim> symbols) {
  MLIRContext *context = value.getContext();
  auto type = TensorType::get(context, dims, typeOf(value).getElementType());
  auto map = AffineMap::get(dims.size(), symbols.size(), index, context);
  return ViewOp::create(builder, value.getLoc(), type, value, IndexMapAttr::get(context, map, toAttrs(context, symbols)));
}

Value TimeRows::number(double value, ArrayRef<Dim> dims, Type element) {
  return ConstantOp::create(builder, builder.getUnknownLoc(), TensorType::get(element.getContext(), dims, element),
                            builder.getDenseF64ArrayAttr({value}));
}

Value TimeRows::spread(Value value) {
  SmallVector<Dim> dims = typeOf(value).getShapeDims();
  SmallVector<AffineExpr> index;
  for (unsigned axis = 0; axis < dims.size(); ++axis)
    index.push_back(builder.getAffineDimExpr(axis + 1));
  dims.insert(dims.begin(), sequences);
  return view(value, dims, index);
}

bool TimeRows::operandsAt(ValueRange originals, ArrayRef<RowSets> sets, SmallVectorImpl<Value> &values) {
  bool batched = false;
  for (auto [original, set] : llvm::zip(originals, sets)) {
    Value now = at(original, set);
    if (!now)
      return false;
    batched |= isBatched(original, now);
    values.push_back(now);
  }
  for (auto [original, now] : llvm::zip(originals, values))
    if (batched && !isBatched(original, now))
      now = spread(now);
  return true;
}

Operation *TimeRows::rebuild(Operation *op, ValueRange operands, TypeRange types) {
  OperationState state(op->getLoc(), op->getName(), operands, types, op->getAttrs());
  return builder.create(state);
}

Value TimeRows::positions(const RowSet &set) {
  Value base = set.kind == RowSet::Kind::Last ? lastPositions : newPositions;
  if (set.shift == 0)
    return base;
  TensorType type = typeOf(base);
  Value shift = number(static_cast<double>(set.shift), type.getShapeDims(), type.getElementType());
  return AddOp::create(builder, base.getLoc(), type, base, shift);
}

Value TimeRows::pickRows(Value value, unsigned axis, Value ids) {
  Location loc = value.getLoc();
  SmallVector<Dim> dims = typeOf(value).getShapeDims();
  SmallVector<Dim> idDims = typeOf(ids).getShapeDims();
  Dim rows = dims[axis];
  std::optional<unsigned> own = sequenceAxis(typeOf(value).getDims());
  // As a table: [rows, rest...] or [B * rows, rest...].
  SmallVector<Dim> table = {own ? dims[*own] * rows : rows};
  SmallVector<AffineExpr> index(dims.size());
  AffineExpr first = builder.getAffineDimExpr(0), extent = builder.getAffineSymbolExpr(0);
  index[axis] = own ? first % extent : first;
  if (own)
    index[*own] = first.floorDiv(extent);
  for (unsigned i = 0; i < dims.size(); ++i)
    if (i != axis && i != own) {
      index[i] = builder.getAffineDimExpr(table.size());
      table.push_back(dims[i]);
    }
  Value rowsFirst = view(value, table, index, own ? ArrayRef<Dim>{rows} : ArrayRef<Dim>{});
  if (own) {
    Value b = view(IotaOp::create(builder, loc, sequences), idDims, {builder.getAffineDimExpr(0)});
    auto scalar = TensorType::get(value.getContext(), ArrayRef<Dim>{}, builder.getI32Type());
    Value each = view(DimOp::create(builder, loc, scalar, DimAttr::get(value.getContext(), rows)), idDims, {});
    ids = AddOp::create(builder, loc, ids.getType(), MulOp::create(builder, loc, ids.getType(), b, each), ids);
  }
  Value picked = GatherOp::create(builder, loc, rowsFirst, ids); // [B, M, rest...]
  // Back to the order of the axes; without an axis of sequences, one more in front.
  SmallVector<Dim> result;
  if (!own)
    result.push_back(sequences);
  for (unsigned i = 0; i < dims.size(); ++i)
    result.push_back(i == axis ? idDims[1] : dims[i]);
  unsigned lead = own ? 0 : 1;
  SmallVector<AffineExpr> back = {builder.getAffineDimExpr(own ? *own : 0), builder.getAffineDimExpr(axis + lead)};
  for (unsigned i = 0; i < dims.size(); ++i)
    if (i != axis && i != own)
      back.push_back(builder.getAffineDimExpr(i + lead));
  return view(picked, result, back);
}

Value TimeRows::fail(Operation *op, const Twine &why) {
  op->emitError() << "decoding cannot be derived: " << op->getName().stripDialect() << " " << why;
  return nullptr;
}

} // namespace sinter::ir
