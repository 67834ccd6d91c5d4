// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constructors of predicates (rules 5, 10 and 11): comparisons are with 0, `not` stands inside, of a predicate and
// its opposite one stands for both. A predicate is a term that is 0 or 1; `indicator(p)` is it as a number. Integers
// are exact numbers, too: only `int<0` knows that its argument is whole.
#include "passes/raising/Depth.h"

#include <cmath>

using namespace llvm;
using namespace sinter;
using namespace sinter::passes::raising;
using ir::IndexTerm;
using ir::Predicate;
using Kind = Term::Kind;

/// By structure; where structure does not tell, by age, which is the same for all that ask.
static bool isBefore(const Term *a, const Term *b) { return std::tie(a->hash, a->id) < std::tie(b->hash, b->id); }

//===-- Positions as numbers --===//

static constexpr unsigned indexLeaf = ~0u;

bool Terms::isIndex(const Term *t) {
  return t->is(Kind::Load) && t->node->kind == Node::Kind::Leaf && t->node->reduced.front() == indexLeaf;
}

const Term *Terms::index(const IndexSum &sum) {
  Entries items{{size(sum.constant), 1}};
  for (const auto &[atom, factor] : sum.terms) {
    IndexSum alone;
    alone.terms.emplace(atom, Dim(1));
    Term load(Kind::Load);
    load.node = makeNode(Node::Kind::Leaf, {}, {indexLeaf}, nullptr);
    load.indices = {alone};
    items.push_back({times(size(factor), make(std::move(load))), 1});
  }
  return add(items);
}

/// Bounds of a sum of positions, where the axes are of constant size; NaN where there is none.
static std::pair<double, double> boundsOf(const Term *t, const Terms &terms) {
  double number, low, high;
  Entries entries = Terms::entriesOf(t, number);
  low = high = number;
  for (const Entry &entry : entries) {
    double least = NAN, most = NAN;
    if (entry.term->isFunction("indicator"))
      least = 0, most = 1;
    else if (Terms::isIndex(entry.term)) {
      std::optional<Dim> last = terms.indices().upper(entry.term->indices[0]);
      least = 0;
      if (std::optional<int64_t> bound = last ? last->constant() : std::nullopt)
        most = static_cast<double>(*bound);
    }
    low += entry.factor * (entry.factor > 0 ? least : most);
    high += entry.factor * (entry.factor > 0 ? most : least);
  }
  return {low, high};
}

//===-- Comparisons --===//

const Term *Terms::compare(Predicate predicate, const Term *a, const Term *b, bool isInteger) {
  switch (predicate) {
  case Predicate::eq:
    return compareZero("=0", minus(a, b));
  case Predicate::ne:
    return compareZero("!=0", minus(a, b));
  case Predicate::lt:
    return compareZero(isInteger ? "int<0" : "<0", minus(a, b));
  case Predicate::gt:
    return compareZero(isInteger ? "int<0" : "<0", minus(b, a));
  case Predicate::le: // of integers: a - b - 1 < 0
    return isInteger ? compareZero("int<0", add({{a, 1}, {b, -1}}, -1)) : compareZero("<=0", minus(a, b));
  case Predicate::ge:
    return isInteger ? compareZero("int<0", add({{b, 1}, {a, -1}}, -1)) : compareZero("<=0", minus(b, a));
  }
  return opaque({a, b});
}

static bool holds(StringRef relation, double value) {
  if (relation == "=0")
    return value == 0;
  if (relation == "!=0")
    return value != 0;
  return relation == "<=0" ? value <= 0 : value < 0;
}

bool Terms::isRelation(StringRef name) { return name == "int<0" || name == "<0" || name == "<=0" || name == "=0" || name == "!=0"; }

const Term *Terms::compareZero(StringRef relation, const Term *t) {
  if (t->is(Kind::Const))
    return constant(holds(relation, t->number));
  double number;
  Entries entries = entriesOf(t, number);
  if (entries.size() == 1 && entries[0].term->isFunction("indicator")) { // c [p] + number
    bool without = holds(relation, number), with = holds(relation, number + entries[0].factor);
    const Term *p = entries[0].term->entries[0].term;
    return with == without ? constant(with) : with ? p : negate(p);
  }
  if (relation == "int<0") {
    auto [low, high] = boundsOf(t, *this);
    if (high < 0 || low >= 0)
      return constant(high < 0);
  } else if (t->is(Kind::Add)) {
    bool isEquality = relation.ends_with("=0") && relation != "<=0";
    double lead = entries.size() == 1 ? entries[0].factor : leadOf(t);
    t = scale(1 / (isEquality ? lead : std::abs(lead)), t);
    if (const Term *opposite = isEquality ? scale(-1, t) : t; isBefore(opposite, t))
      t = opposite;
  }
  Term term(Kind::Function);
  term.name = relation.str();
  term.entries = {{t, 1}};
  return make(std::move(term));
}

//===-- Logic --===//

const Term *Terms::negate(const Term *p) {
  if (p->is(Kind::Const))
    return constant(p->number == 0);
  StringRef name = p->is(Kind::Function) ? StringRef(p->name) : StringRef();
  const Term *a = p->entries.empty() ? nullptr : p->entries[0].term;
  if (name == "not")
    return a;
  if (name == "int<0")
    return compareZero("int<0", add({{a, -1}}, -1));
  if (name == "<0" || name == "<=0")
    return compareZero(name == "<0" ? "<=0" : "<0", scale(-1, a));
  if (name == "=0" || name == "!=0")
    return compareZero(name == "=0" ? "!=0" : "=0", a);
  if (name == "and" || name == "or") {
    SmallVector<const Term *> parts;
    for (const Entry &entry : p->entries)
      parts.push_back(negate(entry.term));
    return logical(name == "or", parts);
  }
  Term term(Kind::Function);
  term.name = "not";
  term.entries = {{p, 1}};
  return make(std::move(term));
}

