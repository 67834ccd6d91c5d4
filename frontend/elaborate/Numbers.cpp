// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators on compile-time values. Integers are 64-bit and checked, floats are float64 and finite,
// dimensions are polynomials; `/` is real, `//` and `%` floor.
#include "frontend/elaborate/Elaborator.h"

#include <cfloat>
#include <cmath>

namespace sinter::frontend {

namespace {
constexpr size_t maxStringLength = 4096;

bool isComparison(BinaryOp op) { return op >= BinaryOp::Equal && op <= BinaryOp::GreaterEqual; }

/// `lowest` among compile-time numbers is the smallest float32.
Datum withoutLowest(const Datum &value) { return value.is<LowestValue>() ? Datum(double(-FLT_MAX)) : value; }

template <typename T> bool compare(BinaryOp op, const T &a, const T &b) {
  switch (op) {
  case BinaryOp::Equal:
    return a == b;
  case BinaryOp::NotEqual:
    return a != b;
  case BinaryOp::Less:
    return a < b;
  case BinaryOp::LessEqual:
    return a <= b;
  case BinaryOp::Greater:
    return a > b;
  default:
    return a >= b;
  }
}

/// Equality of compile-time values for `==` and `in`; nullopt if they cannot be compared.
std::optional<bool> isEqual(const Datum &a, const Datum &b) {
  if (a.isNone() || b.isNone())
    return a.isNone() && b.isNone();
  if (a.isNumber() && b.isNumber()) {
    if (a.is<int64_t>() && b.is<int64_t>())
      return *a.as<int64_t>() == *b.as<int64_t>();
    return a.number() == b.number();
  }
  if (a.is<bool>() && b.is<bool>())
    return *a.as<bool>() == *b.as<bool>();
  if (a.is<std::string>() && b.is<std::string>())
    return *a.as<std::string>() == *b.as<std::string>();
  return std::nullopt;
}
} // namespace

Datum Elaborator::evalBinary(const BinaryExpr &node, const Expr &expr, Frame &frame) {
  if (node.op == BinaryOp::And || node.op == BinaryOp::Or)
    return evalLogic(node, expr, frame);
  Datum lhs = eval(*node.lhs, frame);
  Datum rhs = eval(*node.rhs, frame);
  if (lhs.isPoison() || rhs.isPoison())
    return {};
  auto wrong = [&](const Expr &side, const Datum &value, const char *wanted) {
    error(DiagId::OperandType, side.span, {spelling(node.op), wanted, describe(value)}, &frame);
    return Datum();
  };
  if (node.op == BinaryOp::Range) {
    for (auto [side, value] : {std::pair{&*node.lhs, &lhs}, std::pair{&*node.rhs, &rhs}}) {
      if (value->is<Extent>()) {
        error(DiagId::DimensionCounts, side->span, {value->as<Extent>()->str()}, &frame);
        return {};
      }
      if (!value->is<int64_t>())
        return wrong(*side, *value, "an int");
    }
    std::vector<Datum> items;
    int64_t first = *lhs.as<int64_t>(), last = *rhs.as<int64_t>(), count = 0;
    if (last < first) {
      error(DiagId::RangeBackward, expr.span, {first, last}, &frame);
      return {};
    }
    if (last > first && (__builtin_sub_overflow(last, first, &count) || count > maxListLength)) {
      error(DiagId::ListTooLong, expr.span, {maxListLength}, &frame);
      return {};
    }
    steps += count;
    for (int64_t i = first; i < last; ++i)
      items.push_back(i);
    return makeList(std::move(items));
  }
  if (node.op == BinaryOp::In) {
    const ListValue *list = rhs.list();
    if (!list || lhs.tensor())
      return list ? wrong(*node.lhs, lhs, "a compile-time value") : wrong(*node.rhs, rhs, "a list");
    for (const Datum &item : list->items)
      if (isEqual(lhs, item).value_or(false))
        return true;
    return false;
  }
  if (node.op == BinaryOp::MatMul)
    return matmul(node, lhs, rhs, expr, frame);
  if (isComparison(node.op)) {
    if (lhs.tensor() || rhs.tensor())
      return tensorCompare(ComparePredicate(int(node.op) - int(BinaryOp::Equal)), spelling(node.op), node.opSpan,
                           {&lhs, node.lhs->span}, {&rhs, node.rhs->span}, expr, frame);
    return foldCompare(node.op, lhs, rhs, expr, frame);
  }
  // A float and a dimension that is not known meet at run time.
  bool isRuntime = lhs.tensor() || rhs.tensor();
  if (!isRuntime && lhs.isScalar() && rhs.isScalar()) {
    bool symbolic =
        (lhs.is<Extent>() && !lhs.as<Extent>()->constant()) || (rhs.is<Extent>() && !rhs.as<Extent>()->constant());
    isRuntime = symbolic && (node.op == BinaryOp::Divide || !lhs.isIntegral() || !rhs.isIntegral());
  }
  if (!isRuntime)
    return foldArithmetic(node.op, lhs, rhs, expr, frame);
  BinaryKind kind = BinaryKind::Add;
  switch (node.op) {
  case BinaryOp::Subtract:
    kind = BinaryKind::Sub;
    break;
  case BinaryOp::Multiply:
    kind = BinaryKind::Mul;
    break;
  case BinaryOp::Divide:
    kind = BinaryKind::Div;
    break;
  case BinaryOp::FloorDivide:
    kind = BinaryKind::FloorDiv;
    break;
  case BinaryOp::Modulo:
    kind = BinaryKind::Mod;
    break;
  case BinaryOp::Power:
    kind = BinaryKind::Pow;
    break;
  default:
    break;
  }
  return tensorBinary(kind, spelling(node.op), node.opSpan, {&lhs, node.lhs->span}, {&rhs, node.rhs->span}, expr,
                      frame);
}

Datum Elaborator::evalLogic(const BinaryExpr &node, const Expr &expr, Frame &frame) {
  bool isAnd = node.op == BinaryOp::And;
  Datum lhs = eval(*node.lhs, frame);
  if (lhs.isPoison())
    return {};
  // A compile-time answer ends the evaluation, so that `x != none and x > 0` may be written.
  if (const bool *known = lhs.as<bool>(); known && *known != isAnd)
    return *known;
  Datum rhs = eval(*node.rhs, frame);
  if (rhs.isPoison())
    return {};
  for (auto [side, value] : {std::pair{&*node.lhs, &lhs}, std::pair{&*node.rhs, &rhs}}) {
    bool fits = value->is<bool>() || (value->tensor() && value->tensor()->element == ElementType::Bool);
    if (!fits) {
      error(DiagId::OperandType, side->span, {spelling(node.op), "a bool", describe(*value)}, &frame);
      return {};
    }
  }
  if (!lhs.tensor())
    return rhs; // the known side is neutral
  if (const bool *known = rhs.as<bool>())
    return *known == isAnd ? lhs : rhs;
  return tensorBinary(isAnd ? BinaryKind::And : BinaryKind::Or, spelling(node.op), node.opSpan, {&lhs, node.lhs->span},
                      {&rhs, node.rhs->span}, expr, frame);
}

Datum Elaborator::evalUnary(const UnaryExpr &node, const Expr &expr, Frame &frame) {
  Datum value = eval(*node.operand, frame);
  if (value.isPoison())
    return {};
  const TensorValue *tensor = value.tensor();
  if (node.op == UnaryOp::Not) {
    if (const bool *held = value.as<bool>())
      return !*held;
    if (tensor)
      return tensorUnary(UnaryKind::Not, "not", *tensor, node.operand->span, expr, frame);
    error(DiagId::OperandType, node.operand->span, {"not", "a bool", describe(value)}, &frame);
    return {};
  }
  if (tensor)
    return tensorUnary(UnaryKind::Neg, "-", *tensor, node.operand->span, expr, frame);
  if (value.isScalar())
    return foldUnary(UnaryKind::Neg, value, expr, frame);
  error(DiagId::OperandType, node.operand->span, {"-", "a number", describe(value)}, &frame);
  return {};
}

Datum Elaborator::foldArithmetic(BinaryOp op, const Datum &left, const Datum &right, const Expr &expr, Frame &frame) {
  const auto *text = left.as<std::string>();
  const auto *more = right.as<std::string>();
  if (op == BinaryOp::Add && text && more && text->size() + more->size() <= maxStringLength)
    return *text + *more;
  Datum lhs = withoutLowest(left), rhs = withoutLowest(right);
  const auto &node = *expr.as<BinaryExpr>();
  for (auto [side, value] : {std::pair{&*node.lhs, &lhs}, std::pair{&*node.rhs, &rhs}})
    if (!value->isScalar()) {
      error(DiagId::OperandType, side->span, {spelling(op), "a number", describe(*value)}, &frame);
      return {};
    }
  auto plain = [](const Datum &value) {
    const Extent *extent = value.as<Extent>();
    return extent && extent->constant() ? double(*extent->constant()) : value.number();
  };
  if (op == BinaryOp::Divide || lhs.is<double>() || rhs.is<double>())
    return foldFloats(op, plain(lhs), plain(rhs), expr, frame);
  if (lhs.is<Extent>() || rhs.is<Extent>())
    return foldExtents(op, lhs, rhs, expr, frame);
  return foldIntegers(op, *lhs.as<int64_t>(), *rhs.as<int64_t>(), expr, frame);
}

Datum Elaborator::foldIntegers(BinaryOp op, int64_t a, int64_t b, const Expr &expr, Frame &frame) {
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
  case BinaryOp::Add:
    overflow = __builtin_add_overflow(a, b, &result);
    break;
  case BinaryOp::Subtract:
    overflow = __builtin_sub_overflow(a, b, &result);
    break;
  case BinaryOp::Multiply:
    overflow = __builtin_mul_overflow(a, b, &result);
    break;
  case BinaryOp::FloorDivide:
  case BinaryOp::Modulo:
    if (b == 0) {
      error(DiagId::DivisionByZero, expr.span, {}, &frame);
      return {};
    }
    overflow = a == INT64_MIN && b == -1;
    if (!overflow) {
      int64_t quotient = a / b - (a % b != 0 && (a < 0) != (b < 0));
      result = op == BinaryOp::FloorDivide ? quotient : a - quotient * b;
    }
    break;
  default: // Power
    if (b < 0)
      return foldFloats(op, double(a), double(b), expr, frame);
    result = 1;
    for (int64_t factor = a; b > 0 && !overflow; b >>= 1) {
      if (b & 1)
        overflow |= __builtin_mul_overflow(result, factor, &result);
      if (b > 1)
        overflow |= __builtin_mul_overflow(factor, factor, &factor);
    }
  }
  if (!overflow)
    return result;
  error(DiagId::NumberOverflow, expr.span, {"a 64-bit integer"}, &frame);
  return {};
}

