// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-prove-causal: functions that say `causal T` in; the same functions out, each proven to be so, or an error at
// the op that lets a later row, or the number of rows, be felt. What decoding is derived from stands on this proof.
#include "ir/time/TimeFacts.h"
#include "passes/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sinter::passes {
#define GEN_PASS_DEF_PROVECAUSAL
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

/// The nearest masked value before `value` of which a row may see nothing; null if there is none near.
static Operation *maskBehind(const TimeFacts &facts, Value value, unsigned depth) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return nullptr;
  SmallVector<std::optional<int64_t>> times = facts.axes(value);
  auto mayBeEmpty = [&](const Band &band) {
    if (!band.outside.is(Magnitude::Kind::Lowest) || !times[band.from] || !times[band.to])
      return false;
    return band.inside.isVague() || std::max<int64_t>(band.low, 0) > std::min(band.high, *times[band.to] - *times[band.from]);
  };
  const Fact &fact = facts.of(value);
  if (!fact.mixing && op->hasTrait<OpTrait::Elementwise>() && llvm::any_of(fact.bands, mayBeEmpty))
    return op;
  for (Value operand : op->getOperands())
    if (Operation *found = maskBehind(facts, operand, depth - 1))
      return found;
  return nullptr;
}

static void report(func::FuncOp function, const TimeFacts &facts, const Mixing &mixing) {
  InFlightDiagnostic error = mixing.op->emitError()
                             << "`" << function.getSymName() << "` is not causal " << facts.getSymbol() << ": "
                             << mixing.op->getName().stripDialect() << " " << mixing.why;
  for (Value operand : mixing.op->getOperands())
    if (Operation *mask = maskBehind(facts, operand, 8)) {
      error.attachNote(mask->getLoc()) << "of this mask a row may see nothing, and then it averages every row";
      break;
    }
}

static LogicalResult prove(func::FuncOp function, StringRef symbol) {
  TimeFacts facts(symbol);
  Block &body = function.front();
  if (llvm::none_of(body.getArguments(), [&](Value argument) {
        return llvm::any_of(facts.axes(argument), [](auto offset) { return offset == 0; });
      }))
    return function.emitError() << "`" << function.getSymName() << "` is causal " << symbol
                                << ", but no argument has an axis " << symbol;
  facts.run(body);
  for (Value result : body.getTerminator()->getOperands()) {
    const Fact &fact = facts.of(result);
    if (fact.mixing)
      return report(function, facts, *fact.mixing), failure();
    unsigned whole = llvm::count(facts.axes(result), std::optional<int64_t>(0));
    unsigned growing = llvm::count_if(facts.axes(result), [](auto offset) { return offset.has_value(); });
    if (whole != 1 || growing != 1)
      return emitError(result.getLoc()) << "`" << function.getSymName() << "` is causal " << symbol << ", but its result "
                                        << result.getType() << " does not have exactly one axis " << symbol;
    for (auto [axis, reach] : fact.reads)
      if (reach > 0)
        return emitError(result.getLoc()) << "`" << function.getSymName() << "` is not causal " << symbol << ": row i of "
                                          << "its result reads rows up to i + " << reach;
  }
  return success();
}

namespace {
struct ProveCausal : passes::impl::ProveCausalBase<ProveCausal> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (auto symbol = function->getAttrOfType<StringAttr>("sinter.causal"); symbol && !function.isExternal())
        if (failed(prove(function, symbol.getValue())))
          signalPassFailure();
  }
};
} // namespace
