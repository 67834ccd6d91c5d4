// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions that every text knows: dispatch, elementwise ones, casts, constants, initializers.
#include "frontend/elaborate/Elaborator.h"

#include <cmath>

namespace sinter::frontend {

Datum Elaborator::constantBuiltin(Builtin id, const Expr &expr, Frame &frame) {
  switch (id) {
  case Builtin::Lowest:
    return LowestValue{};
  case Builtin::Training:
    return false; // only forward programs are built
  default:
    return InitializerValue{id, 0};
  }
}

Datum Elaborator::callBuiltin(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  // The resolver has counted arguments; a call through a value is counted here.
  const BuiltinInfo &info = builtins()[size_t(id)];
  size_t positional = 0;
  for (const Given &arg : args)
    positional += arg.name == nullptr;
  bool named = positional != args.size();
  if (positional < size_t(info.least) || positional > size_t(info.most) || (named && !info.anyNamed)) {
    error(DiagId::TooManyArguments, expr.span,
          {std::string(info.name), std::to_string(info.most) + (info.most == 1 ? " argument" : " arguments"),
           std::to_string(args.size()) + (args.size() == 1 ? " is" : " are")},
          &frame);
    return {};
  }
  switch (id) {
  case Builtin::Sum:
  case Builtin::Max:
  case Builtin::Min:
  case Builtin::ArgMax:
    return reduce(id, args, expr, frame);
  case Builtin::CumSum:
    return cumsum(args, expr, frame);
  case Builtin::TopK:
    return topk(args, expr, frame);
  case Builtin::Pick:
    return pick(args, expr, frame);
  case Builtin::Concat:
    return concat(args, expr, frame);
  case Builtin::Split:
    return split(args, expr, frame);
  case Builtin::Rearrange:
    return rearrange(args, expr, frame);
  case Builtin::Broadcast:
    return broadcastTo(args, expr, frame);
  case Builtin::Arange:
    return arange(args[0], expr, frame);
  case Builtin::Tensor:
    return tensorOf(args[0], expr, frame);
  case Builtin::CastF32:
    return castTo(ElementType::F32, args[0], expr, frame);
  case Builtin::CastI32:
    return castTo(ElementType::I32, args[0], expr, frame);
  case Builtin::CastBool:
    return castTo(ElementType::Bool, args[0], expr, frame);
  case Builtin::Where:
    return where({&args[0].value, args[0].span}, {&args[1].value, args[1].span}, {&args[2].value, args[2].span}, expr,
                 frame);
  case Builtin::Normal:
  case Builtin::Uniform:
    return initializer(id, args[0], frame);
  case Builtin::Int8:
  case Builtin::Int4:
    return InitializerValue{id, 0};
  case Builtin::Random:
    error(DiagId::RandomOutsideTraining, expr.span, {}, &frame);
    return {};
  case Builtin::Shape: {
    const TensorValue *tensor = wantTensor(args[0], "shape", frame);
    if (!tensor)
      return {};
    std::vector<Datum> sizes;
    for (const Axis &axis : tensor->axes)
      sizes.push_back(axis.extent);
    return makeList(std::move(sizes));
  }
  case Builtin::Len:
    if (const ListValue *list = args[0].value.list())
      return int64_t(list->items.size());
    error(DiagId::NotAList, args[0].span, {describe(args[0].value)}, &frame);
    return {};
  case Builtin::Minimum:
  case Builtin::Maximum:
    return extremeBuiltin(id, args, expr, frame);
#define SINTER_UNARY(id, name, takes, folded)                                                                          \
  case Builtin::id:                                                                                                    \
    return unaryBuiltin(UnaryKind::id, name, args[0], expr, frame);
#include "frontend/resolve/Unary.def"
  // Constants are not called. No `default`: a name without a meaning does not compile.
  case Builtin::Lowest:
  case Builtin::Training:
  case Builtin::Zeros:
  case Builtin::Ones:
    break;
  }
  return {};
}

Datum Elaborator::initializer(Builtin id, const Given &arg, Frame &frame) {
  if (arg.value.isNumber())
    return InitializerValue{id, arg.value.number()};
  error(DiagId::WrongKind, arg.span, {"a number", describe(arg.value)}, &frame);
  return {};
}

Datum Elaborator::unaryBuiltin(UnaryKind kind, const char *name, const Given &arg, const Expr &expr, Frame &frame) {
  if (arg.value.isScalar())
    return foldUnary(kind, arg.value, expr, frame);
  const TensorValue *tensor = wantTensor(arg, name, frame);
  return tensor ? tensorUnary(kind, name, *tensor, arg.span, expr, frame) : Datum();
}

Datum Elaborator::extremeBuiltin(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const char *name = builtins()[size_t(id)].name.data();
  const Datum &a = args[0].value, &b = args[1].value;
  bool isMin = id == Builtin::Minimum;
  if (a.isScalar() && b.isScalar()) {
    if (a.is<int64_t>() && b.is<int64_t>())
      return isMin ? std::min(*a.as<int64_t>(), *b.as<int64_t>()) : std::max(*a.as<int64_t>(), *b.as<int64_t>());
    if (a.isIntegral() && b.isIntegral()) {
      Extent least = Extent::min(a.extent(), b.extent());
      return checkExtent(isMin ? least : a.extent() + b.extent() - least, expr.span, frame);
    }
    std::optional<double> x = constantOf(a, ElementType::F32, args[0].span, frame);
    std::optional<double> y = constantOf(b, ElementType::F32, args[1].span, frame);
    if (!x || !y)
      return {};
    return isMin ? std::min(*x, *y) : std::max(*x, *y);
  }
  return tensorBinary(isMin ? BinaryKind::Minimum : BinaryKind::Maximum, name, expr.span, {&a, args[0].span},
                      {&b, args[1].span}, expr, frame);
}

const TensorValue *Elaborator::wantTensor(const Given &arg, const char *what, const Frame &frame) {
  if (const TensorValue *tensor = arg.value.tensor())
    return tensor;
  if (!arg.value.isPoison())
    error(DiagId::OperandType, arg.span, {what, "a tensor", describe(arg.value)}, &frame);
  return nullptr;
}

Datum Elaborator::castTo(ElementType element, const Given &arg, const Expr &expr, Frame &frame) {
  if (const TensorValue *tensor = arg.value.tensor()) {
    if (tensor->element == element)
      return arg.value;
    TensorValue made{nullptr, element, tensor->axes};
    if (Emitter *to = out(); to && tensor->handle) {
      to->at(expr.span);
      made.handle = to->cast(tensor->handle, made.info());
    }
    return makeTensor(std::move(made));
  }
  Datum value = arg.value;
  if (value.is<LowestValue>())
    return asTensor(value, element, arg.span, frame);
  // A compile-time value becomes a scalar tensor of that type.
  if (const double *real = value.as<double>(); real && element == ElementType::I32) {
    double whole = std::trunc(*real);
    if (!(whole >= INT32_MIN && whole <= INT32_MAX)) {
      error(DiagId::IntRange, arg.span, {display(*real)}, &frame);
      return {};
    }
    value = int64_t(whole);
  } else if (element == ElementType::Bool && value.isNumber()) {
    value = value.number() != 0;
  } else if (const bool *held = value.as<bool>(); held && element != ElementType::Bool) {
    value = int64_t(*held);
  }
  return asTensor(value, element, arg.span, frame);
}

Datum Elaborator::arange(const Given &arg, const Expr &expr, Frame &frame) {
  if (!arg.value.isIntegral()) {
    error(DiagId::OperandType, arg.span, {"arange", "an int or a dimension", describe(arg.value)}, &frame);
    return {};
  }
  Axis axis{arg.value.extent(), arg.value.origin};
  std::optional<int64_t> known = axis.extent.constant();
  if (known && (*known < 1 || *known > INT32_MAX)) {
    error(DiagId::BadSize, arg.span, {*known}, &frame);
    return {};
  }
  TensorValue made{nullptr, ElementType::I32, {axis}};
  if (Emitter *to = out()) {
    to->at(expr.span);
    made.handle = to->iota(axis.extent);
  }
  return makeTensor(std::move(made));
}

Datum Elaborator::tensorOf(const Given &arg, const Expr &expr, Frame &frame) {
  const ListValue *list = arg.value.list();
  if (!list || list->items.empty()) {
    error(DiagId::OperandType, arg.span, {"tensor", "a list of numbers", describe(arg.value)}, &frame);
    return {};
  }
  std::vector<double> values;
  for (const Datum &item : list->items) {
    std::optional<double> value = constantOf(item, ElementType::F32, arg.span, frame);
    if (!value)
      return {};
    values.push_back(*value);
  }
  TensorValue made{nullptr, ElementType::F32, {{Extent(int64_t(values.size())), nullptr}}};
  if (Emitter *to = out()) {
    to->at(expr.span);
    made.handle = to->constant(values, made.info());
  }
  return makeTensor(std::move(made));
}

} // namespace sinter::frontend
