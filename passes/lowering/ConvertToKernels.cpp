// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-convert-to-kernels: a module of the sinter dialect in, the same functions over buffers and skeletons out.
// First every op becomes a skeleton of its own, then consumers read through views.
#include "passes/Passes.h"
#include "passes/fusion/Fusion.h"
#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace sinter::passes {
#define GEN_PASS_DEF_CONVERTTOKERNELS
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

/// Tensors are dense buffers. Casts appear only where an op has no kernel, and then the pass fails.
struct BufferConverter : TypeConverter {
  BufferConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](ir::TensorType type) { return passes::bufferType(type); });
    auto cast = [](OpBuilder &builder, Type type, ValueRange values, Location loc) -> Value {
      return UnrealizedConversionCastOp::create(builder, loc, type, values).getResult(0);
    };
    addSourceMaterialization(cast);
    addTargetMaterialization(cast);
  }
};

struct ConvertToKernels : passes::impl::ConvertToKernelsBase<ConvertToKernels> {
  void runOnOperation() override {
    BufferConverter types;
    passes::decomposeAttention(getOperation());
    passes::SwappedContracts swapped = passes::chooseSides(getOperation());
    RewritePatternSet patterns(&getContext());
    passes::populateElementwise(types, patterns);
    passes::populateSemantic(types, patterns);
    passes::populateAttention(types, patterns);
    passes::populateTensors(types, patterns);
    passes::populateContract(types, patterns, swapped);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns, types);
    populateReturnOpTypeConversionPattern(patterns, types);

    ConversionTarget target(getContext());
    target.addLegalDialect<kernel::KernelDialect, arith::ArithDialect, math::MathDialect>();
    target.addLegalOp<ModuleOp, ParameterOp, CheckOp>();
    target.addDynamicallyLegalOp<func::FuncOp>(
        [&](func::FuncOp function) { return types.isSignatureLegal(function.getFunctionType()); });
    target.addDynamicallyLegalOp<func::ReturnOp>([&](func::ReturnOp op) { return types.isLegal(op); });
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))) || failed(refuseRest()))
      return signalPassFailure();
    for (auto function : getOperation().getOps<func::FuncOp>())
      passes::absorbMoves(function);
  }

  /// Every op that no pattern took is named at its place.
  LogicalResult refuseRest() {
    bool complete = true;
    getOperation().walk([&](Operation *op) {
      if (!isa<SinterDialect>(op->getDialect()) || isa<ParameterOp, CheckOp>(op))
        return;
      op->emitError() << "no kernel yet for " << op->getName();
      complete = false;
    });
    return success(complete);
  }
};

} // namespace
