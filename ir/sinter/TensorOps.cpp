// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, folders and canonicalizers of the ops that make, move and combine tensors.
#include "ir/sinter/IndexMap.h"
#include "ir/sinter/Sinter.h"

#include <cmath>

using namespace mlir;

namespace sinter::ir {

static TensorType typeOf(Value value) { return cast<TensorType>(value.getType()); }

static LogicalResult expectDims(Operation *op, Value result, ArrayRef<Dim> expected) {
  TensorType type = typeOf(result);
  if (type.getShapeDims() == SmallVector<Dim>(expected))
    return success();
  return op->emitOpError() << "gives shape " << dimsText(type.getDims()) << ", but "
                           << dimsText(toAttrs(op->getContext(), expected)) << " follows from the operands";
}

static LogicalResult expectElement(Operation *op, Value result, Type expected) {
  if (typeOf(result).getElementType() == expected)
    return success();
  return op->emitOpError() << "gives elements of " << typeOf(result).getElementType() << ", but the operands' are "
                           << expected;
}

//===-- constant, dim, iota --===//

LogicalResult ConstantOp::verify() {
  TensorType type = getResult().getType();
  ArrayRef<double> values = getValues();
  std::optional<int64_t> elements = productOf(type.getShapeDims()).constant();
  if (values.size() != 1 && (!elements || *elements != static_cast<int64_t>(values.size())))
    return emitOpError() << "has " << values.size() << " values for shape " << dimsText(type.getDims())
                         << "; one, or one for each element, is expected";
  for (double value : values) {
    if (!std::isfinite(value))
      return emitOpError("has a value that is not finite");
    if (type.getElementType().isInteger(1) && value != 0 && value != 1)
      return emitOpError() << "has the value " << value << ", which is no i1";
    if (type.getElementType().isInteger(32) && (value != std::floor(value) || value < INT32_MIN || value > INT32_MAX))
      return emitOpError() << "has the value " << value << ", which is no i32";
  }
  return success();
}
OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValuesAttr(); }

LogicalResult DimOp::verify() { return typeOf(getResult()).rank() == 0 ? success() : emitOpError("gives a scalar"); }
OpFoldResult DimOp::fold(FoldAdaptor) {
  std::optional<int64_t> value = getDim().getDim().constant();
  if (!value || std::abs(*value) > INT32_MAX)
    return {};
  return DenseF64ArrayAttr::get(getContext(), {static_cast<double>(*value)});
}

LogicalResult IotaOp::verify() { return typeOf(getResult()).rank() == 1 ? success() : emitOpError("gives rank 1"); }

//===-- view --===//

LogicalResult ViewOp::verify() {
  TensorType source = getInput().getType(), result = getResult().getType();
  AffineMap map = getMap().getMap();
  if (map.getNumDims() != result.rank() || map.getNumResults() != source.rank())
    return emitOpError() << "maps " << map.getNumDims() << " indices to " << map.getNumResults()
                         << ", but the result has rank " << result.rank() << " and the input rank " << source.rank();
  if (failed(expectElement(*this, getResult(), source.getElementType())))
    return failure();
  // Only what is certainly outside is refused: sizes may decide the rest.
  SmallVector<Dim> domain = result.getShapeDims();
  IndexSimplifier ranges(domain);
  for (auto [axis, sum] : llvm::enumerate(toSums(getMap(), domain))) {
    std::optional<Dim> low = ranges.lower(sum), high = ranges.upper(sum);
    if ((high && sum.isLinear() && high->isAtLeast(source.getDim(axis))) ||
        (low && sum.isLinear() && Dim(-1).isAtLeast(*low)))
      return emitOpError() << "reads axis " << axis << " of " << source << " from " << low->str() << " to "
                           << high->str();
  }
  return success();
}

