// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thousands of damaged texts, the same ones in every run: each is answered with diagnostics or
// accepted, at once; what is accepted still prints to a fixed point.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/Random.h"

#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/resolve/Program.h"
#include "frontend/syntax/Lexer.h"
#include "frontend/syntax/Parser.h"
#include "frontend/syntax/Printer.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

const char *const scraps[] = {"{",
                              "}",
                              "(",
                              ")",
                              "[",
                              "]",
                              ":",
                              "=",
                              ",",
                              ".",
                              "..",
                              "...",
                              "\"",
                              "\\",
                              "{{",
                              "if ",
                              " else ",
                              " for ",
                              " in ",
                              "fn ",
                              "module ",
                              "config ",
                              "model ",
                              "import ",
                              " as ",
                              "return ",
                              "check ",
                              "none",
                              "None",
                              "-",
                              "**",
                              "@",
                              "T",
                              "B",
                              "c",
                              "1e999",
                              "99999999999999999999",
                              "\n",
                              "#",
                              "##",
                              "\x01",
                              "\xc3",
                              "é",
                              "|",
                              "?",
                              "param",
                              "tie ",
                              "ignore ",
                              "variant ",
                              "with "};

std::string mutate(std::string text, Random &random) {
  size_t edits = 1 + random.below(4);
  for (size_t i = 0; i < edits && !text.empty(); ++i) {
    size_t at = random.below(text.size());
    size_t length = std::min(text.size() - at, 1 + random.below(random.below(8) ? 12 : 400));
    std::string scrap = scraps[random.below(std::size(scraps))];
    switch (random.below(6)) {
    case 0:
      text.erase(at, length);
      break;
    case 1:
      text.insert(at, scrap);
      break;
    case 2:
      text.replace(at, length, scrap);
      break;
    case 3:
      text.insert(random.below(text.size()), text.substr(at, length));
      break;
    case 4:
      text[at] = static_cast<char>(random.below(256));
      break;
    case 5:
      text.resize(at);
      break;
    }
  }
  return text;
}

/// Replaces one word by another of the same text: stays grammatical far more often.
std::string swapWords(const std::string &text, Random &random) {
  DiagnosticEngine diags;
  FileId id = diags.sources().add("words", text);
  TokenList list = lex(id, 0, static_cast<uint32_t>(text.size()), diags);
  size_t count = list.tokens.size() - 1;
  Token to = list.tokens[random.below(count)], from = list.tokens[random.below(count)];
  return text.substr(0, to.begin) + text.substr(from.begin, from.end - from.begin) + text.substr(to.end);
}

} // namespace

/// With the 6,000 of elaborate/DamagedTest.cpp and the 600 that are compiled (test/codegen), more than ten thousand.
TEST(Mutation, NothingCrashesOrHangs) {
  TemporaryFolder folder;
  Random random{20240607};
  size_t accepted = 0, refused = 0, total = 0;
  auto texts = embeddedTexts();
  auto begin = std::chrono::steady_clock::now();
  for (size_t round = 0; round < 4400; ++round) {
    std::string source(texts[round % texts.size()].text);
    std::string text = round % 3 == 2 ? swapWords(source, random) : mutate(source, random);
    folder.write("mutant.sinter", text);
    DiagnosticEngine diags;
    std::unique_ptr<Program> program = loadProgram("mutant.sinter", diags);
    ASSERT_TRUE(program || diags.hasErrors());
    EXPECT_LT(diags.render().size(), 200'000u);
    ++total;
    if (diags.hasErrors()) {
      ++refused;
      continue;
    }
    ++accepted;
    std::string once = print(program->root().file);
    FileId again = diags.sources().add("again", once);
    EXPECT_EQ(print(parseFile(again, diags)), once);
    EXPECT_FALSE(diags.hasErrors()) << diags.render();
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_EQ(total, 4400u);
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(accepted, 50u);
  RecordProperty("accepted", static_cast<int>(accepted));
  RecordProperty("seconds", std::to_string(seconds));
}

TEST(Mutation, ManyNamesTakeLinearTime) {
  // Grammatical texts that ask the most of name checking: n of everything.
  auto repeat = [](const std::string &before, auto &&one, const std::string &after) {
    std::string text = before;
    for (int i = 0; i < 20'000; ++i)
      text += one(std::to_string(i)) + "\n";
    return text + after;
  };
  const std::string texts[] = {
      repeat(
          "", [](auto i) { return "a" + i + " = b" + i; }, ""),
      repeat(
          "module M(d: int) {\n", [](auto i) { return "if d > 1 { x" + i + " = 1 } else { x" + i + " = 2 }"; }, "}\n"),
      repeat(
          "fn f(x: f32[B]) -> f32[B] {\n", [](auto i) { return "a" + i + " = 1 for i in 0..2 { b" + i + " = i }"; },
          "return x }\n"),
      repeat(
          "module M(d: int) {\n", [](auto i) { return "fn f" + i + "() -> int { return 1 }"; }, "}\n"),
      repeat(
          "config C {\n", [](auto i) { return "f" + i + ": int = 1"; }, "}\n") +
          repeat(
              "", [](auto i) { return "config C" + i + " : C { x: int = 1 }"; }, ""),
      repeat(
          "config C0 : C {}\n", [](auto i) { return "config C" + i + "1 : C" + i + " {}"; }, ""),
      repeat(
          "config D20000 {}\n",
          [](auto i) { return "config D" + i + " : D" + std::to_string(std::stoi(i) + 1) + " { x: int = 1 }"; }, ""),
      repeat(
          "import ", [](auto i) { return "n" + i + ", "; }, "x from \"std/nn\"\n"),
      repeat(
          "module M(d: int) {\n", [](auto i) { return "a" + i + ": M(d) w" + i + " = a" + i + ".nothing"; }, "}\n"),
  };
  for (const std::string &text : texts) {
    SCOPED_TRACE(text.substr(0, 80));
    TemporaryFolder folder;
    folder.write("m.sinter", text);
    DiagnosticEngine diags;
    auto begin = std::chrono::steady_clock::now();
    loadProgram("m.sinter", diags);
    diags.render();
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 8.0);
  }
}

TEST(Mutation, LongTextsTakeLinearTime) {
  auto seconds = [](const std::string &text) {
    DiagnosticEngine diags;
    FileId id = diags.sources().add("long", text);
    auto begin = std::chrono::steady_clock::now();
    parseFile(id, diags);
    diags.render();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const char *const shapes[] = {"x = 1\n",
                                "- ",
                                "((",
                                "a.",
                                "fn f(",
                                "\"",
                                "\"\\",
                                "#\n",
                                "é",
                                "if a {",
                                "}",
                                "[[",
                                "x = if a then ",
                                "x = a + ",
                                "not ",
                                "{",
                                "model M = ",
                                "module M(c: C) {",
                                "a, ",
                                "check x, \"{a}{b}\"\n",
                                "config C : D {\n",
                                "**",
                                "\n",
                                "import a from \"b\"\n"};
  for (const char *shape : shapes) {
    SCOPED_TRACE(shape);
    std::string text;
    while (text.size() < 1'000'000)
      text += shape;
    EXPECT_LT(seconds(text), 5.0); // a second on an idle machine; quadratic work would take minutes
  }
}
