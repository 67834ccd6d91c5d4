// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Damaged texts that still pass the parser and the resolver are elaborated: no crash, no hang, and
// either an error or a model. The same ones in every run.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/Random.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include "frontend/syntax/Lexer.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
const char *const operators[] = {"+", "-", "*", "/", "//", "%", "@", "**", "==", "!=", "<", ">=", "and", "or"};
const char *const atoms[] = {"0",      "1",         "2",   "7",    "-1",    "3.5",   "none",   "true",
                             "x",      "y",         "T",   "B",    "c.d",   "c.act", "[1, 2]", "lowest",
                             "100000", "arange(T)", "f32", "mask", "block", "x.T",   "x[:, 0]"};

template <size_t N> bool isOneOf(std::string_view word, const char *const (&list)[N]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// Operators become operators, atoms other atoms, a name one that stands near.
std::string swapWords(std::string text, Random &random) {
  for (size_t edits = 1 + random.below(2); edits > 0;) {
    DiagnosticEngine diags;
    FileId id = diags.sources().add("words", text);
    TokenList list = lex(id, 0, static_cast<uint32_t>(text.size()), diags);
    size_t count = list.tokens.size() - 1, at = random.below(count);
    auto wordOf = [&](const Token &token) { return text.substr(token.begin, token.end - token.begin); };
    Token to = list.tokens[at];
    std::string was = wordOf(to), word;
    if (isOneOf(was, operators))
      word = operators[random.below(std::size(operators))];
    else if (isdigit(was[0]) || random.below(6) == 0)
      word = atoms[random.below(std::size(atoms))];
    else if (isalpha(was[0]))
      word = wordOf(list.tokens[std::min(count - 1, at - std::min<size_t>(at, 20) + random.below(40))]);
    if (word.empty() || (isalpha(was[0]) && !isalpha(word[0])))
      continue;
    text = text.substr(0, to.begin) + word + text.substr(to.end);
    --edits;
  }
  return text;
}

/// Short, and made of everything that elaboration does.
const char *const base = R"text(
config C { vocab: int = 11  d: int = 12  heads: int = 3  layers: int = 4  ctx: int = 64  eps: float = 1e-5
  act: str = "gelu"  gated: bool = true }
fn mean(x: f32[..., N]) -> f32[..., 1] { return sum(x, -1) / N }
fn norm(x: f32[..., N], gain: f32[N], eps: float) -> f32[..., N] {
  y = x - mean(x)
  return y / sqrt(mean(y * y) + eps) * gain
}
fn heads_of(x: f32[B, T, D], h: int) -> f32[B, h, T, D // h] { return rearrange(x, "b t (h e) -> b h t e", h = h) }
module Table(n: int, d: int) {
  weight: param[n, d] = normal(0.02)
  fn forward(ids: i32[...]) -> f32[..., d] { return weight[ids] }
}
module Linear(a: int, b: int, biased: bool = true) {
  weight: param[b, a] = normal(0.02)
  if biased { bias: param[b] = zeros }
  fn forward(x: f32[..., a]) -> f32[..., b] {
    y = x @ weight.T
    if biased { y = y + bias }
    return y
  }
}
module Block(c: C, index: int) {
  scale = 1 / sqrt(c.d // c.heads) * (index + 1)
  query: Linear(c.d, c.d)
  key: Linear(c.d, c.d, biased = false)
  value: Linear(c.d, c.d)
  up: Linear(c.d, 4 * c.d)
  down: Linear(4 * c.d, c.d)
  gain: param[c.d] = ones
  fn forward(x: f32[B, T, c.d], mask: i32[B, T]) -> f32[B, T, c.d] {
    y = norm(x, gain, c.eps)
    q = heads_of(query(y), c.heads)
    k = heads_of(key(y), c.heads)
    v = heads_of(value(y), c.heads)
    i = arange(T)[:, None]
    j = arange(T)[None, :]
    s = where(j <= i and mask[:, None, None, :] != 0, q @ k.T * scale, lowest)
    e = exp(s - max(s, -1))
    x = x + rearrange(e / sum(e, -1) @ v, "b h t e -> b t (h e)")
    u = up(x)
    if c.gated { u = u * maximum(u, 0) }
    a, b = split(u, 2)
    return x + down(concat([a * cos(b), tanh(b) - a], -1))
  }
}
model M(c: C) as "" | "m" {
  word: Table(c.vocab, c.d)
  place: Table(c.ctx, c.d)
  block: [Block(c, i) for i in 0..c.layers]
  head: Linear(c.d, c.vocab, biased = false)
  tie head.weight = word.weight
  fn forward(tokens: i32[B, T], mask: i32[B, T] = 1) -> (logits: f32[B, T, c.vocab], last: f32[B, c.vocab]) {
    check T <= c.ctx, "{T} tokens, but {c.ctx} positions"
    x = word(tokens) + place(arange(T))
    for b in block { x = b(x, mask) }
    y = head(x)
    top, which = topk(y, 2)
    z = pick(y, which[..., 0]) + top[:, :, 1] * f32(cumsum(mask, 1))
    return y + z[:, :, None], y[:, -1] - y[:, 0]
  }
}
)text";
} // namespace

TEST(Damaged, NothingCrashesOrHangs) {
  TemporaryFolder folder;
  Random random{7};
  size_t elaborated = 0, refused = 0, accepted = 0;
  double longest = 0;
  for (size_t round = 0; round < 6000; ++round) {
    std::string text = swapWords(base, random);
    folder.write("mutant.sinter", text);
    DiagnosticEngine names;
    std::unique_ptr<Program> program = loadProgram("mutant.sinter", names);
    if (!program || names.hasErrors() || program->models().empty())
      continue;
    ++elaborated;
    FrontendOptions options = modelOf("mutant.sinter");
    options.model = program->models()[random.below(program->models().size())]->name()->text;
    auto begin = std::chrono::steady_clock::now();
    ElaboratedText made(options);
    longest = std::max(longest, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    ASSERT_EQ(made.ok, !made.diags.hasErrors());
    EXPECT_LT(made.diags.render().size(), 200'000u);
    (made.ok ? accepted : refused) += 1;
  }
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
    auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(checkText(modelOf("m.sinter"), diags));
    EXPECT_FALSE(diags.render().empty());
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 10.0);
  }
}
