// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The normal form of mathematics over tensors: a hash-consed scalar term over index variables. An analysis beside the
// IR: passes build terms of values and compare pointers; nothing is ever printed back from a term. The rules, in their
// order, are in docs/decisions/0008-normal-form.md; the constructors of `Terms` apply them, so a term that exists is normal.
#pragma once

#include "ir/sinter/IndexMap.h"

#include "llvm/ADT/DenseMap.h"

#include <deque>
#include <set>
#include <unordered_map>

namespace sinter::passes::raising {

using ir::IndexSum;
struct Node;
struct Term;

/// Of a sum: coefficient and term. Of a product: exponent and base. Of a function: 1 and argument.
struct Entry {
  const Term *term;
  double factor = 1;
};
using Entries = llvm::SmallVector<Entry, 4>;
/// Index variables, by number; ascending and unique where they are a set.
using Variables = llvm::SmallVector<unsigned, 4>;

struct Term {
  enum class Kind : uint8_t { Const, Add, Mul, Exp, Log, Function, Load };
  explicit Term(Kind kind) : kind(kind) {}

  Kind kind;
  Entries entries;
  double number = 0;              ///< of Const; the constant of an Add
  std::string name;               ///< of a Function
  const Node *node = nullptr;     ///< of a Load
  std::vector<IndexSum> indices;  ///< of a Load
  Variables free;
  uint64_t hash = 0;              ///< by structure: blind to the numbers of variables and to addresses
  unsigned id = 0;
  mutable int8_t sign = 0;        ///< known not to be negative: 1 yes, -1 no, 0 not asked yet

  bool is(Kind k) const { return kind == k; }
  bool isNumber(double value) const { return kind == Kind::Const && number == value; }
  bool isFunction(llvm::StringRef f) const { return kind == Kind::Function && name == f; }
};

/// What a Load reads: a leaf (a value of the IR), or a reduction of `body` over `reduced`, as a function of `outs`.
struct Node {
  enum class Kind : uint8_t { Leaf, Sum, Max, Min, LogSumExp } kind;
  Variables outs, reduced;
  const Term *body = nullptr;
  uint64_t hash = 0;
  unsigned id = 0;
};

using Substitution = llvm::SmallDenseMap<unsigned, IndexSum, 4>;

/// Owns terms and variables. Deterministic for the same sequence of calls and the same `seed` of the structural hash;
/// whether two terms are one does not depend on the seed. Not thread-safe. Where constants would lose digits or leave
/// their range, and where a term would become too large, the constructors give a term that equals nothing else.
class Terms {
public:
  explicit Terms(uint64_t seed = 0);
  Terms(const Terms &) = delete;

  // Index variables. An axis of extent 1 has none: its index is 0.
  IndexSum axis(unsigned position, const Dim &size);
  unsigned fresh(const Dim &size);
  const Dim &sizeOf(unsigned variable) const { return sizes[variable]; }
  ir::IndexSimplifier indices() const { return ir::IndexSimplifier(sizes); }

  const Term *constant(double value);
  const Term *size(const Dim &dim);
  const Term *add(llvm::ArrayRef<Entry> items, double number = 0);
  const Term *mul(llvm::ArrayRef<Entry> items);
  const Term *exp(const Term *a);
  const Term *log(const Term *a);
  const Term *pow(const Term *a, double exponent) { return mul({{a, exponent}}); }
  /// Of any name; tanh, erf, sin, cos, abs, floor, maximum and minimum are known, and the predicates.
  const Term *function(llvm::StringRef name, llvm::ArrayRef<const Term *> arguments);
  const Term *leaf(unsigned number, llvm::ArrayRef<IndexSum> indices);
  /// A position as a number.
  const Term *index(const IndexSum &sum);
  // Predicates: terms that are 0 or 1.
  const Term *compare(ir::Predicate predicate, const Term *a, const Term *b, bool isInteger);
  const Term *negate(const Term *p);
  const Term *logical(bool isAnd, llvm::ArrayRef<const Term *> parts);
  const Term *indicator(const Term *p);
  /// where(p, a, b) of numbers, and of predicates.
  const Term *select(const Term *p, const Term *a, const Term *b);
  const Term *chooseBool(const Term *p, const Term *a, const Term *b);
  const Term *sum(const Term *body, Variables over);
  /// The largest, or with `least` the smallest.
  const Term *extreme(const Term *body, Variables over, bool least);
  const Term *substitute(const Term *t, const Substitution &map);
  /// t where the position `variable` is the number `label`, which names one of its positions.
  const Term *pick(const Term *t, unsigned variable, const Term *label);
  /// A term that equals nothing else, of the same variables.
  const Term *opaque(llvm::ArrayRef<const Term *> of);