/// The constant's values rearranged; null if there are too many.
static DenseF64ArrayAttr foldView(ViewOp op, DenseF64ArrayAttr values) {
  ArrayRef<double> source = values.asArrayRef();
  if (source.size() == 1)
    return values;
  std::optional<LinearAddress> address = linearAddress(op.getMap(), op.getInput().getType().getShapeDims());
  ArrayRef<int64_t> shape = op.getResult().getType().getShape();
  std::optional<int64_t> elements = productOf(op.getResult().getType().getShapeDims()).constant();
  if (!address || !elements || *elements > maxFoldedElements)
    return {};
  SmallVector<double> result;
  for (int64_t position = 0; position < *elements; ++position) {
    int64_t place = *address->offset.constant(), rest = position;
    for (size_t axis = shape.size(); axis-- > 0; rest /= shape[axis]) {
      std::optional<int64_t> factor = address->factors[axis].constant();
      if (!factor)
        return {};
      place += rest % shape[axis] * *factor;
    }
    if (place < 0 || place >= static_cast<int64_t>(source.size()))
      return {};
    result.push_back(source[place]);
  }
  return DenseF64ArrayAttr::get(op.getContext(), result);
}

OpFoldResult ViewOp::fold(FoldAdaptor adaptor) {
  TensorType type = getResult().getType();
  if (getInput().getType() == type && simplify(getMap(), type.getShapeDims()).isIdentity())
    return getInput();
  if (auto values = dyn_cast_if_present<DenseF64ArrayAttr>(adaptor.getInput()))
    return foldView(*this, values);
  return {};
}

namespace {
/// view(view(x)) = view(x).
struct MergeViews : OpRewritePattern<ViewOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ViewOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<ViewOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "reads no view");
    IndexMapAttr map = simplify(compose(op.getMap(), inner.getMap()), op.getResult().getType().getShapeDims());
    rewriter.replaceOpWithNewOp<ViewOp>(op, op.getResult().getType(), inner.getInput(), map);
    return success();
  }
};
/// The map in canonical form.
struct SimplifyView : OpRewritePattern<ViewOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ViewOp op, PatternRewriter &rewriter) const override {
    IndexMapAttr map = simplify(op.getMap(), op.getResult().getType().getShapeDims());
    if (map == op.getMap())
      return rewriter.notifyMatchFailure(op, "is canonical");
    rewriter.modifyOpInPlace(op, [&] { op.setMapAttr(map); });
    return success();
  }
};
} // namespace

void ViewOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<MergeViews, SimplifyView>(context);
}

//===-- concat, gather, pick --===//

void IotaOp::build(OpBuilder &builder, OperationState &state, const Dim &size) {
  build(builder, state, TensorType::get(builder.getContext(), ArrayRef<Dim>(size), builder.getI32Type()));
}

void ConcatOp::build(OpBuilder &builder, OperationState &state, ValueRange inputs, int64_t axis) {
  TensorType first = typeOf(inputs.front());
  SmallVector<Dim> dims = first.getShapeDims();
  for (Value input : inputs.drop_front())
    dims[axis] = dims[axis] + typeOf(input).getDim(axis);
  build(builder, state, TensorType::get(builder.getContext(), ArrayRef<Dim>(dims), first.getElementType()), inputs,
        axis);
}

static SmallVector<Dim> gatheredDims(TensorType table, TensorType ids) {
  SmallVector<Dim> dims = ids.getShapeDims();
  llvm::append_range(dims, ArrayRef(table.getShapeDims()).drop_front());
  return dims;
}
void GatherOp::build(OpBuilder &builder, OperationState &state, Value table, Value ids) {
  SmallVector<Dim> dims = gatheredDims(typeOf(table), typeOf(ids));
  build(builder, state, TensorType::get(builder.getContext(), ArrayRef<Dim>(dims), typeOf(table).getElementType()),
        table, ids);
}
void PickOp::build(OpBuilder &builder, OperationState &state, Value input, Value ids) {
  build(builder, state, TensorType::get(builder.getContext(), typeOf(ids).getDims(), typeOf(input).getElementType()),
        input, ids);
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("needs an input");
  TensorType first = typeOf(getInputs().front());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= first.rank())
    return emitOpError() << "axis " << axis << " is not below the rank " << first.rank();
  SmallVector<Dim> expected = first.getShapeDims();
  expected[axis] = Dim(0);
  for (Value input : getInputs()) {
    TensorType type = typeOf(input);
    if (failed(expectElement(*this, input, first.getElementType())))
      return failure();
    SmallVector<Dim> dims = type.getShapeDims();
    for (unsigned i = 0; i < std::max(type.rank(), first.rank()); ++i)
      if (type.rank() != first.rank() || (i != axis && dims[i] != expected[i]))
        return emitOpError() << "shapes " << dimsText(first.getDims()) << " and " << dimsText(type.getDims())
                             << " differ outside axis " << axis;
    expected[axis] = expected[axis] + dims[axis];
  }
  if (failed(expectElement(*this, getResult(), first.getElementType())))
    return failure();
  return expectDims(*this, getResult(), expected);
}

