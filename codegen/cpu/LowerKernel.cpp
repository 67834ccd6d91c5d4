// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One skeleton to one function: checks that its sizes are the launching function's, makes the frame and hands the
// body to the skeleton's own lowering.
#include "codegen/cpu/LowerKernel.h"

#include "codegen/cpu/Emit.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace sinter::ir::kernel;

namespace sinter::cpu {

void loadCodeDialects(MLIRContext &context) {
  DialectRegistry registry;
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, math::MathDialect,
                      scf::SCFDialect, vector::VectorDialect, LLVM::LLVMDialect>();
}

bool isSkeleton(Operation *op) {
  return isa<PointwiseOp, RowOp, ContractOp, AttentionOp, GatherOp, MoveOp, AppendOp>(op);
}

/// Every symbol that the op's types, maps and regions speak of is one that the launch knows.
static LogicalResult checkSymbols(Operation *skeleton, ArrayRef<std::string> symbols) {
  auto check = [&](const Dim &dim) -> LogicalResult {
    if (dim.overflowed())
      return skeleton->emitError("a dimension of this kernel is too large to compute");
    for (const std::string &symbol : dim.symbols())
      if (!llvm::is_contained(symbols, symbol))
        return skeleton->emitError("the kernel needs the size '") << symbol << "', which the function does not bind";
    return success();
  };
  AttrTypeWalker walker;
  walker.addWalk(
      [&](ir::DimAttr dim) { return failed(check(dim.getDim())) ? WalkResult::interrupt() : WalkResult::advance(); });
  WalkResult result = skeleton->walk([&](Operation *op) -> WalkResult {
    if (walker.walk(op->getAttrDictionary()).wasInterrupted())
      return WalkResult::interrupt();
    for (Type type :
         llvm::concat<Type>(SmallVector<Type>(op->getOperandTypes()), SmallVector<Type>(op->getResultTypes())))
      if (walker.walk(type).wasInterrupted())
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

FailureOr<KernelCode> lowerKernel(Operation *skeleton, ArrayRef<std::string> symbols, StringRef name,
                                  const CpuTarget &target, ModuleOp code) {
  loadCodeDialects(*code.getContext());
  if (!isSkeleton(skeleton))
    return skeleton->emitError("'") << skeleton->getName() << "' is not a skeleton that the CPU target lowers";
  if (failed(checkSymbols(skeleton, symbols)))
    return failure();
  Emitter e(code, name, skeleton, symbols, target);
  FailureOr<Dim> grid = llvm::TypeSwitch<Operation *, FailureOr<Dim>>(skeleton)
                            .Case([&](PointwiseOp op) { return lowerPointwise(e, op); })
                            .Case([&](RowOp op) { return lowerRow(e, op); })
                            .Case([&](ContractOp op) { return lowerContract(e, op); })
                            .Case([&](AttentionOp op) { return lowerAttention(e, op); })
                            .Case([&](GatherOp op) { return lowerGather(e, op); })
                            .Case([&](AppendOp op) { return lowerAppend(e, op); })
                            .Case([&](MoveOp op) { return lowerMove(e, op); })
                            .Default([](Operation *) { return failure(); });
  e.finish();
  if (failed(grid))
    return failure();
  return KernelCode{name.str(), *grid};
}

} // namespace sinter::cpu
