// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What this processor can do, in the artifact's words (SINTER_FEATURE_* of sinter/abi.h), as far as the operating
// system has switched it on. C headers only; any thread.

#ifndef SINTER_RUNTIME_DEVICE_CPU_FEATURES_H
#define SINTER_RUNTIME_DEVICE_CPU_FEATURES_H

#include "runtime/core/Error.h"
#include "sinter/abi.h"

namespace sinter::runtime {

/// SINTER_FEATURE_* bits; 0 on processors that are not x86-64.
uint64_t cpuFeatures();

/// Appends " avx2 fma", or " none of them" for no bit; bits without a name as their number.
void addFeatures(TextBuffer &text, uint64_t features);

/// The C library's idea of arithmetic (round to nearest, denormals kept) for this thread while it is in scope, whatever
/// the program around us has set: the same inputs give the same bits in every thread.
class DefaultArithmetic {
public:
  DefaultArithmetic();
  ~DefaultArithmetic();
  DefaultArithmetic(const DefaultArithmetic &) = delete;
  DefaultArithmetic &operator=(const DefaultArithmetic &) = delete;

private:
  uint32_t saved;
};

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_DEVICE_CPU_FEATURES_H
