// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter's face: inputs are bound and checked, parameters looked up, and a product of MiniLM's size is a
// matter of a moment.
#include "ir/reference/Interpreter.h"
#include "ir/kernel/Kernel.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace mlir;
using sinter::Dim;
using namespace sinter::ir;

namespace {

class Interpreter : public ::testing::Test {
protected:
  Interpreter()
      : handler(&context, [this](Diagnostic &diagnostic) {
          message = diagnostic.str();
          return success();
        }) {
    context.loadDialect<SinterDialect, kernel::KernelDialect, func::FuncDialect>();
  }

  FailureOr<std::vector<RefTensor>> run(StringRef text, ArrayRef<RefTensor> inputs) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << message;
    if (!module)
      return failure();
    return evaluateModule(*module, "main", inputs,
                          [this](StringRef name) { return name == "w" ? &parameter : nullptr; });
  }

  MLIRContext context;
  std::string message;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
  RefTensor parameter{{2}, {}, {10, 20}};
};

constexpr const char *addText = R"(
sinter.parameter @w ["w"] : !sinter.tensor<[2], f32>
func.func @main(%x: !sinter.tensor<[B, 2], f32> {sinter.name = "x"}, %y: !sinter.tensor<[B], i32>) -> !sinter.tensor<[B, 2], f32> {
  %w = sinter.read @w : !sinter.tensor<[2], f32>
  %v = sinter.view %w at <(d0, d1) -> (d1)> : !sinter.tensor<[2], f32> -> !sinter.tensor<[B, 2], f32>
  %r = sinter.add %x, %v : !sinter.tensor<[B, 2], f32>
  return %r : !sinter.tensor<[B, 2], f32>
})";

TEST_F(Interpreter, RunsWithParameters) {
  auto results = run(addText, {RefTensor{{2, 2}, {}, {1, 2, 3, 4}}, RefTensor{{2}, {}, {0, 0}}});
  ASSERT_TRUE(succeeded(results)) << message;
  EXPECT_EQ((*results)[0].shape, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ((*results)[0].data, (std::vector<double>{11, 22, 13, 24}));
  EXPECT_TRUE((*results)[0].elementType.isF32());
}

TEST_F(Interpreter, RefusesWhatDoesNotFit) {
  RefTensor x{{2, 2}, {}, {1, 2, 3, 4}}, y{{2}, {}, {0, 0}};
  EXPECT_TRUE(failed(run(addText, {x})));
  EXPECT_EQ(message, "1 inputs are given, but 2 are expected");
  EXPECT_TRUE(failed(run(addText, {y, y})));
  EXPECT_EQ(message, "input 'x' has 1 axes, but 2 are expected");
  EXPECT_TRUE(failed(run(addText, {x, RefTensor{{3}, {}, {0, 0, 0}}})));
  EXPECT_EQ(message, "axis 0 of input 1 is 3, but B is 2 (bound by input 'x')");
  EXPECT_TRUE(failed(run(addText, {RefTensor{{2, 3}, {}, {1, 2, 3, 4, 5, 6}}, y})));
  EXPECT_EQ(message, "axis 1 of input 'x' is 3, but must be 2");
  EXPECT_TRUE(failed(run(addText, {RefTensor{{2, 2}, {}, {1}}, y})));
  EXPECT_EQ(message, "input 'x' has 1 values, but its shape asks for 4");
  EXPECT_TRUE(failed(run(addText, {RefTensor{{0, 2}, {}, {}}, y})));
  EXPECT_EQ(message, "input 'x' has an axis of extent 0");
  EXPECT_TRUE(failed(run(addText, {RefTensor{{2, 2}, IntegerType::get(&context, 32), {1, 2, 3, 4}}, y})));
  EXPECT_EQ(message, "input 'x' holds 'i32', but 'f32' is expected");
  parameter = {{3}, {}, {1, 2, 3}};
  EXPECT_TRUE(failed(run(addText, {x, y})));
  EXPECT_EQ(message, "the value of parameter @w has another shape than its declaration");
  EXPECT_TRUE(failed(run("func.func @other() { return }", {})));
  EXPECT_EQ(message, "has no function @main");
}

TEST_F(Interpreter, MissingParameterIsNamed) {
  EXPECT_TRUE(failed(run(R"(
sinter.parameter @v ["v"] : !sinter.tensor<[2], f32>
func.func @main() -> !sinter.tensor<[2], f32> {
  %v = sinter.read @v : !sinter.tensor<[2], f32>
  return %v : !sinter.tensor<[2], f32>
})",
                         {})));
  EXPECT_EQ(message, "parameter @v has no value");
}

