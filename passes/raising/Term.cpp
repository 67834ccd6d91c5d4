// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making terms: hash-consing, constants, variables, substitution. No mathematics but that of indices.
#include "passes/raising/Term.h"
#include "passes/raising/Depth.h"

#include <cmath>

using namespace llvm;
using namespace sinter;
using namespace sinter::passes::raising;
using ir::IndexTerm;
using Kind = Term::Kind;

static uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = a * 0x9E3779B97F4A7C15ull + b;
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93ull;
  return x ^ (x >> 29);
}
/// The number's bits but the last few, which rounding may have changed.
static uint64_t bits(double value) {
  uint64_t result;
  value += 0.0; // no -0
  memcpy(&result, &value, sizeof result);
  return result;
}

Terms::Terms(uint64_t seed) : seed(mix(seed, 17)) {
  // Numbers near these are these, whatever comes first.
  for (double value : {0.5, 0.25, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 0.125})
    constants.insert(value);
}

uint64_t Terms::text(StringRef text) const {
  uint64_t hash = seed;
  for (char c : text)
    hash = mix(hash, static_cast<unsigned char>(c));
  return hash;
}
uint64_t Terms::hashOf(const Dim &dim) const { return text(dim.str()); }
uint64_t Terms::hashOf(const IndexSum &sum) const {
  uint64_t hash = hashOf(sum.constant);
  for (const auto &[term, factor] : sum.terms) {
    uint64_t part = term.kind == IndexTerm::Kind::Variable
                        ? sizeHashes[term.position]
                        : mix(mix(static_cast<uint64_t>(term.kind), hashOf(*term.inner)), hashOf(term.divisor));
    hash += mix(part, hashOf(factor)); // in no order: terms are sorted by the numbers of variables
  }
  return hash;
}

//===-- Variables --===//

unsigned Terms::fresh(const Dim &size) {
  sizes.push_back(size);
  sizeHashes.push_back(mix(hashOf(size), 5));
  return sizes.size() - 1;
}

IndexSum Terms::axis(unsigned position, const Dim &size) {
  if (size.isConstant(1))
    return IndexSum{{}, Dim(0)};
  auto [place, isNew] = axes.try_emplace({position, size.str()}, 0);
  if (isNew)
    place->second = fresh(size);
  return IndexSum::variable(place->second);
}

static void collect(const IndexSum &sum, Variables &free) {
  for (const auto &[term, factor] : sum.terms) {
    if (term.kind == IndexTerm::Kind::Variable)
      free.push_back(term.position);
    else
      collect(*term.inner, free);
  }
}

IndexSum Terms::substitute(const IndexSum &sum, const Substitution &map) const {
  ir::IndexSimplifier simplifier = indices();
  IndexSum result{{}, sum.constant};
  for (const auto &[term, factor] : sum.terms) {
    IndexSum part;
    if (term.kind == IndexTerm::Kind::Variable) {
      auto found = map.find(term.position);
      part = found == map.end() ? IndexSum::variable(term.position) : found->second;
    } else {
      IndexSum inner = substitute(*term.inner, map);
      part = term.kind == IndexTerm::Kind::FloorDiv ? simplifier.floorDiv(inner, term.divisor)
                                                    : simplifier.mod(inner, term.divisor);
    }
    result = simplifier.add(result, part * factor);
  }
  return result;
}

//===-- Hash-consing --===//

const Term *Terms::make(Term term) {
  uint64_t hash = mix(mix(seed, static_cast<uint64_t>(term.kind)), bits(term.number));
  hash = mix(hash, text(term.name));
  if (term.node)
    hash = mix(hash, term.node->hash);
  bool ordered = term.is(Kind::Function) && term.name != "maximum" && term.name != "minimum" && term.name != "and" &&
                 term.name != "or";
  uint64_t arguments = 0;
  for (const Entry &entry : term.entries) {
    uint64_t one = mix(entry.term->hash, bits(entry.factor));
    arguments = ordered ? mix(arguments, one) : arguments + one;
  }
  hash = mix(hash, arguments);
  for (const IndexSum &index : term.indices)
    hash = mix(hash, hashOf(index));
  term.hash = hash;

  auto [first, last] = byHash.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const Term &other = *it->second;
    bool same = other.kind == term.kind && other.number == term.number && other.name == term.name &&
                other.node == term.node && other.indices == term.indices &&
                other.entries.size() == term.entries.size();
    for (size_t i = 0; same && i < term.entries.size(); ++i)
      same = other.entries[i].term == term.entries[i].term && other.entries[i].factor == term.entries[i].factor;
    if (same)
      return &other;
  }
  for (const Entry &entry : term.entries)
    term.free.append(entry.term->free.begin(), entry.term->free.end());
  for (const IndexSum &index : term.indices)
    collect(index, term.free);
  llvm::sort(term.free);
  term.free.erase(std::unique(term.free.begin(), term.free.end()), term.free.end());
  term.id = table.size();
  table.push_back(std::move(term));
  byHash.emplace(hash, &table.back());
  return &table.back();
}