const Term *Terms::logical(bool isAnd, ArrayRef<const Term *> parts) {
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque(parts);
  StringRef name = isAnd ? "and" : "or";
  std::map<unsigned, const Term *> kept; // by id
  for (const Term *part : parts) {
    if (part->is(Kind::Const)) {
      if ((part->number != 0) != isAnd)
        return part;
    } else if (part->isFunction(name)) {
      for (const Entry &entry : part->entries)
        kept[entry.term->id] = entry.term;
    } else {
      kept[part->id] = part;
    }
  }
  for (auto [id, part] : kept)
    if (kept.size() > 1 && kept.contains(negate(part)->id))
      return constant(!isAnd);
  if (kept.empty())
    return constant(isAnd);
  if (kept.size() == 1)
    return kept.begin()->second;
  Term term(Kind::Function);
  term.name = name.str();
  for (auto [id, part] : kept)
    term.entries.push_back({part, 1});
  return make(std::move(term));
}

const Term *Terms::indicator(const Term *p) {
  if (p->is(Kind::Const))
    return constant(p->number != 0);
  Term term(Kind::Function);
  term.name = "indicator";
  term.entries = {{p, 1}};
  return make(std::move(term));
}

//===-- Choices --===//

const Term *Terms::select(const Term *p, const Term *a, const Term *b) {
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque({p, a, b});
  if (p->is(Kind::Const))
    return p->number != 0 ? a : b;
  if (a == b)
    return a;
  if (p->isFunction("<0") || p->isFunction("<=0")) { // where(b < a, a, b) = max(a, b)
    for (StringRef relation : {"<0", "<=0"}) {
      if (compareZero(relation, minus(b, a)) == p)
        return larger("maximum", a, b);
      if (compareZero(relation, minus(a, b)) == p)
        return larger("minimum", a, b);
    }
  }
  if (b->isNumber(0)) // where(p, x, 0) = [p] * x
    return times(indicator(p), a);
  if (a->isNumber(0))
    return times(indicator(negate(p)), b);
  if (a->is(Kind::Const) && b->is(Kind::Const) && std::abs(a->number) < 1e4 && std::abs(b->number) < 1e4)
    return add({{indicator(p), a->number - b->number}}, b->number);
  // One choice inside another with the same other side is one choice.
  for (bool swapped : {false, true}) {
    const Term *q = swapped ? negate(p) : p, *inner = swapped ? b : a, *other = swapped ? a : b;
    if (!inner->isFunction("select"))
      continue;
    const Term *r = inner->entries[0].term, *first = inner->entries[1].term, *second = inner->entries[2].term;
    if (second == other)
      return select(logical(true, {q, r}), first, other);
    if (first == other)
      return select(logical(true, {q, negate(r)}), second, other);
  }
  if (const Term *opposite = negate(p); isBefore(opposite, p)) {
    p = opposite;
    std::swap(a, b);
  }
  Term term(Kind::Function);
  term.name = "select";
  term.entries = {{p, 1}, {a, 1}, {b, 1}};
  return make(std::move(term));
}

const Term *Terms::chooseBool(const Term *p, const Term *a, const Term *b) {
  return logical(false, {logical(true, {p, a}), logical(true, {negate(p), b})});
}

/// In a sum: c [p] + d [not p] = (c - d) [p] + d; c [p] - c = -c [not p]; with another number the one of p and not p
/// that is first stands for both.
bool Terms::foldIndicators(Entries &entries, double &number) {
  bool changed = false;
  auto isIndicator = [](const Entry &entry) { return entry.term->isFunction("indicator"); };
  auto opposite = [&](const Entry &entry) { return indicator(negate(entry.term->entries[0].term)); };
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!isIndicator(entries[i]))
      continue;
    const Term *other = opposite(entries[i]);
    auto found = llvm::find_if(entries, [&](const Entry &entry) { return entry.term == other; });
    if (found == entries.end() || isBefore(other, entries[i].term))
      continue;
    entries[i].factor -= found->factor;
    number += found->factor;
    bool isGone = canonical(entries[i].factor) == 0;
    const Term *gone = isGone ? entries[i].term : nullptr;
    llvm::erase_if(entries, [&](const Entry &entry) { return entry.term == other || entry.term == gone; });
    return foldIndicators(entries, number), true;
  }
  Entry *best = nullptr;
  for (Entry &entry : entries)
    if (isIndicator(entry) && number != 0 && std::abs(entry.factor + number) <= 4e-13 * std::abs(number) &&
        (!best || isBefore(entry.term, best->term)))
      best = &entry;
  if (best) {
    *best = {opposite(*best), -best->factor};
    number = 0;
    return true;
  }
  for (Entry &entry : entries) {
    double size = std::abs(entry.factor);
    if (!isIndicator(entry) || number == 0 || size > 1e4 || std::abs(number) > 1e4 * size || size > 1e4 * std::abs(number))
      continue;
    if (const Term *other = opposite(entry); isBefore(other, entry.term)) {
      number += entry.factor;
      entry = {other, -entry.factor};
      changed = true;
      if (std::abs(number) < 1e-12 * size)
        number = 0;
    }
  }
  return changed;
}
