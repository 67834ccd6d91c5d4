// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parameters of instances: sizes, the path with all alternatives of outside names, ties, reads.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

namespace {
constexpr size_t maxCandidates = 64;
/// Entries of one parameter; keeps every product of sizes far from overflow.
constexpr int64_t maxEntries = int64_t{1} << 46;
} // namespace

int64_t Parameter::count() const {
  int64_t total = 1;
  for (const Axis &axis : axes)
    total *= axis.extent.constant().value_or(0);
  return total;
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
    if (number && *number > 0 && !__builtin_mul_overflow(total, *number, &total) && total <= maxEntries) {
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
    if (const auto *initial = value.as<InitializerValue>())
      made.initial = *initial;
    else if (!value.isPoison())
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
    owner = base.is<Instance *>() ? &ownerOf(**base.as<Instance *>(), name) : nullptr;
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
  // An adapter that brings one of the two makes them two.
  if (isReplaced(*lhs) != isReplaced(*rhs))
    return;
  Parameter *from = lhs->representative(), *to = rhs->representative();
  if (from == to)
    return;
  from->tiedTo = to;
  to->tied.push_back(from);
  to->tied.insert(to->tied.end(), from->tied.begin(), from->tied.end());
  from->tied.clear();
}

} // namespace sinter::frontend
