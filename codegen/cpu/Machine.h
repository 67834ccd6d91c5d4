// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's side of the CPU leaf, free of MLIR: the target machine and the optimization of kernels. Private to the room.
#pragma once

#include "codegen/cpu/Target.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace sinter::cpu {

/// Sets the module's target, makes every definition dso_local, optimizes, and turns memory intrinsics into loops, so
/// that no function of a library is called. Floating-point operations are neither fused nor reordered.
llvm::Error optimize(llvm::Module &module, const CpuTarget &target);

} // namespace sinter::cpu
