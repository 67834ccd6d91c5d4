// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Jinja2's lexer with trim_blocks and lstrip_blocks: bytes → tokens. Line ends become \n first, everywhere.

#include "frontend/chat/Lexer.h"

#include <cctype>

namespace sinter::chat {
namespace {

bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 28 && c <= 31); }
bool nameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

void appendUtf8(std::string &out, uint32_t c) {
  if (c < 0x80)
    out += char(c);
  else if (c < 0x800)
    out += char(0xC0 | c >> 6), out += char(0x80 | (c & 63));
  else if (c < 0x10000)
    out += char(0xE0 | c >> 12), out += char(0x80 | (c >> 6 & 63)), out += char(0x80 | (c & 63));
  else
    out += char(0xF0 | c >> 18), out += char(0x80 | (c >> 12 & 63)), out += char(0x80 | (c >> 6 & 63)),
        out += char(0x80 | (c & 63));
}

bool validUtf8(std::string_view s, size_t &at) {
  for (at = 0; at < s.size();) {
    auto byte = [&](size_t k) { return at + k < s.size() ? uint8_t(s[at + k]) : 0u; };
    uint32_t lead = byte(0), need = lead < 0x80   ? 1
                                    : lead < 0xC2 ? 0
                                    : lead < 0xE0 ? 2
                                    : lead < 0xF0 ? 3
                                    : lead < 0xF5 ? 4
                                                  : 0;
    if (!need)
      return false;
    for (uint32_t k = 1; k < need; ++k)
      if ((byte(k) & 0xC0) != 0x80)
        return false;
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF0 && byte(1) < 0x90) ||
        (lead == 0xF4 && byte(1) > 0x8F))
      return false;
    at += need;
  }
  return true;
}

struct Lexer {
  Lexed &r;
  const std::string &s;
  size_t i = 0;
  bool lineStarting = true;

