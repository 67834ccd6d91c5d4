// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an op says about time: which rows of tokens its results read.
#ifndef SINTER_TIME_AWARE_TD
#define SINTER_TIME_AWARE_TD

include "mlir/IR/OpBase.td"

def TimeAware : OpInterface<"TimeAware"> {
  let cppNamespace = "::sinter::ir";
  let description = [{
    Decoding is derived from a function that computes all rows at once; for that, each primitive says what it knows about
    its results along the time axis (`ir/time/TimeFacts.h`). Called with the facts of all operands known and none of them
    mixing; sets a fact for each result.
  }];
  let methods = [InterfaceMethod<"Sets the facts of the results.", "void", "timeFacts",
                                 (ins "::sinter::ir::TimeFacts &":$facts)>];
}

#endif // SINTER_TIME_AWARE_TD
