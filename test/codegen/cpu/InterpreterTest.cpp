// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled kernels against the reference interpreter, on the same random inputs: one case for each skeleton, every
// size around the vector's.
#include "test/codegen/cpu/Harness.h"

#include "ir/reference/Interpreter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <cmath>

using namespace sinter;
using namespace sinter::test;
using ir::kernel::BufferType;

namespace {
/// One function with one skeleton, whose operands are the function's arguments in order.
class Case {
public:
  explicit Case(const std::string &text) : compiled(text) {
    context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, mlir::func::FuncDialect,
                        mlir::arith::ArithDialect, mlir::math::MathDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  }
  /// `ids` bounds integers.
  void check(const Sizes &sizes, double tolerance, int32_t ids = 50);

private:
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module;
  EveryKernel compiled;
};
} // namespace

static std::vector<int64_t> shapeOf(BufferType type, const Sizes &sizes) {
  std::vector<int64_t> shape;
  for (const Dim &dim : type.getShapeDims())
    shape.push_back(
        *dim.evaluate([&](std::string_view name) -> std::optional<int64_t> { return sizes.at(std::string(name)); }));
  return shape;
}

static int64_t product(const std::vector<int64_t> &shape, size_t end) {
  int64_t count = 1;
  for (size_t i = 0; i < end; ++i)
    count *= shape[i];
  return count;
}

/// The bytes of a tensor as a buffer of `type` stores it.
static Guarded stored(BufferType type, const ir::RefTensor &tensor) {
  if (type.getElementType().isInteger(32))
    return guarded(std::vector<int32_t>(tensor.data.begin(), tensor.data.end()));
  if (type.getElementType().isInteger(1))
    return guarded(std::vector<uint8_t>(tensor.data.begin(), tensor.data.end()));
  std::vector<float> values(tensor.data.begin(), tensor.data.end());
  size_t rank = tensor.shape.size();
  return guarded(type.isPanels()
                     ? toPanels(values, product(tensor.shape, rank - 2), tensor.shape[rank - 2], tensor.shape[rank - 1])
                     : values);
}

void Case::check(const Sizes &sizes, double tolerance, int32_t ids) {
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  std::vector<ir::RefTensor> inputs;
  std::vector<Guarded> buffers;
  std::vector<const Guarded *> pointers;
  unsigned seed = 100;
  for (mlir::Type argument : function.getArgumentTypes()) {
    auto type = mlir::cast<BufferType>(argument);
    ir::RefTensor tensor{shapeOf(type, sizes), type.getElementType(), {}};
    for (float value : randomFloats(product(tensor.shape, tensor.shape.size()), seed++, 3))
      tensor.data.push_back(type.getElementType().isF32()         ? value
                            : type.getElementType().isInteger(32) ? std::floor((value + 3) / 6.001 * ids)
                                                                  : value > -1);
    buffers.push_back(stored(type, tensor));
    inputs.push_back(std::move(tensor));
  }
  for (const Guarded &buffer : buffers)
    pointers.push_back(&buffer);
  auto expected = ir::evaluateFunction(function, inputs, [](llvm::StringRef) { return nullptr; });
  ASSERT_TRUE(mlir::succeeded(expected));
  std::vector<Guarded> wanted;
  std::vector<size_t> bytes;
  for (auto [tensor, type] : llvm::zip_equal(*expected, function.getResultTypes())) {
    wanted.push_back(stored(mlir::cast<BufferType>(type), tensor));
    bytes.push_back(wanted.back().size());
  }
  std::vector<Guarded> actual = compiled.run(sizes, pointers, bytes);
  for (size_t r = 0; r < actual.size(); ++r) {
    if (!mlir::cast<BufferType>(function.getResultTypes()[r]).getElementType().isF32()) {
      ASSERT_TRUE(actual[r] == wanted[r]) << "result " << r;
      continue;
    }
    for (size_t i = 0; i < actual[r].size() / 4; ++i) {
      float value = actual[r].as<float>()[i], exact = wanted[r].as<float>()[i];
      ASSERT_LE(std::fabs(value - exact), tolerance * std::max(1.0f, std::fabs(exact)))
          << "result " << r << " at " << i;
    }
  }
}

