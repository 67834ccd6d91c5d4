// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which keys a query sees: conditions inside the scores of a proved attention that hide keys behind a huge negative
// number become its mask, if that keeps what a row means that is hidden wholly.
#include "passes/raising/Attention.h"

#include <cfloat>
#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::passes::raising;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }
static bool isReal(Value value) { return typeOf(value).getElementType().isF32(); }

namespace {

/// The number that the value is everywhere.
std::optional<double> numberOf(Value value) {
  while (auto view = value.getDefiningOp<ViewOp>())
    value = view.getInput();
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant && constant.getValues().size() == 1 ? std::optional(constant.getValues()[0]) : std::nullopt;
}

/// Below this a score hides its key: what is added to it is lost in every precision that is computed in.
constexpr double hides = -1e30;

class Masks {
public:
  explicit Masks(AttentionMatch &match) : match(match) {}

  /// Conditions that hide keys behind `lowest`. Their conjunction says the same as long as a row that is hidden
  /// wholly has one number everywhere: so all of them have the same, and at most one is added.
  void choose() {
    SmallVector<std::pair<Hidden, double>> found;
    bool isAdded = false;
    Reading reading = throughViews(match.scores, match.domain);
    while (!(reading == match.products)) {
      Operation *op = reading.value.getDefiningOp();
      if (!isElementwise(op))
        break;
      if (auto select = dyn_cast<SelectOp>(op)) {
        std::optional<double> no = numberOf(select.getOnFalse()), yes = numberOf(select.getOnTrue());
        bool isNegated = yes && *yes <= hides;
        if (!isNegated && !(no && *no <= hides))
          break;
        Value kept = isNegated ? select.getOnFalse() : select.getOnTrue();
        if (isAdded || dependsOn(select.getCondition(), match.product))
          break;
        found.push_back({{op, {select.getCondition(), reading.map}, isNegated, kept}, isNegated ? *yes : *no});
        reading = throughViews({kept, reading.map}, match.domain);
        continue;
      }
      if (!isa<AddOp, SubOp>(op))
        break;
      bool isLeft = dependsOn(op->getOperand(0), match.product);
      if (isLeft == dependsOn(op->getOperand(1), match.product) || (isa<SubOp>(op) && !isLeft))
        break;
      Hidden hidden{op, {}, false, op->getOperand(isLeft ? 0 : 1)};
      double number = 0;
      if (!isAdded && hidesBy(operandOf(reading, isLeft ? 1 : 0), isa<SubOp>(op) ? -1 : 1, hidden, number)) {
        found.push_back({hidden, number});
        isAdded = true;
      } else if (!isOfPositions(operandOf(reading, isLeft ? 1 : 0))) {
        break; // a bias may hold anything, and hide by itself
      }
      reading = throughViews({hidden.kept, reading.map}, match.domain);
    }
    keep(found, isAdded);
  }

private:
  AttentionMatch &match;

  /// A choice of `lowest` itself is what the op means, whatever else the scores hold. Any other number, and a number
  /// that is added, hide as well only where nothing else can: the rest must be the products and what scales them.
  void keep(SmallVector<std::pair<Hidden, double>> &found, bool isAdded) {
    if (found.empty())
      return;
    double number = found.front().second;
    bool isLowest = number == -static_cast<double>(FLT_MAX);
    bool isOne = llvm::all_of(found, [&](auto &entry) { return entry.second == number; });
    bool isSafe = isTame(match.scores, found);
    if (!isLowest && !(isOne && isSafe))
      return;
    for (auto &[hidden, other] : found) {
      if (other != number || (isAdded && !isSafe && !isa<SelectOp>(hidden.op)))
        break;
      match.hidden.push_back(hidden);
    }
  }

