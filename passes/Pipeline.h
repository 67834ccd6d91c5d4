// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler's order on one screen: named phases from the frontend's module to kernels and @prepare.
#pragma once

#include "llvm/ADT/StringRef.h"
#include <functional>
#include <optional>
#include <string>

namespace mlir {
class OpPassManager;
}

namespace sinter {

/// In order. Each phase leaves a module that verifies and means the same.
enum class Phase {
  simplify, ///< sinter -> sinter: canonical form
  raise,    ///< sinter -> sinter: softmax, norms and activations found in the mathematics
  lower,    ///< sinter -> kernel: one skeleton for each op
  fuse,     ///< kernel -> kernel: pointwise work into its consumers, attention into one kernel
  prepare,  ///< kernel -> kernel: parameter-only work into @prepare
};

/// The phase called `name`; nothing if there is none.
std::optional<Phase> parsePhase(llvm::StringRef name);
llvm::StringRef phaseName(Phase phase);

struct PipelineOptions {
  /// The last phase to run.
  Phase until = Phase::prepare;
  /// How weights and caches are stored: "f32", "bf16", "f16"; weights also "stored", as `storedAs` says of parameters.
  std::string weights = "f32", cache = "f32";
  std::function<std::string(llvm::StringRef parameter)> storedAs;
};

/// Adds the phases up to `options.until` to a manager of ModuleOp.
void buildPipeline(mlir::OpPassManager &manager, const PipelineOptions &options = {});

/// One phase alone.
void buildSimplifyPhase(mlir::OpPassManager &manager);
void buildRaisePhase(mlir::OpPassManager &manager);
void buildLowerPhase(mlir::OpPassManager &manager);
void buildFusePhase(mlir::OpPassManager &manager);
void buildPreparePhase(mlir::OpPassManager &manager);
void buildPreparePhase(mlir::OpPassManager &manager, const PipelineOptions &options);

} // namespace sinter
