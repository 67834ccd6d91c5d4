// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// pointwise, gather and move against plain loops, on every size around the vector's and for every kind of map.
#include "test/codegen/cpu/Harness.h"

using namespace sinter::test;

TEST(Pointwise, BroadcastsTransposesAndStrides) {
  // r[b, t] = x[b, t] * row[t] + column[b] - x'[t, b]; q = x > 0
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T], f32>, %r: !kernel.buffer<[T], f32>, %c: !kernel.buffer<[B, "
                              "1], f32>, %y: !kernel.buffer<[T, B], f32>",
                              R"(
  %0, %1 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %r at <(d0, d1) -> (d1)>,
                            %c at <(d0, d1) -> (d0, 0)>, %y at <(d0, d1) -> (d1, d0)>) {
  ^bb0(%a: f32, %b: f32, %d: f32, %e: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %m, %d : f32
    %z = arith.subf %s, %e : f32
    %zero = arith.constant 0.0 : f32
    %q = arith.cmpf ogt, %a, %zero : f32
    kernel.yield %z, %q : f32, i1
  } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[T], f32>, !kernel.buffer<[B, 1], f32>, !kernel.buffer<[T, B], f32>)
      -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i1>))"));
  for (int64_t rows : {1, 3, 17})
    for (int64_t length : trickySizes) {
      auto x = randomFloats(rows * length, 1), r = randomFloats(length, 2), c = randomFloats(rows, 3),
           y = randomFloats(rows * length, 4);
      Guarded gx = guarded(x), gr = guarded(r), gc = guarded(c), gy = guarded(y);
      auto results = kernel.run({{"B", rows}, {"T", length}}, {&gx, &gr, &gc, &gy},
                                {size_t(rows * length * 4), size_t(rows * length)});
      for (int64_t b = 0; b < rows; ++b)
        for (int64_t t = 0; t < length; ++t) {
          volatile float product = x[b * length + t] * r[t];
          volatile float sum = product + c[b];
          ASSERT_EQ(results[0].as<float>()[b * length + t], sum - y[t * rows + b])
              << rows << "x" << length << " at " << b << "," << t;
          ASSERT_EQ(results[1].as<uint8_t>()[b * length + t], x[b * length + t] > 0);
        }
    }
}

