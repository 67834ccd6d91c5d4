// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Templates become instances: hyperparameters are bound, the members of chosen branches evaluated by
// need, and every parameter gets its path with all alternatives of outside names.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

namespace {
constexpr unsigned maxInstanceDepth = 48;
constexpr size_t maxInstances = 200'000;
constexpr size_t maxCandidates = 64;

const Ident *memberName(const Member &member) {
  if (const auto *value = member.as<Value>())
    return &value->name;
  if (const auto *param = member.as<Param>())
    return &param->name;
  if (const auto *sub = member.as<Sub>())
    return &sub->name;
  return nullptr;
}

/// What makes two instances check alike: the same module with the same hyperparameters.
std::string likenessOf(const Datum &value) {
  if (auto *instance = value.as<Instance *>())
    return (*instance)->likeness;
  if (auto *config = value.as<ConfigInstance *>())
    return std::to_string(reinterpret_cast<uintptr_t>(*config));
  if (const ListValue *list = value.list()) {
    std::string text = "[";
    for (const Datum &item : list->items)
      text += likenessOf(item) + ",";
    return text + "]";
  }
  return describe(value);
}
} // namespace

int64_t Parameter::count() const {
  int64_t total = 1;
  for (const Axis &axis : axes)
    total *= axis.extent.constant().value_or(0);
  return total;
}

bool Elaborator::bindHyperParams(const Module &module, const Scope &scope, const CallExpr &call, Frame &caller,
                                 Span span, std::vector<Datum> &hparams) {
  const std::string &name = module.name.text;
  hparams.assign(module.params.size(), Datum());
  std::vector<bool> given(module.params.size(), false);
  bool ok = true;
  size_t next = 0;
  for (const Argument &argument : call.arguments) {
    size_t at = next;
    if (argument.name) {
      at = 0;
      while (at < module.params.size() && module.params[at].name.text != argument.name->text)
        ++at;
      if (at == module.params.size()) {
        error(DiagId::UnknownArgument, argument.name->span, {name, argument.name->text}, &caller);
        ok = false;
        continue;
      }
    } else if (next++ >= module.params.size()) {
      error(DiagId::TooManyArguments, argument.value->span,
            {name, std::to_string(module.params.size()) + " arguments",
             std::to_string(call.arguments.size()) + " are"}, &caller);
      return false;
    }
    if (given[at]) {
      error(DiagId::ArgumentTwice, argument.value->span, {module.params[at].name.text}, &caller);
      ok = false;
      continue;
    }
    given[at] = true;
    hparams[at] = coerce(eval(*argument.value, caller), module.params[at].type, scope, argument.value->span,
                         module.params[at].name.text, &caller, false);
    ok &= !hparams[at].isPoison();
  }
  if (!ok)
    return false;
  Frame frame; // defaults see the hyperparameters before them
  frame.scope = &scope;
  frame.caller = &caller;
  frame.callSpan = span;
  for (size_t i = 0; i < module.params.size(); ++i) {
    const HyperParam &param = module.params[i];
    if (!given[i]) {
      if (!param.defaultValue) {
        error(DiagId::MissingArgument, span, {name, param.name.text}, &caller);
        return false;
      }
      hparams[i] = coerce(eval(*param.defaultValue, frame), param.type, scope, param.defaultValue->span,
                          param.name.text, &frame, false);
      if (hparams[i].isPoison())
        return false;
    }
    frame.locals[param.name.text] = hparams[i];
  }
  return true;
}

Instance *Elaborator::instantiate(const Module &module, const Scope &scope, std::vector<Datum> hparams,
                                  Instance *parent, std::string path, CandidateList prefixes, Span span,
                                  std::string what) {
  unsigned depth = parent ? parent->depth + 1 : 0;
  if (depth > maxInstanceDepth || allInstances.size() > maxInstances) {
    Frame frame;
    frame.instance = parent;
    error(DiagId::TooDeepInstances, span, {int64_t(depth > maxInstanceDepth ? maxInstanceDepth : maxInstances)},
          nullptr);
    exhausted = true;
    return nullptr;
  }
  Instance &made = allInstances.emplace_back();
  made.module = &module;
  made.scope = &scope;
  made.parent = parent;
  made.path = std::move(path);
  made.prefixes = std::move(prefixes);
  made.span = span;
  made.what = std::move(what);
  made.depth = depth;
  made.likeness = std::to_string(reinterpret_cast<uintptr_t>(&module)) + "(";
  for (size_t i = 0; i < hparams.size(); ++i) {
    made.likeness += likenessOf(hparams[i]) + ",";
    Slot &slot = made.slots[module.params[i].name.text];
    slot.state = SlotState::Done;
    slot.value = std::move(hparams[i]);
  }
  made.likeness += ")";
  if (parent)
    parent->children.push_back(&made);
  Frame frame;
  frame.scope = &scope;
  frame.instance = &made;
  gatherMembers(made, module.members, frame);
  finishMembers(made);
  return &made;
}

