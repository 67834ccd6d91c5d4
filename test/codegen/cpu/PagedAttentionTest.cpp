// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention whose keys and values lie in pages: the same bits as from one buffer, for one query as for many, whatever
// the pool stores, on every target.
#include "test/codegen/cpu/Harness.h"

#include <cmath>

using namespace sinter::test;

namespace {

constexpr int64_t heads = 2, sharing = 3, depth = 20, columns = 32, poolPages = 12;

/// Queries [B, 2, 3, N, 20] see the keys up to their own position; each three share keys and values.
std::string attention(const std::string &key, const std::string &value, const std::string &keyMap,
                      const std::string &valueMap, const std::string &pages, const std::string &score) {
  std::string d = "(d0, d1, d2, d3, d4)", q = "!kernel.buffer<[B, 2, 3, N, 20], f32>", l = "!kernel.buffer<[B], i32>",
              t = "!kernel.buffer<[B, P], i32>", r = "!kernel.buffer<[B, 2, 3, N, 32], f32>";
  bool isPaged = !pages.empty();
  return function("%q: " + q + ", %k: " + key + ", %v: " + value + ", %l: " + l + ", %t: " + t,
                  "  %0 = kernel.attention batch 3 over [16 * P, 20] %q at <" + d + " -> " + d + ">, %k at <" + d +
                      " -> " + keyMap + ">, %v at <" + d + " -> " + valueMap + "> " + pages + " extras(%l at <" + d +
                      " -> (d0)>" + (isPaged ? "" : ", %t at <" + d + " -> (d0, 0)>") +
                      ") score {\n  ^bb0(%s: f32, %n: i32" + (isPaged ? "" : ", %x: i32") + "):\n" + score +
                      "  } mask {\n  ^bb0(%n: i32" + (isPaged ? "" : ", %x: i32") +
                      "):\n    %i = kernel.index 3 : i32\n    %j = kernel.index 4 : i32\n    %p = arith.addi %n, %i : "
                      "i32\n    %c = arith.cmpi sle, %j, %p : i32\n    kernel.yield %c : i1\n  } : (" +
                      q + ", " + key + ", " + value + ", " + l + ", " + t + ") -> " + r);
}

const std::string plainScore = "    kernel.yield %s : f32\n";
/// Of the position too: neither path may apply it before the tiles are stored.
const std::string farScore = R"(
    %fi = kernel.index 3 : i32
    %fj = kernel.index 4 : i32
    %fd = arith.subi %fi, %fj : i32
    %ff = arith.sitofp %fd : i32 to f32
    %tiny = arith.constant 0.01 : f32
    %fm = arith.mulf %ff, %tiny : f32
    %fs = arith.addf %s, %fm : f32
    kernel.yield %fs : f32
)";

std::string paged(const std::string &element, const std::string &score) {
  return attention("!kernel.buffer<[Q, 2, 20, 16], " + element + ">", "!kernel.buffer<[Q, 16, 2, 32], " + element + ">",
                   "(d0, d3 floordiv 16, d1, d4, d3 mod 16)", "(d0, d3 floordiv 16, d3 mod 16, d1, d4)", "pages(%t)",
                   score);
}
std::string dense(const std::string &score) {
  return attention("!kernel.buffer<[B, 2, 16 * P, 20], f32>", "!kernel.buffer<[B, 2, 16 * P, 32], f32>",
                   "(d0, d1, d3, d4)", "(d0, d1, d3, d4)", "", score);
}

/// Two sequences' caches in both layouts; values are such that bf16 and f16 hold them.
struct Caches {
  int64_t turns;
  std::vector<int32_t> pages;
  std::vector<float> keys, values, keyPool, valuePool;

  explicit Caches(int64_t turns) : turns(turns) {
    for (int64_t i = 0; i < 2 * turns; ++i)
      pages.push_back(int32_t(1 + (i * 5 + 3) % (poolPages - 1)));
    int64_t length = 16 * turns;
    keyPool = randomFloats(poolPages * heads * depth * 16, 5);
    valuePool = randomFloats(poolPages * 16 * heads * columns, 6);
    for (auto *pool : {&keyPool, &valuePool})
      for (float &number : *pool)
        number = std::round(number * 64) / 64;
    keys.resize(2 * heads * length * depth);
    values.resize(2 * heads * length * columns);
    for (int64_t b = 0; b < 2; ++b)
      for (int64_t h = 0; h < heads; ++h)
        for (int64_t k = 0; k < length; ++k) {
          int64_t page = pages[b * turns + k / 16], row = (b * heads + h) * length + k;
          for (int64_t e = 0; e < depth; ++e)
            keys[row * depth + e] = keyPool[((page * heads + h) * depth + e) * 16 + k % 16];
          for (int64_t d = 0; d < columns; ++d)
            values[row * columns + d] = valuePool[((page * 16 + k % 16) * heads + h) * columns + d];
        }
  }
};