LogicalResult GatherOp::verify() {
  TensorType table = typeOf(getTable()), ids = typeOf(getIds());
  if (table.rank() == 0)
    return emitOpError("the table has no axis");
  if (failed(expectElement(*this, getResult(), table.getElementType())))
    return failure();
  return expectDims(*this, getResult(), gatheredDims(table, ids));
}

LogicalResult AppendOp::verify() {
  TensorType pool = typeOf(getPool()), pages = typeOf(getPages()), rows = typeOf(getRows());
  int64_t axis = getAxis();
  if (axis < 1 || axis >= pool.rank())
    return emitOpError() << "axis " << axis << " is not one of a page: the pool has rank " << pool.rank();
  if (pages.rank() != 2)
    return emitOpError() << "the pages have shape " << dimsText(pages.getDims()) << ", not one row for each sequence";
  if (rows.rank() < 2 || rows.getDim(0) != pages.getDim(0))
    return emitOpError() << "the rows have shape " << dimsText(rows.getDims()) << ", but there are "
                         << pages.getDim(0).str() << " sequences";
  if (failed(expectElement(*this, getRows(), pool.getElementType())))
    return failure();
  SmallVector<Dim> expected = {rows.getDim(0), rows.getDim(1)};
  for (unsigned i = 1; i < pool.rank(); ++i)
    if (i != axis)
      expected.push_back(pool.getDim(i));
  if (failed(expectDims(*this, getRows(), expected)))
    return failure();
  return expectDims(*this, getLength(), {rows.getDim(0)});
}

LogicalResult PickOp::verify() {
  TensorType input = typeOf(getInput()), ids = typeOf(getIds());
  if (input.rank() == 0)
    return emitOpError("the input has no axis");
  if (ids.getDims() != input.getDims().drop_back())
    return emitOpError() << "the ids have shape " << dimsText(ids.getDims()) << ", the input's rows "
                         << dimsText(input.getDims().drop_back());
  if (failed(expectElement(*this, getResult(), input.getElementType())))
    return failure();
  return expectDims(*this, getResult(), ids.getShapeDims());
}

//===-- reductions, cumsum, top_k --===//

static TensorType reducedType(Value input, ArrayRef<int64_t> axes, Type elementType) {
  SmallVector<Dim> dims = typeOf(input).getShapeDims();
  for (int64_t axis : axes)
    dims[axis] = Dim(1);
  return TensorType::get(input.getContext(), ArrayRef<Dim>(dims), elementType);
}
void SumOp::build(OpBuilder &builder, OperationState &state, Value input, ArrayRef<int64_t> axes) {
  build(builder, state, reducedType(input, axes, typeOf(input).getElementType()), input, axes);
}
void MaxOp::build(OpBuilder &builder, OperationState &state, Value input, ArrayRef<int64_t> axes) {
  build(builder, state, reducedType(input, axes, typeOf(input).getElementType()), input, axes);
}
void MinOp::build(OpBuilder &builder, OperationState &state, Value input, ArrayRef<int64_t> axes) {
  build(builder, state, reducedType(input, axes, typeOf(input).getElementType()), input, axes);
}
void ArgMaxOp::build(OpBuilder &builder, OperationState &state, Value input, ArrayRef<int64_t> axes) {
  build(builder, state, reducedType(input, axes, builder.getI32Type()), input, axes);
}

static LogicalResult verifyReduction(Operation *op, TensorType input, ArrayRef<int64_t> axes, Value result) {
  if (axes.empty())
    return op->emitOpError("needs an axis");
  SmallVector<Dim> expected = input.getShapeDims();
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (axis < 0 || axis >= input.rank())
      return op->emitOpError() << "axis " << axis << " is not below the rank " << input.rank();
    if (i > 0 && axes[i - 1] >= axis)
      return op->emitOpError("axes must ascend, each once");
    expected[axis] = Dim(1);
  }
  return expectDims(op, result, expected);
}
template <typename Op> static LogicalResult verifyFold(Op op) {
  TensorType input = typeOf(op.getInput());
  if (failed(verifyReduction(op, input, op.getAxes(), op.getResult())))
    return failure();
  return expectElement(op, op.getResult(), input.getElementType());
}
LogicalResult SumOp::verify() { return verifyFold(*this); }
LogicalResult MaxOp::verify() { return verifyFold(*this); }
LogicalResult MinOp::verify() { return verifyFold(*this); }
LogicalResult ArgMaxOp::verify() {
  if (getAxes().size() != 1)
    return emitOpError("takes one axis");
  return verifyReduction(*this, typeOf(getInput()), getAxes(), getResult());
}

