// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// row: softmax and layer norm against float64, the order of sums against a loop with the same 16 lanes, ties, NaN.
#include "test/codegen/cpu/Harness.h"

#include <cmath>

using namespace sinter::test;

/// The order that the dialect promises: 16 partial sums by index mod 16, folded 8, 4, 2, 1.
static float laneSum(const std::vector<float> &values) {
  float partial[16] = {};
  for (size_t i = 0; i < values.size(); ++i)
    partial[i % 16] += values[i];
  for (int half = 8; half > 0; half /= 2)
    for (int i = 0; i < half; ++i)
      partial[i] += partial[i + half];
  return partial[0];
}

static const char *const reductions = R"(
  %0, %1, %2, %3 = kernel.row domain [B, T] reduced 1 [sum, max, min, argmax] per_row (%x at <(d0, d1) -> (d0, d1)>)
    stage { ^bb0(%a: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32, %m: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32, %m: f32, %n: f32): kernel.yield %a : f32 }
    finish { ^bb0(%s: f32, %m: f32, %n: f32, %i: i32): kernel.yield %s, %m, %n, %i : f32, f32, f32, i32 }
    : (!kernel.buffer<[B, T], f32>) -> (!kernel.buffer<[B, 1], f32>, !kernel.buffer<[B, 1], f32>, !kernel.buffer<[B, 1], f32>, !kernel.buffer<[B, 1], i32>))";

TEST(Row, ReducesAtEverySize) {
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T], f32>", reductions));
  for (int64_t length : trickySizes) {
    auto x = randomFloats(3 * length, 11);
    Guarded gx = guarded(x);
    auto results = kernel.run({{"B", 3}, {"T", length}}, {&gx}, {12, 12, 12, 12});
    for (int b = 0; b < 3; ++b) {
      std::vector<float> row(x.begin() + b * length, x.begin() + (b + 1) * length);
      EXPECT_EQ(results[0].as<float>()[b], laneSum(row));
      auto largest = std::max_element(row.begin(), row.end());
      EXPECT_EQ(results[1].as<float>()[b], *largest);
      EXPECT_EQ(results[2].as<float>()[b], *std::min_element(row.begin(), row.end()));
      EXPECT_EQ(results[3].as<int32_t>()[b], largest - row.begin());
    }
  }
}

TEST(Row, TiesTakeTheFirstAndNanPropagates) {
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T], f32>", reductions));
  for (int64_t first : {0, 3, 16, 20, 35})
    for (int64_t second : {36, 37, 39}) {
      std::vector<float> x(40, -1.0f);
      x[first] = x[second] = 5;
      Guarded gx = guarded(x);
      EXPECT_EQ(kernel.run({{"B", 1}, {"T", 40}}, {&gx}, {4, 4, 4, 4})[3].as<int32_t>()[0], first);
      x[second] = NAN;
      Guarded bad = guarded(x);
      auto results = kernel.run({{"B", 1}, {"T", 40}}, {&bad}, {4, 4, 4, 4});
      for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(std::isnan(results[i].as<float>()[0])) << i;
      EXPECT_EQ(results[3].as<int32_t>()[0], second);
    }
  std::vector<float> low(5, -INFINITY);
  Guarded gl = guarded(low);
  EXPECT_EQ(kernel.run({{"B", 1}, {"T", 5}}, {&gl}, {4, 4, 4, 4})[3].as<int32_t>()[0], 0);
}

