// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time through parameters and layers.
#include "ir/time/TimeFacts.h"

using namespace mlir;

namespace sinter::ir {

void ReadOp::timeFacts(TimeFacts &facts) {
  if (llvm::any_of(getType().getShapeDims(), [&](const Dim &extent) { return facts.growsWithTime(extent); }))
    return facts.mix(*this, "is a parameter with the axis " + Twine(facts.getSymbol()));
  facts.set(getResult(), Fact());
}

/// Without the leading axis of a stack.
static Fact slicedFact(const Fact &fact, unsigned rank) {
  if (fact.mixing)
    return fact;
  SmallVector<std::optional<unsigned>> to = {std::nullopt};
  for (unsigned axis = 1; axis < rank; ++axis)
    to.push_back(axis - 1);
  return TimeFacts::renumbered(fact, to);
}

static Fact stackedFact(const Fact &fact, unsigned rank) {
  if (fact.mixing)
    return fact;
  SmallVector<std::optional<unsigned>> to;
  for (unsigned axis = 0; axis + 1 < rank; ++axis)
    to.push_back(axis + 1);
  Fact result = TimeFacts::renumbered(fact, to);
  result.index = std::nullopt;
  return result;
}

/// The facts of carried values that hold for every layer: a fixed point, from the first layer's.
void RepeatOp::timeFacts(TimeFacts &facts) {
  constexpr unsigned mostRounds = 12;
  Block &body = getBlock();
  unsigned carried = getCarried().size();
  Operation *yield = body.getTerminator();
  for (auto [argument, operand] : llvm::zip(body.getArguments().take_front(carried), getCarried()))
    facts.set(argument, facts.of(operand));
  for (auto [argument, operand] : llvm::zip(body.getArguments().drop_front(carried), getStacked()))
    facts.set(argument, slicedFact(facts.of(operand), cast<TensorType>(operand.getType()).rank()));
  for (unsigned round = 0;; ++round) {
    for (Operation &op : body.without_terminator())
      facts.visit(&op);
    bool isStable = true;
    for (unsigned i = 0; i < carried; ++i) {
      Value argument = body.getArgument(i);
      Fact next = TimeFacts::joined(facts.of(argument), facts.of(yield->getOperand(i)));
      isStable &= next == facts.of(argument);
      facts.set(argument, std::move(next));
    }
    if (isStable)
      break;
    if (round == mostRounds)
      return facts.mix(*this, "reads rows that are later, layer by layer");
  }
  for (unsigned i = 0; i < getNumResults(); ++i) {
    const Fact &fact = facts.of(yield->getOperand(i));
    facts.set(getResult(i), i < carried ? fact : stackedFact(fact, cast<TensorType>(getResult(i).getType()).rank()));
  }
}

} // namespace sinter::ir
