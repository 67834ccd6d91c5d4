// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index maps as sums of terms: the rules of IndexMap.h, and the way from and to affine maps.
#include "ir/sinter/IndexMap.h"

using namespace mlir;

namespace sinter::ir {

//===-- Sums and their order --===//

IndexSum IndexSum::variable(unsigned position) {
  IndexSum sum;
  sum.terms.emplace(IndexTerm{IndexTerm::Kind::Variable, position, nullptr, Dim(0)}, Dim(1));
  return sum;
}

static void addTerm(IndexSum &sum, const IndexTerm &term, const Dim &coefficient) {
  auto [place, isNew] = sum.terms.try_emplace(term, coefficient);
  if (!isNew)
    place->second = place->second + coefficient;
  if (place->second.isConstant(0))
    sum.terms.erase(place);
}

IndexSum IndexSum::operator+(const IndexSum &other) const {
  IndexSum result = *this;
  result.constant = constant + other.constant;
  for (const auto &[term, coefficient] : other.terms)
    addTerm(result, term, coefficient);
  return result;
}

IndexSum IndexSum::operator*(const Dim &factor) const {
  IndexSum result;
  result.constant = constant * factor;
  for (const auto &[term, coefficient] : terms)
    addTerm(result, term, coefficient * factor);
  return result;
}

bool IndexSum::operator==(const IndexSum &other) const { return !(*this < other) && !(other < *this); }
bool IndexSum::operator<(const IndexSum &other) const {
  return constant != other.constant ? constant < other.constant : terms < other.terms;
}
bool IndexSum::isLinear() const {
  return llvm::all_of(terms, [](const auto &entry) { return entry.first.kind == IndexTerm::Kind::Variable; });
}

bool IndexTerm::operator<(const IndexTerm &other) const {
  if (kind != other.kind)
    return kind < other.kind;
  if (kind == Kind::Variable)
    return position < other.position;
  if (divisor != other.divisor)
    return divisor < other.divisor;
  return *inner < *other.inner;
}

static IndexSum single(IndexTerm::Kind kind, const IndexSum &inner, const Dim &divisor) {
  IndexSum sum;
  sum.terms.emplace(IndexTerm{kind, 0, std::make_shared<const IndexSum>(inner), divisor}, Dim(1));
  return sum;
}

/// The term, if the sum is exactly that term once.
static const IndexTerm *onlyTerm(const IndexSum &sum) {
  bool isOne = sum.constant.isConstant(0) && sum.terms.size() == 1 && sum.terms.begin()->second.isConstant(1);
  return isOne ? &sum.terms.begin()->first : nullptr;
}

//===-- Ranges --===//

std::optional<std::pair<Dim, Dim>> IndexSimplifier::range(const IndexTerm &term) const {
  if (term.kind == IndexTerm::Kind::Variable) {
    if (term.position >= domain.size())
      return std::nullopt;
    return std::pair(Dim(0), domain[term.position] - Dim(1));
  }
  std::optional<Dim> low = lower(*term.inner), high = upper(*term.inner);
  bool isNatural = low && low->isAtLeast(Dim(0));
  if (term.kind == IndexTerm::Kind::Mod)
    return std::pair(Dim(0), isNatural && high ? Dim::min(*high, term.divisor - Dim(1)) : term.divisor - Dim(1));
  if (!isNatural || !high)
    return std::nullopt;
  return std::pair(Dim(0), Dim::floorDiv(*high, term.divisor));
}

std::optional<Dim> IndexSimplifier::lower(const IndexSum &sum) const {
  std::optional<Dim> high = upper(sum * Dim(-1));
  return high ? std::optional(*high * Dim(-1)) : std::nullopt;
}

std::optional<Dim> IndexSimplifier::upper(const IndexSum &sum) const {
  Dim bound = sum.constant;
  for (const auto &[term, coefficient] : sum.terms) {
    std::optional<std::pair<Dim, Dim>> limits = range(term);
    if (!limits)
      return std::nullopt;
    if (coefficient.isAtLeast(Dim(0)))
      bound = bound + coefficient * limits->second;
    else if (Dim(0).isAtLeast(coefficient))
      bound = bound + coefficient * limits->first;
    else
      return std::nullopt;
  }
  return bound;
}

bool IndexSimplifier::isWithin(const IndexSum &sum, const Dim &extent) const {
  std::optional<Dim> low = lower(sum), high = upper(sum);
  return low && high && low->isAtLeast(Dim(0)) && (extent - Dim(1)).isAtLeast(*high);
}

//===-- Floordiv and mod --===//

/// sum = divisor * first + second, exact multiples only (a number keeps its remainder).
static std::pair<IndexSum, IndexSum> splitMultiples(const IndexSum &sum, const Dim &divisor) {
  IndexSum whole, rest;
  for (const auto &[term, coefficient] : sum.terms) {
    if (std::optional<Dim> quotient = Dim::exactDiv(coefficient, divisor))
      addTerm(whole, term, *quotient);
    else
      addTerm(rest, term, coefficient);
  }
  if (std::optional<Dim> quotient = Dim::exactDiv(sum.constant, divisor)) {
    whole.constant = *quotient;
  } else if (sum.constant.constant() && divisor.constant()) {
    whole.constant = Dim::floorDiv(sum.constant, divisor);
    rest.constant = sum.constant - whole.constant * divisor;
  } else {
    rest.constant = sum.constant;
  }
  return {whole, rest};
}

/// The factors g | divisor, g > 1, that some coefficient of the sum offers.
static SmallVector<Dim> commonFactors(const IndexSum &sum, const Dim &divisor) {
  SmallVector<Dim> factors;
  for (const auto &[term, coefficient] : sum.terms) {
    Dim factor = coefficient;
    if (std::optional<int64_t> number = coefficient.constant(), by = divisor.constant(); number && by)
      factor = Dim(std::gcd(*number, *by));
    if (!factor.isConstant(1) && factor != divisor && Dim::exactDiv(divisor, factor) && factor.isAtLeastOne())
      factors.push_back(factor);
  }
  return factors;
}

IndexSum IndexSimplifier::floorDiv(const IndexSum &sum, const Dim &divisor) const {
  auto [whole, rest] = splitMultiples(sum, divisor);
  if (isWithin(rest, divisor))
    return whole;
  for (const Dim &factor : commonFactors(rest, divisor)) {
    auto [multiples, small] = splitMultiples(rest, factor);
    if (isWithin(small, factor))
      return add(whole, floorDiv(multiples, *Dim::exactDiv(divisor, factor)));
  }
  if (const IndexTerm *term = onlyTerm(rest)) {
    if (term->kind == IndexTerm::Kind::FloorDiv)
      return add(whole, floorDiv(*term->inner, term->divisor * divisor));
    if (term->kind == IndexTerm::Kind::Mod)
      if (std::optional<Dim> outer = Dim::exactDiv(term->divisor, divisor))
        return add(whole, mod(floorDiv(*term->inner, divisor), *outer));
  }
  return add(whole, single(IndexTerm::Kind::FloorDiv, rest, divisor));
}

IndexSum IndexSimplifier::mod(const IndexSum &sum, const Dim &divisor) const {
  IndexSum rest = splitMultiples(sum, divisor).second;
  if (isWithin(rest, divisor))
    return rest;
  for (const Dim &factor : commonFactors(rest, divisor)) {
    auto [multiples, small] = splitMultiples(rest, factor);
    if (isWithin(small, factor))
      return add(mod(multiples, *Dim::exactDiv(divisor, factor)) * factor, small);
  }
  if (const IndexTerm *term = onlyTerm(rest); term && term->kind == IndexTerm::Kind::Mod)
    if (Dim::exactDiv(term->divisor, divisor))
      return mod(*term->inner, divisor);
  return single(IndexTerm::Kind::Mod, rest, divisor);
}

IndexSum IndexSimplifier::add(const IndexSum &a, const IndexSum &b) const { return rejoin(a + b); }

static size_t countOpaque(const IndexSum &sum) {
  return llvm::count_if(sum.terms, [](const auto &entry) { return entry.first.kind != IndexTerm::Kind::Variable; });
}

/// c*(x floordiv c) + x mod c = x, as often as it makes the sum simpler.
IndexSum IndexSimplifier::rejoin(IndexSum sum) const {
  for (bool isChanged = true; isChanged;) {
    isChanged = false;
    for (const auto &[term, coefficient] : sum.terms) {
      if (term.kind != IndexTerm::Kind::Mod)
        continue;
      IndexSum quotient = floorDiv(*term.inner, term.divisor);
      IndexSum joined = sum + quotient * (Dim(-1) * coefficient * term.divisor) + *term.inner * coefficient;
      addTerm(joined, term, Dim(-1) * coefficient);
      if (countOpaque(joined) >= countOpaque(sum))
        continue;
      sum = joined;
      isChanged = true;
      break;
    }
  }
  return sum;
}

//===-- From and to affine maps --===//

IndexSum IndexSimplifier::fromExpr(AffineExpr expr, ArrayRef<IndexSum> variables, ArrayRef<Dim> symbols) const {
  IndexSum sum;
  switch (expr.getKind()) {
  case AffineExprKind::Constant:
    sum.constant = Dim(cast<AffineConstantExpr>(expr).getValue());
    return sum;
  case AffineExprKind::SymbolId:
    sum.constant = symbols[cast<AffineSymbolExpr>(expr).getPosition()];
    return sum;
  case AffineExprKind::DimId:
    return variables[cast<AffineDimExpr>(expr).getPosition()];
  default:
    break;
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  IndexSum left = fromExpr(binary.getLHS(), variables, symbols);
  IndexSum right = fromExpr(binary.getRHS(), variables, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return add(left, right);
  case AffineExprKind::Mul:
    return right.terms.empty() ? left * right.constant : right * left.constant;
  case AffineExprKind::FloorDiv:
    return floorDiv(left, right.constant);
  case AffineExprKind::Mod:
    return mod(left, right.constant);
  default: { // CeilDiv
    left.constant = left.constant + right.constant - Dim(1);
    return floorDiv(left, right.constant);
  }
  }
}

SmallVector<IndexSum> toSums(IndexMapAttr map, ArrayRef<Dim> domain) {
  SmallVector<IndexSum> variables;
  for (unsigned i = 0; i < map.getMap().getNumDims(); ++i)
    // The only index of an axis of one element is 0.
    variables.push_back(i < domain.size() && domain[i].isConstant(1) ? IndexSum() : IndexSum::variable(i));
  SmallVector<Dim> symbols = toDims(map.getSymbols());
  IndexSimplifier simplifier(domain);
  return llvm::map_to_vector(map.getMap().getResults(),
                             [&](AffineExpr expr) { return simplifier.fromExpr(expr, variables, symbols); });
}

namespace {
/// Writes sums as affine expressions; a dimension that is no number becomes a symbol.
struct SumPrinter {
  MLIRContext *context;
  SmallVector<DimAttr> symbols;

  AffineExpr dim(const Dim &value) {
    if (std::optional<int64_t> number = value.constant())
      return getAffineConstantExpr(*number, context);
    DimAttr attr = DimAttr::get(context, value);
    size_t place = llvm::find(symbols, attr) - symbols.begin();
    if (place == symbols.size())
      symbols.push_back(attr);
    return getAffineSymbolExpr(place, context);
  }
  AffineExpr term(const IndexTerm &term) {
    if (term.kind == IndexTerm::Kind::Variable)
      return getAffineDimExpr(term.position, context);
    AffineExpr inner = sum(*term.inner);
    AffineExpr divisor = dim(term.divisor);
    return term.kind == IndexTerm::Kind::FloorDiv ? inner.floorDiv(divisor) : inner % divisor;
  }
  AffineExpr sum(const IndexSum &sum) {
    AffineExpr result = getAffineConstantExpr(0, context);
    for (const auto &[entry, coefficient] : sum.terms) {
      AffineExpr factor = term(entry);
      result = result + factor * dim(coefficient);
    }
    return result + dim(sum.constant);
  }
};
} // namespace

IndexMapAttr fromSums(MLIRContext *context, unsigned numVariables, ArrayRef<IndexSum> sums) {
  SumPrinter printer{context, {}};
  SmallVector<AffineExpr> results = llvm::map_to_vector(sums, [&](const IndexSum &sum) { return printer.sum(sum); });
  return IndexMapAttr::get(context, AffineMap::get(numVariables, printer.symbols.size(), results, context),
                           printer.symbols);
}

static bool hasOverflow(const IndexSum &sum) {
  return sum.constant.overflowed() || llvm::any_of(sum.terms, [](const auto &entry) {
           return entry.second.overflowed() || entry.first.divisor.overflowed() ||
                  (entry.first.inner && hasOverflow(*entry.first.inner));
         });
}

IndexMapAttr simplify(IndexMapAttr map, ArrayRef<Dim> domain) {
  SmallVector<IndexSum> sums = toSums(map, domain);
  if (llvm::any_of(sums, hasOverflow))
    return map;
  // Axes of one element read index 0, but an identity should look like one.
  unsigned rank = map.getMap().getNumDims();
  IndexMapAttr identity = IndexMapAttr::getIdentity(map.getContext(), rank);
  if (sums == toSums(identity, domain))
    return identity;
  return fromSums(map.getContext(), rank, sums);
}

IndexMapAttr compose(IndexMapAttr outer, IndexMapAttr inner) {
  unsigned shift = outer.getSymbols().size();
  AffineMap moved = inner.getMap().shiftSymbols(shift);
  SmallVector<AffineExpr> dims(outer.getMap().getResults());
  SmallVector<AffineExpr> results =
      llvm::map_to_vector(moved.getResults(), [&](AffineExpr expr) { return expr.replaceDims(dims); });
  SmallVector<DimAttr> symbols(outer.getSymbols());
  llvm::append_range(symbols, inner.getSymbols());
  return IndexMapAttr::get(outer.getContext(),
                           AffineMap::get(outer.getMap().getNumDims(), symbols.size(), results, outer.getContext()),
                           symbols);
}

//===-- Shapes of maps --===//

bool isPermutation(IndexMapAttr map) { return map.getMap().isPermutation(); }

std::optional<LinearMap> linearCoefficients(IndexMapAttr map) {
  LinearMap linear;
  for (const IndexSum &sum : toSums(map, {})) {
    if (!sum.isLinear())
      return std::nullopt;
    auto &row = linear.coefficients.emplace_back(map.getMap().getNumDims(), Dim(0));
    for (const auto &[term, coefficient] : sum.terms)
      row[term.position] = coefficient;
    linear.offsets.push_back(sum.constant);
  }
  return linear;
}

SmallVector<Dim> rowMajorStrides(ArrayRef<Dim> dims) {
  SmallVector<Dim> strides(dims.size(), Dim(1));
  for (size_t axis = dims.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * dims[axis];
  return strides;
}

std::optional<LinearAddress> linearAddress(IndexMapAttr map, ArrayRef<Dim> sourceDims) {
  std::optional<LinearMap> linear = linearCoefficients(map);
  if (!linear)
    return std::nullopt;
  LinearAddress address{SmallVector<Dim>(map.getMap().getNumDims(), Dim(0)), Dim(0)};
  for (auto [axis, stride] : llvm::enumerate(rowMajorStrides(sourceDims))) {
    address.offset = address.offset + linear->offsets[axis] * stride;
    for (auto [factor, coefficient] : llvm::zip_equal(address.factors, linear->coefficients[axis]))
      factor = factor + coefficient * stride;
  }
  return address;
}

} // namespace sinter::ir
