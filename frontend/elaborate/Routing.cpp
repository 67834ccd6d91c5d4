// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// list[ids](x): result[s] = list[ids[s]](x[s]). Every instance sees all rows; of each row the result of the
// chosen one is kept. Ids are read through a table of row numbers, so that one out of range is a run-time error.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

namespace {
/// The first axis of a signature's tensors that must be `...`; null if all of them are.
const Arg *fixedArgument(const Function &function) {
  for (const std::vector<Arg> *list : {&function.args, &function.results})
    for (const Arg &arg : *list)
      if (const TensorType *type = arg.type.tensor(); type && (type->dims.empty() || !type->dims[0].isRest()))
        return &arg;
  return nullptr;
}
} // namespace

bool Elaborator::alignRows(const RoutedValue &routed, std::vector<Given> &rows, const Expr &expr, Frame &frame) {
  const Axes &chosen = routed.ids->axes;
  bool alike = true;
  for (Given &row : rows) {
    const TensorValue *tensor = wantTensor(row, "[…]( )", frame);
    if (!tensor)
      return false;
    if (tensor->rank() < chosen.size()) {
      error(DiagId::TooManyIndices, routed.idsSpan, {int64_t(chosen.size()), int64_t(tensor->rank())}, &frame)
          .label(row.span, display(*tensor));
      return false;
    }
    Axes leading(tensor->axes.begin(), tensor->axes.begin() + chosen.size());
    Datum ids = makeTensor({nullptr, ElementType::I32, chosen});
    Datum head = makeTensor({nullptr, ElementType::I32, leading});
    std::optional<Axes> both = broadcastAxes("[…]( )", expr.span, {&ids, routed.idsSpan}, {&head, row.span}, frame);
    if (!both)
      return false;
    bool fits = true;
    for (size_t i = 0; i < chosen.size(); ++i) {
      fits &= (*both)[i].extent == chosen[i].extent;
      alike &= leading[i].extent == rows.front().value.tensor()->axes[i].extent;
    }
    if (!fits) {
      error(DiagId::BroadcastShape, row.span, {display(leading), display(chosen)}, &frame)
          .label(routed.idsSpan, display(*routed.ids));
      return false;
    }
  }
  // `...` means the same axes in every argument.
  for (Given &row : rows) {
    const TensorValue &tensor = *row.value.tensor();
    if (alike)
      break;
    Axes axes = chosen;
    axes.insert(axes.end(), tensor.axes.begin() + chosen.size(), tensor.axes.end());
    TensorHandle handle = stretch(tensor, axes);
    row.value = makeTensor({handle, tensor.element, std::move(axes)});
  }
  return true;
}

TensorHandle Elaborator::checkedIds(const RoutedValue &routed, size_t rank, Span span) {
  Emitter *to = out();
  if (!to || !routed.ids->handle)
    return nullptr;
  to->at(span);
  TensorHandle table = to->iota(Extent(int64_t(routed.list->items.size())));
  TensorHandle ids = to->gather(table, routed.ids->handle, routed.ids->info());
  // Axes of 1 behind, so that the comparison stretches over what the instances give.
  ViewMap map(routed.ids->rank());
  for (size_t i = 0; i < map.size(); ++i)
    map[i].terms.push_back({unsigned(i)});
  Shape shape = routed.ids->shape();
  shape.resize(rank, Extent(1));
  return rank == routed.ids->rank() ? ids : to->view(ids, map, {shape, ElementType::I32});
}

Datum Elaborator::callRouted(const RoutedValue &routed, const std::vector<Given> &args, const Expr &expr,
                             Frame &frame) {
  const Axes &chosen = routed.ids->axes;
  const std::vector<Datum> &items = routed.list->items;
  std::vector<Given> rows = args;
  if (!alignRows(routed, rows, expr, frame))
    return {};
  if (items.empty()) {
    error(DiagId::ListBounds, expr.span, {0, 0}, &frame);
    return {};
  }
  Datum kept, ids;
  for (size_t i = 0; i < items.size(); ++i) {
    auto *instance = items[i].as<Instance *>();
    Instance *owner = instance ? &ownerOf(**instance, "forward") : nullptr;
    auto found = owner ? owner->functions.find("forward") : decltype(owner->functions.find("")){};
    if (!owner || found == owner->functions.end()) {
      error(DiagId::NotCallable, expr.as<CallExpr>()->callee->span, {describe(items[i])}, &frame);
      return {};
    }
    if (const Arg *fixed = fixedArgument(*found->second)) {
      error(DiagId::RoutedAxes, expr.span, {fixed->name.text, toString(fixed->type)}, &frame)
          .label(fixed->span, "declared here");
      return {};
    }
    Datum one = callFunction({found->second, owner->scope, owner}, rows, expr, frame);
    const TensorValue *tensor = one.tensor();
    if (!tensor || stopped())
      return {};
    if (i == 0) {
      Axes axes = chosen;
      axes.resize(tensor->rank(), {Extent(1), nullptr});
      ids = makeTensor({checkedIds(routed, axes.size(), expr.span), ElementType::I32, std::move(axes)});
      kept = one;
      continue;
    }
    const TensorValue *before = kept.tensor();
    bool alike = before->element == tensor->element && before->rank() == tensor->rank();
    for (size_t axis = chosen.size(); alike && axis < tensor->rank(); ++axis)
      alike = before->axes[axis].extent == tensor->axes[axis].extent;
    if (!alike) {
      error(DiagId::RoutedShapes, expr.span, {display(*before), display(*tensor)}, &frame);
      return {};
    }
    Datum number = int64_t(i);
    Datum isChosen =
        tensorCompare(ComparePredicate::Equal, "==", expr.span, {&ids, expr.span}, {&number, expr.span}, expr, frame);
    kept = where({&isChosen, expr.span}, {&one, expr.span}, {&kept, expr.span}, expr, frame);
    if (!kept.tensor())
      return {};
  }
  // One instance alone has not met the ids' axes yet.
  const TensorValue &tensor = *kept.tensor();
  Axes axes = chosen;
  axes.insert(axes.end(), tensor.axes.begin() + chosen.size(), tensor.axes.end());
  TensorHandle handle = stretch(tensor, axes);
  return result(handle, tensor.element, std::move(axes), expr.span, frame);
}

} // namespace sinter::frontend
