// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parser's bookkeeping (nodes, names, places, errors) and the blob at the end.

#include "frontend/chat/Chat.h"
#include "frontend/chat/Parser.h"

#include <algorithm>
#include <cstring>

namespace sinter::chat {
namespace {
constexpr const char *SHAPES[] = {
#define X(name, shape) shape,
    SINTER_CHAT_NODES(X)
#undef X
};
constexpr unsigned MAX_NESTING = 60; // of brackets and blocks; nodes have their own bound
} // namespace

Parser::Parser(const Lexed &text) : lexed(text) {
  for (uint32_t i = 0; i < text.source.size(); ++i)
    if (text.source[i] == '\n')
      lineStarts.push_back(i + 1);
}
uint32_t Parser::place(uint32_t offset, uint32_t *line, uint32_t *column) const {
  auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  *line = uint32_t(after - lineStarts.begin());
  *column = offset - *(after - 1) + 1;
  return std::min(*line, (1u << 20) - 1) << 12 | std::min(*column, 4095u);
}
uint32_t Parser::fail(uint32_t offset, std::string what) {
  if (error.empty()) {
    error = std::move(what);
    errorOffset = offset;
  }
  return 0;
}
bool Parser::enter(uint32_t offset) {
  if (++nesting > MAX_NESTING)
    fail(offset, "the template is nested too deeply");
  return !bad();
}
std::string Parser::describe() const {
  const Token &t = peek();
  switch (t.kind) {
  case TokenKind::End:
    return "the end of the template";
  case TokenKind::VariableEnd:
    return "`}}`";
  case TokenKind::BlockEnd:
    return "`%}`";
  case TokenKind::String:
    return "a string";
  default:
    return "`" + t.text.substr(0, 40) + "`";
  }
}
bool Parser::expect(std::string_view op) {
  if (bad() || !isOp(op))
    return fail(peek().offset, "expected `" + std::string(op) + "`, found " + describe()), false;
  take();
  return true;
}
bool Parser::expectBlockEnd() {
  if (bad() || peek().kind != TokenKind::BlockEnd)
    return fail(peek().offset, "expected `%}`, found " + describe()), false;
  take();
  return true;
}
uint32_t Parser::list(const std::vector<uint32_t> &elements) {
  lists.push_back(uint32_t(elements.size()));
  lists.insert(lists.end(), elements.begin(), elements.end());
  return uint32_t(lists.size() - elements.size() - 1);
}
uint32_t Parser::string(std::string_view text) {
  auto found = known.find(text);
  if (found != known.end())
    return found->second;
  strings.push_back({uint32_t(bytes.size()), uint32_t(text.size())});
  bytes += text;
  known.emplace(std::string(text), uint32_t(strings.size() - 1));
  return uint32_t(strings.size() - 1);
}
uint32_t Parser::node(NodeKind kind, uint32_t offset, std::initializer_list<uint32_t> operands) {
  if (bad())
    return 0;
  BlobNode n = {};
  n.kind = uint16_t(kind);
  uint32_t line, column, depth = 0, i = 0;
  n.at = place(offset, &line, &column);
  auto child = [&](uint32_t index) {
    depth = index == NONE ? depth : std::max<uint32_t>(depth, nodes[index].depth + 1);
  };
  for (uint32_t value : operands) {
    char shape = SHAPES[n.kind][i];
    n.operands[i++] = value;
    if (shape == 'n' || shape == 'o')
      child(value);
    for (uint32_t k = 0; std::strchr("ldkc", shape) && k < lists[value]; ++k)
      if (shape == 'l' || shape == 'd' || k % 2)
        child(lists[value + 1 + k]);
  }
  if (depth > MAX_NODE_DEPTH)
    return fail(offset, "the template is nested too deeply");
  n.depth = uint16_t(depth);
  nodes.push_back(n);
  return uint32_t(nodes.size() - 1);
}

Compiled compile(std::string_view text) {
  Compiled r;
  auto fail = [&](const std::string &what) {
    r.error = "line " + std::to_string(r.line) + ", column " + std::to_string(r.column) + ": " + what;
    return r;
  };
  r.line = r.column = 1;
  if (text.size() > MAX_TEMPLATE_BYTES)
    return fail("the template has more than " + std::to_string(MAX_TEMPLATE_BYTES) + " bytes");
  Lexed lexed = lex(text);
  Parser p(lexed);
  if (!lexed.error.empty())
    p.fail(lexed.errorOffset, lexed.error);
  uint32_t root = p.bad() ? 0 : p.program();
  if (p.bad()) {
    p.place(p.errorOffset, &r.line, &r.column);
    return fail(p.error);
  }
  BlobHeader h = {};
  h.magic = BLOB_MAGIC, h.version = BLOB_VERSION, h.root = root;
  uint32_t at = sizeof(h);
  auto section = [&](BlobSection &s, size_t count, size_t size) {
    s = {at, uint32_t(count)};
    at += uint32_t((count * size + 3) / 4 * 4);
  };
  section(h.nodes, p.nodes.size(), sizeof(BlobNode));
  section(h.lists, p.lists.size(), 4);
  section(h.strings, p.strings.size(), sizeof(BlobString));
  section(h.bytes, p.bytes.size(), 1);
  h.totalBytes = at;
  r.blob.resize(at / 4);
  char *base = reinterpret_cast<char *>(r.blob.data());
  auto copy = [&](uint32_t to, const void *from, size_t n) {
    if (n)
      std::memcpy(base + to, from, n);
  };
  copy(0, &h, sizeof(h));
  copy(h.nodes.offset, p.nodes.data(), p.nodes.size() * sizeof(BlobNode));
  copy(h.lists.offset, p.lists.data(), p.lists.size() * 4);
  copy(h.strings.offset, p.strings.data(), p.strings.size() * sizeof(BlobString));
  copy(h.bytes.offset, p.bytes.data(), p.bytes.size());
  r.ok = true;
  r.line = r.column = 0;
  return r;
}

} // namespace sinter::chat
