// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-fuse-pointwise: one skeleton for each op in, few skeletons out. Consumers are visited in program order,
// each pulling in what defines its operands, until nothing moves any more.
#include "passes/Passes.h"
#include "passes/fusion/Fusion.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"

namespace sinter::passes {
#define GEN_PASS_DEF_FUSEPOINTWISE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using passes::Input;
using passes::Inputs;

PointwiseOp passes::definingPointwise(Value value) {
  auto pointwise = value.getDefiningOp<PointwiseOp>();
  return pointwise && pointwise->getNumResults() == 1 ? pointwise : PointwiseOp();
}

bool passes::isOnlyUsedBy(Operation *op, Operation *user) {
  return llvm::all_of(op->getUsers(), [&](Operation *other) { return other == user; });
}

/// Whether computing `producer` where `consumer` reads input `position` costs no more than storing it.
static bool isWorthInlining(PointwiseOp producer, Operation *consumer, Inputs &inputs, unsigned position) {
  Block &body = producer.getBody().front();
  bool isConstant = producer.getInputs().empty();
  // A loop would compute it again and again; but what attention hides is worth knowing exactly (cheap, and of indices).
  bool isOfMask = isa<AttentionOp>(consumer) && passes::isCheap(body) &&
                  cast<BufferType>(producer.getResult(0).getType()).getElementType().isInteger();
  if (producer->getBlock() != consumer->getBlock() && !isConstant && !isOfMask)
    return false;
  if (passes::isCheap(body))
    return true;
  if (!passes::isOnlyUsedBy(producer, consumer))
    return false;
  if (auto contract = dyn_cast<ContractOp>(consumer))
    if (contract.getLhs() == producer.getResult(0) || contract.getRhs() == producer.getResult(0))
      return false;
  if (!passes::isCostly(body))
    return true;
  // Softmax's exponential is computed twice rather than stored; nothing costly more often, or for a spread value.
  Dim produced = ir::productOf(cast<BufferType>(producer.getResult(0).getType()).getShapeDims());
  return inputs.regionsReading(position) <= 2 && ir::productOf(inputs.getDomain()) == produced;
}

/// Computes what `producer` makes in every region that reads input `position`.
static void inlineInput(Inputs &inputs, unsigned position, PointwiseOp producer) {
  ir::IndexMapAttr at = inputs.get(position).map;
  Inputs sources = *Inputs::of(producer);
  SmallVector<unsigned> places;
  for (unsigned i = 0; i < sources.size(); ++i) {
    Input source = sources.get(i);
    places.push_back(inputs.add({source.value, passes::compose(source.map, at, inputs.getDomain())}));
  }
  for (Block *block : inputs.getBlocks()) {
    BlockArgument scalar = inputs.scalar(block, position);
    if (scalar.use_empty())
      continue;
    OpBuilder builder = OpBuilder::atBlockBegin(block);
    SmallVector<Value> arguments;
    for (unsigned place : places)
      arguments.push_back(inputs.scalar(block, place));
    scalar.replaceAllUsesWith(passes::inlineBody(builder, producer.getBody().front(), arguments, at)[0]);
  }
  inputs.erase(position);
}

static bool inlineProducers(Operation *consumer) {
  std::optional<Inputs> inputs = Inputs::of(consumer);
  if (!inputs)
    return false;
  bool changed = false;
  for (unsigned i = 0; i < inputs->size();) {
    PointwiseOp producer = passes::definingPointwise(inputs->get(i).value);
    if (!producer || !isWorthInlining(producer, consumer, *inputs, i)) {
      ++i;
      continue;
    }
    inlineInput(*inputs, i, producer);
    passes::joinLocations(consumer, producer);
    if (producer->use_empty())
      producer.erase();
    changed = true;
  }
  if (changed)
    inputs->tidy();
  return changed;
}

/// A pointwise over a contraction's result, its only reader, becomes the epilogue. `pointwise` is erased.
static bool mergeIntoEpilogue(PointwiseOp pointwise) {
  if (pointwise->getNumResults() != 1)
    return false;
  Inputs from = *Inputs::of(pointwise);
  auto contractOf = [&](Value value) {
    auto contract = value.getDefiningOp<ContractOp>();
    bool fits = contract && contract->getBlock() == pointwise->getBlock() &&
                passes::isOnlyUsedBy(contract, pointwise) && pointwise.getResult(0).getType() == contract.getType();
    for (unsigned i = 0; fits && i < from.size(); ++i)
      fits = from.get(i).value != value ||
             passes::isIdentityOn(from.get(i).map, from.getDomain(), contract.getType().getShapeDims());
    return fits ? contract : ContractOp();
  };
  ContractOp contract;
  for (unsigned i = 0; i < from.size() && !contract; ++i)
    contract = contractOf(from.get(i).value);
  if (!contract)
    return false;

  contract->moveBefore(pointwise);
  Inputs extras = *Inputs::of(contract);
  Block *epilogue = extras.getBlocks().front();
  Value own = epilogue->getTerminator()->getOperand(0);
  SmallVector<Value> arguments;
  for (unsigned i = 0; i < from.size(); ++i) {
    Input input = from.get(i);
    arguments.push_back(input.value == contract.getResult() ? own : extras.scalar(epilogue, extras.add(input)));
  }
  OpBuilder builder(epilogue->getTerminator());
  auto identity = passes::identityMap(builder.getContext(), from.getDomain().size());
  epilogue->getTerminator()->setOperands(passes::inlineBody(builder, pointwise.getBody().front(), arguments, identity));
  passes::joinLocations(contract, pointwise);
  passes::remarkFused(contract, "epilogue", "computed where the product is stored");
  pointwise.getResult(0).replaceAllUsesWith(contract.getResult());
  pointwise.erase();
  extras.tidy();
  return true;
}

/// A dense move whose source only it reads computes the source where it goes.
static bool moveToPointwise(MoveOp move) {
  PointwiseOp producer = passes::definingPointwise(move.getInput());
  if (!producer || move.getType().isPanels() || producer->getBlock() != move->getBlock() ||
      !passes::isOnlyUsedBy(producer, move))
    return false;
  OpBuilder builder(move);
  auto copy = [](OpBuilder &, ValueRange scalars) { return scalars[0]; };
  PointwiseOp pointwise =
      passes::buildPointwise(builder, move.getLoc(), move.getType(), Input{move.getInput(), move.getMap()}, copy);
  move.replaceAllUsesWith(pointwise.getResult(0));
  move.erase();
  return inlineProducers(pointwise);
}

static bool sweep(Block &block);

/// One consumer. It may be erased or replaced; whatever replaces it stands in its place.
static bool visit(Operation *op) {
  if (auto repeat = dyn_cast<RepeatOp>(op))
    return sweep(repeat.getBlock());
  bool changed = passes::absorbMovesInto(op);
  if (isOpTriviallyDead(op)) {
    op->erase();
    return true;
  }
  if (auto move = dyn_cast<MoveOp>(op))
    return moveToPointwise(move) || changed;
  if (auto pointwise = dyn_cast<PointwiseOp>(op))
    if (passes::mergeIntoFinish(pointwise) || mergeIntoEpilogue(pointwise))
      return true;
  if (auto row = dyn_cast<RowOp>(op)) {
    while (RowOp merged = passes::mergeRows(row)) {
      op = row = merged;
      changed = true;
    }
  }
  return inlineProducers(op) || changed;
}

/// In program order: what a step erases stands before the consumer, or is the consumer.
static bool sweep(Block &block) {
  bool changed = false;
  for (Operation &op : llvm::make_early_inc_range(block))
    changed |= visit(&op);
  return changed;
}

namespace {
struct FusePointwise : passes::impl::FusePointwiseBase<FusePointwise> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      eliminateCommonSubExpressions(rewriter, dominance, function);
      while (sweep(function.getBody().front())) {
      }
      eliminateCommonSubExpressions(rewriter, dominance, function);
      passes::remarkMissedFusions(function);
    }
  }
};
} // namespace