// Builders without a result type: what they infer is what the verifier asks for.
TEST_F(Interpreter, BuildersInferShapes) {
  OpBuilder builder(&context);
  Location location = builder.getUnknownLoc();
  auto type = [&](std::initializer_list<Dim> dims, Type element) {
    return sinter::ir::TensorType::get(&context, ArrayRef<Dim>(dims), element);
  };
  Dim b = Dim::symbol("B"), t = Dim::symbol("T");
  Type f32 = builder.getF32Type(), i32 = builder.getI32Type();
  OwningOpRef<ModuleOp> owner = ModuleOp::create(builder, location);
  auto function = func::FuncOp::create(
      location, "f", builder.getFunctionType({type({b, t, 8}, f32), type({9, 8}, f32), type({b, t}, i32)}, {}));
  owner->push_back(function);
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  Value x = body->getArgument(0), w = body->getArgument(1), ids = body->getArgument(2);
  EXPECT_EQ(IotaOp::create(builder, location, t + Dim(1)).getType(), type({t + Dim(1)}, i32));
  EXPECT_EQ(ConcatOp::create(builder, location, ValueRange{x, x, x}, 1).getType(), type({b, Dim(3) * t, 8}, f32));
  EXPECT_EQ(sinter::ir::GatherOp::create(builder, location, w, ids).getType(), type({b, t, 8}, f32));
  EXPECT_EQ(PickOp::create(builder, location, x, ids).getType(), type({b, t}, f32));
  EXPECT_EQ(SumOp::create(builder, location, x, {0, 2}).getType(), type({1, t, 1}, f32));
  EXPECT_EQ(MaxOp::create(builder, location, ids, {1}).getType(), type({b, 1}, i32));
  EXPECT_EQ(MinOp::create(builder, location, ids, {1}).getType(), type({b, 1}, i32));
  EXPECT_EQ(ArgMaxOp::create(builder, location, x, {2}).getType(), type({b, t, 1}, i32));
  EXPECT_EQ(CompareOp::create(builder, location, Predicate::lt, ids, ids).getType(), type({b, t}, builder.getI1Type()));
  EXPECT_EQ(sinter::ir::ContractOp::create(builder, location, x, w, "abc,dc->dab").getType(), type({9, b, t}, f32));
  EXPECT_EQ(AddOp::create(builder, location, x, x).getType(), type({b, t, 8}, f32));
  func::ReturnOp::create(builder, location);
  EXPECT_TRUE(succeeded(owner->verify())) << message;
}

// One layer's feed-forward of MiniLM at 256 tokens, 0.6 GFLOP.
TEST_F(Interpreter, IsNotSilly) {
  RefTensor x{{256, 384}, {}, std::vector<double>(256 * 384, 0.5)};
  RefTensor up{{1536, 384}, {}, std::vector<double>(1536 * 384, 0.25)};
  auto start = std::chrono::steady_clock::now();
  auto results = run(R"(
func.func @main(%x: !sinter.tensor<[T, 384], f32>, %w: !sinter.tensor<[1536, 384], f32>) -> !sinter.tensor<[T, 384], f32> {
  %u = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[T, 384], f32>, !sinter.tensor<[1536, 384], f32> -> !sinter.tensor<[T, 1536], f32>
  %d = sinter.contract %u, %w "ac,cb->ab" : !sinter.tensor<[T, 1536], f32>, !sinter.tensor<[1536, 384], f32> -> !sinter.tensor<[T, 384], f32>
  return %d : !sinter.tensor<[T, 384], f32>
})",
                     {x, up});
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ASSERT_TRUE(succeeded(results)) << message;
  EXPECT_EQ((*results)[0].data[7], 0.5 * 0.25 * 384 * 0.25 * 1536);
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 20);
  std::fprintf(stderr, "0.6 GFLOP in %.2f s\n", seconds);
}

} // namespace
