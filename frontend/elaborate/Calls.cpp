// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls: arguments meet parameters, dimensions are bound, the body is walked in place, results are
// held against the signature. After an error the declared results stand in, so that checking goes on.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

namespace {
constexpr unsigned maxCallDepth = 64;

std::string counted(size_t number, const char *word) {
  return std::to_string(number) + " " + word + (number == 1 ? "" : "s");
}
} // namespace

Datum Elaborator::evalCall(const CallExpr &node, const Expr &expr, Frame &frame) {
  Datum callee = eval(*node.callee, frame);
  if (callee.isPoison())
    return {};
  std::vector<Given> args;
  bool ok = true;
  for (const Argument &argument : node.arguments) {
    args.push_back({eval(*argument.value, frame), argument.value->span, argument.value.get(),
                    argument.name ? &*argument.name : nullptr});
    ok &= !args.back().value.isPoison();
  }
  FunctionValue target{};
  if (auto *instance = callee.as<Instance *>()) {
    Instance &owner = ownerOf(**instance, "forward");
    auto found = owner.functions.find("forward");
    if (found == owner.functions.end()) {
      error(DiagId::NoFunction, node.callee->span, {(*instance)->module->name.text, "forward"}, &frame);
      return {};
    }
    target = {found->second, owner.scope, &owner};
  } else if (auto *function = callee.as<FunctionValue>()) {
    target = *function;
  } else if (auto *builtin = callee.as<BuiltinValue>()) {
    return ok ? callBuiltin(builtin->id, args, expr, frame) : Datum();
  } else if (auto *routed = callee.as<RoutedValue>()) {
    return ok ? callRouted(*routed, args, expr, frame) : Datum();
  } else {
    error(DiagId::NotCallable, node.callee->span, {describe(callee)}, &frame);
    return {};
  }
  return callFunction(target, args, expr, frame);
}

bool Elaborator::matchArguments(const Function &function, const std::vector<Given> &args, Span span, Frame &caller,
                                std::vector<const Given *> &byArgument) {
  byArgument.assign(function.args.size(), nullptr);
  size_t next = 0;
  for (const Given &given : args) {
    size_t at = next;
    if (given.name) {
      at = 0;
      while (at < function.args.size() && function.args[at].name.text != given.name->text)
        ++at;
      if (at == function.args.size()) {
        error(DiagId::UnknownArgument, given.name->span, {function.name.text, given.name->text}, &caller);
        return false;
      }
    } else if (next++ >= function.args.size()) {
      error(DiagId::TooManyArguments, given.span,
            {function.name.text, counted(function.args.size(), "argument"),
             std::to_string(args.size()) + (args.size() == 1 ? " is" : " are")},
            &caller);
      return false;
    }
    if (byArgument[at]) {
      error(DiagId::ArgumentTwice, given.span, {function.args[at].name.text}, &caller);
      return false;
    }
    byArgument[at] = &given;
  }
  for (size_t i = 0; i < byArgument.size(); ++i)
    if (!byArgument[i] && !function.args[i].defaultValue) {
      error(DiagId::MissingArgument, span, {function.name.text, function.args[i].name.text}, &caller)
          .label(function.args[i].span, "declared here");
      return false;
    }
  return true;
}

bool Elaborator::bindGivenInputs(const FunctionValue &callee, const std::vector<Given> &inputs, Frame &frame,
                                 const Frame &caller) {
  for (const Given &given : inputs)
    for (const Input *input : callee.instance->inputs) {
      if (input->arg.name.text != given.name->text)
        continue;
      const TensorType *type = input->arg.type.tensor();
      if (!type || given.value.isPoison())
        return false;
      Datum value = asTensor(given.value, type->element, given.span, caller);
      const TensorValue *tensor = value.tensor();
      if (!tensor || !bindCapitals(input->arg, *type, *tensor, given.span, frame, caller) ||
          !checkArgument(input->arg, *type, *tensor, given.span, frame, caller))
        return false;
      frame.locals[input->arg.name.text] = std::move(value);
    }
  return true;
}

