// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an op means: the slow, obvious interpreter asks each op itself.
#ifndef SINTER_EVALUABLE_TD
#define SINTER_EVALUABLE_TD

include "mlir/IR/OpBase.td"

def Evaluable : OpInterface<"Evaluable"> {
  let cppNamespace = "::sinter::ir";
  let description = [{
    Evaluates the op on concrete values in float64. `frame` gives the operands' values, the sizes of symbols, the
    parameters, and takes the results; regions are run through it too. Fails with a located message (an index out of
    range, a dimension that does not fit) by `frame.fail(op, message)`.
  }];
  let methods = [InterfaceMethod<"Evaluates the op.", "::llvm::LogicalResult", "evaluate",
                                 (ins "::sinter::ir::Frame &":$frame)>];
}

#endif // SINTER_EVALUABLE_TD
