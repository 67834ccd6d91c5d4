// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Parameters.h.
#include "passes/support/Parameters.h"

#include "ir/sinter/Sinter.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

bool passes::isParameterOnly(Value value, DenseMap<Value, bool> &known) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  known[value] = false;
  bool result = false;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (auto repeat = dyn_cast<RepeatOp>(argument.getOwner()->getParentOp()))
      if (argument.getArgNumber() >= repeat.getCarried().size())
        result = isParameterOnly(repeat.getStacked()[argument.getArgNumber() - repeat.getCarried().size()], known);
  } else if (Operation *op = value.getDefiningOp(); op->getNumRegions() == 0) {
    result = llvm::all_of(op->getOperands(), [&](Value operand) { return isParameterOnly(operand, known); });
  }
  return known[value] = result;
}
