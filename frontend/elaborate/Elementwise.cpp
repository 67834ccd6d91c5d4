// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators on tensors: one element type, shapes that agree after stretching, ops out. Only a missing
// axis or a compile-time 1 stretches; a number takes the type of the tensor it meets.
#include "frontend/elaborate/Elaborator.h"

#include <cfloat>
#include <cmath>

namespace sinter::frontend {

namespace {
constexpr size_t maxRank = 12;

/// The type that a number would be on its own.
ElementType naturalType(const Datum &value) {
  if (const TensorValue *tensor = value.tensor())
    return tensor->element;
  if (value.is<bool>())
    return ElementType::Bool;
  return value.isIntegral() ? ElementType::I32 : ElementType::F32;
}

enum class Takes { Real, Number, Bool };

Takes takenBy(UnaryKind kind) {
  switch (kind) {
#define SINTER_UNARY(id, name, takes, folded)                                                                          \
  case UnaryKind::id:                                                                                                  \
    return Takes::takes;
#include "frontend/resolve/Unary.def"
  case UnaryKind::Neg:
    return Takes::Number;
  case UnaryKind::Not:
    return Takes::Bool;
  }
  return Takes::Real;
}

std::string facts(const Datum &value) { return value.tensor() ? display(*value.tensor()) : describe(value); }
} // namespace

Datum Elaborator::result(TensorHandle handle, ElementType element, Axes axes, Span span, const Frame &frame) {
  if (axes.size() > maxRank) {
    error(DiagId::RankTooHigh, span, {int64_t(axes.size()), int64_t(maxRank)}, &frame);
    return {};
  }
  for (const Axis &axis : axes) {
    if (axis.extent.overflowed()) {
      error(DiagId::NumberOverflow, span, {"a dimension"}, &frame);
      return {};
    }
    if (std::optional<int64_t> known = axis.extent.constant(); known && *known < 1) {
      error(DiagId::BadSize, span, {*known}, &frame);
      return {};
    }
  }
  return makeTensor({handle, element, std::move(axes)});
}

std::optional<double> Elaborator::constantOf(const Datum &value, ElementType element, Span span, const Frame &frame) {
  auto wrong = [&]() {
    error(DiagId::NumberType, span, {describe(value), spelling(element)}, &frame);
    return std::nullopt;
  };
  if (const bool *held = value.as<bool>()) {
    if (element != ElementType::Bool)
      return wrong();
    return *held ? 1.0 : 0.0;
  }
  if (element == ElementType::Bool)
    return wrong();
  if (value.is<LowestValue>())
    return element == ElementType::F32 ? double(-FLT_MAX) : double(INT32_MIN);
  std::optional<int64_t> whole;
  if (value.is<int64_t>())
    whole = *value.as<int64_t>();
  else if (value.is<Extent>())
    whole = value.as<Extent>()->constant();
  if (whole) {
    if (element == ElementType::I32 && (*whole < INT32_MIN || *whole > INT32_MAX)) {
      error(DiagId::IntRange, span, {*whole}, &frame);
      return std::nullopt;
    }
    return double(*whole);
  }
  if (!value.is<double>())
    return wrong();
  if (element == ElementType::I32) {
    error(DiagId::FloatMeetsInt, span, {display(*value.as<double>())}, &frame);
    return std::nullopt;
  }
  return *value.as<double>();
}

TensorHandle Elaborator::stretch(const TensorValue &tensor, const Axes &axes) {
  Emitter *to = out();
  if (!to || !tensor.handle)
    return nullptr;
  size_t missing = axes.size() - tensor.rank();
  bool same = missing == 0;
  ViewMap map;
  for (size_t i = 0; i < tensor.rank(); ++i) {
    ViewIndex index;
    if (tensor.axes[i].extent == axes[missing + i].extent)
      index.terms.push_back({unsigned(missing + i)});
    else
      same = false;
    map.push_back(std::move(index));
  }
  if (same)
    return tensor.handle;
  return to->view(tensor.handle, map, TensorValue{nullptr, tensor.element, axes}.info());
}

TensorHandle Elaborator::materialize(const Datum &value, ElementType element, const Axes &axes, Span span,
                                     const Frame &frame, bool &ok) {
  if (const TensorValue *tensor = value.tensor())
    return stretch(*tensor, axes);
  const Extent *extent = value.as<Extent>();
  if (extent && !extent->constant() && element != ElementType::Bool) {
    TensorValue scalar{nullptr, element, {}};
    if (Emitter *to = out())
      scalar.handle = to->dim(*extent, element);
    return stretch(scalar, axes);
  }
  std::optional<double> number = constantOf(value, element, span, frame);
  ok &= number.has_value();
  Emitter *to = out();
  if (!number || !to)
    return nullptr;
  return to->constant(std::span(&*number, 1), TensorValue{nullptr, element, axes}.info());
}

Datum Elaborator::asTensor(const Datum &value, ElementType element, Span span, const Frame &frame) {
  if (value.isPoison() || value.tensor())
    return value;
  if (!value.isScalar() && !value.is<bool>()) {
    error(DiagId::WrongKind, span, {std::string("a tensor of ") + spelling(element), describe(value)}, &frame);
    return {};
  }
  bool ok = true;
  if (Emitter *to = out())
    to->at(span);
  TensorHandle handle = materialize(value, element, {}, span, frame, ok);
  return ok ? makeTensor({handle, element, {}}) : Datum();
}

std::optional<ElementType> Elaborator::commonElement(const char *op, Span opSpan, const Operand &lhs,
                                                     const Operand &rhs, const Frame &frame) {
  const TensorValue *a = lhs.value->tensor(), *b = rhs.value->tensor();
  if (a && b && a->element != b->element) {
    const char *wanted = a->element == ElementType::F32 || b->element == ElementType::F32 ? "f32" : "i32";
    error(DiagId::ElementMismatch, opSpan, {op, spelling(a->element), spelling(b->element)}, &frame)
        .label(lhs.span, display(*a))
        .label(rhs.span, display(*b))
        .help(std::string("tensors of different types never mix: cast one, as in `") + wanted + "(x)`");
    return std::nullopt;
  }
  if (a || b)
    return (a ? a : b)->element;
  // Both are numbers: whole unless one is not.
  ElementType x = naturalType(*lhs.value), y = naturalType(*rhs.value);
  if (x == ElementType::Bool || y == ElementType::Bool)
    return ElementType::Bool;
  return x == ElementType::F32 || y == ElementType::F32 ? ElementType::F32 : ElementType::I32;
}

void Elaborator::labelOrigins(Diagnostic &report, const Axes &lhs, const Axes &rhs) {
  std::set<std::string> shown;
  for (const Axes *axes : {&lhs, &rhs})
    for (const Axis &axis : *axes) {
      // A size that was computed has its place, too.
      if (std::optional<int64_t> size = axis.extent.constant(); size && axis.origin && axis.origin->is<BinaryExpr>())
        if (shown.insert(toString(*axis.origin)).second)
          report.label(axis.origin->span, std::to_string(*size) + " comes from here");
      for (const std::string &symbol : axis.extent.symbols())
        if (auto place = symbolPlaces.find(symbol); place != symbolPlaces.end() && shown.insert(symbol).second)
          report.label(place->second.front(), "`" + symbol + "` is bound here");
    }
}

std::optional<Axes> Elaborator::broadcastAxes(const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                                              const Frame &frame) {
  static const Axes none;
  const TensorValue *a = lhs.value->tensor(), *b = rhs.value->tensor();
  const Axes &x = a ? a->axes : none, &y = b ? b->axes : none;
  Axes result(std::max(x.size(), y.size()));
  for (size_t i = 0; i < result.size(); ++i) { // from the right
    const Axis *p = i < x.size() ? &x[x.size() - 1 - i] : nullptr;
    const Axis *q = i < y.size() ? &y[y.size() - 1 - i] : nullptr;
    Axis &axis = result[result.size() - 1 - i];
    if (p && q && p->extent != q->extent && !p->extent.isConstant(1) && !q->extent.isConstant(1)) {
      Diagnostic &report = error(DiagId::ShapeMismatch, opSpan, {op, display(*p), display(*q), int64_t(i + 1)}, &frame)
                               .label(lhs.span, display(x))
                               .label(rhs.span, display(y));
      labelOrigins(report, {*p}, {*q});
      if (!p->extent.constant() || !q->extent.constant())
        report.note("a dimension never stretches, even when it is 1 at run time");
      return std::nullopt;
    }
    if (!p || !q)
      axis = p ? *p : *q;
    else if (p->extent == q->extent)
      axis = p->origin ? *p : *q;
    else
      axis = p->extent.isConstant(1) ? *q : *p;
  }
  return result;
}

Datum Elaborator::tensorBinary(BinaryKind kind, const char *op, Span opSpan, const Operand &lhs, const Operand &rhs,
                               const Expr &expr, Frame &frame) {
  for (const Operand *side : {&lhs, &rhs})
    if (!side->value->tensor() && !side->value->isScalar() && !side->value->is<bool>()) {
      error(DiagId::OperandType, side->span, {op, "a tensor or a number", describe(*side->value)}, &frame);
      return {};
    }
  std::optional<ElementType> element = commonElement(op, opSpan, lhs, rhs, frame);
  if (!element)
    return {};
  if (!lhs.value->tensor() && !rhs.value->tensor()) // a dimension in a real formula
    element = ElementType::F32;
  bool wantsBool = kind == BinaryKind::And || kind == BinaryKind::Or;
  bool wantsReal = kind == BinaryKind::Div || kind == BinaryKind::Pow;
  bool wantsInt = kind == BinaryKind::FloorDiv || kind == BinaryKind::Mod;
  bool fits = wantsBool   ? *element == ElementType::Bool
              : wantsReal ? *element == ElementType::F32
              : wantsInt  ? *element == ElementType::I32
                          : *element != ElementType::Bool;
  if (!fits) {
    const Operand &shown = lhs.value->tensor() ? lhs : rhs;
    Diagnostic &report = error(DiagId::OperandType, shown.span,
                               {op,
                                wantsBool   ? "bool"
                                : wantsReal ? "f32"
                                : wantsInt  ? "i32"
                                            : "f32 or i32",
                                facts(*shown.value)},
                               &frame);
    if (wantsReal && *element == ElementType::I32)
      report.help(kind == BinaryKind::Div ? "cast with f32(x); for whole numbers there is `//`" : "cast with f32(x)");
    return {};
  }
  std::optional<Axes> axes = broadcastAxes(op, opSpan, lhs, rhs, frame);
  if (!axes)
    return {};
  if (Emitter *to = out())
    to->at(opSpan);
  bool ok = true;
  TensorHandle a = materialize(*lhs.value, *element, *axes, lhs.span, frame, ok);
  TensorHandle b = materialize(*rhs.value, *element, *axes, rhs.span, frame, ok);
  if (!ok)
    return {};
  TensorValue made{nullptr, *element, *axes};
  if (Emitter *to = out(); to && a && b)
    made.handle = to->binary(kind, a, b, made.info());
  return result(made.handle, *element, std::move(*axes), expr.span, frame);
}

Datum Elaborator::tensorCompare(ComparePredicate predicate, const char *op, Span opSpan, const Operand &lhs,
                                const Operand &rhs, const Expr &expr, Frame &frame) {
  if (lhs.value->isNone() || rhs.value->isNone())
    return predicate == ComparePredicate::NotEqual;
  for (const Operand *side : {&lhs, &rhs}) {
    const TensorValue *tensor = side->value->tensor();
    if (tensor ? tensor->element == ElementType::Bool : !side->value->isScalar()) {
      error(DiagId::OperandType, side->span, {op, "f32 or i32", facts(*side->value)}, &frame);
      return {};
    }
  }
  std::optional<ElementType> element = commonElement(op, opSpan, lhs, rhs, frame);
  std::optional<Axes> axes = element ? broadcastAxes(op, opSpan, lhs, rhs, frame) : std::nullopt;
  if (!axes)
    return {};
  if (Emitter *to = out())
    to->at(opSpan);
  bool ok = true;
  TensorHandle a = materialize(*lhs.value, *element, *axes, lhs.span, frame, ok);
  TensorHandle b = materialize(*rhs.value, *element, *axes, rhs.span, frame, ok);
  if (!ok)
    return {};
  TensorValue made{nullptr, ElementType::Bool, *axes};
  if (Emitter *to = out(); to && a && b)
    made.handle = to->compare(predicate, a, b, made.info());
  return result(made.handle, ElementType::Bool, std::move(*axes), expr.span, frame);
}

Datum Elaborator::tensorUnary(UnaryKind kind, const char *op, const TensorValue &value, Span span, const Expr &expr,
                              Frame &frame) {
  Takes takes = takenBy(kind);
  bool fits = takes == Takes::Bool     ? value.element == ElementType::Bool
              : takes == Takes::Number ? value.element != ElementType::Bool
                                       : value.element == ElementType::F32;
  if (!fits) {
    Diagnostic &report = error(DiagId::OperandType, span,
                               {op,
                                takes == Takes::Bool     ? "bool"
                                : takes == Takes::Number ? "f32 or i32"
                                                         : "f32",
                                display(value)},
                               &frame);
    if (takes == Takes::Real)
      report.help("cast with f32(x)");
    return {};
  }
  TensorValue made{nullptr, value.element, value.axes};
  if (Emitter *to = out(); to && value.handle) {
    to->at(expr.span);
    made.handle = to->unary(kind, value.handle, made.info());
  }
  return makeTensor(std::move(made));
}

Datum Elaborator::where(const Operand &condition, const Operand &onTrue, const Operand &onFalse, const Expr &expr,
                        Frame &frame) {
  if (const bool *known = condition.value->as<bool>()) {
    const Datum &taken = *known ? *onTrue.value : *onFalse.value;
    if (!onTrue.value->tensor() && !onFalse.value->tensor())
      return taken;
  }
  const TensorValue *mask = condition.value->tensor();
  if (!condition.value->is<bool>() && (!mask || mask->element != ElementType::Bool)) {
    error(DiagId::OperandType, condition.span, {"where", "a bool condition", facts(*condition.value)}, &frame);
    return {};
  }
  for (const Operand *side : {&onTrue, &onFalse})
    if (!side->value->tensor() && !side->value->isScalar() && !side->value->is<bool>()) {
      error(DiagId::OperandType, side->span, {"where", "a tensor or a number", describe(*side->value)}, &frame);
      return {};
    }
  std::optional<ElementType> element = commonElement("where", expr.span, onTrue, onFalse, frame);
  std::optional<Axes> both = element ? broadcastAxes("where", expr.span, onTrue, onFalse, frame) : std::nullopt;
  if (!both)
    return {};
  Datum values = makeTensor({nullptr, *element, *both});
  std::optional<Axes> axes =
      broadcastAxes("where", expr.span, condition, {&values, onTrue.span.to(onFalse.span)}, frame);
  if (!axes)
    return {};
  if (Emitter *to = out())
    to->at(expr.span);
  bool ok = true;
  TensorHandle c = materialize(*condition.value, ElementType::Bool, *axes, condition.span, frame, ok);
  TensorHandle a = materialize(*onTrue.value, *element, *axes, onTrue.span, frame, ok);
  TensorHandle b = materialize(*onFalse.value, *element, *axes, onFalse.span, frame, ok);
  if (!ok)
    return {};
  TensorValue made{nullptr, *element, *axes};
  if (Emitter *to = out(); to && a && b && c)
    made.handle = to->select(c, a, b, made.info());
  return result(made.handle, *element, std::move(*axes), expr.span, frame);
}

} // namespace sinter::frontend
