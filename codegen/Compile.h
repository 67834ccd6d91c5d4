// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel dialect -> Artifact: kernels deduplicated and compiled for each variant, buffers and launches planned.
#pragma once

#include "codegen/artifact/Artifact.h"
#include "codegen/cpu/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

#include <string>
#include <vector>

namespace sinter::codegen {

struct CompileOptions {
  std::vector<cpu::CpuTarget> targets; // one variant each, best first
  std::string model;
};

/// What a compiled text needs: one artifact that makes the weights out of parameters (function "prepare", for the
/// host alone, arguments named by parameter symbols), one with all other functions.
struct CompiledModel {
  Artifact prepare, main;
};

/// `module` is what passes leave behind: functions over kernel buffers and @prepare. Failures are reported on `module`'s
/// context. Deterministic: the same module and options give the same bytes.
mlir::FailureOr<CompiledModel> compileModel(mlir::ModuleOp module, const CompileOptions &options);

/// The text of a stage for people: "llvm" or "asm" of all functions but @prepare, for the first target.
mlir::FailureOr<std::string> printStage(mlir::ModuleOp module, const CompileOptions &options, llvm::StringRef stage);

} // namespace sinter::codegen
