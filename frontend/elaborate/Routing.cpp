// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// list[ids](x): result[s] = list[ids[s]](x[s]). Shapes are checked and parameters counted; writing the
// program needs gather/scatter routing, which answers with its code.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

Datum Elaborator::callRouted(const RoutedValue &routed, const std::vector<Given> &args, const Expr &expr,
                             Frame &frame) {
  if (emitter && required) {
    error(DiagId::RoutingUnsupported, expr.span, {toString(expr)}, &frame).label(routed.idsSpan, display(*routed.ids));
    return {};
  }
  // Every argument's leading axes broadcast to those of the ids; an instance sees what is left.
  const Axes &chosen = routed.ids->axes;
  std::vector<Given> rows = args;
  for (Given &row : rows) {
    const TensorValue *tensor = wantTensor(row, "[…]( )", frame);
    if (!tensor)
      return {};
    if (tensor->rank() < chosen.size()) {
      error(DiagId::TooManyIndices, routed.idsSpan, {int64_t(chosen.size()), int64_t(tensor->rank())}, &frame)
          .label(row.span, display(*tensor));
      return {};
    }
    Axes leading(tensor->axes.begin(), tensor->axes.begin() + chosen.size());
    Datum ids = makeTensor({nullptr, ElementType::I32, chosen});
    Datum head = makeTensor({nullptr, ElementType::I32, leading});
    std::optional<Axes> both = broadcastAxes("[…]( )", expr.span, {&ids, routed.idsSpan}, {&head, row.span}, frame);
    if (!both)
      return {};
    bool fits = true;
    for (size_t i = 0; i < chosen.size(); ++i)
      fits &= (*both)[i].extent == chosen[i].extent;
    if (!fits) {
      error(DiagId::BroadcastShape, row.span, {display(leading), display(chosen)}, &frame)
          .label(routed.idsSpan, display(*routed.ids));
      return {};
    }
    row.value = makeTensor({nullptr, tensor->element, Axes(tensor->axes.begin() + chosen.size(), tensor->axes.end())});
  }
  const TensorValue *first = nullptr;
  Datum result;
  for (const Datum &item : routed.list->items) {
    auto *instance = item.as<Instance *>();
    auto found = instance ? (*instance)->functions.find("forward") : decltype((*instance)->functions.find("")){};
    if (!instance || found == (*instance)->functions.end()) {
      error(DiagId::NotCallable, expr.as<CallExpr>()->callee->span, {describe(item)}, &frame);
      return {};
    }
    Datum one = callFunction({found->second, (*instance)->scope, *instance}, rows, expr, frame);
    const TensorValue *tensor = one.tensor();
    if (!tensor)
      return {};
    if (first && (first->element != tensor->element || first->shape() != tensor->shape())) {
      error(DiagId::RoutedShapes, expr.span, {display(*first), display(*tensor)}, &frame);
      return {};
    }
    if (!first) {
      result = one;
      first = result.tensor();
    }
    if (stopped())
      return {};
  }
  if (!first) {
    error(DiagId::ListBounds, expr.span, {0, 0}, &frame);
    return {};
  }
  Axes axes = chosen;
  axes.insert(axes.end(), first->axes.begin(), first->axes.end());
  return this->result(nullptr, first->element, std::move(axes), expr.span, frame);
}

} // namespace sinter::frontend
