// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What --sinter-derive-decode derives of random causal programs says what the whole programs say.
#include "passes/Passes.h"
#include "test/passes/DecodeInChunks.h"
#include "test/passes/RandomCausal.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::test::causal;

namespace {

constexpr int64_t batch = 3, rows = 40;

struct Decode : testing::Test {
  Decode() { context.loadDialect<SinterDialect, func::FuncDialect>(); }

  template <typename... Pass> bool run(ModuleOp module, Pass... pass) {
    ScopedDiagnosticHandler quiet(&context, [&](Diagnostic &d) { return message = d.str(), success(); });
    PassManager manager(&context);
    (manager.addPass(std::move(pass)), ...);
    return succeeded(manager.run(module));
  }

  MLIRContext context;
  std::string message;
};

TEST_F(Decode, SaysWhatTheWholeProgramSays) {
  const char *more = std::getenv("SINTER_FUZZ");
  uint64_t programs = more ? std::strtoull(more, nullptr, 10) : 500, derived = 0, proven = 0;
  for (uint64_t seed = 0; seed < programs; ++seed) {
    auto module = randomProgram(context, seed);
    if (!run(*module, passes::createProveCausal()))
      continue;
    ++proven;
    passes::DeriveDecodeOptions options;
    options.from = "f";
    if (!run(*module, passes::createDeriveDecode(options))) {
      std::printf("seed %llu: %s\n", (unsigned long long)seed, message.c_str());
      continue;
    }
    ++derived;
    ASSERT_TRUE(succeeded(verify(*module))) << "seed " << seed;
    auto function = module->lookupSymbol<func::FuncOp>("f");
    std::vector<RefTensor> inputs = randomInputs(function, batch, rows, seed);
    auto whole = evaluateFunction(function, inputs, nullptr);
    ASSERT_TRUE(succeeded(whole));
    std::mt19937_64 random(seed);
    test::Decoding decoding{*module, {}, (*whole)[0], test::interpreter(*module)};
    for (auto [i, input] : llvm::enumerate(inputs))
      decoding.inputs["a" + std::to_string(i)] = input;
    double worst = test::decodeInChunks(decoding, 20, random);
    EXPECT_LT(worst, 1e-9) << "seed " << seed;
  }
  EXPECT_GE(proven * 100, programs * 40) << proven << " of " << programs;
  // What is proven but not derived is said by name; it is rare.
  EXPECT_GE(derived * 100, proven * 97) << derived << " of " << proven;
  std::printf("%llu programs: %llu proven, %llu derived\n", (unsigned long long)programs, (unsigned long long)proven,
              (unsigned long long)derived);
}

} // namespace
