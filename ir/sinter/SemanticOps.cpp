// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the semantic ops, and the primitives that they stand for.
#include "ir/sinter/Sinter.h"

#include <cmath>
#include <numbers>

using namespace mlir;

#include "ir/interfaces/Decomposable.cpp.inc"

namespace sinter::ir {

static TensorType typeOf(Value value) { return cast<TensorType>(value.getType()); }

//===-- Verifiers --===//

static LogicalResult verifyRow(Operation *op, Value input) {
  if (typeOf(input).rank() == 0)
    return op->emitOpError("works along the last axis, but its operand is a scalar");
  return success();
}
static LogicalResult verifyNorm(Operation *op, Value input, Value scale, StringRef what) {
  if (!scale || typeOf(scale).getShapeDims() == SmallVector<Dim>{typeOf(input).getShapeDims().back()})
    return success();
  return op->emitOpError() << "has a " << what << " of shape " << dimsText(typeOf(scale).getDims()) << ", but the last axis is "
                           << typeOf(input).getShapeDims().back().str();
}
static LogicalResult verifyEps(Operation *op, const APFloat &eps) {
  if (!eps.isFinite() || eps.isNegative())
    return op->emitOpError("needs an eps that is finite and not below 0");
  return success();
}

LogicalResult SoftmaxOp::verify() { return verifyRow(*this, getInput()); }
LogicalResult LayerNormOp::verify() {
  return success(succeeded(verifyRow(*this, getInput())) && succeeded(verifyEps(*this, getEps())) &&
                 succeeded(verifyNorm(*this, getInput(), getWeight(), "weight")) &&
                 succeeded(verifyNorm(*this, getInput(), getBias(), "bias")));
}
LogicalResult RmsNormOp::verify() {
  return success(succeeded(verifyRow(*this, getInput())) && succeeded(verifyEps(*this, getEps())) &&
                 succeeded(verifyNorm(*this, getInput(), getWeight(), "weight")));
}

//===-- decompose --===//

namespace {
/// Primitive ops over one shape, and rows of it.
class Primitives {
public:
  Primitives(OpBuilder &builder, Location loc, TensorType type) : builder(builder), loc(loc), type(type) {}

  template <typename Op> Value make(Value a) { return Op::create(builder, loc, a.getType(), a); }
  template <typename Op> Value make(Value a, Value b) { return Op::create(builder, loc, a.getType(), a, b); }
  /// `value` in the shape of `like`.
  Value constant(double value, Value like) {
    return ConstantOp::create(builder, loc, like.getType(), builder.getDenseF64ArrayAttr({value}));
  }
  /// Over the last axis, which stays as a 1.
  template <typename Op> Value reduce(Value value) {
    SmallVector<Dim> dims = type.getShapeDims();
    dims.back() = Dim(1);
    return Op::create(builder, loc, TensorType::get(builder.getContext(), dims, type.getElementType()), value,
                      builder.getDenseI64ArrayAttr({static_cast<int64_t>(dims.size()) - 1}));
  }
  /// One number a row, for each element.
  Value spread(Value row) {
    SmallVector<AffineExpr> results;
    for (unsigned i = 0; i + 1 < type.rank(); ++i)
      results.push_back(builder.getAffineDimExpr(i));
    results.push_back(builder.getAffineConstantExpr(0));
    return view(row, results);
  }
  /// One number a position in the row, for each row.
  Value along(Value vector) { return view(vector, {builder.getAffineDimExpr(type.rank() - 1)}); }
  Value mean(Value value) {
    Value sum = reduce<SumOp>(value);
    Dim size = type.getShapeDims().back();
    if (std::optional<int64_t> number = size.constant())
      return make<DivOp>(sum, constant(static_cast<double>(*number), sum));
    auto scalar = TensorType::get(builder.getContext(), ArrayRef<Dim>(), type.getElementType());
    Value extent = DimOp::create(builder, loc, scalar, DimAttr::get(builder.getContext(), size));
    Value spread = ViewOp::create(builder, loc, sum.getType(), extent, mapTo(typeOf(sum).rank(), {}));
    return make<DivOp>(sum, spread);
  }
  /// centred / sqrt(mean(centred^2) + eps).
  Value normalized(Value centred, double eps) {
    Value variance = mean(make<MulOp>(centred, centred));
    Value root = make<SqrtOp>(make<AddOp>(variance, constant(eps, variance)));
    return make<DivOp>(centred, spread(root));
  }

private:
  IndexMapAttr mapTo(unsigned rank, ArrayRef<AffineExpr> results) {
    return IndexMapAttr::get(builder.getContext(), AffineMap::get(rank, 0, results, builder.getContext()), {});
  }
  Value view(Value value, ArrayRef<AffineExpr> results) {
    return ViewOp::create(builder, loc, type, value, mapTo(type.rank(), results));
  }

  OpBuilder &builder;
  Location loc;
  TensorType type;
};
} // namespace

SmallVector<Value> SoftmaxOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  Value shifted = p.make<SubOp>(getInput(), p.spread(p.reduce<MaxOp>(getInput())));
  Value e = p.make<ExpOp>(shifted);
  return {p.make<DivOp>(e, p.spread(p.reduce<SumOp>(e)))};
}

SmallVector<Value> LayerNormOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  Value centred = p.make<SubOp>(getInput(), p.spread(p.mean(getInput())));
  Value result = p.normalized(centred, getEps().convertToDouble());
  if (getWeight())
    result = p.make<MulOp>(result, p.along(getWeight()));
  if (getBias())
    result = p.make<AddOp>(result, p.along(getBias()));
  return {result};
}

SmallVector<Value> RmsNormOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  Value result = p.normalized(getInput(), getEps().convertToDouble());
  return {getWeight() ? p.make<MulOp>(result, p.along(getWeight())) : result};
}

SmallVector<Value> ActivationOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  Value x = getInput();
  auto number = [&](double value) { return p.constant(value, x); };
  if (getKind() == ActivationKind::silu) {
    Value below = p.make<AddOp>(number(1), p.make<ExpOp>(p.make<NegOp>(x)));
    return {p.make<MulOp>(x, p.make<DivOp>(number(1), below))};
  }
  Value inner;
  if (getKind() == ActivationKind::gelu) {
    inner = p.make<ErfOp>(p.make<DivOp>(x, number(std::numbers::sqrt2)));
  } else {
    Value cube = p.make<MulOp>(number(0.044715), p.make<PowOp>(x, number(3)));
    inner = p.make<TanhOp>(p.make<MulOp>(number(std::sqrt(2 / std::numbers::pi)), p.make<AddOp>(x, cube)));
  }
  return {p.make<MulOp>(p.make<MulOp>(number(0.5), x), p.make<AddOp>(number(1), inner))};
}

} // namespace sinter::ir