Datum Elaborator::foldExtents(BinaryOp op, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame) {
  Extent a = lhs.extent(), b = rhs.extent();
  switch (op) {
  case BinaryOp::Add:
    return checkExtent(a + b, expr.span, frame);
  case BinaryOp::Subtract:
    return checkExtent(a - b, expr.span, frame);
  case BinaryOp::Multiply:
    return checkExtent(a * b, expr.span, frame);
  case BinaryOp::FloorDivide:
  case BinaryOp::Modulo: {
    if (b.isConstant(0)) {
      error(DiagId::DivisionByZero, expr.span, {}, &frame);
      return {};
    }
    Extent quotient = Extent::floorDiv(a, b);
    return checkExtent(op == BinaryOp::FloorDivide ? quotient : a - b * quotient, expr.span, frame);
  }
  default: { // Power
    std::optional<int64_t> exponent = b.constant();
    if (!exponent || *exponent < 0 || *exponent > 8) {
      error(DiagId::OperandType, expr.as<BinaryExpr>()->rhs->span, {"**", "an exponent from 0 to 8", describe(rhs)},
            &frame)
          .note("the base is a dimension");
      return {};
    }
    Extent result = 1;
    for (int64_t i = 0; i < *exponent; ++i)
      result = result * a;
    return checkExtent(result, expr.span, frame);
  }
  }
}

