// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Thousands of spellings of each formula, under several seeds of the structural hash: each is raised to one op, and
// the interpreter says the same before and after, after decomposing, and after the kernels are made.
#include "RaisingFixture.h"
#include "Speller.h"
#include "passes/Passes.h"
#include "passes/Pipeline.h"

#include "mlir/IR/Verifier.h"

#include <set>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using sinter::test::Speller;

namespace {

class Raising : public test::RaisingFixture<testing::Test> {
protected:
  Raising() {
    std::mt19937_64 random(11);
    for (std::vector<int64_t> shape : {std::vector<int64_t>{2, 3, 6}, {6}, {6}}) {
      RefTensor tensor{shape, {}, {}};
      for (int64_t i = 0, count = shape.size() == 1 ? 6 : 36; i < count; ++i)
        tensor.data.push_back(std::uniform_real_distribution<double>(-2, 2)(random));
      inputs.push_back(tensor);
    }
    inputs.push_back({{2, 3}, {}, {0, 5, 3, 1, 2, 4}}); // labels
  }

  void check(Speller::Formula formula, StringRef op, size_t count = 1000) {
    std::set<std::string> seen;
    for (uint64_t seed = 1; seen.size() < count && seed < 20000; ++seed) {
      Speller speller(context, seed);
      OwningOpRef<ModuleOp> module = speller.spell(formula);
      if (!seen.insert(speller.getLog()).second)
        continue;
      std::string source = text(*module);
      ASSERT_TRUE(succeeded(verify(*module))) << source;
      std::vector<double> before = run(*module);
      passes::RaiseOptions options;
      options.seed = seed % 61;
      ASSERT_TRUE(succeeded(pass(*module, passes::createRaise(options)))) << source;
      int raised = 0, left = 0;
      module->walk([&](Operation *o) {
        raised += o->getName().getStringRef() == op;
        left += isa<ExpOp, LogOp, ErfOp, TanhOp, SumOp, MulOp, MaximumOp>(o);
      });
      ASSERT_TRUE(raised == 1 && left == 0) << "not raised, seed " << seed << "\n" << source;
      ASSERT_LE(distance(before, run(*module)), 1e-9) << source << text(*module);
      if (seed % 10)
        continue;
      OwningOpRef<ModuleOp> copy = module->clone();
      ASSERT_TRUE(succeeded(pass(*copy, passes::createDecompose()))) << text(*module);
      ASSERT_LE(distance(before, run(*copy)), 1e-9) << text(*copy);
      PassManager lower(&context);
      buildLowerPhase(lower);
      buildFusePhase(lower);
      ASSERT_TRUE(succeeded(lower.run(*module))) << source;
      ASSERT_LE(distance(before, run(*module)), 2e-6) << text(*module); // its constants are floats of 32 bits
    }
    EXPECT_GE(seen.size(), count);
  }
};

TEST_F(Raising, Softmax) { check(Speller::Formula::Softmax, "sinter.softmax"); }
TEST_F(Raising, LayerNorm) { check(Speller::Formula::LayerNorm, "sinter.layer_norm"); }
TEST_F(Raising, RmsNorm) { check(Speller::Formula::RmsNorm, "sinter.rms_norm"); }
TEST_F(Raising, Gelu) { check(Speller::Formula::Gelu, "sinter.activation"); }
TEST_F(Raising, GeluTanh) { check(Speller::Formula::GeluTanh, "sinter.activation"); }

TEST_F(Raising, Silu) { check(Speller::Formula::Silu, "sinter.activation"); }
TEST_F(Raising, LogSoftmax) { check(Speller::Formula::LogSoftmax, "sinter.log_softmax"); }
TEST_F(Raising, CrossEntropy) { check(Speller::Formula::CrossEntropy, "sinter.cross_entropy"); }
TEST_F(Raising, L2Normalize) { check(Speller::Formula::L2Normalize, "sinter.l2_normalize"); }

} // namespace
