// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the interpreter says of a program before a pass it must say after it: on handwritten modules and on random ones,
// phase by phase, every function of a module.
#include "RandomGraph.h"
#include "ir/kernel/Kernel.h"
#include "ir/reference/Interpreter.h"
#include "passes/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

class SameMeaning : public testing::Test {
protected:
  SameMeaning() {
    context
        .loadDialect<SinterDialect, kernel::KernelDialect, func::FuncDialect, arith::ArithDialect, math::MathDialect>();
  }

  RefTensor numbers(ir::TensorType type) {
    RefTensor tensor{{}, type.getElementType(), {}};
    for (const Dim &dim : type.getShapeDims())
      tensor.shape.push_back(*dim.evaluate([&](std::string_view name) { return sizes.at(std::string(name)); }));
    int64_t count = 1;
    for (int64_t size : tensor.shape)
      count *= size;
    for (int64_t i = 0; i < count; ++i)
      tensor.data.push_back(type.getElementType().isF32() ? std::uniform_real_distribution<double>(-1, 1)(random)
                                                          : static_cast<double>(random() % 2));
    return tensor;
  }

  using Outputs = std::map<std::string, std::vector<RefTensor>>;

  /// Inputs and parameters, made once from the module as it came.
  void prepareInputs(ModuleOp module) {
    parameters.clear();
    inputs.clear();
    module.walk(
        [&](ParameterOp op) { parameters[op.getSymName().str()] = numbers(cast<ir::TensorType>(op.getType())); });
    for (auto function : module.getOps<func::FuncOp>())
      for (Type type : function.getArgumentTypes())
        inputs[function.getSymName().str()].push_back(numbers(cast<ir::TensorType>(type)));
  }

  FailureOr<Outputs> run(ModuleOp module) {
    Outputs outputs;
    for (auto &[name, values] : inputs) {
      auto result = evaluateModule(module, name, values, [&](StringRef symbol) -> const RefTensor * {
        auto found = parameters.find(symbol.str());
        return found == parameters.end() ? nullptr : &found->second;
      });
      if (failed(result))
        return failure();
      outputs[name] = std::move(*result);
    }
    return outputs;
  }

  static std::string text(ModuleOp module) {
    std::string result;
    llvm::raw_string_ostream stream(result);
    module.print(stream);
    return result;
  }

  /// Largest difference, relative to numbers above 1; infinite if the shapes differ.
  static double distance(const Outputs &a, const Outputs &b) {
    double largest = 0;
    for (auto &[name, values] : a) {
      const auto &others = b.at(name);
      for (size_t i = 0; i < values.size(); ++i) {
        if (values[i].shape != others[i].shape)
          return INFINITY;
        for (size_t j = 0; j < values[i].data.size(); ++j) {
          double x = values[i].data[j], y = others[i].data[j];
          double difference = x == y ? 0 : std::abs(x - y) / std::max(1.0, std::abs(x));
          if (!(difference <= largest)) // NaN counts as infinite
            largest = std::isnan(difference) ? INFINITY : difference;
        }
      }
    }
    return largest;
  }

  /// Lowering rounds constants to 32 bits, so it alone is given `rounding`; any other phase must keep all but the last
  /// bits.
  void checkPhases(ModuleOp module, double rounding, const std::string &what) {
    ASSERT_TRUE(succeeded(verify(module))) << what;
    prepareInputs(module);
    FailureOr<Outputs> before = run(module);
    ASSERT_TRUE(succeeded(before)) << what << "\n" << text(module);
    void (*phases[])(OpPassManager &) = {buildSimplifyPhase, buildRaisePhase, buildLowerPhase, buildFusePhase, buildPreparePhase};
    for (auto [number, build] : llvm::enumerate(phases)) {
      PassManager manager(&context);
      build(manager);
      std::string phase = what + " after " + phaseName(static_cast<Phase>(number)).str();
      std::string previous = text(module);
      ASSERT_TRUE(succeeded(manager.run(module))) << phase << "\n" << previous;
      FailureOr<Outputs> after = run(module);
      ASSERT_TRUE(succeeded(after)) << phase << "\n" << text(module);
      double tolerance = build == buildLowerPhase ? rounding : 1e-9;
      ASSERT_LE(distance(*before, *after), tolerance) << phase << "\n" << previous << "\n" << text(module);
      before = std::move(after);
    }
    for (auto function : module.getOps<func::FuncOp>())
      if (function.getSymName() != "prepare")
        function.walk([&](kernel::ReadOp read) {
          EXPECT_TRUE(isa<kernel::PreparedOp>(SymbolTable::lookupNearestSymbolFrom(read, read.getNameAttr()))) << what;
        });
  }

