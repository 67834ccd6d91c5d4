// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine's roofs, measured: in: thread count and milliseconds a measurement; out: one line of JSON with fused
// multiply-adds (GFLOP/s, float32) and reading (GB/s, one and four streams a thread). bench/run.py runs it beside
// every timing, so that a share of the roof is a share of what this machine gave in that minute.
#include "bench/MeasureRoofs.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

int main(int argc, char **argv) {
  int threads = argc > 1 ? std::atoi(argv[1]) : int(std::thread::hardware_concurrency());
  double limit = (argc > 2 ? std::atoi(argv[2]) : 200) * 1e-3;
  if (argc > 3 || threads < 1 || threads > 256 || limit <= 0) {
    std::fprintf(stderr, "usage: bench_roofs [threads] [milliseconds]\n");
    return 2;
  }
  sinter::bench::Roofs roofs = sinter::bench::measureRoofs(threads, limit);
  if (roofs.isa.empty()) {
    std::fprintf(stderr, "bench_roofs: this machine has no AVX2 with FMA\n");
    return 1;
  }
  std::printf("{\"threads\": %d, \"isa\": \"%s\", \"gflops_avx2\": %.1f, \"gflops\": %.1f, "
              "\"read_gbs_one_stream\": %.1f, \"read_gbs\": %.1f}\n",
              threads, roofs.isa.c_str(), roofs.gflopsAvx2, roofs.gflops, roofs.readGbsOneStream, roofs.readGbs);
  return 0;
}
