// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// X * (mean X^2 + eps)^-1/2 and (X - m) * (mean (X - m)^2 + eps)^-1/2, with what multiplies and what is added along
// the row. Anchored at the base of an inverse root.
#include "passes/raising/Recognize.h"

#include "llvm/ADT/SetVector.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

namespace {

/// The bases under an exponent of -1/2, of the term and of its entries.
SmallVector<const Term *> rootBases(const Term *t) {
  llvm::SetVector<const Term *> bases;
  auto look = [&](const Term *product) {
    if (product->is(Kind::Mul))
      for (const Entry &factor : product->entries)
        if (factor.factor == -0.5)
          bases.insert(factor.term);
  };
  look(t);
  if (t->is(Kind::Add))
    for (const Entry &entry : t->entries)
      look(entry.term);
  return bases.takeVector();
}

bool holdsRoot(const Term *t, const Term *base) {
  return t->is(Kind::Mul) &&
         llvm::any_of(t->entries, [&](const Entry &e) { return e.term == base && e.factor == -0.5; });
}

/// `base` = a * squares + e * unit for numbers a > 0, e >= 0.
struct Affine {
  double a, e;
};
std::optional<Affine> affineIn(Terms &terms, const Term *base, const Term *squares, const Term *unit) {
  double number;
  Entries parts = Terms::entriesOf(squares, number);
  if (parts.empty())
    return std::nullopt;
  double ignored;
  for (const Entry &entry : Terms::entriesOf(base, ignored)) {
    if (entry.term != parts[0].term)
      continue;
    double a = entry.factor / parts[0].factor;
    const Term *rest = terms.divide(terms.add({{base, 1}, {squares, -a}}), unit);
    if (a > 0 && rest->is(Kind::Const) && rest->number >= 0)
      return Affine{a, rest->number};
  }
  return std::nullopt;
}

class NormFinder {
public:
  explicit NormFinder(const Site &site) : site(site), terms(site.terms), whole(site.values.of(site.root)) {}

  std::optional<Fused> find() {
    SmallVector<const Term *> bases = rootBases(whole);
    if (bases.empty())
      return std::nullopt;
    std::optional<Fused> scaled;
    for (Value candidate : sameShape(site))
      for (unsigned axis = cast<ir::TensorType>(candidate.getType()).rank(); axis-- > 0;)
        for (const Term *base : bases)
          for (bool centred : {true, false})
            if (std::optional<Fused> fused = match(candidate, axis, base, centred)) {
              if (fused->factor == 1)
                return fused;
              if (!scaled)
                scaled = fused;
            }
    return scaled;
  }

private:
  std::optional<Fused> match(Value candidate, unsigned axis, const Term *base, bool centred) {
    std::optional<unsigned> variable = axisVariable(terms, candidate, axis);
    const Term *x = site.values.of(candidate);
    if (!variable || !Terms::dependsOn(x, *variable))
      return std::nullopt;
    const Term *size = terms.size(terms.sizeOf(*variable)), *core = x;
    Variables over;
    if (centred) {
      const Term *row = atFresh(terms, x, *variable, over);
      core = terms.minus(x, terms.divide(terms.sum(row, over), size));
    }
    const Term *square = atFresh(terms, terms.pow(core, 2), *variable, over);
    const Term *squares = terms.sum(square, over), *mean = terms.divide(squares, size);
    // base = scale * (mean + eps); where the size is a symbol, base may hold the sum in place of the mean.
    std::optional<Affine> affine = affineIn(terms, base, mean, terms.constant(1));
    const Term *scale = affine ? terms.constant(affine->a) : nullptr;
    if (!affine && !size->is(Kind::Const)) {
      affine = affineIn(terms, base, squares, size);
      scale = affine ? terms.scale(affine->a, size) : nullptr;
    }
    if (!affine)
      return std::nullopt;
    Fused fused{centred ? Fused::Kind::LayerNorm : Fused::Kind::RmsNorm, candidate, axis};
    fused.eps = affine->e / affine->a;
    const Term *norm = terms.mul({{core, 1}, {base, -0.5}, {scale, 0.5}});
    return complete(fused, norm, base, *variable) ? std::optional(fused) : std::nullopt;
  }

