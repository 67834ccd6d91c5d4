// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constructors of products, exponentials, logarithms and other functions (rules 7 to 10).
#include "passes/raising/Depth.h"

#include <cmath>

using namespace llvm;
using namespace sinter::passes::raising;
using Kind = Term::Kind;

static bool isWhole(double e) { return e == std::floor(e); }
static bool isOdd(double e) { return std::abs(std::fmod(e, 2)) == 1; }
static bool isEven(double e) { return std::fmod(e, 2) == 0; }
/// Exponents are quarters nearly always; rounding does not make them others.
static double tidyExponent(double e) {
  double quarter = std::round(e * 4) / 4;
  return std::abs(quarter - e) < 1e-12 ? quarter : e;
}

bool Terms::isNonNegative(const Term *t) const {
  if (t->sign)
    return t->sign > 0;
  auto all = [&](auto test) { return llvm::all_of(t->entries, test); };
  bool known = false;
  switch (t->kind) {
  case Kind::Const:
    known = t->number >= 0;
    break;
  case Kind::Exp:
    known = true;
    break;
  case Kind::Function:
    known = t->name == "abs" || t->name == "indicator" || StringRef(t->name).starts_with("size ") ||
            (t->name == "maximum" && llvm::any_of(t->entries, [&](const Entry &e) { return isNonNegative(e.term); })) ||
            (t->name == "minimum" && llvm::all_of(t->entries, [&](const Entry &e) { return isNonNegative(e.term); }));
    break;
  case Kind::Mul:
    known = all([&](const Entry &e) { return isEven(e.factor) || isNonNegative(e.term); });
    break;
  case Kind::Add:
    known = t->number >= 0 && all([&](const Entry &e) { return e.factor > 0 && isNonNegative(e.term); });
    break;
  case Kind::Load:
    known = isIndex(t) || (t->node->kind == Node::Kind::Sum && isNonNegative(t->node->body));
    break;
  default:
    break;
  }
  t->sign = known ? 1 : -1;
  return known;
}

Terms::Factors Terms::factorsOf(const Term *t) {
  Factors result;
  if (t->is(Kind::Add) && t->entries.size() == 1 && t->number == 0) {
    result.scalar = t->entries[0].factor;
    t = t->entries[0].term;
  } else if (t->is(Kind::Add)) {
    result.scalar = leadOf(t);
    if (result.scalar != 1)
      t = scale(1 / result.scalar, t);
  }
  result.bases = t->is(Kind::Mul) ? t->entries : Entries{{t, 1}};
  return result;
}

