// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constructors of reductions (rules 12 to 16): what does not vary leaves, sums of exponentials become one
// log-sum-exp, centred squares become raw ones, variables are renamed by structure.
#include "passes/raising/Depth.h"

#include <cmath>

using namespace llvm;
using namespace sinter;
using namespace sinter::passes::raising;
using ir::IndexTerm;
using Kind = Term::Kind;

/// The entries that vary with `over` into `varying`, the others into `fixed`.
static void partition(const Term *sum, ArrayRef<unsigned> over, Entries &fixed, Entries &varying, double &number) {
  for (const Entry &entry : Terms::entriesOf(sum, number))
    (Terms::dependsOn(entry.term, over) ? varying : fixed).push_back(entry);
}

const Term *Terms::sum(const Term *body, Variables over) {
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque({body});
  Entries repeats;
  for (unsigned v : over)
    if (!dependsOn(body, v))
      repeats.push_back({size(sizes[v]), 1});
  if (!repeats.empty()) {
    llvm::erase_if(over, [&](unsigned v) { return !dependsOn(body, v); });
    repeats.push_back({sum(body, over), 1});
    return mul(repeats);
  }
  if (over.empty())
    return body;

  if (body->is(Kind::Add)) {
    Entries fixed, varying;
    double number;
    partition(body, over, fixed, varying, number);
    if (!fixed.empty() || number != 0) {
      Entries count{{add(fixed, number), 1}};
      for (unsigned v : over)
        count.push_back({size(sizes[v]), 1});
      return plus(mul(count), sum(add(varying), over));
    }
    double lead = body->entries.size() == 1 ? body->entries[0].factor : leadOf(body);
    if (body->entries.size() == 1)
      return scale(lead, sum(body->entries[0].term, over));
    if (lead != 1) {
      const Term *scaled = scale(1 / lead, body);
      return scale(lead, scaled->is(Kind::Add) ? reduce(Node::Kind::Sum, scaled, over) : sum(scaled, over));
    }
  }
  if (body->is(Kind::Load) && body->node->kind == Node::Kind::Sum) { // a sum of a sum
    const Node *inner = body->node;
    Substitution map;
    for (auto [out, index] : llvm::zip_equal(inner->outs, body->indices))
      map[out] = index;
    for (unsigned v : inner->reduced) {
      over.push_back(fresh(sizes[v]));
      map[v] = IndexSum::variable(over.back());
    }
    return sum(substitute(inner->body, map), over);
  }
  Factors factors = factorsOf(body);
  for (auto [position, entry] : llvm::enumerate(factors.bases))
    if (entry.term->is(Kind::Exp))
      if (const Term *result = sumOfExponentials(factors, position, over))
        return result;
  if (const Term *result = centredSquare(factors, over))
    return result;
  return reduce(Node::Kind::Sum, body, over);
}

/// sum exp(C + X) = exp(C + lse X), sum exp(C + X) * f = exp(C) * sum exp(X) * f, for C that does not vary.
const Term *Terms::sumOfExponentials(const Factors &factors, size_t exponential, const Variables &over) {
  const Term *exponent = factors.bases[exponential].term->entries[0].term;
  Entries fixed, varying;
  double number;
  partition(exponent, over, fixed, varying, number);
  const Term *constant = add(fixed, number), *rest = add(varying);
  if (factors.bases.size() == 1)
    return scale(factors.scalar, exp(plus(constant, reduce(Node::Kind::LogSumExp, rest, over))));
  if (constant->isNumber(0))
    return nullptr;
  Entries product{{exp(rest), 1}};
  for (auto [position, entry] : llvm::enumerate(factors.bases))
    if (position != exponential)
      product.push_back(entry);
  return scale(factors.scalar, times(exp(constant), sum(mul(product), over)));
}

/// sum (X - S/N)^2 = sum (X - S/N) * X = sum X^2 - S^2/N, only where S is exactly sum X.
const Term *Terms::centredSquare(const Factors &factors, const Variables &over) {
  for (const Entry &candidate : factors.bases) {
    const Term *base = candidate.term;
    bool square = candidate.factor == 2 && factors.bases.size() == 1;
    bool product = candidate.factor == 1 && factors.bases.size() == 2;
    if (!base->is(Kind::Add) || (!square && !product))
      continue;
    Entries fixed, varying;
    double number;
    partition(base, over, fixed, varying, number);
    if (fixed.empty() || varying.empty())
      continue;
    const Term *centre = add(fixed, number), *x = add(varying), *total = sum(x, over);
    Entries negatedMean{{total, 1}, {constant(-1), 1}};
    Entries count;
    for (unsigned v : over) {
      negatedMean.push_back({size(sizes[v]), -1});
      count.push_back({size(sizes[v]), -1});
    }
    if (centre != mul(negatedMean))
      continue;
    double scalar = factors.scalar;
    if (product) {
      const Entry &other = factors.bases[0].term == base ? factors.bases[1] : factors.bases[0];
      Factors own = factorsOf(x);
      if (other.factor != 1 || own.bases.size() != 1 || own.bases[0].term != other.term || own.bases[0].factor != 1)
        continue;
      scalar /= own.scalar;
    }
    count.push_back({total, 2});
    return scale(scalar, minus(sum(pow(x, 2), over), mul(count)));
  }
  return nullptr;
}