  /// What multiplies and what is added must vary along the row alone, and stand in the IR.
  bool complete(Fused &fused, const Term *norm, const Term *base, unsigned variable) {
    const Term *product = whole, *added = nullptr;
    if (whole->is(Kind::Add) && (whole->entries.size() > 1 || whole->number != 0) && !holdsRoot(whole, base)) {
      Entries with, without;
      for (const Entry &entry : whole->entries)
        (holdsRoot(entry.term, base) ? with : without).push_back(entry);
      if (!without.empty() || whole->number != 0)
        added = terms.add(without, whole->number);
      product = terms.add(with);
    }
    if (std::optional<double> factor = ratio(terms, product, norm)) {
      fused.factor = *factor;
    } else {
      const Term *weight = terms.divide(product, norm);
      fused.weight = findVector(weight, variable, fused.factor);
      if (!fused.weight)
        return false;
    }
    if (!added)
      return true;
    double scale = 1;
    if (fused.kind != Fused::Kind::LayerNorm || fused.factor != 1)
      return false;
    fused.bias = findVector(added, variable, scale);
    return fused.bias && scale == 1;
  }

  /// A value whose elements along one axis are `term` up to a factor.
  std::optional<Vector> findVector(const Term *term, unsigned variable, double &factor) {
    if (term->free.size() != 1 || term->free[0] != variable)
      return std::nullopt;
    for (Value value : site.candidates) {
      auto type = dyn_cast<ir::TensorType>(value.getType());
      if (!type || !type.getElementType().isF32() || value == site.root)
        continue;
      const Term *own = site.values.of(value);
      if (own->free.size() != 1)
        continue;
      for (unsigned axis = 0; axis < type.rank(); ++axis) {
        if (axisVariable(terms, value, axis) != own->free[0] || type.getDim(axis) != terms.sizeOf(variable))
          continue;
        Substitution map;
        map[own->free[0]] = IndexSum::variable(variable);
        if (std::optional<double> found = ratio(terms, term, terms.substitute(own, map))) {
          factor = *found;
          return Vector{value, axis};
        }
      }
    }
    return std::nullopt;
  }

  const Site &site;
  Terms &terms;
  const Term *whole;
};

} // namespace

std::optional<Fused> passes::raising::recognizeNorm(const Site &site) { return NormFinder(site).find(); }

/// X / max(sqrt(sum X^2), eps), which is X * max(sum X^2, eps^2)^-1/2. Anchored at that maximum.
std::optional<Fused> passes::raising::recognizeL2Normalize(const Site &site) {
  Terms &terms = site.terms;
  const Term *whole = site.values.of(site.root);
  double number;
  Entries parts = Terms::entriesOf(whole, number); // a factor before a product is an entry
  if (parts.size() != 1 || number != 0 || !parts[0].term->is(Kind::Mul))
    return std::nullopt;
  for (const Entry &factor : parts[0].term->entries) {
    const Term *larger = factor.term;
    if (factor.factor != -0.5 || !larger->isFunction("maximum"))
      continue;
    const Term *eps = larger->entries[larger->entries[0].term->is(Kind::Const) ? 0 : 1].term;
    if (!eps->is(Kind::Const) || eps->number <= 0)
      continue;
    for (Value candidate : sameShape(site)) {
      const Term *x = site.values.of(candidate);
      for (unsigned axis = cast<ir::TensorType>(candidate.getType()).rank(); axis-- > 0;) {
        std::optional<unsigned> variable = axisVariable(terms, candidate, axis);
        if (!variable || !Terms::dependsOn(x, *variable))
          continue;
        Variables over;
        const Term *square = atFresh(terms, terms.pow(x, 2), *variable, over);
        const Term *squares = terms.sum(square, over);
        // max(c * r, k) was made c * max(r, k / c): the same here gives this candidate's own eps.
        double own = eps->number * terms.factorsOf(squares).scalar;
        const Term *larger = terms.function("maximum", {squares, terms.constant(own)});
        const Term *made = terms.times(x, terms.pow(larger, -0.5));
        std::optional<double> ratioOf = ratio(terms, whole, made);
        if (!ratioOf)
          continue;
        Fused fused{Fused::Kind::L2Normalize, candidate, axis, *ratioOf};
        fused.eps = std::sqrt(own);
        return fused;
      }
    }
  }
  return std::nullopt;
}
