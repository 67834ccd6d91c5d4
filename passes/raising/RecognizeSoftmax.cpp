// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp(X - lse X): softmax of X along one axis; and what the recognizers share.
#include "passes/raising/Recognize.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

SmallVector<Value> passes::raising::sameShape(const Site &site) {
  if (site.only)
    return {site.only};
  SmallVector<Value> result;
  for (Value value : site.candidates)
    if (value != site.root && value.getType() == site.root.getType())
      result.push_back(value);
  return result;
}

std::optional<unsigned> passes::raising::axisVariable(Terms &terms, Value value, unsigned axis) {
  IndexSum index = terms.axis(axis, cast<ir::TensorType>(value.getType()).getDim(axis));
  if (index.terms.empty())
    return std::nullopt;
  return index.terms.begin()->first.position;
}

const Term *passes::raising::atFresh(Terms &terms, const Term *t, unsigned variable, Variables &reduced) {
  unsigned other = terms.fresh(Dim(terms.sizeOf(variable)));
  reduced = {other};
  Substitution map;
  map[variable] = IndexSum::variable(other);
  return terms.substitute(t, map);
}

std::optional<double> passes::raising::ratio(Terms &terms, const Term *a, const Term *b) {
  const Term *quotient = terms.divide(a, b);
  if (!quotient->is(Kind::Const) || quotient->number == 0)
    return std::nullopt;
  return std::abs(quotient->number - 1) < 1e-11 ? 1.0 : quotient->number;
}

/// Some exponent holds a log-sum-exp.
static bool holdsLogSumExp(const Term *t) {
  for (const Entry &factor : Entries(t->is(Kind::Mul) ? t->entries : Entries{{t, 1}})) {
    if (factor.term->is(Kind::Add) && factor.term->entries.size() == 1 && factor.term != t)
      return holdsLogSumExp(factor.term);
    if (!factor.term->is(Kind::Exp))
      continue;
    double number;
    for (const Entry &entry : Terms::entriesOf(factor.term->entries[0].term, number))
      if (entry.term->is(Kind::Load) && entry.term->node->kind == Node::Kind::LogSumExp)
        return true;
  }
  return false;
}

std::optional<Fused> passes::raising::recognizeSoftmax(const Site &site) {
  Terms &terms = site.terms;
  const Term *whole = site.values.of(site.root);
  if (whole->is(Kind::Add) && whole->entries.size() == 1 && whole->number == 0
          ? !holdsLogSumExp(whole->entries[0].term)
          : !holdsLogSumExp(whole))
    return std::nullopt;
  std::optional<Fused> scaled;
  for (Value candidate : sameShape(site)) {
    const Term *x = site.values.of(candidate);
    for (unsigned axis = cast<ir::TensorType>(candidate.getType()).rank(); axis-- > 0;) {
      std::optional<unsigned> variable = axisVariable(terms, candidate, axis);
      if (!variable || !Terms::dependsOn(x, *variable))
        continue;
      Variables over;
      const Term *e = terms.exp(x), *row = atFresh(terms, e, *variable, over);
      std::optional<double> factor = ratio(terms, whole, terms.divide(e, terms.sum(row, over)));
      if (!factor)
        continue;
      Fused fused{Fused::Kind::Softmax, candidate, axis, *factor};
      if (*factor == 1)
        return fused;
      if (!scaled)
        scaled = fused;
    }
  }
  return scaled;
}
