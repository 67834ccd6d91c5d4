// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shapes of trees, spans, several errors a run, recovery, limits.
#include "frontend/syntax/Parser.h"
#include "test/frontend/ExpectGolden.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
struct Parsed {
  DiagnosticEngine diags;
  File file;
  explicit Parsed(const std::string &text) { file = parseFile(diags.sources().add("t", text), diags); }
};

std::string parseCodes(const std::string &text) {
  Parsed parsed(text);
  return codes(parsed.diags);
}
} // namespace

TEST(Parser, ModulesAndMembers) {
  Parsed parsed(
      "## doc of M\nmodule M(c: C, base: module) as \"\" | \"m\" {\n"
      "  w: param[c.d, 3] = zeros as \"weight\" | \"gamma\"\n"
      "  h: [Block(c, i) for i in 0..c.layers]\n"
      "  ## doc of f\n  fn f(x: f32[B, ..., c.d], k: int? = none) -> (a: f32[], b: i32[B]) causal B { return x, k }\n"
      "}\n");
  ASSERT_FALSE(parsed.diags.hasErrors()) << parsed.diags.render();
  ASSERT_EQ(parsed.file.decls.size(), 1u);
  EXPECT_EQ(parsed.file.decls[0].doc, "doc of M");
  const auto *module = parsed.file.decls[0].as<Module>();
  ASSERT_TRUE(module);
  EXPECT_EQ(module->outside.alternatives.size(), 2u);
  EXPECT_EQ(module->params[1].type.kind, HyperType::Kind::Module);
  ASSERT_EQ(module->members.size(), 3u);
  const auto *param = module->members[0].as<Param>();
  ASSERT_TRUE(param);
  EXPECT_EQ(param->outside.alternatives.size(), 2u);
  EXPECT_EQ(parsed.diags.sources().text(param->dims[0].span), "c.d");
  EXPECT_TRUE(module->members[1].as<Sub>()->value->is<Comprehension>());
  const auto *function = module->members[2].as<Function>();
  ASSERT_TRUE(function);
  EXPECT_EQ(module->members[2].doc, "doc of f");
  EXPECT_TRUE(function->namedResults);
  EXPECT_EQ(function->causal->text, "B");
  EXPECT_TRUE(function->args[0].type.tensor()->dims[1].isRest());
  EXPECT_EQ(toString(function->args[0].type), "f32[B, ..., c.d]");
  EXPECT_TRUE(function->args[1].type.hyper()->optional);
}

TEST(Parser, Precedence) {
  DiagnosticEngine diags;
  FileId id = diags.sources().add("t", "a + b * c @ d ** -e == f and not g in h..i or j");
  ExprPtr tree = parseExpression(id, diags);
  ASSERT_TRUE(tree);
  const auto *top = tree->as<BinaryExpr>();
  EXPECT_EQ(top->op, BinaryOp::Or);
  const auto *both = top->lhs->as<BinaryExpr>();
  EXPECT_EQ(both->op, BinaryOp::And);
  EXPECT_EQ(both->lhs->as<BinaryExpr>()->op, BinaryOp::Equal);
  EXPECT_EQ(both->rhs->as<UnaryExpr>()->operand->as<BinaryExpr>()->op, BinaryOp::In);
  EXPECT_EQ(diags.sources().text(both->lhs->span), "a + b * c @ d ** -e == f");
  EXPECT_EQ(diags.sources().text(both->lhs->as<BinaryExpr>()->opSpan), "==");
}

TEST(Parser, MessagesHoldExpressions) {
  Parsed parsed("config C { a: int = 1\n check a > 0, \"{a} {{x}} \\\"{a - 1}\\\" \" }");
  ASSERT_FALSE(parsed.diags.hasErrors()) << parsed.diags.render();
  const auto *check = parsed.file.decls[0].as<Config>()->members[1].as<Check>();
  ASSERT_EQ(check->pieces.size(), 3u);
  EXPECT_EQ(check->pieces[1].text, " {x} \"");
  EXPECT_EQ(parsed.diags.sources().text(check->pieces[1].expr->span), "a - 1");
  EXPECT_EQ(check->pieces[2].text, "\" ");
}

