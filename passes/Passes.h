// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the room, to make one or to register all. Flags, examples and dialects: Passes.td.
#pragma once

#include "mlir/Pass/Pass.h"
#include <memory>

namespace sinter::passes {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

} // namespace sinter::passes

namespace sinter {

/// Registers every pass and `--sinter-pipeline` with MLIR's registry. Call once, before command lines are parsed.
void registerSinterPasses();

} // namespace sinter
