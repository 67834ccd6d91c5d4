// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Remarks of fusion: what joined what, and for two skeletons that stayed two, why. Says, changes nothing.
#include "passes/fusion/Fusion.h"
#include "passes/support/Maps.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir::kernel;
using passes::Inputs;

void passes::remarkFused(Operation *kept, StringRef name, StringRef what) {
  remark::passed(kept->getLoc(), remark::RemarkOpts::name(name).category("fuse")) << what;
}

static void missed(Operation *op, StringRef name, StringRef why) {
  remark::missed(op->getLoc(), remark::RemarkOpts::name(name).category("fuse")) << why;
}

/// Work of an activation that is computed element by element.
static bool isActivation(PointwiseOp pointwise) {
  Block &body = pointwise.getBody().front();
  return !body.getOps<math::ErfOp>().empty() || !body.getOps<math::TanhOp>().empty() || !body.getOps<math::ExpOp>().empty();
}

/// Why the pointwise is no part of the contraction or row whose result it reads.
static StringRef whyApart(Operation *producer, PointwiseOp pointwise, Inputs &inputs, unsigned position) {
  if (producer->getBlock() != pointwise->getBlock())
    return "one of them is inside a loop and the other is not";
  if (pointwise->getNumResults() != 1)
    return "it has several results";
  if (!passes::isOnlyUsedBy(producer, pointwise))
    return "what it reads is read elsewhere, too";
  auto type = cast<BufferType>(producer->getResult(0).getType());
  if (!passes::isIdentityOn(inputs.get(position).map, inputs.getDomain(), type.getShapeDims()))
    return "it reads in another order or shape than is stored";
  return "their results differ in shape or layout";
}

static void remarkPointwise(PointwiseOp pointwise) {
  Inputs inputs = *Inputs::of(pointwise);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    Operation *producer = inputs.get(i).value.getDefiningOp();
    if (!isa_and_nonnull<ContractOp, RowOp>(producer))
      continue;
    StringRef name = isa<RowOp>(producer) ? "row" : isActivation(pointwise) ? "activation" : "epilogue";
    std::string why = (Twine(isa<ContractOp>(producer) ? "it is not computed where the product is stored: "
                                                       : "it is not computed where the row is stored: ") +
                       whyApart(producer, pointwise, inputs, i)).str();
    missed(pointwise, name, why);
    return;
  }
}

static void remarkRow(RowOp row) {
  Inputs inputs = *Inputs::of(row);
  for (unsigned i = 0; i < inputs.size(); ++i) {
    auto earlier = inputs.get(i).value.getDefiningOp<RowOp>();
    if (!earlier || earlier->getBlock() != row->getBlock() || earlier.getDomain() != row.getDomain() ||
        earlier.getReduced() != row.getReduced())
      continue;
    missed(row, "row", passes::isOnlyUsedBy(earlier, row)
                           ? "two passes over the same rows are not one: the first one's elements are not read one for one"
                           : "two passes over the same rows are not one: what the first computes is read elsewhere, too");
    return;
  }
}

/// A dense copy that a contraction's left side could not read through.
static void remarkMove(MoveOp move) {
  if (move.getType().isPanels() || cast<BufferType>(move.getInput().getType()).isPanels())
    return;
  for (Operation *user : move->getUsers())
    if (auto contract = dyn_cast<ContractOp>(user); contract && contract.getLhs() == move.getResult())
      return missed(move, "move", "rows are copied before the product: their addresses are not linear in the indices");
}

void passes::remarkMissedFusions(func::FuncOp function) {
  if (!function.getContext()->getRemarkEngine())
    return;
  function.walk([](Operation *op) {
    if (auto pointwise = dyn_cast<PointwiseOp>(op))
      remarkPointwise(pointwise);
    else if (auto row = dyn_cast<RowOp>(op))
      remarkRow(row);
    else if (auto move = dyn_cast<MoveOp>(op))
      remarkMove(move);
  });
}
