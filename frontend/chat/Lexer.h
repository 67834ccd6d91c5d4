// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Template text → tokens, white space control already done. Inside frontend/chat/ only.

#ifndef SINTER_FRONTEND_CHAT_LEXER_H
#define SINTER_FRONTEND_CHAT_LEXER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::chat {

enum class TokenKind : uint8_t {
  Data,
  VariableBegin,
  VariableEnd,
  BlockBegin,
  BlockEnd,
  Name,
  String,
  Int,
  Float,
  Operator,
  End
};

struct Token {
  TokenKind kind;
  std::string text; ///< a String's value, decoded
  uint32_t offset;  ///< into the normalized source
};

struct Lexed {
  std::string source; ///< line ends are \n, the last one gone
  std::vector<Token> tokens;
  std::string error; ///< empty when good
  uint32_t errorOffset = 0;
};

Lexed lex(std::string_view text);

} // namespace sinter::chat

#endif // SINTER_FRONTEND_CHAT_LEXER_H
