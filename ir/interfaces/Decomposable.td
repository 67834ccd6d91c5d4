// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a fused op means in the primitives that it stands for.
#ifndef SINTER_DECOMPOSABLE_TD
#define SINTER_DECOMPOSABLE_TD

include "mlir/IR/OpBase.td"

def Decomposable : OpInterface<"Decomposable"> {
  let cppNamespace = "::sinter::ir";
  let description = [{
    Builds the op's primitive form at the builder's place, with the op's location, and returns one value for each
    result. The op itself is left alone. What it builds is the op's definition: raising checks against the same formula.
  }];
  let methods = [InterfaceMethod<"The op in primitives.", "::llvm::SmallVector<::mlir::Value>", "decompose",
                                 (ins "::mlir::OpBuilder &":$builder)>];
}

#endif // SINTER_DECOMPOSABLE_TD