/// What a stage has computed for the sum may be kept for the finish: the same bits as computed again (here the product
/// with 1 makes the two look different).
TEST(Row, KeptExponentialsAreTheSame) {
  auto text = [](bool isKept) {
    std::string again = isKept ? "      %d = arith.subf %a, %max : f32\n"
                               : "      %one = arith.constant 1.0 : f32\n      %d0 = arith.subf %a, %max : f32\n"
                                 "      %d = arith.mulf %d0, %one : f32\n";
    return function("%x: !kernel.buffer<[B, 3, T], f32>", R"(
  %0 = kernel.row domain [B, 3, T] reduced 2 [max, sum] (%x at <(d0, d1, d2) -> (d0, d1, d2)>)
    stage { ^bb0(%a: f32): kernel.yield %a : f32 }
    stage {
    ^bb0(%a: f32, %max: f32):
      %d = arith.subf %a, %max : f32
      %e = math.exp %d : f32
      kernel.yield %e : f32
    } finish {
    ^bb0(%a: f32, %max: f32, %sum: f32):
)" + again + R"(      %e = math.exp %d : f32
      %q = arith.divf %e, %sum : f32
      %r = arith.addf %q, %a : f32
      kernel.yield %r : f32
    } : (!kernel.buffer<[B, 3, T], f32>) -> !kernel.buffer<[B, 3, T], f32>)");
  };
  EveryKernel kept(text(true)), again(text(false));
  for (int64_t length : trickySizes) {
    auto x = randomFloats(2 * 3 * length, 15, 5);
    Guarded gx = guarded(x);
    Sizes sizes = {{"B", 2}, {"T", length}};
    EXPECT_TRUE(kept.run(sizes, {&gx}, {x.size() * 4})[0] == again.run(sizes, {&gx}, {x.size() * 4})[0]) << length;
  }
}

TEST(Row, Softmax) {
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T], f32>, %m: !kernel.buffer<[T], i1>", R"(
  %0 = kernel.row domain [B, T] reduced 1 [max, sum] (%x at <(d0, d1) -> (d0, d1)>, %m at <(d0, d1) -> (d1)>)
    stage {
    ^bb0(%a: f32, %c: i1):
      %n = arith.constant -1.0e30 : f32
      %v = arith.select %c, %a, %n : f32
      kernel.yield %v : f32
    } stage {
    ^bb0(%a: f32, %c: i1, %max: f32):
      %n = arith.constant -1.0e30 : f32
      %v = arith.select %c, %a, %n : f32
      %d = arith.subf %v, %max : f32
      %e = math.exp %d : f32
      kernel.yield %e : f32
    } finish {
    ^bb0(%a: f32, %c: i1, %max: f32, %sum: f32):
      %n = arith.constant -1.0e30 : f32
      %v = arith.select %c, %a, %n : f32
      %d = arith.subf %v, %max : f32
      %e = math.exp %d : f32
      %q = arith.divf %e, %sum : f32
      kernel.yield %q : f32
    } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[T], i1>) -> !kernel.buffer<[B, T], f32>)"));
  for (int64_t length : trickySizes) {
    auto x = randomFloats(2 * length, 12, 20);
    std::vector<uint8_t> mask(length);
    for (int64_t i = 0; i < length; ++i)
      mask[i] = i % 4 != 2;
    Guarded gx = guarded(x), gm = guarded(mask);
    auto results = kernel.run({{"B", 2}, {"T", length}}, {&gx, &gm}, {x.size() * 4});
    for (int b = 0; b < 2; ++b) {
      double largest = -INFINITY, sum = 0;
      for (int64_t i = 0; i < length; ++i)
        largest = mask[i] ? std::max<double>(largest, x[b * length + i]) : largest;
      for (int64_t i = 0; i < length; ++i)
        sum += mask[i] ? std::exp(x[b * length + i] - largest) : 0;
      for (int64_t i = 0; i < length; ++i) {
        double expected = mask[i] ? std::exp(x[b * length + i] - largest) / sum : 0;
        EXPECT_NEAR(results[0].as<float>()[b * length + i], expected, 5e-6 * expected + 1e-37) << length;
      }
    }
  }
}

