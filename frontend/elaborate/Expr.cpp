// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expressions: names, members, lists, choices, and the kinds of compile-time values. Operators are in
// Numbers.cpp and Elementwise.cpp, calls in Calls.cpp.
#include "frontend/diagnostics/Habits.h"
#include "frontend/elaborate/Elaborator.h"

#include <cctype>

namespace sinter::frontend {

namespace {
/// Expressions open at once, calls looked into: bounds the stack.
constexpr unsigned maxNesting = 800;
} // namespace

Datum Elaborator::eval(const Expr &expr, Frame &frame) {
  if (!spend(expr, frame))
    return {};
  if (nesting >= maxNesting) {
    error(DiagId::TooDeep, expr.span, {int64_t(maxNesting)}, &frame);
    exhausted = true;
    return {};
  }
  ++nesting;
  Datum value = evalNode(expr, frame);
  --nesting;
  // Lists may share their parts: what walks them pays for every path, so every path counts.
  if (const ListValue *list = value.list(); list && list->size > uint64_t(maxListSize)) {
    error(DiagId::ListTooLong, expr.span, {maxListSize}, &frame);
    exhausted = true;
    return {};
  }
  // A number that was computed remembers the text that says what it is.
  if (value.is<int64_t>() || value.is<Extent>()) {
    if (expr.is<MemberExpr>() || expr.is<BinaryExpr>() || expr.is<CallExpr>())
      value.origin = &expr;
    else if (!expr.is<NameRef>() && !expr.is<ConditionalExpr>())
      value.origin = nullptr;
  }
  return value;
}

Datum Elaborator::evalNode(const Expr &expr, Frame &frame) {
  if (auto *node = expr.as<NameRef>())
    return evalName(expr, node->name, frame);
  if (auto *node = expr.as<IntLiteral>())
    return node->value;
  if (auto *node = expr.as<FloatLiteral>())
    return node->value;
  if (auto *node = expr.as<StringLiteral>())
    return node->value;
  if (auto *node = expr.as<BoolLiteral>())
    return node->value;
  if (expr.is<NoneLiteral>())
    return NoneValue{};
  if (auto *node = expr.as<MemberExpr>())
    return evalMember(*node, expr, frame);
  if (auto *node = expr.as<CallExpr>())
    return evalCall(*node, expr, frame);
  if (auto *node = expr.as<BinaryExpr>())
    return evalBinary(*node, expr, frame);
  if (auto *node = expr.as<UnaryExpr>())
    return evalUnary(*node, expr, frame);
  if (auto *node = expr.as<IndexExpr>())
    return evalIndex(*node, expr, frame);
  if (auto *node = expr.as<ConditionalExpr>()) {
    bool taken = false;
    if (!evalCondition(*node->condition, frame, taken))
      return {};
    return eval(taken ? *node->thenValue : *node->elseValue, frame);
  }
  if (auto *node = expr.as<Comprehension>())
    return evalComprehension(*node, expr, frame);
  std::vector<Datum> items;
  for (const ExprPtr &element : expr.as<ListExpr>()->elements) {
    items.push_back(eval(*element, frame));
    if (items.back().isPoison())
      return {};
  }
  return makeList(std::move(items));
}

Datum Elaborator::evalName(const Expr &expr, const std::string &name, Frame &frame) {
  if (auto local = frame.locals.find(name); local != frame.locals.end())
    return local->second;
  if (auto dim = frame.dims.find(name); dim != frame.dims.end()) {
    Datum value = dim->second.axis.extent;
    value.origin = dim->second.axis.origin;
    return value;
  }
  if (auto lost = frame.loopLocals.find(name); lost != frame.loopLocals.end()) {
    error(DiagId::LoopLocal, expr.span, {name}, &frame).label(lost->second, "a value of one iteration");
    return {};
  }
  bool found = false;
  if (frame.config) {
    Datum value = configMember(*frame.config, name, expr.span, &frame, &found);
    if (found)
      return value;
  }
  if (frame.instance) {
    Datum value = instanceMember(*frame.instance, name, expr.span, &frame, &found);
    if (found)
      return value;
  }
  if (const Declared *declared = frame.scope->find(name))
    return scopeValue(*declared, name, expr.span, frame);
  if (const BuiltinInfo *builtin = findBuiltin(name)) {
    if (builtin->least < 0)
      return constantBuiltin(builtin->id, expr, frame);
    return BuiltinValue{builtin->id};
  }
  if (std::isupper(static_cast<unsigned char>(name[0])))
    error(DiagId::DimensionUnbound, expr.span, {name}, &frame);
  else
    error(DiagId::UnknownName, expr.span, {name}, &frame);
  return {};
}

Datum Elaborator::scopeValue(const Declared &declared, const std::string &name, Span span, const Frame &frame) {
  if (!declared.decl)
    return {}; // the import failed
  if (const auto *function = declared.decl->as<Function>())
    return FunctionValue{function, declared.scope, nullptr};
  const auto *value = declared.decl->as<Value>();
  if (!value)
    return DeclaredValue{declared.decl, declared.scope};
  auto &slot = fileValues[value];
  if (slot.state == SlotState::Done)
    return slot.value;
  if (slot.state == SlotState::Busy) {
    error(DiagId::NeedsItself, span, {name}, &frame);
    return {};
  }
  slot.state = SlotState::Busy;
  Frame inner;
  inner.scope = declared.scope;
  inner.depth = frame.depth + 1;
  Datum result = eval(*value->value, inner);
  auto &again = fileValues[value];
  again.value = result;
  again.state = result.holdsTensor() ? SlotState::Fresh : SlotState::Done;
  return result;
}

bool Elaborator::evalItems(const Expr &expr, Frame &frame, std::vector<Datum> &items) {
  Datum value = eval(expr, frame);
  if (value.isPoison())
    return false;
  const ListValue *list = value.list();
  if (!list) {
    error(DiagId::NotAList, expr.span, {describe(value)}, &frame);
    return false;
  }
  items = list->items;
  return true;
}

Datum Elaborator::evalComprehension(const Comprehension &node, const Expr &expr, Frame &frame) {
  std::vector<Datum> range, items;
  if (!evalItems(*node.range, frame, range))
    return {};
  std::optional<Datum> hidden;
  if (auto known = frame.locals.find(node.variable.text); known != frame.locals.end())
    hidden = known->second;
  bool ok = true;
  for (const Datum &value : range) {
    frame.locals[node.variable.text] = value;
    items.push_back(eval(*node.element, frame));
    ok &= !items.back().isPoison();
    if (!ok || stopped())
      break;
  }
  if (hidden)
    frame.locals[node.variable.text] = *hidden;
  else
    frame.locals.erase(node.variable.text);
  return ok ? makeList(std::move(items)) : Datum();
}

Datum Elaborator::evalMember(const MemberExpr &node, const Expr &expr, Frame &frame) {
  Datum base = eval(*node.base, frame);
  if (base.isPoison())
    return {};
  bool found = false;
  Datum value;
  if (auto *instance = base.as<Instance *>()) {
    Instance &owner = ownerOf(**instance, node.member.text);
    value = instanceMember(owner, node.member.text, node.member.span, &frame, &found);
  } else if (auto *config = base.as<ConfigInstance *>()) {
    value = configMember(**config, node.member.text, node.member.span, &frame, &found);
  } else if (const TensorValue *tensor = base.tensor(); tensor && node.member.text == "T") {
    return transpose(*tensor, expr.span, frame);
  }
  if (!found) {
    Diagnostic &diag = error(DiagId::NoMember, node.member.span, {describe(base), node.member.text}, &frame);
    if (std::string_view habit = habitOf(node.member.text); !habit.empty())
      diag.help(std::string(habit));
  }
  return value;
}

bool Elaborator::evalCondition(const Expr &expr, Frame &frame, bool &result) {
  Datum value = eval(expr, frame);
  if (value.isPoison())
    return false;
  if (const bool *held = value.as<bool>()) {
    result = *held;
    return true;
  }
  if (value.tensor())
    error(DiagId::TensorDecides, expr.span, {display(*value.tensor())}, &frame);
  else
    error(DiagId::WrongKind, expr.span, {"a bool", describe(value)}, &frame);
  return false;
}

std::optional<std::string> Elaborator::evalString(const Expr &expr, Frame &frame, const char *what) {
  Datum value = eval(expr, frame);
  if (const auto *text = value.as<std::string>())
    return *text;
  if (!value.isPoison())
    error(DiagId::WrongKind, expr.span, {std::string("a string (") + what + ")", describe(value)}, &frame);
  return std::nullopt;
}

Datum Elaborator::coerce(Datum value, const HyperType &type, const Scope &scope, Span span, const std::string &what,
                         const Frame *frame, bool dimensionsAllowed) {
  if (value.isPoison())
    return value;
  using Kind = HyperType::Kind;
  bool fits = type.optional && value.isNone();
  switch (type.kind) {
  case Kind::Int:
    if (dimensionsAllowed && value.is<Extent>())
      fits = true;
    else if (value.is<Extent>() && value.as<Extent>()->constant()) {
      value.node = *value.as<Extent>()->constant();
      fits = true;
    }
    fits |= value.is<int64_t>();
    break;
  case Kind::Float:
    if (const int64_t *whole = value.as<int64_t>())
      value.node = double(*whole);
    fits |= value.is<double>();
    break;
  case Kind::Bool:
    fits |= value.is<bool>();
    break;
  case Kind::Str:
    fits |= value.is<std::string>();
    break;
  case Kind::Module:
    fits |= value.is<Instance *>();
    break;
  case Kind::Config:
    if (auto *config = value.as<ConfigInstance *>())
      fits = isA(**config, scope.findAs<Config>(type.config.text));
    break;
  case Kind::List:
    if (const ListValue *list = value.list()) {
      std::vector<Datum> items;
      for (const Datum &item : list->items) {
        items.push_back(coerce(item, *type.element, scope, span, what, frame, dimensionsAllowed));
        if (items.back().isPoison())
          return {};
      }
      value.node = makeList(std::move(items)).node;
      fits = true;
    }
    break;
  }
  if (fits)
    return value;
  error(DiagId::HyperparameterType, span, {what, toString(type), describe(value)}, frame);
  return {};
}

std::string Elaborator::checkMessage(const Check &check, Frame &frame, std::vector<Extent> *shown) {
  std::string text;
  for (const MessagePiece &piece : check.pieces) {
    text += piece.text;
    if (!piece.expr)
      continue;
    Datum value = eval(*piece.expr, frame);
    const Extent *extent = value.as<Extent>();
    if (shown && extent && !extent->constant()) {
      text += "{" + std::to_string(shown->size()) + "}";
      shown->push_back(*extent);
    } else {
      text += display(value);
    }
  }
  return text;
}

bool Elaborator::runCheck(const Check &check, Frame &frame, DiagId id) {
  return runCheckCondition(*check.condition, check, frame, id);
}

bool Elaborator::runCheckCondition(const Expr &condition, const Check &check, Frame &frame, DiagId id) {
  const auto *binary = condition.as<BinaryExpr>();
  if (binary && binary->op == BinaryOp::And)
    return runCheckCondition(*binary->lhs, check, frame, id) && runCheckCondition(*binary->rhs, check, frame, id);
  bool holds = false;
  bool decided = false;
  if (binary && binary->op >= BinaryOp::Equal && binary->op <= BinaryOp::GreaterEqual) {
    Datum lhs = eval(*binary->lhs, frame), rhs = eval(*binary->rhs, frame);
    if (lhs.isPoison() || rhs.isPoison())
      return false;
    if (lhs.isIntegral() && rhs.isIntegral() && (lhs.is<Extent>() || rhs.is<Extent>())) {
      auto predicate = ComparePredicate(int(binary->op) - int(BinaryOp::Equal));
      Extent a = lhs.extent(), b = rhs.extent();
      if (checkExtent(a - b, condition.span, frame).isPoison())
        return false;
      std::optional<int64_t> difference = (a - b).constant();
      if (!difference) {
        std::vector<Extent> shown;
        std::string message = checkMessage(check, frame, &shown);
        requireDims(a, predicate, b, message, std::move(shown));
        return true;
      }
      Datum folded = foldCompare(binary->op, Datum(*difference), Datum(int64_t{0}), condition, frame);
      holds = *folded.as<bool>();
      decided = true;
    }
  }
  if (!decided && !evalCondition(condition, frame, holds))
    return false;
  if (holds)
    return true;
  error(id, check.messageSpan, {checkMessage(check, frame, nullptr)}, &frame)
      .label(condition.span, "this does not hold");
  return false;
}

} // namespace sinter::frontend