LogicalResult CumSumOp::verify() {
  int64_t axis = getAxis();
  if (axis < 0 || axis >= typeOf(getInput()).rank())
    return emitOpError() << "axis " << axis << " is not below the rank " << typeOf(getInput()).rank();
  return success();
}

LogicalResult TopKOp::verify() {
  TensorType input = typeOf(getInput()), top = typeOf(getTop()), indices = typeOf(getIndices());
  if (input.rank() == 0 || top.rank() != input.rank() || top.getDims() != indices.getDims() ||
      top.getDims().drop_back() != input.getDims().drop_back())
    return emitOpError() << "gives shapes " << dimsText(top.getDims()) << " and " << dimsText(indices.getDims())
                         << " of " << dimsText(input.getDims())
                         << "; they may differ in the last axis from the input, not from each other";
  std::optional<int64_t> k = top.getDims().back().getDim().constant();
  if (!k)
    return emitOpError("k must be constant");
  if (std::optional<int64_t> size = input.getDims().back().getDim().constant(); size && *size < *k)
    return emitOpError() << "takes " << *k << " of " << *size;
  return success();
}

//===-- contract --===//

static std::array<StringRef, 3> splitLabels(StringRef labels) {
  auto [operands, result] = labels.split("->");
  auto [lhs, rhs] = operands.split(',');
  return {lhs, rhs, result};
}
std::array<StringRef, 3> ContractOp::getLabelParts() { return splitLabels(getLabels()); }

void ContractOp::build(OpBuilder &builder, OperationState &state, Value lhs, Value rhs, StringRef labels) {
  auto [left, right, out] = splitLabels(labels);
  SmallVector<Dim> dims;
  for (char label : out)
    dims.push_back(left.contains(label) ? typeOf(lhs).getDim(left.find(label)) : typeOf(rhs).getDim(right.find(label)));
  build(builder, state, TensorType::get(builder.getContext(), ArrayRef<Dim>(dims), builder.getF32Type()), lhs, rhs,
        labels);
}

LogicalResult ContractOp::verify() {
  auto isLabel = [](char c) { return c >= 'a' && c <= 'z'; };
  std::array<StringRef, 3> parts = getLabelParts();
  std::array<TensorType, 3> types = {typeOf(getLhs()), typeOf(getRhs()), typeOf(getResult())};
  if (getLabels() != (parts[0] + "," + parts[1] + "->" + parts[2]).str())
    return emitOpError("labels must read \"ab,bc->ac\"");
  std::array<const char *, 3> names = {"lhs", "rhs", "result"};
  std::map<char, Dim> sizes;
  for (auto [labels, type, name] : llvm::zip_equal(parts, types, names)) {
    if (!llvm::all_of(labels, isLabel) || labels.size() != type.rank())
      return emitOpError() << "the " << name << " has rank " << type.rank() << " and the labels \"" << labels
                           << "\"; one letter for each axis is expected";
    for (auto [i, label] : llvm::enumerate(labels)) {
      if (labels.find(label) != i)
        return emitOpError() << "label " << Twine(label) << " stands twice in the " << name;
      auto [place, isNew] = sizes.try_emplace(label, type.getDim(i));
      if (!isNew && place->second != type.getDim(i))
        return emitOpError() << "label " << Twine(label) << " is " << place->second.str() << " and, in the " << name
                             << ", " << type.getDim(i).str();
    }
  }
  for (auto [label, size] : sizes) {
    bool inLhs = parts[0].contains(label), inRhs = parts[1].contains(label), inResult = parts[2].contains(label);
    if (inResult && !inLhs && !inRhs)
      return emitOpError() << "label " << Twine(label) << " stands in the result alone";
    if (!inResult && !(inLhs && inRhs))
      return emitOpError() << "label " << Twine(label) << " is summed over, but stands in one operand only";
  }
  return success();
}

} // namespace sinter::ir
