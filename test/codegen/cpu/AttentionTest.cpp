// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// attention against softmax in float64: numbers of queries and keys around the panel's and the block's, masks, biases,
// rows that see nothing, odd widths; and the promise that a query's bits depend on nothing but itself and its keys.
#include "test/codegen/cpu/Harness.h"

#include <cfloat>
#include <cmath>
#include <functional>

using namespace sinter::test;

/// One head in float64. `score(product, q, k)` is what goes into the softmax.
static std::vector<double> attend(const float *q, const float *k, const float *v, int64_t queries, int64_t keys,
                                  int64_t depth, int64_t columns, int64_t stride,
                                  const std::function<double(double, int64_t, int64_t)> &score) {
  std::vector<double> result(queries * columns, 0.0), weights(keys);
  for (int64_t i = 0; i < queries; ++i) {
    double largest = -HUGE_VAL, total = 0;
    for (int64_t j = 0; j < keys; ++j) {
      double product = 0;
      for (int64_t e = 0; e < depth; ++e)
        product += double(q[i * stride + e]) * k[j * stride + e];
      weights[j] = score(product, i, j);
      largest = std::max(largest, weights[j]);
    }
    for (int64_t j = 0; j < keys; ++j) {
      weights[j] = std::exp(weights[j] - largest);
      total += weights[j];
    }
    for (int64_t j = 0; j < keys; ++j)
      for (int64_t d = 0; d < columns; ++d)
        result[i * columns + d] += weights[j] / total * v[j * stride + d];
  }
  return result;
}

/// BERT's form: [B, T, H * E] buffers, two heads of 24, a mask of keys.
static const std::string padded = function("%q: !kernel.buffer<[B, Q, 48], f32>, %k: !kernel.buffer<[B, K, 48], f32>, "
                                           "%v: !kernel.buffer<[B, K, 48], f32>, %m: !kernel.buffer<[B, K], i32>",
                                           R"(
  %0 = kernel.attention batch 2 over [K, 24] %q at <(d0, d1, d2, d3) -> (d0, d2, d1 * 24 + d3)>, %k at <(d0, d1, d2, d3) -> (d0, d2, d1 * 24 + d3)>,
      %v at <(d0, d1, d2, d3) -> (d0, d2, d1 * 24 + d3)> extras(%m at <(d0, d1, d2, d3) -> (d0, d3)>) score {
  ^bb0(%s: f32, %0: i32):
    %scale = arith.constant 0.3 : f32
    %1 = arith.mulf %s, %scale : f32
    kernel.yield %1 : f32
  } mask {
  ^bb0(%0: i32):
    %zero = arith.constant 0 : i32
    %1 = arith.cmpi ne, %0, %zero : i32
    kernel.yield %1 : i1
  } : (!kernel.buffer<[B, Q, 48], f32>, !kernel.buffer<[B, K, 48], f32>, !kernel.buffer<[B, K, 48], f32>, !kernel.buffer<[B, K], i32>) -> !kernel.buffer<[B, 2, Q, 24], f32>)");

TEST(Attention, EverySizeWithPadding) {
  EveryKernel kernel(padded);
  auto check = [&](int64_t batch, int64_t queries, int64_t keys) {
    auto q = randomFloats(batch * queries * 48, 41), k = randomFloats(batch * keys * 48, 42),
         v = randomFloats(batch * keys * 48, 43);
    std::vector<int32_t> mask(batch * keys);
    for (int64_t i = 0; i < batch * keys; ++i)
      mask[i] = i % 3 != 1 && i / keys != 1; // the second batch sees nothing
    Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v), gm = guarded(mask);
    auto results = kernel.run({{"B", batch}, {"Q", queries}, {"K", keys}}, {&gq, &gk, &gv, &gm},
                              {size_t(batch * queries * 48 * 4)});
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t h = 0; h < 2; ++h) {
        auto expected = attend(
            &q[b * queries * 48 + h * 24], &k[b * keys * 48 + h * 24], &v[b * keys * 48 + h * 24], queries, keys, 24,
            24, 48, [&](double s, int64_t, int64_t j) { return mask[b * keys + j] ? s * 0.3 : -double(FLT_MAX); });
        for (size_t i = 0; i < expected.size(); ++i)
          ASSERT_NEAR(results[0].as<float>()[(b * 2 + h) * queries * 24 + i], expected[i], 5e-6)
              << batch << "x" << queries << "x" << keys << " at " << i;
      }
  };
  for (int64_t size : trickySizes) {
    check(1, size, 19);
    check(1, 5, size);
    check(2, size, size);
  }
  check(1, 17, 200);
}

