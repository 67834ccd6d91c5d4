// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One golden per message: each diagnostics/<name>.sinter is loaded and what is said about it compared
// with diagnostics/<name>.expected. Messages that no small text can cause are caused here in memory.
#include "test/frontend/ExpectGolden.h"

#include "frontend/resolve/Program.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Golden, Texts) {
  InsideFolder inside(testFolder() + "/diagnostics");
  std::vector<std::string> names = filesOf(".", ".sinter");
  EXPECT_GE(names.size(), 38u);
  for (const std::string &name : names) {
    SCOPED_TRACE(name);
    DiagnosticEngine diags;
    loadProgram(name, diags);
    std::string text = diags.render();
    expectGolden("diagnostics/" + name.substr(0, name.size() - 7) + ".expected", text);
    // The name says which message it is about: unexpected-token.E0101.sinter
    size_t dot = name.find('.');
    std::string code = name.substr(dot + 1, 5);
    EXPECT_NE(text.find("[" + code + "]"), std::string::npos)
        << "resolving says nothing of " << code << " (values and shapes are found later: their texts are in ../shapes)\n"
        << text;
  }
}

namespace {
void expectMessage(const std::string &golden, const std::string &name, const std::string &content) {
  SCOPED_TRACE(golden);
  TemporaryFolder folder;
  folder.write(name, content);
  DiagnosticEngine diags;
  loadProgram(name, diags);
  EXPECT_TRUE(diags.hasErrors());
  expectGolden("diagnostics/" + golden, diags.render());
}
} // namespace

TEST(Golden, TextsTooLargeToKeep) {
  expectMessage("too-deep.E0108.expected", "deep.sinter", "x = " + std::string(60'000, '(') + "\n");
  std::string many = "x = [";
  for (int i = 0; i < 250'000; ++i)
    many += i % 16 ? "1," : "\n1,";
  expectMessage("too-many-tokens.E0109.expected", "many.sinter", many);
  expectMessage("file-too-large.E0110.expected", "large.sinter", std::string((16u << 20) + 1, '#'));
  expectMessage("bad-utf8.E0107.expected", "latin.sinter", "# caf\xe9\nx = 1\n");
  expectMessage("nul.E0107.expected", "nul.sinter", std::string("x = 1\0y = 2\n", 12));
}

TEST(Golden, Programs) {
  DiagnosticEngine missing;
  EXPECT_EQ(loadProgram("robrta", missing), nullptr);
  expectGolden("diagnostics/file-not-found.E0221.expected", missing.render());

  DiagnosticEngine diags;
  std::unique_ptr<Program> program = loadProgram("gpt2", diags);
  ASSERT_TRUE(program && !diags.hasErrors());
  EXPECT_EQ(program->findModel("GPT2Modell", diags), nullptr);
  expectGolden("diagnostics/unknown-model.E0225.expected", diags.render());
}

TEST(Golden, RenderingOfLabels) {
  // What shape checking wants to say: both operands, where a dimension was bound, the chain, siblings.
  DiagnosticEngine diags;
  std::string text = "module M(d: int) {\n"
                     "  fn f(query: f32[B, T, d], key: f32[B, S, d]) -> f32[B, T, d] {\n"
                     "    return query + key\n"
                     "  }\n"
                     "}\n";
  FileId file = diags.sources().add("layers.sinter", text);
  FileId json = diags.sources().add("config.json", "{\n  \"d\":\t768\n}\n");
  auto at = [&](FileId id, const char *what, size_t from = 0) {
    auto begin = static_cast<uint32_t>(diags.sources().text(id).find(what, from));
    return Span{id, begin, begin + static_cast<uint32_t>(std::string_view(what).size())};
  };
  size_t line = text.find("return");
  for (int sibling = 0; sibling < 3; ++sibling)
    diags.report(DiagId::UnknownField, at(file, "+", line), {"M", "x"})
        .at("these do not fit")
        .label(at(file, "query", line), "f32[B, T, 768]")
        .label(at(file, "key", line), "f32[B, S, 768]")
        .label(at(file, "T, d"), "T is bound here")
        .label(at(file, "S, d"), "S is bound here")
        .label(at(json, "768"), "d")
        .note("3 * c.d = 2304\nand a second line")
        .help("transpose one of them")
        .inside({{"encoder", "Encoder(c)", {}}, {"encoder.layer.0", "M(768)", {}}});
  expectGolden("diagnostics/rendering.expected", diags.render());
  EXPECT_EQ(diags.errorCount(), 1u);
  EXPECT_NE(diags.render(true).find("\x1b["), std::string::npos);
}

TEST(Golden, RenderingOfOddLines) {
  DiagnosticEngine diags;
  std::string longLine(400, 'x');
  FileId file = diags.sources().add("odd.sinter", "\tä\x01 é\n" + longLine + "\n\xff\xfe");
  diags.report(DiagId::UnknownName, {file, 3, 4}, {"control"});
  diags.report(DiagId::UnknownName, {file, 208, 218}, {"long"}).at("in the middle");
  diags.report(DiagId::UnknownName, {file, 408, 409}, {"bytes"});
  diags.report(DiagId::UnknownName, {file, 410, 410}, {"end"});
  expectGolden("diagnostics/odd-lines.expected", diags.render());
}

TEST(Golden, ManyErrorsAreCut) {
  DiagnosticEngine diags;
  FileId file = diags.sources().add("many.sinter", std::string(1000, 'x'));
  for (uint32_t i = 0; i < 300; ++i)
    diags.report(DiagId::UnknownName, {file, i, i + 1}, {i});
  std::string text = diags.render();
  EXPECT_NE(text.find("… and 280 more errors"), std::string::npos);
  EXPECT_TRUE(diags.full());
}
