// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// contract against the chain of fused multiply-adds that the dialect promises, bit for bit: rows, columns and depths
// around the tile's, batches, transposed left operands, epilogues.
#include "test/codegen/cpu/Harness.h"

#include <cmath>

using namespace sinter::test;

/// sum over k of lhs[m, k] rhs[n, k], k ascending from 0.
static float chain(const float *lhs, int64_t stride, const float *rhs, int64_t depth) {
  float sum = 0;
  for (int64_t k = 0; k < depth; ++k)
    sum = std::fma(lhs[k * stride], rhs[k], sum);
  return sum;
}

TEST(Contract, EverySizeWithBiasAndResidual) {
  EveryKernel kernel(function("%x: !kernel.buffer<[M, K], f32>, %w: !kernel.buffer<[N, K], f32, panels>, %b: "
                              "!kernel.buffer<[N], f32>, %r: !kernel.buffer<[M, N], f32>",
                              R"(
  %0 = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()>
      extras(%b at <(d0, d1) -> (d1)>, %r at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%sum: f32, %0: f32, %1: f32):
    %2 = arith.addf %sum, %0 : f32
    %3 = arith.addf %2, %1 : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[M, K], f32>, !kernel.buffer<[N, K], f32, panels>, !kernel.buffer<[N], f32>, !kernel.buffer<[M, N], f32>) -> !kernel.buffer<[M, N], f32>)"));
  auto check = [&](int64_t m, int64_t n, int64_t k) {
    auto x = randomFloats(m * k, 21), w = randomFloats(n * k, 22), b = randomFloats(n, 23), r = randomFloats(m * n, 24);
    Guarded gx = guarded(x), gw = guarded(toPanels(w, 1, n, k)), gb = guarded(b), gr = guarded(r);
    auto results = kernel.run({{"M", m}, {"N", n}, {"K", k}}, {&gx, &gw, &gb, &gr}, {size_t(m * n * 4)});
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        volatile float biased = chain(&x[i * k], 1, &w[j * k], k) + b[j];
        ASSERT_EQ(results[0].as<float>()[i * n + j], biased + r[i * n + j])
            << m << "x" << n << "x" << k << " at " << i << "," << j;
      }
  };
  for (int64_t size : trickySizes) {
    check(size, 33, 5);
    check(7, size, 6);
    check(2, 17, size);
    check(size, size, size);
  }
}

TEST(Contract, AttentionScoresInBatches) {
  // s[b, h, t, u] = (q[b, t, h, :] . k[b, h, u, :]) * 0.5 where u <= t, else -1
  EveryKernel kernel(
      function("%q: !kernel.buffer<[B, T, 3, 20], f32>, %k: !kernel.buffer<[B, 3, U, 20], f32, panels>", R"(
  %0 = kernel.contract batch 2 %q at <(d0, d1, d2, d3) -> (d0, d2, d1, d3)>, %k at <(d0, d1) -> (d0, d1)> {
  ^bb0(%sum: f32):
    %half = arith.constant 0.5 : f32
    %no = arith.constant -1.0 : f32
    %t = kernel.index 2 : i32
    %u = kernel.index 3 : i32
    %c = arith.cmpi sle, %u, %t : i32
    %v = arith.mulf %sum, %half : f32
    %r = arith.select %c, %v, %no : f32
    kernel.yield %r : f32
  } : (!kernel.buffer<[B, T, 3, 20], f32>, !kernel.buffer<[B, 3, U, 20], f32, panels>) -> !kernel.buffer<[B, 3, T, U], f32>)"));
  for (int64_t length : {1, 6, 7, 16, 17, 33}) {
    int64_t batch = 2, other = length + 3;
    auto q = randomFloats(batch * length * 60, 25), k = randomFloats(batch * 3 * other * 20, 26);
    Guarded gq = guarded(q), gk = guarded(toPanels(k, batch * 3, other, 20));
    auto results =
        kernel.run({{"B", batch}, {"T", length}, {"U", other}}, {&gq, &gk}, {size_t(batch * 3 * length * other * 4)});
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t h = 0; h < 3; ++h)
        for (int64_t t = 0; t < length; ++t)
          for (int64_t u = 0; u < other; ++u) {
            float sum = chain(&q[((b * length + t) * 3 + h) * 20], 1, &k[((b * 3 + h) * other + u) * 20], 20);
            ASSERT_EQ(results[0].as<float>()[((b * 3 + h) * length + t) * other + u], u <= t ? sum * 0.5f : -1.0f);
          }
  }
}

TEST(Contract, TransposedLeftSharedRight) {
  // y[b, s, t, n] = x[k, b, s, t] w[n, k]: two row axes, k outermost in lhs, a constant shape without tails.
  EveryKernel kernel(function("%x: !kernel.buffer<[8, B, S, 3], f32>, %w: !kernel.buffer<[32, 8], f32, panels>", R"(
  %0 = kernel.contract batch 1 %x at <(d0, d1, d2, d3) -> (d3, d0, d1, d2)>, %w at <(d0) -> ()> {
  ^bb0(%sum: f32):
    %s = kernel.index 1 : i32
    %f = arith.sitofp %s : i32 to f32
    %r = arith.addf %sum, %f : f32
    kernel.yield %r : f32
  } : (!kernel.buffer<[8, B, S, 3], f32>, !kernel.buffer<[32, 8], f32, panels>) -> !kernel.buffer<[B, S, 3, 32], f32>)"));
  int64_t batch = 2, s = 5, rows = batch * s * 3;
  auto x = randomFloats(8 * rows, 27), w = randomFloats(32 * 8, 28);
  Guarded gx = guarded(x), gw = guarded(toPanels(w, 1, 32, 8));
  auto results = kernel.run({{"B", batch}, {"S", s}}, {&gx, &gw}, {size_t(rows * 32 * 4)});
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t n = 0; n < 32; ++n)
      ASSERT_EQ(results[0].as<float>()[r * 32 + n], chain(&x[r], rows, &w[n * 8], 8) + float(r / 3 % s));
}
