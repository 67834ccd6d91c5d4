// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter-based random numbers (Philox 4x32-10 of Salmon et al., 2011): a key and a counter enter, 128 random bits
// leave. No state: the draw at a position is the same whatever was drawn before, on any thread, in any batch.

#ifndef SINTER_RUNTIME_SAMPLE_PHILOX_H
#define SINTER_RUNTIME_SAMPLE_PHILOX_H

#include <stdint.h>

namespace sinter::sample {

struct Philox {
  uint32_t word[4];
};

inline Philox philox(Philox counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t{0xD2511F53} * counter.word[0], b = uint64_t{0xCD9E8D57} * counter.word[2];
    counter = {{static_cast<uint32_t>(b >> 32) ^ counter.word[1] ^ key0, static_cast<uint32_t>(b),
                static_cast<uint32_t>(a >> 32) ^ counter.word[3] ^ key1, static_cast<uint32_t>(a)}};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return counter;
}

/// What a number is drawn for: draws of different sites never share bits.
enum class Site : uint32_t { Token = 0 };

/// In [0, 1), 53 bits: of this seed, this sample of the prompt, this position.
inline double uniform(uint64_t seed, uint32_t sample, Site site, uint64_t position) {
  Philox bits = philox(
      {{static_cast<uint32_t>(position), static_cast<uint32_t>(position >> 32), sample, static_cast<uint32_t>(site)}},
      static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
  uint64_t joined = uint64_t{bits.word[1]} << 32 | bits.word[0];
  return static_cast<double>(joined >> 11) * 0x1p-53;
}

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_PHILOX_H