  MLIRContext context;
  std::mt19937_64 random{7};
  std::map<std::string, int64_t> sizes = {{"B", 2}, {"T", 3}};
  std::map<std::string, RefTensor> parameters;
  std::map<std::string, std::vector<RefTensor>> inputs;
};

TEST_F(SameMeaning, RandomGraphs) {
  int kernels = 0;
  const char *more = std::getenv("SINTER_FUZZ"); // thousands of graphs, for a longer look
  uint64_t graphs = more ? std::strtoull(more, nullptr, 10) : 300;
  for (uint64_t seed = 1; seed <= graphs; ++seed) {
    auto module = test::randomModule(context, seed);
    if (more)
      llvm::errs() << text(*module);
    checkPhases(*module, 1e-5, "seed " + std::to_string(seed));
    if (HasFatalFailure())
      return;
    module->walk([&](Operation *op) { kernels += isa<kernel::KernelDialect>(op->getDialect()); });
  }
  EXPECT_GT(kernels, 3000); // the graphs are not empty
}

TEST_F(SameMeaning, OddSizes) {
  for (uint64_t seed = 1001; seed <= 1040; ++seed) {
    sizes = {{"B", 1 + static_cast<int64_t>(seed % 3)}, {"T", 1 + static_cast<int64_t>(seed % 5)}};
    auto module = test::randomModule(context, seed);
    checkPhases(*module, 1e-5, "seed " + std::to_string(seed));
    if (HasFatalFailure())
      return;
  }
}

/// Formulas that are not what they seem, before and after raising: test/passes/raise/alike.sinter, alike-attention.sinter.
TEST_F(SameMeaning, LookAlikes) {
  for (auto [file, count] : {std::pair("alike.mlir", 48u), {"alike-attention.mlir", 30u}}) {
    auto module = parseSourceFile<ModuleOp>(std::string(SINTER_SOURCE_DIR "/test/passes/Inputs/") + file, &context);
    ASSERT_TRUE(module);
    prepareInputs(*module);
    EXPECT_GE(inputs.size(), count);
    FailureOr<Outputs> before = run(*module);
    ASSERT_TRUE(succeeded(before));
    PassManager manager(&context);
    buildSimplifyPhase(manager);
    buildRaisePhase(manager);
    ASSERT_TRUE(succeeded(manager.run(*module)));
    FailureOr<Outputs> after = run(*module);
    ASSERT_TRUE(succeeded(after));
    for (auto &[name, values] : *before)
      EXPECT_LE(distance(Outputs{{name, values}}, *after), 1e-12) << name;
    PassManager lower(&context);
    buildLowerPhase(lower);
    ASSERT_TRUE(succeeded(lower.run(*module)));
    FailureOr<Outputs> lowered = run(*module);
    ASSERT_TRUE(succeeded(lowered));
    for (auto &[name, values] : *before)
      EXPECT_LE(distance(Outputs{{name, values}}, *lowered), 1e-5) << name;
  }
}

TEST_F(SameMeaning, TinyBert) {
  auto module = parseSourceFile<ModuleOp>(SINTER_SOURCE_DIR "/test/passes/bert-tiny.mlir", &context);
  ASSERT_TRUE(module);
  checkPhases(*module, 2e-6, "bert-tiny");
}

} // namespace