TEST(Parser, NewlinesMeanNothing) {
  EXPECT_EQ(parseCodes("fn f(x: f32[B]) -> f32[B] { y = x\n + 1 z = y return\n z }"), "");
  EXPECT_EQ(parseCodes("a = 1 b = -2 c = [1]\n"), "");
}

TEST(Parser, SeveralErrorsARun) {
  // One in a config, two in a module, one after it; the good parts between are kept.
  Parsed parsed("config C {\n  a: int = = 1\n  b: int = 2\n}\n"
                "module M(c: C) {\n  x: Linear(1,\n  y: Linear(2)\n"
                "  fn f(x: f32[B]) -> f32[B] {\n    y = x +\n    z = x\n    return z\n  }\n}\n"
                "fn g(x: f32[B] -> f32[B] { return x }\n"
                "fn h(x: f32[B]) -> f32[B] { return x }\n");
  EXPECT_EQ(codes(parsed.diags), "E0101 E0101 E0101 E0101") << parsed.diags.render();
  ASSERT_EQ(parsed.file.decls.size(), 4u);
  EXPECT_TRUE(parsed.file.decls[0].broken);
  EXPECT_EQ(parsed.file.decls[0].as<Config>()->members.size(), 1u);
  EXPECT_FALSE(parsed.file.decls[3].broken);
}

TEST(Parser, RecoveryFindsTheNextDeclaration) {
  Parsed parsed("module M(c: C) {\n  x: Linear(1)\n\nmodule N(c: C) {\n}\nconfig D {\n");
  EXPECT_EQ(codes(parsed.diags), "E0101 E0101");
  EXPECT_EQ(parsed.file.decls.size(), 3u);
}

TEST(Parser, DepthIsBounded) {
  std::string parens(60'000, '('), minus(60'000, '-'), lists(60'000, '['), nots, ifs, powers, elses, sums, dots, types;
  for (int i = 0; i < 60'000; ++i) {
    nots += "not ";
    ifs += "if a then ";
    powers += "a**";
    sums += "a + ";
    dots += ".a";
    elses += "if a {} else ";
    types += "[";
  }
  for (const std::string &text :
       {"x = " + parens, "x = " + minus + "1", "x = " + lists, "x = " + nots + "a", "x = " + ifs, "x = " + powers + "a",
        "x = " + sums + "a", "x = a" + dots, "config C { " + elses + "{} }", "config C { a: " + types,
        "fn f(x: f32[B]) -> f32[B] { " + elses + "{} }"}) {
    SCOPED_TRACE(text.substr(0, 30));
    Parsed parsed(text);
    EXPECT_TRUE(parsed.diags.has(DiagId::TooDeep)) << codes(parsed.diags);
    EXPECT_LE(parsed.diags.errorCount(), 3u);
  }
  std::string fine = "x = " + std::string(100, '(') + "1" + std::string(100, ')');
  EXPECT_EQ(parseCodes(fine), "");
}

TEST(Parser, NumbersOutOfRange) {
  EXPECT_EQ(parseCodes("x = 9223372036854775807"), "");
  EXPECT_EQ(parseCodes("x = 9223372036854775808"), "E0105");
  EXPECT_EQ(parseCodes("x = 1e308"), "");
  EXPECT_EQ(parseCodes("x = 1e309"), "E0106");
  EXPECT_EQ(parseCodes("x = 1e-400"), ""); // underflow is zero, as everywhere
}

TEST(Parser, SettingsAndVariantsOfTheCommandLine) {
  DiagnosticEngine diags;
  EXPECT_TRUE(parseCall(diags.sources().add("--variant", "lora(rank = 4)"), diags));
  EXPECT_FALSE(diags.hasErrors());
  EXPECT_FALSE(parseCall(diags.sources().add("--variant", "lora"), diags));
  EXPECT_FALSE(parseExpression(diags.sources().add("--set", "1 2"), diags));
  EXPECT_EQ(codes(diags), "E0111 E0101");
}