  /// What the reading is where a condition is false and where it is true; nothing if it depends on more than one.
  std::optional<std::pair<double, double>> byCondition(Reading reading, Reading &condition, unsigned level = 0) {
    reading = throughViews(reading, match.domain);
    if (std::optional<double> number = numberOf(reading.value))
      return std::pair(*number, *number);
    Operation *op = reading.value.getDefiningOp();
    auto isOnly = [&](const Reading &other) {
      if (!condition)
        condition = other;
      return condition == other;
    };
    if (auto cast = dyn_cast_or_null<CastOp>(op)) {
      if (typeOf(cast.getInput()).getElementType().isInteger(1) && isReal(cast))
        return isOnly(throughViews(operandOf(reading, 0), match.domain)) ? std::optional(std::pair(0.0, 1.0))
                                                                         : std::nullopt;
      return std::nullopt;
    }
    if (level > 8 || !isa_and_nonnull<SelectOp, AddOp, SubOp, MulOp, DivOp, PowOp, NegOp>(op))
      return std::nullopt;
    bool isSelect = isa<SelectOp>(op);
    if (isSelect && !isOnly(throughViews(operandOf(reading, 0), match.domain)))
      return std::nullopt;
    auto a = byCondition(operandOf(reading, isSelect ? 1 : 0), condition, level + 1);
    if (!a)
      return std::nullopt;
    if (isa<NegOp>(op))
      return std::pair(-a->first, -a->second);
    auto b = byCondition(operandOf(reading, isSelect ? 2 : 1), condition, level + 1);
    if (!b)
      return std::nullopt;
    auto compute = [&](double x, double y) {
      return isa<AddOp>(op)   ? x + y
             : isa<SubOp>(op) ? x - y
             : isa<MulOp>(op) ? x * y
             : isa<DivOp>(op) ? x / y
                              : std::pow(x, y);
    };
    if (isSelect)
      return std::pair(b->first, a->second);
    return std::pair(compute(a->first, b->first), compute(a->second, b->second));
  }

  /// 0 where a condition holds and hides where it does not, or the other way round: where(c, 0, lowest), lowest * [c],
  /// lowest * (1 - [c]), with the sign that it is added with.
  bool hidesBy(Reading addend, double sign, Hidden &hidden, double &number) {
    Reading condition{};
    auto values = byCondition(addend, condition);
    if (!values || !condition)
      return false;
    auto [no, yes] = *values;
    number = sign * (no + yes);
    if ((no != 0) == (yes != 0) || !(number <= hides) || !std::isfinite(number) ||
        dependsOn(condition.value, match.product))
      return false;
    hidden.condition = condition;
    hidden.isNegated = yes != 0;
    return true;
  }

  /// Made of positions, sizes and small constants alone.
  bool isOfPositions(Reading reading, unsigned level = 0) {
    reading = throughViews(reading, match.domain);
    Operation *op = reading.value.getDefiningOp();
    Reading condition{};
    if (auto number = byCondition(reading, condition); number && !condition)
      return std::abs(number->first) < 1e6;
    if (isa_and_nonnull<IotaOp, DimOp>(op))
      return true;
    if (!isElementwise(op) || !isa<AddOp, SubOp, MulOp, NegOp, AbsOp, CastOp>(op) || level > 8)
      return false;
    return llvm::all_of(op->getOperands(),
                        [&](Value operand) { return isOfPositions({operand, reading.map}, level + 1); });
  }

  /// The scores without `found` are the products, scaled, and sums of those with positions.
  bool isTame(Reading reading, ArrayRef<std::pair<Hidden, double>> found) {
    reading = throughViews(reading, match.domain);
    if (reading == match.products)
      return true;
    for (const auto &[hidden, number] : found)
      if (hidden.op == reading.value.getDefiningOp())
        return isTame({hidden.kept, reading.map}, found);
    Operation *op = reading.value.getDefiningOp();
    if (!dependsOn(reading.value, match.product))
      return isOfPositions(reading);
    if (!isElementwise(op) || !isa<AddOp, SubOp, MulOp, DivOp, NegOp, TanhOp>(op))
      return false;
    return llvm::all_of(op->getOperands(), [&](Value operand) { return isTame({operand, reading.map}, found); });
  }
};

} // namespace

void passes::raising::chooseMasks(AttentionMatch &match) {
  match.hidden.clear();
  if (!match.seen)
    Masks(match).choose();
}
