// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop over slices of stacked parameters in; the same loop over slices of prepared stacks out. An op on slices
// becomes one op on stacks: every index map, domain and shape gets one more dimension in front.
#include "passes/prepare/Prepare.h"
#include "passes/support/Inputs.h"
#include "passes/support/Maps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using ir::DimAttr;
using ir::IndexMapAttr;

namespace {

/// One loop's lifted values: slices in the body and the stacks that they are slices of.
class Lifter {
public:
  Lifter(RepeatOp repeat, passes::PreparedAnalysis &analysis) : repeat(repeat), analysis(analysis), builder(repeat) {}

  void run() {
    unsigned carried = repeat.getCarried().size();
    for (auto [position, stack] : llvm::enumerate(repeat.getStacked()))
      if (analysis.isPrepared(stack))
        stacks[repeat.getBlock().getArgument(carried + position)] = stack;
    for (Operation &op : repeat.getBlock().without_terminator())
      if (isLiftable(&op))
        lift(&op);
    passSlices();
    dropUnread();
  }

private:
  bool isLiftable(Operation *op) {
    if (!isa<PointwiseOp, RowOp, ContractOp, MoveOp>(op) || !passes::PreparedAnalysis::mayPrepare(op))
      return false;
    bool sliced = false;
    for (Value operand : op->getOperands()) {
      if (stacks.contains(operand))
        sliced = true;
      else if (!analysis.isPrepared(operand))
        return false;
    }
    // What depends on no slice is taken to @prepare as it is; its uses need no slice of it.
    return sliced;
  }

  void lift(Operation *op) {
    SmallVector<Value> operands;
    SmallVector<bool> sliced;
    for (Value operand : op->getOperands()) {
      auto stack = stacks.find(operand);
      sliced.push_back(stack != stacks.end());
      operands.push_back(sliced.back() ? stack->second : outside(operand));
    }
    Operation *lifted = builder.clone(*op);
    lifted->setOperands(operands);
    addLeadingDims(lifted, sliced);
    lifted->walk([](IndexOp index) { index.setAxis(index.getAxis() + 1); });
    for (auto [slice, stack] : llvm::zip_equal(op->getResults(), lifted->getResults())) {
      auto type = cast<BufferType>(slice.getType());
      stack.setType(
          BufferType::get(type.getContext(), withCount(type.getShapeDims()), type.getElementType(), type.getLayout()));
      stacks[slice] = stack;
      order.push_back(slice);
    }
  }

  /// A prepared value of the body that depends on no slice, computed before the loop.
  Value outside(Value value) {
    Operation *op = value.getDefiningOp();
    if (!repeat->isProperAncestor(op))
      return value;
    for (Value operand : op->getOperands())
      outside(operand);
    op->moveBefore(repeat);
    return value;
  }

  SmallVector<Dim> withCount(ArrayRef<Dim> dims) {
    SmallVector<Dim> result{Dim(repeat.getCount())};
    result.append(dims.begin(), dims.end());
    return result;
  }

  void addLeadingDims(Operation *op, ArrayRef<bool> sliced) {
    auto shifted = [&](ArrayAttr maps, ArrayRef<bool> sliced) {
      SmallVector<Attribute> result;
      for (auto [map, readsStack] : llvm::zip_equal(maps.getAsRange<IndexMapAttr>(), sliced))
        result.push_back(passes::addLeadingDim(map, readsStack));
      return builder.getArrayAttr(result);
    };
    llvm::TypeSwitch<Operation *>(op)
        .Case([&](MoveOp move) { move.setMapAttr(passes::addLeadingDim(move.getMap(), sliced[0])); })
        .Case([&](PointwiseOp pointwise) { pointwise.setMapsAttr(shifted(pointwise.getMaps(), sliced)); })
        .Case([&](RowOp row) {
          row.setMapsAttr(shifted(row.getMaps(), sliced));
          row.setDomainAttr(passes::dimsAttr(op->getContext(), withCount(ir::toDims(row.getDomain()))));
        })
        .Case([&](ContractOp contract) {
          contract.setBatch(contract.getBatch() + 1);
          contract.setLhsMapAttr(passes::addLeadingDim(contract.getLhsMap(), sliced[0]));
          contract.setRhsMapAttr(passes::addLeadingDim(contract.getRhsMap(), sliced[1]));
          contract.setExtraMapsAttr(shifted(contract.getExtraMaps(), sliced.drop_front(2)));
        });
  }

  bool isLifted(Operation *op) { return op->getNumResults() != 0 && llvm::is_contained(order, op->getResult(0)); }

  /// The loop takes a slice of each lifted value that something else in the body reads.
  void passSlices() {
    Block &block = repeat.getBlock();
    for (Value slice : order) {
      auto needs = [&](OpOperand &use) { return !isLifted(use.getOwner()); };
      if (llvm::none_of(slice.getUses(), needs))
        continue;
      repeat.getStackedMutable().append(stacks[slice]);
      slice.replaceUsesWithIf(block.addArgument(slice.getType(), slice.getLoc()), needs);
    }
    for (Value slice : llvm::reverse(order))
      if (Operation *op = slice.getDefiningOp(); op->use_empty())
        op->erase();
  }

  void dropUnread() {
    unsigned carried = repeat.getCarried().size();
    for (unsigned i = repeat.getStacked().size(); i-- > 0;) {
      if (!repeat.getBlock().getArgument(carried + i).use_empty())
        continue;
      repeat.getStackedMutable().erase(i);
      repeat.getBlock().eraseArgument(carried + i);
    }
  }

  RepeatOp repeat;
  passes::PreparedAnalysis &analysis;
  OpBuilder builder;
  DenseMap<Value, Value> stacks;
  SmallVector<Value> order;
};

} // namespace

bool passes::PreparedAnalysis::mayPrepare(Operation *op) {
  if (!isa<KernelDialect>(op->getDialect()) || !isMemoryEffectFree(op) || isa<RepeatOp>(op) || op->getNumResults() == 0)
    return false;
  for (Type type : op->getResultTypes()) {
    auto buffer = dyn_cast<BufferType>(type);
    if (!buffer || llvm::any_of(buffer.getShapeDims(), [](const Dim &dim) { return !dim.constant(); }))
      return false;
  }
  // No size of an input may stand in domains, maps or scalar code either.
  auto isKnown = [](DimAttr dim) { return dim.getDim().constant() ? WalkResult::advance() : WalkResult::interrupt(); };
  return !op->walk([&](Operation *nested) { return nested->getAttrDictionary().walk(isKnown); }).wasInterrupted();
}

bool passes::PreparedAnalysis::isPrepared(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  bool result =
      op && mayPrepare(op) && llvm::all_of(op->getOperands(), [&](Value operand) { return isPrepared(operand); });
  return known[value] = result;
}

void passes::liftFromRepeat(RepeatOp repeat, PreparedAnalysis &analysis) { Lifter(repeat, analysis).run(); }
