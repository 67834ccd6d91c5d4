// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The frontend's face: a text or a Hugging Face folder in, a module of the `sinter` dialect out, with
// the table by which weights are bound. Errors are in the diagnostics; nothing is printed.
#ifndef SINTER_FRONTEND_FRONTEND_H
#define SINTER_FRONTEND_FRONTEND_H

#include "frontend/elaborate/OpenModel.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace sinter::frontend {

struct CompiledText {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ParameterTable parameters;
  std::string model;
  std::string folder;                 ///< where weights are looked for; "" if no folder was named
  int64_t contextTokens = 0;          ///< the n of the model's `check T <= n`; 0 if it has none
  std::vector<std::string> functions; ///< that were emitted
  /// What any function of the root reaches, `loss` included, by instance; the root comes first.
  std::vector<ModuleCount> counts;
};

/// Opens, instantiates, checks and emits. The functions of options.functions, or all but `loss`, become
/// func.func with `sinter.name` and `sinter.default` on arguments, `sinter.name` on results, and
/// `sinter.causal` where the text claims it. On failure the engine has at least one error.
mlir::FailureOr<CompiledText> compileText(mlir::MLIRContext &context, const FrontendOptions &options,
                                          DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif
