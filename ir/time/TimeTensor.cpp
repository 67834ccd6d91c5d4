// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time through the ops that make, move and combine tensors. Rows meet in reductions and contractions: there a band must
// show that later rows do not count.
#include "ir/sinter/IndexMap.h"
#include "ir/time/TimeFacts.h"

using namespace mlir;

namespace sinter::ir {

/// The identity, of `rank` axes.
static SmallVector<std::optional<unsigned>> sameAxes(unsigned rank) {
  SmallVector<std::optional<unsigned>> result;
  for (unsigned axis = 0; axis < rank; ++axis)
    result.push_back(axis);
  return result;
}

//===-- constant, dim, iota --===//

void ConstantOp::timeFacts(TimeFacts &facts) {
  Fact fact;
  fact.magnitude = Magnitude::constant(getValues()[0]);
  for (double value : getValues().drop_front())
    fact.magnitude = join(fact.magnitude, Magnitude::constant(value));
  if (getValues().size() == 1 && getType().getElementType().isInteger(32))
    fact.index = IndexForm{{}, static_cast<int64_t>(getValues()[0])};
  facts.set(getResult(), std::move(fact));
}

void DimOp::timeFacts(TimeFacts &facts) {
  if (facts.growsWithTime(getDim().getDim()))
    return facts.mix(*this, "uses the number " + Twine(getDim().getDim().str()) + ", which grows with " +
                                facts.getSymbol());
  facts.set(getResult(), Fact());
}

void IotaOp::timeFacts(TimeFacts &facts) {
  Fact fact;
  fact.index = IndexForm{{{0, 1}}, 0};
  facts.set(getResult(), std::move(fact));
}

//===-- view --===//

namespace {
/// Where an axis of a view's source stands in its result: source index = result index of `axis` + `start`.
struct Passed {
  unsigned axis;
  int64_t start;
};
} // namespace

/// Whether time, as a number, has a part in the sum.
static bool feelsTime(const TimeFacts &facts, const IndexSum &sum) {
  if (facts.growsWithTime(sum.constant))
    return true;
  return llvm::any_of(sum.terms, [&](const auto &entry) {
    const auto &[term, coefficient] = entry;
    return facts.growsWithTime(coefficient) || facts.growsWithTime(term.divisor) ||
           (term.inner && feelsTime(facts, *term.inner));
  });
}

static std::optional<Passed> passed(const IndexSum &sum) {
  std::optional<int64_t> start = sum.constant.constant();
  if (!start || sum.terms.size() != 1 || !sum.isLinear() || !sum.terms.begin()->second.isConstant(1))
    return std::nullopt;
  return Passed{sum.terms.begin()->first.position, *start};
}

static std::optional<IndexForm> indexThrough(const IndexForm &form, ArrayRef<IndexSum> sums) {
  IndexForm result;
  result.constant = form.constant;
  for (auto [axis, coefficient] : form.coefficients) {
    const IndexSum &sum = sums[axis];
    std::optional<int64_t> constant = sum.constant.constant();
    if (!constant || !sum.isLinear())
      return std::nullopt;
    result.constant += coefficient * *constant;
    for (const auto &[term, factor] : sum.terms) {
      std::optional<int64_t> number = factor.constant();
      if (!number)
        return std::nullopt;
      if ((result.coefficients[term.position] += coefficient * *number) == 0)
        result.coefficients.erase(term.position);
    }
  }
  return result;
}

void ViewOp::timeFacts(TimeFacts &facts) {
  const Fact &source = facts.of(getInput());
  SmallVector<Dim> domain = getType().getShapeDims();
  SmallVector<IndexSum> sums = toSums(getMap(), domain);
  SmallVector<std::optional<int64_t>> times = facts.axes(getInput()), results = facts.axes(getResult());
  SmallVector<std::optional<Passed>> to;
  for (auto [axis, sum] : llvm::enumerate(sums)) {
    to.push_back(passed(sum));
    if (feelsTime(facts, sum))
      return facts.mix(*this, "merges, cuts or turns the axis " + Twine(facts.getSymbol()));
    if (!times[axis])
      continue;
    if (!to[axis] || !results[to[axis]->axis])
      return facts.mix(*this, sum.terms.empty() ? "takes a single row of " + Twine(facts.getSymbol())
                                                : "merges, cuts or turns the axis " + Twine(facts.getSymbol()));
  }
  Fact result;
  result.magnitude = source.magnitude;
  for (auto [axis, reach] : source.reads) {
    auto [it, isNew] = result.reads.try_emplace(to[axis]->axis, reach + to[axis]->start);
    it->second = std::max(it->second, reach + to[axis]->start);
  }
  for (Band band : source.bands) {
    std::optional<Passed> from = to[band.from], toward = to[band.to];
    if (!from || !toward || from->axis == toward->axis)
      continue;
    int64_t by = from->start - toward->start;
    band = {from->axis, toward->axis, shifted(band.low, by), shifted(band.high, by), band.outside, band.inside};
    result.bands.push_back(band.from < band.to ? band : band.flipped());
  }
  if (source.index)
    result.index = indexThrough(*source.index, sums);
  facts.set(getResult(), std::move(result));
}

//===-- concat, gather, pick, top_k, cumsum --===//

void ConcatOp::timeFacts(TimeFacts &facts) {
  unsigned axis = getAxis();
  Fact result;
  result.magnitude = facts.of(getInputs()[0]).magnitude;
  Dim before(0);
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    const Fact &fact = facts.of(input);
    std::map<unsigned, int64_t> reads = fact.reads;
    if (facts.axes(input)[axis]) {
      // What stands behind rows that grow moves with every token.
      std::optional<int64_t> rows = before.constant();
      if (i + 1 != getInputs().size() || !rows)
        return facts.mix(*this, "puts rows after the growing end of " + Twine(facts.getSymbol()));
      if (auto it = reads.find(axis); it != reads.end())
        it->second -= *rows;
    }
    result.reads = TimeFacts::joined(result.reads, reads);
    result.magnitude = join(result.magnitude, fact.magnitude);
    before = before + cast<TensorType>(input.getType()).getDim(axis);
  }
  facts.set(getResult(), std::move(result));
}

