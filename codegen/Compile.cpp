// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of codegen on one screen: describe, plan (which compiles each distinct kernel once), link.
#include "codegen/Compile.h"

#include "codegen/cpu/LowerKernel.h"
#include "codegen/image/LinkImage.h"
#include "codegen/plan/Planner.h"
#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/OperationSupport.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace sinter::codegen {
namespace {

/// The kernels of one variant. Skeletons that are alike but for operands and text location are one kernel.
class KernelTable {
public:
  KernelTable(MLIRContext *context, const cpu::CpuTarget &target)
      : target(target), code(ModuleOp::create(UnknownLoc::get(context))) {}

  FailureOr<KernelRef> get(Operation *op, ArrayRef<std::string> symbols) {
    size_t hash = OperationEquivalence::computeHash(op, OperationEquivalence::ignoreHashValue,
                                                    OperationEquivalence::ignoreHashValue,
                                                    OperationEquivalence::IgnoreLocations);
    for (const Known &known : buckets[hash])
      if (known.symbols == symbols.vec() &&
          OperationEquivalence::isEquivalentTo(known.op, op, OperationEquivalence::ignoreValueEquivalence, nullptr,
                                               OperationEquivalence::IgnoreLocations))
        return known.ref;
    std::string name = (op->getName().stripDialect() + "_" + Twine(names.size())).str();
    FailureOr<cpu::KernelCode> kernel = cpu::lowerKernel(op, symbols, name, target, *code);
    if (failed(kernel))
      return failure();
    KernelRef ref{uint32_t(names.size()), kernel->grid};
    names.push_back(name);
    buckets[hash].push_back({op, symbols.vec(), ref});
    return ref;
  }

  std::unique_ptr<llvm::Module> translate(llvm::LLVMContext &context) {
    return cpu::translateToLLVM(*code, target, context);
  }

  const cpu::CpuTarget &target;
  std::vector<std::string> names;

private:
  struct Known {
    Operation *op;
    std::vector<std::string> symbols;
    KernelRef ref;
  };
  OwningOpRef<ModuleOp> code;
  llvm::DenseMap<size_t, std::vector<Known>> buckets;
};

using WeightPlaces = llvm::StringMap<PreparedWeight>;

LogicalResult planAll(ArrayRef<func::FuncOp> functions, const WeightPlaces &weights, KernelTable &kernels,
                      Artifact &artifact, Variant &variant) {
  auto kernel = [&](Operation *op, ArrayRef<std::string> symbols) { return kernels.get(op, symbols); };
  PlannerContext context{kernel, artifact.constants, weights};
  for (auto [i, function] : llvm::enumerate(functions)) {
    FailureOr<PlanFunction> plan = planFunction(function, artifact.functions[i], context);
    if (failed(plan))
      return failure();
    variant.plans.push_back(std::move(*plan));
  }
  return success();
}

LogicalResult linkVariant(ModuleOp module, KernelTable &kernels, Variant &variant) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = kernels.translate(context);
  if (!llvmModule)
    return failure();
  auto object = cpu::emitObject(*llvmModule, kernels.target);
  if (!object)
    return module.emitError() << "code generation: " << llvm::toString(object.takeError());
  auto image = linkImage({StringRef(object->data(), object->size()), "kernels"}, kernels.names);
  if (!image)
    return module.emitError() << "linking: " << llvm::toString(image.takeError());
  variant.entries = kernels.names;
  variant.image = std::move(*image);
  return success();
}

LogicalResult build(ModuleOp module, ArrayRef<func::FuncOp> functions, ArrayRef<cpu::CpuTarget> targets,
                    const WeightPlaces &weights, Artifact &artifact) {
  for (func::FuncOp function : functions) {
    FailureOr<FunctionInfo> info = describeFunction(function);
    if (failed(info))
      return failure();
    artifact.functions.push_back(std::move(*info));
  }
  for (const cpu::CpuTarget &target : targets) {
    Variant variant;
    variant.name = target.name;
    variant.features = target.features;
    KernelTable kernels(module.getContext(), target);
    if (failed(planAll(functions, weights, kernels, artifact, variant)) ||
        failed(linkVariant(module, kernels, variant)))
      return failure();
    artifact.variants.push_back(std::move(variant));
  }
  return success();
}

/// Weights lie in the order in which @prepare writes them.
WeightPlaces placeWeights(func::FuncOp prepare, Artifact &artifact) {
  WeightPlaces places;
  if (!prepare)
    return places;
  prepare.walk([&](ir::kernel::WriteOp write) {
    auto type = cast<ir::kernel::BufferType>(write.getValue().getType());
    PreparedWeight weight;
    weight.name = write.getName().str();
    weight.offset = artifact.weightBytes;
    weight.bytes = uint64_t(*type.storedBytes().constant());
    artifact.weightBytes = llvm::alignTo(weight.offset + weight.bytes, SINTER_ALIGN);
    places[weight.name] = weight;
    artifact.weights.push_back(weight);
  });
  return places;
}

struct Split {
  func::FuncOp prepare;
  SmallVector<func::FuncOp> functions;
  explicit Split(ModuleOp module) {
    for (auto function : module.getOps<func::FuncOp>())
      if (function.getName() == "prepare")
        prepare = function;
      else
        functions.push_back(function);
  }
};

} // namespace

FailureOr<CompiledModel> compileModel(ModuleOp module, const CompileOptions &options) {
  Split split(module);
  CompiledModel out;
  out.prepare.model = out.main.model = options.model;
  WeightPlaces weights = placeWeights(split.prepare, out.main);
  llvm::Expected<cpu::CpuTarget> host = cpu::hostTarget();
  if (!host)
    return module.emitError() << llvm::toString(host.takeError());
  if (split.prepare && failed(build(module, split.prepare, *host, {}, out.prepare)))
    return failure();
  if (failed(build(module, split.functions, options.targets, weights, out.main)))
    return failure();
  return out;
}

FailureOr<std::string> printStage(ModuleOp module, const CompileOptions &options, StringRef stage) {
  Split split(module);
  Artifact artifact;
  WeightPlaces weights = placeWeights(split.prepare, artifact);
  KernelTable kernels(module.getContext(), options.targets.front());
  Variant variant;
  for (func::FuncOp function : split.functions) {
    FailureOr<FunctionInfo> info = describeFunction(function);
    if (failed(info))
      return failure();
    artifact.functions.push_back(std::move(*info));
  }
  if (failed(planAll(split.functions, weights, kernels, artifact, variant)))
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = kernels.translate(context);
  if (!llvmModule)
    return failure();
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (stage == "llvm") {
    llvmModule->print(stream, nullptr);
    return text;
  }
  auto assembly = cpu::emitAssembly(*llvmModule, options.targets.front());
  if (!assembly) {
    module.emitError() << "code generation: " << llvm::toString(assembly.takeError());
    return failure();
  }
  return *assembly;
}

} // namespace sinter::codegen
