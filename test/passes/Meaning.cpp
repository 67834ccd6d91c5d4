// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Meaning.h.
#include "Meaning.h"

#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

int64_t test::Meaning::evaluate(const Dim &dim) const {
  return *dim.evaluate([&](std::string_view name) { return sizes.at(std::string(name)); });
}

RefTensor test::Meaning::numbers(ir::TensorType type) {
  RefTensor tensor{{}, type.getElementType(), {}};
  int64_t count = 1;
  for (const Dim &dim : type.getShapeDims()) {
    tensor.shape.push_back(evaluate(dim));
    count *= tensor.shape.back();
  }
  for (int64_t i = 0; i < count; ++i)
    tensor.data.push_back(tensor.elementType.isF32() ? static_cast<double>(random() % 257) / 64 - 2
                          : tensor.elementType.isInteger(32)
                              ? static_cast<double>(lowest + static_cast<int64_t>(random() % (highest - lowest + 1)))
                              : static_cast<double>(random() % 2));
  return tensor;
}

void test::Meaning::choose(ModuleOp module) {
  parameters.clear();
  inputs.clear();
  module.walk([&](ParameterOp op) { parameters[op.getSymName().str()] = numbers(cast<ir::TensorType>(op.getType())); });
  for (auto function : module.getOps<func::FuncOp>()) {
    std::vector<RefTensor> &values = inputs[function.getSymName().str()];
    for (Type type : function.getArgumentTypes())
      values.push_back(numbers(cast<ir::TensorType>(type)));
  }
}

FailureOr<test::Outputs> test::Meaning::run(ModuleOp module) const {
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

double test::distance(const std::vector<RefTensor> &a, const std::vector<RefTensor> &b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].shape != b[i].shape || a[i].data.size() != b[i].data.size())
      return INFINITY;
    for (size_t j = 0; j < a[i].data.size(); ++j) {
      double x = a[i].data[j], y = b[i].data[j];
      double difference = x == y ? 0 : std::fabs(x - y) / std::max(1.0, std::fabs(x));
      if (!(difference <= largest)) // NaN counts as infinite
        largest = std::isnan(difference) ? INFINITY : difference;
    }
  }
  return largest;
}

double test::distance(const Outputs &a, const Outputs &b) {
  double largest = 0;
  for (auto &[name, values] : a)
    largest = std::max(largest, distance(values, b.at(name)));
  return largest;
}

std::string test::textOf(ModuleOp module) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  module.print(stream);
  return result;
}

void test::loadDialects(MLIRContext &context) {
  context
      .loadDialect<SinterDialect, kernel::KernelDialect, func::FuncDialect, arith::ArithDialect, math::MathDialect>();
}
