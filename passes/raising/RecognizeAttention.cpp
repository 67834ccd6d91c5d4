// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where attention is. The root is walked backwards to the reduction over keys, from there to exponentials, from
// there to scores and the products in them; then the root's term is compared with the guess's.
#include "passes/raising/Attention.h"
#include "passes/support/Maps.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::passes::raising;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }
static bool isReal(Value value) { return typeOf(value).getElementType().isF32(); }

//===-- Readings --===//

bool passes::raising::isElementwise(Operation *op) {
  return op && isa<SinterDialect>(op->getDialect()) && op->hasTrait<OpTrait::Elementwise>() && op->getNumRegions() == 0;
}

Reading passes::raising::throughViews(Reading reading, ArrayRef<Dim> domain) {
  while (auto view = reading.value.getDefiningOp<ViewOp>())
    reading = {view.getInput(), passes::compose(view.getMap(), reading.map, domain)};
  return reading;
}

bool passes::raising::dependsOn(Value value, Operation *product) {
  llvm::DenseSet<Operation *> seen;
  SmallVector<Value> open = {value};
  while (!open.empty()) {
    Operation *op = open.pop_back_val().getDefiningOp();
    if (!op || op->getBlock() != product->getBlock() || !seen.insert(op).second)
      continue;
    if (op == product)
      return true;
    if (op->isBeforeInBlock(product))
      continue;
    op->walk([&](Operation *inner) { llvm::append_range(open, inner->getOperands()); });
  }
  return false;
}

SmallVector<bool> passes::raising::variablesOf(const Reading &reading, ArrayRef<Dim> domain) {
  SmallVector<bool> result;
  for (unsigned i = 0; i < domain.size(); ++i)
    result.push_back(!domain[i].isConstant(1) && reading.map.getMap().isFunctionOfDim(i));
  return result;
}

namespace {

/// A reduction over one axis that is read backwards: its operands at the reduced variable's place.
struct Opened {
  Operation *op = nullptr;
  Dim size;
  SmallVector<Reading> sides; ///< of a contraction two, of a sum one
};

IndexMapAttr withResults(IndexMapAttr map, ArrayRef<AffineExpr> results) {
  AffineMap affine = map.getMap();
  return IndexMapAttr::get(map.getContext(),
                           AffineMap::get(affine.getNumDims(), affine.getNumSymbols(), results, map.getContext()),
                           map.getSymbols());
}

/// Nothing if the reading is no sum of one axis. `variable` becomes the reduced axis's index.
std::optional<Opened> open(const Reading &reading, unsigned variable) {
  Operation *op = reading.value.getDefiningOp();
  AffineExpr reduced = getAffineDimExpr(variable, reading.map.getContext());
  ArrayRef<AffineExpr> at = reading.map.getMap().getResults();
  if (auto sum = dyn_cast_or_null<SumOp>(op)) {
    if (sum.getAxes().size() != 1 || !isReal(sum.getResult()))
      return std::nullopt;
    SmallVector<AffineExpr> results(at);
    results[sum.getAxes()[0]] = reduced;
    return Opened{
        op, typeOf(sum.getInput()).getDim(sum.getAxes()[0]), {{sum.getInput(), withResults(reading.map, results)}}};
  }
  auto contract = dyn_cast_or_null<ContractOp>(op);
  if (!contract)
    return std::nullopt;
  auto [left, right, result] = contract.getLabelParts();
  Opened opened{op, Dim(1), {}};
  char label = 0;
  for (auto [axis, name] : llvm::enumerate(left)) {
    if (result.contains(name))
      continue;
    if (label)
      return std::nullopt;
    label = name;
    opened.size = typeOf(contract.getLhs()).getDim(axis);
  }
  if (!label)
    return std::nullopt;
  for (auto [operand, labels] : {std::pair(contract.getLhs(), left), std::pair(contract.getRhs(), right)}) {
    SmallVector<AffineExpr> results;
    for (char name : labels)
      results.push_back(name == label ? reduced : at[result.find(name)]);
    opened.sides.push_back({operand, withResults(reading.map, results)});
  }
  return opened;
}

/// A sum of products of two factors, or a contraction: both factors, through their views.
std::optional<Opened> openProduct(const Reading &reading, unsigned variable, MutableArrayRef<Dim> domain) {
  std::optional<Opened> opened = open(reading, variable);
  if (!opened)
    return std::nullopt;
  domain[variable] = opened->size;
  if (opened->sides.size() == 1) {
    Reading factors = throughViews(opened->sides[0], domain);
    if (!isa_and_nonnull<MulOp>(factors.value.getDefiningOp()))
      return std::nullopt;
    opened->sides = {operandOf(factors, 0), operandOf(factors, 1)};
  }
  for (Reading &side : opened->sides)
    side = throughViews(side, domain);
  return opened;
}

/// What elementwise ops and views compute the reading from, itself first, near ones before far ones on each way.
void collect(const Reading &start, ArrayRef<Dim> domain, SmallVectorImpl<Reading> &found, unsigned limit = 40) {
  Reading reading = throughViews(start, domain);
  if (found.size() >= limit || llvm::is_contained(found, reading))
    return;
  found.push_back(reading);
  Operation *op = reading.value.getDefiningOp();
  if (isElementwise(op))
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      collect(operandOf(reading, i), domain, found, limit);
}

bool isSplat(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant && constant.getValues().size() == 1;
}

/// A parameter, or a layer's slice of a stack.
bool isParameter(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto repeat = dyn_cast<RepeatOp>(argument.getOwner()->getParentOp());
    return repeat && argument.getArgNumber() >= repeat.getCarried().size();
  }
  return isa<ReadOp>(value.getDefiningOp());
}

