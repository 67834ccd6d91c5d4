// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Masks of attention: what they hide is left out of the work, and nobody can tell by the bits. Each condition is tried
// as a mask, which leaves out, and spelled out inside of the score, which does not; and against float64.
#include "test/codegen/cpu/Harness.h"

#include <cfloat>
#include <cmath>
#include <functional>

using namespace sinter::test;

namespace {
/// What the conditions read: two paddings of keys, i32 and i1, and a number for each pair.
struct Data {
  int64_t batch, queries, keys;
  std::vector<int32_t> padding, pairs;
  std::vector<uint8_t> flags;
};

struct Condition {
  const char *name;
  std::string text; ///< defines %c of %i, %j (indices) and %p, %f, %g (data)
  std::function<bool(const Data &, int64_t b, int64_t i, int64_t j)> sees;
};
} // namespace

static const std::string paddingText = "%z = arith.constant 0 : i32\n %c0 = arith.cmpi ne, %p, %z : i32\n";

static std::vector<Condition> conditions() {
  return {
      {"causal", "%c = arith.cmpi sle, %j, %i : i32\n",
       [](const Data &, int64_t, int64_t i, int64_t j) { return j <= i; }},
      {"window",
       "%w = arith.constant 20 : i32\n %d = arith.subi %i, %j : i32\n %c0 = arith.cmpi slt, %d, %w : i32\n"
       " %c1 = arith.cmpi sge, %i, %j : i32\n %c = arith.andi %c0, %c1 : i1\n",
       [](const Data &, int64_t, int64_t i, int64_t j) { return j <= i && i - j < 20; }},
      {"outside a window, shifted",
       "%w = arith.constant 30 : i32\n %sum = arith.addi %i, %w : i32\n %c0 = arith.cmpi sgt, %j, %sum : i32\n"
       " %c1 = arith.cmpi eq, %i, %j : i32\n %c = arith.ori %c0, %c1 : i1\n",
       [](const Data &, int64_t, int64_t i, int64_t j) { return j > i + 30 || i == j; }},
      {"padding", paddingText + "%t = arith.constant true\n %c = arith.andi %c0, %t : i1\n",
       [](const Data &d, int64_t b, int64_t, int64_t j) { return d.padding[b * d.keys + j] != 0; }},
      {"padding of bytes, inverted", "%t = arith.constant true\n %c = arith.xori %f, %t : i1\n",
       [](const Data &d, int64_t b, int64_t, int64_t j) { return d.flags[b * d.keys + j] == 0; }},
      {"causal and padding, itself always",
       paddingText + "%c1 = arith.cmpi sle, %j, %i : i32\n %c2 = arith.cmpi eq, %j, %i : i32\n"
                     " %c3 = arith.ori %c0, %c2 : i1\n %c = arith.andi %c1, %c3 : i1\n",
       [](const Data &d, int64_t b, int64_t i, int64_t j) {
         return j <= i && (d.padding[b * d.keys + j] != 0 || i == j);
       }},
      {"causal and padding", // some see nothing
       paddingText + "%c1 = arith.cmpi sle, %j, %i : i32\n %c = arith.andi %c1, %c0 : i1\n",
       [](const Data &d, int64_t b, int64_t i, int64_t j) { return j <= i && d.padding[b * d.keys + j] != 0; }},
      {"pairs", "%z = arith.constant 0 : i32\n %c0 = arith.cmpi ne, %g, %z : i32\n %c = arith.ori %c0, %f : i1\n",
       [](const Data &d, int64_t b, int64_t i, int64_t j) {
         return d.pairs[i * d.keys + j] != 0 || d.flags[b * d.keys + j] != 0;
       }},
      {"sums that wrap", // i + INT32_MAX is negative for all i but 0
       "%w = arith.constant 2147483647 : i32\n %sum = arith.addi %i, %w : i32\n %c = arith.cmpi sle, %j, %sum : i32\n",
       [](const Data &, int64_t, int64_t i, int64_t) { return i == 0; }},
      {"unlike",
       "%c0 = arith.cmpi ne, %i, %j : i32\n %n = kernel.size K : i32\n %c1 = arith.cmpi slt, %j, %n : i32\n"
       " %c2 = arith.cmpi ult, %j, %n : i32\n %c3 = arith.andi %c1, %c2 : i1\n %c = arith.andi %c0, %c3 : i1\n",
       [](const Data &, int64_t, int64_t i, int64_t j) { return i != j; }},
  };
}

