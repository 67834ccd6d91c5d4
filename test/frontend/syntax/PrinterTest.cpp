// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// print(parse(text)) parses to the same tree: printing again changes nothing. Tried on every text.
#include "frontend/syntax/Printer.h"
#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/syntax/Parser.h"
#include "test/frontend/ExpectGolden.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
std::string reprint(const std::string &text) {
  DiagnosticEngine diags;
  FileId id = diags.sources().add("t", text);
  std::string printed = print(parseFile(id, diags));
  EXPECT_FALSE(diags.hasErrors()) << diags.render();
  return printed;
}

std::string expression(const std::string &text) {
  DiagnosticEngine diags;
  ExprPtr tree = parseExpression(diags.sources().add("t", text), diags);
  EXPECT_TRUE(tree) << text << "\n" << diags.render();
  return tree ? toString(*tree) : "";
}
} // namespace

TEST(Printer, FixedPointOnEveryText) {
  for (const EmbeddedText &text : embeddedTexts()) {
    SCOPED_TRACE(text.path);
    std::string once = reprint(std::string(text.text));
    EXPECT_GT(once.size(), text.text.size() / 3);
    EXPECT_EQ(reprint(once), once);
  }
}

TEST(Printer, Golden) {
  std::string text = readWhole(testFolder() + "/syntax/Inputs/everything.sinter");
  std::string once = reprint(text);
  expectGolden("syntax/Inputs/everything.printed", once);
  EXPECT_EQ(reprint(once), once);
}

TEST(Printer, ParenthesesOnlyWhereNeeded) {
  EXPECT_EQ(expression("((a)+(b))*c"), "(a + b) * c");
  EXPECT_EQ(expression("a-(b-c)-d"), "a - (b - c) - d");
  EXPECT_EQ(expression("-x**2"), "-x ** 2");
  EXPECT_EQ(expression("(-x)**2"), "(-x) ** 2");
  EXPECT_EQ(expression("a**b**c"), "a ** b ** c");
  EXPECT_EQ(expression("(a**b)**c"), "(a ** b) ** c");
  EXPECT_EQ(expression("a**-1"), "a ** -1");
  EXPECT_EQ(expression("not (a and b) or c"), "not (a and b) or c");
  EXPECT_EQ(expression("(not a) == b"), "(not a) == b");
  EXPECT_EQ(expression("(if a then b else c) + 1"), "(if a then b else c) + 1");
  EXPECT_EQ(expression("(a == b) == c"), "(a == b) == c");
  EXPECT_EQ(expression("x[:, None, 1:2, ..., -1]"), "x[:, None, 1:2, ..., -1]");
  EXPECT_EQ(expression("[i+1 for i in 0..n]"), "[i + 1 for i in 0..n]");
  EXPECT_EQ(expression("f(x,y=1).T"), "f(x, y = 1).T");
  EXPECT_EQ(expression(R"("a\"\\\n{{")"), R"("a\"\\\n{{")");
  EXPECT_EQ(expression("1e-5 + 0.50"), "1e-5 + 0.50");
}
