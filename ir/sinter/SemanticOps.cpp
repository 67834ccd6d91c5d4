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
LogicalResult LogSoftmaxOp::verify() { return verifyRow(*this, getInput()); }
LogicalResult L2NormalizeOp::verify() {
  if (getEps().isZero())
    return emitOpError("needs an eps above 0: a row of zeros has no length");
  return success(succeeded(verifyRow(*this, getInput())) && succeeded(verifyEps(*this, getEps())));
}

void CrossEntropyOp::build(OpBuilder &builder, OperationState &state, Value input, Value labels) {
  build(builder, state, TensorType::get(builder.getContext(), typeOf(labels).getDims(), typeOf(input).getElementType()),
        input, labels);
}
LogicalResult CrossEntropyOp::verify() {
  if (failed(verifyRow(*this, getInput())))
    return failure();
  ArrayRef<DimAttr> rows = typeOf(getInput()).getDims().drop_back();
  if (typeOf(getLabels()).getDims() != rows)
    return emitOpError() << "has labels of shape " << dimsText(typeOf(getLabels()).getDims()) << ", but rows " << dimsText(rows);
  if (getType().getDims() != rows)
    return emitOpError() << "has a result of shape " << dimsText(getType().getDims()) << ", but rows " << dimsText(rows);
  return success();
}

static SmallVector<Dim> linearShape(Value input, Value weight) {
  SmallVector<Dim> dims = typeOf(input).getShapeDims();
  dims.back() = typeOf(weight).getShapeDims().front();
  return dims;
}
void LinearOp::build(OpBuilder &builder, OperationState &state, Value input, Value weight, Value bias) {
  build(builder, state,
        TensorType::get(builder.getContext(), ArrayRef<Dim>(linearShape(input, weight)), typeOf(input).getElementType()), input,
        weight, bias);
}
LogicalResult LinearOp::verify() {
  TensorType weight = typeOf(getWeight());
  if (failed(verifyRow(*this, getInput())))
    return failure();
  if (typeOf(getInput()).rank() > 24)
    return emitOpError("takes rows of at most 24 axes");
  if (weight.rank() != 2)
    return emitOpError() << "needs a weight of two axes, not of shape " << dimsText(weight.getDims());
  if (weight.getShapeDims()[1] != typeOf(getInput()).getShapeDims().back())
    return emitOpError() << "has a weight of shape " << dimsText(weight.getDims()) << ", but rows of "
                         << typeOf(getInput()).getShapeDims().back().str();
  if (getBias() && typeOf(getBias()).getShapeDims() != SmallVector<Dim>{weight.getShapeDims()[0]})
    return emitOpError() << "has a bias of shape " << dimsText(typeOf(getBias()).getDims()) << ", but "
                         << weight.getShapeDims()[0].str() << " columns";
  SmallVector<Dim> expected = linearShape(getInput(), getWeight());
  if (getType().getShapeDims() != expected)
    return emitOpError() << "has a result of shape " << dimsText(getType().getDims()) << ", expected "
                         << dimsText(toAttrs(getContext(), expected));
  return success();
}
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
  Value logSoftmax(Value x) {
    Value shifted = make<SubOp>(x, spread(reduce<MaxOp>(x)));
    return make<SubOp>(shifted, spread(make<LogOp>(reduce<SumOp>(make<ExpOp>(shifted)))));
  }
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

SmallVector<Value> LogSoftmaxOp::decompose(OpBuilder &builder) {
  return {Primitives(builder, getLoc(), typeOf(getInput())).logSoftmax(getInput())};
}

/// As fusion makes one row of: the entry is picked last.
SmallVector<Value> CrossEntropyOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  return {p.make<NegOp>(PickOp::create(builder, getLoc(), p.logSoftmax(getInput()), getLabels()))};
}

SmallVector<Value> LinearOp::decompose(OpBuilder &builder) {
  std::string rows = std::string("abcdefghijklmnopqrstuvwx").substr(0, typeOf(getInput()).rank() - 1), n = "y", k = "z";
  Value product = ContractOp::create(builder, getLoc(), getInput(), getWeight(), rows + k + "," + n + k + "->" + rows + n);
  if (!getBias())
    return {product};
  Primitives p(builder, getLoc(), getType());
  return {p.make<AddOp>(product, p.along(getBias()))};
}

SmallVector<Value> L2NormalizeOp::decompose(OpBuilder &builder) {
  Primitives p(builder, getLoc(), typeOf(getInput()));
  Value length = p.make<SqrtOp>(p.reduce<SumOp>(p.make<MulOp>(getInput(), getInput())));
  return {p.make<DivOp>(getInput(), p.spread(p.make<MaximumOp>(length, p.constant(getEps().convertToDouble(), length))))};
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
