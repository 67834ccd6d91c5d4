// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code module (arith, scf, vector, math on LLVM pointers) to LLVM IR: lowered, translated, optimized.
#include "codegen/cpu/LowerKernel.h"
#include "codegen/cpu/Machine.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace sinter::cpu {

static LogicalResult lowerToLLVM(ModuleOp code) {
  PassManager pm(code.getContext());
  pm.enableVerifier(false); // LLVM's verifier has the last word, once and not nine times
  pm.addPass(createCSEPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(code);
}

std::unique_ptr<llvm::Module> translateToLLVM(ModuleOp code, const CpuTarget &target, llvm::LLVMContext &context) {
  loadCodeDialects(*code.getContext());
  if (failed(lowerToLLVM(code)))
    return nullptr;
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(code, context, "sinter");
  if (!module) {
    code.emitError("the kernels' code cannot be translated to LLVM IR");
    return nullptr;
  }
  if (llvm::Error error = optimize(*module, target)) {
    code.emitError(llvm::toString(std::move(error)));
    return nullptr;
  }
  return module;
}

} // namespace sinter::cpu
