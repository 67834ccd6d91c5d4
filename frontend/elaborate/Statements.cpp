// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Statements of a function. A `for` is walked once per entry, each time into a block of its own whose
// arguments are the tensors that the body names again; alike blocks become one `repeat` later.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

Elaborator::Flow Elaborator::execute(const std::vector<Stmt> &body, Frame &frame) {
  for (const Stmt &stmt : body) {
    if (stopped())
      return Flow::Failed;
    Flow flow = Flow::Next;
    if (const auto *assign = stmt.as<Assign>()) {
      executeAssign(*assign, stmt, frame);
    } else if (const auto *node = stmt.as<Return>()) {
      flow = executeReturn(*node, frame);
    } else if (const auto *check = stmt.as<Check>()) {
      // What follows a check relies on it.
      if (!runCheck(*check, frame, DiagId::CheckFailed))
        flow = Flow::Failed;
    } else if (const auto *loop = stmt.as<For>()) {
      flow = executeFor(*loop, stmt, frame);
    } else if (const auto *choice = stmt.as<StmtChoice>()) {
      bool taken = false;
      if (evalCondition(*choice->condition, frame, taken)) {
        flow = execute(taken ? choice->thenBody : choice->elseBody, frame);
      } else {
        poisonAssigned(choice->thenBody, frame);
        poisonAssigned(choice->elseBody, frame);
      }
    }
    if (flow != Flow::Next)
      return flow;
  }
  return Flow::Next;
}

void Elaborator::executeAssign(const Assign &assign, const Stmt &stmt, Frame &frame) {
  Datum value = eval(*assign.value, frame);
  for (const Ident &name : assign.names)
    frame.loopLocals.erase(name.text);
  const ListValue *list = value.list();
  bool results = list && list->isResults;
  if (assign.names.size() == 1 && !results) {
    frame.locals[assign.names[0].text] = std::move(value);
    return;
  }
  if (!value.isPoison() && (!list || list->items.size() != assign.names.size())) {
    error(DiagId::UnpackCount, stmt.span,
          {std::to_string(assign.names.size()) + (assign.names.size() == 1 ? " name" : " names"), describe(value)},
          &frame)
        .label(assign.value->span, describe(value));
    list = nullptr;
  }
  for (size_t i = 0; i < assign.names.size(); ++i)
    frame.locals[assign.names[i].text] = list ? list->items[i] : Datum();
}

Elaborator::Flow Elaborator::executeReturn(const Return &node, Frame &frame) {
  if (frame.loops > 0) {
    error(DiagId::ReturnInLoop, node.values.empty() ? frame.function->name.span : node.values[0]->span, {}, &frame);
    return Flow::Failed;
  }
  for (const ExprPtr &value : node.values) {
    frame.returned.push_back(eval(*value, frame));
    frame.returnSpans.push_back(value->span);
  }
  // The results of a call are passed on as they are.
  if (frame.returned.size() == 1 && frame.returned[0].list() && frame.returned[0].list()->isResults) {
    std::vector<Datum> items = frame.returned[0].list()->items;
    frame.returnSpans.assign(items.size(), frame.returnSpans[0]);
    frame.returned = std::move(items);
  }
  return Flow::Returned;
}

void Elaborator::assignedNames(const std::vector<Stmt> &body, std::vector<std::pair<std::string, Span>> &names) const {
  auto add = [&](const Ident &name) {
    for (const auto &known : names)
      if (known.first == name.text)
        return;
    names.push_back({name.text, name.span});
  };
  for (const Stmt &stmt : body) {
    if (const auto *assign = stmt.as<Assign>()) {
      for (const Ident &name : assign->names)
        add(name);
    } else if (const auto *loop = stmt.as<For>()) {
      add(loop->variable);
      assignedNames(loop->body, names);
    } else if (const auto *choice = stmt.as<StmtChoice>()) {
      assignedNames(choice->thenBody, names);
      assignedNames(choice->elseBody, names);
    }
  }
}

