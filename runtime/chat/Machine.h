// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values and the machine that makes them; inside runtime/chat/ only. Values live in the machine's arena until the end
// of a rendering; text carries one mark a byte (1: the user's) or no marks at all (the template's).

#ifndef SINTER_RUNTIME_CHAT_MACHINE_H
#define SINTER_RUNTIME_CHAT_MACHINE_H

#include "runtime/chat/Chat.h"

#include <stdarg.h>
#include <string.h>

namespace sinter::chat {

enum class Kind : uint8_t {
  Undefined,
  None,
  Bool,
  Int,
  Float,
  String,
  List,
  Tuple,
  Dict,
  View,
  Generator,
  Namespace,
  Macro,
  Loop,
  Method,
  Builtin
};

struct ListData;
struct DictData;
struct LoopData;
struct MethodData;
struct MacroData;

struct Value {
  Kind kind = Kind::Undefined;
  uint32_t n = 0; ///< String: bytes
  union {
    int64_t i = 0;
    double f;
    const char *s; ///< String; Undefined and Builtin: a name of n bytes, or null
    ListData *list;
    DictData *dict;
    LoopData *loop;
    MethodData *method;
    const MacroData *macro;
  };
  const uint8_t *marks = nullptr;
};

struct ListData {
  uint32_t n;
  bool consumed; ///< a generator gives its elements once
  Value *items;
};
struct DictData {
  uint32_t n, capacity;
  Value *keys, *values;
};
struct LoopData {
  uint32_t index, n;
  const Value *items;
};
struct MethodData {
  Value self, name;
};
struct MacroData {
  const BlobNode *node;
};
struct Binding {
  uint32_t name;
  Value value;
};
struct Arguments {
  const Value *positional;
  uint32_t n;
  const uint32_t *names; ///< strings of the template
  const Value *named;
  uint32_t namedCount;
};

struct Machine {
  const Template &t;
  const Limits &limits;
  const Time *now;
  // Memory: a list of malloc'ed chunks.
  struct Chunk {
    Chunk *next;
  };
  Chunk *chunks = nullptr;
  char *free = nullptr;
  size_t freeBytes = 0;
  uint64_t used = 0, steps = 0;
  uint32_t depth = 0;
  // Output: bytes and marks, grown together.
  char *out = nullptr;
  uint8_t *outMarks = nullptr;
  uint64_t outSize = 0, outCapacity = 0, written = 0;
  // Names: globals, then the root's, then each scope's.
  DictData *globals = nullptr;
  Binding *bindings = nullptr;
  uint32_t bindingCount = 0, bindingCapacity = 0, scope = 0, macroBase = 0, rootEnd = 0;
  Value captured{};
  uint32_t loopName = NONE, nesting = 0; ///< nesting: scopes above the root
  bool failed = false, placed = false;
  uint32_t at = 0;
  char message[256] = {};

  void *allocate(uint64_t size);
  template <typename T> T *make(uint64_t n) {
    return static_cast<T *>(n > limits.memory / sizeof(T) ? fail("too much memory") : allocate(n * sizeof(T)));
  }
  void freeAll();
  bool step(uint64_t n = 1);
  /// Keeps the first message; returns null.
  __attribute__((format(printf, 2, 3))) void *fail(const char *format, ...);

  // Text.
  bool write(const char *s, uint64_t n, const uint8_t *marks, bool user = false);
  void write(const char *literal) { write(literal, strlen(literal), nullptr); }
  bool write(const Value &text) { return write(text.s, text.n, text.marks); }
  Value take(uint64_t from); ///< what was written since, as a value; the output shrinks back
  Value literal(const char *s) { return bytesValue(s, uint32_t(strlen(s)), nullptr); }
  static Value bytesValue(const char *s, uint32_t n, const uint8_t *marks);
  Value templateString(uint32_t index) const {
    return bytesValue(t.bytes + t.strings[index].offset, t.strings[index].length, nullptr);
  }