Datum Elaborator::callFunction(const FunctionValue &callee, const std::vector<Given> &given, const Expr &expr,
                               Frame &caller) {
  const Function &function = *callee.function;
  if (caller.depth >= maxCallDepth) {
    error(DiagId::CallsTooDeep, expr.span, {int64_t(maxCallDepth)}, &caller);
    exhausted = true;
    return {};
  }
  Frame frame;
  frame.scope = callee.scope;
  frame.instance = callee.instance;
  frame.function = &function;
  frame.caller = &caller;
  frame.callSpan = expr.span;
  frame.depth = caller.depth + 1;
  if (callee.instance)
    checkedFunctions.insert(callee.instance->likeness + "." + function.name.text);

  // An input that the caller gives is none of the function's own arguments.
  std::vector<Given> args, inputs;
  for (const Given &one : given) {
    bool isInput = false;
    for (const Input *input : callee.instance ? callee.instance->inputs : std::vector<const Input *>())
      isInput |= one.name && input->arg.name.text == one.name->text;
    (isInput ? inputs : args).push_back(one);
  }
  std::vector<const Given *> byArgument;
  if (!matchArguments(function, args, expr.span, caller, byArgument))
    return {};
  bool poisoned = false;
  for (size_t i = 0; i < byArgument.size(); ++i) {
    if (!byArgument[i])
      continue;
    const Arg &arg = function.args[i];
    if (byArgument[i]->value.isPoison()) {
      poisoned = true;
      frame.locals[arg.name.text] = Datum();
    } else if (const HyperType *type = arg.type.hyper()) {
      Datum value =
          coerce(byArgument[i]->value, *type, *callee.scope, byArgument[i]->span, arg.name.text, &caller, true);
      poisoned |= value.isPoison();
      frame.locals[arg.name.text] = std::move(value);
    }
  }
  bool bound = bindTensors(function, byArgument, frame, caller) && bindGivenInputs(callee, inputs, frame, caller);
  if (poisoned || !bound)
    return declaredResults(function, frame);
  for (size_t i = 0; i < byArgument.size(); ++i)
    if (!byArgument[i] && !bindDefault(function.args[i], frame))
      return declaredResults(function, frame);
  if (!bindInputs(frame))
    return {};
  Flow flow = execute(function.body, frame);
  if (flow != Flow::Returned)
    return declaredResults(function, frame);
  return finishCall(function, frame, expr.span);
}

/// What the signature promises, where its dimensions are known; no error is reported.
Datum Elaborator::declaredResults(const Function &function, Frame &frame) {
  std::vector<Datum> items;
  for (const Arg &arg : function.results) {
    Datum value;
    if (const TensorType *type = arg.type.tensor())
      if (std::optional<Axes> axes = tryDims(*type, frame))
        value = makeTensor({nullptr, type->element, std::move(*axes)});
    items.push_back(std::move(value));
  }
  if (items.size() == 1)
    return items.front();
  return makeList(std::move(items), true);
}

std::optional<Axes> Elaborator::tryDims(const TensorType &type, Frame &frame) {
  // Only plain capitals, literals and `...` that are bound: evaluating more could report again.
  Axes axes;
  for (const auto &dim : type.dims) {
    if (dim.isRest()) {
      if (!frame.rest)
        return std::nullopt;
      axes.insert(axes.end(), frame.rest->begin(), frame.rest->end());
      continue;
    }
    if (const std::string *name = aloneCapital(dim)) {
      auto bound = frame.dims.find(*name);
      if (bound == frame.dims.end())
        return std::nullopt;
      axes.push_back(bound->second.axis);
      continue;
    }
    if (dim.expr->is<NameRef>() || dim.expr->is<MemberExpr>() || dim.expr->is<IntLiteral>()) {
      Datum value = eval(*dim.expr, frame);
      if (!value.isIntegral())
        return std::nullopt;
      axes.push_back({value.extent(), value.origin});
      continue;
    }
    return std::nullopt;
  }
  return axes;
}

bool Elaborator::bindDefault(const Arg &arg, Frame &frame) {
  Datum value = eval(*arg.defaultValue, frame);
  if (value.isPoison())
    return false;
  if (const HyperType *type = arg.type.hyper()) {
    value = coerce(value, *type, *frame.scope, arg.defaultValue->span, arg.name.text, &frame, true);
    frame.locals[arg.name.text] = value;
    return !value.isPoison();
  }
  // A default stretches to its argument's type.
  const TensorType &type = *arg.type.tensor();
  std::optional<Axes> axes = evalDims(type, frame);
  if (!axes)
    return false;
  Span span = arg.defaultValue->span;
  const TensorValue *tensor = value.tensor();
  if (tensor) {
    bool fits = tensor->element == type.element && tensor->rank() <= axes->size();
    for (size_t i = 0; fits && i < tensor->rank(); ++i) {
      const Extent &from = tensor->axes[i].extent;
      fits = from.isConstant(1) || from == (*axes)[axes->size() - tensor->rank() + i].extent;
    }
    if (!fits) {
      error(DiagId::DefaultShape, span, {display(*tensor), arg.name.text, spelling(type.element) + display(*axes)},
            &frame)
          .label(arg.type.span, "the argument's type");
      return false;
    }
  }
  if (!tensor && !value.isScalar() && !value.is<bool>()) {
    error(DiagId::WrongKind, span, {"a number or a tensor", describe(value)}, &frame);
    return false;
  }
  if (Emitter *to = out())
    to->at(span);
  bool ok = true;
  TensorHandle handle = materialize(value, type.element, *axes, span, frame, ok);
  frame.locals[arg.name.text] = makeTensor({handle, type.element, std::move(*axes)});
  return ok;
}

