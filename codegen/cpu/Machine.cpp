// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM IR of kernels to optimized IR, to an object without undefined symbols, to assembly text.
#include "codegen/cpu/Machine.h"
#include "codegen/cpu/LowerKernel.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/LowerMemIntrinsics.h"
#include <mutex>

using namespace llvm;

namespace sinter::cpu {

static Expected<std::unique_ptr<TargetMachine>> makeMachine(const CpuTarget &target) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  Triple triple("x86_64-unknown-linux-gnu");
  std::string error;
  const llvm::Target *x86 = TargetRegistry::lookupTarget(triple, error);
  if (!x86)
    return createStringError("this LLVM has no x86-64 code generator: " + error);
  TargetOptions options;
  options.FunctionSections = options.DataSections = true; // each is one block for the linker to keep or drop
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(x86->createTargetMachine(
      triple, target.llvmCpu, target.llvmFeatures, options, Reloc::PIC_, CodeModel::Small, CodeGenOptLevel::Default));
}

/// Sizes known only at run time, and large ones, become loops; the rest is unrolled by instruction selection.
static void expandMemoryIntrinsics(Module &module, TargetMachine &machine) {
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    TargetTransformInfo info = machine.getTargetTransformInfo(function);
    SmallVector<MemIntrinsic *> found;
    for (Instruction &instruction : instructions(function))
      if (auto *memory = dyn_cast<MemIntrinsic>(&instruction))
        if (auto *length = dyn_cast<ConstantInt>(memory->getLength()); !length || length->getZExtValue() > 128)
          found.push_back(memory);
    for (MemIntrinsic *memory : found) {
      if (auto *copy = dyn_cast<MemCpyInst>(memory))
        expandMemCpyAsLoop(copy, info);
      else if (auto *move = dyn_cast<MemMoveInst>(memory)) {
        if (!expandMemMoveAsLoop(move, info))
          continue;
      } else if (auto *set = dyn_cast<MemSetInst>(memory))
        expandMemSetAsLoop(set);
      memory->eraseFromParent();
    }
  }
}

/// The vectors and loops are already what they should be: what is left is to fold what the emitter spells out, to
/// share it, and to take it out of loops. LLVM's own -O1 makes no faster kernels of it in three times the time.
static constexpr StringRef pipeline =
    "function(early-cse,simplifycfg,instcombine<no-verify-fixpoint>,loop-mssa(loop-rotate,licm),simplifycfg,"
    "instcombine<no-verify-fixpoint>,early-cse<memssa>,adce,simplifycfg)";

Error optimize(Module &module, const CpuTarget &target) {
  Expected<std::unique_ptr<TargetMachine>> machine = makeMachine(target);
  if (!machine)
    return machine.takeError();
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  for (GlobalValue &value : module.global_values())
    if (!value.isDeclaration())
      value.setDSOLocal(true);
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("no-builtins"); // loops stay loops: no memset is made of them
    function.addFnAttr("frame-pointer", "all");
    function.addFnAttr("target-cpu", target.llvmCpu);
    if (!target.llvmFeatures.empty())
      function.addFnAttr("target-features", target.llvmFeatures);
    function.setDoesNotThrow();
  }
  PassBuilder builder(machine->get());
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager sccs;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  ModulePassManager passes;
  if (Error error = builder.parsePassPipeline(passes, pipeline))
    return error;
  passes.run(module, modules);
  expandMemoryIntrinsics(module, **machine);
  std::string message;
  raw_string_ostream stream(message);
  if (verifyModule(module, &stream))
    return createStringError("the kernels' LLVM IR is not valid: " + message);
  return Error::success();
}

/// Runs code generation into `out`.
static Error generate(Module &module, const CpuTarget &target, raw_pwrite_stream &out, CodeGenFileType type) {
  Expected<std::unique_ptr<TargetMachine>> machine = makeMachine(target);
  if (!machine)
    return machine.takeError();
  legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, out, nullptr, type))
    return createStringError("LLVM cannot emit this kind of file for " + target.name);
  passes.run(module);
  return Error::success();
}

Expected<SmallVector<char>> emitObject(Module &module, const CpuTarget &target) {
  SmallVector<char> object;
  {
    SmallVector<char, 0> bytes;
    raw_svector_ostream out(bytes);
    if (Error error = generate(module, target, out, CodeGenFileType::ObjectFile))
      return error;
    object.assign(bytes.begin(), bytes.end());
  }
  Expected<std::unique_ptr<object::ObjectFile>> file =
      object::ObjectFile::createObjectFile(MemoryBufferRef(StringRef(object.data(), object.size()), "kernels"));
  if (!file)
    return file.takeError();
  std::string undefined;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    Expected<StringRef> name = symbol.getName();
    if (!flags)
      return flags.takeError();
    if (!name)
      return name.takeError();
    if ((*flags & object::SymbolRef::SF_Undefined) && !name->empty())
      undefined += (undefined.empty() ? "" : ", ") + name->str();
  }
  if (!undefined.empty())
    return createStringError("the kernels' code for " + target.name + " calls what no image holds: " + undefined);
  return object;
}

Expected<std::string> emitAssembly(Module &module, const CpuTarget &target) {
  SmallVector<char, 0> text;
  raw_svector_ostream out(text);
  if (Error error = generate(module, target, out, CodeGenFileType::AssemblyFile))
    return error;
  return std::string(text.begin(), text.end());
}

} // namespace sinter::cpu
