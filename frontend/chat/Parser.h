// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens → the tree of nodes, written straight into the sections of a blob. Inside frontend/chat/ only.

#ifndef SINTER_FRONTEND_CHAT_PARSER_H
#define SINTER_FRONTEND_CHAT_PARSER_H

#include "frontend/chat/Lexer.h"
#include "runtime/chat/ChatBlob.h"

#include <initializer_list>
#include <map>

namespace sinter::chat {

struct Parser {
  const Lexed &lexed;
  size_t next = 0;
  unsigned nesting = 0, loops = 0;
  bool scoped = false; ///< in a loop, macro or captured block: no macro may begin
  std::string error;
  uint32_t errorOffset = 0;

  std::vector<BlobNode> nodes;
  std::vector<uint32_t> lists;
  std::vector<BlobString> strings;
  std::string bytes;
  std::map<std::string, uint32_t, std::less<>> known;
  std::vector<uint32_t> lineStarts{0};

  explicit Parser(const Lexed &lexed);
  uint32_t program();

  // Parse*.cpp. Every function returns a node; after an error, 0.
  using Ends = std::initializer_list<std::string_view>;
  uint32_t body(Ends ends);
  uint32_t statement();
  uint32_t ifStatement(uint32_t at);
  uint32_t forStatement(uint32_t at);
  uint32_t setStatement(uint32_t at);
  uint32_t macroStatement(uint32_t at);
  bool targets(std::vector<uint32_t> &names);

  uint32_t tuple(bool conditional);
  uint32_t expression(bool conditional = true);
  uint32_t orExpression();
  uint32_t andExpression();
  uint32_t notExpression();
  uint32_t comparison();
  uint32_t chain(unsigned level);
  uint32_t unary(bool filters = true);
  uint32_t primary();
  uint32_t postfix(uint32_t node);
  uint32_t filtersAndTests(uint32_t node, bool filtersOnly = false);
  uint32_t filter(uint32_t node);
  uint32_t test(uint32_t node);
  uint32_t subscript(uint32_t node);
  uint32_t dict(uint32_t at);
  bool callArguments(std::vector<uint32_t> &positional, std::vector<uint32_t> &named);

  // Tokens.
  const Token &peek(size_t ahead = 0) const {
    return lexed.tokens[next + ahead < lexed.tokens.size() ? next + ahead : lexed.tokens.size() - 1];
  }
  const Token &take() { return lexed.tokens[next + 1 < lexed.tokens.size() ? next++ : next]; }
  bool isOp(std::string_view op) const { return peek().kind == TokenKind::Operator && peek().text == op; }
  bool isName(std::string_view name) const { return peek().kind == TokenKind::Name && peek().text == name; }
  bool accept(std::string_view op) { return isOp(op) ? (take(), true) : false; }
  bool acceptName(std::string_view name) { return isName(name) ? (take(), true) : false; }
  bool expect(std::string_view op);
  bool expectBlockEnd();
  std::string describe() const;
  uint32_t fail(uint32_t offset, std::string what);
  bool bad() const { return !error.empty(); }

  // Nodes.
  uint32_t node(NodeKind kind, uint32_t offset, std::initializer_list<uint32_t> operands);
  uint32_t list(const std::vector<uint32_t> &elements);
  uint32_t string(std::string_view text);
  uint32_t place(uint32_t offset, uint32_t *line, uint32_t *column) const;
  bool enter(uint32_t offset);
};

} // namespace sinter::chat

#endif // SINTER_FRONTEND_CHAT_PARSER_H