static std::string attention(const Condition &condition, bool isMask) {
  const std::string indices = "    %i = kernel.index 1 : i32\n    %j = kernel.index 2 : i32\n ";
  const std::string scale = "    %half = arith.constant 0.5 : f32\n    %x = arith.mulf %s, %half : f32\n";
  std::string score = scale + "    kernel.yield %x : f32\n", mask;
  if (isMask)
    mask = " mask {\n  ^bb0(%p: i32, %f: i1, %g: i32):\n" + indices + condition.text + "    kernel.yield %c : i1\n  }";
  else
    score = scale + indices + condition.text +
            "    %no = arith.constant -3.40282347E+38 : f32\n    %r = arith.select %c, %x, %no : f32\n"
            "    kernel.yield %r : f32\n";
  const std::string q = "!kernel.buffer<[B, Q, 8], f32>", k = "!kernel.buffer<[B, K, 8], f32>",
                    extras = "!kernel.buffer<[B, K], i32>, !kernel.buffer<[B, K], i1>, !kernel.buffer<[Q, K], i32>";
  return function(
      "%q: " + q + ", %k: " + k + ", %v: " + k +
          ", %pb: !kernel.buffer<[B, K], i32>, %fb: !kernel.buffer<[B, K], i1>, %gb: !kernel.buffer<[Q, K], "
          "i32>",
      "  %0 = kernel.attention batch 1 over [K, 8] %q at <(d0, d1, d2) -> (d0, d1, d2)>, %k at <(d0, d1, "
      "d2) -> (d0, d1, d2)>, %v at <(d0, d1, d2) -> (d0, d1, d2)> extras(%pb at <(d0, d1, d2) -> (d0, "
      "d2)>, %fb at <(d0, d1, d2) -> (d0, d2)>, %gb at <(d0, d1, d2) -> (d1, d2)>) score {\n  ^bb0(%s: "
      "f32, %p: i32, %f: i1, %g: i32):\n" +
          score + "  }" + mask + " : (" + q + ", " + k + ", " + k + ", " + extras + ") -> " + q);
}

/// Padding: the first batch's keys end early, the second's begin late, the third's are whole blocks apart.
static Data makeData(int64_t queries, int64_t keys) {
  Data data{3, queries, keys, {}, {}, {}};
  for (int64_t b = 0; b < data.batch; ++b)
    for (int64_t j = 0; j < keys; ++j)
      data.padding.push_back(b == 0 ? j < (keys + 1) / 2 : b == 1 ? j >= keys / 2 : j / 64 != 1 && j % 7 != 3);
  for (size_t i = 0; i < data.padding.size(); ++i)
    data.flags.push_back(data.padding[i] == 0);
  for (int64_t i = 0; i < queries * keys; ++i)
    data.pairs.push_back(i % 5 == 0);
  return data;
}

static double exact(const Condition &condition, const Data &data, const std::vector<float> &q,
                    const std::vector<float> &k, const std::vector<float> &v, int64_t b, int64_t i, int64_t d) {
  std::vector<double> weights(data.keys);
  double largest = -HUGE_VAL, total = 0, sum = 0;
  for (int64_t j = 0; j < data.keys; ++j) {
    double product = 0;
    for (int64_t e = 0; e < 8; ++e)
      product += double(q[(b * data.queries + i) * 8 + e]) * k[(b * data.keys + j) * 8 + e];
    weights[j] = condition.sees(data, b, i, j) ? product * 0.5 : -double(FLT_MAX);
    largest = std::max(largest, weights[j]);
  }
  for (int64_t j = 0; j < data.keys; ++j) {
    double weight = std::exp(weights[j] - largest);
    total += weight;
    sum += weight * v[(b * data.keys + j) * 8 + d];
  }
  return sum / total;
}

