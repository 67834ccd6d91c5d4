// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "frontend/elaborate/OpenModel.h"

void sinter::fuzz::config(Bytes bytes) {
  std::string path = fileOf("config.json", bytes);
  frontend::FrontendOptions options;
  options.input = path.substr(0, path.rfind('/'));
  frontend::DiagnosticEngine diags;
  bool ok = frontend::checkText(options, diags);
  expect(ok != diags.hasErrors(), "accepted with an error, or refused without one");
  diags.render();
  diags.renderJson();
}
