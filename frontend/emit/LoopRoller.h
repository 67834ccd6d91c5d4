// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Written-out loops -> `sinter.repeat`. While a function is written, a `for` is one op with a region
// for each iteration. Iterations that differ only in the parameters they read and in scalar constants
// share one body: the parameters become a stack, the constants a constant with a leading axis. A
// parameter is stored once: what is also read elsewhere stays alone, and its iteration is written out.
#ifndef SINTER_FRONTEND_EMIT_LOOPROLLER_H
#define SINTER_FRONTEND_EMIT_LOOPROLLER_H

#include "frontend/emit/Emitter.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/BuiltinOps.h"

namespace sinter::frontend {

/// Until `rollLoops`, reads name their parameter by its number.
std::string numberedSymbol(unsigned parameter);
std::optional<unsigned> parameterNumber(ir::ReadOp read);

/// `loops` are the written-out ones, inner before outer; none is left afterwards. Appends to `stacks`.
/// A read of a stack names it by its symbol; other reads keep their number.
void rollLoops(mlir::ModuleOp module, std::vector<mlir::Operation *> loops,
               std::span<const EmittedParameter> parameters, std::vector<ParameterStack> &stacks);

} // namespace sinter::frontend

#endif
