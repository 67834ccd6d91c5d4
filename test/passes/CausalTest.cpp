// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs, many of them causal and many nearly so: what --sinter-prove-causal accepts must be causal when tried by
// brute force (every row of every shorter input, in the interpreter), and not much that is causal may be refused.
#include "ir/reference/Interpreter.h"
#include "passes/Passes.h"
#include "test/passes/RandomCausal.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::test::causal;

namespace {

constexpr int64_t rows = 8;

struct Causal : testing::Test {
  Causal() { context.loadDialect<SinterDialect, func::FuncDialect>(); }

  bool isProven(ModuleOp module) {
    ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) { return success(); });
    PassManager manager(&context);
    manager.addPass(passes::createProveCausal());
    return succeeded(manager.run(module));
  }

  /// Whether no shorter input gives another row.
  bool isCausal(ModuleOp module, uint64_t seed) {
    auto function = module.lookupSymbol<func::FuncOp>("f");
    std::vector<RefTensor> inputs = randomInputs(function, 2, rows, seed);
    auto whole = evaluateFunction(function, inputs, nullptr);
    EXPECT_TRUE(succeeded(whole));
    for (int64_t t = 1; t < rows && succeeded(whole); ++t) {
      std::vector<RefTensor> less = inputs;
      less[0].shape[1] = t;
      less[0].data = {inputs[0].data.begin(), inputs[0].data.begin() + t};
      less[0].data.insert(less[0].data.end(), inputs[0].data.begin() + rows, inputs[0].data.begin() + rows + t);
      auto part = evaluateFunction(function, less, nullptr);
      EXPECT_TRUE(succeeded(part));
      for (int64_t batch = 0; batch < 2 && succeeded(part); ++batch)
        for (int64_t i = 0; i < t * width; ++i)
          if (!(std::abs((*part)[0].data[batch * t * width + i] - (*whole)[0].data[batch * rows * width + i]) < 1e-9))
            return false;
    }
    return true;
  }

  MLIRContext context;
};

TEST_F(Causal, AcceptsNothingThatIsNot) {
  const char *more = std::getenv("SINTER_FUZZ");
  uint64_t programs = more ? std::strtoull(more, nullptr, 10) : 1000, accepted = 0, missed = 0;
  for (uint64_t seed = 0; seed < programs; ++seed) {
    auto module = randomProgram(context, seed);
    ASSERT_TRUE(succeeded(verify(*module))) << "seed " << seed;
    bool isSo = isCausal(*module, seed);
    if (isProven(*module)) {
      ++accepted;
      EXPECT_TRUE(isSo) << "seed " << seed << " is accepted, and not causal";
    } else if (isSo) {
      ++missed;
    }
  }
  // A proof that refuses everything would pass the rest.
  EXPECT_GE(accepted * 100, programs * 40) << accepted << " of " << programs;
  EXPECT_LE(missed * 100, programs * 15) << missed << " of " << programs;
  RecordProperty("accepted", static_cast<int>(accepted));
  RecordProperty("missed", static_cast<int>(missed));
  std::printf("%llu programs: %llu proven, %llu causal but not proven\n", (unsigned long long)programs,
              (unsigned long long)accepted, (unsigned long long)missed);
}

} // namespace