//===-- Recognizing --===//

class Recognizer {
public:
  Recognizer(Value root, uint64_t seed, StringRef &why) : root(root), seed(seed), why(why) {
    match.root = root;
    match.domain = typeOf(root).getShapeDims();
    key = match.domain.size(), depth = key + 1;
    match.domain.append(2, Dim(1));
  }

  std::optional<AttentionMatch> find() {
    SmallVector<AffineExpr> identity;
    for (unsigned i = 0; i < key; ++i)
      identity.push_back(getAffineDimExpr(i, root.getContext()));
    auto map = IndexMapAttr::get(root.getContext(), AffineMap::get(key + 2, 0, identity, root.getContext()), {});
    SmallVector<Reading> outputs;
    collect({root, map}, match.domain, outputs, 16);
    for (const Reading &output : outputs) {
      match.domain[key] = match.domain[depth] = Dim(1);
      std::optional<Opened> opened = open(output, key);
      if (!opened || opened->op->getBlock() != root.getDefiningOp()->getBlock())
        continue;
      match.domain[key] = opened->size;
      for (unsigned side = 0; side < opened->sides.size(); ++side)
        if (findIn(*opened, side)) {
          chooseMasks(match);
          return match;
        }
    }
    return std::nullopt;
  }

private:
  Value root;
  uint64_t seed;
  StringRef &why;
  AttentionMatch match;
  unsigned key, depth; ///< numbers of variables
  SmallVector<Operation *> opened;

  bool refuse(StringRef reason) {
    if (why.empty())
      why = reason;
    return false;
  }

  /// With the weights on one side of the reduction (of a sum: among its factors).
  bool findIn(const Opened &reduction, unsigned side) {
    SmallVector<Reading> inner, scores, values;
    collect(reduction.sides[side], match.domain, inner);
    opened = {reduction.op};
    for (const Reading &reading : inner) {
      Operation *op = reading.value.getDefiningOp();
      if (isa_and_nonnull<ExpOp>(op))
        collect(operandOf(reading, 0), match.domain, scores);
      auto softmax = dyn_cast_or_null<SoftmaxOp>(op);
      if (softmax && readsKeyLast(reading)) {
        opened.push_back(softmax);
        collect({softmax.getInput(), reading.map}, match.domain, scores);
      }
    }
    if (scores.empty())
      return false;
    if (reduction.sides.size() == 2) {
      values = {throughViews(reduction.sides[1 - side], match.domain)};
    } else {
      for (const Reading &reading : inner)
        if (isReal(reading.value) && !llvm::is_contained(scores, reading))
          values.push_back(reading);
    }
    for (const Reading &candidate : scores) {
      if (!isReal(candidate.value) || isSplat(candidate.value) || !findProduct(candidate))
        continue;
      match.scores = candidate;
      match.domain[depth] = productDepth;
      for (const Reading &value : values)
        if (proves(inner, value) || provesWeights(reduction, side, inner, value))
          return areWeightsPrivate();
    }
    // With a weight of the model for its keys it is a feed-forward with an exponential in its activation.
    return match.product && !isParameter(match.key.value) &&
           refuse("the weights are not exponentials of scores, divided by their sum over the keys");
  }

