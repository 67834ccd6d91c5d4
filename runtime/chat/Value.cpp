// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory, output and what Python does with values: truth, equality, order, str, repr, json.dumps.

#include "runtime/chat/Machine.h"

#include <stdio.h>
#include <stdlib.h>

namespace sinter::chat {

void *Machine::fail(const char *format, ...) {
  if (!failed) {
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    failed = true;
  }
  return nullptr;
}
bool Machine::step(uint64_t n) {
  steps += n;
  if (steps > limits.steps)
    fail("the template does more than %llu steps", (unsigned long long)limits.steps);
  return !failed;
}
void *Machine::allocate(uint64_t size) {
  size = (size + 15) / 16 * 16 + (size == 0 ? 16 : 0);
  if (size > limits.memory || used > limits.memory - size)
    return fail("the template needs more than %llu bytes of memory", (unsigned long long)limits.memory);
  used += size;
  if (size > freeBytes) {
    size_t chunk = size > (1u << 16) ? size : (1u << 16);
    auto *c = static_cast<Chunk *>(malloc(chunk + 16));
    if (!c)
      return fail("out of memory");
    c->next = chunks;
    chunks = c;
    char *data = reinterpret_cast<char *>(c) + 16;
    if (chunk == size)
      return data;
    free = data;
    freeBytes = chunk;
  }
  void *result = free;
  free += size;
  freeBytes -= size;
  return result;
}
void Machine::freeAll() {
  while (chunks) {
    Chunk *next = chunks->next;
    ::free(chunks);
    chunks = next;
  }
}

bool Machine::write(const char *s, uint64_t n, const uint8_t *marks, bool user) {
  written += n;
  if (failed || !step(n / 16) || written > 8 * limits.output || n > limits.output - outSize) {
    fail("the template writes more than %llu bytes", (unsigned long long)limits.output);
    return false;
  }
  if (outSize + n > outCapacity) {
    uint64_t capacity = (outSize + n) * 2 + 256;
    auto *grown = static_cast<char *>(realloc(out, capacity));
    if (grown)
      out = grown;
    auto *grownMarks = static_cast<uint8_t *>(realloc(outMarks, capacity));
    if (grownMarks)
      outMarks = grownMarks;
    if (!grown || !grownMarks) {
      fail("out of memory");
      return false;
    }
    outCapacity = capacity;
  }
  if (n) {
    memcpy(out + outSize, s, n);
    if (marks)
      memcpy(outMarks + outSize, marks, n);
    else
      memset(outMarks + outSize, user, n);
  }
  outSize += n;
  return true;
}
Value Machine::take(uint64_t from) {
  if (failed)
    return {};
  uint64_t n = outSize - from;
  char *s = make<char>(n);
  if (!s)
    return {};
  uint8_t *marks = nullptr;
  if (n) {
    memcpy(s, out + from, n);
    if (memchr(outMarks + from, 1, n)) {
      marks = make<uint8_t>(n);
      if (!marks)
        return {};
      memcpy(marks, outMarks + from, n);
    }
  }
  outSize = from;
  return bytesValue(s, uint32_t(n), marks);
}
Value Machine::bytesValue(const char *s, uint32_t n, const uint8_t *marks) {
  Value v;
  v.kind = Kind::String;
  v.n = n;
  v.s = s;
  v.marks = marks;
  return v;
}
bool is(const Value &v, const char *s) { return v.n == strlen(s) && memcmp(v.s, s, v.n) == 0; }
Value boolean(bool b) {
  Value v;
  v.kind = Kind::Bool;
  v.i = b;
  return v;
}
Value integer(int64_t i) {
  Value v;
  v.kind = Kind::Int;
  v.i = i;
  return v;
}
const char *kindName(Kind kind) {
  static const char *const NAMES[] = {"undefined", "none",    "a boolean", "an integer", "a float",     "a string",
                                      "a list",    "a tuple", "a mapping", "a view",     "a generator", "a namespace",
                                      "a macro",   "a loop",  "a method",  "a function"};
  return NAMES[unsigned(kind)];
}
bool truth(const Value &v) {
  switch (v.kind) {
  case Kind::Undefined:
  case Kind::None:
    return false;
  case Kind::Bool:
  case Kind::Int:
    return v.i != 0;
  case Kind::Float:
    return v.f != 0;
  case Kind::String:
    return v.n != 0;
  case Kind::List:
  case Kind::Tuple:
  case Kind::View:
    return v.list->n != 0;
  case Kind::Dict:
    return v.dict->n != 0;
  default:
    return true;
  }
}

Value Machine::list(Kind kind, const Value *items, uint32_t n) {
  auto *data = make<ListData>(1);
  Value *copy = make<Value>(n);
  if (!data || !copy || !step(n))
    return {};
  if (n)
    memcpy(static_cast<void *>(copy), items, n * sizeof(Value));
  *data = {n, false, copy};
  Value v;
  v.kind = kind;
  v.list = data;
  return v;
}
DictData *Machine::newDict() {
  auto *d = make<DictData>(1);
  if (d)
    *d = {0, 0, nullptr, nullptr};
  return d;
}
Value *Machine::find(DictData *d, const Value &key) {
  for (uint32_t i = 0; i < d->n && step(); ++i) {
    const Value &k = d->keys[i];
    if (key.kind == Kind::String ? k.kind == Kind::String && k.n == key.n && memcmp(k.s, key.s, k.n) == 0
                                 : equal(k, key))
      return &d->values[i];
  }
  return nullptr;
}
void Machine::put(DictData *d, const Value &key, const Value &value) {
  if (key.kind == Kind::List || key.kind == Kind::Dict)
    fail("%s cannot be a key", kindName(key.kind));
  if (Value *old = find(d, key)) {
    *old = value;
    return;
  }
  if (d->n == d->capacity) {
    uint32_t capacity = d->capacity * 2 + 4;
    Value *keys = make<Value>(capacity), *values = make<Value>(capacity);
    if (!keys || !values)
      return;
    if (d->n) {
      memcpy(static_cast<void *>(keys), d->keys, d->n * sizeof(Value));
      memcpy(static_cast<void *>(values), d->values, d->n * sizeof(Value));
    }
    d->keys = keys, d->values = values, d->capacity = capacity;
  }
  d->keys[d->n] = key;
  d->values[d->n++] = value;
}

bool Machine::iterate(const Value &v, ListData *result) {
  *result = {0, false, nullptr};
  if (failed)
    return false;
  if (isList(v)) {
    *result = *v.list;
    if (v.kind == Kind::Generator) {
      result->n = v.list->consumed ? 0 : v.list->n;
      v.list->consumed = true;
    }
    return true;
  }
  if (v.kind == Kind::Dict) {
    *result = {v.dict->n, false, v.dict->keys};
    return true;
  }
  if (v.kind == Kind::String) {
    uint32_t n = codePoints(v.s, v.n), used, at = 0;
    Value *items = make<Value>(n);
    if (!items || !step(n))
      return false;
    for (uint32_t i = 0; i < n; ++i, at += used) {
      decode(v.s + at, v.n - at, &used);
      items[i] = bytesValue(v.s + at, used, v.marks ? v.marks + at : nullptr);
    }
    *result = {n, false, items};
    return true;
  }
  if (v.kind != Kind::Undefined)
    fail("%s cannot be walked through", kindName(v.kind));
  return !failed;
}

bool Machine::equal(const Value &a, const Value &b) {
  if (!step())
    return false;
  if (isNumber(a) && isNumber(b))
    return a.kind == Kind::Float || b.kind == Kind::Float ? number(a) == number(b) : a.i == b.i;
  if (a.kind != b.kind)
    return false;
  switch (a.kind) {
  case Kind::Undefined:
  case Kind::None:
    return true;
  case Kind::String:
    return a.n == b.n && step(a.n / 16) && memcmp(a.s, b.s, a.n) == 0;
  case Kind::List:
  case Kind::Tuple:
  case Kind::Dict:
    break;
  default:
    return a.list == b.list;
  }
  if (++depth > limits.depth)
    fail("values are nested too deeply");
  bool same = !failed;
  if (a.kind == Kind::Dict) {
    same = same && a.dict->n == b.dict->n;
    for (uint32_t i = 0; same && i < a.dict->n; ++i) {
      Value *other = find(b.dict, a.dict->keys[i]);
      same = other && equal(a.dict->values[i], *other);
    }
  } else {
    same = same && a.list->n == b.list->n;
    for (uint32_t i = 0; same && i < a.list->n; ++i)
      same = equal(a.list->items[i], b.list->items[i]);
  }
  --depth;
  return same;
}

int Machine::compare(const Value &a, const Value &b, bool ignoreCase) {
  if (isNumber(a) && isNumber(b)) {
    if (a.kind == Kind::Float || b.kind == Kind::Float)
      return number(a) < number(b) ? -1 : number(a) > number(b);
    return a.i < b.i ? -1 : a.i > b.i;
  }
  if (a.kind == Kind::String && b.kind == Kind::String) {
    Value x = a, y = b;
    if (ignoreCase)
      x = changeCase(*this, a, Case::Lower), y = changeCase(*this, b, Case::Lower);
    if (failed || !step((x.n < y.n ? x.n : y.n) / 16))
      return 0;
    int order = memcmp(x.s, y.s, x.n < y.n ? x.n : y.n);
    return order ? order : x.n < y.n ? -1 : x.n > y.n;
  }
  if (a.kind == b.kind && (a.kind == Kind::List || a.kind == Kind::Tuple)) {
    for (uint32_t i = 0; i < a.list->n && i < b.list->n; ++i)
      if (!equal(a.list->items[i], b.list->items[i])) {
        if (++depth > limits.depth)
          fail("values are nested too deeply");
        int order = failed ? 0 : compare(a.list->items[i], b.list->items[i]);
        --depth;
        return order;
      }
    return a.list->n < b.list->n ? -1 : a.list->n > b.list->n;
  }
  fail("%s and %s cannot be ordered", kindName(a.kind), kindName(b.kind));
  return 0;
}
bool Machine::contains(const Value &container, const Value &v) {
  if (container.kind == Kind::String) {
    if (v.kind != Kind::String) {
      fail("`in` a string wants a string on its left, not %s", kindName(v.kind));
      return false;
    }
    return findText(*this, container, v, 0) >= 0;
  }
  ListData items;
  if (!iterate(container, &items))
    return false;
  for (uint32_t i = 0; i < items.n && !failed; ++i)
    if (equal(items.items[i], v))
      return true;
  return false;
}

bool Machine::repr(const Value &v) {
  if (++depth > limits.depth)
    fail("values are nested too deeply");
  step();
  if (failed) {
  } else if (v.kind == Kind::String) {
    bool twice = memchr(v.s, '\'', v.n) && !memchr(v.s, '"', v.n);
    const char *quote = twice ? "\"" : "'";
    write(quote);
    uint32_t used;
    for (uint32_t i = 0; i < v.n && step(); i += used) {
      uint32_t c = decode(v.s + i, v.n - i, &used);
      bool user = v.marks && v.marks[i];
      char escape[12] = {'\\', char(c), 0};
      if (c == '\n' || c == '\r' || c == '\t')
        escape[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
      else if (c == '\\' || c == uint32_t(quote[0]))
        ;
      else if (isPrintable(c)) {
        write(v.s + i, used, nullptr, user);
        continue;
      } else
        snprintf(escape, sizeof(escape), c < 256 ? "\\x%02x" : c < 65536 ? "\\u%04x" : "\\U%08x", c);
      write(escape, strlen(escape), nullptr, user);
    }
    write(quote);
  } else if (v.kind == Kind::List || v.kind == Kind::Tuple) {
    write(v.kind == Kind::List ? "[" : "(");
    for (uint32_t i = 0; i < v.list->n && !failed; ++i) {
      if (i)
        write(", ");
      repr(v.list->items[i]);
    }
    write(v.kind == Kind::List ? "]" : v.list->n == 1 ? ",)" : ")");
  } else if (v.kind == Kind::Dict) {
    write("{");
    for (uint32_t i = 0; i < v.dict->n && !failed; ++i) {
      if (i)
        write(", ");
      repr(v.dict->keys[i]);
      write(": ");
      repr(v.dict->values[i]);
    }
    write("}");
  } else if (v.kind == Kind::Undefined) {
    write("Undefined");
  } else {
    print(v);
  }
  --depth;
  return !failed;
}
bool Machine::print(const Value &v) {
  char digits[32];
  switch (v.kind) {
  case Kind::Undefined:
    break;
  case Kind::None:
    write("None");
    break;
  case Kind::Bool:
    write(v.i ? "True" : "False");
    break;
  case Kind::Int:
    snprintf(digits, sizeof(digits), "%lld", (long long)v.i);
    write(digits);
    break;
  case Kind::Float:
    writeFloat(*this, v.f);
    break;
  case Kind::String:
    write(v);
    break;
  case Kind::List:
  case Kind::Tuple:
  case Kind::Dict:
    repr(v);
    break;
  default:
    fail("%s cannot be written as text", kindName(v.kind));
  }
  return !failed;
}
Value Machine::text(const Value &v) {
  if (v.kind == Kind::String)
    return v;
  uint64_t from = outSize;
  print(v);
  return take(from);
}

static void jsonString(Machine &m, const Value &v, bool ascii) {
  m.write("\"");
  uint32_t used;
  for (uint32_t i = 0; i < v.n && m.step(); i += used) {
    uint32_t c = decode(v.s + i, v.n - i, &used);
    char escape[16] = {'\\', 0, 0};
    const char *at = c < 256 && c ? strchr("\"\"\\\\\nn\rr\tt\bb\ff", int(c)) : nullptr;
    if (c == '"' || c == '\\')
      escape[1] = char(c);
    else if (at && c < 32)
      escape[1] = at[1];
    else if (c < 32 || (ascii && c >= 127 && c < 65536 && c != 127))
      snprintf(escape, sizeof(escape), "\\u%04x", c);
    else if (ascii && c >= 65536)
      snprintf(escape, sizeof(escape), "\\u%04x\\u%04x", 0xD7C0 + (c >> 10), 0xDC00 + (c & 1023));
    else {
      m.write(v.s + i, used, nullptr, v.marks && v.marks[i]);
      continue;
    }
    m.write(escape, strlen(escape), nullptr, v.marks && v.marks[i]);
  }
  m.write("\"");
}
static void newline(Machine &m, int64_t indent, unsigned level) {
  if (indent < 0)
    return;
  m.write("\n");
  for (int64_t i = 0; i < indent * int64_t(level) && m.step(); ++i)
    m.write(" ");
}
bool Machine::json(const Value &v, int64_t indent, unsigned level, bool ascii, bool sorted, const Value &comma,
                   const Value &colon) {
  if (++depth > limits.depth)
    fail("values are nested too deeply");
  step();
  if (failed) {
  } else if (v.kind == Kind::String) {
    jsonString(*this, v, ascii);
  } else if (v.kind == Kind::None) {
    write("null");
  } else if (v.kind == Kind::Bool) {
    write(v.i ? "true" : "false");
  } else if (v.kind == Kind::Float && (v.f != v.f || v.f - v.f != 0)) {
    write(v.f != v.f ? "NaN" : v.f > 0 ? "Infinity" : "-Infinity");
  } else if (v.kind == Kind::Int || v.kind == Kind::Float) {
    print(v);
  } else if (v.kind == Kind::List || v.kind == Kind::Tuple) {
    write("[");
    for (uint32_t i = 0; i < v.list->n && !failed; ++i) {
      if (i)
        write(comma);
      newline(*this, indent, level + 1);
      json(v.list->items[i], indent, level + 1, ascii, sorted, comma, colon);
    }
    if (v.list->n)
      newline(*this, indent, level);
    write("]");
  } else if (v.kind == Kind::Dict) {
    write("{");
    Value keys = list(Kind::List, v.dict->keys, v.dict->n);
    if (sorted && !failed)
      keys = sortFilter(FilterId::COUNT, keys, {});
    for (uint32_t i = 0; !failed && i < v.dict->n; ++i) {
      if (i)
        write(comma);
      newline(*this, indent, level + 1);
      const Value &key = keys.list->items[i];
      if (key.kind == Kind::String)
        jsonString(*this, key, ascii);
      else if (key.kind == Kind::None || isNumber(key)) {
        write("\"");
        json(key, -1, 0, ascii, sorted, comma, colon);
        write("\"");
      } else
        fail("%s is no key of JSON", kindName(key.kind));
      write(colon);
      if (Value *value = failed ? nullptr : find(v.dict, key))
        json(*value, indent, level + 1, ascii, sorted, comma, colon);
    }
    if (v.dict->n)
      newline(*this, indent, level);
    write("}");
  } else {
    fail("tojson cannot write %s", kindName(v.kind));
  }
  --depth;
  return !failed;
}

} // namespace sinter::chat
