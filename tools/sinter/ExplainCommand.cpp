// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter explain`: what a message means, with a wrong text and the mended one.
#include "tools/sinter/Report.h"

#include "frontend/diagnostics/Diagnostics.h"
#include "frontend/diagnostics/Explanations.h"

#include <cstdio>

namespace sinter::tool {

int runExplain(const std::string &code) {
  if (code.empty()) {
    std::fputs(frontend::listExplanations().c_str(), stdout);
    return exitOk;
  }
  const frontend::Explanation *page = frontend::findExplanation(code);
  if (!page) {
    std::vector<std::string> codes;
    for (const frontend::Explanation &known : frontend::explanations())
      codes.emplace_back(known.code);
    std::string near = frontend::didYouMean(code, codes);
    return fail(exitUserError,
                "no message has the code " + code + (near.empty() ? "; `sinter explain` lists them" : "; " + near));
  }
  std::fputs(frontend::printExplanation(*page).c_str(), stdout);
  return exitOk;
}

} // namespace sinter::tool
