// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The emitter that builds a module of the `sinter` dialect. Functions are written one after another;
// `finish` then turns loops into repeats, declares the parameters that are read, and verifies.
#ifndef SINTER_FRONTEND_EMIT_MLIREMITTER_H
#define SINTER_FRONTEND_EMIT_MLIREMITTER_H

#include "frontend/emit/Emitter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>

namespace sinter::frontend {

class ModuleEmitter : public Emitter {
public:
  /// The module built so far belongs to the emitter. `sources` must outlive it.
  static std::unique_ptr<ModuleEmitter> create(mlir::MLIRContext &context, const SourceManager &sources,
                                               const std::string &model);

  /// The finished module, and the stacks it reads; null (said to the context) if it does not verify.
  virtual mlir::OwningOpRef<mlir::ModuleOp> finish(std::span<const EmittedParameter> parameters,
                                                   std::vector<ParameterStack> &stacks) = 0;
};

} // namespace sinter::frontend

#endif
