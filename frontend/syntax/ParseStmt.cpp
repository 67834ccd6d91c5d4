// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions, statements, and checks with the `{value}` places of their messages.
#include "frontend/syntax/ParserImpl.h"

namespace sinter::frontend {

bool Parser::arg(Arg &out) {
  size_t first = pos;
  auto name = ident(Capital::Lower, "an argument's name");
  if (!name || !want(TokenKind::Colon))
    return false;
  out.name = std::move(*name);
  if (!type(out.type))
    return false;
  if (accept(TokenKind::Equal) && !(out.defaultValue = expr()))
    return false;
  out.span = since(first);
  return true;
}

bool Parser::function(Function &out) {
  size_t first = pos;
  ++pos; // fn
  auto name = ident(Capital::Lower, "a function's name");
  if (!name || !want(TokenKind::LeftParen))
    return false;
  out.name = std::move(*name);
  auto args = [&](std::vector<Arg> &list) {
    return separated(TokenKind::RightParen, [&] {
      list.emplace_back();
      return arg(list.back());
    });
  };
  if (!args(out.args) || !want(TokenKind::Arrow))
    return false;
  if (accept(TokenKind::LeftParen)) {
    out.namedResults = true;
    if (at(TokenKind::RightParen)) {
      unexpected("a result");
      return false;
    }
    if (!args(out.results))
      return false;
  } else {
    Arg result;
    result.name = {"out", here()};
    if (!type(result.type))
      return false;
    result.span = result.name.span = result.type.span;
    out.results.push_back(std::move(result));
  }
  if (accept(TokenKind::KwCausal)) {
    auto dim = ident(Capital::Upper, "a dimension");
    if (!dim)
      return false;
    out.causal = std::move(*dim);
  }
  out.signatureSpan = since(first);
  return stmtBlock(out.body);
}

bool Parser::stmtBlock(std::vector<Stmt> &out) {
  return block(out, [&](Stmt &next) { return stmt(next); });
}

bool Parser::stmt(Stmt &out) {
  size_t first = pos;
  auto finish = [&](auto &&node) {
    out.node = std::move(node);
    out.span = since(first);
    return true;
  };
  switch (peek().kind) {
  case TokenKind::KwCheck: {
    Check node;
    return check(node) && finish(std::move(node));
  }
  case TokenKind::KwIf: {
    StmtChoice node;
    return choice(node, &StmtChoice::thenBody, &StmtChoice::elseBody,
                  [&](std::vector<Stmt> &body) { return stmtBlock(body); }) &&
           finish(std::move(node));
  }
  case TokenKind::KwFor: {
    ++pos;
    For node;
    auto variable = ident(Capital::Lower, "a name");
    if (!variable || !want(TokenKind::KwIn))
      return false;
    node.variable = std::move(*variable);
    if (!(node.range = expr()) || !stmtBlock(node.body))
      return false;
    return finish(std::move(node));
  }
  case TokenKind::KwReturn: {
    ++pos;
    Return node;
    return exprList(node.values) && finish(std::move(node));
  }
  default:
    break;
  }
  if (!at(TokenKind::Identifier)) {
    if (isKeyword(peek().kind) && peek(1).kind == TokenKind::Equal) {
      ident(Capital::Lower, "a name");
      return false;
    }
    unexpected("a statement or `}`");
    return false;
  }
  Assign node;
  do {
    auto name = ident(Capital::Lower, "a name");
    if (!name)
      return false;
    node.names.push_back(std::move(*name));
  } while (accept(TokenKind::Comma));
  if (!at(TokenKind::Equal)) {
    unexpected(node.names.size() == 1 ? "`=` or `,` after the name" : "`=`");
    return false;
  }
  ++pos;
  if (!(node.value = expr()))
    return false;
  return finish(std::move(node));
}

bool Parser::check(Check &out) {
  ++pos; // check
  if (!(out.condition = expr()) || !want(TokenKind::Comma))
    return false;
  bool bad = peek().bad;
  if (!stringToken(out.message, out.messageSpan))
    return false;
  return bad || messagePieces(out);
}

/// Cuts the message at its `{expr}` places; each is parsed where it stands, so its columns are true.
bool Parser::messagePieces(Check &out) {
  std::string_view raw = diags.sources().text(out.messageSpan);
  MessagePiece piece;
  size_t end = raw.size() - 1;
  for (size_t i = 1; i < end; ++i) {
    char c = raw[i];
    if (c == '\\') {
      ++i;
      piece.text += raw[i] == 'n' ? '\n' : raw[i];
    } else if ((c == '{' || c == '}') && i + 1 < end && raw[i + 1] == c) {
      piece.text += c;
      ++i;
    } else if (c != '{') {
      piece.text += c;
    } else {
      size_t close = raw.find('}', i);
      if (close == std::string_view::npos || close >= end) {
        auto at = out.messageSpan.begin + static_cast<uint32_t>(i);
        diags.report(DiagId::BadInterpolation, {file, at, at + 1});
        return false;
      }
      auto from = out.messageSpan.begin + static_cast<uint32_t>(i + 1);
      auto to = out.messageSpan.begin + static_cast<uint32_t>(close);
      Parser inner(file, lex(file, from, to, diags), diags);
      inner.nesting = nesting;
      piece.expr = inner.expr();
      if (!piece.expr || !inner.wantEnd())
        return false;
      out.pieces.push_back(std::move(piece));
      piece = MessagePiece{};
      i = close;
    }
  }
  if (!piece.text.empty() || out.pieces.empty())
    out.pieces.push_back(std::move(piece));
  return true;
}

} // namespace sinter::frontend