const Term *Terms::extreme(const Term *body, Variables over, bool least) {
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque({body});
  llvm::erase_if(over, [&](unsigned v) { return !dependsOn(body, v); });
  if (over.empty())
    return body;
  if (body->is(Kind::Add)) {
    Entries fixed, varying;
    double number;
    partition(body, over, fixed, varying, number);
    if (!fixed.empty() || number != 0)
      return plus(add(fixed, number), extreme(add(varying), over, least));
    double lead = body->entries.size() == 1 ? body->entries[0].factor : leadOf(body);
    if (lead != 1) {
      const Term *scaled = scale(1 / lead, body);
      bool flipped = lead < 0 ? !least : least;
      if (body->entries.size() == 1)
        return scale(lead, extreme(scaled, over, flipped));
      return scale(lead, reduce(flipped ? Node::Kind::Min : Node::Kind::Max, scaled, over));
    }
  }
  return reduce(least ? Node::Kind::Min : Node::Kind::Max, body, over);
}

/// A picked entry of a sum, a product or a function is that of the picked parts; of a load it is a node by itself. That
/// is no sum over [j = label]: outside the row that would be 0.
const Term *Terms::pick(const Term *t, unsigned variable, const Term *label) {
  DenseMap<const Term *, const Term *> memo;
  std::function<const Term *(const Term *)> visit = [&](const Term *u) -> const Term * {
    if (!dependsOn(u, variable))
      return u;
    if (const Term *known = memo.lookup(u))
      return known;
    const Term *result;
    if (!u->is(Kind::Load)) {
      result = rebuild(u, visit, Substitution());
    } else if (isIndex(u) && u->indices[0] == IndexSum::variable(variable)) {
      result = label;
    } else {
      unsigned position = fresh(Dim(sizes[variable]));
      Substitution map;
      map[variable] = IndexSum::variable(position);
      const Term *isIt = function("picked", {minus(index(IndexSum::variable(position)), label)});
      result = reduce(Node::Kind::Sum, times(isIt, substitute(u, map)), {position});
    }
    memo[u] = result;
    return result;
  };
  return visit(t);
}

//===-- Nodes: variables split, fused and renamed --===//

/// The first floordiv or mod in the indices of `t` that `pick` likes.
static const IndexTerm *findIndexTerm(const IndexSum &sum, function_ref<bool(const IndexTerm &)> pick) {
  for (const auto &[term, factor] : sum.terms) {
    if (term.kind == IndexTerm::Kind::Variable)
      continue;
    if (pick(term))
      return &term;
    if (const IndexTerm *inner = findIndexTerm(*term.inner, pick))
      return inner;
  }
  return nullptr;
}
static const IndexTerm *findIndexTerm(const Term *t, function_ref<bool(const IndexTerm &)> pick,
                                      SmallPtrSetImpl<const Term *> &seen) {
  if (!seen.insert(t).second || t->free.empty())
    return nullptr;
  for (const IndexSum &index : t->indices)
    if (const IndexTerm *found = findIndexTerm(index, pick))
      return found;
  for (const Entry &entry : t->entries)
    if (const IndexTerm *found = findIndexTerm(entry.term, pick, seen))
      return found;
  return nullptr;
}

/// The variable that stands alone in the term's inner sum.
static std::optional<unsigned> aloneIn(const IndexTerm &term) {
  const IndexSum &inner = *term.inner;
  if (inner.terms.size() != 1 || !inner.constant.isConstant(0))
    return std::nullopt;
  const auto &[only, factor] = *inner.terms.begin();
  if (only.kind != IndexTerm::Kind::Variable || !factor.isConstant(1))
    return std::nullopt;
  return only.position;
}

