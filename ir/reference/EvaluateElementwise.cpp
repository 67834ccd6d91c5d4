// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What elementwise ops mean.
#include "ir/reference/Frame.h"
#include "ir/reference/Scalars.h"

using namespace mlir;

namespace sinter::ir {

/// Applies `compute` to each element of the operands, which have the result's shape.
template <typename Compute> static LogicalResult each(Frame &frame, Operation *op, Compute compute) {
  auto result = frame.allocate(op, op->getResult(0).getType());
  if (failed(result))
    return failure();
  SmallVector<const double *> operands;
  for (Value operand : op->getOperands())
    operands.push_back(frame.get(operand).data.data());
  for (int64_t i = 0; i < result->size(); ++i)
    result->data[i] = compute(operands.data(), i);
  frame.set(op->getResult(0), std::move(*result));
  return success();
}
template <typename Compute> static LogicalResult unary(Frame &frame, Operation *op, Compute compute) {
  return each(frame, op, [&](const double *const *x, int64_t i) { return compute(x[0][i]); });
}
/// `real` for f32 and i1, `whole` (on 64-bit integers) for i32.
template <typename Real, typename Whole>
static LogicalResult binary(Frame &frame, Operation *op, Real real, Whole whole) {
  if (frame.get(op->getOperand(0)).elementType.isInteger(32))
    return each(frame, op,
                [&](const double *const *x, int64_t i) { return wrap32(whole(toInt(x[0][i]), toInt(x[1][i]))); });
  return each(frame, op, [&](const double *const *x, int64_t i) { return real(x[0][i], x[1][i]); });
}

LogicalResult ExpOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::exp(x); });
}
LogicalResult LogOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::log(x); });
}
LogicalResult SqrtOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::sqrt(x); });
}
LogicalResult ErfOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::erf(x); });
}
LogicalResult TanhOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::tanh(x); });
}
LogicalResult SinOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::sin(x); });
}
LogicalResult CosOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::cos(x); });
}
LogicalResult FloorOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return std::floor(x); });
}
LogicalResult NotOp::evaluate(Frame &frame) {
  return unary(frame, *this, [](double x) { return 1 - x; });
}
LogicalResult AbsOp::evaluate(Frame &frame) {
  bool isInt = frame.get(getInput()).elementType.isInteger(32);
  return unary(frame, *this, [&](double x) { return isInt ? wrap32(std::abs(toInt(x))) : std::fabs(x); });
}
LogicalResult NegOp::evaluate(Frame &frame) {
  bool isInt = frame.get(getInput()).elementType.isInteger(32);
  return unary(frame, *this, [&](double x) { return isInt ? wrap32(-toInt(x)) : -x; });
}

LogicalResult AddOp::evaluate(Frame &frame) {
  auto add = [](auto a, auto b) { return a + b; };
  return binary(frame, *this, add, add);
}
LogicalResult SubOp::evaluate(Frame &frame) {
  auto subtract = [](auto a, auto b) { return a - b; };
  return binary(frame, *this, subtract, subtract);
}
LogicalResult MulOp::evaluate(Frame &frame) {
  auto multiply = [](auto a, auto b) { return a * b; };
  return binary(frame, *this, multiply, multiply);
}
LogicalResult MaximumOp::evaluate(Frame &frame) {
  return binary(frame, *this, maximumOf, [](int64_t a, int64_t b) { return std::max(a, b); });
}
LogicalResult MinimumOp::evaluate(Frame &frame) {
  return binary(frame, *this, minimumOf, [](int64_t a, int64_t b) { return std::min(a, b); });
}
LogicalResult DivOp::evaluate(Frame &frame) {
  return each(frame, *this, [](const double *const *x, int64_t i) { return x[0][i] / x[1][i]; });
}
LogicalResult PowOp::evaluate(Frame &frame) {
  return each(frame, *this, [](const double *const *x, int64_t i) { return std::pow(x[0][i], x[1][i]); });
}
LogicalResult AndOp::evaluate(Frame &frame) {
  return each(frame, *this, [](const double *const *x, int64_t i) { return x[0][i] * x[1][i]; });
}
LogicalResult OrOp::evaluate(Frame &frame) {
  return each(frame, *this, [](const double *const *x, int64_t i) { return std::max(x[0][i], x[1][i]); });
}

static LogicalResult refuseZero(Frame &frame, Operation *op) {
  if (llvm::is_contained(frame.get(op->getOperand(1)).data, 0.0))
    return frame.fail(op, "divides by zero");
  return success();
}
LogicalResult FloorDivOp::evaluate(Frame &frame) {
  if (failed(refuseZero(frame, *this)))
    return failure();
  return each(frame, *this,
              [](const double *const *x, int64_t i) { return wrap32(floorQuotient(toInt(x[0][i]), toInt(x[1][i]))); });
}
LogicalResult ModOp::evaluate(Frame &frame) {
  if (failed(refuseZero(frame, *this)))
    return failure();
  return each(frame, *this, [](const double *const *x, int64_t i) {
    int64_t a = toInt(x[0][i]), b = toInt(x[1][i]);
    return wrap32(a - b * floorQuotient(a, b));
  });
}

LogicalResult CompareOp::evaluate(Frame &frame) {
  return each(frame, *this, [predicate = getPredicate()](const double *const *x, int64_t i) -> double {
    double a = x[0][i], b = x[1][i];
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
    return 0;
  });
}
LogicalResult SelectOp::evaluate(Frame &frame) {
  return each(frame, *this, [](const double *const *x, int64_t i) { return x[0][i] != 0 ? x[1][i] : x[2][i]; });
}
LogicalResult CastOp::evaluate(Frame &frame) {
  Type to = getResult().getType().getElementType();
  if (to.isInteger(1))
    return unary(frame, *this, [](double x) -> double { return x != 0; });
  if (to.isInteger(32))
    return unary(frame, *this, truncateToInt);
  return unary(frame, *this, [](double x) { return x; });
}

} // namespace sinter::ir
