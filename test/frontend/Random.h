// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random numbers of tests that mutate texts: from a seed, without a library's freedom.
#ifndef SINTER_TEST_FRONTEND_RANDOM_H
#define SINTER_TEST_FRONTEND_RANDOM_H

#include <cstddef>
#include <cstdint>

namespace sinter::frontend::test {

/// SplitMix64: the same sequence everywhere.
struct Random {
  uint64_t state;
  uint64_t next() {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  size_t below(size_t n) { return static_cast<size_t>(next() % n); }
};

} // namespace sinter::frontend::test

#endif
