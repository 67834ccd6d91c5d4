// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers and folders of elementwise ops. Constants fold in float64; a result that is not finite, or that the
// element type cannot hold, is left to run time.
#include "ir/sinter/Sinter.h"

#include <cmath>

using namespace mlir;

namespace sinter::ir {

//===-- Verifiers --===//

static LogicalResult expectDims(Operation *op, TensorType type, TensorType expected) {
  if (type.getDims() == expected.getDims())
    return success();
  return op->emitOpError() << "shapes differ: " << dimsText(expected.getDims()) << " and " << dimsText(type.getDims());
}

LogicalResult CompareOp::verify() {
  return expectDims(*this, cast<TensorType>(getResult().getType()), cast<TensorType>(getLhs().getType()));
}
LogicalResult SelectOp::verify() {
  return expectDims(*this, cast<TensorType>(getCondition().getType()), cast<TensorType>(getResult().getType()));
}
LogicalResult CastOp::verify() {
  return expectDims(*this, cast<TensorType>(getResult().getType()), cast<TensorType>(getInput().getType()));
}

void CompareOp::build(OpBuilder &builder, OperationState &state, Predicate predicate, Value lhs, Value rhs) {
  auto type = cast<TensorType>(lhs.getType());
  build(builder, state, TensorType::get(builder.getContext(), type.getDims(), builder.getI1Type()), predicate, lhs,
        rhs);
}

//===-- Folding --===//

static ArrayRef<double> valuesOf(Attribute attribute) {
  auto values = dyn_cast_if_present<DenseF64ArrayAttr>(attribute);
  return values ? values.asArrayRef() : ArrayRef<double>();
}

static bool isSplat(Attribute attribute, double value) {
  ArrayRef<double> values = valuesOf(attribute);
  return !values.empty() && llvm::all_of(values, [&](double v) { return v == value; });
}

static bool fits(double value, Type elementType) {
  if (!std::isfinite(value))
    return false;
  return !elementType.isInteger(32) || (value >= INT32_MIN && value <= INT32_MAX);
}

/// Applies `compute` to each element; splats stay splats. Null if an operand is no constant, is too large, or a
/// result does not fit.
static Attribute foldEach(Type resultType, ArrayRef<Attribute> operands,
                          function_ref<double(ArrayRef<double>)> compute) {
  size_t size = 1;
  for (Attribute operand : operands) {
    ArrayRef<double> values = valuesOf(operand);
    if (values.empty() || values.size() > static_cast<size_t>(maxFoldedElements))
      return {};
    size = std::max(size, values.size());
  }
  Type elementType = cast<TensorType>(resultType).getElementType();
  SmallVector<double> results, arguments(operands.size());
  for (size_t i = 0; i < size; ++i) {
    for (auto [argument, operand] : llvm::zip_equal(arguments, operands)) {
      ArrayRef<double> values = valuesOf(operand);
      argument = values[values.size() == 1 ? 0 : i];
    }
    results.push_back(compute(arguments));
    if (!fits(results.back(), elementType))
      return {};
  }
  return DenseF64ArrayAttr::get(resultType.getContext(), results);
}

static Attribute foldUnary(Operation *op, Attribute input, double (*compute)(double)) {
  return foldEach(op->getResult(0).getType(), input, [&](ArrayRef<double> x) { return compute(x[0]); });
}
static Attribute foldBinary(Operation *op, Attribute lhs, Attribute rhs, double (*compute)(double, double)) {
  return foldEach(op->getResult(0).getType(), {lhs, rhs}, [&](ArrayRef<double> x) { return compute(x[0], x[1]); });
}

/// The operand of an op of the same kind that made the value: f(f(x)).
template <typename Op> static Value operandOf(Value value) {
  auto op = value.getDefiningOp<Op>();
  return op ? op.getInput() : Value();
}

OpFoldResult ExpOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::exp); }
OpFoldResult LogOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::log); }
OpFoldResult SqrtOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::sqrt); }
OpFoldResult ErfOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::erf); }
OpFoldResult TanhOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::tanh); }
OpFoldResult SinOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::sin); }
OpFoldResult CosOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::cos); }
OpFoldResult AbsOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::fabs); }
OpFoldResult FloorOp::fold(FoldAdaptor adaptor) { return foldUnary(*this, adaptor.getInput(), std::floor); }
OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (Value inner = operandOf<NegOp>(getInput()))
    return inner;
  return foldUnary(*this, adaptor.getInput(), [](double x) { return 0 - x; });
}
OpFoldResult NotOp::fold(FoldAdaptor adaptor) {
  if (Value inner = operandOf<NotOp>(getInput()))
    return inner;
  return foldUnary(*this, adaptor.getInput(), [](double x) { return 1 - x; });
}