  const Term *scale(double c, const Term *t) { return add({{t, c}}); }
  const Term *plus(const Term *a, const Term *b) { return add({{a, 1}, {b, 1}}); }
  const Term *minus(const Term *a, const Term *b) { return add({{a, 1}, {b, -1}}); }
  const Term *times(const Term *a, const Term *b) { return mul({{a, 1}, {b, 1}}); }
  const Term *divide(const Term *a, const Term *b) { return mul({{a, 1}, {b, -1}}); }

  /// The entries of a sum (or the term itself, once) and its constant.
  static Entries entriesOf(const Term *t, double &number);
  struct Factors {
    double scalar = 1;
    Entries bases;
  };
  /// scalar * product of base^exponent.
  Factors factorsOf(const Term *t);
  static bool dependsOn(const Term *t, llvm::ArrayRef<unsigned> variables);
  bool isNonNegative(const Term *t) const;
  static bool isIndex(const Term *t);
  /// Names of the functions that compare their argument with 0.
  static bool isRelation(llvm::StringRef name);
  /// Whether some constant was refused or a bound was met: then terms are unequal that need not be.
  bool lostSomething() const { return lost; }
  size_t count() const { return table.size(); }

private:
  struct Depth;
  const Term *make(Term term);
  const Node *makeNode(Node::Kind kind, Variables outs, Variables reduced, const Term *body);
  const Term *load(const Node *node, llvm::ArrayRef<IndexSum> indices);
  double canonical(double value);
  uint64_t hashOf(const IndexSum &sum) const;
  uint64_t hashOf(const Dim &dim) const;
  uint64_t text(llvm::StringRef text) const;

  const Term *larger(llvm::StringRef name, const Term *a, const Term *b);
  bool foldSigmoids(Entries &entries, double &number);
  // Sums.
  double leadOf(const Term *sum) const;
  int orientation(const Term *t) const;
  const Term *groupNormalizer(llvm::ArrayRef<Entry> items, double number);
  const Term *commonFactor(llvm::ArrayRef<Entry> items);
  bool foldIndicators(Entries &entries, double &number);
  const Term *compareZero(llvm::StringRef relation, const Term *t);
  // Reductions.
  const Term *sumOfExponentials(const Factors &factors, size_t exponential, const Variables &over);
  const Term *centredSquare(const Factors &factors, const Variables &over);
  const Term *reduce(Node::Kind kind, const Term *body, Variables over);
  const Term *splitVariables(const Term *body, Variables &over, std::vector<std::pair<unsigned, IndexSum>> &outer);
  const Term *fuseVariables(const Term *body, Variables &over);
  Variables variableOrder(const Term *body) const;
  const Term *rebuild(const Term *t, llvm::function_ref<const Term *(const Term *)> sub, const Substitution &map);
  IndexSum substitute(const IndexSum &sum, const Substitution &map) const;

  uint64_t seed;
  std::deque<Term> table;
  std::deque<Node> nodes;
  std::unordered_multimap<uint64_t, const Term *> byHash;
  std::unordered_multimap<uint64_t, const Node *> nodesByHash;
  std::vector<Dim> sizes;
  std::vector<uint64_t> sizeHashes;
  std::map<std::pair<unsigned, std::string>, unsigned> axes;
  std::set<double> constants;
  unsigned opaques = 0;
  unsigned depth = 0;
  bool lost = false;
};

} // namespace sinter::passes::raising
