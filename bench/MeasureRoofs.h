// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine's roofs, measured: fused multiply-adds in float32 registers and reading from memory, all threads
// together. `bench_roofs` prints them; `sinter bench` and profiles divide by them. Knows nothing of the house.
#pragma once

#include <string>

namespace sinter::bench {

struct Roofs {
  std::string isa; ///< "avx512", "avx2"; "" where the machine has no AVX2 with FMA: nothing is measured
  double gflopsAvx2 = 0, gflops = 0;        ///< 2 for each multiply-add; `gflops` with the widest vectors there are
  double readGbsOneStream = 0, readGbs = 0; ///< one stream a thread; the better of one and four

  /// What either saw: a roof is what the machine can do, not what it did on average.
  void raise(const Roofs &other);
};

/// Measures for about 9 (AVX-512: 12) times `seconds` on so many threads of its own, in as much as 256 MiB for each (2
/// GiB for all).
Roofs measureRoofs(int threads, double seconds);

} // namespace sinter::bench