const Term *Terms::mul(ArrayRef<Entry> items) {
  SmallVector<const Term *> given;
  for (const Entry &item : items)
    given.push_back(item.term);
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque(given);

  double scalar = 1;
  std::map<unsigned, Entry> powers; // by the bases' ids
  SmallVector<const Term *> predicates;
  Entries exponents, work(items.begin(), items.end());
  auto keep = [&](const Term *base, double e) {
    Entry &entry = powers.try_emplace(base->id, Entry{base, 0}).first->second;
    entry.factor += e;
  };
  while (!work.empty()) {
    auto [t, e] = work.pop_back_val();
    bool whole = isWhole(e);
    if (e == 0)
      continue;
    switch (t->kind) {
    case Kind::Const:
      if (t->number == 0 && e > 0)
        return constant(0);
      if (t->number == 0 || (t->number < 0 && !whole))
        return opaque(given);
      scalar *= std::pow(t->number, e);
      continue;
    case Kind::Add: {
      // k + c * exp(a) = exp(a) * (c + k * exp(-a)): of the two the one whose exponent is -a, for a sigmoid.
      const Term *first = t->entries[0].term;
      if (t->entries.size() == 1 && t->number != 0 && first->is(Kind::Exp) && orientation(first->entries[0].term) > 0) {
        work.push_back({first, e});
        work.push_back({add({{exp(scale(-1, first->entries[0].term)), t->number}}, t->entries[0].factor), e});
        continue;
      }
      double lead = leadOf(t);
      if (lead < 0 && !whole)
        lead = -lead;
      if (lead == 1) {
        keep(t, e);
        continue;
      }
      const Term *scaled = scale(1 / lead, t);
      scalar *= std::pow(lead, e);
      // Rounding must not ask for another scaling.
      if (scaled->is(Kind::Add) && std::abs(std::abs(leadOf(scaled)) - 1) < 1e-9)
        keep(scaled, e);
      else
        work.push_back({scaled, e});
      continue;
    }
    case Kind::Mul: {
      // The root of a product: each base must be known not to be negative, but for one that then cannot be.
      unsigned unknown = llvm::count_if(t->entries, [&](const Entry &x) { return isOdd(x.factor) && !isNonNegative(x.term); });
      bool apart = llvm::all_of(t->entries, [&](const Entry &x) {
        return whole || isNonNegative(x.term) || isEven(x.factor) || (isOdd(x.factor) && unknown == 1);
      });
      if (!apart) {
        keep(t, e);
        continue;
      }
      for (const Entry &x : t->entries) {
        bool absolute = !whole && isEven(x.factor) && !isNonNegative(x.term);
        work.push_back({absolute ? function("abs", {x.term}) : x.term, x.factor * e});
      }
      continue;
    }
    case Kind::Exp:
      exponents.push_back({t->entries[0].term, e});
      continue;
    default:
      if (t->isFunction("abs") && isEven(e))
        work.push_back({t->entries[0].term, e});
      else if (t->isFunction("indicator") && e > 0)
        predicates.push_back(t->entries[0].term);
      else
        keep(t, e);
    }
  }
  if (!predicates.empty()) { // [p] * [q] = [p and q]
    const Term *both = logical(true, predicates);
    if (both->isNumber(0))
      return both;
    if (!both->is(Kind::Const))
      keep(indicator(both), 1);
  }
  Entries entries;
  for (auto &[id, power] : powers)
    if (double e = tidyExponent(power.factor))
      entries.push_back({power.term, e});
  if (!exponents.empty()) {
    const Term *x = exp(add(exponents));
    if (x->is(Kind::Const)) {
      scalar *= x->number;
    } else if (x->is(Kind::Exp)) {
      entries.push_back({x, 1});
    } else {
      entries.push_back({x, 1});
      entries.push_back({constant(scalar), 1});
      return mul(entries);
    }
  }
  if (entries.empty())
    return constant(scalar);
  if (!std::isfinite(scalar) || std::abs(scalar) > 1e150 || std::abs(scalar) < 1e-150)
    return opaque(given);
  const Term *product = entries[0].term;
  if (entries.size() > 1 || entries[0].factor != 1) {
    llvm::sort(entries, [](const Entry &a, const Entry &b) { return a.term->id < b.term->id; });
    Term term(Kind::Mul);
    term.entries = std::move(entries);
    product = make(std::move(term));
  }
  scalar = canonical(scalar);
  return scalar == 1 ? product : add({{product, scalar}});
}

const Term *Terms::exp(const Term *a) {
  if (a->is(Kind::Const))
    return std::abs(a->number) < 300 ? constant(std::exp(a->number)) : opaque({a});
  double number;
  Entries logs, rest;
  for (const Entry &entry : entriesOf(a, number))
    if (entry.term->is(Kind::Log))
      logs.push_back({entry.term->entries[0].term, entry.factor});
    else
      rest.push_back(entry);
  if (!logs.empty()) {
    logs.push_back({exp(add(rest, number)), 1});
    return mul(logs);
  }
  Term term(Kind::Exp);
  term.entries = {{a, 1}};
  return make(std::move(term));
}

