// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lexer. One pass, no backtracking; every byte is looked at a bounded number of times.
#include "frontend/syntax/Lexer.h"

#include <cstring>
#include <fmt/format.h>
#include <unordered_map>

namespace sinter::frontend {

namespace {

struct Spelling {
  TokenKind kind;
  std::string_view text;
};

constexpr Spelling punctuation[] = {
#define SINTER_PUNCTUATION(id, text) {TokenKind::id, text},
#include "frontend/syntax/Tokens.def"
};

const std::unordered_map<std::string_view, TokenKind> &keywords() {
  static const std::unordered_map<std::string_view, TokenKind> map = {
#define SINTER_KEYWORD(id, text) {text, TokenKind::id},
#include "frontend/syntax/Tokens.def"
  };
  return map;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isIdentStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isIdentPart(char c) { return isIdentStart(c) || isDigit(c); }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Length of the UTF-8 sequence at `p`, or 0 when it is not one (overlong and surrogates included).
size_t utf8Length(const unsigned char *p, size_t left) {
  auto tail = [&](size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
  if (p[0] < 0x80)
    return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF)
    return tail(1) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    if (!tail(1) || !tail(2) || (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
      return 0;
    return 3;
  }
  if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3) || (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
      return 0;
    return 4;
  }
  return 0;
}

class Lexer {
public:
  Lexer(FileId file, uint32_t begin, uint32_t end, DiagnosticEngine &diags)
      : file(file), text(diags.sources().text(file).substr(0, end)), pos(begin ? begin : byteOrderMark(text)),
        diags(diags) {}

  TokenList run() {
    while (skipBlanks(), pos < text.size()) {
      if (list.tokens.size() == maxTokens) {
        diags.report(DiagId::TooManyTokens, span(pos, pos + 1), {maxTokens});
        pos = text.size();
        break;
      }
      one();
      lineIsFresh = false;
    }
    push(TokenKind::End, pos);
    flushDoc(list.tokens.size() - 1);
    return std::move(list);
  }

private:
  Span span(size_t begin, size_t end) const { return {file, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }

  /// Skips blanks and comments; keeps `##` lines for the next token.
  void skipBlanks() {
    while (pos < text.size()) {
      if (text[pos] == '\n')
        lineIsFresh = true;
      if (isBlank(text[pos])) {
        ++pos;
        continue;
      }
      if (text[pos] != '#')
        return;
      size_t end = text.find('\n', pos);
      if (end == std::string_view::npos)
        end = text.size();
      if (lineIsFresh && pos + 1 < end && text[pos + 1] == '#')
        addDoc(text.substr(pos + 2, end - pos - 2));
      pos = end;
    }
  }

  void addDoc(std::string_view line) {
    if (!line.empty() && line.front() == ' ')
      line.remove_prefix(1);
    while (!line.empty() && isBlank(line.back()))
      line.remove_suffix(1);
    if (hasDoc)
      doc += '\n';
    doc += line;
    hasDoc = true;
  }

  void flushDoc(size_t token) {
    if (hasDoc)
      list.docs.push_back({token, std::move(doc)});
    doc.clear();
    hasDoc = false;
  }

  void push(TokenKind kind, size_t begin, bool bad = false) {
    flushDoc(list.tokens.size());
    list.tokens.push_back({kind, lineIsFresh, bad, static_cast<uint32_t>(begin), static_cast<uint32_t>(pos)});
  }

  void one() {
    char c = text[pos];
    size_t begin = pos;
    if (isIdentStart(c)) {
      while (pos < text.size() && isIdentPart(text[pos]))
        ++pos;
      auto found = keywords().find(text.substr(begin, pos - begin));
      push(found == keywords().end() ? TokenKind::Identifier : found->second, begin);
    } else if (isDigit(c)) {
      number();
    } else if (c == '"') {
      string();
    } else {
      for (const Spelling &entry : punctuation)
        if (text.substr(pos, entry.text.size()) == entry.text) {
          pos += entry.text.size();
          push(entry.kind, begin);
          return;
        }
      badCharacters();
    }
  }

  void number() {
    size_t begin = pos;
    auto digits = [&] {
      while (pos < text.size() && isDigit(text[pos]))
        ++pos;
    };
    digits();
    bool real = false;
    if (pos + 1 < text.size() && text[pos] == '.' && isDigit(text[pos + 1])) {
      real = true;
      ++pos;
      digits();
    }
    size_t exponent = pos;
    if (exponent < text.size() && (text[exponent] == 'e' || text[exponent] == 'E')) {
      ++exponent;
      if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-'))
        ++exponent;
      if (exponent < text.size() && isDigit(text[exponent])) {
        real = true;
        pos = exponent;
        digits();
      }
    }
    push(real ? TokenKind::Float : TokenKind::Int, begin);
  }

  void string() {
    size_t begin = pos++;
    bool bad = false;
    while (pos < text.size() && text[pos] != '"' && text[pos] != '\n') {
      if (text[pos] == '\\' && pos + 1 < text.size() && text[pos + 1] != '\n') {
        if (!std::strchr("\"\\n", text[pos + 1])) {
          size_t length =
              utf8Length(reinterpret_cast<const unsigned char *>(text.data()) + pos + 1, text.size() - pos - 1);
          length = length ? length : 1;
          diags.report(DiagId::BadEscape, span(pos, pos + 1 + length), {text.substr(pos + 1, length)});
          bad = true;
        }
        ++pos;
      }
      ++pos;
    }
    if (pos < text.size() && text[pos] == '"') {
      ++pos;
    } else {
      diags.report(DiagId::UnterminatedString, span(begin, pos)).at("opened here");
      bad = true;
    }
    push(TokenKind::String, begin, bad);
  }

  /// A run of characters that begin no token is one error.
  void badCharacters() {
    size_t begin = pos;
    size_t length = 1;
    do {
      length = utf8Length(reinterpret_cast<const unsigned char *>(text.data()) + pos, text.size() - pos);
      pos += length ? length : 1;
    } while (pos < text.size() && static_cast<unsigned char>(text[pos]) >= 0x80);
    if (text[begin] == '&' && pos < text.size() && text[pos] == '&')
      ++pos;
    std::string_view run = text.substr(begin, pos - begin);
    std::string shown = run.size() == 1 && (run[0] < 0x20 || run[0] == 0x7F)
                            ? fmt::format("U+{:04X}", static_cast<unsigned>(run[0]))
                            : fmt::format("`{}`", run.substr(0, 64));
    push(TokenKind::Bad, begin, true);
    Diagnostic &diag = diags.report(DiagId::BadCharacter, span(begin, pos), {shown});
    if (run == ";")
      diag.help("statements need no end mark; a new one simply begins");
    else if (run == "'" || run == "“" || run == "”" || run == "`")
      diag.help("strings are written in straight double quotes");
    else if (run == "!")
      diag.help("negation is `not`");
    else if (run == "&" || run == "&&")
      diag.help("conjunction is `and`");
    else if (run == "^")
      diag.help("powers are written `**`");
  }

  FileId file;
  std::string_view text;
  size_t pos;
  DiagnosticEngine &diags;
  TokenList list;
  std::string doc;
  bool hasDoc = false;
  bool lineIsFresh = true;
};

} // namespace

size_t byteOrderMark(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

TokenList lex(FileId file, uint32_t begin, uint32_t end, DiagnosticEngine &diags) {
  return Lexer(file, begin, end, diags).run();
}

bool checkUtf8(FileId file, DiagnosticEngine &diags) {
  std::string_view text = diags.sources().text(file);
  const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
  for (size_t i = 0; i < text.size();) {
    size_t length = bytes[i] == 0 ? 0 : utf8Length(bytes + i, text.size() - i);
    if (length == 0) {
      auto at = static_cast<uint32_t>(i);
      Diagnostic &diag = diags.report(DiagId::BadUtf8, {file, at, at + 1}, {i});
      if (bytes[i] == 0)
        diag.at("a NUL byte");
      return false;
    }
    i += length;
  }
  return true;
}

std::string describe(TokenKind kind) {
  switch (kind) {
  case TokenKind::End:
    return "the end of the text";
  case TokenKind::Bad:
    return "a bad character";
  case TokenKind::Int:
    return "an integer";
  case TokenKind::Float:
    return "a number";
  case TokenKind::String:
    return "a string";
  case TokenKind::Identifier:
    return "a name";
  default:
    return fmt::format("`{}`", spelling(kind));
  }
}

const char *spelling(TokenKind kind) {
  switch (kind) {
#define SINTER_KEYWORD(id, text)                                                                                       \
  case TokenKind::id:                                                                                                  \
    return text;
#define SINTER_PUNCTUATION(id, text)                                                                                   \
  case TokenKind::id:                                                                                                  \
    return text;
#include "frontend/syntax/Tokens.def"
  default:
    return "";
  }
}

bool isKeyword(TokenKind kind) { return kind >= TokenKind::KwImport && kind <= TokenKind::KwCausal; }

std::string unescape(std::string_view quoted) {
  std::string value;
  size_t end = quoted.size() >= 2 && quoted.back() == '"' ? quoted.size() - 1 : quoted.size();
  for (size_t i = 1; i < end; ++i) {
    if (quoted[i] == '\\' && i + 1 < end) {
      ++i;
      value += quoted[i] == 'n' ? '\n' : quoted[i];
    } else {
      value += quoted[i];
    }
  }
  return value;
}

} // namespace sinter::frontend