  bool readsKeyLast(const Reading &reading) {
    AffineMap map = reading.map.getMap();
    for (auto [axis, result] : llvm::enumerate(map.getResults()))
      if (axis + 1 == map.getNumResults() ? result != getAffineDimExpr(key, root.getContext())
                                          : result.isFunctionOfDim(key))
        return false;
    return map.getNumResults() > 0;
  }

  Dim productDepth;

  /// The products of queries and keys that the scores are computed from, place by place.
  bool findProduct(const Reading &scores) {
    SmallVector<Reading> inner;
    collect(scores, match.domain, inner);
    for (const Reading &reading : inner) {
      if (reading.value.getDefiningOp() &&
          reading.value.getDefiningOp()->getBlock() != root.getDefiningOp()->getBlock())
        continue;
      SmallVector<Dim> domain(match.domain);
      std::optional<Opened> product = openProduct(reading, depth, domain);
      if (!product || llvm::is_contained(opened, product->op))
        continue;
      for (unsigned side : {0u, 1u}) {
        const Reading &query = product->sides[side], &other = product->sides[1 - side];
        SmallVector<bool> ofQuery = variablesOf(query, domain), ofKey = variablesOf(other, domain);
        if (ofQuery[key] || (!ofKey[key] && !domain[key].isConstant(1)))
          continue;
        match.product = product->op;
        match.products = reading;
        match.query = query, match.key = other;
        if (!isPlaceByPlace(scores)) {
          refuse("a score depends on other products than its own");
          break;
        }
        productDepth = domain[depth];
        return true;
      }
    }
    return false;
  }

  /// Whether the reading depends on the product elementwise alone, everywhere at the product's place.
  bool isPlaceByPlace(Reading reading, unsigned level = 0) {
    reading = throughViews(reading, match.domain);
    if (reading == match.products)
      return true;
    if (!dependsOn(reading.value, match.product))
      return true;
    Operation *op = reading.value.getDefiningOp();
    if (!isElementwise(op) || level > 40)
      return false;
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (!isPlaceByPlace(operandOf(reading, i), level + 1))
        return false;
    return true;
  }

  //===-- Proofs --===//

  /// Terms in which some values are leaves.
  struct Proof {
    Terms terms;
    Window window;
    ValueTerms values;
    SmallVector<IndexSum> variables;
    Proof(uint64_t seed, Value root, ArrayRef<Operation *> opened, ArrayRef<Dim> domain, ArrayRef<Value> cuts)
        : terms(seed), window(root, 64, opened), values(terms, window, cuts) {
      for (unsigned i = 0; i + 2 < domain.size(); ++i)
        variables.push_back(terms.axis(i, domain[i]));
      for (unsigned i : {2u, 1u})
        variables.push_back(domain[domain.size() - i].isConstant(1)
                                ? IndexSum()
                                : IndexSum::variable(terms.fresh(domain[domain.size() - i])));
    }
    const Term *at(const Reading &reading) {
      Substitution map;
      SmallVector<Dim> symbols = toDims(reading.map.getSymbols());
      for (auto [axis, size] : llvm::enumerate(typeOf(reading.value).getShapeDims())) {
        IndexSum formal = terms.axis(axis, size);
        if (!formal.terms.empty())
          map[formal.terms.begin()->first.position] =
              terms.indices().fromExpr(reading.map.getMap().getResult(axis), variables, symbols);
      }
      return terms.substitute(values.of(reading.value), map);
    }
    /// Summed over the keys.
    const Term *overKeys(const Term *body) {
      const IndexSum &key = variables[variables.size() - 2];
      if (key.terms.empty())
        return body;
      unsigned variable = key.terms.begin()->first.position, other = terms.fresh(Dim(terms.sizeOf(variable)));
      Substitution map;
      map[variable] = IndexSum::variable(other);
      return terms.sum(terms.substitute(body, map), {other});
    }
  };

