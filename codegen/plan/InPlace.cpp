// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See InPlace.h.
#include "codegen/plan/InPlace.h"

using namespace mlir;
using sinter::ir::kernel::AppendOp;
using sinter::ir::kernel::RepeatOp;

namespace sinter::codegen {

std::optional<unsigned> appendedArgument(RepeatOp repeat, unsigned i) {
  Block &body = repeat.getBlock();
  Value value = body.getTerminator()->getOperand(i);
  bool isAppended = false;
  while (Operation *op = value.getDefiningOp()) {
    if (auto append = dyn_cast<AppendOp>(op)) {
      value = append.getPool();
    } else if (auto inner = dyn_cast<RepeatOp>(op)) {
      std::optional<unsigned> own = appendedArgument(inner, cast<OpResult>(value).getResultNumber());
      if (!own)
        return std::nullopt;
      value = inner.getOperand(*own);
    } else {
      return std::nullopt;
    }
    isAppended = true;
  }
  auto argument = cast<BlockArgument>(value);
  unsigned number = argument.getArgNumber(), carried = repeat.getCarried().size();
  if (!isAppended || argument.getOwner() != &body || (i < carried ? number != i : number < carried))
    return std::nullopt;
  return number;
}

namespace {
class Checker {
public:
  LogicalResult check(Value value) {
    OpOperand *changing = nullptr;
    for (OpOperand &use : value.getUses()) {
      if (!changes(use))
        continue;
      if (changing)
        return refuse(value, changing->getOwner(), use.getOwner());
      changing = &use;
    }
    if (!changing)
      return success();
    Block *home = value.getParentBlock();
    Operation *changer = changing->getOwner();
    if (changer->getBlock() != home)
      return refuse(value, changer, changer);
    for (OpOperand &use : value.getUses()) {
      Operation *here = home->findAncestorOpInBlock(*use.getOwner());
      if (&use != changing && (here == changer || changer->isBeforeInBlock(here)))
        return refuse(value, changer, use.getOwner());
    }
    return success();
  }

private:
  /// Whether what the use makes of the value overwrites it.
  bool changes(OpOperand &use) {
    if (isa<AppendOp>(use.getOwner()))
      return use.getOperandNumber() == 0;
    auto repeat = dyn_cast<RepeatOp>(use.getOwner());
    return repeat && llvm::any_of(repeat.getBlock().getArgument(use.getOperandNumber()).getUses(),
                                  [&](OpOperand &inner) { return changes(inner); });
  }

  LogicalResult refuse(Value value, Operation *changer, Operation *reader) {
    InFlightDiagnostic error = reader->emitError("reads a pool after rows were appended to it in place");
    error.attachNote(changer->getLoc()) << "appended here";
    error.attachNote(value.getLoc()) << "the pool";
    return error;
  }
};
} // namespace

LogicalResult checkInPlace(func::FuncOp function) {
  Checker checker;
  WalkResult result = function.walk([&](Block *block) -> WalkResult {
    if (!isa<func::FuncOp, RepeatOp>(block->getParentOp()))
      return WalkResult::advance();
    for (BlockArgument argument : block->getArguments())
      if (failed(checker.check(argument)))
        return WalkResult::interrupt();
    for (Operation &op : *block)
      for (Value value : op.getResults())
        if (failed(checker.check(value)))
          return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

} // namespace sinter::codegen
