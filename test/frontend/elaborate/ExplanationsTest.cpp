// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every registered message has a page; the page's wrong text is answered with its code, the mended one
// with nothing at all; a page without texts says why.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include "frontend/diagnostics/Explanations.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Explanations, EveryMessageHasOne) {
  for (const DiagInfo &entry : messages())
    EXPECT_NE(findExplanation(entry.code), nullptr) << entry.code << " has no explanations/" << entry.code << ".md";
  EXPECT_EQ(explanations().size(), messages().size()) << "a page is left over from a message that is gone";
}

TEST(Explanations, ExamplesDoWhatTheySay) {
  TemporaryFolder folder;
  size_t shown = 0;
  for (const Explanation &page : explanations()) {
    SCOPED_TRACE(std::string(page.code));
    EXPECT_EQ(page.page.substr(0, page.code.size() + 4), "# " + std::string(page.code) + "\n\n");
    ExplanationExample example = exampleOf(page);
    EXPECT_EQ(example.wrong.empty(), example.mended.empty());
    if (example.wrong.empty()) {
      EXPECT_NE(page.page.find("No example in one file: "), std::string_view::npos);
      continue;
    }
    ++shown;
    DiagnosticEngine wrong, mended;
    checkText(modelOf(folder.write("wrong.sinter", example.wrong)), wrong);
    EXPECT_NE((" " + codes(wrong) + " ").find(" " + std::string(page.code) + " "), std::string::npos)
        << example.wrong << wrong.render();
    checkText(modelOf(folder.write("mended.sinter", example.mended)), mended);
    EXPECT_TRUE(mended.diagnostics().empty()) << example.mended << mended.render();
  }
  EXPECT_GE(shown, 100u);
}

TEST(Explanations, ForATerminal) {
  const Explanation *page = findExplanation("e0103");
  ASSERT_NE(page, nullptr);
  std::string text = printExplanation(*page);
  EXPECT_EQ(text.find("error[E0103]: the string has no closing quote on its line\n  help: "), 0u) << text;
  EXPECT_NE(text.find("\n    name = \"relu\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("```"), std::string::npos);
  EXPECT_EQ(findExplanation("E9999"), nullptr);
  EXPECT_NE(listExplanations().find("W0206  warning  `…` is imported but not used\n"), std::string::npos);
}
