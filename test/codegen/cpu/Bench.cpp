// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One kernel at a time on one thread: in: targets, shapes; out: GFLOP/s and the share of a roof measured in the same
// moment. Time is the thread's processor time, so a busy machine disturbs it little. Every call reads other weights.
#include "test/codegen/cpu/Harness.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <immintrin.h>

using namespace sinter::test;
using sinter::cpu::CpuTarget;

static double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

/// The fastest of `rounds` calls, in seconds.
template <typename Call> static double fastest(int rounds, Call call) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    double start = now();
    call(i);
    best = std::min(best, now() - start);
  }
  return best;
}

constexpr int roofRounds = 200000;
__attribute__((target("avx2,fma"))) static void fmaChains() {
  __m256 sums[12], x = _mm256_set1_ps(0.5f), y = _mm256_set1_ps(1e-3f);
  for (__m256 &sum : sums)
    sum = y;
  for (int r = 0; r < roofRounds; ++r)
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; ++i)
      sums[i] = _mm256_fmadd_ps(sums[i], x, y);
  for (const __m256 &sum : sums) {
    __m256 copy = sum;
    asm volatile("" : : "m"(copy));
  }
}

/// GFLOP/s of one thread.
static double roof() {
  return roofRounds * 12 * 16 / fastest(5, [](int) { fmaChains(); }) * 1e-9;
}

static void contract(const CpuTarget &target, const std::vector<int64_t> &rowCounts, int64_t columns, int64_t depth) {
  std::string n = std::to_string(columns), k = std::to_string(depth);
  std::string types = "!kernel.buffer<[M, " + k + "], f32>, !kernel.buffer<[" + n + ", " + k + "], f32, panels>";
  auto kernel = Kernel::compile(
      function("%x: !kernel.buffer<[M, " + k + "], f32>, %w: !kernel.buffer<[" + n + ", " + k +
                   "], f32, panels>, %b: !kernel.buffer<[" + n + "], f32>",
               "%0 = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> extras(%b at <(d0, d1) -> "
               "(d1)>) {\n"
               "^bb0(%s: f32, %b0: f32):\n %1 = arith.addf %s, %b0 : f32\n kernel.yield %1 : f32\n} : (" +
                   types + ", !kernel.buffer<[" + n + "], f32>) -> !kernel.buffer<[M, " + n + "], f32>"),
      target);
  if (!kernel)
    return;
  std::vector<Guarded> weights;
  for (int64_t i = 0; i < 12; ++i)
    weights.push_back(guarded(randomFloats(columns * depth, i)));
  Guarded bias = guarded(randomFloats(columns, 3));
  for (int64_t m : rowCounts) {
    Guarded x = guarded(randomFloats(m * depth, 1)), y(m * columns * 4);
    double flops = 2.0 * m * columns * depth, top = roof();
    double seconds =
        fastest(24, [&](int i) { kernel->run({{"M", m}}, {&x, &weights[i % weights.size()], &bias, &y}); });
    top = std::max(top, roof());
    std::printf(
        "%s contract M %4ld N %ld K %ld: %7.1f us %6.1f GFLOP/s, %.2f of the roof (%.0f), %5.1f GB/s of weights\n",
        target.name.c_str(), m, columns, depth, seconds * 1e6, flops / seconds * 1e-9, flops / seconds * 1e-9 / top,
        top, 4e-9 * columns * depth / seconds);
  }
}

static void attention(const CpuTarget &target, int64_t length, bool isCausal) {
  std::string input = "!kernel.buffer<[1, T, 768], f32>", at = " at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>";
  std::string mask = isCausal ? " mask {\n %i = kernel.index 2 : i32\n %j = kernel.index 3 : i32\n %c = arith.cmpi "
                                "sle, %j, %i : i32\n kernel.yield %c : i1\n }"
                              : "";
  auto kernel = Kernel::compile(
      function("%q: " + input + ", %k: " + input + ", %v: " + input,
               "%0 = kernel.attention batch 2 over [T, 64] %q" + at + ", %k" + at + ", %v" + at +
                   " score {\n^bb0(%s: f32):\n"
                   " %f = arith.constant 0.125 : f32\n %1 = arith.mulf %s, %f : f32\n kernel.yield %1 : f32\n }" +
                   mask + " : (" + input + ", " + input + ", " + input + ") -> !kernel.buffer<[1, 12, T, 64], f32>"),
      target);
  if (!kernel)
    return;
  Guarded q = guarded(randomFloats(length * 768, 1)), k = guarded(randomFloats(length * 768, 2)),
          v = guarded(randomFloats(length * 768, 3)), o(length * 768 * 4);
  double flops = 4.0 * 768 * length * (isCausal ? (length + 1) / 2.0 : length), top = roof();
  double seconds = fastest(length > 1000 ? 3 : 12, [&](int) { kernel->run({{"T", length}}, {&q, &k, &v, &o}); });
  top = std::max(top, roof());
  std::printf("%s attention%s T %4ld: %8.1f us %6.1f GFLOP/s, %.2f of the roof (%.0f)\n", target.name.c_str(),
              isCausal ? " causal" : "", length, seconds * 1e6, flops / seconds * 1e-9, flops / seconds * 1e-9 / top,
              top);
}

