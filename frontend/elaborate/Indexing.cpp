// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// base[items]: an element of a list; rows of a table by an i32 tensor; or ints, slices, None and `...`
// on the axes of a tensor, in one view. Bounds that only the call knows become checks.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

Datum Elaborator::evalIndex(const IndexExpr &node, const Expr &expr, Frame &frame) {
  Datum base = eval(*node.base, frame);
  if (base.isPoison())
    return {};
  if (auto *list = base.as<std::shared_ptr<const ListValue>>())
    return indexList(*list, node, expr, frame);
  if (const TensorValue *tensor = base.tensor())
    return indexTensor(*tensor, node, expr, frame);
  error(DiagId::OperandType, node.base->span, {"[…]", "a list or a tensor", describe(base)}, &frame);
  return {};
}

Datum Elaborator::indexList(const std::shared_ptr<const ListValue> &list, const IndexExpr &node, const Expr &expr,
                            Frame &frame) {
  if (node.items.size() != 1 || node.items[0].kind != IndexItem::Kind::At) {
    error(DiagId::ListIndex, expr.span, {}, &frame);
    return {};
  }
  Datum index = eval(*node.items[0].first, frame);
  if (index.isPoison())
    return {};
  if (auto *ids = index.as<std::shared_ptr<const TensorValue>>()) {
    if ((*ids)->element == ElementType::I32)
      return RoutedValue{list, *ids, node.items[0].span};
    error(DiagId::GatherIndex, node.items[0].span, {display(**ids)}, &frame);
    return {};
  }
  std::optional<int64_t> at;
  if (index.isIntegral())
    at = index.extent().constant();
  if (!at) {
    error(DiagId::WrongKind, node.items[0].span, {"an int", describe(index)}, &frame);
    return {};
  }
  int64_t size = list->items.size();
  if (*at < -size || *at >= size) {
    error(DiagId::ListBounds, node.items[0].span, {*at, size}, &frame);
    return {};
  }
  return list->items[*at < 0 ? *at + size : *at];
}

std::optional<Extent> Elaborator::wantExtent(const Expr &expr, Frame &frame, const char *what) {
  Datum value = eval(expr, frame);
  if (value.isIntegral())
    return value.extent();
  if (!value.isPoison())
    error(DiagId::WrongKind, expr.span, {std::string("an int or a dimension (") + what + ")", describe(value)}, &frame);
  return std::nullopt;
}

void Elaborator::requireDims(const Extent &lhs, ComparePredicate predicate, const Extent &rhs,
                             const std::string &message, std::vector<Extent> shown) {
  // The longest input a model takes is what its check says.
  if (reaching && lhs.symbolName() && rhs.constant()) {
    int64_t most = 0;
    if (predicate == ComparePredicate::LessEqual)
      most = *rhs.constant();
    else if (predicate == ComparePredicate::Less)
      most = *rhs.constant() - 1;
    if (most > 0 && (context == 0 || most < context))
      context = most;
  }
  Emitter *to = out();
  if (to && emittedChecks.insert(lhs.str() + std::to_string(int(predicate)) + rhs.str()).second)
    to->check(lhs, predicate, rhs, message, shown);
}

namespace {
/// `at` counted from the front: a negative constant counts from the end.
Extent fromFront(const Extent &at, const Extent &size) {
  std::optional<int64_t> known = at.constant();
  return known && *known < 0 ? size + at : at;
}
} // namespace