  // Values.
  bool print(const Value &v); ///< Python's str(v), to the output
  bool repr(const Value &v);
  Value text(const Value &v); ///< str(v)
  bool json(const Value &v, int64_t indent, unsigned level, bool ascii, bool sorted, const Value &comma,
            const Value &colon);
  bool equal(const Value &a, const Value &b);
  int compare(const Value &a, const Value &b, bool ignoreCase = false);
  bool contains(const Value &container, const Value &v);
  bool iterate(const Value &v, ListData *out);
  Value list(Kind kind, const Value *items, uint32_t n);
  Value *find(DictData *d, const Value &key);
  void put(DictData *d, const Value &key, const Value &value);
  DictData *newDict();
  bool parseInput(const char *json, size_t size);

  // Programs.
  enum class Flow { Next, Break, Continue };
  Flow exec(uint32_t index);
  Flow execNode(const BlobNode &n);
  Flow execFor(const BlobNode &n);
  Value eval(uint32_t index);
  Value evalNode(const BlobNode &n);
  Value binary(NodeKind kind, const Value &a, const Value &b);
  Value compareChain(const BlobNode &n);
  Value lookup(uint32_t name);
  void bind(uint32_t name, const Value &v);
  bool bindTargets(uint32_t list, const Value &v);
  Value attribute(const Value &v, const Value &name, bool item);
  Value item(const Value &v, const Value &key);
  Value slice(const Value &v, const Value &a, const Value &b, const Value &c);
  Value evalList(const uint32_t *list, Kind kind);
  bool arguments(uint32_t list, uint32_t named, Arguments *out);
  Value call(const Value &callee, const Arguments &a);
  Value callMacro(const BlobNode &n, const Arguments &a);
  Value callBuiltin(const Value &name, const Arguments &a);
  Value method(const Value &self, const Value &name, const Arguments &a);
  Value stringMethod(const Value &self, const Value &name, const Arguments &a);
  Value filter(FilterId id, const Value &v, const Arguments &a);
  bool test(TestId id, const Value &v, const Value *args, uint32_t n);
  Value mapFilter(FilterId id, const Value &v, const Arguments &a);
  Value sortFilter(FilterId id, const Value &v, const Arguments &a);
  Value strftime(const Value &format);
  const Value *argument(const Arguments &a, uint32_t position, const char *name);
  Value path(const Value &v, const Value &attribute);
};

bool is(const Value &v, const char *s);
inline bool isText(const Value &v) { return v.kind == Kind::String; }
inline bool isList(const Value &v) {
  return v.kind == Kind::List || v.kind == Kind::Tuple || v.kind == Kind::View || v.kind == Kind::Generator;
}
inline bool isNumber(const Value &v) { return v.kind == Kind::Int || v.kind == Kind::Float || v.kind == Kind::Bool; }
inline double number(const Value &v) { return v.kind == Kind::Float ? v.f : double(v.i); }
bool truth(const Value &v);
Value boolean(bool b);
Value integer(int64_t i);
const char *kindName(Kind kind);

// Unicode.Text.
uint32_t decode(const char *s, uint32_t n, uint32_t *used);
uint32_t encode(uint32_t c, char *out);
uint32_t codePoints(const char *s, uint32_t n);
uint32_t byteOf(const char *s, uint32_t n, uint32_t codePoint);
bool isSpace(uint32_t c);
bool isPrintable(uint32_t c);
uint32_t lowerOf(uint32_t c);
uint32_t upperOf(uint32_t c, uint32_t out[3]); ///< how many
enum class Case { Upper, Lower, Capitalize, TitlePython, TitleJinja };
Value changeCase(Machine &m, const Value &v, Case how);
Value strip(const Value &v, const Value *characters, bool left, bool right);
int64_t findText(Machine &m, const Value &v, const Value &needle, uint64_t from);
void writeFloat(Machine &m, double f);

} // namespace sinter::chat

#endif // SINTER_RUNTIME_CHAT_MACHINE_H