Guarded narrowed(const std::vector<float> &numbers, const std::string &element) {
  if (element == "f32")
    return guarded(numbers);
  std::vector<uint16_t> bits;
  for (float number : numbers) {
    uint32_t word;
    std::memcpy(&word, &number, 4);
    _Float16 half = static_cast<_Float16>(number);
    uint16_t f16;
    std::memcpy(&f16, &half, 2);
    bits.push_back(element == "bf16" ? uint16_t(word >> 16) : f16);
  }
  return guarded(bits);
}

void check(const std::string &element, const std::string &score, std::vector<std::pair<int64_t, int64_t>> cases) {
  EveryKernel through(paged(element, score)), whole(dense(score));
  for (auto [news, turns] : cases) {
    Caches caches(turns);
    std::vector<int32_t> lengths = {int32_t(16 * turns - news), int32_t(std::max<int64_t>(16 * turns - news - 21, 0))};
    Guarded q = guarded(randomFloats(2 * heads * sharing * news * depth, 7)), l = guarded(lengths),
            t = guarded(caches.pages), k = guarded(caches.keys), v = guarded(caches.values),
            kp = narrowed(caches.keyPool, element), vp = narrowed(caches.valuePool, element);
    Sizes sizes = {{"B", 2}, {"N", news}, {"P", turns}, {"Q", poolPages}};
    size_t bytes = 2 * heads * sharing * news * columns * 4;
    auto actual = through.run(sizes, {&q, &kp, &vp, &l, &t}, {bytes});
    auto expected = whole.run(sizes, {&q, &k, &v, &l, &t}, {bytes});
    for (size_t i = 0; i < bytes / 4; ++i)
      ASSERT_EQ(actual[0].as<float>()[i], expected[0].as<float>()[i])
          << element << " N " << news << " P " << turns << " at " << i;
  }
}

TEST(PagedAttention, SameBitsAsFromOneBuffer) {
  check("f32", plainScore, {{1, 1}, {1, 5}, {3, 2}, {8, 5}, {9, 5}, {40, 5}, {70, 9}});
  check("f32", farScore, {{1, 5}, {8, 9}, {33, 5}});
}

TEST(PagedAttention, NarrowPools) {
  check("bf16", plainScore, {{1, 5}, {40, 5}});
  check("f16", plainScore, {{1, 5}, {40, 5}});
}

TEST(PagedAttention, ATokenAloneAsInAChunk) {
  EveryKernel kernel(paged("f32", plainScore));
  Caches caches(6);
  int64_t news = 50, before = 30;
  auto queries = randomFloats(heads * sharing * news * depth, 8);
  Guarded t = guarded(std::vector<int32_t>(caches.pages.begin(), caches.pages.begin() + 6)),
          kp = guarded(caches.keyPool), vp = guarded(caches.valuePool), q = guarded(queries),
          l = guarded(std::vector<int32_t>{int32_t(before)});
  auto chunk = kernel.run({{"B", 1}, {"N", news}, {"P", 6}, {"Q", poolPages}}, {&q, &kp, &vp, &l, &t},
                          {size_t(heads * sharing * news * columns * 4)});
  for (int64_t n = 0; n < news; n += 7) {
    std::vector<float> one;
    for (int64_t h = 0; h < heads * sharing; ++h)
      one.insert(one.end(), queries.begin() + (h * news + n) * depth, queries.begin() + (h * news + n + 1) * depth);
    Guarded q1 = guarded(one), l1 = guarded(std::vector<int32_t>{int32_t(before + n)});
    auto alone = kernel.run({{"B", 1}, {"N", 1}, {"P", 6}, {"Q", poolPages}}, {&q1, &kp, &vp, &l1, &t},
                            {size_t(heads * sharing * columns * 4)});
    for (int64_t h = 0; h < heads * sharing; ++h)
      for (int64_t d = 0; d < columns; ++d)
        ASSERT_EQ(alone[0].as<float>()[h * columns + d], chunk[0].as<float>()[(h * news + n) * columns + d]) << n;
  }
}

TEST(PagedAttention, APageThatIsNotThereIsReported) {
  EveryKernel kernel(paged("f32", plainScore));
  Caches caches(2);
  for (int32_t bad : {-1, int32_t(poolPages)})
    for (int64_t news : {1, 20}) {
      Guarded q = guarded(randomFloats(heads * sharing * news * depth, 7)),
              l = guarded(std::vector<int32_t>{0}), t = guarded(std::vector<int32_t>{1, bad}),
              kp = guarded(caches.keyPool), vp = guarded(caches.valuePool);
      kernel.run({{"B", 1}, {"N", news}, {"P", 2}, {"Q", poolPages}}, {&q, &kp, &vp, &l, &t},
                 {size_t(heads * sharing * news * columns * 4)}, SINTER_KERNEL_INDEX);
    }
}

} // namespace