Datum Elaborator::indexTensor(const TensorValue &given, const IndexExpr &node, const Expr &expr, Frame &frame) {
  TensorValue tensor = given;
  // Axes that items consume, so that `...` knows how many it stands for.
  size_t consumed = 0, firstItem = 0;
  bool hasRest = false;
  for (const IndexItem &item : node.items) {
    if (item.kind == IndexItem::Kind::Ellipsis) {
      if (hasRest) {
        error(DiagId::TwoEllipses, item.span, {}, &frame);
        return {};
      }
      hasRest = true;
    } else if (item.kind != IndexItem::Kind::NewAxis) {
      ++consumed;
    }
  }
  if (consumed > tensor.rank()) {
    error(DiagId::TooManyIndices, expr.span, {int64_t(consumed), int64_t(tensor.rank())}, &frame)
        .label(node.base->span, display(tensor));
    return {};
  }
  std::vector<Datum> values(node.items.size());
  for (size_t i = 0; i < node.items.size(); ++i)
    if (node.items[i].kind == IndexItem::Kind::At) {
      values[i] = eval(*node.items[i].first, frame);
      if (values[i].isPoison())
        return {};
    }
  // A leading tensor gathers rows; its axes replace the first one.
  size_t gathered = 0;
  for (size_t i = 0; i < node.items.size(); ++i) {
    const TensorValue *ids = values[i].tensor();
    if (!ids)
      continue;
    if (i != 0 || ids->element != ElementType::I32) {
      error(DiagId::GatherIndex, node.items[i].span, {display(*ids)}, &frame);
      return {};
    }
    TensorValue rows{nullptr, tensor.element, ids->axes};
    rows.axes.insert(rows.axes.end(), tensor.axes.begin() + 1, tensor.axes.end());
    if (Emitter *to = out(); to && tensor.handle && ids->handle) {
      to->at(expr.span);
      rows.handle = to->gather(tensor.handle, ids->handle, rows.info());
    }
    gathered = ids->rank();
    firstItem = 1;
    tensor = std::move(rows);
    if (node.items.size() == 1)
      return result(tensor.handle, tensor.element, tensor.axes, expr.span, frame);
  }

  TensorValue made{nullptr, tensor.element, {}};
  ViewMap map(tensor.rank());
  size_t axis = 0;
  auto keep = [&](size_t count) {
    for (; count > 0; --count, ++axis) {
      map[axis].terms.push_back({unsigned(made.axes.size())});
      made.axes.push_back(tensor.axes[axis]);
    }
  };
  keep(gathered);
  for (size_t i = firstItem; i < node.items.size(); ++i) {
    const IndexItem &item = node.items[i];
    switch (item.kind) {
    case IndexItem::Kind::NewAxis:
      made.axes.push_back({Extent(1), nullptr});
      break;
    case IndexItem::Kind::Ellipsis:
      keep(given.rank() - consumed);
      break;
    case IndexItem::Kind::At:
      if (!indexAt(values[i], item, tensor.axes[axis], map[axis], frame))
        return {};
      ++axis;
      break;
    case IndexItem::Kind::Slice:
      map[axis].terms.push_back({unsigned(made.axes.size())});
      made.axes.push_back(tensor.axes[axis]);
      if (!indexSlice(item, made.axes.back(), map[axis], frame))
        return {};
      ++axis;
      break;
    }
  }
  keep(tensor.rank() - axis);
  if (Emitter *to = out(); to && tensor.handle) {
    to->at(expr.span);
    made.handle = to->view(tensor.handle, map, made.info());
  }
  return result(made.handle, made.element, std::move(made.axes), expr.span, frame);
}

bool Elaborator::indexAt(const Datum &value, const IndexItem &item, const Axis &axis, ViewIndex &index, Frame &frame) {
  if (!value.isIntegral()) {
    error(DiagId::WrongKind, item.span, {"an int, a dimension or an i32 tensor", describe(value)}, &frame);
    return false;
  }
  Extent at = fromFront(value.extent(), axis.extent);
  index.offset = at;
  if ((axis.extent - at).overflowed() || at.overflowed()) {
    error(DiagId::NumberOverflow, item.span, {"a dimension"}, &frame);
    return false;
  }
  std::optional<int64_t> first = at.constant(), room = (axis.extent - at).constant();
  if ((first && *first < 0) || (room && *room < 1)) {
    error(DiagId::IndexBounds, item.span, {display(value), display(axis)}, &frame);
    return false;
  }
  if (!room)
    requireDims(axis.extent, ComparePredicate::Greater, at, "index " + display(value) + " of an axis of {0}",
                {axis.extent});
  if (!first)
    requireDims(at, ComparePredicate::GreaterEqual, Extent(0), "index " + display(value) + " of an axis of {0}",
                {axis.extent});
  return true;
}

bool Elaborator::indexSlice(const IndexItem &item, Axis &axis, ViewIndex &index, Frame &frame) {
  if (!item.first && !item.second)
    return true;
  Extent size = axis.extent, begin = 0, end = size;
  if (item.first) {
    std::optional<Extent> at = wantExtent(*item.first, frame, "where the slice begins");
    if (!at)
      return false;
    begin = fromFront(*at, size);
  }
  if (item.second) {
    std::optional<Extent> at = wantExtent(*item.second, frame, "where the slice ends");
    if (!at)
      return false;
    end = fromFront(*at, size);
  }
  Extent count = end - begin;
  if (count.overflowed() || (size - end).overflowed()) {
    error(DiagId::NumberOverflow, item.span, {"a dimension"}, &frame);
    return false;
  }
  for (auto [value, what] : {std::pair{begin, "begins before"}, std::pair{count, "ends before it begins on"},
                             std::pair{size - end, "ends behind"}}) {
    std::optional<int64_t> known = value.constant();
    if (known && *known < 0) {
      error(DiagId::SliceBounds, item.span, {begin.str(), end.str(), display(axis)}, &frame);
      return false;
    }
    if (!known)
      requireDims(value, ComparePredicate::GreaterEqual, Extent(0), std::string("a slice ") + what + " an axis of {0}",
                  {size});
  }
  index.offset = begin;
  if (count != axis.extent)
    axis = {count, nullptr};
  return true;
}

} // namespace sinter::frontend
