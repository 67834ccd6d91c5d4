// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers that are changed in place. kernel.append gives its pool's own memory, so nothing may read the pool behind
// it; the planner asks here before it lets two values share their place.
#pragma once

#include "ir/kernel/Kernel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace sinter::codegen {

/// The argument of the loop's body (carried, or a slice of a stack) that yielded value i is, with rows appended; only
/// where the two belong together, carried i with carried i, a slice with a slice.
std::optional<unsigned> appendedArgument(ir::kernel::RepeatOp repeat, unsigned i);

/// Every pool that is appended to is appended to once, in its own block, and read before alone; else an error that
/// names the reader.
mlir::LogicalResult checkInPlace(mlir::func::FuncOp function);

} // namespace sinter::codegen