void Elaborator::gatherMembers(Instance &instance, const std::vector<Member> &members, Frame &frame) {
  // Names first: a condition may need a value that stands after it.
  for (const Member &member : members) {
    if (const Ident *name = memberName(member)) {
      auto [slot, fresh] = instance.slots.try_emplace(name->text);
      if (!fresh)
        error(DiagId::DuplicateName, name->span, {name->text}, &frame);
      else
        slot->second.member = &member;
    } else if (const auto *function = member.as<Function>()) {
      instance.functions[function->name.text] = function;
    } else if (const auto *input = member.as<Input>()) {
      instance.inputs.push_back(input);
    }
  }
  for (const Member &member : members) {
    const auto *choice = member.as<MemberChoice>();
    if (!choice) {
      instance.active.push_back(&member);
      continue;
    }
    bool taken = false;
    if (evalCondition(*choice->condition, frame, taken))
      gatherMembers(instance, taken ? choice->thenMembers : choice->elseMembers, frame);
  }
}

void Elaborator::finishMembers(Instance &instance) {
  Frame frame;
  frame.scope = instance.scope;
  frame.instance = &instance;
  for (const Member *member : instance.active) {
    if (stopped())
      return;
    if (const Ident *name = memberName(*member))
      instanceSlot(instance, name->text, name->span, &frame);
    else if (const auto *check = member->as<Check>())
      runCheck(*check, frame, DiagId::CheckFailed);
  }
  for (const Member *member : instance.active)
    if (const auto *tie = member->as<Tie>())
      makeTie(instance, *tie);
}

Slot *Elaborator::instanceSlot(Instance &instance, const std::string &name, Span span, const Frame *frame) {
  auto it = instance.slots.find(name);
  if (it == instance.slots.end())
    return nullptr;
  Slot &slot = it->second; // stays valid: no slot is added after gathering
  if (slot.state == SlotState::Done)
    return &slot;
  if (slot.state == SlotState::Busy) {
    error(DiagId::NeedsItself, span, {name}, frame);
    return &slot;
  }
  slot.state = SlotState::Busy;
  Frame inner;
  inner.scope = instance.scope;
  inner.instance = &instance;
  bool keep = true;
  if (const auto *value = slot.member->as<Value>()) {
    slot.value = eval(*value->value, inner);
    // A tensor belongs to the place that uses it.
    keep = !slot.value.holdsTensor();
  } else if (const auto *param = slot.member->as<Param>()) {
    makeParameter(instance, slot, *param);
  } else if (const auto *sub = slot.member->as<Sub>()) {
    slot.value = makeSub(instance, *sub);
  }
  slot.state = keep ? SlotState::Done : SlotState::Fresh;
  return &slot;
}

bool Elaborator::isDeclaredAnywhere(const std::vector<Member> &members, const std::string &name) const {
  for (const Member &member : members) {
    const Ident *own = memberName(member);
    if (const auto *function = member.as<Function>())
      own = &function->name;
    if (own && own->text == name)
      return true;
    if (const auto *choice = member.as<MemberChoice>())
      if (isDeclaredAnywhere(choice->thenMembers, name) || isDeclaredAnywhere(choice->elseMembers, name))
        return true;
  }
  return false;
}

Datum Elaborator::instanceMember(Instance &instance, const std::string &name, Span span, const Frame *frame,
                                 bool *found) {
  *found = true;
  if (Slot *slot = instanceSlot(instance, name, span, frame)) {
    if (slot->parameter)
      return readParameter(*slot->parameter, span);
    return slot->value;
  }
  if (auto function = instance.functions.find(name); function != instance.functions.end())
    return FunctionValue{function->second, instance.scope, &instance};
  for (const Input *input : instance.inputs)
    if (input->arg.name.text == name)
      if (auto known = rootInputs.find(name); known != rootInputs.end())
        return known->second.value;
  if (isDeclaredAnywhere(instance.module->members, name)) {
    error(DiagId::MemberNotChosen, span, {name, instance.what}, frame);
    return {};
  }
  *found = false;
  return {};
}

