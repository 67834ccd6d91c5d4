// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// gelu, gelu by tanh, silu: three formulas of one value.
#include "passes/raising/Recognize.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace sinter;
using namespace sinter::passes::raising;
using Kind = Term::Kind;
using ir::ActivationKind;

/// 1 / (1 + exp(-a)).
static const Term *sigmoid(Terms &terms, const Term *a) {
  return terms.pow(terms.add({{terms.exp(terms.scale(-1, a)), 1}}, 1), -1);
}

static const Term *activation(Terms &terms, ActivationKind kind, const Term *x) {
  switch (kind) {
  case ActivationKind::gelu:
    return terms.times(x, terms.add({{terms.function("erf", {terms.scale(1 / std::numbers::sqrt2, x)}), 0.5}}, 0.5));
  case ActivationKind::gelu_tanh:
    return terms.times(x, sigmoid(terms, terms.scale(2 * std::sqrt(2 / std::numbers::pi),
                                                     terms.add({{x, 1}, {terms.pow(x, 3), 0.044715}}))));
  case ActivationKind::silu:
    return terms.times(x, sigmoid(terms, x));
  }
  return x;
}

static bool holds(const Term *t, llvm::function_ref<bool(const Term *)> test, unsigned depth = 0) {
  return test(t) || (depth < 8 && llvm::any_of(t->entries, [&](const Entry &e) { return holds(e.term, test, depth + 1); }));
}

std::optional<Fused> passes::raising::recognizeActivation(const Site &site) {
  Terms &terms = site.terms;
  const Term *whole = site.values.of(site.root);
  bool hasErf = holds(whole, [](const Term *t) { return t->isFunction("erf"); });
  bool hasExp = holds(whole, [](const Term *t) { return t->is(Kind::Exp); });
  for (ActivationKind kind : {ActivationKind::gelu, ActivationKind::gelu_tanh, ActivationKind::silu}) {
    if (!(kind == ActivationKind::gelu ? hasErf : hasExp))
      continue;
    for (Value candidate : sameShape(site)) {
      const Term *x = site.values.of(candidate);
      if (x->is(Kind::Const))
        continue;
      if (ratio(terms, whole, activation(terms, kind, x)) != 1.0) // by a factor nothing would be won
        continue;
      Fused fused{Fused::Kind::Activation, candidate};
      fused.activation = kind;
      return fused;
    }
  }
  return std::nullopt;
}
