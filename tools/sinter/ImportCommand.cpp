// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter import`: a folder's model as one text, its configuration as defaults.
#include "tools/sinter/Driver.h"

namespace sinter::tool {

int runImport(const ImportOptions &options) {
  Driver driver(options);
  std::string text;
  if (int code = driver.importedText(text))
    return code;
  return writeText(options.output, text);
}

} // namespace sinter::tool
