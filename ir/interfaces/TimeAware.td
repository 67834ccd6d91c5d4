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
  let methods = [
    InterfaceMethod<"Sets the facts of the results.", "void", "timeFacts", (ins "::sinter::ir::TimeFacts &":$facts)>,
    InterfaceMethod<[{
      Builds one result at some rows of its time axes alone, from operands that it asks for likewise
      (`ir/time/TimeRows.h`). Null, with an error emitted, where that cannot be.
    }], "::mlir::Value", "atRows",
        (ins "::sinter::ir::TimeRows &":$rows, "unsigned":$result, "const ::sinter::ir::RowSets &":$sets), [{}], [{
      return nullptr;
    }]>,
  ];
}

#endif // SINTER_TIME_AWARE_TD
