// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What --sinter-derive-decode derives says the same: random causal programs, run in chunks of random sizes, each sequence at
// its own length, on pages in random order that hold old numbers, against the whole program at once.
#include "passes/Passes.h"
#include "test/passes/RandomCausal.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using namespace sinter::test::causal;

namespace {

constexpr int64_t batch = 3, rows = 40, pages = 3;

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

RefTensor integers(std::vector<int64_t> shape, std::vector<double> data) { return {std::move(shape), nullptr, std::move(data)}; }

/// Decodes in chunks; the largest difference to the whole program's rows.
double decode(func::FuncOp extend, const std::vector<RefTensor> &inputs, const RefTensor &whole, std::mt19937_64 &random) {
  std::map<std::string, RefTensor> given;
  for (auto [i, input] : llvm::enumerate(inputs))
    given["a" + std::to_string(i)] = input;
  const RefTensor tokens = given["a0"];
  std::vector<double> places(batch * pages);
  for (unsigned i = 0; i < places.size(); ++i)
    places[i] = i + 1;
  std::shuffle(places.begin(), places.end(), random);
  given["pages"] = integers({batch, pages}, places);
  std::map<unsigned, RefTensor> states;
  for (unsigned i = 0; i < extend.getNumArguments(); ++i)
    if (extend.getArgAttr(i, "sinter.state")) {
      RefTensor pool;
      int64_t count = 1;
      for (const Dim &dim : cast<ir::TensorType>(extend.getArgumentTypes()[i]).getShapeDims()) {
        pool.shape.push_back(dim.constant().value_or(batch * pages + 1));
        count *= pool.shape.back();
      }
      for (int64_t n = 0; n < count; ++n) // old rows
        pool.data.push_back(cast<ir::TensorType>(extend.getArgumentTypes()[i]).getElementType().isF32()
                                ? std::normal_distribution<double>(0, 3)(random)
                                : static_cast<double>(random() % vocabulary));
      states[i] = std::move(pool);
    }
  double worst = 0;
  std::vector<double> length(batch, 0);
  for (bool isFirst = true;; isFirst = false) {
    std::vector<double> count;
    int64_t most = 0;
    for (int64_t b = 0; b < batch; ++b) {
      count.push_back(1 + random() % (isFirst ? 20 : 1 + random() % 6));
      if (length[b] + count[b] > rows)
        return worst;
      most = std::max<int64_t>(most, count[b]);
    }
    RefTensor some{{batch, most}, nullptr, std::vector<double>(batch * most, 0)};
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t n = 0; n < count[b]; ++n)
        some.data[b * most + n] = tokens.data[b * rows + length[b] + n];
    given["a0"] = some;
    given["count"] = integers({batch}, count);
    given["length"] = integers({batch}, length);
    std::vector<RefTensor> arguments;
    for (unsigned i = 0; i < extend.getNumArguments(); ++i)
      arguments.push_back(states.count(i) ? states[i] : given[extend.getArgAttrOfType<StringAttr>(i, "sinter.name").str()]);
    auto results = evaluateFunction(extend, arguments, nullptr);
    if (failed(results))
      return INFINITY;
    for (int64_t b = 0; b < batch; ++b) {
      length[b] += count[b];
      for (int64_t i = 0; i < width; ++i) {
        double difference = std::abs((*results)[0].data[b * width + i] - whole.data[(b * rows + length[b] - 1) * width + i]);
        worst = difference <= worst ? worst : difference;
      }
    }
    for (unsigned i = 0; i < extend.getNumArguments(); ++i)
      if (auto number = extend.getArgAttrOfType<IntegerAttr>(i, "sinter.state"))
        states[i] = (*results)[number.getInt()];
  }
}

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
    double worst = decode(module->lookupSymbol<func::FuncOp>("extend"), inputs, (*whole)[0], random);
    EXPECT_LT(worst, 1e-9) << "seed " << seed;
  }
  EXPECT_GE(proven * 100, programs * 40) << proven << " of " << programs;
  // What is proven but not derived is said by name; it is rare.
  EXPECT_GE(derived * 100, proven * 97) << derived << " of " << proven;
  std::printf("%llu programs: %llu proven, %llu derived\n", (unsigned long long)programs, (unsigned long long)proven,
              (unsigned long long)derived);
}

} // namespace