// Commutative ops have their constant on the right when they come here.
OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 0))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a + b; });
}
OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 0))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a - b; });
}
OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a * b; });
}
OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a / b; });
}
OpFoldResult FloorDivOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return std::floor(a / b); });
}
OpFoldResult ModOp::fold(FoldAdaptor adaptor) {
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(),
                    [](double a, double b) { return a - b * std::floor(a / b); });
}
OpFoldResult PowOp::fold(FoldAdaptor adaptor) {
  if (isSplat(adaptor.getRhs(), 1))
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), std::pow);
}
OpFoldResult MaximumOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs())
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a < b ? b : a; });
}
OpFoldResult MinimumOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs())
    return getLhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return b < a ? b : a; });
}
OpFoldResult AndOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() || isSplat(adaptor.getRhs(), 1))
    return getLhs();
  if (isSplat(adaptor.getRhs(), 0))
    return adaptor.getRhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return a * b; });
}
OpFoldResult OrOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() || isSplat(adaptor.getRhs(), 0))
    return getLhs();
  if (isSplat(adaptor.getRhs(), 1))
    return adaptor.getRhs();
  return foldBinary(*this, adaptor.getLhs(), adaptor.getRhs(), [](double a, double b) { return std::fmax(a, b); });
}

static bool compareNumbers(Predicate predicate, double a, double b) {
  switch (predicate) {
  case Predicate::eq:
    return a == b;
  case Predicate::ne:
    return a != b;
  case Predicate::lt:
    return a < b;
  case Predicate::le:
    return a <= b;
  case Predicate::gt:
    return a > b;
  case Predicate::ge:
    return a >= b;
  }
  return false;
}

OpFoldResult CompareOp::fold(FoldAdaptor adaptor) {
  Predicate predicate = getPredicate();
  return foldEach(getType(), {adaptor.getLhs(), adaptor.getRhs()},
                  [&](ArrayRef<double> x) { return compareNumbers(predicate, x[0], x[1]); });
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getOnTrue() == getOnFalse() || isSplat(adaptor.getCondition(), 1))
    return getOnTrue();
  if (isSplat(adaptor.getCondition(), 0))
    return getOnFalse();
  return foldEach(getType(), {adaptor.getCondition(), adaptor.getOnTrue(), adaptor.getOnFalse()},
                  [](ArrayRef<double> x) { return x[0] != 0 ? x[1] : x[2]; });
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  Type to = cast<TensorType>(getType()).getElementType();
  // Integers and booleans survive a wider type: narrow -> wide -> any is narrow -> any.
  if (auto inner = getInput().getDefiningOp<CastOp>()) {
    auto rank = [](Value value) {
      Type type = cast<TensorType>(value.getType()).getElementType();
      return type.isInteger(1) ? 0 : type.isInteger(32) ? 1 : 2;
    };
    if (rank(inner.getInput()) < rank(inner.getResult())) {
      if (inner.getInput().getType() == getType())
        return inner.getInput();
      setOperand(inner.getInput());
      return getResult();
    }
  }
  return foldEach(getType(), adaptor.getInput(), [&](ArrayRef<double> x) {
    return to.isInteger(1) ? x[0] != 0 : to.isInteger(32) ? std::trunc(x[0]) : x[0];
  });
}

} // namespace sinter::ir