const Node *Terms::makeNode(Node::Kind kind, Variables outs, Variables reduced, const Term *body) {
  uint64_t hash = mix(mix(mix(seed, static_cast<uint64_t>(kind)), outs.size()), body ? body->hash : reduced.front());
  auto [first, last] = nodesByHash.equal_range(hash);
  for (auto it = first; it != last; ++it)
    if (it->second->kind == kind && it->second->outs == outs && it->second->reduced == reduced && it->second->body == body)
      return it->second;
  nodes.push_back({kind, std::move(outs), std::move(reduced), body, hash, static_cast<unsigned>(nodes.size())});
  nodesByHash.emplace(hash, &nodes.back());
  return &nodes.back();
}

const Term *Terms::load(const Node *node, ArrayRef<IndexSum> indices) {
  Term term(Kind::Load);
  term.node = node;
  term.indices.assign(indices.begin(), indices.end());
  if (isIndex(&term))
    return index(indices[0]);
  return make(std::move(term));
}

const Term *Terms::leaf(unsigned number, ArrayRef<IndexSum> indices) {
  // A leaf's number stands in place of its reduced variables: it is no variable, and never looked up as one.
  return load(makeNode(Node::Kind::Leaf, {}, {number}, nullptr), indices);
}

//===-- Constants --===//

/// Constants that agree to 4e-13 are one constant: the first that was seen.
double Terms::canonical(double value) {
  if (value == 0 || !std::isfinite(value))
    return value == 0 ? 0 : value;
  double size = std::abs(value);
  auto place = constants.lower_bound(size * (1 - 4e-13));
  if (place == constants.end() || *place > size * (1 + 4e-13))
    place = constants.insert(size).first;
  return std::copysign(*place, value);
}

const Term *Terms::constant(double value) {
  double size = std::abs(value);
  if (!std::isfinite(value) || size > 1e150 || (size != 0 && size < 1e-150))
    return opaque({});
  Term term(Kind::Const);
  term.number = canonical(value);
  return make(std::move(term));
}

const Term *Terms::size(const Dim &dim) {
  if (std::optional<int64_t> number = dim.constant())
    return constant(static_cast<double>(*number));
  if (dim.overflowed())
    return opaque({});
  Entries sum;
  for (const auto &[monomial, coefficient] : dim.getTerms()) {
    Entries product{{constant(static_cast<double>(coefficient)), 1}};
    for (const std::string &factor : monomial) {
      Term symbol(Kind::Function);
      symbol.name = "size " + factor;
      product.push_back({make(std::move(symbol)), 1});
    }
    sum.push_back({mul(product), 1});
  }
  return add(sum);
}

const Term *Terms::opaque(ArrayRef<const Term *> of) {
  lost = true;
  Term term(Kind::Function);
  term.name = "opaque " + std::to_string(opaques++);
  for (const Term *t : of)
    term.entries.push_back({t, 1});
  return make(std::move(term));
}

//===-- Substitution --===//

bool Terms::dependsOn(const Term *t, ArrayRef<unsigned> variables) {
  return llvm::any_of(variables, [&](unsigned v) { return std::binary_search(t->free.begin(), t->free.end(), v); });
}

const Term *Terms::substitute(const Term *t, const Substitution &map) {
  DenseMap<const Term *, const Term *> memo;
  std::function<const Term *(const Term *)> visit = [&](const Term *u) -> const Term * {
    if (llvm::none_of(u->free, [&](unsigned v) { return map.contains(v); }))
      return u;
    if (auto found = memo.find(u); found != memo.end())
      return found->second;
    const Term *result = rebuild(u, visit, map);
    memo[u] = result;
    return result;
  };
  return visit(t);
}

const Term *Terms::rebuild(const Term *t, function_ref<const Term *(const Term *)> sub, const Substitution &map) {
  Depth guard(depth);
  if (guard.tooDeep || table.size() > maxTerms)
    return opaque({t});
  if (t->is(Kind::Load)) {
    std::vector<IndexSum> indices;
    for (const IndexSum &index : t->indices)
      indices.push_back(substitute(index, map));
    return load(t->node, indices);
  }
  Entries entries;
  SmallVector<const Term *> arguments;
  for (const Entry &entry : t->entries) {
    entries.push_back({sub(entry.term), entry.factor});
    arguments.push_back(entries.back().term);
  }
  switch (t->kind) {
  case Kind::Add:
    return add(entries, t->number);
  case Kind::Mul:
    return mul(entries);
  case Kind::Exp:
    return exp(arguments[0]);
  case Kind::Log:
    return log(arguments[0]);
  case Kind::Function:
    return function(t->name, arguments);
  default:
    return t;
  }
}
