// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See RandomValues.h.
#include "tools/sinter/RandomValues.h"

namespace sinter::tool {
namespace {

/// SplitMix64, begun at the name's FNV-1a.
class Random {
public:
  explicit Random(std::string_view name) {
    for (unsigned char c : name)
      state = (state ^ c) * 0x100000001b3ull;
  }
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

private:
  uint64_t state = 0xcbf29ce484222325ull;
};

} // namespace

void fillNormal(float *values, size_t count, double deviation, std::string_view name) {
  Random random(name);
  // Four uniform numbers of 16 bits: the sum has mean 2 * 65535 and variance 4 * (65536^2 - 1) / 12.
  const float scale = float(deviation / 37837.2), mean = 131070;
  for (size_t i = 0; i < count; ++i) {
    uint64_t bits = random.next();
    uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    values[i] = (float(sum) - mean) * scale;
  }
}

void fillBelow(int32_t *values, size_t count, int64_t limit, std::string_view name) {
  Random random(name);
  for (size_t i = 0; i < count; ++i)
    values[i] = int32_t((random.next() >> 32) * uint64_t(limit) >> 32);
}

} // namespace sinter::tool
