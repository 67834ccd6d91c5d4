// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-interpret: runs @main with the reference interpreter and prints its results to standard output. Inputs
// and parameters count 0, 1, 2, ... in row-major order (i1: 0, 1, 0, 1, ...); sizes of symbols are options. For tests.
#include "ir/reference/Interpreter.h"

#include "ir/kernel/Kernel.h"

#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

namespace {

struct Interpret : PassWrapper<Interpret, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Interpret)

  Interpret() = default;
  Interpret(const Interpret &other) : PassWrapper(other) {}
  StringRef getArgument() const final { return "sinter-interpret"; }
  StringRef getDescription() const final { return "Run @main with the reference interpreter and print its results"; }

  ListOption<std::string> sizes{*this, "sizes", llvm::cl::desc("Sizes of symbols: B=2,T=3; 2 where not given")};
  Option<std::string> name{*this, "function", llvm::cl::desc("The function to run"), llvm::cl::init("main")};
  Option<double> scale{*this, "scale", llvm::cl::desc("Factor of the counted f32 values"), llvm::cl::init(1)};

  std::map<std::string, RefTensor> parameters;

  int64_t sizeOf(std::string_view symbol) const {
    for (const std::string &text : sizes) {
      auto [given, number] = StringRef(text).split('=');
      int64_t size;
      if (given == StringRef(symbol.data(), symbol.size()) && !number.getAsInteger(10, size))
        return size;
    }
    return 2;
  }

  RefTensor count(ArrayRef<Dim> dims, Type element) {
    RefTensor tensor{{}, element, {}};
    int64_t elements = 1;
    for (const Dim &dim : dims) {
      tensor.shape.push_back(dim.evaluate([&](std::string_view symbol) { return sizeOf(symbol); }).value_or(0));
      elements *= tensor.shape.back();
    }
    for (int64_t i = 0; i < elements && i < maxRefElements; ++i)
      tensor.data.push_back(element.isF32() ? i * scale : element.isInteger(1) ? i % 2 : i);
    return tensor;
  }

  void runOnOperation() final {
    getOperation().walk([&](ParameterOp parameter) {
      auto type = cast<ir::TensorType>(parameter.getType());
      parameters[parameter.getSymName().str()] = count(type.getShapeDims(), type.getElementType());
    });
    auto function = getOperation().lookupSymbol<func::FuncOp>(name);
    std::vector<RefTensor> inputs;
    for (Type type : function ? function.getArgumentTypes() : ArrayRef<Type>()) {
      if (auto buffer = dyn_cast<kernel::BufferType>(type))
        inputs.push_back(count(buffer.getShapeDims(), buffer.getElementType()));
      else if (auto tensor = dyn_cast<ir::TensorType>(type))
        inputs.push_back(count(tensor.getShapeDims(), tensor.getElementType()));
    }
    auto results = evaluateModule(getOperation(), name, inputs, [&](StringRef symbol) {
      auto found = parameters.find(symbol.str());
      return found == parameters.end() ? nullptr : &found->second;
    });
    if (failed(results))
      return signalPassFailure();
    for (const RefTensor &result : *results)
      print(result);
  }

  /// `2x3xf32: 0 1 2 3 4 5`
  static void print(const RefTensor &tensor) {
    for (int64_t size : tensor.shape)
      llvm::outs() << size << 'x';
    llvm::outs() << tensor.elementType << ':';
    for (double value : tensor.data)
      llvm::outs() << ' ' << llvm::format("%.10g", value == 0 ? 0.0 : value);
    llvm::outs() << '\n';
  }
};

} // namespace

namespace sinter::tools {
void registerInterpretPass() { PassRegistration<Interpret>(); }
} // namespace sinter::tools
