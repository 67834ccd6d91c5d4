// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parser's tokens, its entry points, and recovery: after an error it goes on at the next line that
// can begin an item, so one slip costs one message.
#include "frontend/syntax/ParserImpl.h"

#include "frontend/diagnostics/Habits.h"

#include <fmt/format.h>

namespace sinter::frontend {

// ------------------------------------------------------------------ tokens

bool Parser::want(TokenKind kind) {
  if (accept(kind))
    return true;
  unexpected(describe(kind));
  return false;
}

Diagnostic *Parser::unexpected(std::string_view wanted) {
  const Token &token = peek();
  if (token.bad || lastError == pos)
    return nullptr;
  lastError = pos;
  std::string found = describe(token.kind);
  if (token.kind == TokenKind::Identifier)
    found = fmt::format("the name `{}`", text(token).substr(0, 80));
  else if (isKeyword(token.kind))
    found = fmt::format("the keyword `{}`", text(token));
  Diagnostic &diag = diags.report(DiagId::UnexpectedToken, here(), {wanted, found}).at("here");
  if (std::string help = habitHere(); !help.empty())
    diag.help(help);
  return &diag;
}

/// What another language would mean by the token in hand, or by the word before it.
std::string Parser::habitHere() const {
  auto word = [&](size_t at) {
    return at < list.tokens.size() && list.tokens[at].kind == TokenKind::Identifier ? text(list.tokens[at])
                                                                                    : std::string_view();
  };
  for (size_t at : {pos, pos - 1})
    if (std::string_view help = habitOf(word(at)); !help.empty())
      return std::string(help);
  bool isSign = at(TokenKind::Plus) || at(TokenKind::Minus) || at(TokenKind::Star) || at(TokenKind::Slash);
  if (std::string_view name = word(pos - 1); isSign && !name.empty() && list.tokens[pos + 1].kind == TokenKind::Equal)
    return fmt::format("write `{} = {} {} …`", name, name, text(peek()));
  return {};
}

Span Parser::since(size_t first) const {
  const Token &start = list.tokens[first];
  uint32_t end = pos > first ? list.tokens[pos - 1].end : start.end;
  return {file, start.begin, end};
}

std::string Parser::takeDoc(size_t token) {
  while (nextDoc < list.docs.size() && list.docs[nextDoc].token < token)
    ++nextDoc;
  if (nextDoc < list.docs.size() && list.docs[nextDoc].token == token)
    return list.docs[nextDoc++].text;
  return {};
}

std::optional<Ident> Parser::ident(Capital capital, std::string_view what) {
  const Token &token = peek();
  if (token.kind != TokenKind::Identifier) {
    if (isKeyword(token.kind) && lastError != pos) {
      lastError = pos;
      diags.report(DiagId::KeywordAsName, here(), {text(token)}).at(fmt::format("expected {}", what));
    } else {
      unexpected(what);
    }
    return std::nullopt;
  }
  Ident name{std::string(text(token)), here()};
  ++pos;
  bool upper = name.text[0] >= 'A' && name.text[0] <= 'Z';
  if (capital != Capital::Any && upper != (capital == Capital::Upper))
    diags.report(DiagId::WrongCapital, name.span, {what, upper ? "small" : "capital", name.text});
  return name;
}

bool Parser::stringToken(std::string &value, Span &where) {
  if (!at(TokenKind::String)) {
    unexpected("a string");
    return false;
  }
  where = here();
  value = unescape(text(peek()));
  ++pos;
  return true;
}

// ------------------------------------------------------------------ recovery

bool Parser::startsDecl() const {
  const Token &token = peek(), &next = peek(1);
  if (!token.firstOnLine)
    return false;
  switch (token.kind) {
  case TokenKind::KwImport:
  case TokenKind::KwConfig:
  case TokenKind::KwModule:
  case TokenKind::KwModel:
  case TokenKind::KwVariant:
    return next.kind == TokenKind::Identifier;
  case TokenKind::KwFn: // a member unless it begins its line
    return token.begin == 0 || diags.sources().text(file)[token.begin - 1] == '\n';
  default:
    return false;
  }
}

bool Parser::startsItem() const {
  const Token &token = peek();
  switch (token.kind) {
  case TokenKind::KwFn:
  case TokenKind::KwCheck:
  case TokenKind::KwIgnore:
  case TokenKind::KwTie:
  case TokenKind::KwInput:
  case TokenKind::KwIf:
  case TokenKind::KwFor:
  case TokenKind::KwReturn:
  case TokenKind::KwReplace:
  case TokenKind::KwFreeze:
  case TokenKind::KwInit:
  case TokenKind::KwQuantize:
    return token.firstOnLine;
  case TokenKind::Identifier: {
    TokenKind next = peek(1).kind;
    return token.firstOnLine && (next == TokenKind::Equal || next == TokenKind::Colon || next == TokenKind::Comma);
  }
  default:
    return false;
  }
}

bool Parser::atDeclStart() const {
  switch (peek().kind) {
  case TokenKind::End:
  case TokenKind::KwImport:
  case TokenKind::KwConfig:
  case TokenKind::KwModule:
  case TokenKind::KwModel:
  case TokenKind::KwVariant:
  case TokenKind::KwFn:
    return true;
  default:
    return at(TokenKind::Identifier) && peek(1).kind == TokenKind::Equal;
  }
}

bool Parser::atNameLike() const {
  TokenKind next = peek(1).kind;
  bool declares = next == TokenKind::Colon || next == TokenKind::Equal;
  return at(TokenKind::Identifier) || (isKeyword(peek().kind) && declares);
}

void Parser::recoverItem(size_t itemStart) {
  if (pos == itemStart && !at(TokenKind::End) && !at(TokenKind::RightBrace))
    ++pos;
  for (unsigned open = 0; !at(TokenKind::End) && !startsDecl(); ++pos) {
    if (at(TokenKind::LeftBrace)) {
      ++open;
    } else if (at(TokenKind::RightBrace)) {
      if (open == 0)
        return;
      --open;
    } else if (open == 0 && startsItem()) {
      return;
    }
  }
}

void Parser::recoverDecl(size_t declStart) {
  if (pos == declStart)
    ++pos;
  for (unsigned open = 0; !at(TokenKind::End) && !startsDecl(); ++pos) {
    if (at(TokenKind::LeftBrace))
      ++open;
    else if (at(TokenKind::RightBrace))
      open -= open > 0;
    else if (open == 0 && peek().firstOnLine && at(TokenKind::Identifier) && peek(1).kind == TokenKind::Equal)
      return;
  }
}

// ------------------------------------------------------------------ entry points

namespace {
template <typename F> ExprPtr parseWhole(FileId file, DiagnosticEngine &diags, F &&one) {
  if (!checkUtf8(file, diags))
    return nullptr;
  size_t before = diags.errorCount();
  auto end = static_cast<uint32_t>(diags.sources().text(file).size());
  Parser parser(file, lex(file, 0, end, diags), diags);
  ExprPtr result = one(parser);
  if (!result || !parser.wantEnd() || diags.errorCount() != before)
    return nullptr;
  return result;
}
} // namespace

File parseFile(FileId file, DiagnosticEngine &diags) {
  File empty;
  empty.id = file;
  if (!checkUtf8(file, diags))
    return empty;
  auto end = static_cast<uint32_t>(diags.sources().text(file).size());
  TokenList tokens = lex(file, 0, end, diags);
  if (diags.has(DiagId::TooManyTokens))
    return empty;
  return Parser(file, std::move(tokens), diags).parse();
}

ExprPtr parseExpression(FileId file, DiagnosticEngine &diags) {
  return parseWhole(file, diags, [](Parser &parser) { return parser.expr(); });
}

ExprPtr parseCall(FileId file, DiagnosticEngine &diags) {
  return parseWhole(file, diags, [](Parser &parser) { return parser.call(); });
}

} // namespace sinter::frontend
