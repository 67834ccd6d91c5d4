// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Templates become instances: hyperparameters are bound, and the members of chosen branches evaluated
// by need. Their parameters are in Parameters.cpp.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

namespace {
constexpr unsigned maxInstanceDepth = 48;
constexpr size_t maxInstances = 200'000;

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

bool Elaborator::bindHyperParams(const std::string &name, const std::vector<HyperParam> &params, const Scope &scope,
                                 const CallExpr &call, Frame &caller, Span span, std::vector<Datum> &hparams,
                                 std::optional<Datum> first) {
  hparams.assign(params.size(), Datum());
  std::vector<bool> given(params.size(), false);
  bool ok = true;
  size_t next = 0;
  if (first) {
    hparams[0] = coerce(*first, params[0].type, scope, span, params[0].name.text, &caller, false);
    if (hparams[0].isPoison())
      return false;
    given[0] = true;
    next = 1;
  }
  for (const Argument &argument : call.arguments) {
    size_t at = next;
    if (argument.name) {
      at = 0;
      while (at < params.size() && params[at].name.text != argument.name->text)
        ++at;
      if (at == params.size()) {
        error(DiagId::UnknownArgument, argument.name->span, {name, argument.name->text}, &caller);
        ok = false;
        continue;
      }
    } else if (next++ >= params.size()) {
      error(DiagId::TooManyArguments, argument.value->span,
            {name, std::to_string(params.size()) + " arguments", std::to_string(call.arguments.size()) + " are"},
            &caller);
      return false;
    }
    if (given[at]) {
      error(DiagId::ArgumentTwice, argument.value->span, {params[at].name.text}, &caller);
      ok = false;
      continue;
    }
    given[at] = true;
    hparams[at] = coerce(eval(*argument.value, caller), params[at].type, scope, argument.value->span,
                         params[at].name.text, &caller, false);
    ok &= !hparams[at].isPoison();
  }
  if (!ok)
    return false;
  Frame frame; // defaults see the hyperparameters before them
  frame.scope = &scope;
  frame.caller = &caller;
  frame.callSpan = span;
  for (size_t i = 0; i < params.size(); ++i) {
    const HyperParam &param = params[i];
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
                                  std::string what, const AppliedEdit *madeBy) {
  unsigned depth = parent ? parent->depth + 1 : 0;
  if (depth > maxInstanceDepth || allInstances.size() > maxInstances) {
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
  made.madeBy = madeBy;
  made.likeness = std::to_string(reinterpret_cast<uintptr_t>(&module)) + "(";
  for (size_t i = 0; i < hparams.size(); ++i) {
    made.likeness += likenessOf(hparams[i]) + ",";
    Slot &slot = made.slots[module.params[i].name.text];
    slot.state = SlotState::Done;
    slot.value = std::move(hparams[i]);
  }
  made.likeness += ")";
  if (madeBy) {
    made.replaced = *made.slots[module.params[0].name.text].value.as<Instance *>();
    std::erase(parent->children, made.replaced);
    made.children.push_back(made.replaced);
  }
  if (parent)
    parent->children.push_back(&made);
  Frame frame;
  frame.scope = &scope;
  frame.instance = &made;
  gatherMembers(made, module.members, frame);
  if (!parent)
    for (const VariantUse &use : variants)
      addVariant(use, made);
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
      if (const auto *edit = member.as<Edit>())
        addEdit(*edit, instance, *instance.scope, nullptr);
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
        if (!bindHyperParams(module->name.text, module->params, *where, *call, frame, expr.span, hparams))
          return {};
        Instance *made =
            instantiate(*module, *where, std::move(hparams), &owner, path, prefixes, expr.span, toString(expr));
        if (made)
          made = afterEdits(*made, owner);
        return made ? Datum(made) : Datum();
      }
    }
  Datum value = eval(expr, frame);
  // An instance made elsewhere keeps its own path.
  if (!value.isPoison() && !value.is<Instance *>() && !value.list())
    error(DiagId::WrongKind, expr.span, {"an instance or a list of instances", describe(value)}, &frame);
  return value;
}

} // namespace sinter::frontend