TEST(Mask, LeavesOutWithoutATrace) {
  for (const Condition &condition : conditions()) {
    EveryKernel masked(attention(condition, true)), spelled(attention(condition, false));
    for (auto [queries, keys] :
         {std::pair<int64_t, int64_t>{1, 1}, {17, 17}, {33, 70}, {64, 64}, {1, 130}, {200, 65}, {150, 150}}) {
      Data data = makeData(queries, keys);
      auto q = randomFloats(3 * queries * 8, 61), k = randomFloats(3 * keys * 8, 62),
           v = randomFloats(3 * keys * 8, 63);
      Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v), gp = guarded(data.padding), gf = guarded(data.flags),
              gg = guarded(data.pairs);
      std::vector<const Guarded *> inputs = {&gq, &gk, &gv, &gp, &gf, &gg};
      Sizes sizes = {{"B", 3}, {"Q", queries}, {"K", keys}};
      auto left = masked.run(sizes, inputs, {q.size() * 4}), whole = spelled.run(sizes, inputs, {q.size() * 4});
      EXPECT_TRUE(left[0] == whole[0]) << condition.name << " " << queries << "x" << keys;
      for (int64_t b = 0; b < 3; ++b)
        for (int64_t i = 0; i < queries; i += 1 + queries / 20)
          ASSERT_NEAR(left[0].as<float>()[(b * queries + i) * 8 + 3], exact(condition, data, q, k, v, b, i, 3), 5e-6)
              << condition.name << " " << queries << "x" << keys << " batch " << b << " query " << i;
    }
  }
}

/// Values of hidden keys that lie in a block of their own, or behind all that is seen, are not even read: a NaN there
/// does not show. (In the midst of seen keys it does: 0 times NaN.)
TEST(Mask, HiddenKeysAreNotComputed) {
  const int64_t length = 200;
  for (const Condition &condition : conditions()) {
    std::string name = condition.name;
    bool isCausal = name == "causal", isPadding = name == "padding" || name == "padding of bytes, inverted";
    if (!isCausal && !isPadding)
      continue;
    EveryKernel kernel(attention(condition, true));
    Data data = makeData(length, length);
    data.padding.assign(3 * length, 1);
    auto q = randomFloats(3 * length * 8, 64), k = randomFloats(3 * length * 8, 65),
         v = randomFloats(3 * length * 8, 66);
    for (int64_t b = 0; b < 3; ++b)
      for (int64_t j = 0; j < length; ++j) {
        bool isHidden = isPadding && (j / 64 == 1 || j >= 150);
        data.padding[b * length + j] = !isHidden;
        data.flags[b * length + j] = isHidden;
        // Causal: seen by the last queries only, which share no panel with those looked at.
        if (isHidden || (isCausal && j >= 160))
          v[(b * length + j) * 8] = NAN;
      }
    Guarded gq = guarded(q), gk = guarded(k), gv = guarded(v), gp = guarded(data.padding), gf = guarded(data.flags),
            gg = guarded(data.pairs);
    auto result = kernel.run({{"B", 3}, {"Q", length}, {"K", length}}, {&gq, &gk, &gv, &gp, &gf, &gg}, {q.size() * 4});
    for (int64_t b = 0; b < 3; ++b)
      for (int64_t i = 0; i < (isCausal ? 160 : length); ++i)
        ASSERT_FALSE(std::isnan(result[0].as<float>()[(b * length + i) * 8])) << name << " query " << i;
  }
}
