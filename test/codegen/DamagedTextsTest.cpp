// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Damaged texts through the whole compiler, from the parser to linked code: an artifact or an error, no crash, no hang,
// little memory. What earlier stages alone say of thousands more: test/frontend.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/DamagedText.h"
#include "test/passes/Meaning.h"

#include "codegen/Compile.h"
#include "codegen/cpu/LowerKernel.h"
#include "frontend/Frontend.h"
#include "passes/Pipeline.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace sinter;
using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

enum class End { refusedByFrontend, refusedBehind, compiled, broken };

/// `compiles` says whether code is made, too.
End compileOne(const std::string &text, bool compiles) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  sinter::test::loadDialects(context);
  cpu::loadCodeDialects(context);
  int errors = 0;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    errors += diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  DiagnosticEngine diags;
  FrontendOptions options;
  options.input = "mutant.sinter";
  options.model = "M";
  auto made = compileText(context, options, diags);
  if (failed(made))
    return diags.hasErrors() ? End::refusedByFrontend : End::broken;
  mlir::PassManager manager(&context);
  buildPipeline(manager);
  llvm::Expected<cpu::CpuTarget> host = cpu::hostTarget();
  if (!host)
    return End::broken;
  if (failed(manager.run(*made->module)) || (compiles && failed(codegen::compileModel(*made->module, {{*host}, "M"}))))
    return errors ? End::refusedBehind : End::broken;
  return End::compiled;
}

} // namespace

TEST(DamagedTexts, ThroughTheWholeCompiler) {
  TemporaryFolder folder;
  Random random{41};
  std::string base = wholeLanguage;
  auto cut = [&](const std::string &line, const std::string &instead) {
    size_t at = base.find(line);
    ASSERT_NE(at, std::string::npos) << line;
    base.replace(at, line.size(), instead);
  };
  cut("top, which = topk(y, 2)", ""); // no skeleton computes it
  cut("pick(y, which[..., 0]) + top[:, :, 1] *", "y[..., 0] +");
  folder.write("mutant.sinter", base);
  ASSERT_EQ(compileOne(base, true), End::compiled);
  long before = peakMegabytes();
  std::map<End, int> ends;
  double longest = 0;
  for (int round = 0; round < 600; ++round) {
    std::string text = swapWords(base, random);
    folder.write("mutant.sinter", text);
    auto begin = std::chrono::steady_clock::now();
    End end = compileOne(text, ends[End::compiled] < 40);
    longest = std::max(longest, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    ASSERT_NE(end, End::broken) << "failed without an error:\n" << text;
    ++ends[end];
  }
  EXPECT_GE(ends[End::compiled], 30);
  EXPECT_GE(ends[End::refusedByFrontend], 50);
  EXPECT_LT(longest, 20.0); // a second on an idle machine
  EXPECT_LT(peakMegabytes() - before, 64);
  RecordProperty("compiled", ends[End::compiled]);
  RecordProperty("behind", ends[End::refusedBehind]);
}