Datum Elaborator::readParameter(Parameter &parameter, Span span) {
  Parameter *held = parameter.representative();
  held->reached |= reaching;
  held->required |= required;
  TensorValue value{nullptr, ElementType::F32, parameter.axes};
  if (Emitter *to = out()) {
    to->at(span);
    value.handle = to->read(held->index, value.info());
  }
  return makeTensor(std::move(value));
}

void Elaborator::makeParameter(Instance &instance, Slot &slot, const Param &param) {
  Frame frame;
  frame.scope = instance.scope;
  frame.instance = &instance;
  Parameter &made = allParameters.emplace_back();
  made.decl = &param;
  made.owner = &instance;
  made.index = allParameters.size() - 1;
  slot.parameter = &made;
  instance.parameters.push_back(&made);
  int64_t total = 1;
  for (const auto &dim : param.dims) {
    if (dim.isRest()) {
      error(DiagId::ParameterSize, dim.span, {param.name.text, "`...`"}, &frame);
      continue;
    }
    Datum size = eval(*dim.expr, frame);
    const int64_t *number = size.as<int64_t>();
    if (number && *number > 0 && !__builtin_mul_overflow(total, *number, &total) && total < (int64_t{1} << 46)) {
      made.axes.push_back({Extent(*number), size.origin});
      continue;
    }
    if (!size.isPoison())
      error(DiagId::ParameterSize, dim.span, {param.name.text, describe(size)}, &frame);
    made.axes.push_back({Extent(1), nullptr});
    total = 1;
  }
  if (param.initializer) {
    Datum value = eval(*param.initializer, frame);
    if (!value.isPoison() && !value.is<InitializerValue>())
      error(DiagId::WrongKind, param.initializer->span,
            {"an initializer (zeros, ones, normal(s), uniform(b))", describe(value)}, &frame);
  }
  std::vector<std::string> names;
  if (!outsideNames(param.outside, param.name.text, frame, names) ||
      !joinNames(instance.prefixes, names, param.name.span, frame, made.candidates))
    return;
  made.path = instance.path.empty() ? names.front() : instance.path + "." + names.front();
  auto [known, fresh] = parameterPaths.try_emplace(made.path, &made);
  if (!fresh)
    error(DiagId::PathTwice, param.name.span, {made.path}, &frame)
        .label(known->second->decl->name.span, "the other one");
}

bool Elaborator::outsideNames(const OutsideNames &outside, const std::string &fallback, Frame &frame,
                              std::vector<std::string> &names) {
  if (outside.empty()) {
    names.push_back(fallback);
    return true;
  }
  for (const ExprPtr &alternative : outside.alternatives) {
    std::optional<std::string> name = evalString(*alternative, frame, "a name outside");
    if (!name)
      return false;
    names.push_back(*name);
  }
  return true;
}

bool Elaborator::joinNames(const CandidateList &prefixes, const std::vector<std::string> &names, Span span,
                           const Frame &frame, CandidateList &result) {
  for (const std::string &prefix : prefixes)
    for (const std::string &name : names) {
      std::string joined = prefix;
      if (!prefix.empty() && !name.empty())
        joined += ".";
      joined += name;
      if (std::find(result.begin(), result.end(), joined) == result.end())
        result.push_back(std::move(joined));
    }
  if (result.size() <= maxCandidates)
    return true;
  error(DiagId::TooManyNames, span, {int64_t(maxCandidates)}, &frame);
  result.resize(1);
  return false;
}

Datum Elaborator::makeSub(Instance &instance, const Sub &sub) {
  Frame frame;
  frame.scope = instance.scope;
  frame.instance = &instance;
  std::vector<std::string> names;
  CandidateList prefixes;
  if (!outsideNames(sub.outside, sub.name.text, frame, names) ||
      !joinNames(instance.prefixes, names, sub.name.span, frame, prefixes))
    return {};
  std::string path = instance.path;
  if (!path.empty() && !names.front().empty())
    path += ".";
  path += names.front();
  return placeSub(*sub.value, instance, frame, path, prefixes);
}

