// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the interpreter says of a program before a pass it must say after it: on handwritten modules and on random ones,
// each phase alone and all of them, with fusion and without, every function of a module. The random ones are counted:
// a thousand graphs, every op of the dialects.
#include "Meaning.h"
#include "RandomGraph.h"
#include "ir/kernel/Kernel.h"
#include "passes/Passes.h"
#include "passes/Pipeline.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::test;

namespace {

using Build = void (*)(OpPassManager &);
constexpr Build phases[] = {buildSimplifyPhase, buildRaisePhase, buildLowerPhase, buildFusePhase, buildPreparePhase};

/// Lowering rounds constants to 32 bits, so it alone is given more than the last bits of float64.
constexpr double exactly = 1e-9, rounding = 1e-5;

class SameMeaning : public testing::Test {
protected:
  SameMeaning() { loadDialects(context); }

  LogicalResult run(ModuleOp module, ArrayRef<Build> builds) {
    PassManager manager(&context);
    for (Build build : builds)
      build(manager);
    return manager.run(module);
  }

  /// Runs the phases on `module` and compares with `before`.
  void compare(ModuleOp module, ArrayRef<Build> builds, const Outputs &before, double tolerance,
               const std::string &what) {
    std::string previous = textOf(module);
    ASSERT_TRUE(succeeded(run(module, builds))) << what << "\n" << previous;
    FailureOr<Outputs> after = meaning.run(module);
    ASSERT_TRUE(succeeded(after)) << what << "\n" << textOf(module);
    ASSERT_LE(distance(before, *after), tolerance) << what << "\n" << previous << "\n" << textOf(module);
  }

  void count(ModuleOp module) {
    std::map<std::string, int> here;
    module.walk([&](Operation *op) { ++here[op->getName().getStringRef().str()]; });
    for (auto &[name, times] : here)
      occurred[name] += times;
  }

  /// Phase after phase, the outputs of one against those of the next. What it left is in `module`.
  void checkPhases(ModuleOp module, double allowed, const std::string &what) {
    ASSERT_TRUE(succeeded(verify(module))) << what << "\n" << textOf(module);
    meaning.choose(module);
    FailureOr<Outputs> before = meaning.run(module);
    ASSERT_TRUE(succeeded(before)) << what << "\n" << textOf(module);
    count(module);
    for (auto [number, build] : llvm::enumerate(phases)) {
      compare(module, build, *before, build == buildLowerPhase ? allowed : exactly,
              what + " after " + phaseName(static_cast<Phase>(number)).str());
      if (HasFatalFailure())
        return;
      before = meaning.run(module);
      count(module);
    }
    for (auto function : module.getOps<func::FuncOp>())
      if (function.getSymName() != "prepare")
        function.walk([&](kernel::ReadOp read) {
          EXPECT_TRUE(isa<kernel::PreparedOp>(SymbolTable::lookupNearestSymbolFrom(read, read.getNameAttr()))) << what;
        });
  }