TEST(AgainstInterpreter, PointwiseGelu) {
  Case gelu(
      R"(func.func @f(%x: !kernel.buffer<[B, T], f32>, %b: !kernel.buffer<[T], f32>, %i: !kernel.buffer<[T, B], i32>)
      -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i32>) {
    %r:2 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %b at <(d0, d1)[s0] -> (s0 - d1 - 1), [T]>, %i at <(d0, d1) -> (d1, d0)>) {
    ^bb0(%a: f32, %c: f32, %k: i32):
      %s = arith.addf %a, %c : f32
      %half = arith.constant 0.5 : f32
      %root = arith.constant 0.70710678 : f32
      %one = arith.constant 1.0 : f32
      %p = arith.mulf %s, %root : f32
      %e = math.erf %p : f32
      %q = arith.addf %e, %one : f32
      %h = arith.mulf %s, %half : f32
      %g = arith.mulf %h, %q : f32
      %t = math.tanh %g : f32
      %m = arith.maximumf %t, %c : f32
      %seven = arith.constant 7 : i32
      %j = kernel.index 1 : i32
      %d = arith.floordivsi %k, %seven : i32
      %u = arith.subi %d, %j : i32
      kernel.yield %m, %u : f32, i32
    } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[T], f32>, !kernel.buffer<[T, B], i32>) -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i32>)
    return %r#0, %r#1 : !kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i32>
  })");
  for (int64_t size : trickySizes)
    gelu.check({{"B", 3}, {"T", size}}, 1e-6);
}

TEST(AgainstInterpreter, RowSoftmaxAndArgMax) {
  Case softmax(
      R"(func.func @f(%x: !kernel.buffer<[B, 2, T], f32>, %m: !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, 2, T], f32> {
    %r = kernel.row domain [B, 2, T] reduced 1 [max, sum, argmax] (%x at <(d0, d1, d2) -> (d0, d1, d2)>, %m at <(d0, d1, d2) -> (d0, d2)>)
      stage {
      ^bb0(%a: f32, %c: i1):
        %low = arith.constant -1.0e9 : f32
        %v = arith.select %c, %a, %low : f32
        kernel.yield %v : f32
      } stage {
      ^bb0(%a: f32, %c: i1, %max: f32):
        %low = arith.constant -1.0e9 : f32
        %v = arith.select %c, %a, %low : f32
        %d = arith.subf %v, %max : f32
        %e = math.exp %d : f32
        kernel.yield %e : f32
      } stage {
      ^bb0(%a: f32, %c: i1, %max: f32, %sum: f32):
        kernel.yield %a : f32
      } finish {
      ^bb0(%a: f32, %c: i1, %max: f32, %sum: f32, %best: i32):
        %low = arith.constant -1.0e9 : f32
        %v = arith.select %c, %a, %low : f32
        %d = arith.subf %v, %max : f32
        %e = math.exp %d : f32
        %p = arith.divf %e, %sum : f32
        %f = arith.sitofp %best : i32 to f32
        %q = arith.addf %p, %f : f32
        kernel.yield %q : f32
      } : (!kernel.buffer<[B, 2, T], f32>, !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, 2, T], f32>
    return %r : !kernel.buffer<[B, 2, T], f32>
  })");
  for (int64_t size : trickySizes)
    softmax.check({{"B", 2}, {"T", size}}, 2e-6);
}

