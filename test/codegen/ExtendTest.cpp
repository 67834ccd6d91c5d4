// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled code: chunks and steps of random causal programs, ragged and on pages in random order, give the bits that the whole
// program gives at once.
#include "codegen/cpu/LowerKernel.h"
#include "ir/kernel/Kernel.h"
#include "passes/Passes.h"
#include "passes/Pipeline.h"
#include "test/codegen/Compiled.h"
#include "test/passes/DecodeInChunks.h"
#include "test/passes/RandomCausal.h"

#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::test;
using ir::RefTensor;

namespace {

constexpr int64_t batch = 3, rows = 70;

/// Element types, which the random inputs do not all say.
Type elementOf(Type type) { return cast<ir::kernel::BufferType>(type).getElementType(); }

class Caller {
public:
  explicit Caller(ModuleOp module) : module(module), compiled(module, 2) {}

  FailureOr<std::vector<RefTensor>> operator()(StringRef name, std::vector<RefTensor> arguments) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    std::vector<Stored> stored;
    for (auto [i, argument] : llvm::enumerate(arguments)) {
      argument.elementType = elementOf(function.getArgumentTypes()[i]);
      stored.emplace_back(argument);
    }
    std::vector<RefTensor> results = compiled.call(name.str(), stored);
    if (results.empty())
      return failure();
    results.resize(function.getNumResults());
    for (unsigned i = 0; i < arguments.size(); ++i)
      if (auto number = function.getArgAttrOfType<IntegerAttr>(i, "sinter.state"))
        results[number.getInt()] = stored[i].load();
    return results;
  }

private:
  ModuleOp module;
  Compiled compiled;
};

TEST(Extend, ChunksGiveTheBitsOfTheWhole) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<func::FuncDialect, ir::SinterDialect, ir::kernel::KernelDialect>();
  cpu::loadCodeDialects(context);
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) { return success(); });
  const char *more = std::getenv("SINTER_FUZZ");
  uint64_t programs = more ? std::strtoull(more, nullptr, 10) : 40, run = 0;
  for (uint64_t seed = 0; seed < programs; ++seed) {
    OwningOpRef<ModuleOp> module = causal::randomProgram(context, seed);
    auto inputs = causal::randomInputs(module->lookupSymbol<func::FuncOp>("f"), batch, rows, seed);
    passes::DeriveDecodeOptions options;
    options.from = "f";
    PassManager manager(&context);
    manager.addPass(passes::createProveCausal());
    manager.addPass(passes::createDeriveDecode(options));
    buildPipeline(manager);
    if (failed(manager.run(*module)))
      continue;
    Caller call(*module);
    auto whole = call("f", inputs);
    ASSERT_TRUE(succeeded(whole)) << "seed " << seed;
    Decoding decoding{*module, {}, (*whole)[0], std::ref(call)};
    for (auto [i, input] : llvm::enumerate(inputs))
      decoding.inputs["a" + std::to_string(i)] = input;
    std::mt19937_64 random(seed);
    EXPECT_EQ(decodeInChunks(decoding, 40, random), 0) << "seed " << seed;
    ++run;
  }
  EXPECT_GE(run * 100, programs * 40) << run << " of " << programs;
}

} // namespace
