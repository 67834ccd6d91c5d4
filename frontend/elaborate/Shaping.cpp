// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions and what joins, cuts or spreads tensors: sum max min argmax cumsum topk pick concat split
// broadcast.
#include "frontend/elaborate/Elaborator.h"

#include <algorithm>

namespace sinter::frontend {

std::optional<unsigned> Elaborator::wantAxis(const Datum &value, size_t rank, Span span, const Frame &frame) {
  const int64_t *axis = value.as<int64_t>();
  if (!axis) {
    if (!value.isPoison())
      error(DiagId::WrongKind, span, {"an axis (an int)", describe(value)}, &frame);
    return std::nullopt;
  }
  int64_t signedRank = int64_t(rank);
  if (*axis >= -signedRank && *axis < signedRank)
    return unsigned(*axis < 0 ? *axis + signedRank : *axis);
  error(DiagId::AxisOutOfRange, span, {*axis, signedRank}, &frame);
  return std::nullopt;
}

Datum Elaborator::reduce(Builtin id, const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const char *name = builtins()[size_t(id)].name.data();
  const TensorValue *tensor = wantTensor(args[0], name, frame);
  if (!tensor)
    return {};
  if (tensor->element == ElementType::Bool) {
    error(DiagId::OperandType, args[0].span, {name, "f32 or i32", display(*tensor)}, &frame)
        .help("cast with f32(x) or i32(x) to count");
    return {};
  }
  std::set<unsigned> reduced;
  bool all = args.size() == 1;
  if (all) {
    for (unsigned i = 0; i < tensor->rank(); ++i)
      reduced.insert(i);
  } else {
    std::vector<Datum> wanted{args[1].value};
    if (const ListValue *list = args[1].value.list())
      wanted = list->items;
    for (const Datum &item : wanted) {
      std::optional<unsigned> axis = wantAxis(item, tensor->rank(), args[1].span, frame);
      if (!axis)
        return {};
      if (!reduced.insert(*axis).second) {
        error(DiagId::AxisTwice, args[1].span, {int64_t(*axis)}, &frame);
        return {};
      }
    }
  }
  ReduceKind kind = id == Builtin::Sum   ? ReduceKind::Sum
                    : id == Builtin::Max ? ReduceKind::Max
                    : id == Builtin::Min ? ReduceKind::Min
                                         : ReduceKind::ArgMax;
  if (kind == ReduceKind::ArgMax && reduced.size() != 1) {
    error(DiagId::ArgMaxAxes, expr.span, {int64_t(reduced.size())}, &frame);
    return {};
  }
  TensorValue kept{nullptr, kind == ReduceKind::ArgMax ? ElementType::I32 : tensor->element, tensor->axes};
  for (unsigned axis : reduced)
    kept.axes[axis] = {Extent(1), nullptr};
  TensorValue made = kept;
  if (all)
    made.axes.clear();
  if (Emitter *to = out(); to && tensor->handle) {
    to->at(expr.span);
    std::vector<int64_t> axes(reduced.begin(), reduced.end());
    made.handle = axes.empty() ? tensor->handle : to->reduce(kind, tensor->handle, axes, kept.info());
    if (all && !axes.empty())
      made.handle = to->view(made.handle, ViewMap(kept.rank()), made.info());
  }
  return makeTensor(std::move(made));
}

Datum Elaborator::cumsum(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const TensorValue *tensor = wantTensor(args[0], "cumsum", frame);
  if (!tensor)
    return {};
  if (tensor->element == ElementType::Bool) {
    error(DiagId::OperandType, args[0].span, {"cumsum", "f32 or i32", display(*tensor)}, &frame)
        .help("cast with f32(x) or i32(x) to count");
    return {};
  }
  std::optional<unsigned> axis = wantAxis(args[1].value, tensor->rank(), args[1].span, frame);
  if (!axis)
    return {};
  TensorValue made = *tensor;
  if (Emitter *to = out(); to && tensor->handle) {
    to->at(expr.span);
    made.handle = to->cumsum(tensor->handle, *axis, made.info());
  }
  return makeTensor(std::move(made));
}

Datum Elaborator::topk(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const TensorValue *tensor = wantTensor(args[0], "topk", frame);
  if (!tensor)
    return {};
  const int64_t *k = args[1].value.as<int64_t>();
  if (tensor->element != ElementType::F32 || tensor->rank() == 0) {
    error(DiagId::OperandType, args[0].span, {"topk", "f32 with an axis", display(*tensor)}, &frame);
    return {};
  }
  const Axis &last = tensor->axes.back();
  std::optional<int64_t> size = last.extent.constant();
  if (!k || *k < 1 || (size && *k > *size)) {
    error(DiagId::OperandType, args[1].span,
          {"topk", "an int from 1 to the last axis, " + display(last), describe(args[1].value)}, &frame);
    return {};
  }
  if (!size)
    requireDims(last.extent, ComparePredicate::GreaterEqual, Extent(*k),
                "topk of " + std::to_string(*k) + " along an axis of {0}", {last.extent});
  TensorValue values = *tensor, indices = *tensor;
  values.handle = indices.handle = nullptr;
  values.axes.back() = indices.axes.back() = {Extent(*k), args[1].value.origin};
  indices.element = ElementType::I32;
  if (Emitter *to = out(); to && tensor->handle) {
    to->at(expr.span);
    std::tie(values.handle, indices.handle) = to->topK(tensor->handle, values.info(), indices.info());
  }
  return makeList({makeTensor(std::move(values)), makeTensor(std::move(indices))}, true);
}

Datum Elaborator::pick(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const TensorValue *tensor = wantTensor(args[0], "pick", frame);
  const TensorValue *ids = wantTensor(args[1], "pick", frame);
  if (!tensor || !ids)
    return {};
  if (ids->element != ElementType::I32 || tensor->rank() == 0) {
    const Given &wrong = tensor->rank() == 0 ? args[0] : args[1];
    error(DiagId::OperandType, wrong.span,
          {"pick", tensor->rank() == 0 ? "a tensor with an axis" : "i32 indices", describe(wrong.value)}, &frame);
    return {};
  }
  // Leading axes broadcast.
  Axes leading(tensor->axes.begin(), tensor->axes.end() - 1);
  Datum rows = makeTensor({nullptr, ElementType::I32, leading});
  std::optional<Axes> both =
      broadcastAxes("pick", expr.span, {&rows, args[0].span}, {&args[1].value, args[1].span}, frame);
  if (!both)
    return {};
  Axes whole = *both;
  whole.push_back(tensor->axes.back());
  TensorValue made{nullptr, tensor->element, *both};
  if (Emitter *to = out(); to && tensor->handle && ids->handle) {
    to->at(expr.span);
    TensorHandle input = stretch(*tensor, whole), indices = stretch(*ids, *both);
    made.handle = to->pick(input, indices, made.info());
  }
  return result(made.handle, made.element, std::move(made.axes), expr.span, frame);
}

Datum Elaborator::concat(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const ListValue *list = args[0].value.list();
  if (!list || list->items.empty()) {
    error(DiagId::OperandType, args[0].span, {"concat", "a list of tensors", describe(args[0].value)}, &frame);
    return {};
  }
  // Spans of the elements where the list is written out.
  const auto *written = args[0].expr ? args[0].expr->as<ListExpr>() : nullptr;
  auto spanOf = [&](size_t i) { return written ? written->elements[i]->span : args[0].span; };
  const TensorValue *first = nullptr;
  for (size_t i = 0; i < list->items.size(); ++i) {
    const TensorValue *tensor = list->items[i].tensor();
    if (!tensor) {
      error(DiagId::OperandType, spanOf(i), {"concat", "a tensor", describe(list->items[i])}, &frame);
      return {};
    }
    if (!first)
      first = tensor;
  }
  std::optional<unsigned> axis = wantAxis(args[1].value, first->rank(), args[1].span, frame);
  if (!axis)
    return {};
  TensorValue made{nullptr, first->element, first->axes};
  std::vector<TensorHandle> handles{first->handle};
  for (size_t i = 1; i < list->items.size(); ++i) {
    const TensorValue &next = *list->items[i].tensor();
    bool fits = next.rank() == first->rank() && next.element == first->element;
    for (unsigned j = 0; fits && j < next.rank(); ++j)
      fits = j == *axis || next.axes[j].extent == first->axes[j].extent;
    if (!fits) {
      error(DiagId::ConcatShape, expr.span, {int64_t(*axis)}, &frame)
          .label(spanOf(0), display(*first))
          .label(spanOf(i), display(next));
      return {};
    }
    made.axes[*axis] = {made.axes[*axis].extent + next.axes[*axis].extent, nullptr};
    handles.push_back(next.handle);
  }
  if (Emitter *to = out(); to && std::find(handles.begin(), handles.end(), nullptr) == handles.end()) {
    to->at(expr.span);
    made.handle = to->concat(handles, *axis, made.info());
  }
  return result(made.handle, made.element, std::move(made.axes), expr.span, frame);
}

Datum Elaborator::split(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const TensorValue *tensor = wantTensor(args[0], "split", frame);
  if (!tensor)
    return {};
  const int64_t *parts = args[1].value.as<int64_t>();
  if (!parts || *parts < 1 || *parts > 4096 || tensor->rank() == 0) {
    error(DiagId::OperandType, args[1].span, {"split", "an int from 1 to 4096", describe(args[1].value)}, &frame);
    return {};
  }
  const Axis last = tensor->axes.back();
  std::optional<Extent> size = Extent::exactDiv(last.extent, Extent(*parts));
  if (!size) {
    error(DiagId::SplitParts, expr.span, {display(last), *parts}, &frame).label(args[0].span, display(tensor->axes));
    return {};
  }
  std::vector<Datum> items;
  for (int64_t i = 0; i < *parts; ++i) {
    TensorValue made = *tensor;
    made.handle = nullptr;
    made.axes.back() = {*size, nullptr};
    if (Emitter *to = out(); to && tensor->handle) {
      ViewMap map(tensor->rank());
      for (unsigned j = 0; j < tensor->rank(); ++j)
        map[j].terms.push_back({j});
      map.back().offset = *size * Extent(i);
      to->at(expr.span);
      made.handle = *parts == 1 ? tensor->handle : to->view(tensor->handle, map, made.info());
    }
    items.push_back(makeTensor(std::move(made)));
  }
  return makeList(std::move(items));
}

Datum Elaborator::broadcastTo(const std::vector<Given> &args, const Expr &expr, Frame &frame) {
  const ListValue *sizes = args[1].value.list();
  if (!sizes) {
    error(DiagId::OperandType, args[1].span, {"broadcast", "a list of sizes", describe(args[1].value)}, &frame);
    return {};
  }
  Axes axes;
  for (const Datum &size : sizes->items) {
    if (!size.isIntegral() || size.extent().constant().value_or(1) < 1) {
      error(DiagId::OperandType, args[1].span, {"broadcast", "sizes that are ints or dimensions", describe(size)},
            &frame);
      return {};
    }
    axes.push_back({size.extent(), size.origin});
  }
  Datum value = args[0].value;
  if (!value.tensor())
    value = asTensor(value, value.isIntegral() ? ElementType::I32 : ElementType::F32, args[0].span, frame);
  const TensorValue *tensor = value.tensor();
  if (!tensor)
    return {};
  bool fits = tensor->rank() <= axes.size();
  for (size_t i = 0; fits && i < tensor->rank(); ++i) {
    const Extent &from = tensor->axes[i].extent;
    fits = from.isConstant(1) || from == axes[axes.size() - tensor->rank() + i].extent;
  }
  if (!fits) {
    error(DiagId::BroadcastShape, expr.span, {display(*tensor), display(axes)}, &frame)
        .label(args[0].span, display(tensor->axes));
    return {};
  }
  if (Emitter *to = out())
    to->at(expr.span);
  TensorHandle handle = stretch(*tensor, axes);
  return result(handle, tensor->element, std::move(axes), expr.span, frame);
}

} // namespace sinter::frontend