void Elaborator::poisonAssigned(const std::vector<Stmt> &body, Frame &frame) {
  std::vector<std::pair<std::string, Span>> names;
  assignedNames(body, names);
  for (const auto &[name, span] : names)
    frame.locals[name] = Datum();
}

bool Elaborator::checkCarried(const std::string &name, Span span, const Datum &before, const Datum &after,
                              Frame &frame) {
  if (before.isPoison() || after.isPoison())
    return true;
  const TensorValue *a = before.tensor(), *b = after.tensor();
  bool fits = a && b ? a->element == b->element && a->shape() == b->shape()
                     : !a && !b && !after.holdsTensor() && before.node.index() == after.node.index();
  if (fits)
    return true;
  error(DiagId::LoopTypeChanges, span, {name, describe(before), describe(after)}, &frame)
      .note("inside `for` a name that is carried round keeps its type");
  return false;
}

Elaborator::Flow Elaborator::executeFor(const For &loop, const Stmt &stmt, Frame &frame) {
  std::vector<Datum> items;
  std::vector<std::pair<std::string, Span>> assigned;
  assignedNames(loop.body, assigned);
  if (!evalItems(*loop.range, frame, items)) {
    poisonAssigned(loop.body, frame);
    return Flow::Next;
  }
  if (items.empty())
    return Flow::Next;

  // Tensors that the body names again are carried; names that begin in the body end with it.
  std::vector<std::string> carried;
  std::vector<std::pair<std::string, Span>> own{{loop.variable.text, loop.variable.span}}, kept;
  for (const auto &name : assigned) {
    auto known = frame.locals.find(name.first);
    if (known == frame.locals.end()) {
      own.push_back(name);
      continue;
    }
    kept.push_back(name);
    if (known->second.tensor())
      carried.push_back(name.first);
    else if (known->second.holdsTensor()) {
      error(DiagId::LoopTypeChanges, name.second, {name.first, describe(known->second), "another list"}, &frame)
          .note("a list of tensors cannot be carried round a loop");
      return Flow::Failed;
    }
  }
  auto handles = [&]() {
    std::vector<TensorHandle> values;
    for (const std::string &name : carried)
      values.push_back(frame.locals[name].tensor() ? frame.locals[name].tensor()->handle : nullptr);
    return values;
  };
  auto setHandles = [&](const std::vector<TensorHandle> &values) {
    for (size_t i = 0; i < carried.size(); ++i) {
      TensorValue value = *frame.locals[carried[i]].tensor();
      value.handle = values[i];
      frame.locals[carried[i]] = makeTensor(std::move(value));
    }
  };
  bool emits = out() != nullptr;
  if (emits) {
    out()->at(stmt.span);
    out()->beginLoop(handles());
  }
  ++frame.loops;
  Flow flow = Flow::Next;
  for (const Datum &item : items) {
    if (out())
      setHandles(out()->beginIteration());
    std::vector<Datum> before;
    for (const auto &name : kept)
      before.push_back(frame.locals[name.first]);
    frame.locals[loop.variable.text] = item;
    flow = execute(loop.body, frame);
    for (size_t i = 0; flow == Flow::Next && i < kept.size(); ++i)
      if (!checkCarried(kept[i].first, kept[i].second, before[i], frame.locals[kept[i].first], frame)) {
        frame.locals[kept[i].first] = Datum();
        flow = Flow::Failed;
      }
    for (const auto &[name, span] : own) {
      frame.locals.erase(name);
      if (name != loop.variable.text)
        frame.loopLocals[name] = span;
    }
    if (flow != Flow::Next)
      break;
    if (out())
      out()->endIteration(handles());
  }
  --frame.loops;
  if (flow == Flow::Next && emits && out()) {
    out()->at(stmt.span);
    setHandles(out()->endLoop());
  }
  return flow;
}

} // namespace sinter::frontend