void GatherOp::timeFacts(TimeFacts &facts) {
  const Fact &table = facts.of(getTable()), &ids = facts.of(getIds());
  if (facts.axes(getTable())[0])
    return facts.mix(*this, "reads rows of " + Twine(facts.getSymbol()) + " at computed places");
  unsigned rank = getIds().getType().rank();
  SmallVector<std::optional<unsigned>> columns = {std::nullopt};
  for (unsigned axis = 1; axis < getTable().getType().rank(); ++axis)
    columns.push_back(axis + rank - 1);
  Fact result;
  result.reads = TimeFacts::joined(TimeFacts::renumbered(table, columns).reads, ids.reads);
  result.magnitude = table.magnitude.unfixed();
  facts.set(getResult(), std::move(result));
}

void AppendOp::timeFacts(TimeFacts &facts) {
  facts.mix(*this, "keeps rows of tokens from one call to the next; decoding is derived from a function that has none");
}

void PickOp::timeFacts(TimeFacts &facts) {
  const Fact &input = facts.of(getInput()), &ids = facts.of(getIds());
  if (facts.axes(getInput()).back())
    return facts.mix(*this, "selects along " + Twine(facts.getSymbol()));
  Fact result;
  result.reads = TimeFacts::joined(input.reads, ids.reads);
  result.magnitude = input.magnitude.unfixed();
  facts.set(getResult(), std::move(result));
}

void TopKOp::timeFacts(TimeFacts &facts) {
  const Fact &input = facts.of(getInput());
  if (facts.axes(getInput()).back())
    return facts.mix(*this, "selects along " + Twine(facts.getSymbol()));
  Fact values, indices;
  values.reads = indices.reads = input.reads;
  values.magnitude = input.magnitude.unfixed();
  facts.set(getTop(), std::move(values));
  facts.set(getIndices(), std::move(indices));
}

void CumSumOp::timeFacts(TimeFacts &facts) {
  const Fact &input = facts.of(getInput());
  Fact result;
  result.reads = input.reads;
  result.magnitude = input.magnitude.isOrdinary() ? Magnitude::ordinary() : Magnitude::any();
  facts.set(getResult(), std::move(result));
}

//===-- Reductions --===//

namespace {
enum class Reduction { Sum, Max, Min, ArgMax };
} // namespace

/// Whether an element that equals `m` changes no result.
static bool isNeutral(Reduction kind, Magnitude m) {
  switch (kind) {
  case Reduction::Sum:
    return m.isConstant(0);
  case Reduction::Min:
    return m.is(Magnitude::Kind::Highest);
  default:
    return m.is(Magnitude::Kind::Lowest);
  }
}

