// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `a @ b` and `.T`. A literal 1 among the batch axes is dropped by a view, since a label of a contract
// has one extent.
#include "frontend/elaborate/Elaborator.h"

namespace sinter::frontend {

namespace {
/// Labels of one operand, and the axes that stay in it.
struct Labelled {
  std::string labels;
  std::vector<unsigned> kept;
};
} // namespace

Datum Elaborator::transpose(const TensorValue &value, Span span, const Frame &frame) {
  size_t rank = value.rank();
  if (rank < 2) {
    error(DiagId::TransposeRank, span, {display(value)}, &frame);
    return {};
  }
  TensorValue made{nullptr, value.element, value.axes};
  std::swap(made.axes[rank - 1], made.axes[rank - 2]);
  if (Emitter *to = out(); to && value.handle) {
    ViewMap map(rank);
    for (unsigned i = 0; i < rank; ++i) {
      unsigned from = i + 2 < rank ? i : (i + 1 == rank ? i - 1 : i + 1);
      map[i].terms.push_back({from});
    }
    to->at(span);
    made.handle = to->view(value.handle, map, made.info());
  }
  return makeTensor(std::move(made));
}

Datum Elaborator::matmul(const BinaryExpr &node, const Datum &lhs, const Datum &rhs, const Expr &expr, Frame &frame) {
  const TensorValue *a = lhs.tensor(), *b = rhs.tensor();
  for (auto [side, value, tensor] : {std::tuple{&*node.lhs, &lhs, a}, std::tuple{&*node.rhs, &rhs, b}})
    if (!tensor || tensor->element != ElementType::F32) {
      error(DiagId::OperandType, side->span, {"@", "an f32 tensor", describe(*value)}, &frame);
      return {};
    }
  size_t m = a->rank(), n = b->rank();
  if (m < 1 || n < 2 || (n > 2 && m < 2)) {
    error(DiagId::MatmulRank, node.opSpan, {}, &frame)
        .label(node.lhs->span, display(a->axes))
        .label(node.rhs->span, display(b->axes));
    return {};
  }
  const Axis &k = a->axes[m - 1], &other = b->axes[n - 2];
  if (k.extent != other.extent) {
    Diagnostic &report = error(DiagId::MatmulShape, node.opSpan, {display(k), display(other)}, &frame)
                             .label(node.lhs->span, display(a->axes))
                             .label(node.rhs->span, display(b->axes));
    labelOrigins(report, {k}, {other});
    if (n >= 2 && b->axes[n - 1].extent == k.extent)
      report.help("the last axis would fit: transpose with `.T`");
    return {};
  }
  // Batch axes: with b of rank 2, all of a's but the last; else they broadcast.
  Axes batchA(a->axes.begin(), a->axes.end() - (n == 2 ? 1 : 2));
  Axes batchB(b->axes.begin(), b->axes.end() - 2);
  Datum left = makeTensor({nullptr, ElementType::F32, batchA}), right = makeTensor({nullptr, ElementType::F32, batchB});
  Axes batch = batchA;
  if (n > 2) {
    std::optional<Axes> both =
        broadcastAxes("@", node.opSpan, {&left, node.lhs->span}, {&right, node.rhs->span}, frame);
    if (!both)
      return {};
    batch = std::move(*both);
  }
  char next = 'a';
  std::string batchLabels;
  for (size_t i = 0; i < batch.size(); ++i)
    batchLabels += next++;
  char rowLabel = n > 2 ? next++ : 0, sumLabel = next++, columnLabel = next++;
  auto label = [&](const Axes &own) {
    Labelled made;
    for (size_t i = 0; i < own.size(); ++i) {
      size_t at = batch.size() - own.size() + i;
      if (own[i].extent != batch[at].extent)
        continue; // a literal 1 that stretches
      made.labels += batchLabels[at];
      made.kept.push_back(i);
    }
    return made;
  };
  Labelled la = label(batchA), lb = label(batchB);
  if (rowLabel) {
    la.labels += rowLabel;
    la.kept.push_back(m - 2);
  }
  la.labels += sumLabel;
  la.kept.push_back(m - 1);
  lb.labels += {sumLabel, columnLabel};
  lb.kept.insert(lb.kept.end(), {unsigned(n - 2), unsigned(n - 1)});

  Axes axes = batch;
  if (rowLabel)
    axes.push_back(a->axes[m - 2]);
  axes.push_back(b->axes[n - 1]);
  std::string labels = la.labels + "," + lb.labels + "->" + batchLabels;
  if (rowLabel)
    labels += rowLabel;
  labels += columnLabel;

  TensorValue made{nullptr, ElementType::F32, axes};
  if (Emitter *to = out(); to && a->handle && b->handle) {
    to->at(node.opSpan);
    auto keep = [&](const TensorValue &from, const Labelled &labelled) {
      if (labelled.kept.size() == from.rank())
        return from.handle;
      ViewMap map(from.rank());
      TensorValue kept{nullptr, from.element, {}};
      for (unsigned axis : labelled.kept) {
        map[axis].terms.push_back({unsigned(kept.axes.size())});
        kept.axes.push_back(from.axes[axis]);
      }
      return to->view(from.handle, map, kept.info());
    };
    TensorHandle x = keep(*a, la), y = keep(*b, lb);
    made.handle = to->contract(x, y, labels, made.info());
  }
  return result(made.handle, ElementType::F32, std::move(axes), expr.span, frame);
}

} // namespace sinter::frontend
