// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `sinter.repeat` and `kernel.repeat` share: text, checks and the shape of the body. They differ in the type of
// values alone, so `slice` says what one layer of a stack is: the stack's type in, the slice's out; null if the
// leading axis is not `count`.
#pragma once

#include "ir/sinter/Sinter.h"

namespace sinter::ir {

using SliceFn = llvm::function_ref<mlir::Type(mlir::Type stack, int64_t count)>;

/// `12 carried(%x) stacked(%w) { ... } : (types) -> types`; either list may be absent.
mlir::ParseResult parseRepeat(mlir::OpAsmParser &parser, mlir::OperationState &result);
void printRepeat(mlir::OpAsmPrinter &printer, mlir::Operation *op, int64_t count, mlir::OperandRange carried,
                 mlir::OperandRange stacked);
/// Makes the body with its arguments (carried values, slices) and no terminator.
void buildRepeatBody(mlir::OpBuilder &builder, mlir::OperationState &state, int64_t count, mlir::ValueRange carried,
                     mlir::ValueRange stacked, SliceFn slice);
llvm::LogicalResult verifyRepeat(mlir::Operation *op, int64_t count, mlir::OperandRange carried,
                                 mlir::OperandRange stacked, SliceFn slice);

} // namespace sinter::ir