TEST(Pointwise, LongRowsAreCutInBlocks) {
  EveryKernel kernel(function("%x: !kernel.buffer<[N], i32>", R"(
  %0 = kernel.pointwise(%x at <(d0)[s0] -> (s0 - 1 - d0), [N]>) {
  ^bb0(%a: i32):
    %i = kernel.index 0 : i32
    %n = kernel.size 2*N + 1 : i32
    %s = arith.addi %a, %i : i32
    %r = arith.addi %s, %n : i32
    kernel.yield %r : i32
  } : (!kernel.buffer<[N], i32>) -> !kernel.buffer<[N], i32>)"));
  for (int64_t n : {1, 511, 512, 513, 1500}) {
    std::vector<int32_t> x(n);
    for (int64_t i = 0; i < n; ++i)
      x[i] = 7 * i;
    Guarded gx = guarded(x);
    auto results = kernel.run({{"N", n}}, {&gx}, {size_t(n * 4)});
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(results[0].as<int32_t>()[i], x[n - 1 - i] + i + 2 * n + 1) << n;
  }
}

// Heads joined: [B, H, T, D] read as [B, T, H * D], where 16 | D is one vector and another D is not.
template <int64_t head> static void joinHeads() {
  std::string d = std::to_string(head), width = std::to_string(3 * head);
  EveryKernel kernel(
      function("%x: !kernel.buffer<[B, 3, T, " + d + "], f32>, %m: !kernel.buffer<[B, T], i1>",
               "  %0 = kernel.pointwise(%x at <(d0, d1, d2) -> (d0, d2 floordiv " + d + ", d1, d2 mod " + d +
                   ")>, %m at <(d0, d1, d2) -> (d0, d1)>) {\n"
                   "  ^bb0(%a: f32, %c: i1):\n    %z = arith.constant -1.0 : f32\n    %r = arith.select %c, %a, %z : "
                   "f32\n    kernel.yield %r : f32\n"
                   "  } : (!kernel.buffer<[B, 3, T, " +
                   d + "], f32>, !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, T, " + width + "], f32>"));
  for (int64_t rows : {1, 2})
    for (int64_t length : {1, 5, 16}) {
      auto x = randomFloats(rows * 3 * length * head, 5);
      std::vector<uint8_t> mask(rows * length);
      for (size_t i = 0; i < mask.size(); ++i)
        mask[i] = i % 3 != 0;
      Guarded gx = guarded(x), gm = guarded(mask);
      auto results = kernel.run({{"B", rows}, {"T", length}}, {&gx, &gm}, {x.size() * 4});
      for (int64_t b = 0; b < rows; ++b)
        for (int64_t t = 0; t < length; ++t)
          for (int64_t c = 0; c < 3 * head; ++c) {
            float expected = mask[b * length + t] ? x[((b * 3 + c / head) * length + t) * head + c % head] : -1.0f;
            ASSERT_EQ(results[0].as<float>()[(b * length + t) * 3 * head + c], expected) << b << " " << t << " " << c;
          }
    }
}
TEST(Pointwise, JoinsHeadsOfWholeVectors) { joinHeads<32>(); }
TEST(Pointwise, JoinsHeadsOfOddWidth) { joinHeads<7>(); }

TEST(Pointwise, BooleansAtEverySize) {
  EveryKernel kernel(function("%x: !kernel.buffer<[B, T], i1>, %y: !kernel.buffer<[T], i1>", R"(
  %0 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %y at <(d0, d1) -> (d1)>) {
  ^bb0(%a: i1, %b: i1):
    %r = arith.andi %a, %b : i1
    kernel.yield %r : i1
  } : (!kernel.buffer<[B, T], i1>, !kernel.buffer<[T], i1>) -> !kernel.buffer<[B, T], i1>)"));
  for (int64_t length : trickySizes) {
    std::vector<uint8_t> x(3 * length), y(length);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = i * 7 % 3 != 0;
    for (size_t i = 0; i < y.size(); ++i)
      y[i] = i % 5 != 0;
    Guarded gx = guarded(x), gy = guarded(y);
    auto results = kernel.run({{"B", 3}, {"T", length}}, {&gx, &gy}, {x.size()});
    for (size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(results[0].as<uint8_t>()[i], x[i] & y[i % length]);
  }
}

TEST(Pointwise, RankZeroAndTrailingOnes) {
  EveryKernel scalar(function("%x: !kernel.buffer<[], f32>", R"(
  %0 = kernel.pointwise(%x at <() -> ()>) {
  ^bb0(%a: f32):
    %r = arith.negf %a : f32
    kernel.yield %r : f32
  } : (!kernel.buffer<[], f32>) -> !kernel.buffer<[], f32>)"));
  Guarded one = guarded<float>({3});
  EXPECT_EQ(scalar.run({}, {&one}, {4})[0].as<float>()[0], -3.0f);

  EveryKernel ones(function("%x: !kernel.buffer<[T, B], f32>", R"(
  %0 = kernel.pointwise(%x at <(d0, d1, d2, d3) -> (d2, d0)>) {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  } : (!kernel.buffer<[T, B], f32>) -> !kernel.buffer<[B, 1, T, 1], f32>)"));
  auto x = randomFloats(2 * 19, 6);
  Guarded gx = guarded(x);
  auto results = ones.run({{"B", 2}, {"T", 19}}, {&gx}, {x.size() * 4});
  for (int b = 0; b < 2; ++b)
    for (int t = 0; t < 19; ++t)
      EXPECT_EQ(results[0].as<float>()[b * 19 + t], x[t * 2 + b]);
}

TEST(Gather, ReadsRowsOfDenseTablesAndPanels) {
  for (bool isPanels : {false, true}) {
    std::string table = isPanels ? "!kernel.buffer<[37, 40], f32, panels>" : "!kernel.buffer<[37, 40], f32>";
    EveryKernel kernel(function("%w: " + table + ", %i: !kernel.buffer<[B, T], i32>",
                                "  %0 = kernel.gather %w[%i] : " + table +
                                    ", !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 40], f32>"));
    auto w = randomFloats(37 * 40, 7);
    Guarded gw = guarded(isPanels ? toPanels(w, 1, 37, 40) : w);
    std::vector<int32_t> ids = {0, 36, 5, 17, 16, 15};
    Guarded gi = guarded(ids);
    auto results = kernel.run({{"B", 2}, {"T", 3}}, {&gw, &gi}, {ids.size() * 160});
    for (size_t i = 0; i < ids.size(); ++i)
      for (int j = 0; j < 40; ++j)
        ASSERT_EQ(results[0].as<float>()[i * 40 + j], w[ids[i] * 40 + j]);
  }
}

TEST(Gather, RefusesIdsOutOfRange) {
  EveryKernel kernel(function(
      "%w: !kernel.buffer<[10], i32>, %i: !kernel.buffer<[T], i32>",
      "  %0 = kernel.gather %w[%i] : !kernel.buffer<[10], i32>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T], i32>"));
  Guarded table = guarded<int32_t>({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  for (int32_t bad : {10, -1, INT32_MAX, INT32_MIN}) {
    Guarded ids = guarded<int32_t>({1, bad, 9});
    kernel.run({{"T", 3}}, {&table, &ids}, {12}, SINTER_KERNEL_INDEX);
  }
  Guarded ids = guarded<int32_t>({1, 0, 9});
  EXPECT_EQ(kernel.run({{"T", 3}}, {&table, &ids}, {12})[0].as<int32_t>()[2], 9);
}

TEST(Move, PacksPanelsWithZeroPadding) {
  EveryKernel kernel(function("%w: !kernel.buffer<[2, K, N], f32>",
                              "  %0 = kernel.move %w at <(d0, d1, d2) -> (d0, d2, d1)> : !kernel.buffer<[2, K, N], "
                              "f32> -> !kernel.buffer<[2, N, K], f32, panels>"));
  for (int64_t n : trickySizes)
    for (int64_t k : {1, 16, 300}) {
      auto w = randomFloats(2 * n * k, 8);
      Guarded gw = guarded(w);
      std::vector<float> turned(w.size());
      for (int64_t l = 0; l < 2; ++l)
        for (int64_t j = 0; j < n; ++j)
          for (int64_t i = 0; i < k; ++i)
            turned[(l * n + j) * k + i] = w[(l * k + i) * n + j];
      Guarded expected = guarded(toPanels(turned, 2, n, k));
      auto results = kernel.run({{"N", n}, {"K", k}}, {&gw}, {expected.size()});
      ASSERT_TRUE(results[0] == expected) << n << "x" << k;
    }
}

TEST(Move, PacksBroadcastsWithZeroPadding) {
  EveryKernel kernel(function(
      "%w: !kernel.buffer<[K], f32>, %n: !kernel.buffer<[N], f32>",
      "  %0 = kernel.move %w at <(d0, d1) -> (d1)> : !kernel.buffer<[K], f32> -> !kernel.buffer<[N, K], f32, panels>"));
  auto w = randomFloats(5, 9);
  Guarded gw = guarded(w);
  std::vector<float> dense;
  for (int i = 0; i < 20; ++i)
    dense.insert(dense.end(), w.begin(), w.end());
  Guarded expected = guarded(toPanels(dense, 1, 20, 5));
  EXPECT_TRUE(kernel.run({{"N", 20}, {"K", 5}}, {&gw}, {expected.size()})[0] == expected);
}
