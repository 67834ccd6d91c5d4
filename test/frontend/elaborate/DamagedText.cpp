// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See DamagedText.h.
#include "test/frontend/elaborate/DamagedText.h"

#include "frontend/syntax/Lexer.h"

#include <algorithm>
#include <cctype>
#include <sys/resource.h>

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
} // namespace

std::string sinter::frontend::test::swapWords(std::string text, Random &random) {
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

const char *const sinter::frontend::test::wholeLanguage = R"text(
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

long sinter::frontend::test::peakMegabytes() {
#if __has_feature(address_sanitizer)
  return 0;
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
#endif
}
