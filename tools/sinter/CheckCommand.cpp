// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter check`: everything that can be known about a text without running it.
#include "tools/sinter/Driver.h"

#include <cstdio>

namespace sinter::tool {

int runCheck(const ModelOptions &options) {
  Driver driver(options);
  if (int code = driver.check())
    return code;
  std::printf("%s: ok\n", options.input.c_str());
  return exitOk;
}

} // namespace sinter::tool
