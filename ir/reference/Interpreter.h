// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reference interpreter: any function of the `sinter` or the `kernel` dialect, in float64, slow and obvious. The
// third opinion in every test.
#pragma once

#include "ir/reference/Frame.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace sinter::ir {

/// Runs one function. Symbols are bound by the inputs' shapes; every other dimension is checked. An input's name in
/// messages is its `sinter.name`. Errors are emitted at the op or function at fault. Does not change the module.
llvm::FailureOr<std::vector<RefTensor>> evaluateFunction(mlir::func::FuncOp function, llvm::ArrayRef<RefTensor> inputs,
                                                         const ParameterLookup &parameters);

/// The same for a function of a module that may have a `@prepare`: that runs first, and what it writes is what
/// kernel.read reads.
llvm::FailureOr<std::vector<RefTensor>> evaluateModule(mlir::ModuleOp module, llvm::StringRef function,
                                                       llvm::ArrayRef<RefTensor> inputs,
                                                       const ParameterLookup &parameters);

} // namespace sinter::ir