Datum Elaborator::checkExtent(Extent value, Span span, const Frame &frame) {
  if (!value.overflowed())
    return value;
  error(DiagId::NumberOverflow, span, {"a dimension"}, &frame);
  return {};
}

Datum Elaborator::checkFinite(double value, const Expr &expr, Frame &frame) {
  if (std::isfinite(value))
    return value;
  error(std::isnan(value) ? DiagId::NotReal : DiagId::NumberOverflow, expr.span, {"a 64-bit float"}, &frame);
  return {};
}

Datum Elaborator::foldFloats(BinaryOp op, double a, double b, const Expr &expr, Frame &frame) {
  switch (op) {
  case BinaryOp::Add:
    return checkFinite(a + b, expr, frame);
  case BinaryOp::Subtract:
    return checkFinite(a - b, expr, frame);
  case BinaryOp::Multiply:
    return checkFinite(a * b, expr, frame);
  case BinaryOp::Power:
    if (a == 0 && b < 0)
      break;
    return checkFinite(std::pow(a, b), expr, frame);
  default:
    if (b == 0)
      break;
    if (op == BinaryOp::Divide)
      return checkFinite(a / b, expr, frame);
    double quotient = std::floor(a / b);
    return checkFinite(op == BinaryOp::FloorDivide ? quotient : a - b * quotient, expr, frame);
  }
  error(DiagId::DivisionByZero, expr.span, {}, &frame);
  return {};
}

