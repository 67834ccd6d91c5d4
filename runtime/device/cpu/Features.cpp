// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CPUID and XGETBV into SINTER_FEATURE_* bits; see Features.h.

#include "runtime/device/cpu/Features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace sinter::runtime {

#if defined(__x86_64__)

/// Which register states the operating system saves: bits 1, 2 for AVX, 5, 6, 7 for AVX-512 besides.
static uint32_t savedStates(uint32_t leaf1c) {
  if (!(leaf1c & 1u << 27)) // OSXSAVE
    return 0;
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

uint64_t cpuFeatures() {
  unsigned a, b, c, d, unused;
  if (!__get_cpuid(1, &a, &b, &c, &d))
    return 0;
  unsigned leaf1 = c, leaf7b = 0, leaf7c = 0, extended = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    leaf7b = b;
    leaf7c = c;
  }
  if (__get_cpuid(0x80000001u, &a, &b, &c, &unused))
    extended = c;
  uint32_t saved = savedStates(leaf1);
  bool avx = (saved & 0x6) == 0x6 && (leaf1 >> 28 & 1);
  bool avx512 = avx && (saved & 0xe6) == 0xe6 && (leaf7b >> 16 & 1);

  uint64_t features = 0;
  auto add = [&](bool has, uint64_t bit) { features |= has ? bit : 0; };
  add(leaf1 >> 22 & 1, SINTER_FEATURE_MOVBE);
  add(leaf7b >> 3 & 1, SINTER_FEATURE_BMI1);
  add(leaf7b >> 8 & 1, SINTER_FEATURE_BMI2);
  add(extended >> 5 & 1, SINTER_FEATURE_LZCNT);
  add(avx && (leaf7b >> 5 & 1), SINTER_FEATURE_AVX2);
  add(avx && (leaf1 >> 12 & 1), SINTER_FEATURE_FMA);
  add(avx && (leaf1 >> 29 & 1), SINTER_FEATURE_F16C);
  add(avx512, SINTER_FEATURE_AVX512F);
  add(avx512 && (leaf7b >> 17 & 1), SINTER_FEATURE_AVX512DQ);
  add(avx512 && (leaf7b >> 28 & 1), SINTER_FEATURE_AVX512CD);
  add(avx512 && (leaf7b >> 30 & 1), SINTER_FEATURE_AVX512BW);
  add(avx512 && (leaf7b >> 31 & 1), SINTER_FEATURE_AVX512VL);
  add(avx512 && (leaf7c >> 11 & 1), SINTER_FEATURE_AVX512VNNI);
  return features;
}

// MXCSR: 0x1f80 masks every exception and sets nothing else.
DefaultArithmetic::DefaultArithmetic() : saved(__builtin_ia32_stmxcsr()) { __builtin_ia32_ldmxcsr(0x1f80); }
DefaultArithmetic::~DefaultArithmetic() { __builtin_ia32_ldmxcsr(saved); }

#else

uint64_t cpuFeatures() { return 0; }
DefaultArithmetic::DefaultArithmetic() : saved(0) {}
DefaultArithmetic::~DefaultArithmetic() { (void)saved; }

#endif

void addFeatures(TextBuffer &text, uint64_t features) {
  static const char *const names[] = {"avx2",     "fma",      "bmi2",       "f16c",  "avx512f", "avx512bw", "avx512cd",
                                      "avx512dq", "avx512vl", "avx512vnni", "lzcnt", "movbe",   "bmi1"};
  if (features == 0)
    text.add(" none of its features");
  for (unsigned bit = 0; bit < 64; ++bit) {
    if (!(features >> bit & 1))
      continue;
    if (bit < sizeof(names) / sizeof(names[0]))
      text.add(" %s", names[bit]);
    else
      text.add(" feature-%u", bit);
  }
}

} // namespace sinter::runtime