/// A variable under floordiv or mod becomes two. `outer` gives what each variable that is not reduced stands for.
const Term *Terms::splitVariables(const Term *body, Variables &over, std::vector<std::pair<unsigned, IndexSum>> &outer) {
  for (unsigned round = 0; round < 16; ++round) {
    SmallPtrSet<const Term *, 16> seen;
    const IndexTerm *found = findIndexTerm(body, [&](const IndexTerm &term) {
      std::optional<unsigned> v = aloneIn(term);
      std::optional<Dim> rest = v ? Dim::exactDiv(sizes[*v], term.divisor) : std::nullopt;
      return rest && !rest->isConstant(1) && !term.divisor.isConstant(1);
    }, seen);
    if (!found)
      return body;
    unsigned v = *aloneIn(*found);
    Dim divisor = found->divisor;
    unsigned high = fresh(*Dim::exactDiv(sizes[v], divisor)), low = fresh(divisor);
    Substitution map;
    map[v] = indices().add(IndexSum::variable(high) * divisor, IndexSum::variable(low));
    body = substitute(body, map);
    if (llvm::is_contained(over, v)) {
      llvm::erase(over, v);
      over.append({high, low});
      continue;
    }
    for (auto it = outer.begin(); it != outer.end(); ++it)
      if (it->first == v) {
        IndexSum whole = it->second;
        outer.erase(it);
        outer.push_back({high, indices().floorDiv(whole, divisor)});
        outer.push_back({low, indices().mod(whole, divisor)});
        break;
      }
  }
  return body;
}

/// Two reduced variables that are used as c * a + b alone become one.
const Term *Terms::fuseVariables(const Term *body, Variables &over) {
  for (bool again = over.size() > 1; again;) {
    again = false;
    for (unsigned a : over) {
      for (unsigned b : over) {
        if (a == b || again)
          continue;
        Dim low = sizes[b];
        unsigned whole = fresh(sizes[a] * low);
        Substitution map;
        map[a] = indices().floorDiv(IndexSum::variable(whole), low);
        map[b] = indices().mod(IndexSum::variable(whole), low);
        const Term *fused = substitute(body, map);
        SmallPtrSet<const Term *, 16> seen;
        auto isLeft = [&](const IndexTerm &term) { return aloneIn(term) == whole; };
        if (findIndexTerm(fused, isLeft, seen))
          continue;
        body = fused;
        llvm::erase(over, a);
        llvm::erase(over, b);
        over.push_back(whole);
        again = true;
      }
      if (again)
        break;
    }
    again &= over.size() > 1;
  }
  return body;
}

/// The variables in an order that does not depend on their numbers, as far as structure tells.
Variables Terms::variableOrder(const Term *body) const {
  Variables order;
  SmallPtrSet<const Term *, 16> seen;
  std::function<void(const IndexSum &)> visitSum = [&](const IndexSum &sum) {
    SmallVector<std::pair<uint64_t, const IndexTerm *>> terms;
    for (const auto &[term, factor] : sum.terms) {
      IndexSum alone;
      alone.terms.emplace(term, factor);
      terms.push_back({hashOf(alone), &term});
    }
    llvm::sort(terms, [](const auto &a, const auto &b) {
      return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    });
    for (auto [hash, term] : terms) {
      if (term->kind != IndexTerm::Kind::Variable)
        visitSum(*term->inner);
      else if (!llvm::is_contained(order, term->position))
        order.push_back(term->position);
    }
  };
  std::function<void(const Term *)> visit = [&](const Term *t) {
    if (t->free.empty() || !seen.insert(t).second)
      return;
    for (const IndexSum &index : t->indices)
      visitSum(index);
    Entries entries = t->entries;
    bool unordered = t->is(Kind::Add) || t->is(Kind::Mul) ||
                     (t->is(Kind::Function) && llvm::is_contained({"maximum", "minimum", "and", "or"}, t->name));
    if (unordered)
      llvm::sort(entries, [](const Entry &a, const Entry &b) {
        return std::tuple(a.term->hash, a.factor, a.term->id) < std::tuple(b.term->hash, b.factor, b.term->id);
      });
    for (const Entry &entry : entries)
      visit(entry.term);
  };
  visit(body);
  return order;
}

const Term *Terms::reduce(Node::Kind kind, const Term *body, Variables over) {
  std::vector<std::pair<unsigned, IndexSum>> outer;
  for (unsigned v : body->free)
    if (!llvm::is_contained(over, v))
      outer.push_back({v, IndexSum::variable(v)});
  body = splitVariables(body, over, outer);
  body = fuseVariables(body, over);
  Substitution map;
  Variables outs, reduced;
  std::vector<IndexSum> indices;
  for (unsigned v : variableOrder(body)) {
    bool isReduced = llvm::is_contained(over, v);
    // Formal variables, shared by all nodes: far from the positions of any value's axes.
    IndexSum formal = axis((isReduced ? 2000 + reduced.size() : 1000 + outs.size()), sizes[v]);
    unsigned number = formal.terms.begin()->first.position;
    (isReduced ? reduced : outs).push_back(number);
    map[v] = formal;
    if (!isReduced)
      for (auto &[variable, index] : outer)
        if (variable == v)
          indices.push_back(index);
  }
  return load(makeNode(kind, outs, reduced, substitute(body, map)), indices);
}
