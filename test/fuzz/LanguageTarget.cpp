// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "frontend/elaborate/OpenModel.h"
#include "frontend/syntax/Format.h"
#include "frontend/syntax/Lexer.h"
#include "frontend/syntax/Parser.h"
#include "frontend/syntax/Printer.h"

using namespace sinter::frontend;

namespace {

std::string treeOf(const std::string &text) {
  DiagnosticEngine diags;
  return print(parseFile(diags.sources().add("text", text), diags));
}

void checkFormatter(const std::string &text) {
  DiagnosticEngine diags;
  FileId file = diags.sources().add("text", text);
  if (!checkUtf8(file, diags))
    return;
  auto once = formatText(file, diags);
  sinter::fuzz::expect(once || diags.hasErrors(), "not formatted without an error");
  if (!once)
    return;
  auto twice = formatText(diags.sources().add("once", *once), diags);
  sinter::fuzz::expect(twice && *twice == *once, "formatting twice is not formatting once");
  sinter::fuzz::expect(treeOf(*once) == treeOf(text), "formatting changes the meaning");
}

} // namespace

void sinter::fuzz::language(Bytes bytes) {
  FrontendOptions options;
  options.input = fileOf("text.sinter", bytes);
  DiagnosticEngine diags;
  bool ok = checkText(options, diags);
  expect(ok != diags.hasErrors(), "accepted with an error, or refused without one");
  diags.render();
  diags.renderJson();
  checkFormatter(std::string(bytes.begin(), bytes.end()));
}
