// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// X - lse X, the log-softmax of X along one axis; and lse X - X[label], the cross entropy of rows.
#include "passes/raising/Recognize.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

static bool isLogSumExp(const Term *t) { return t->is(Kind::Load) && t->node->kind == Node::Kind::LogSumExp; }

/// Some entry is a log-sum-exp.
static bool addsLogSumExp(const Term *t) {
  return t->is(Kind::Add) && llvm::any_of(t->entries, [](const Entry &entry) { return isLogSumExp(entry.term); });
}

std::optional<Fused> passes::raising::recognizeLogSoftmax(const Site &site) {
  Terms &terms = site.terms;
  const Term *whole = site.values.of(site.root);
  if (!addsLogSumExp(whole))
    return std::nullopt;
  for (Value candidate : sameShape(site)) {
    const Term *x = site.values.of(candidate);
    for (unsigned axis = cast<ir::TensorType>(candidate.getType()).rank(); axis-- > 0;) {
      std::optional<unsigned> variable = axisVariable(terms, candidate, axis);
      if (!variable || !Terms::dependsOn(x, *variable))
        continue;
      Variables over;
      const Term *row = atFresh(terms, terms.exp(x), *variable, over);
      if (std::optional<double> factor = ratio(terms, whole, terms.minus(x, terms.log(terms.sum(row, over)))))
        return Fused{Fused::Kind::LogSoftmax, candidate, axis, *factor};
    }
  }
  return std::nullopt;
}

std::optional<Fused> passes::raising::recognizeCrossEntropy(const Site &site) {
  Terms &terms = site.terms;
  const Term *whole = site.values.of(site.root);
  if (!addsLogSumExp(whole))
    return std::nullopt;
  auto type = cast<ir::TensorType>(site.root.getType());
  for (Value picked : site.candidates) {
    auto pick = picked.getDefiningOp<ir::PickOp>();
    if (!pick || pick.getType() != type)
      continue;
    const Term *label = site.values.of(pick.getIds());
    SmallVector<Value> rows = site.only ? SmallVector<Value>{site.only} : SmallVector<Value>(site.candidates);
    for (Value candidate : rows) {
      std::optional<unsigned> variable;
      if (candidate.getType() == pick.getInput().getType())
        variable = axisVariable(terms, candidate, type.rank());
      const Term *x = variable ? site.values.of(candidate) : nullptr;
      if (!x || !Terms::dependsOn(x, *variable))
        continue;
      Variables over;
      const Term *row = atFresh(terms, terms.exp(x), *variable, over);
      const Term *loss = terms.minus(terms.log(terms.sum(row, over)), terms.pick(x, *variable, label));
      if (std::optional<double> factor = ratio(terms, whole, loss)) {
        Fused fused{Fused::Kind::CrossEntropy, candidate, type.rank(), *factor};
        fused.labels = pick.getIds();
        return fused;
      }
    }
  }
  return std::nullopt;
}
