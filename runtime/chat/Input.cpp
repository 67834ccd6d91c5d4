// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Untrusted JSON enters; the machine's variables leave, each string marked as the user's or the template's (Chat.h).

#include "runtime/chat/Machine.h"

#include <errno.h>
#include <stdlib.h>

namespace sinter::chat {
namespace {

bool knownRole(const Value &v) {
  static const char *const ROLES[] = {"system",          "user",        "assistant", "tool",          "developer",
                                      "function",        "ipython",     "model",     "documents",     "document",
                                      "context",         "observation", "tool_call", "tool_response", "tools",
                                      "available_tools", "environment", "control",   "thought"};
  for (const char *role : ROLES)
    if (is(v, role))
      return true;
  return false;
}

struct Reader {
  Machine &m;
  const char *s;
  size_t n, i = 0;
  unsigned level = 0;

  void bad(const char *what) { m.fail("input, byte %llu: %s", (unsigned long long)i, what); }
  char peek() {
    while (i < n && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'))
      ++i;
    return i < n ? s[i] : 0;
  }
  bool accept(char c) { return peek() == c && i < n ? (++i, true) : false; }
  bool hex4(uint32_t *c) {
    *c = 0;
    for (int k = 0; k < 4; ++k, ++i) {
      char h = i < n ? s[i] : 0;
      int digit = h >= '0' && h <= '9' ? h - '0' : (h | 32) >= 'a' && (h | 32) <= 'f' ? (h | 32) - 'a' + 10 : -1;
      if (digit < 0)
        return bad("\\u wants four hexadecimal digits"), false;
      *c = *c << 4 | uint32_t(digit);
    }
    return true;
  }
  uint32_t escape(char *out) { // after the backslash
    char c = i < n ? s[i++] : 0;
    const char *from = "\"\\/bfnrt", *to = "\"\\/\b\f\n\r\t";
    const char *found = c ? strchr(from, c) : nullptr;
    if (found)
      return out[0] = to[found - from], 1;
    uint32_t code, low;
    if (c != 'u')
      return bad("an unknown escape"), 0;
    if (!hex4(&code))
      return 0;
    if (code >= 0xD800 && code < 0xDC00 && i + 1 < n && s[i] == '\\' && s[i + 1] == 'u') {
      i += 2;
      if (!hex4(&low))
        return 0;
      if (low < 0xDC00 || low > 0xDFFF)
        return bad("half a surrogate pair"), 0;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xD800 && code < 0xE000)
      return bad("half a surrogate pair"), 0;
    return encode(code, out);
  }
  Value string(bool user) {
    size_t end = ++i;
    while (end < n && s[end] != '"')
      end += s[end] == '\\' ? 2 : 1;
    if (end >= n)
      return bad("a string without its end"), Value();
    size_t room = end - i, size = 0;
    char *text = m.make<char>(room);
    uint8_t *marks = user ? m.make<uint8_t>(room) : nullptr;
    if (m.failed || room > UINT32_MAX)
      return {};
    while (i < end && !m.failed) {
      uint8_t c = uint8_t(s[i]);
      if (c == '\\') {
        ++i;
        size += escape(text + size);
        continue;
      }
      uint32_t used, code = decode(s + i, uint32_t(end - i), &used);
      if (c < 32 || (c >= 128 &&
                     (used == 1 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || used != encodedSize(code))))
        return bad(c < 32 ? "a control character in a string" : "text that is not UTF-8"), Value();
      memcpy(text + size, s + i, used);
      size += used;
      i += used;
    }
    i = end + 1;
    if (user)
      memset(marks, 1, size);
    return Machine::bytesValue(text, uint32_t(size), size ? marks : nullptr);
  }
  static uint32_t encodedSize(uint32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }
  bool digits() {
    size_t from = i;
    while (i < n && s[i] >= '0' && s[i] <= '9')
      ++i;
    return i > from;
  }
  Value number() {
    size_t from = i;
    bool real = false;
    i += s[i] == '-';
    bool zero = i < n && s[i] == '0';
    size_t first = i;
    bool good = digits() && (!zero || i == first + 1);
    if (good && i < n && s[i] == '.')
      ++i, real = true, good = digits();
    if (good && i < n && (s[i] | 32) == 'e') {
      ++i, real = true;
      i += i < n && (s[i] == '+' || s[i] == '-');
      good = digits();
    }
    char buffer[64];
    if (!good || i - from >= sizeof(buffer))
      return bad("this is no number, or too long a one"), Value();
    memcpy(buffer, s + from, i - from);
    buffer[i - from] = 0;
    Value v;
    errno = 0;
    if (real) {
      v.kind = Kind::Float;
      v.f = strtod(buffer, nullptr);
    } else {
      v = integer(strtoll(buffer, nullptr, 10));
      if (errno == ERANGE)
        bad("an integer of more than 64 bits");
    }
    return v;
  }
  Value value(bool user, bool role) {
    if (!m.step() || ++level > 64)
      return bad("values are nested too deeply"), Value();
    Value v;
    char c = peek();
    if (c == '"') {
      v = string(user);
      if (role && !m.failed && knownRole(v))
        v.marks = nullptr;
    } else if (c == '{')
      v = object(user, false);
    else if (c == '[')
      v = array(user);
    else if (c == '-' || (c >= '0' && c <= '9'))
      v = number();
    else if (word("true") || word("false"))
      v = boolean(s[i - 2] == 'u');
    else if (word("null"))
      v.kind = Kind::None;
    else
      bad("this is no JSON value");
    --level;
    return v;
  }
  bool word(const char *w) {
    return n - i >= strlen(w) && memcmp(s + i, w, strlen(w)) == 0 ? (i += strlen(w), true) : false;
  }
  Value array(bool user) {
    ++i;
    uint32_t count = 0, capacity = 0;
    Value *items = nullptr;
    if (!accept(']'))
      do {
        if (count == capacity) {
          Value *grown = m.make<Value>(capacity = capacity * 2 + 4);
          if (!grown)
            return {};
          if (count)
            memcpy(static_cast<void *>(grown), items, count * sizeof(Value));
          items = grown;
        }
        items[count++] = value(user, false);
        if (!m.failed && peek() != ',' && !(peek() == ']'))
          bad("a list wants `,` or `]` here");
      } while (!m.failed && accept(','));
    else
      return m.list(Kind::List, nullptr, 0);
    if (!m.failed && !accept(']'))
      bad("a list wants `]` here");
    return m.failed ? Value() : m.list(Kind::List, items, count);
  }
  Value object(bool user, bool top) {
    ++i;
    DictData *d = m.newDict();
    if (d && !accept('}')) {
      do {
        if (peek() != '"')
          return bad("an object wants a key here"), Value();
        Value key = string(user);
        if (!m.failed && !accept(':'))
          bad("an object wants `:` here");
        if (m.failed)
          return {};
        bool token = top && key.n >= 6 && memcmp(key.s + key.n - 6, "_token", 6) == 0;
        Value v = value(top ? !token : user, is(key, "role"));
        if (!m.failed)
          m.put(d, key, v);
      } while (!m.failed && accept(','));
      if (!m.failed && !accept('}'))
        bad("an object wants `,` or `}` here");
    }
    Value v;
    v.kind = Kind::Dict;
    v.dict = d;
    return m.failed ? Value() : v;
  }
};

} // namespace

bool Machine::parseInput(const char *json, size_t size) {
  Reader r{*this, json, size};
  if (r.peek() != '{')
    return fail("input: an object of variables is wanted"), false;
  globals = r.object(false, true).dict;
  if (!failed && (r.peek(), r.i != size))
    r.bad("nothing may follow the object");
  return !failed;
}

} // namespace sinter::chat
