// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random spellings of attention under several seeds of the structural hash: each becomes one sinter.attention with
// nothing of it left outside, and the interpreter says the same before and after, after decomposing, and after the
// kernel is made.
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

class RaisingAttention : public test::RaisingFixture<testing::TestWithParam<Speller::Attention>> {
protected:
  void prepareInputs(ModuleOp module) {
    std::mt19937_64 random(5);
    inputs.clear();
    for (Type type : module.lookupSymbol<func::FuncOp>("main").getArgumentTypes()) {
      auto tensor = cast<ir::TensorType>(type);
      RefTensor made{{}, tensor.getElementType(), {}};
      int64_t count = 1;
      for (const Dim &dim : tensor.getShapeDims())
        count *=
            made.shape.emplace_back(*dim.evaluate([&](std::string_view name) { return sizes.at(std::string(name)); }));
      for (int64_t i = 0; i < count; ++i) // each row of a mask shows its first key, and some more
        made.data.push_back(tensor.getElementType().isF32() ? std::uniform_real_distribution<double>(-2, 2)(random)
                                                            : double(i % made.shape.back() == 0 || random() % 2));
      inputs.push_back(std::move(made));
    }
  }
  std::map<std::string, int64_t> sizes = {{"B", 2}, {"T", 5}, {"S", 4}};
};

TEST_P(RaisingAttention, Spellings) {
  using Kind = Speller::Attention;
  bool isMultiplied = GetParam() == Kind::Multiplied, isDropped = GetParam() == Kind::Dropped;
  bool isMasked =
      isMultiplied || GetParam() == Kind::Causal || GetParam() == Kind::Padded || GetParam() == Kind::Window;
  std::set<std::string> seen;
  for (uint64_t seed = 1; seen.size() < 200 && seed < 5000; ++seed) {
    Speller speller(context, seed);
    OwningOpRef<ModuleOp> module = speller.spell(GetParam());
    if (!seen.insert(speller.getLog()).second)
      continue;
    std::string source = text(*module);
    ASSERT_TRUE(succeeded(verify(*module))) << source;
    prepareInputs(*module);
    std::vector<double> before = run(*module);
    passes::RaiseOptions options;
    options.seed = seed % 61;
    ASSERT_TRUE(succeeded(pass(*module, passes::createRaise(options)))) << source;
    int raised = 0, left = 0, masked = 0, after = 0;
    module->walk([&](Operation *o) {
      if (auto attention = dyn_cast<AttentionOp>(o)) {
        ++raised;
        after += attention.hasPost();
        masked += attention.hasMask() && attention.hasPost() == isDropped &&
                  (attention.getEmpty() == EmptyRow::nan) == isMultiplied;
      }
      left += isa<ExpOp, LogOp, SumOp, ContractOp, SoftmaxOp, MaxOp>(o);
    });
    ASSERT_TRUE(raised == 1 && left == 0 && masked == isMasked && after == isDropped)
        << "not raised, seed " << seed << "\n"
        << source << text(*module);
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
    int kernels = 0;
    module->walk([&](kernel::AttentionOp) { ++kernels; });
    ASSERT_EQ(kernels, isDropped || isMultiplied ? 0 : 1) << text(*module);
    ASSERT_LE(distance(before, run(*module)), 2e-6) << text(*module); // its constants are floats of 32 bits
  }
  EXPECT_GE(seen.size(), 200u);
}

std::string nameOf(const testing::TestParamInfo<Speller::Attention> &info) {
  const char *names[] = {"Full", "Causal", "Padded", "Window", "Biased", "Grouped", "Cross", "Dropped", "Multiplied"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Kinds, RaisingAttention,
                         testing::Values(Speller::Attention::Full, Speller::Attention::Causal,
                                         Speller::Attention::Padded, Speller::Attention::Window,
                                         Speller::Attention::Biased, Speller::Attention::Grouped,
                                         Speller::Attention::Cross, Speller::Attention::Dropped,
                                         Speller::Attention::Multiplied),
                         nameOf);

} // namespace