bool Elaborator::bindInputs(Frame &frame) {
  if (!frame.instance)
    return true;
  for (const Input *input : frame.instance->inputs) {
    const Arg &arg = input->arg;
    if (frame.locals.contains(arg.name.text))
      continue; // the call gives it
    const TensorType *type = arg.type.tensor();
    if (!type) {
      error(DiagId::RootArgument, arg.span, {arg.name.text, toString(arg.type)}, &frame);
      return false;
    }
    declareCapitals(arg.type, frame, "input `" + arg.name.text + "`");
    auto known = rootInputs.find(arg.name.text);
    std::optional<Axes> axes = evalDims(*type, frame);
    if (!axes)
      return false;
    TensorValue value{nullptr, type->element, *axes};
    if (known == rootInputs.end()) {
      bool folded = options.foldDefaults && !options.given.contains(arg.name.text) && arg.defaultValue;
      if (folded) {
        // In every body anew: a value of one body is not seen by another.
        if (!bindDefault(arg, frame))
          return false;
      } else {
        EmittedArgument argument{arg.name.text, value.info(), std::nullopt};
        if (arg.defaultValue) {
          Datum given = eval(*arg.defaultValue, frame);
          if (given.isScalar() || given.is<bool>())
            argument.defaultValue = constantOf(given, type->element, arg.defaultValue->span, frame);
        }
        if (Emitter *to = out()) {
          to->at(arg.span);
          value.handle = to->addArgument(argument);
        }
        known = rootInputs.emplace(arg.name.text, RootInput{makeTensor(value), *axes, input}).first;
      }
    } else if (known->second.value.tensor()->element != type->element ||
               known->second.value.tensor()->shape() != value.shape()) {
      error(DiagId::InputTwice, arg.span, {arg.name.text}, &frame)
          .at(spelling(type->element) + display(*axes))
          .label(known->second.input->arg.span, display(*known->second.value.tensor()));
      return false;
    }
  }
  return true;
}

bool Elaborator::checkResult(const Function &function, const Arg &arg, Datum &value, Frame &frame, Span span) {
  if (value.isPoison())
    return false;
  if (const HyperType *type = arg.type.hyper()) {
    value = coerce(value, *type, *frame.scope, span, "the result of " + function.name.text, &frame, true);
    return !value.isPoison();
  }
  const TensorType &type = *arg.type.tensor();
  std::optional<Axes> axes = evalDims(type, frame);
  if (!axes)
    return false;
  value = asTensor(value, type.element, span, frame);
  const TensorValue *tensor = value.tensor();
  if (!tensor)
    return false;
  bool fits = tensor->rank() == axes->size() && tensor->element == type.element;
  for (size_t i = 0; fits && i < axes->size(); ++i)
    fits = tensor->axes[i].extent == (*axes)[i].extent;
  if (fits) {
    // From here on the caller sees what the signature says.
    for (size_t i = 0; i < axes->size(); ++i)
      if (!(*axes)[i].origin)
        (*axes)[i].origin = tensor->axes[i].origin;
    value = makeTensor({tensor->handle, tensor->element, std::move(*axes)});
    return true;
  }
  Diagnostic &report =
      error(DiagId::ResultShape, span, {function.name.text, spelling(type.element) + display(*axes)}, &frame)
          .at(display(*tensor))
          .label(arg.type.span, "declared here");
  labelDims(report, type, frame);
  return false;
}

Datum Elaborator::finishCall(const Function &function, Frame &frame, Span span) {
  if (frame.returned.size() != function.results.size()) {
    error(DiagId::ResultCount, function.name.span,
          {function.name.text, counted(function.results.size(), "result"),
           std::to_string(frame.returned.size()) + (frame.returned.size() == 1 ? " is" : " are")},
          &frame);
    return declaredResults(function, frame);
  }
  bool ok = true;
  for (size_t i = 0; i < function.results.size(); ++i)
    ok &= checkResult(function, function.results[i], frame.returned[i], frame,
                      i < frame.returnSpans.size() ? frame.returnSpans[i] : span);
  if (!ok)
    return declaredResults(function, frame);
  if (frame.returned.size() == 1)
    return frame.returned.front();
  return makeList(frame.returned, true);
}

} // namespace sinter::frontend
