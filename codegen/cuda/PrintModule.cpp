// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module's kernels as one text: each once, after what they call.
#include "codegen/cuda/Expressions.h"
#include "codegen/cuda/Print.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace sinter::cuda {

static FailureOr<std::string> printSkeleton(Operation *op, ArrayRef<std::string> symbols, StringRef name) {
  return llvm::TypeSwitch<Operation *, FailureOr<std::string>>(op)
      .Case<ir::kernel::PointwiseOp, ir::kernel::RowOp>([&](auto kernel) { return printCuda(kernel, symbols, name); })
      .Default([](Operation *) { return failure(); });
}

llvm::Expected<std::string> printModule(ModuleOp module, StringRef target) {
  StringRef arch = target;
  if (!arch.consume_front("cuda:sm_") || arch.empty() || !llvm::all_of(arch.rtrim('a'), llvm::isDigit))
    return llvm::createStringError("'" + target.str() + "' is not a CUDA target; write cuda:sm_90");
  std::set<std::string> printed;          // texts with a neutral name
  std::map<std::string, unsigned> counts; // of each skeleton
  std::string kernels, error;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    error = diagnostic.str();
    return success();
  });
  for (auto function : module.getOps<func::FuncOp>()) {
    std::set<std::string> bound = ir::boundSymbols(function.getArgumentTypes());
    SmallVector<std::string> symbols(bound.begin(), bound.end());
    WalkResult result = function.walk([&](Operation *op) {
      if (!isa<ir::kernel::PointwiseOp, ir::kernel::RowOp>(op))
        return WalkResult::advance();
      FailureOr<std::string> neutral = printSkeleton(op, symbols, "kernel");
      if (failed(neutral))
        return WalkResult::interrupt();
      if (!printed.insert(*neutral).second)
        return WalkResult::advance();
      std::string kind = isa<ir::kernel::RowOp>(op) ? "row" : "pointwise";
      kernels += "\n" + *printSkeleton(op, symbols, kind + "_" + std::to_string(counts[kind]++));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return llvm::createStringError(error);
  }
  return "// Elementwise and row kernels for sm_" + arch.str() + "; compile with --fmad=false.\n" +
         helpersFor(kernels) + kernels;
}

} // namespace sinter::cuda