/// Over axes that do not grow.
static Fact reduceFixedAxes(Reduction kind, const Fact &source, ArrayRef<int64_t> axes, unsigned rank) {
  SmallVector<std::optional<unsigned>> to = sameAxes(rank);
  for (int64_t axis : axes)
    to[axis] = std::nullopt;
  Fact result = TimeFacts::renumbered(source, to);
  result.index = std::nullopt;
  bool isExtreme = kind == Reduction::Max || kind == Reduction::Min;
  bool staysOrdinary = source.magnitude.isOrdinary();
  result.magnitude = kind == Reduction::ArgMax ? Magnitude::ordinary()
                     : isExtreme               ? source.magnitude.unfixed()
                     : staysOrdinary           ? Magnitude::ordinary()
                                               : Magnitude::any();
  if (isExtreme && source.magnitude.isFixed() && !source.magnitude.isConstant())
    result.magnitude = source.magnitude;
  llvm::erase_if(result.bands, [&](const Band &band) {
    return kind == Reduction::ArgMax ||
           !(isExtreme || band.outside.isConstant(0) || band.outside.is(Magnitude::Kind::Lowest) ||
             band.outside.is(Magnitude::Kind::Highest));
  });
  if (!isExtreme)
    for (Band &band : result.bands)
      band.inside = band.inside.is(Magnitude::Kind::Any) ? band.inside : Magnitude::ordinary();
  return result;
}

static bool isNeverEmpty(const Band &band, int64_t rows) { return std::max<int64_t>(band.low, 0) <= std::min(band.high, rows); }

/// What remains of a reduction over time, given the band that hides later rows. `rows` is by how much the reduced axis
/// is longer than the kept one.
static Magnitude reducedMagnitude(Reduction kind, const Band &band, int64_t rows, Value input, const TimeFacts &facts) {
  Magnitude inside = band.inside;
  bool isFull = isNeverEmpty(band, rows);
  if (kind == Reduction::ArgMax)
    return Magnitude::ordinary();
  if (kind == Reduction::Max && isFull && inside.is(Magnitude::Kind::NotAbove)) {
    // One visible row that is ordinary, where none is above it, is a witness that the largest is ordinary.
    for (int64_t distance : {std::max<int64_t>(band.low, 0), std::min(band.high, rows)})
      if (facts.onDiagonal(input, {{band.from, 0}, {band.to, distance}}).isOrdinary())
        inside = Magnitude::ordinary();
  }
  if ((isFull || kind == Reduction::Sum) && inside.isOrdinary())
    return Magnitude::ordinary();
  return inside.isAtMostOrdinary() && kind != Reduction::Min ? Magnitude::notAbove() : Magnitude::any();
}

static void reductionFacts(Operation *op, Reduction kind, Value input, ArrayRef<int64_t> axes, TimeFacts &facts) {
  const Fact &source = facts.of(input);
  SmallVector<std::optional<int64_t>> times = facts.axes(input);
  SmallVector<unsigned> growing;
  for (int64_t axis : axes)
    if (times[axis])
      growing.push_back(axis);
  if (growing.empty())
    return facts.set(op->getResult(0), reduceFixedAxes(kind, source, axes, times.size()));
  std::string symbol = facts.getSymbol().str();
  if (growing.size() > 1)
    return facts.mix(op, "reduces two axes " + symbol + " at once");
  unsigned reduced = growing[0];
  std::optional<Band> band = TimeFacts::bandToward(
      source.bands, reduced,
      [&](unsigned axis) { return !llvm::is_contained(axes, static_cast<int64_t>(axis)) && times[axis]; },
      [&](Magnitude m) { return isNeutral(kind, m); });
  if (!band)
    return facts.mix(op, "reads every row of " + symbol + "; nothing masks the later ones" +
                             TimeFacts::emptyRowHint(source, reduced));
  int64_t rows = *times[reduced] - *times[band->from];
  if (band->high > rows)
    return facts.mix(op, "lets row i read rows up to i + " + Twine(band->high - rows));
  facts.hides(op, *band, rows);
  Fact result;
  for (auto [axis, reach] : source.reads)
    if (axis != reduced && !llvm::is_contained(axes, static_cast<int64_t>(axis)))
      result.reads[axis] = reach;
  if (auto it = source.reads.find(reduced); it != source.reads.end())
    result.reads = TimeFacts::joined(result.reads, {{band->from, it->second + band->high}});
  result.magnitude = reducedMagnitude(kind, *band, rows, input, facts);
  facts.set(op->getResult(0), std::move(result));
}

void SumOp::timeFacts(TimeFacts &facts) { reductionFacts(*this, Reduction::Sum, getInput(), getAxes(), facts); }
void MaxOp::timeFacts(TimeFacts &facts) { reductionFacts(*this, Reduction::Max, getInput(), getAxes(), facts); }
void MinOp::timeFacts(TimeFacts &facts) { reductionFacts(*this, Reduction::Min, getInput(), getAxes(), facts); }
void ArgMaxOp::timeFacts(TimeFacts &facts) { reductionFacts(*this, Reduction::ArgMax, getInput(), getAxes(), facts); }