/// One kernel over [32, 768] numbers, 98 KB in and as many out: they stay in the second level of cache.
static void rows(const CpuTarget &target, const char *name, const std::string &op) {
  const int64_t count = 32, length = 768;
  auto kernel = Kernel::compile(function("%x: !kernel.buffer<[B, 768], f32>", op), target);
  if (!kernel)
    return;
  Guarded x = guarded(randomFloats(count * length, 1, 4)), y(count * length * 4);
  double seconds = fastest(400, [&](int) { kernel->run({{"B", count}}, {&x, &y}); });
  std::printf("%s %-10s %6.3f ns an element\n", target.name.c_str(), name, seconds * 1e9 / (count * length));
}

static std::string unary(const std::string &body) {
  return "%0 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>) {\n^bb0(%a: f32):\n" + body +
         " kernel.yield %r : f32\n} : (!kernel.buffer<[B, 768], f32>) -> !kernel.buffer<[B, 768], f32>";
}

static void rowsAndPoints(const CpuTarget &target) {
  for (const char *name : {"exp", "exp2", "log", "erf", "tanh"})
    rows(target, name, unary(std::string(" %r = math.") + name + " %a : f32\n"));
  rows(target, "gelu", unary(R"( %h = arith.constant 0.5 : f32
 %s = arith.constant 0.70710678 : f32
 %o = arith.constant 1.0 : f32
 %1 = arith.mulf %a, %s : f32
 %2 = math.erf %1 : f32
 %3 = arith.addf %2, %o : f32
 %4 = arith.mulf %a, %h : f32
 %r = arith.mulf %3, %4 : f32
)"));
  const std::string head = "%0 = kernel.row domain [B, 768] reduced 1 ", operands = " (%x at <(d0, d1) -> (d0, d1)>) ",
                    tail = " : (!kernel.buffer<[B, 768], f32>) -> !kernel.buffer<[B, 768], f32>";
  rows(target, "softmax", head + "[max, sum]" + operands + R"(
 stage { ^bb0(%a: f32): kernel.yield %a : f32 }
 stage { ^bb0(%a: f32, %m: f32):
  %1 = arith.subf %a, %m : f32
  %2 = math.exp %1 : f32
  kernel.yield %2 : f32 }
 finish { ^bb0(%a: f32, %m: f32, %s: f32):
  %1 = arith.subf %a, %m : f32
  %2 = math.exp %1 : f32
  %3 = arith.divf %2, %s : f32
  kernel.yield %3 : f32 })" + tail);
  rows(target, "layer_norm", head + "[sum, sum]" + operands + R"(
 stage { ^bb0(%a: f32): kernel.yield %a : f32 }
 stage { ^bb0(%a: f32, %t: f32):
  %n = arith.constant 768.0 : f32
  %m = arith.divf %t, %n : f32
  %1 = arith.subf %a, %m : f32
  %2 = arith.mulf %1, %1 : f32
  kernel.yield %2 : f32 }
 finish { ^bb0(%a: f32, %t: f32, %u: f32):
  %n = arith.constant 768.0 : f32
  %e = arith.constant 1.0e-12 : f32
  %m = arith.divf %t, %n : f32
  %v = arith.divf %u, %n : f32
  %1 = arith.addf %v, %e : f32
  %2 = math.rsqrt %1 : f32
  %3 = arith.subf %a, %m : f32
  %4 = arith.mulf %3, %2 : f32
  kernel.yield %4 : f32 })" + tail);
}

/// bench_kernels [v3|v4] [contract|attention|rows] [numbers: rows of contractions, tokens of attention]
int main(int argc, char **argv) {
  std::string only;
  std::vector<int64_t> numbers;
  for (int i = 2; i < argc; ++i)
    if (int64_t number = std::atoll(argv[i]))
      numbers.push_back(number);
    else
      only = argv[i];
  auto isWanted = [&](const char *subject) { return only.empty() || only == subject; };
  auto some = [&](bool isTheirs, std::vector<int64_t> all) { return isTheirs && !numbers.empty() ? numbers : all; };
  for (const CpuTarget &target : sinter::cpu::knownTargets()) {
    if (!sinter::cpu::hostRuns(target) || (argc > 1 && target.name.find(argv[1]) == std::string::npos))
      continue;
    if (isWanted("contract"))
      for (auto [n, k] : {std::pair(768, 768), std::pair(3072, 768), std::pair(768, 3072)})
        contract(target, some(true, {1, 2, 4, 8, 12, 16, 32, 64, 128, 256, 512}), n, k);
    if (isWanted("attention"))
      for (int64_t length : some(only == "attention", {32, 128, 512, 2048}))
        for (bool isCausal : {false, true})
          attention(target, length, isCausal);
    if (isWanted("rows"))
      rowsAndPoints(target);
  }
  return 0;
}
