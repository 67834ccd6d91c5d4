// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The CUDA leaf: `kernel.pointwise` in, readable CUDA C++ out, for NVRTC to compile. The text needs no header; shape
// constants are inlined and the sizes of symbols are int64 arguments. Compile it with `--fmad=false`, so that no
// product and sum are fused that the kernel keeps apart.
#pragma once

#include "ir/kernel/Kernel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>

namespace sinter::cuda {

/// `extern "C" __global__ void name(inputs..., results..., symbols...)`, one thread for each element of the results,
/// one axis of blocks. `symbols` are the names of the function's symbols in index order. Fails with a diagnostic at an
/// op that has no CUDA text, or at a size that is not among the symbols.
mlir::FailureOr<std::string> printCuda(ir::kernel::PointwiseOp op, llvm::ArrayRef<std::string> symbols,
                                       llvm::StringRef name);

/// Every elementwise kernel of a module of the kernel dialect, equal ones once, `pointwise_0`, `pointwise_1`, ... in
/// the order of the text. `target` is `cuda:sm_90` or the like; another form is an error.
llvm::Expected<std::string> printModule(mlir::ModuleOp module, llvm::StringRef target);

} // namespace sinter::cuda
