// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function of kernels -> a flat list of records over buffers coloured into slots. Shared by every backend: a plan
// knows sizes as polynomials and kernels as numbers, and no machine.
#pragma once

#include "codegen/artifact/Artifact.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace sinter::codegen {

/// A compiled kernel as the planner sees it.
struct KernelRef {
  uint32_t entry;
  Dim grid;
};

struct PlannerContext {
  /// The kernel of a skeleton op, compiled now or found again; failure is already reported.
  llvm::function_ref<mlir::FailureOr<KernelRef>(mlir::Operation *, llvm::ArrayRef<std::string> symbols)> kernel;
  /// Section CONSTANTS; constants are appended, equal ones shared.
  std::vector<uint8_t> &constants;
  /// kernel.prepared -> its place in section WEIGHTS.
  const llvm::StringMap<PreparedWeight> &weights;
};

/// The function's face: symbols in the order in which arguments bind them, arguments, results, checks. For @prepare the
/// arguments are the parameters it reads and the results the prepared weights it writes, in that order.
mlir::FailureOr<FunctionInfo> describeFunction(mlir::func::FuncOp function);

mlir::FailureOr<PlanFunction> planFunction(mlir::func::FuncOp function, const FunctionInfo &info,
                                           const PlannerContext &context);

/// The argument whose memory the function's result is, updated in place (attribute `sinter.state`); such results are
/// none of the call's.
std::optional<unsigned> stateArgumentOf(mlir::func::FuncOp function, unsigned result);

/// "bert.sinter:41:20" for the text location inside `loc`, or "".
std::string siteOf(mlir::Location loc);

} // namespace sinter::codegen
