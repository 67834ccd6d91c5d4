// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Damaged texts that still pass the parser and the resolver are elaborated: no crash, no hang, and
// either an error or a model. The same ones in every run.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/DamagedText.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include <ctime>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Damaged, NothingCrashesOrHangs) {
  TemporaryFolder folder;
  Random random{7};
  size_t elaborated = 0, refused = 0, accepted = 0;
  double longest = 0;
  ElaboratedText first(modelOf("bert", "BertModel"));
  long before = peakMegabytes();
  for (size_t round = 0; round < 6000; ++round) {
    std::string text = swapWords(wholeLanguage, random);
    folder.write("mutant.sinter", text);
    DiagnosticEngine names;
    std::unique_ptr<Program> program = loadProgram("mutant.sinter", names);
    if (!program || names.hasErrors() || program->models().empty())
      continue;
    ++elaborated;
    FrontendOptions options = modelOf("mutant.sinter");
    options.model = program->models()[random.below(program->models().size())]->name()->text;
    std::clock_t begin = std::clock(); // of the processor: what others do on the machine does not count
    ElaboratedText made(options);
    longest = std::max(longest, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    ASSERT_EQ(made.ok, !made.diags.hasErrors());
    EXPECT_LT(made.diags.render().size(), 200'000u);
    (made.ok ? accepted : refused) += 1;
  }
  EXPECT_LT(peakMegabytes() - before, 64);
  EXPECT_GT(elaborated, 1000u);
  EXPECT_GT(refused, 500u);
  EXPECT_GT(accepted, 200u);
  EXPECT_LT(longest, 10.0);
  RecordProperty("elaborated", static_cast<int>(elaborated));
  RecordProperty("refused", static_cast<int>(refused));
}

TEST(Damaged, HostileTextsEndSoon) {
  auto repeated = [](const char *before, const char *piece, int count, const char *after) {
    std::string text = before;
    for (int i = 0; i < count; ++i)
      text += piece;
    return text + after;
  };
  const std::string model = "config C { d: int = 4 }\nmodel M(c: C) {\n  fn forward(x: f32[B]) -> f32[B] { return ";
  std::vector<std::string> hostile{
      repeated("config C { d: int = 4 }\nfn f(x: f32[...], n: int) -> f32[...] { return ", "-", 400,
               "f(x, n + 1) }\nmodel M(c: C) {\n  fn forward(x: f32[B]) -> f32[B] { return f(x, 0) }\n}\n"),
      repeated(model.c_str(), "(x + ", 400, "x") + std::string(400, ')') + " }\n}\n",
      repeated(model.c_str(), "x * ", 100'000, "x }\n}\n"),
      model + "x * 2 ** 62 ** 62 }\n}\n",
      repeated(model.c_str(), "x[None]", 1, "") + repeated("", "[None]", 300, " }\n}\n"),
      "config C { d: int = 4 }\nmodel M(c: C) {\n  k = [[i for i in 0..60000] for j in 0..60000]\n"
      "  fn forward(x: f32[B]) -> f32[B] { return x * k[0][0] }\n}\n",
      "config C { d: int = 4 }\nmodel M(c: C) {\n  fn forward(x: f32[B, T]) -> f32[B, T] {\n"
      "    for i in 0..60000 { for j in 0..60000 { x = x + 1 } }\n    return x\n  }\n}\n",
      "config C { c: C }\nmodel M(c: C) {\n  fn forward(x: f32[B]) -> f32[B] { return x }\n}\n",
      "module P(n: int) { w: param[n]  a: Q(n)  b: Q(n) }\nmodule Q(n: int) { p: P(n)  q: P(n) }\n"
      "config C { d: int = 4 }\nmodel M(c: C) {\n  p: P(c.d)\n  fn forward(x: f32[B]) -> f32[B] { return x }\n}\n",
  };
  // A polynomial that doubles its terms with every line.
  std::string wide = "config C { d: int = 4 }\nfn f(x: f32[A, B, D, E]) -> f32[A, B, D, E] {\n  n = A + B + D + E\n";
  for (int i = 0; i < 40; ++i)
    wide += "  n = n * (A + B + D + E)\n";
  wide += "  return x * f32(arange(n))[0]\n}\nmodel M(c: C) {\n"
          "  fn forward(x: f32[A, B, D, E]) -> f32[A, B, D, E] { return f(x) }\n}\n";
  hostile.push_back(wide);
  for (const std::string &text : hostile) {
    SCOPED_TRACE(text.substr(0, 160));
    TemporaryFolder folder;
    folder.write("m.sinter", text);
    DiagnosticEngine diags;
    std::clock_t begin = std::clock(); // of the processor: what others do on the machine does not count
    EXPECT_FALSE(checkText(modelOf("m.sinter"), diags));
    EXPECT_FALSE(diags.render().empty());
    EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 10.0);
  }
}