TEST(AgainstInterpreter, RowsOverOneSizeTwice) {
  // Running sums of integers and reals, and the entry of each row that an id names.
  Case sums(
      R"(func.func @f(%i: !kernel.buffer<[B, T], i32>, %x: !kernel.buffer<[B, T], f32>) -> (!kernel.buffer<[B, T, 1], i32>, !kernel.buffer<[B, T, 1], f32>) {
    %a, %b = kernel.row domain [B, T, T] reduced 1 [sum, sum] per_row (%i at <(d0, d1, d2) -> (d0, d2)>, %x at <(d0, d1, d2) -> (d0, d2)>)
      stage {
      ^bb0(%k: i32, %v: f32):
        %here = kernel.index 1 : i32
        %other = kernel.index 2 : i32
        %counts = arith.cmpi sle, %other, %here : i32
        %zero = arith.constant 0 : i32
        %s = arith.select %counts, %k, %zero : i32
        kernel.yield %s : i32
      } stage {
      ^bb0(%k: i32, %v: f32, %first: i32):
        %here = kernel.index 1 : i32
        %other = kernel.index 2 : i32
        %counts = arith.cmpi sle, %other, %here : i32
        %zero = arith.constant 0.0 : f32
        %s = arith.select %counts, %v, %zero : f32
        kernel.yield %s : f32
      } finish {
      ^bb0(%first: i32, %second: f32):
        kernel.yield %first, %second : i32, f32
      } : (!kernel.buffer<[B, T], i32>, !kernel.buffer<[B, T], f32>) -> (!kernel.buffer<[B, T, 1], i32>, !kernel.buffer<[B, T, 1], f32>)
    return %a, %b : !kernel.buffer<[B, T, 1], i32>, !kernel.buffer<[B, T, 1], f32>
  })");
  Case entry(
      R"(func.func @f(%i: !kernel.buffer<[B, T], i32>, %x: !kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32> {
    %c = kernel.row domain [B, T] reduced 1 [sum] per_row (%i at <(d0, d1) -> (d0, 0)>, %x at <(d0, d1) -> (d0, d1)>)
      stage {
      ^bb0(%id: i32, %v: f32):
        %index = kernel.index 1 : i32
        %is = arith.cmpi eq, %index, %id : i32
        %zero = arith.constant 0.0 : f32
        %s = arith.select %is, %v, %zero : f32
        kernel.yield %s : f32
      } finish {
      ^bb0(%s: f32):
        kernel.yield %s : f32
      } : (!kernel.buffer<[B, T], i32>, !kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32>
    return %c : !kernel.buffer<[B, 1], f32>
  })");
  for (int64_t size : trickySizes) {
    sums.check({{"B", 2}, {"T", size}}, 1e-5);
    entry.check({{"B", 2}, {"T", size}}, 0, int32_t(size));
  }
}

TEST(AgainstInterpreter, ContractWithEpilogue) {
  Case product(
      R"(func.func @f(%x: !kernel.buffer<[B, K, M], f32>, %w: !kernel.buffer<[B, N, K], f32, panels>, %b: !kernel.buffer<[N], f32>) -> !kernel.buffer<[B, M, N], f32> {
    %r = kernel.contract batch 1 %x at <(d0, d1, d2) -> (d0, d2, d1)>, %w at <(d0) -> (d0)> extras(%b at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%sum: f32, %c: f32):
      %s = arith.addf %sum, %c : f32
      %t = math.tanh %s : f32
      kernel.yield %t : f32
    } : (!kernel.buffer<[B, K, M], f32>, !kernel.buffer<[B, N, K], f32, panels>, !kernel.buffer<[N], f32>) -> !kernel.buffer<[B, M, N], f32>
    return %r : !kernel.buffer<[B, M, N], f32>
  })");
  for (int64_t size : trickySizes) {
    product.check({{"B", 2}, {"M", size}, {"N", 9}, {"K", 4}}, 1e-5);
    product.check({{"B", 1}, {"M", 7}, {"N", size}, {"K", 3}}, 1e-5);
    product.check({{"B", 1}, {"M", 2}, {"N", 18}, {"K", size}}, 1e-5);
  }
}

TEST(AgainstInterpreter, GatherAndMove) {
  Case gather(
      R"(func.func @f(%w: !kernel.buffer<[50, D], f32, panels>, %i: !kernel.buffer<[T], i32>) -> !kernel.buffer<[T, D], f32> {
    %r = kernel.gather %w[%i] : !kernel.buffer<[50, D], f32, panels>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T, D], f32>
    return %r : !kernel.buffer<[T, D], f32>
  })");
  Case move(R"(func.func @f(%x: !kernel.buffer<[B, T, 21], f32>) -> !kernel.buffer<[B, 3, T, 7], f32, panels> {
    %r = kernel.move %x at <(d0, d1, d2, d3) -> (d0, d2, d1 * 7 + d3)> : !kernel.buffer<[B, T, 21], f32> -> !kernel.buffer<[B, 3, T, 7], f32, panels>
    return %r : !kernel.buffer<[B, 3, T, 7], f32, panels>
  })");
  for (int64_t size : trickySizes) {
    gather.check({{"D", size}, {"T", 5}}, 0);
    gather.check({{"D", 3}, {"T", size}}, 0);
    move.check({{"B", 2}, {"T", size}}, 0);
  }
}
