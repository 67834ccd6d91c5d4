// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The face of the CPU leaf: one skeleton op of the kernel dialect in, one function of machine code out, by way of
// arith / scf / vector on LLVM pointers, LLVM IR, and a position-independent object without undefined symbols.
#pragma once

#include "codegen/cpu/Target.h"
#include "ir/dim/Dim.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include <memory>
#include <string>

namespace sinter::cpu {

/// A kernel that was added to a code module.
struct KernelCode {
  std::string name; ///< of the function
  Dim grid;         ///< number of work items, in the symbols of the function that launches it
};

/// Loads the dialects that lowering builds with, and their translation to LLVM IR, into `context`. Call it outside
/// of any multi-threaded pass; `lowerKernel` calls it too.
void loadCodeDialects(mlir::MLIRContext &context);

/// Whether `op` is a skeleton that becomes a launch here (pointwise, row, contract, attention, gather, append, move).
bool isSkeleton(mlir::Operation *op);

/// Adds a function `name` of type SinterKernel, `(buffers, symbols, begin, end) -> i32`, for one skeleton to `code`.
/// `symbols` are the names of the launching function's symbols in index order. The launch's operands are the op's
/// operands, then its results. Two work items share no output element, and what an item computes depends neither on
/// the target nor on how the grid is cut. Fails with a diagnostic at the op.
mlir::FailureOr<KernelCode> lowerKernel(mlir::Operation *skeleton, llvm::ArrayRef<std::string> symbols,
                                        llvm::StringRef name, const CpuTarget &target, mlir::ModuleOp code);

/// Lowers `code` in place to the LLVM dialect and translates it: optimized for the target, every definition
/// dso_local, no libcalls. Null after a diagnostic. Not thread-safe on one context.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp code, const CpuTarget &target, llvm::LLVMContext &context);

/// A relocatable ELF object: position-independent, small code model, a section for each function and datum. An
/// undefined symbol is an error that names it. `module` is consumed by code generation.
llvm::Expected<llvm::SmallVector<char>> emitObject(llvm::Module &module, const CpuTarget &target);

/// The same as assembly text.
llvm::Expected<std::string> emitAssembly(llvm::Module &module, const CpuTarget &target);

} // namespace sinter::cpu