  Proof proof(const Reading &value, bool isCutAtScores) {
    return Proof(seed, root, opened, match.domain,
                 {value.value, isCutAtScores ? match.scores.value : match.products.value});
  }

  /// root = sum(exp(scores) * value) / sum(exp(scores)), perhaps with a factor in both sums that is 0 where a key is
  /// hidden.
  bool proves(ArrayRef<Reading> inner, const Reading &value) {
    if (isSplat(value.value))
      return false;
    for (bool isCutAtScores : {true, false}) {
      Proof p = proof(value, isCutAtScores);
      const Term *whole = p.values.of(root), *e = p.terms.exp(p.at(match.scores)), *v = p.at(value);
      auto equals = [&](const Term *weight) {
        const Term *sum = p.overKeys(weight);
        return p.terms.divide(p.overKeys(p.terms.times(weight, v)), sum) == whole ||
               p.overKeys(p.terms.times(p.terms.divide(weight, sum), v)) == whole;
      };
      match.value = value;
      match.seen = {};
      if (equals(e))
        return true;
      for (const Reading &reading : inner) {
        if (!typeOf(reading.value).getElementType().isInteger(1) || dependsOn(reading.value, match.product))
          continue;
        const Term *condition = p.at(reading);
        for (bool isNegated : {false, true}) {
          const Term *shown = p.terms.indicator(isNegated ? p.terms.negate(condition) : condition);
          if (!equals(p.terms.times(shown, e)))
            continue;
          match.seen = reading;
          match.isSeenNegated = isNegated;
          return true;
        }
      }
    }
    return false;
  }

  /// root = sum(f(softmax(scores)) * value): something happens to the weights.
  bool provesWeights(const Opened &reduction, unsigned side, ArrayRef<Reading> inner, const Reading &value) {
    if (reduction.op->getResult(0) != root || reduction.sides.size() != 2)
      return false;
    match.seen = {};
    for (bool isCutAtScores : {true, false}) {
      Proof p = proof(value, isCutAtScores);
      const Term *e = p.terms.exp(p.at(match.scores)), *softmax = p.terms.divide(e, p.overKeys(e));
      for (const Reading &reading : inner) {
        if (!isReal(reading.value) || p.at(reading) != softmax)
          continue;
        match.softmax = reading;
        match.weights = throughViews(reduction.sides[side], match.domain);
        match.value = value;
        if (isAfterSoftmax(match.weights))
          return true;
        match.softmax = match.weights = {};
      }
    }
    return false;
  }

  /// Whether the reading depends on the products by way of the softmax alone, place by place.
  bool isAfterSoftmax(Reading reading) {
    reading = throughViews(reading, match.domain);
    if (reading == match.softmax || !dependsOn(reading.value, match.product))
      return true;
    Operation *op = reading.value.getDefiningOp();
    if (!isElementwise(op))
      return false;
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (!isAfterSoftmax(operandOf(reading, i)))
        return false;
    return true;
  }

  /// Whether scores and weights are read on the way to the root alone; otherwise they would be computed twice.
  bool areWeightsPrivate() {
    llvm::DenseSet<Operation *> way;
    SmallVector<Value> open = {root};
    while (!open.empty()) {
      Operation *op = open.pop_back_val().getDefiningOp();
      if (!op || op->getBlock() != match.product->getBlock() || way.contains(op) ||
          (op != match.product && !dependsOn(op->getResult(0), match.product)))
        continue;
      way.insert(op);
      if (op != match.product)
        llvm::append_range(open, op->getOperands());
    }
    for (Operation *op : way)
      for (Operation *user : op->getUsers())
        if (op != root.getDefiningOp() && !way.contains(user)) {
          why = "its scores or weights are read elsewhere, too"; // more to the point than what else was tried
          return false;
        }
    return true;
  }
};

} // namespace

std::optional<AttentionMatch> passes::raising::recognizeAttention(Value root, uint64_t seed, StringRef &why) {
  Operation *op = root.getDefiningOp();
  if (!isa_and_nonnull<ContractOp, SumOp, DivOp, MulOp>(op) || !isReal(root) || typeOf(root).rank() == 0)
    return std::nullopt;
  return Recognizer(root, seed, why).find();
}