  bool fail(size_t at, std::string what) {
    r.error = std::move(what);
    r.errorOffset = uint32_t(at);
    return false;
  }
  bool at(std::string_view word) const { return std::string_view(s).substr(i, word.size()) == word; }
  void add(TokenKind kind, size_t from, std::string text = {}) {
    r.tokens.push_back({kind, std::move(text), uint32_t(from)});
  }
  void skipSpace() {
    while (i < s.size() && space(s[i]))
      ++i;
  }
  /// After a tag's end: `-` eats white space; blocks and comments eat one newline unless `+`.
  void afterTag(bool minus, bool trims) {
    if (minus)
      skipSpace();
    else if (trims && i < s.size() && s[i] == '\n')
      ++i;
    lineStarting = s[i - 1] == '\n';
  }
  bool root() {
    size_t from = i, open = i;
    while (open < s.size() &&
           !(s[open] == '{' && open + 1 < s.size() && (s[open + 1] == '{' || s[open + 1] == '%' || s[open + 1] == '#')))
      ++open;
    size_t end = open;
    if (open < s.size()) {
      char sign = open + 2 < s.size() ? s[open + 2] : 0;
      if (sign == '-') {
        while (end > from && space(s[end - 1]))
          --end;
      } else if (sign != '+' && s[open + 1] != '{') {
        size_t line = open;
        while (line > from && s[line - 1] != '\n')
          --line;
        bool blank = line > from || lineStarting;
        for (size_t k = line; k < open; ++k)
          blank &= space(s[k]);
        end = blank ? line : end;
      }
    }
    if (end > from)
      add(TokenKind::Data, from, s.substr(from, end - from));
    i = open;
    if (open == s.size())
      return true;
    char kind = s[open + 1];
    i += 2;
    if (kind == '#')
      return comment(open);
    if (at("-") || at("+"))
      ++i;
    add(kind == '{' ? TokenKind::VariableBegin : TokenKind::BlockBegin, open);
    return expression(open, kind == '{' ? "}}" : "%}", kind == '{' ? TokenKind::VariableEnd : TokenKind::BlockEnd);
  }
  bool comment(size_t open) {
    size_t close = s.find("#}", i);
    if (close == std::string::npos)
      return fail(open, "this comment has no `#}`");
    i = close + 2;
    char sign = s[close - 1];
    bool signs = close > open + 2;
    afterTag(signs && sign == '-', !(signs && sign == '+'));
    return true;
  }
  bool expression(size_t open, std::string_view close, TokenKind end) {
    std::string brackets;
    for (;;) {
      skipSpace();
      if (i >= s.size())
        return fail(open, "this tag has no `" + std::string(close) + "`");
      if (brackets.empty()) {
        bool minus = s[i] == '-', plus = s[i] == '+' && end == TokenKind::BlockEnd;
        if (at(close) || ((minus || plus) && std::string_view(s).substr(i + 1, 2) == close)) {
          add(end, i);
          i += close.size() + (at(close) ? 0 : 1);
          afterTag(minus, end == TokenKind::BlockEnd && !plus);
          return true;
        }
      }
      if (!token(brackets))
        return false;
    }
  }
  bool token(std::string &brackets) {
    size_t from = i;
    char c = s[i];
    if (nameStart(c)) {
      while (i < s.size() && (nameStart(s[i]) || digit(s[i])))
        ++i;
      add(TokenKind::Name, from, s.substr(from, i - from));
      return true;
    }
    if (digit(c))
      return number();
    if (c == '\'' || c == '"')
      return string();
    static const char *const TWO[] = {"//", "**", "==", "!=", ">=", "<="};
    for (const char *op : TWO)
      if (at(op)) {
        i += 2;
        add(TokenKind::Operator, from, op);
        return true;
      }
    if (std::string_view("+-/*%~[](){}<>=.:|,").find(c) == std::string_view::npos)
      return fail(from, "this character has no meaning in a tag");
    ++i;
    if (c == '(' || c == '[' || c == '{')
      brackets += c == '(' ? ')' : c == '[' ? ']' : '}';
    if (c == ')' || c == ']' || c == '}') {
      if (brackets.empty() || brackets.back() != c)
        return fail(from, std::string("unexpected `") + c + "`");
      brackets.pop_back();
    }
    add(TokenKind::Operator, from, std::string(1, c));
    return true;
  }
  bool number() {
    size_t from = i;
    auto digits = [&] {
      while (i < s.size() && (digit(s[i]) || (s[i] == '_' && i + 1 < s.size() && digit(s[i + 1]))))
        ++i;
    };
    digits();
    bool real = false;
    bool afterDot = from > 0 && s[from - 1] == '.';
    if (!afterDot && i + 1 < s.size() && s[i] == '.' && digit(s[i + 1]))
      ++i, real = true, digits();
    size_t e = i;
    if (!afterDot && e < s.size() && (s[e] == 'e' || s[e] == 'E')) {
      e += e + 1 < s.size() && (s[e + 1] == '+' || s[e + 1] == '-') ? 2 : 1;
      if (e < s.size() && digit(s[e]))
        i = e, real = true, digits();
    }
    std::string text;
    for (size_t k = from; k < i; ++k)
      if (s[k] != '_')
        text += s[k];
    if (text.size() > 40)
      return fail(from, "this number is too long");
    add(real ? TokenKind::Float : TokenKind::Int, from, text);
    return true;
  }
  bool string() {
    size_t from = i;
    char quote = s[i++];
    std::string text;
    while (i < s.size() && s[i] != quote) {
      if (s[i] != '\\') {
        text += s[i++];
        continue;
      }
      if (++i >= s.size())
        break;
      static const std::string_view FROM = "\\'\"abfnrtv", TO = "\\'\"\a\b\f\n\r\t\v";
      char c = s[i++];
      size_t hex = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
      if (size_t k = FROM.find(c); k != std::string_view::npos)
        text += TO[k];
      else if (c == '\n')
        ;
      else if (hex || (c >= '0' && c <= '7')) {
        uint32_t code = 0;
        size_t n = 0;
        unsigned base = hex ? 16 : 8;
        if (!hex)
          --i, hex = 3;
        for (; n < hex && i < s.size() && std::isxdigit(static_cast<unsigned char>(s[i])) &&
               (base == 16 || (s[i] >= '0' && s[i] <= '7'));
             ++n, ++i)
          code = code * base + uint32_t(digit(s[i]) ? s[i] - '0' : (s[i] | 32) - 'a' + 10);
        if ((base == 16 && n < hex) || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
          return fail(i, "this escape names no character");
        appendUtf8(text, code);
      } else if (c == 'N')
        return fail(i - 2, "escapes by name are not supported");
      else
        text += '\\', text += c;
    }
    if (i >= s.size())
      return fail(from, "this string has no end");
    ++i;
    add(TokenKind::String, from, text);
    return true;
  }
};

} // namespace

Lexed lex(std::string_view text) {
  Lexed r;
  for (size_t i = 0; i < text.size(); ++i) {
    bool cr = text[i] == '\r';
    r.source += cr ? '\n' : text[i];
    if (cr && i + 1 < text.size() && text[i + 1] == '\n')
      ++i;
  }
  if (!r.source.empty() && r.source.back() == '\n')
    r.source.pop_back();
  Lexer lexer{r, r.source};
  if (size_t bad; !validUtf8(r.source, bad)) {
    lexer.fail(bad, "the template is not UTF-8");
    return r;
  }
  while (lexer.i < r.source.size() && r.error.empty())
    lexer.root();
  r.tokens.push_back({TokenKind::End, "", uint32_t(r.source.size())});
  return r;
}

} // namespace sinter::chat
