// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tokens, numbers, strings, comments, positions.
#include "frontend/syntax/Lexer.h"
#include "test/frontend/ExpectGolden.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
std::string spell(const std::string &text, DiagnosticEngine &diags) {
  FileId id = diags.sources().add("t", text);
  std::string out;
  for (const Token &token : lex(id, 0, static_cast<uint32_t>(text.size()), diags).tokens)
    out += (out.empty() ? "" : " ") + describe(token.kind);
  return out;
}
std::string spell(const std::string &text) {
  DiagnosticEngine diags;
  std::string out = spell(text, diags);
  EXPECT_FALSE(diags.hasErrors()) << diags.render();
  return out;
}
} // namespace

TEST(Lexer, NumbersAndDots) {
  EXPECT_EQ(spell("1"), "an integer the end of the text");
  EXPECT_EQ(spell("1.5 1e-5 2.0E+3"), "a number a number a number the end of the text");
  EXPECT_EQ(spell("0..n"), "an integer `..` a name the end of the text");
  EXPECT_EQ(spell("x[...,0]"), "a name `[` `...` `,` an integer `]` the end of the text");
  EXPECT_EQ(spell("1.T"), "an integer `.` a name the end of the text");
  EXPECT_EQ(spell("1e"), "an integer a name the end of the text");
}

TEST(Lexer, LongestOperators) {
  EXPECT_EQ(spell("a//b**c->d"), "a name `//` a name `**` a name `->` a name the end of the text");
  EXPECT_EQ(spell("<= < == = != >= >"), "`<=` `<` `==` `=` `!=` `>=` `>` the end of the text");
}

TEST(Lexer, KeywordsAndNames) {
  EXPECT_EQ(spell("none None nones causal"), "`none` `None` a name `causal` the end of the text");
  EXPECT_EQ(spell("int f32 _a"), "a name a name a name the end of the text");
}

TEST(Lexer, StringsAndEscapes) {
  EXPECT_EQ(spell("\"a # b\" \"é\""), "a string a string the end of the text");
  EXPECT_EQ(unescape("\"a\\\"b\\\\c\\n\""), "a\"b\\c\n");
  DiagnosticEngine diags;
  spell("\"a\\qb\" \"open\n\"fine\"", diags);
  EXPECT_EQ(codes(diags), "E0104 E0103");
}

TEST(Lexer, CommentsAndDocs) {
  std::string text = "## one\n##  two\n# plain\nfn # ## not this\n## three\nx";
  DiagnosticEngine diags;
  FileId id = diags.sources().add("t", text);
  TokenList list = lex(id, 0, static_cast<uint32_t>(text.size()), diags);
  ASSERT_EQ(list.docs.size(), 2u);
  EXPECT_EQ(list.docs[0].token, 0u);
  EXPECT_EQ(list.docs[0].text, "one\n two");
  EXPECT_EQ(list.docs[1].text, "three");
}

TEST(Lexer, BadCharactersAreOneErrorARun) {
  DiagnosticEngine diags;
  EXPECT_EQ(spell("a ; $ ééé b\x01", diags),
            "a name a bad character a bad character a bad character a name a bad character the end of the text");
  EXPECT_EQ(codes(diags), "E0102 E0102 E0102 E0102");
}

TEST(Lexer, LinesAndColumns) {
  SourceManager sources;
  FileId id = sources.add("t", "ab\né\tc\n\nx");
  auto at = [&](uint32_t offset) {
    LineColumn place = sources.lineColumn(id, offset);
    return std::pair(place.line, place.column);
  };
  EXPECT_EQ(at(0), std::pair(1u, 1u));
  EXPECT_EQ(at(2), std::pair(1u, 3u));
  EXPECT_EQ(at(3), std::pair(2u, 1u));
  EXPECT_EQ(at(6), std::pair(2u, 3u)); // é is one column
  EXPECT_EQ(at(9), std::pair(4u, 1u));
  EXPECT_EQ(sources.line(id, 2), "é\tc");
  EXPECT_EQ(sources.lineCount(id), 4u);
}

TEST(Lexer, SpansInsideStrings) {
  SourceManager sources;
  FileId id = sources.add("t", R"(x = "a\"b.c")");
  Span literal{id, 4, 12};
  Span inside = sources.insideString(literal, 2, 4); // value: a"b.c
  EXPECT_EQ(sources.text(inside), "b.");
}
