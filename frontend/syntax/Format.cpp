// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Format.h. Lines are laid out one after the other; only the stack of open brackets is carried along.
#include "frontend/syntax/Format.h"

#include "frontend/syntax/Lexer.h"
#include "frontend/syntax/Parser.h"

#include <algorithm>

namespace sinter::frontend {

namespace {

using K = TokenKind;

bool isOneOf(K kind, std::initializer_list<K> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool isOpening(K kind) { return isOneOf(kind, {K::LeftParen, K::LeftBracket, K::LeftBrace}); }
bool isClosing(K kind) { return isOneOf(kind, {K::RightParen, K::RightBracket, K::RightBrace}); }

/// What stands between two operands. `=` and `|` are not among them: they make columns.
bool isOperator(K kind) {
  return isOneOf(kind, {K::DotDot, K::StarStar, K::SlashSlash, K::EqualEqual, K::NotEqual, K::LessEqual,
                        K::GreaterEqual, K::Plus, K::Minus, K::Star, K::Slash, K::Percent, K::At, K::Less, K::Greater,
                        K::KwAnd, K::KwOr, K::KwIn});
}

/// After such a token an operand ends, so that a `-` subtracts, and `(` and `[` call and index.
bool endsOperand(K kind) {
  return isOneOf(kind, {K::Int, K::Float, K::String, K::Identifier, K::RightParen, K::RightBracket, K::KwTrue,
                        K::KwFalse, K::KwNone, K::KwNewAxis, K::Ellipsis, K::KwParam});
}

/// One thing of a line: a token, or a comment (kind End).
struct Piece {
  K kind;
  std::string_view text;
  size_t column; ///< in bytes from the begin of its line
};

class Formatter {
public:
  Formatter(std::string_view text, const TokenList &list) : text(text), list(list) {}

  std::string run() {
    for (size_t begin = byteOrderMark(text); begin < text.size();) {
      size_t end = std::min(text.find('\n', begin), text.size());
      readLine(begin, end);
      writeLine();
      begin = end + 1;
    }
    return std::move(out);
  }

private:
  /// The pieces of the bytes [begin, end): tokens that begin there, and what follows a `#` outside of strings.
  void readLine(size_t begin, size_t end) {
    line.clear();
    size_t at = begin;
    for (; next < list.tokens.size() && list.tokens[next].kind != K::End && list.tokens[next].begin < end; ++next) {
      const Token &token = list.tokens[next];
      line.push_back({token.kind, text.substr(token.begin, token.end - token.begin), token.begin - begin});
      at = token.end;
    }
    size_t comment = text.substr(0, end).find('#', at);
    if (comment == std::string_view::npos)
      return;
    std::string_view words = text.substr(comment, end - comment);
    words = words.substr(0, words.find_last_not_of(" \t\r") + 1);
    line.push_back({K::End, words, comment - begin});
  }

  void writeLine() {
    if (line.empty()) {
      emptyLine = !out.empty() && !opensBlock;
      return;
    }
    bool closes = line.front().kind == K::RightBrace;
    if (emptyLine && !closes)
      out += '\n';
    emptyLine = false;
    size_t indent = indentOf(line.front());
    out.append(indent, ' ');
    unary = false;
    for (size_t i = 0; i < line.size(); ++i) {
      if (i)
        out.append(gap(i), ' ');
      out += line[i].text;
      track(i);
    }
    out += '\n';
    // A comment alone neither begins nor ends a statement.
    if (line.front().kind != K::End) {
      size_t last = line.size() - 1 - (line.back().kind == K::End);
      previous = line[last].kind;
      opensBlock = previous == K::LeftBrace;
    } else {
      opensBlock = false;
    }
  }

  /// Where the line begins. A line that continues a statement is moved as far as the statement's first line was.
  size_t indentOf(const Piece &first) {
    size_t braces = 0, others = 0;
    for (K kind : open)
      if (kind == K::LeftBrace) {
        ++braces;
        others = 0;
      } else {
        ++others;
      }
    size_t level = 2 * (braces - (first.kind == K::RightBrace && braces ? 1 : 0));
    // `else` after a block stands at the block's level; another belongs to an `if … then`.
    bool elseOfExpression = first.kind == K::KwElse && previous != K::RightBrace;
    bool continues = others || (first.kind != K::End &&
                                (elseOfExpression || continuesBefore(first.kind) || continuesAfter(previous)));
    if (!continues) {
      if (first.kind != K::End) {
        statementWas = first.column;
        statementIs = level;
      }
      return level;
    }
    size_t least = statementIs + (isClosing(first.kind) ? 0 : 2);
    size_t moved = first.column + statementIs;
    return std::max(least, moved > statementWas ? moved - statementWas : 0);
  }

  static bool continuesBefore(K kind) {
    return isOneOf(kind, {K::Arrow, K::Pipe, K::KwAs, K::Comma, K::Dot, K::Equal, K::KwThen, K::KwCausal, K::KwWith,
                          K::KwExcept}) ||
           (isOperator(kind) && kind != K::Minus);
  }
  static bool continuesAfter(K kind) {
    return isOperator(kind) || isOneOf(kind, {K::Comma, K::Equal, K::Arrow, K::Pipe, K::KwAs, K::KwNot, K::KwThen,
                                              K::KwReturn, K::KwWith, K::KwExcept});
  }

  void track(size_t i) {
    K kind = line[i].kind;
    if (isOpening(kind))
      open.push_back(kind);
    else if (isClosing(kind) && !open.empty())
      open.pop_back();
    unary = kind == K::Minus && (i == 0 ? !endsOperand(previous) : !endsOperand(line[i - 1].kind));
  }

  /// Blanks before piece i > 0.
  size_t gap(size_t i) const {
    const Piece &left = line[i - 1], &right = line[i];
    size_t had = right.column - left.column - left.text.size();
    if (right.kind == K::End)
      return std::max<size_t>(had, 2);
    size_t least = blanks(i);
    return least && had > 1 && makesColumns(left.kind, right.kind) ? had : least;
  }

  /// 0 or 1.
  size_t blanks(size_t i) const {
    K left = line[i - 1].kind, right = line[i].kind;
    bool indexing = !open.empty() && open.back() == K::LeftBracket;
    if (isOneOf(left, {K::LeftParen, K::LeftBracket, K::Dot}) ||
        isOneOf(right, {K::RightParen, K::RightBracket, K::Comma, K::Dot, K::Question}))
      return 0;
    if (left == K::Comma)
      return 1;
    if (left == K::LeftBrace && right == K::RightBrace)
      return 0;
    if (left == K::DotDot || right == K::DotDot || unary)
      return 0;
    if (isOneOf(right, {K::LeftParen, K::LeftBracket}))
      return !endsOperand(left);
    if (right == K::Colon) // `config Child : Parent`
      return !indexing && line[i > 2 ? i - 2 : 0].kind == K::KwConfig;
    return !(left == K::Colon && indexing);
  }

  bool makesColumns(K left, K right) const {
    if (!open.empty() && open.back() != K::LeftBrace)
      return false;
    if (isOneOf(right, {K::Equal, K::KwAs, K::Pipe, K::Arrow, K::LeftBrace, K::RightBrace, K::KwIf, K::KwElse,
                        K::KwReturn, K::KwWith, K::KwExcept, K::KwCausal}) ||
        left == K::Colon)
      return true;
    // Two members on one line: an operand ends, a name begins.
    return right == K::Identifier && (endsOperand(left) || left == K::Question);
  }

  std::string_view text;
  const TokenList &list;
  std::string out;
  std::vector<Piece> line;
  std::vector<K> open;
  size_t next = 0;
  size_t statementWas = 0, statementIs = 0; ///< where the statement's first line began, and begins now
  K previous = K::End;                      ///< the last token of the line before
  bool emptyLine = false, opensBlock = false, unary = false;
};

} // namespace

std::optional<std::string> formatText(FileId file, DiagnosticEngine &diags) {
  parseFile(file, diags);
  if (diags.hasErrors())
    return std::nullopt;
  std::string_view text = diags.sources().text(file);
  TokenList list = lex(file, 0, static_cast<uint32_t>(text.size()), diags);
  return Formatter(text, list).run();
}

} // namespace sinter::frontend
