// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time through elementwise ops: one rule for all of them. A band goes through any function, since outside of it the
// function meets one number; so `and`, `where`, products with a mask, sums with `lowest` and exp need no rules of their
// own. Comparisons of indices are where bands begin.
#include "ir/time/TimeRows.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace sinter::ir {

//===-- Indices --===//

static IndexForm scaled(const IndexForm &form, int64_t factor) {
  IndexForm result;
  result.constant = form.constant * factor;
  if (factor)
    for (auto [axis, coefficient] : form.coefficients)
      result.coefficients[axis] = coefficient * factor;
  return result;
}

static IndexForm sum(const IndexForm &a, const IndexForm &b) {
  IndexForm result = a;
  result.constant += b.constant;
  for (auto [axis, coefficient] : b.coefficients)
    if ((result.coefficients[axis] += coefficient) == 0)
      result.coefficients.erase(axis);
  return result;
}

/// Coefficients of indices stay small; what does not is not followed.
static bool isSmall(const IndexForm &form) {
  constexpr int64_t most = int64_t(1) << 31;
  return std::abs(form.constant) < most &&
         llvm::all_of(form.coefficients, [](auto entry) { return std::abs(entry.second) < most; });
}

static std::optional<IndexForm> indexOf(Operation *op, ArrayRef<const Fact *> x) {
  if (!llvm::all_of(x, [](const Fact *fact) { return fact->index && isSmall(*fact->index); }))
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, std::optional<IndexForm>>(op)
      .Case([&](AddOp) { return sum(*x[0]->index, *x[1]->index); })
      .Case([&](SubOp) { return sum(*x[0]->index, scaled(*x[1]->index, -1)); })
      .Case([&](NegOp) { return scaled(*x[0]->index, -1); })
      .Case([&](MulOp) -> std::optional<IndexForm> {
        for (unsigned i : {0, 1})
          if (x[i]->index->coefficients.empty())
            return scaled(*x[1 - i]->index, x[i]->index->constant);
        return std::nullopt;
      })
      .Case([&](CastOp cast) -> std::optional<IndexForm> {
        if (cast.getType().getElementType().isInteger(1))
          return std::nullopt;
        return x[0]->index;
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Where a comparison of two indices whose difference is +-(i_to - i_from) + c is true, and where it is false.
static void addComparison(CompareOp op, const IndexForm &lhs, const IndexForm &rhs, SmallVectorImpl<Band> &bands) {
  IndexForm difference = sum(lhs, scaled(rhs, -1));
  if (difference.coefficients.size() != 2)
    return;
  auto [from, first] = *difference.coefficients.begin();
  auto [to, sign] = *std::next(difference.coefficients.begin());
  if (std::abs(sign) != 1 || first != -sign)
    return;
  // sign * (i_to - i_from) + c, compared with 0.
  int64_t c = difference.constant, low = unboundedBelow, high = unboundedAbove;
  auto atMost = [&](int64_t c) { sign == 1 ? high = -c : low = c; };
  auto atLeast = [&](int64_t c) { sign == 1 ? low = -c : high = c; };
  bool inside = op.getPredicate() != Predicate::ne;
  switch (op.getPredicate()) {
  case Predicate::le:
    atMost(c);
    break;
  case Predicate::lt:
    atMost(c + 1);
    break;
  case Predicate::ge:
    atLeast(c);
    break;
  case Predicate::gt:
    atLeast(c - 1);
    break;
  case Predicate::eq:
  case Predicate::ne:
    low = high = -sign * c;
    break;
  }
  Magnitude in = Magnitude::constant(inside), out = Magnitude::constant(!inside);
  bands.push_back({from, to, low, high, out, in});
  // A half line both ways, so that `not` and `or` find theirs.
  if (low == unboundedBelow)
    bands.push_back({from, to, high + 1, unboundedAbove, in, out});
  else if (high == unboundedAbove)
    bands.push_back({from, to, unboundedBelow, low - 1, in, out});
}

//===-- x - max(x) --===//

/// Whether `largest` is max(x) over some axes, spread over x's shape again: then x - largest is at most 0.
static bool isLargestOf(Value largest, Value x) {
  auto view = largest.getDefiningOp<ViewOp>();
  auto max = view ? view.getInput().getDefiningOp<MaxOp>() : MaxOp();
  if (!max || max.getInput() != x)
    return false;
  AffineMap map = view.getMap().getMap();
  for (auto [axis, index] : llvm::enumerate(map.getResults())) {
    bool isReduced = llvm::is_contained(max.getAxes(), static_cast<int64_t>(axis));
    if (isReduced ? !isa<AffineConstantExpr>(index) : index != getAffineDimExpr(axis, map.getContext()))
      return false;
  }
  return true;
}

//===-- Bands through any function --===//

namespace {
/// The operands' bands between one pair of axes.
struct BandPair {
  Operation *op;
  ArrayRef<const Fact *> facts;
  unsigned from, to;
  bool isShifted; ///< the op is x - max(x)

  SmallVector<SmallVector<Band, 2>> bands{};   ///< of each operand
  SmallVector<Magnitude> anywhere{};           ///< of each operand, inside and outside
  std::map<Magnitude, std::pair<int64_t, int64_t>> found{}; ///< fixed result -> outside of which it is sure

  void read() {
    for (const Fact *fact : facts) {
      SmallVector<Band, 2> own;
      for (const Band &band : fact->bands)
        if (band.from == from && band.to == to)
          own.push_back(band);
      anywhere.push_back(own.empty() || !fact->magnitude.isVague() ? fact->magnitude : join(own[0].outside, own[0].inside));
      bands.push_back(std::move(own));
    }
  }

  /// One operand outside its band decides, whatever the others are.
  void decidedByOne() {
    for (auto [i, own] : llvm::enumerate(bands))
      for (const Band &band : own) {
        SmallVector<Magnitude> x = anywhere;
        x[i] = band.outside;
        Magnitude result = magnitudeOf(op, x);
        if (!result.isFixed())
          continue;
        auto [it, isNew] = found.try_emplace(result, band.low, band.high);
        if (!isNew)
          it->second = {std::max(it->second.first, band.low), std::min(it->second.second, band.high)};
      }
  }

  /// All operands outside one of their bands decide together: sure outside of the hull.
  void decidedByAll(SmallVectorImpl<const Band *> &chosen) {
    if (chosen.size() < bands.size()) {
      const auto &own = bands[chosen.size()];
      if (own.empty())
        chosen.push_back(nullptr), decidedByAll(chosen), chosen.pop_back();
      for (const Band &band : own)
        chosen.push_back(&band), decidedByAll(chosen), chosen.pop_back();
      return;
    }
    SmallVector<Magnitude> x;
    int64_t low = unboundedAbove, high = unboundedBelow;
    for (auto [i, band] : llvm::enumerate(chosen)) {
      x.push_back(band ? band->outside : facts[i]->magnitude);
      if (band) {
        low = std::min(low, band->low);
        high = std::max(high, band->high);
      }
    }
    if (Magnitude result = magnitudeOf(op, x); result.isFixed())
      found.insert_or_assign(result, std::make_pair(low, high));
  }

  Magnitude insideOf(int64_t low, int64_t high) const {
    SmallVector<Magnitude> x;
    for (auto [i, own] : llvm::enumerate(bands)) {
      const auto *it = llvm::find_if(own, [&](const Band &b) { return b.low <= low && high <= b.high; });
      x.push_back(it != own.end() ? it->inside : anywhere[i]);
    }
    Magnitude result = magnitudeOf(op, x);
    return result.is(Magnitude::Kind::Any) && isShifted ? Magnitude::notAbove() : result;
  }
};
} // namespace

static void elementwiseFacts(Operation *op, TimeFacts &facts) {
  SmallVector<const Fact *> x;
  SmallVector<Magnitude> magnitudes;
  Fact result;
  for (Value operand : op->getOperands()) {
    x.push_back(&facts.of(operand));
    magnitudes.push_back(x.back()->magnitude);
    result.reads = TimeFacts::joined(result.reads, x.back()->reads);
  }
  result.index = indexOf(op, x);
  auto compare = dyn_cast<CompareOp>(op);
  if (compare && x[0]->index && x[1]->index && isSmall(*x[0]->index) && isSmall(*x[1]->index))
    addComparison(compare, *x[0]->index, *x[1]->index, result.bands);
  result.magnitude = magnitudeOf(op, magnitudes);
  bool isShifted = isa<SubOp>(op) && isLargestOf(op->getOperand(1), op->getOperand(0));
  if (result.magnitude.is(Magnitude::Kind::Any) && isShifted)
    result.magnitude = Magnitude::notAbove();

  std::set<std::pair<unsigned, unsigned>> pairs;
  for (const Fact *fact : x)
    for (const Band &band : fact->bands)
      pairs.insert({band.from, band.to});
  for (auto [from, to] : pairs) {
    BandPair pair{op, x, from, to, isShifted};
    pair.read();
    pair.decidedByOne();
    if (pair.found.empty()) {
      SmallVector<const Band *> chosen;
      pair.decidedByAll(chosen);
    }
    for (auto [outside, range] : pair.found) {
      // x - max(x) is never above 0.
      if (isShifted && outside.is(Magnitude::Kind::Highest))
        continue;
      Magnitude inside = pair.insideOf(range.first, range.second);
      if (inside == outside)
        continue;
      result.bands.push_back({from, to, range.first, range.second, outside, inside});
      if (result.magnitude.isVague())
        result.magnitude = join(outside, inside);
    }
  }
  facts.set(op->getResult(0), std::move(result));
}

// Every elementwise op has the rule.
#define SINTER_ELEMENTWISE_TIME(OP) \
  void OP::timeFacts(TimeFacts &facts) { elementwiseFacts(*this, facts); } \
  Value OP::atRows(TimeRows &rows, unsigned, const RowSets &sets) { return elementwiseAtRows(rows, *this, sets); }
SINTER_ELEMENTWISE_TIME(ExpOp)
SINTER_ELEMENTWISE_TIME(LogOp)
SINTER_ELEMENTWISE_TIME(SqrtOp)
SINTER_ELEMENTWISE_TIME(ErfOp)
SINTER_ELEMENTWISE_TIME(TanhOp)
SINTER_ELEMENTWISE_TIME(SinOp)
SINTER_ELEMENTWISE_TIME(CosOp)
SINTER_ELEMENTWISE_TIME(AbsOp)
SINTER_ELEMENTWISE_TIME(NegOp)
SINTER_ELEMENTWISE_TIME(FloorOp)
SINTER_ELEMENTWISE_TIME(NotOp)
SINTER_ELEMENTWISE_TIME(AddOp)
SINTER_ELEMENTWISE_TIME(SubOp)
SINTER_ELEMENTWISE_TIME(MulOp)
SINTER_ELEMENTWISE_TIME(DivOp)
SINTER_ELEMENTWISE_TIME(FloorDivOp)
SINTER_ELEMENTWISE_TIME(ModOp)
SINTER_ELEMENTWISE_TIME(PowOp)
SINTER_ELEMENTWISE_TIME(MaximumOp)
SINTER_ELEMENTWISE_TIME(MinimumOp)
SINTER_ELEMENTWISE_TIME(AndOp)
SINTER_ELEMENTWISE_TIME(OrOp)
SINTER_ELEMENTWISE_TIME(CompareOp)
SINTER_ELEMENTWISE_TIME(SelectOp)
SINTER_ELEMENTWISE_TIME(CastOp)
#undef SINTER_ELEMENTWISE_TIME

//===-- One row that is surely seen --===//

namespace {
/// A number along the diagonal: a magnitude, or index i of the diagonal, changed as `form` says, plus `offset`.
struct OnDiagonal {
  Magnitude magnitude = Magnitude::ordinary();
  std::string form = {}; ///< empty: no index
  int64_t offset = 0;
};

struct DiagonalWalk {
  const TimeFacts &facts;
  unsigned steps = 0;

  OnDiagonal walk(Value value, const std::map<unsigned, int64_t> &at) {
    Operation *op = value.getDefiningOp();
    if (++steps > 2000 || !op)
      return {facts.of(value).magnitude};
    if (isa<IotaOp>(op) && at.count(0))
      return {Magnitude::ordinary(), "i", at.at(0)};
    if (auto view = dyn_cast<ViewOp>(op))
      return throughView(view, at);
    if (!op->hasTrait<OpTrait::Elementwise>())
      return {facts.of(value).magnitude};
    SmallVector<OnDiagonal> x;
    for (Value operand : op->getOperands())
      x.push_back(walk(operand, at));
    auto cast = dyn_cast<CastOp>(op);
    if (cast && !cast.getType().getElementType().isInteger(1))
      return x[0];
    return ofOp(op, x);
  }

private:
  OnDiagonal throughView(ViewOp view, const std::map<unsigned, int64_t> &at) {
    std::map<unsigned, int64_t> inner;
    for (auto [axis, index] : llvm::enumerate(view.getMap().getMap().getResults())) {
      // d_r, or d_r + constant.
      int64_t add = 0;
      AffineExpr base = index;
      if (auto sum = dyn_cast<AffineBinaryOpExpr>(index); sum && sum.getKind() == AffineExprKind::Add)
        if (auto constant = dyn_cast<AffineConstantExpr>(sum.getRHS())) {
          base = sum.getLHS();
          add = constant.getValue();
        }
      if (auto dim = dyn_cast<AffineDimExpr>(base); dim && at.count(dim.getPosition()))
        inner[axis] = at.at(dim.getPosition()) + add;
    }
    return walk(view.getInput(), inner);
  }

  static OnDiagonal ofOp(Operation *op, ArrayRef<OnDiagonal> x) {
    bool isPair = x.size() == 2 && !x[0].form.empty() && x[0].form == x[1].form;
    if (isPair && isa<SubOp>(op))
      return {Magnitude::constant(x[0].offset - x[1].offset)};
    if (auto compare = dyn_cast<CompareOp>(op); compare && isPair)
      return {magnitudeOf(op, {Magnitude::constant(x[0].offset), Magnitude::constant(x[1].offset)})};
    if (x.size() == 2 && !x[0].form.empty() && x[1].magnitude.isConstant() && x[1].form.empty()) {
      double constant = x[1].magnitude.value();
      if (isa<AddOp, SubOp>(op) && std::fabs(constant) < 1e9)
        return {Magnitude::ordinary(), x[0].form,
                x[0].offset + static_cast<int64_t>(isa<AddOp>(op) ? constant : -constant)};
      if (isa<FloorDivOp, ModOp, MulOp>(op))
        return {Magnitude::ordinary(), (op->getName().getStringRef() + "(" + x[0].form + "+" + Twine(x[0].offset) + "," +
                                        Twine(std::to_string(constant)) + ")").str()};
    }
    SmallVector<Magnitude> magnitudes;
    for (const OnDiagonal &each : x)
      magnitudes.push_back(each.magnitude);
    return {magnitudeOf(op, magnitudes)};
  }
};
} // namespace

Magnitude TimeFacts::onDiagonal(Value value, const std::map<unsigned, int64_t> &at) const {
  return DiagonalWalk{*this}.walk(value, at).magnitude;
}

} // namespace sinter::ir
