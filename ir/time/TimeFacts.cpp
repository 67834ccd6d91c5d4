// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The walk over a function, and what the rules of all ops share.
#include "ir/time/TimeFacts.h"

using namespace mlir;

namespace sinter::ir {

int64_t shifted(int64_t bound, int64_t by) {
  if (bound == unboundedAbove || bound == unboundedBelow)
    return bound;
  return bound + by;
}

bool Fact::operator==(const Fact &o) const {
  return mixing.has_value() == o.mixing.has_value() && reads == o.reads && index == o.index &&
         magnitude == o.magnitude && bands == o.bands;
}

//===-- Axes --===//

std::optional<int64_t> TimeFacts::offset(const Dim &extent) const {
  return (extent - Dim::symbol(symbol)).constant();
}

SmallVector<std::optional<int64_t>> TimeFacts::axes(Value value) const {
  SmallVector<std::optional<int64_t>> result;
  for (const Dim &extent : cast<TensorType>(value.getType()).getShapeDims())
    result.push_back(offset(extent));
  return result;
}

//===-- The walk --===//

void TimeFacts::run(Block &body) {
  for (BlockArgument argument : body.getArguments()) {
    Fact fact;
    for (auto [axis, c] : llvm::enumerate(axes(argument)))
      if (c)
        fact.reads[axis] = 0;
    set(argument, std::move(fact));
  }
  for (Operation &op : body.without_terminator())
    visit(&op);
}

void TimeFacts::mix(Operation *op, const Twine &why) {
  for (Value result : op->getResults()) {
    Fact fact;
    fact.mixing = Mixing{op, why.str()};
    set(result, std::move(fact));
  }
}

void TimeFacts::visit(Operation *op) {
  for (Value operand : op->getOperands())
    if (const Fact &fact = of(operand); fact.mixing) {
      for (Value result : op->getResults())
        set(result, fact);
      return;
    }
  for (Value result : op->getResults())
    for (const Dim &extent : cast<TensorType>(result.getType()).getShapeDims())
      if (growsWithTime(extent) && !offset(extent))
        return mix(op, "makes an axis of extent " + Twine(extent.str()) + ", which is not " + symbol + " plus a number");
  if (auto aware = dyn_cast<TimeAware>(op))
    return aware.timeFacts(*this);
  if (op->getNumResults())
    mix(op, "says nothing about time");
}

void TimeFacts::hides(Operation *op, const Band &band, int64_t rows) {
  lookbacks.erase(op);
  if (band.low != unboundedBelow)
    lookbacks[op] = std::max<int64_t>(rows - band.low, 0);
}

std::optional<int64_t> TimeFacts::lookback(Operation *op) const {
  auto it = lookbacks.find(op);
  return it == lookbacks.end() ? std::nullopt : std::optional(it->second);
}

//===-- Shared by the rules --===//

std::map<unsigned, int64_t> TimeFacts::joined(const std::map<unsigned, int64_t> &a,
                                              const std::map<unsigned, int64_t> &b) {
  std::map<unsigned, int64_t> result = a;
  for (auto [axis, reach] : b) {
    auto [it, isNew] = result.try_emplace(axis, reach);
    it->second = std::max(it->second, reach);
  }
  return result;
}

Fact TimeFacts::joined(const Fact &a, const Fact &b) {
  if (a.mixing || b.mixing)
    return a.mixing ? a : b;
  Fact result;
  result.reads = joined(a.reads, b.reads);
  result.magnitude = join(a.magnitude, b.magnitude);
  if (a.index == b.index)
    result.index = a.index;
  for (const Band &band : a.bands)
    if (llvm::is_contained(b.bands, band))
      result.bands.push_back(band);
  return result;
}

Fact TimeFacts::renumbered(const Fact &fact, ArrayRef<std::optional<unsigned>> to) {
  Fact result;
  result.magnitude = fact.magnitude;
  for (auto [axis, reach] : fact.reads)
    if (to[axis])
      result.reads[*to[axis]] = reach;
  for (const Band &band : fact.bands)
    if (to[band.from] && to[band.to]) {
      result.bands.push_back(band);
      result.bands.back().from = *to[band.from];
      result.bands.back().to = *to[band.to];
    }
  if (!fact.index)
    return result;
  IndexForm form;
  form.constant = fact.index->constant;
  for (auto [axis, coefficient] : fact.index->coefficients) {
    if (!to[axis])
      return result;
    form.coefficients[*to[axis]] = coefficient;
  }
  result.index = form;
  return result;
}

std::optional<Band> TimeFacts::bandToward(ArrayRef<Band> bands, unsigned axis, function_ref<bool(unsigned)> isKept,
                                          function_ref<bool(Magnitude)> isNeutral) {
  std::optional<Band> best;
  for (const Band &each : bands) {
    if (!each.touches(axis))
      continue;
    Band band = each.toward(axis);
    if (!isKept(band.from) || !isNeutral(band.outside) || band.high == unboundedAbove)
      continue;
    // Outside either of two bands between the same axes the element is neutral: only what both leave counts.
    if (best && best->from == band.from) {
      best->low = std::max(best->low, band.low);
      best->high = std::min(best->high, band.high);
    } else {
      best = band;
    }
  }
  return best;
}

std::string TimeFacts::emptyRowHint(const Fact &fact, unsigned axis) {
  for (const Band &band : fact.bands)
    if (band.touches(axis) && band.inside.isVague())
      return "; a row may see nothing, and then it averages every row";
  return "";
}

} // namespace sinter::ir