const Term *Terms::log(const Term *a) {
  if (a->is(Kind::Const))
    return a->number > 0 ? constant(std::log(a->number)) : opaque({a});
  if (a->is(Kind::Exp))
    return a->entries[0].term;
  Factors factors = factorsOf(a);
  bool holdsExp = llvm::any_of(factors.bases, [](const Entry &e) { return e.term->is(Kind::Exp); });
  if (factors.scalar > 0 && (factors.scalar != 1 || holdsExp)) {
    Entries rest, sum;
    for (const Entry &entry : factors.bases)
      if (entry.term->is(Kind::Exp))
        sum.push_back({entry.term->entries[0].term, entry.factor});
      else
        rest.push_back(entry);
    if (const Term *product = mul(rest); !product->isNumber(1)) {
      Term term(Kind::Log);
      term.entries = {{product, 1}};
      sum.push_back({make(std::move(term)), 1});
    }
    return add(sum, std::log(factors.scalar));
  }
  Term term(Kind::Log);
  term.entries = {{a, 1}};
  return make(std::move(term));
}

/// The larger or the smaller of two. A positive factor beside a constant leaves: max(c a, k) = c max(a, k / c).
const Term *Terms::larger(StringRef name, const Term *a, const Term *b) {
  if (a == b)
    return a;
  if (a->is(Kind::Const))
    std::swap(a, b);
  if (a->is(Kind::Const))
    return constant(name == "maximum" ? std::max(a->number, b->number) : std::min(a->number, b->number));
  if (b->is(Kind::Const)) {
    double scalar = factorsOf(a).scalar;
    if (scalar > 0 && scalar != 1)
      return scale(scalar, larger(name, scale(1 / scalar, a), scale(1 / scalar, b)));
    // max(x^e, k) = max(x, k^(1/e))^e for x >= 0, k > 0; for e < 0 it is the smaller one.
    const Entry *power = a->is(Kind::Mul) && a->entries.size() == 1 ? &a->entries[0] : nullptr;
    if (power && b->number > 0 && isNonNegative(power->term)) {
      StringRef opposite = name == "maximum" ? "minimum" : "maximum";
      const Term *bound = pow(constant(b->number), 1 / power->factor);
      return pow(larger(power->factor > 0 ? name : opposite, power->term, bound), power->factor);
    }
  }
  if (b->id < a->id)
    std::swap(a, b);
  Term term(Kind::Function);
  term.name = name.str();
  term.entries = {{a, 1}, {b, 1}};
  return make(std::move(term));
}

const Term *Terms::function(StringRef name, ArrayRef<const Term *> arguments) {
  using Scalar = double (*)(double);
  struct Known {
    StringRef name;
    Scalar scalar;
    bool odd, even;
  };
  static const Known known[] = {{"tanh", std::tanh, true, false}, {"erf", std::erf, true, false},
                                {"sin", std::sin, true, false},   {"cos", std::cos, false, true},
                                {"abs", std::fabs, false, true},  {"floor", std::floor, false, false}};
  for (const Known &f : known) {
    if (name != f.name)
      continue;
    const Term *a = arguments[0];
    if (a->is(Kind::Const))
      return constant(f.scalar(a->number));
    if (name == "abs" && isNonNegative(a))
      return a;
    if ((f.odd || f.even) && orientation(a) < 0)
      return scale(f.odd ? -1 : 1, function(name, {scale(-1, a)}));
    if (name == "tanh") // 2 / (1 + exp(-2 a)) - 1: a sigmoid by another name
      return add({{pow(add({{exp(scale(-2, a)), 1}}, 1), -1), 2}}, -1);
  }
  SmallVector<const Term *> ordered(arguments);
  if (name == "maximum" || name == "minimum")
    return larger(name, ordered[0], ordered[1]);
  if (name == "and" || name == "or")
    return logical(name == "and", ordered);
  if (name == "not")
    return negate(ordered[0]);
  if (isRelation(name))
    return compareZero(name, ordered[0]);
  if (name == "select")
    return select(ordered[0], ordered[1], ordered[2]);
  if (name == "indicator")
    return indicator(ordered[0]);
  Term term(Kind::Function);
  term.name = name.str();
  for (const Term *a : ordered)
    term.entries.push_back({a, 1});
  return make(std::move(term));
}
