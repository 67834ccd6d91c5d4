// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One elaboration without emission, kept open for a test to look at.
#ifndef SINTER_TEST_FRONTEND_ELABORATE_ELABORATETEXT_H
#define SINTER_TEST_FRONTEND_ELABORATE_ELABORATETEXT_H

#include "frontend/elaborate/OpenModel.h"

namespace sinter::frontend::test {

struct ElaboratedText {
  explicit ElaboratedText(FrontendOptions options) {
    opened = openModel(options, diags);
    if (!opened)
      return;
    elaborator = std::make_unique<Elaborator>(*opened->program, elaborateOptions(*opened, options), nullptr, diags);
    ok = elaborator->run();
  }
  /// Parameters that the functions of the root reach.
  int64_t count() const { return ok ? countParameters(*elaborator).front().parameters : -1; }

  DiagnosticEngine diags;
  std::optional<OpenedModel> opened;
  std::unique_ptr<Elaborator> elaborator;
  bool ok = false;
};

inline FrontendOptions modelOf(const std::string &input, const std::string &model = "") {
  FrontendOptions options;
  options.input = input;
  options.model = model;
  return options;
}

} // namespace sinter::frontend::test

#endif