TEST(Row, SeveralReducedDimensions) {
  // Sum, arg-max and normalization over (d1, d2) of a constant shape.
  EveryKernel kernel(function("%x: !kernel.buffer<[B, 3, 21], i32>", R"(
  %0 = kernel.row domain [B, 3, 21] reduced 2 [sum, argmax] (%x at <(d0, d1, d2) -> (d0, d1, d2)>)
    stage { ^bb0(%a: i32): kernel.yield %a : i32 }
    stage { ^bb0(%a: i32, %s: i32): kernel.yield %a : i32 }
    finish {
    ^bb0(%a: i32, %s: i32, %i: i32):
      %j = kernel.index 1 : i32
      %k = kernel.index 2 : i32
      %p = arith.addi %s, %j : i32
      %q = arith.muli %p, %i : i32
      %r = arith.subi %q, %k : i32
      kernel.yield %r : i32
    } : (!kernel.buffer<[B, 3, 21], i32>) -> !kernel.buffer<[B, 3, 21], i32>)"));
  std::vector<int32_t> x(2 * 63);
  for (int i = 0; i < 126; ++i)
    x[i] = (i * 37) % 101 - 50;
  x[13] = x[40] = 1000;
  Guarded gx = guarded(x);
  auto results = kernel.run({{"B", 2}}, {&gx}, {x.size() * 4});
  for (int b = 0; b < 2; ++b) {
    int32_t sum = 0, best = 0;
    for (int i = 0; i < 63; ++i) {
      sum += x[b * 63 + i];
      best = x[b * 63 + i] > x[b * 63 + best] ? i : best;
    }
    for (int i = 0; i < 63; ++i)
      ASSERT_EQ(results[0].as<int32_t>()[b * 63 + i], (sum + i / 21) * best - i % 21);
  }
}

TEST(Row, LayerNormOfConstantWidth) {
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T, 40], f32>, %g: !kernel.buffer<[40], f32>", R"(
  %0 = kernel.row domain [B, T, 40] reduced 1 [sum, sum] (%x at <(d0, d1, d2) -> (d0, d1, d2)>, %g at <(d0, d1, d2) -> (d2)>)
    stage { ^bb0(%a: f32, %w: f32): kernel.yield %a : f32 }
    stage {
    ^bb0(%a: f32, %w: f32, %s: f32):
      %n = kernel.size 40 : f32
      %mean = arith.divf %s, %n : f32
      %d = arith.subf %a, %mean : f32
      %q = arith.mulf %d, %d : f32
      kernel.yield %q : f32
    } finish {
    ^bb0(%a: f32, %w: f32, %s: f32, %v: f32):
      %n = kernel.size 40 : f32
      %mean = arith.divf %s, %n : f32
      %d = arith.subf %a, %mean : f32
      %var = arith.divf %v, %n : f32
      %eps = arith.constant 1.0e-12 : f32
      %p = arith.addf %var, %eps : f32
      %sd = math.sqrt %p : f32
      %r = arith.divf %d, %sd : f32
      %y = arith.mulf %r, %w : f32
      kernel.yield %y : f32
    } : (!kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[40], f32>) -> !kernel.buffer<[B, T, 40], f32>)"));
  auto x = randomFloats(2 * 3 * 40, 13), g = randomFloats(40, 14);
  Guarded gx = guarded(x), gg = guarded(g);
  auto results = kernel.run({{"B", 2}, {"T", 3}}, {&gx, &gg}, {x.size() * 4});
  for (int row = 0; row < 6; ++row) {
    double mean = 0, variance = 0;
    for (int i = 0; i < 40; ++i)
      mean += x[row * 40 + i] / 40.0;
    for (int i = 0; i < 40; ++i)
      variance += (x[row * 40 + i] - mean) * (x[row * 40 + i] - mean) / 40.0;
    for (int i = 0; i < 40; ++i)
      EXPECT_NEAR(results[0].as<float>()[row * 40 + i], (x[row * 40 + i] - mean) / std::sqrt(variance + 1e-12) * g[i],
                  2e-6);
  }
}
