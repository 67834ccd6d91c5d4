// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See MeasureRoofs.h.
#include "bench/MeasureRoofs.h"

#include <immintrin.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace sinter::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

// Tells the compiler that every lane of the vectors is wanted: without it the loops below vanish.
// The copies go through memory, so that the accumulators themselves may live in registers.
template <typename Vector, int N> inline __attribute__((always_inline)) void keep(const Vector (&values)[N]) {
  for (const auto &v : values) {
    Vector copy = v;
    asm volatile("" : : "m"(copy));
  }
}

constexpr int64_t kRounds = 20000;

// 12 independent chains hide the latency of FMA on every core so far (4-5 cycles, two units).
// FLOPs of one call: kRounds * 12 * lanes * 2.
__attribute__((target("avx2,fma"))) void fmaAvx2(float seed) {
  __m256 a[12], x = _mm256_set1_ps(seed), y = _mm256_set1_ps(1e-3f);
  for (int i = 0; i < 12; ++i)
    a[i] = _mm256_set1_ps(float(i));
  for (int64_t r = 0; r < kRounds; ++r) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; ++i)
      a[i] = _mm256_fmadd_ps(a[i], x, y);
  }
  keep(a);
}

__attribute__((target("avx512f"))) void fmaAvx512(float seed) {
  __m512 a[12], x = _mm512_set1_ps(seed), y = _mm512_set1_ps(1e-3f);
  for (int i = 0; i < 12; ++i)
    a[i] = _mm512_set1_ps(float(i));
  for (int64_t r = 0; r < kRounds; ++r) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; ++i)
      a[i] = _mm512_fmadd_ps(a[i], x, y);
  }
  keep(a);
}

// Reads `count` floats as equal runs side by side. count is a multiple of streams * 64.
template <int streams> __attribute__((target("avx2"))) void readAll(const float *p, int64_t count) {
  __m256 a[2 * streams];
  for (auto &v : a)
    v = _mm256_setzero_ps();
  int64_t length = count / streams;
  for (int64_t i = 0; i < length; i += 16) {
#pragma clang loop unroll(full)
    for (int s = 0; s < streams; ++s) {
      const float *q = p + s * length + i;
      a[2 * s] = _mm256_add_ps(a[2 * s], _mm256_loadu_ps(q));
      a[2 * s + 1] = _mm256_add_ps(a[2 * s + 1], _mm256_loadu_ps(q + 8));
    }
  }
  keep(a);
}

// Runs work(thread) again and again on every thread for `limit` seconds; returns calls per second, all threads
// together. Threads start together and each counts only the calls it finished in time.
template <typename Work> double rate(int threads, double limit, Work work) {
  std::atomic<int> ready{0};
  std::vector<double> rates(threads);
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t)
    pool.emplace_back([&, t] {
      work(t);
      for (++ready; ready < threads;)
        std::this_thread::yield();
      auto start = Clock::now();
      int64_t calls = 0;
      do {
        work(t);
        ++calls;
      } while (seconds(start) < limit);
      rates[t] = double(calls) / seconds(start);
    });
  for (auto &t : pool)
    t.join();
  double sum = 0;
  for (double r : rates)
    sum += r;
  return sum;
}

// The best of three: a roof is what the machine can do, not what it did on average.
template <typename Work> double best(int threads, double limit, Work work) {
  double top = 0;
  for (int i = 0; i < 3; ++i)
    top = std::max(top, rate(threads, limit, work));
  return top;
}

} // namespace

void Roofs::raise(const Roofs &other) {
  isa = other.isa;
  gflopsAvx2 = std::max(gflopsAvx2, other.gflopsAvx2);
  gflops = std::max(gflops, other.gflops);
  readGbsOneStream = std::max(readGbsOneStream, other.readGbsOneStream);
  readGbs = std::max(readGbs, other.readGbs);
}

Roofs measureRoofs(int threads, double limit) {
  Roofs roofs;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return roofs;
  bool wide = __builtin_cpu_supports("avx512f");
  roofs.isa = wide ? "avx512" : "avx2";
  double narrowRate = best(threads, limit, [](int t) { fmaAvx2(0.5f + float(t)); });
  double wideRate = wide ? best(threads, limit, [](int t) { fmaAvx512(0.5f + float(t)); }) : 0;
  double perCall = double(kRounds) * 12 * 2 * 1e-9;
  roofs.gflopsAvx2 = narrowRate * perCall * 8;
  roofs.gflops = std::max(narrowRate * 8, wideRate * 16) * perCall;

  // 256 MiB for each thread: far above any cache, so that every pass comes from memory. Many threads share more cache
  // between them than any has alone, so they may have less each.
  const int64_t count = std::min(int64_t(64) << 20, (int64_t(512) << 20) / threads / 256 * 256);
  std::vector<std::unique_ptr<float[]>> data(threads);
  for (auto &d : data) {
    d = std::make_unique<float[]>(size_t(count));
    std::memset(d.get(), 1, size_t(count) * sizeof(float));
  }
  double bytes = double(count) * sizeof(float) * 1e-9;
  roofs.readGbsOneStream = best(threads, limit, [&](int t) { readAll<1>(data[t].get(), count); }) * bytes;
  double four = best(threads, limit, [&](int t) { readAll<4>(data[t].get(), count); }) * bytes;
  roofs.readGbs = std::max(roofs.readGbsOneStream, four);
  return roofs;
}

} // namespace sinter::bench
