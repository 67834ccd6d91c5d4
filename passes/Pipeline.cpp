// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strings the passes together and registers them. The printed order is pinned by test/passes/pipeline.mlir.
#include "passes/Pipeline.h"
#include "passes/Passes.h"
#include "passes/prepare/Prepare.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace {
struct PhaseEntry {
  sinter::Phase phase;
  StringRef name;
  void (*build)(OpPassManager &);
};

const PhaseEntry phases[] = {
    {sinter::Phase::simplify, "simplify", sinter::buildSimplifyPhase},
    {sinter::Phase::raise, "raise", sinter::buildRaisePhase},
    {sinter::Phase::lower, "lower", sinter::buildLowerPhase},
    {sinter::Phase::fuse, "fuse", sinter::buildFusePhase},
    {sinter::Phase::prepare, "prepare", nullptr}, // the only one that has options
};

struct CommandLineOptions : PassPipelineOptions<CommandLineOptions> {
  Option<sinter::Phase> until{
      *this, "until", llvm::cl::desc("the last phase to run"), llvm::cl::init(sinter::Phase::prepare),
      llvm::cl::values(clEnumValN(sinter::Phase::simplify, "simplify", "canonical form of the sinter dialect"),
                       clEnumValN(sinter::Phase::raise, "raise", "fused ops found in the mathematics"),
                       clEnumValN(sinter::Phase::lower, "lower", "one skeleton for each op"),
                       clEnumValN(sinter::Phase::fuse, "fuse", "pointwise work into its consumers"),
                       clEnumValN(sinter::Phase::prepare, "prepare", "parameter-only work into @prepare"))};
  Option<std::string> weights{*this, "weights", llvm::cl::desc("how weights are stored: f32, bf16, f16"),
                              llvm::cl::init("f32")};
  Option<std::string> cache{*this, "cache", llvm::cl::desc("how caches are stored: f32, bf16, f16"),
                            llvm::cl::init("f32")};
};
} // namespace

std::optional<sinter::Phase> sinter::parsePhase(StringRef name) {
  for (const PhaseEntry &entry : phases)
    if (entry.name == name)
      return entry.phase;
  return std::nullopt;
}

StringRef sinter::phaseName(Phase phase) { return phases[static_cast<unsigned>(phase)].name; }

void sinter::buildPipeline(OpPassManager &manager, const PipelineOptions &options) {
  for (const PhaseEntry &entry : phases)
    if (entry.phase <= options.until && entry.build)
      entry.build(manager);
  if (options.until == Phase::prepare)
    buildPreparePhase(manager, options);
}

void sinter::buildSimplifyPhase(OpPassManager &manager) {
  // The proof wants the text's own operations.
  manager.addPass(passes::createProveCausal());
  manager.addPass(passes::createSimplify());
}
void sinter::buildRaisePhase(OpPassManager &manager) { manager.addPass(passes::createRaise()); }
void sinter::buildLowerPhase(OpPassManager &manager) { manager.addPass(passes::createConvertToKernels()); }
void sinter::buildFusePhase(OpPassManager &manager) { manager.addPass(passes::createFusePointwise()); }
void sinter::buildPreparePhase(OpPassManager &manager) { buildPreparePhase(manager, PipelineOptions()); }
void sinter::buildPreparePhase(OpPassManager &manager, const PipelineOptions &options) {
  manager.addPass(passes::createMergeContractions());
  manager.addPass(passes::createHoistPrepare());
  manager.addPass(passes::createNarrowStorage({options.weights, options.cache}, options.storedAs));
}

namespace sinter::passes {
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"
} // namespace sinter::passes

void sinter::registerSinterPasses() {
  passes::registerSinterPasses();
  static PassPipelineRegistration<CommandLineOptions> pipeline(
      "sinter-pipeline", "From the frontend's module to kernels and @prepare, in named phases",
      [](OpPassManager &manager, const CommandLineOptions &options) { 
        buildPipeline(manager, {options.until, options.weights, options.cache, nullptr});
      });
}
