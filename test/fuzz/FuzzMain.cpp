// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libFuzzer's entry for one target; SINTER_FUZZ_TARGET names it.
#include "test/fuzz/Targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sinter::fuzz::SINTER_FUZZ_TARGET({data, size});
  return 0;
}
