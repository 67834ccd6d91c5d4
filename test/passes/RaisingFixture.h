// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What tests of raising share: a context, the inputs of @main, one pass at a time, and how far results are apart.
#pragma once

#include "ir/kernel/Kernel.h"
#include "ir/reference/Interpreter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/PassManager.h"

#include <cmath>
#include <gtest/gtest.h>

namespace sinter::test {

/// `Base` is testing::Test, or testing::TestWithParam of something.
template <typename Base> class RaisingFixture : public Base {
protected:
  RaisingFixture() {
    context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, mlir::func::FuncDialect,
                        mlir::arith::ArithDialect, mlir::math::MathDialect>();
  }

  std::vector<double> run(mlir::ModuleOp module) {
    auto result = ir::evaluateModule(module, "main", inputs, [](llvm::StringRef) { return nullptr; });
    return succeeded(result) ? result->front().data : std::vector<double>();
  }
  llvm::LogicalResult pass(mlir::ModuleOp module, std::unique_ptr<mlir::Pass> pass) {
    mlir::PassManager manager(&context);
    manager.addPass(std::move(pass));
    return manager.run(module);
  }
  static double distance(const std::vector<double> &a, const std::vector<double> &b) {
    double largest = a.empty() || a.size() != b.size() ? INFINITY : 0;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      double difference = std::abs(a[i] - b[i]);
      largest = difference <= largest ? largest : std::isnan(difference) ? INFINITY : difference;
    }
    return largest;
  }
  static std::string text(mlir::ModuleOp module) {
    std::string result;
    llvm::raw_string_ostream stream(result);
    module.print(stream);
    return result;
  }

  mlir::MLIRContext context;
  std::vector<ir::RefTensor> inputs;
};

} // namespace sinter::test
