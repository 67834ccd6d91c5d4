// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bytes of one text -> tokens. Reports bad characters, strings and UTF-8 itself; what it returns is
// always a list that ends in End, so the parser never looks beyond it.
#ifndef SINTER_FRONTEND_SYNTAX_LEXER_H
#define SINTER_FRONTEND_SYNTAX_LEXER_H

#include "frontend/diagnostics/Diagnostics.h"

#include <string>
#include <string_view>
#include <vector>

namespace sinter::frontend {

enum class TokenKind : uint8_t {
  End,
  Bad,
  Int,
  Float,
  String,
  Identifier,
#define SINTER_KEYWORD(id, text) id,
#define SINTER_PUNCTUATION(id, text) id,
#include "frontend/syntax/Tokens.def"
};

/// 12 bytes; the text is cut from the source when needed.
struct Token {
  TokenKind kind = TokenKind::End;
  bool firstOnLine = false;
  bool bad = false; ///< reported already: a string without end, an unknown escape, TokenKind::Bad
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// A run of `##` lines, and the token that follows it.
struct DocComment {
  size_t token;
  std::string text;
};

struct TokenList {
  std::vector<Token> tokens; ///< never empty; the last one is End
  std::vector<DocComment> docs;
};

/// Texts beyond this are refused: it bounds the memory a hostile file can ask for.
inline constexpr size_t maxTokens = 400'000;

/// How many bytes a byte order mark takes at the begin of a text: 3 or 0. It means nothing; editors leave it there.
size_t byteOrderMark(std::string_view text);

/// Tokens of the byte range [begin, end) of a text, without a byte order mark at its begin. Linear in its length.
TokenList lex(FileId file, uint32_t begin, uint32_t end, DiagnosticEngine &diags);

/// True when the whole text is UTF-8 without NUL; reports E0107 otherwise.
bool checkUtf8(FileId file, DiagnosticEngine &diags);

/// "`)`", "a name", "a string" …: how a message names a kind of token.
std::string describe(TokenKind kind);

/// Spelling of a keyword or punctuation; "" for the others.
const char *spelling(TokenKind kind);
bool isKeyword(TokenKind kind);

/// Value of a string token's text (with quotes); escapes were checked by lex.
std::string unescape(std::string_view quoted);

} // namespace sinter::frontend

#endif