//===-- contract --===//

namespace {
/// A contraction by labels: which are time, and each operand's bands between labels.
struct LabelledFacts {
  StringRef result;
  std::map<char, std::optional<int64_t>> times;
  std::map<unsigned, int64_t> reads; ///< by label
  SmallVector<Band, 4> bands[2];     ///< axes are labels

  void add(unsigned side, StringRef labels, Value operand, const TimeFacts &facts) {
    const Fact &fact = facts.of(operand);
    for (auto [axis, time] : llvm::enumerate(facts.axes(operand)))
      times[labels[axis]] = time;
    for (auto [axis, reach] : fact.reads)
      reads = TimeFacts::joined(reads, {{static_cast<unsigned>(labels[axis]), reach}});
    for (Band band : fact.bands) {
      band.from = labels[band.from];
      band.to = labels[band.to];
      if (band.from != band.to)
        bands[side].push_back(band);
    }
  }

  bool isFree(unsigned label) const { return result.contains(static_cast<char>(label)); }
  unsigned position(unsigned label) const { return result.find(static_cast<char>(label)); }

  /// The product of two banded matrices is banded.
  void chain(unsigned reduced, SmallVectorImpl<Band> &out) const {
    auto isZero = [](const Band &band) { return band.outside.isConstant(0); };
    for (const Band &left : bands[0])
      for (const Band &right : bands[1]) {
        if (!left.touches(reduced) || !right.touches(reduced) || !isZero(left) || !isZero(right))
          continue;
        Band first = left.toward(reduced), second = right.toward(reduced).flipped(); // q -> k, k -> n
        if (!isFree(first.from) || !isFree(second.to) || first.from == second.to)
          continue;
        auto sum = [](int64_t a, int64_t b, int64_t infinite) { return a == infinite || b == infinite ? infinite : a + b; };
        Band band{position(first.from), position(second.to), sum(first.low, second.low, unboundedBelow),
                  sum(first.high, second.high, unboundedAbove), Magnitude::constant(0), Magnitude::ordinary()};
        out.push_back(band.from < band.to ? band : band.flipped());
      }
  }
};
} // namespace

void ContractOp::timeFacts(TimeFacts &facts) {
  auto [lhs, rhs, out] = getLabelParts();
  LabelledFacts labelled{out, {}, {}, {}};
  labelled.add(0, lhs, getLhs(), facts);
  labelled.add(1, rhs, getRhs(), facts);
  Fact result;
  bool isOrdinary = facts.of(getLhs()).magnitude.isOrdinary() && facts.of(getRhs()).magnitude.isOrdinary();
  result.magnitude = isOrdinary ? Magnitude::ordinary() : Magnitude::any();

  SmallVector<char> growing;
  for (auto [label, time] : labelled.times)
    if (time && !out.contains(label))
      growing.push_back(label);
  std::string symbol = facts.getSymbol().str();
  if (growing.size() > 1)
    return facts.mix(*this, "contracts two axes " + symbol + " at once");
  if (!growing.empty()) {
    unsigned reduced = growing[0];
    SmallVector<Band, 4> both(labelled.bands[0]);
    both.append(labelled.bands[1].begin(), labelled.bands[1].end());
    std::optional<Band> band = TimeFacts::bandToward(
        both, reduced,
        [&](unsigned label) { return labelled.isFree(label) && labelled.times.at(label); },
        [](Magnitude m) { return m.isConstant(0); });
    if (!band)
      return facts.mix(*this, "contracts over " + symbol + ", and nothing makes the later rows 0");
    int64_t rows = *labelled.times.at(reduced) - *labelled.times.at(band->from);
    if (band->high > rows)
      return facts.mix(*this, "lets row i read rows up to i + " + Twine(band->high - rows));
    facts.hides(*this, *band, rows);
    if (auto it = labelled.reads.find(reduced); it != labelled.reads.end()) {
      int64_t reach = it->second + band->high;
      labelled.reads.erase(it);
      labelled.reads = TimeFacts::joined(labelled.reads, {{band->from, reach}});
    }
    labelled.chain(reduced, result.bands);
  }
  for (auto [label, reach] : labelled.reads)
    if (labelled.isFree(label))
      result.reads[labelled.position(label)] = reach;
  facts.set(getResult(), std::move(result));
}

} // namespace sinter::ir
