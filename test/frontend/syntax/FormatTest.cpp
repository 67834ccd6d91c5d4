// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The formatter: what it changes, what it keeps, and for every text there is: the tree stays the same, the
// comments stay, and formatting again changes nothing.
#include "test/frontend/ExpectGolden.h"

#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/syntax/Format.h"
#include "frontend/syntax/Parser.h"
#include "frontend/syntax/Printer.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

std::string format(const std::string &text) {
  DiagnosticEngine diags;
  auto formatted = formatText(diags.sources().add("a.sinter", text), diags);
  return formatted ? *formatted : "refused:\n" + diags.render();
}

std::string tree(const std::string &text) {
  DiagnosticEngine diags;
  return print(parseFile(diags.sources().add("a.sinter", text), diags));
}

/// The bytes that count: everything but blanks.
std::string inked(const std::string &text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
      out += c;
  return out;
}

void expectFaithful(const std::string &text) {
  DiagnosticEngine diags;
  auto formatted = formatText(diags.sources().add("a.sinter", text), diags);
  if (!formatted)
    return;
  EXPECT_EQ(inked(*formatted), inked(text));
  EXPECT_EQ(tree(*formatted), tree(text)) << *formatted;
  EXPECT_EQ(format(*formatted), *formatted);
}

} // namespace

TEST(Format, Layout) {
  EXPECT_EQ(format("\n\n# first\r\n\n\n\nmodule  M( d:int ,k :int=2 ){\n\n"
                   "\tw:param [ d,2*d ]as \"w\"#why\n"
                   "      # alone\n"
                   "if k>1{x=-d}else{x=d- -1}\n\n\n"
                   "   fn f( x :f32[ B,d ] )->f32[B,d]{\n   return x[ : , 1 : ]+x [ ...,-1 ]\n\n}\n}\n\n\n"),
            "# first\n\nmodule M(d: int, k: int = 2) {\n"
            "  w: param[d, 2 * d] as \"w\"  #why\n"
            "  # alone\n"
            "  if k > 1 { x = -d } else { x = d - -1 }\n\n"
            "  fn f(x: f32[B, d]) -> f32[B, d] {\n    return x[:, 1:] + x[..., -1]\n  }\n}\n");
}

TEST(Format, ColumnsAndContinuationsStay) {
  std::string text = "config Child : Parent {\n"
                     "  vocab: int   = 3   as \"vocab_size\"\n"
                     "  d:     float = 1.5 as \"a\"\n"
                     "                      | \"b\"\n"
                     "  ignore names       # stored, never read\n"
                     "}\n\n"
                     "fn f(x: f32[B, T])\n"
                     "    -> (y: f32[B, T], z: int?) {\n"
                     "  names = [\n"
                     "    \"a\", \"b\",\n"
                     "    \"c\"\n"
                     "  ]\n"
                     "  return x +\n"
                     "         f(x)\n"
                     "}\n";
  EXPECT_EQ(format(text), text);
  // Moved as a whole, a continued statement keeps its shape.
  EXPECT_EQ(format("fn f(x: f32[B]) -> f32[B] {\n        return x +\n               x\n}\n"),
            "fn f(x: f32[B]) -> f32[B] {\n  return x +\n         x\n}\n");
}

TEST(Format, ATextWithErrorsIsLeftAlone) { EXPECT_EQ(format("config {\n").substr(0, 8), "refused:"); }

TEST(Format, NothingAtAll) {
  EXPECT_EQ(format(""), "");
  EXPECT_EQ(format(" \n\t\n"), "");
  EXPECT_EQ(format("# only a comment"), "# only a comment\n");
}

TEST(Format, TheTextsOfTheHouseAreFormatted) {
  for (const EmbeddedText &text : embeddedTexts()) {
    SCOPED_TRACE(std::string(text.path));
    EXPECT_EQ(format(std::string(text.text)), text.text);
  }
}

TEST(Format, MeaningStaysAndTwiceIsOnce) {
  for (const EmbeddedText &text : embeddedTexts())
    expectFaithful(std::string(text.text));
  size_t count = 0;
  for (const char *folder : {"valid", "invalid", "shapes", "diagnostics", "syntax/Inputs"})
    for (const std::string &name : filesOf(testFolder() + "/" + folder, ".sinter")) {
      SCOPED_TRACE(name);
      std::string text = readWhole(testFolder() + "/" + folder + "/" + name);
      expectFaithful(text);
      // The same text, squeezed and spread.
      std::string squeezed, spread;
      for (char c : text) {
        if (!(c == ' ' && !squeezed.empty() && squeezed.back() == ' '))
          squeezed += c;
        spread += c;
        if (c == '\n')
          spread += "   ";
      }
      expectFaithful(squeezed);
      expectFaithful(spread);
      ++count;
    }
  EXPECT_GE(count, 200u);
}
