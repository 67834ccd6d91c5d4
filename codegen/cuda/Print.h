// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The CUDA leaf: `kernel.pointwise` and `kernel.row` in, readable CUDA C++ out, for NVRTC to compile. The text needs no
// header; shape constants are inlined and the sizes of symbols are int64 arguments. Compile it with `--fmad=false`, so
// that no product and sum are fused that the kernel keeps apart, and without fast math: sums, exp, exp2, log, erf and
// tanh are then the CPU backend's, operation for operation (sin, cos and pow are CUDA's). Compiled by a host compiler
// they give its bits; no test runs them on a GPU.
#pragma once

#include "ir/kernel/Kernel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>

namespace sinter::cuda {

/// `extern "C" __global__ void name(inputs..., results..., symbols...)`, without the device functions it calls
/// (Expressions.h: helpersFor). `symbols` are the names of the function's symbols in index order. Fails with a
/// diagnostic at an op that has no CUDA text, or at a size that is not among the symbols.
///
/// Launch: blocks and grid along x alone, surplus threads return.
///   pointwise: one thread for each element of the results;
///   row:       16 threads for each row, blocks of a multiple of 32 threads.
mlir::FailureOr<std::string> printCuda(ir::kernel::PointwiseOp op, llvm::ArrayRef<std::string> symbols,
                                       llvm::StringRef name);
mlir::FailureOr<std::string> printCuda(ir::kernel::RowOp op, llvm::ArrayRef<std::string> symbols, llvm::StringRef name);

/// Every elementwise and every row kernel of a module of the kernel dialect, equal ones once: `pointwise_0`,
/// `pointwise_1`, ..., `row_0`, ... in the order of the text, after the device functions that they call. `target` is
/// `cuda:sm_90` or the like; another form is an error.
llvm::Expected<std::string> printModule(mlir::ModuleOp module, llvm::StringRef target);

} // namespace sinter::cuda