Datum Elaborator::foldCompare(BinaryOp op, const Datum &left, const Datum &right, const Expr &expr, Frame &frame) {
  Datum lhs = withoutLowest(left), rhs = withoutLowest(right);
  if (lhs.is<Extent>() || rhs.is<Extent>()) {
    const Datum &dimension = lhs.is<Extent>() ? lhs : rhs;
    if (lhs.isNone() || rhs.isNone())
      return op == BinaryOp::NotEqual;
    error(DiagId::DimensionDecides, expr.span, {dimension.as<Extent>()->str()}, &frame);
    return {};
  }
  if (lhs.isNumber() && rhs.isNumber()) {
    if (lhs.is<int64_t>() && rhs.is<int64_t>())
      return compare(op, *lhs.as<int64_t>(), *rhs.as<int64_t>());
    return compare(op, lhs.number(), rhs.number());
  }
  if (op == BinaryOp::Equal || op == BinaryOp::NotEqual)
    if (std::optional<bool> equal = isEqual(lhs, rhs))
      return *equal == (op == BinaryOp::Equal);
  if ((op == BinaryOp::Equal || op == BinaryOp::NotEqual) && (lhs.isNone() || rhs.isNone()))
    return op == BinaryOp::NotEqual;
  error(DiagId::NotComparable, expr.as<BinaryExpr>() ? expr.as<BinaryExpr>()->opSpan : expr.span,
        {describe(lhs), describe(rhs), spelling(op)}, &frame);
  return {};
}

Datum Elaborator::foldUnary(UnaryKind kind, const Datum &given, const Expr &expr, Frame &frame) {
  Datum value = withoutLowest(given);
  if (const Extent *extent = value.as<Extent>()) {
    if (kind == UnaryKind::Neg)
      return checkExtent(Extent(0) - *extent, expr.span, frame);
    if (!extent->constant()) { // known at the call alone
      Datum scalar = asTensor(value, ElementType::F32, expr.span, frame);
      return tensorUnary(kind, "", *scalar.tensor(), expr.span, expr, frame);
    }
    value = *extent->constant();
  }
  if (const int64_t *whole = value.as<int64_t>()) {
    if (kind == UnaryKind::Neg)
      return foldIntegers(BinaryOp::Subtract, 0, *whole, expr, frame);
    if (kind == UnaryKind::Abs)
      return *whole < 0 ? foldIntegers(BinaryOp::Subtract, 0, *whole, expr, frame) : Datum(*whole);
    if (kind == UnaryKind::Floor)
      return *whole;
  }
  double x = value.number();
  switch (kind) {
#define SINTER_UNARY(id, name, takes, folded)                                                                          \
  case UnaryKind::id:                                                                                                  \
    return checkFinite(folded, expr, frame);
#include "frontend/resolve/Unary.def"
  case UnaryKind::Neg:
    return -x;
  case UnaryKind::Not: // is on conditions
    break;
  }
  return {};
}

} // namespace sinter::frontend