  /// The same module in other orders: no simplifying before the rest, no fusion, semantic ops taken apart again.
  void checkOrders(ModuleOp module, const std::string &what) {
    auto decompose = [](OpPassManager &manager) { manager.addPass(passes::createDecompose()); };
    struct Order {
      const char *name;
      SmallVector<Build> builds;
      double tolerance;
    } orders[] = {
        {"raised alone", {buildRaisePhase}, exactly},
        {"decomposed", {decompose}, exactly},
        {"raised and decomposed", {buildSimplifyPhase, buildRaisePhase, decompose, buildSimplifyPhase}, exactly},
        {"lowered alone", {buildLowerPhase}, rounding},
        {"fused, but not raised", {buildLowerPhase, buildFusePhase}, rounding},
        {"not fused", {buildSimplifyPhase, buildRaisePhase, buildLowerPhase, buildPreparePhase}, rounding},
    };
    FailureOr<Outputs> before = meaning.run(module);
    ASSERT_TRUE(succeeded(before));
    for (const Order &order : orders) {
      OwningOpRef<ModuleOp> copy = module.clone();
      compare(*copy, order.builds, *before, order.tolerance, what + " " + order.name);
      if (HasFatalFailure())
        return;
    }
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  Meaning meaning{{{"B", 2}, {"T", 3}}};
  std::map<std::string, int> occurred; ///< op name -> how often, over all phases
};

/// 2 functions a module: a thousand graphs.
TEST_F(SameMeaning, RandomGraphs) {
  const char *more = std::getenv("SINTER_FUZZ"); // thousands of graphs, for a longer look
  uint64_t modules = more ? std::strtoull(more, nullptr, 10) : 500;
  int graphs = 0;
  for (uint64_t seed = 1; seed <= modules; ++seed) {
    auto module = randomModule(context, seed);
    if (more)
      llvm::errs() << "seed " << seed << "\n" << textOf(*module);
    OwningOpRef<ModuleOp> copy = module->clone();
    std::string what = "seed " + std::to_string(seed);
    checkPhases(*module, rounding, what);
    if (HasFatalFailure())
      return;
    checkOrders(*copy, what);
    if (HasFatalFailure())
      return;
    graphs += static_cast<int>(meaning.inputs.size());
  }
  EXPECT_GE(graphs, 1000);
  RecordProperty("graphs", graphs);
  // Every op that a skeleton computes was there, and every skeleton. An op without one is in WithoutKernels; state, which
  // programs have after decoding was derived, is in DecodeTest.cpp and decode_check.
  for (RegisteredOperationName name : context.getRegisteredOperations()) {
    bool isOurs = isa<SinterDialect, kernel::KernelDialect>(name.getDialect());
    if (isOurs && name.getStringRef() != TopKOp::getOperationName() && name.stripDialect() != "append") {
      EXPECT_GE(occurred[name.getStringRef().str()], 50)
          << "random graphs hardly hold " << name.getStringRef().str() << ": GraphBuilder.cpp or RandomGraph.cpp makes it";
      RecordProperty(name.getStringRef().str(), occurred[name.getStringRef().str()]);
    }
  }
}

/// Ops that only the reference computes, through the phases that keep to the sinter dialect.
TEST_F(SameMeaning, WithoutKernels) {
  for (uint64_t seed = 1; seed <= 250; ++seed) {
    auto module = randomModule(context, seed, {.hasKernels = false});
    ASSERT_TRUE(succeeded(verify(*module))) << textOf(*module);
    meaning.choose(*module);
    FailureOr<Outputs> before = meaning.run(*module);
    ASSERT_TRUE(succeeded(before)) << textOf(*module);
    for (Build build : {buildSimplifyPhase, buildRaisePhase}) {
      compare(*module, build, *before, exactly, "seed " + std::to_string(seed));
      if (HasFatalFailure())
        return;
    }
    count(*module);
  }
  EXPECT_GE(occurred["sinter.top_k"], 20);
}

TEST_F(SameMeaning, OddSizes) {
  for (uint64_t seed = 1001; seed <= 1060; ++seed) {
    meaning = Meaning({{"B", 1 + static_cast<int64_t>(seed % 3)}, {"T", 1 + static_cast<int64_t>(seed % 5)}});
    auto module = randomModule(context, seed);
    checkPhases(*module, rounding, "seed " + std::to_string(seed));
    if (HasFatalFailure())
      return;
  }
}

/// Formulas that are not what they seem, before and after raising: test/passes/raise/alike.sinter, alike-attention.sinter.
TEST_F(SameMeaning, LookAlikes) {
  for (auto [file, count] : {std::pair("alike.mlir", 48u), {"alike-attention.mlir", 30u}}) {
    auto module = parseSourceFile<ModuleOp>(std::string(SINTER_SOURCE_DIR "/test/passes/Inputs/") + file, &context);
    ASSERT_TRUE(module);
    meaning.choose(*module);
    EXPECT_GE(meaning.inputs.size(), count);
    FailureOr<Outputs> before = meaning.run(*module);
    ASSERT_TRUE(succeeded(before));
    ASSERT_TRUE(succeeded(run(*module, {buildSimplifyPhase, buildRaisePhase})));
    FailureOr<Outputs> after = meaning.run(*module);
    ASSERT_TRUE(succeeded(after));
    ASSERT_TRUE(succeeded(run(*module, {buildLowerPhase})));
    FailureOr<Outputs> lowered = meaning.run(*module);
    ASSERT_TRUE(succeeded(lowered));
    for (auto &[name, values] : *before) {
      EXPECT_LE(distance(values, after->at(name)), 1e-12) << name;
      EXPECT_LE(distance(values, lowered->at(name)), 1e-5) << name;
    }
  }
}

TEST_F(SameMeaning, TinyBert) {
  auto module = parseSourceFile<ModuleOp>(SINTER_SOURCE_DIR "/test/passes/bert-tiny.mlir", &context);
  ASSERT_TRUE(module);
  meaning.lowest = 0; // ids of a small vocabulary, masks
  meaning.highest = 1;
  checkPhases(*module, 5e-6, "bert-tiny");
}

} // namespace
