// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parser's state, shared by ParseExpr.cpp (expressions, types), ParseStmt.cpp (functions,
// statements) and ParseDecl.cpp (members, declarations, recovery). Private to this folder.
//
// Conventions: a parse function that returns bool, a null pointer or nullopt has reported its error.
#ifndef SINTER_FRONTEND_SYNTAX_PARSERIMPL_H
#define SINTER_FRONTEND_SYNTAX_PARSERIMPL_H

#include "frontend/syntax/Lexer.h"
#include "frontend/syntax/Parser.h"

namespace sinter::frontend {

class Parser {
public:
  Parser(FileId file, TokenList list, DiagnosticEngine &diags) : file(file), list(std::move(list)), diags(diags) {}

  File parse();
  ExprPtr expr();
  ExprPtr call();
  bool atEnd() const { return at(TokenKind::End); }
  bool wantEnd() { return atEnd() || (unexpected("the end"), false); }

  /// Levels of nesting that the recursion may reach, the same in every construct.
  static constexpr unsigned maxNesting = 250;

  /// Depth on entry, for parsers of parts (messages) that continue the count.
  unsigned nesting = 0;

private:
  friend class NestingGuard;

  // Tokens.
  const Token &peek(size_t ahead = 0) const {
    size_t i = pos + ahead;
    return list.tokens[i < list.tokens.size() ? i : list.tokens.size() - 1];
  }
  bool at(TokenKind kind) const { return peek().kind == kind; }
  bool accept(TokenKind kind) {
    if (!at(kind))
      return false;
    ++pos;
    return true;
  }
  bool want(TokenKind kind);
  /// Reports E0101 here; null when this place was reported already.
  Diagnostic *unexpected(std::string_view wanted);
  std::string habitHere() const;
  Span span(const Token &token) const { return {file, token.begin, token.end}; }
  Span here() const { return span(peek()); }
  /// From the token at `first` to the last one consumed.
  Span since(size_t first) const;
  std::string_view text(const Token &token) const { return diags.sources().text(span(token)); }
  std::string takeDoc(size_t token);

  // Names and strings.
  enum class Capital { Any, Upper, Lower };
  std::optional<Ident> ident(Capital capital, std::string_view what);
  bool stringToken(std::string &value, Span &where);

  // Expressions and types (ParseExpr.cpp).
  ExprPtr make(Expr::Node node, Span where, std::initializer_list<const Expr *> children);
  ExprPtr make(Expr::Node node, Span where, uint32_t childDepth);
  ExprPtr binary(unsigned level);
  ExprPtr notExpr();
  ExprPtr unary();
  ExprPtr postfix();
  ExprPtr atom();
  ExprPtr bracket();
  ExprPtr callTail(ExprPtr base, size_t first);
  ExprPtr indexTail(ExprPtr base, size_t first);
  bool indexItem(IndexItem &item);
  bool exprList(std::vector<ExprPtr> &out);
  template <typename F> bool separated(TokenKind close, F &&one);

  // Blocks, of members and of statements alike.
  /// `{ item … }`; `one` parses an item, and where it fails the parser goes on behind that item.
  template <typename Item, typename F> bool block(std::vector<Item> &out, F &&one);
  /// `if … { } else …`, at its `if`; `body` parses a block. `else if` is one Choice among the items of the else.
  template <typename Choice, typename Item, typename F>
  bool choice(Choice &out, std::vector<Item> Choice::*thenItems, std::vector<Item> Choice::*elseItems, F &&body);
  bool hyperType(HyperType &type);
  bool type(Type &out);
  bool dims(std::vector<Dim> &out);
  bool outsideNames(OutsideNames &out);

  // Functions and statements (ParseStmt.cpp).
  bool arg(Arg &out);
  bool function(Function &out);
  bool stmt(Stmt &out);
  bool stmtBlock(std::vector<Stmt> &out);
  bool check(Check &out);
  bool messagePieces(Check &out);

  // Members and declarations (ParseDecl.cpp).
  using MemberParser = bool (Parser::*)(Member &);
  bool members(std::vector<Member> &out, MemberParser one);
  bool configMember(Member &out);
  bool moduleMember(Member &out);
  bool variantMember(Member &out);
  bool edit(Edit &out);
  bool ignore(Ignore &out);
  bool value(Value &out);
  bool hyperParams(std::vector<HyperParam> &out);
  bool decl(Decl &out);
  bool import(Import &out);
  bool config(Config &out);
  bool moduleOrModel(Decl &out);
  bool modelAlias(ModelAlias &out);

  // Recovery: skip to where the next item of a block, or declaration, can begin.
  void recoverItem(size_t itemStart);
  void recoverDecl(size_t declStart);
  bool startsDecl() const;
  bool startsItem() const;
  /// A declaration or the end can stand here.
  bool atDeclStart() const;
  /// A name, or a keyword used as one (reported by ident()).
  bool atNameLike() const;

  FileId file;
  TokenList list;
  DiagnosticEngine &diags;
  size_t pos = 0;
  size_t nextDoc = 0;
  size_t lastError = ~size_t{0}; ///< token of the last syntax error: one error per place
};

/// Counts a level of recursion; false once too deep (reported).
class NestingGuard {
public:
  explicit NestingGuard(Parser &parser) : parser(parser) {
    fine = ++parser.nesting <= Parser::maxNesting;
    if (!fine)
      parser.diags.report(DiagId::TooDeep, parser.here(), {Parser::maxNesting});
  }
  ~NestingGuard() { --parser.nesting; }
  explicit operator bool() const { return fine; }

private:
  Parser &parser;
  bool fine;
};

template <typename F> bool Parser::separated(TokenKind close, F &&one) {
  while (!at(close)) {
    if (!one())
      return false;
    if (!accept(TokenKind::Comma)) {
      if (at(close))
        break;
      unexpected(std::string("`,` or ") + describe(close));
      return false;
    }
  }
  return want(close);
}

template <typename Item, typename F> bool Parser::block(std::vector<Item> &out, F &&one) {
  NestingGuard guard(*this);
  if (!guard)
    return false;
  Span open = here();
  if (!want(TokenKind::LeftBrace))
    return false;
  while (!accept(TokenKind::RightBrace)) {
    if (at(TokenKind::End) || startsDecl()) {
      if (Diagnostic *diagnostic = unexpected("`}`"))
        diagnostic->label(open, "to close this");
      return false;
    }
    size_t start = pos;
    Item next;
    if (one(next))
      out.push_back(std::move(next));
    else
      recoverItem(start);
  }
  return true;
}

template <typename Choice, typename Item, typename F>
bool Parser::choice(Choice &out, std::vector<Item> Choice::*thenItems, std::vector<Item> Choice::*elseItems, F &&body) {
  NestingGuard guard(*this);
  if (!guard)
    return false;
  ++pos; // if
  if (!(out.condition = expr()) || !body(out.*thenItems))
    return false;
  if (!accept(TokenKind::KwElse))
    return true;
  if (!at(TokenKind::KwIf))
    return body(out.*elseItems);
  size_t first = pos;
  Choice nested;
  if (!choice(nested, thenItems, elseItems, body))
    return false;
  Item wrapped;
  wrapped.node = std::move(nested);
  wrapped.span = since(first);
  (out.*elseItems).push_back(std::move(wrapped));
  return true;
}

} // namespace sinter::frontend

#endif