Datum Elaborator::placeSub(const Expr &expr, Instance &owner, Frame &frame, const std::string &path,
                           const CandidateList &prefixes) {
  if (!spend(expr, frame))
    return {};
  auto entry = [&](const Expr &element, size_t index) {
    const std::string number = std::to_string(index);
    auto under = [&](const std::string &prefix) { return prefix.empty() ? number : prefix + "." + number; };
    CandidateList inner;
    for (const std::string &prefix : prefixes)
      inner.push_back(under(prefix));
    return placeSub(element, owner, frame, under(path), inner);
  };
  if (const auto *list = expr.as<ListExpr>()) {
    std::vector<Datum> items;
    for (const ExprPtr &element : list->elements)
      items.push_back(entry(*element, items.size()));
    return makeList(std::move(items));
  }
  if (const auto *comprehension = expr.as<Comprehension>()) {
    std::vector<Datum> range, items;
    if (!evalItems(*comprehension->range, frame, range))
      return {};
    for (const Datum &value : range) {
      frame.locals[comprehension->variable.text] = value;
      items.push_back(entry(*comprehension->element, items.size()));
      if (stopped())
        break;
    }
    frame.locals.erase(comprehension->variable.text);
    return makeList(std::move(items));
  }
  if (const auto *choice = expr.as<ConditionalExpr>()) {
    bool taken = false;
    if (!evalCondition(*choice->condition, frame, taken))
      return {};
    return placeSub(taken ? *choice->thenValue : *choice->elseValue, owner, frame, path, prefixes);
  }
  if (const auto *call = expr.as<CallExpr>())
    if (const auto *name = call->callee->as<NameRef>()) {
      const Scope *where = nullptr;
      if (const Module *module = frame.scope->findAs<Module>(name->name, &where)) {
        std::vector<Datum> hparams;
        if (!bindHyperParams(*module, *where, *call, frame, expr.span, hparams))
          return {};
        Instance *made = instantiate(*module, *where, std::move(hparams), &owner, path, prefixes, expr.span,
                                     toString(expr));
        return made ? Datum(made) : Datum();
      }
    }
  Datum value = eval(expr, frame);
  // An instance made elsewhere keeps its own path.
  if (!value.isPoison() && !value.is<Instance *>() && !value.list())
    error(DiagId::WrongKind, expr.span, {"an instance or a list of instances", describe(value)}, &frame);
  return value;
}

Parameter *Elaborator::parameterOf(const Expr &expr, Frame &frame) {
  Instance *owner = frame.instance;
  std::string name;
  Span span = expr.span;
  if (const auto *direct = expr.as<NameRef>()) {
    name = direct->name;
  } else if (const auto *member = expr.as<MemberExpr>()) {
    Datum base = eval(*member->base, frame);
    if (base.isPoison())
      return nullptr;
    name = member->member.text;
    span = member->member.span;
    owner = base.is<Instance *>() ? *base.as<Instance *>() : nullptr;
  } else {
    owner = nullptr;
  }
  if (owner) {
    if (Slot *slot = instanceSlot(*owner, name, span, &frame)) {
      if (slot->parameter)
        return slot->parameter;
    } else if (isDeclaredAnywhere(owner->module->members, name)) {
      error(DiagId::MemberNotChosen, span, {name, owner->what}, &frame);
      return nullptr;
    }
  }
  error(DiagId::NotAParameter, expr.span, {toString(expr)}, &frame);
  return nullptr;
}

void Elaborator::makeTie(Instance &instance, const Tie &tie) {
  Frame frame;
  frame.scope = instance.scope;
  frame.instance = &instance;
  Parameter *lhs = parameterOf(*tie.lhs, frame);
  Parameter *rhs = parameterOf(*tie.rhs, frame);
  if (!lhs || !rhs)
    return;
  Shape a, b;
  for (const Axis &axis : lhs->axes)
    a.push_back(axis.extent);
  for (const Axis &axis : rhs->axes)
    b.push_back(axis.extent);
  if (a != b) {
    error(DiagId::TieShape, tie.lhs->span, {toString(*tie.lhs), toString(*tie.rhs)}, &frame)
        .at(display(lhs->axes))
        .label(tie.rhs->span, display(rhs->axes));
    return;
  }
  Parameter *from = lhs->representative(), *to = rhs->representative();
  if (from == to)
    return;
  from->tiedTo = to;
  to->tied.push_back(from);
  to->tied.insert(to->tied.end(), from->tied.begin(), from->tied.end());
  from->tied.clear();
}

} // namespace sinter::frontend