TEST(Attention, CausalBlocksAreSkippedWithoutATrace) {
  // The same attention with the condition as a mask and inside of the score: the same bits.
  auto text = [](bool isMask) {
    std::string condition =
        "    %i = kernel.index 1 : i32\n    %j = kernel.index 2 : i32\n    %c = arith.cmpi sle, %j, %i : i32\n";
    std::string score = isMask ? "    kernel.yield %s : f32\n"
                               : condition + "    %no = arith.constant -3.40282347E+38 : f32\n    %r = arith.select "
                                             "%c, %s, %no : f32\n    kernel.yield %r : f32\n";
    std::string mask = isMask ? " mask {\n" + condition + "    kernel.yield %c : i1\n  }" : "";
    std::string type = "!kernel.buffer<[H, T, 10], f32>";
    return function("%q: " + type + ", %k: " + type + ", %v: " + type,
                    "  %0 = kernel.attention batch 1 over [T, 10] %q at <(d0, d1, d2) -> (d0, d1, d2)>, %k at <(d0, "
                    "d1, d2) -> (d0, d1, d2)>, %v at <(d0, d1, d2) -> (d0, d1, d2)> score {\n  ^bb0(%s: f32):\n" +
                        score + "  }" + mask + " : (" + type + ", " + type + ", " + type + ") -> " + type);
  };
  EveryKernel masked(text(true)), plain(text(false));
  for (int64_t length : {1, 15, 16, 17, 64, 65, 150}) {
    auto q = randomFloats(2 * length * 10, 44), k = randomFloats(2 * length * 10, 45),
         v = randomFloats(2 * length * 10, 46);
    Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v);
    auto skipped = masked.run({{"H", 2}, {"T", length}}, {&gq, &gk, &gv}, {q.size() * 4});
    auto whole = plain.run({{"H", 2}, {"T", length}}, {&gq, &gk, &gv}, {q.size() * 4});
    for (size_t i = 0; i < q.size(); ++i)
      ASSERT_EQ(skipped[0].as<float>()[i], whole[0].as<float>()[i]) << length << " at " << i;
    auto expected = attend(q.data(), k.data(), v.data(), length, length, 10, 10, 10,
                           [](double s, int64_t i, int64_t j) { return j <= i ? s : -double(FLT_MAX); });
    for (size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(whole[0].as<float>()[i], expected[i], 1e-5);
  }
}

TEST(Attention, BiasAlongQueriesAndOddWidths) {
  // Depth 3, columns 7, keys transposed, a bias for each pair.
  EveryKernel kernel(function("%q: !kernel.buffer<[Q, 3], f32>, %k: !kernel.buffer<[3, K], f32>, %v: "
                              "!kernel.buffer<[K, 7], f32>, %b: !kernel.buffer<[Q, K], f32>",
                              R"(
  %0 = kernel.attention batch 0 over [K, 3] %q at <(d0, d1) -> (d0, d1)>, %k at <(d0, d1) -> (d1, d0)>, %v at <(d0, d1) -> (d0, d1)>
      extras(%b at <(d0, d1) -> (d0, d1)>) score {
  ^bb0(%s: f32, %0: f32):
    %1 = arith.addf %s, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[Q, 3], f32>, !kernel.buffer<[3, K], f32>, !kernel.buffer<[K, 7], f32>, !kernel.buffer<[Q, K], f32>) -> !kernel.buffer<[Q, 7], f32>)"));
  for (auto [queries, keys] : {std::pair<int64_t, int64_t>{1, 1}, {3, 70}, {16, 16}, {21, 66}}) {
    auto q = randomFloats(queries * 3, 47), k = randomFloats(3 * keys, 48), v = randomFloats(keys * 7, 49),
         bias = randomFloats(queries * keys, 50);
    if (keys == 70) // everything a row sees so far may be -inf
      for (int64_t j = 0; j < 65; ++j)
        bias[keys + j] = -INFINITY;
    Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v), gb = guarded(bias);
    auto results = kernel.run({{"Q", queries}, {"K", keys}}, {&gq, &gk, &gv, &gb}, {size_t(queries * 7 * 4)});
    for (int64_t i = 0; i < queries; ++i) {
      std::vector<double> weights(keys);
      double largest = -HUGE_VAL, total = 0;
      for (int64_t j = 0; j < keys; ++j) {
        weights[j] = bias[i * keys + j];
        for (int64_t e = 0; e < 3; ++e)
          weights[j] += double(q[i * 3 + e]) * k[e * keys + j];
        largest = std::max(largest, weights[j]);
      }
      for (double &weight : weights)
        total += weight = std::exp(weight - largest);
      for (int64_t d = 0; d < 7; ++d) {
        double sum = 0;
        for (int64_t j = 0; j < keys; ++j)
          sum += weights[j] / total * v[j * 7 + d];
        ASSERT_NEAR(results[0].as<float>()[i * 7 + d], sum, 5e-6) << queries << "x" << keys << " at " << i << "," << d;
      }
    }
  }
}

TEST(Attention, AloneAsInABatchAndWithPadding) {
  EveryKernel kernel(padded);
  int64_t length = 37, longer = 130;
  auto q = randomFloats(2 * longer * 48, 51), k = randomFloats(2 * longer * 48, 52),
       v = randomFloats(2 * longer * 48, 53);
  std::vector<int32_t> mask(2 * longer, 1);
  for (int64_t j = length; j < longer; ++j)
    mask[j] = 0;
  Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v), gm = guarded(mask);
  auto batched = kernel.run({{"B", 2}, {"Q", longer}, {"K", longer}}, {&gq, &gk, &gv, &gm}, {q.size() * 4});
  auto first = [&](const std::vector<float> &all) {
    return guarded(std::vector<float>(all.begin(), all.begin() + length * 48));
  };
  Guarded sq = first(q), sk = first(k), sv = first(v), sm = guarded(std::vector<int32_t>(length, 1));
  auto alone = kernel.run({{"B", 1}, {"Q", length}, {"K", length}}, {&sq, &sk, &sv, &sm}, {size_t(length * 48 * 4)});
  for (int64_t h = 0; h < 2; ++h)
    for (int64_t i = 0; i < length * 24; ++i)
      ASSERT_EQ(alone[0].as<float>()[h * length * 24 + i], batched[0].as<float>()[h * longer * 24 + i])
          << h << " at " << i;
}
