// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions: nodes become values, with Python's meaning of each operator and Jinja2's of attributes and undefined
// names.

#include "runtime/chat/Machine.h"

#include <math.h>
#include <stdio.h>

namespace sinter::chat {
namespace {
const char *const STRING_METHODS =
    " strip lstrip rstrip split rsplit startswith endswith replace upper lower title find join capitalize casefold "
    "center count encode expandtabs format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier "
    "islower isnumeric isprintable isspace istitle isupper ljust maketrans partition removeprefix removesuffix rfind "
    "rindex rjust rpartition splitlines swapcase translate zfill ";
const char *const DICT_METHODS = " items keys values get clear copy fromkeys pop popitem setdefault update ";
const char *const LIST_METHODS = " append clear copy count extend index insert pop remove reverse sort ";

bool among(const char *words, const Value &name) {
  for (const char *w = words; (w = strchr(w, ' ')) && w[1]; ++w) {
    size_t n = strcspn(w + 1, " ");
    if (n == name.n && memcmp(w + 1, name.s, n) == 0)
      return true;
  }
  return false;
}
Value undefined(const Value &name) {
  Value v = name;
  v.kind = Kind::Undefined;
  v.marks = nullptr;
  return v;
}
} // namespace

Value Machine::attribute(const Value &v, const Value &name, bool asItem) {
  switch (v.kind) {
  case Kind::Undefined:
    return fail("'%.*s' is undefined and has no '%.*s'", int(v.n < 60 ? v.n : 60), v.n ? v.s : "",
                int(name.n < 60 ? name.n : 60), name.s),
           Value();
  case Kind::Namespace: {
    Value *found = find(v.dict, name);
    return found ? *found : undefined(name);
  }
  case Kind::Loop: {
    int64_t i = v.loop->index, n = v.loop->n;
    if (is(name, "index"))
      return integer(i + 1);
    if (is(name, "index0"))
      return integer(i);
    if (is(name, "first"))
      return boolean(i == 0);
    if (is(name, "last"))
      return boolean(i == n - 1);
    if (is(name, "length"))
      return integer(n);
    if (is(name, "revindex"))
      return integer(n - i);
    if (is(name, "revindex0"))
      return integer(n - i - 1);
    if (is(name, "previtem"))
      return i ? v.loop->items[i - 1] : undefined(name);
    if (is(name, "nextitem"))
      return i + 1 < n ? v.loop->items[i + 1] : undefined(name);
    return fail("`loop.%.*s` is not supported", int(name.n < 60 ? name.n : 60), name.s), Value();
  }
  case Kind::Dict:
    if (asItem || !among(DICT_METHODS, name))
      if (Value *found = find(v.dict, name))
        return *found;
    break;
  default:
    break;
  }
  const char *methods = v.kind == Kind::String ? STRING_METHODS
                        : v.kind == Kind::Dict ? DICT_METHODS
                        : v.kind == Kind::List ? LIST_METHODS
                                               : " ";
  if (among(methods, name)) {
    auto *data = make<MethodData>(1);
    if (!data)
      return {};
    *data = {v, name};
    Value method;
    method.kind = Kind::Method;
    method.method = data;
    return method;
  }
  if (name.n > 1 && name.s[0] == '_' && (name.s[1] == '_' || v.kind != Kind::Dict))
    return fail("access to '%.*s' of %s is unsafe", int(name.n < 60 ? name.n : 60), name.s, kindName(v.kind)), Value();
  return undefined(name);
}

Value Machine::item(const Value &v, const Value &key) {
  if (key.kind == Kind::String)
    return attribute(v, key, true);
  if (v.kind == Kind::Undefined)
    return fail("'%.*s' is undefined", int(v.n < 60 ? v.n : 60), v.n ? v.s : ""), Value();
  if (v.kind == Kind::Dict) {
    Value *found = find(v.dict, key);
    return found ? *found : Value();
  }
  if (key.kind != Kind::Int && key.kind != Kind::Bool)
    return {};
  bool isSequence = v.kind == Kind::List || v.kind == Kind::Tuple;
  if (!isSequence && v.kind != Kind::String)
    return {};
  int64_t n = isSequence ? v.list->n : codePoints(v.s, v.n), i = key.i < 0 ? key.i + n : key.i;
  step(isSequence ? 1 : uint64_t(n));
  if (i < 0 || i >= n)
    return {};
  if (isSequence)
    return v.list->items[i];
  uint32_t from = byteOf(v.s, v.n, uint32_t(i)), used;
  decode(v.s + from, v.n - from, &used);
  return bytesValue(v.s + from, used, v.marks ? v.marks + from : nullptr);
}

Value Machine::slice(const Value &v, const Value &a, const Value &b, const Value &c) {
  const Value *const parts[] = {&a, &b, &c};
  for (const Value *part : parts)
    if (part->kind != Kind::None && part->kind != Kind::Int && part->kind != Kind::Bool)
      return fail("a slice wants integers, not %s", kindName(part->kind)), Value();
  if (v.kind != Kind::List && v.kind != Kind::Tuple && v.kind != Kind::String)
    return v.kind == Kind::Undefined ? (fail("'%.*s' is undefined", int(v.n < 60 ? v.n : 60), v.n ? v.s : ""), Value())
                                     : Value();
  int64_t by = c.kind == Kind::None ? 1 : c.i;
  if (by == 0)
    return fail("a slice's step cannot be 0"), Value();
  ListData all;
  if (!iterate(v, &all))
    return {};
  int64_t n = all.n;
  auto clamp = [&](const Value &x, int64_t missing) {
    if (x.kind == Kind::None)
      return missing;
    int64_t i = x.i < 0 ? (x.i < -n - 1 ? -1 : x.i + n) : x.i;
    int64_t low = by < 0 ? -1 : 0, high = by < 0 ? n - 1 : n;
    return i < low ? low : i > high ? high : i;
  };
  int64_t from = clamp(a, by < 0 ? n - 1 : 0), to = clamp(b, by < 0 ? -1 : n);
  if (by > n)
    by = n + 1;
  if (by < -n)
    by = -n - 1;
  if (v.kind == Kind::String && by == 1) {
    if (from >= to)
      return literal("");
    uint32_t first = uint32_t(all.items[from].s - v.s),
             last = uint32_t(all.items[to - 1].s - v.s) + all.items[to - 1].n;
    return bytesValue(v.s + first, last - first, v.marks ? v.marks + first : nullptr);
  }
  uint64_t start = outSize;
  Value *kept = make<Value>(uint64_t(n));
  uint32_t count = 0;
  for (int64_t i = from; !failed && (by > 0 ? i < to : i > to); i += by) {
    step();
    if (v.kind == Kind::String)
      write(all.items[i]);
    else
      kept[count++] = all.items[i];
  }
  return failed ? Value() : v.kind == Kind::String ? take(start) : list(v.kind, kept, count);
}

static int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static Value arithmetic(Machine &m, NodeKind kind, const Value &a, const Value &b) {
  Value v;
  bool real = a.kind == Kind::Float || b.kind == Kind::Float || kind == NodeKind::Divide;
  bool divides = kind == NodeKind::Divide || kind == NodeKind::FloorDivide || kind == NodeKind::Modulo;
  if (divides && number(b) == 0)
    return m.fail("division by zero"), v;
  if (kind == NodeKind::Power && b.kind != Kind::Float && b.i < 0)
    real = true;
  if (real) {
    double x = number(a), y = number(b), r = 0;
    switch (kind) {
    case NodeKind::Add:
      r = x + y;
      break;
    case NodeKind::Subtract:
      r = x - y;
      break;
    case NodeKind::Multiply:
      r = x * y;
      break;
    case NodeKind::Divide:
      r = x / y;
      break;
    case NodeKind::FloorDivide:
      r = floor(x / y);
      break;
    case NodeKind::Modulo:
      r = x - floor(x / y) * y;
      break;
    default:
      return m.fail("powers of floats are not supported"), v;
    }
    v.kind = Kind::Float;
    v.f = r;
    return v;
  }
  int64_t r = 0;
  bool over = false;
  switch (kind) {
  case NodeKind::Add:
    over = __builtin_add_overflow(a.i, b.i, &r);
    break;
  case NodeKind::Subtract:
    over = __builtin_sub_overflow(a.i, b.i, &r);
    break;
  case NodeKind::Multiply:
    over = __builtin_mul_overflow(a.i, b.i, &r);
    break;
  case NodeKind::FloorDivide:
  case NodeKind::Modulo:
    over = a.i == INT64_MIN && b.i == -1;
    if (!over)
      r = kind == NodeKind::FloorDivide ? floorDivide(a.i, b.i) : a.i - floorDivide(a.i, b.i) * b.i;
    break;
  default:
    r = 1;
    for (int64_t k = 0; k < b.i && !over && m.step(); ++k)
      over = __builtin_mul_overflow(r, a.i, &r);
  }
  return over ? (m.fail("an integer of more than 64 bits"), v) : integer(r);
}

Value Machine::binary(NodeKind kind, const Value &a, const Value &b) {
  if (failed)
    return {};
  if (isNumber(a) && isNumber(b))
    return arithmetic(*this, kind, a, b);
  if (kind == NodeKind::Add && isText(a) && isText(b)) {
    uint64_t from = outSize;
    write(a), write(b);
    return take(from);
  }
  if (kind == NodeKind::Add && a.kind == b.kind && (a.kind == Kind::List || a.kind == Kind::Tuple)) {
    Value *items = make<Value>(uint64_t(a.list->n) + b.list->n);
    if (!items)
      return {};
    memcpy(static_cast<void *>(items), a.list->items, a.list->n * sizeof(Value));
    memcpy(static_cast<void *>(items + a.list->n), b.list->items, b.list->n * sizeof(Value));
    return list(a.kind, items, a.list->n + b.list->n);
  }
  bool timesLeft = b.kind == Kind::Int || b.kind == Kind::Bool,
       timesRight = a.kind == Kind::Int || a.kind == Kind::Bool;
  const Value &what = timesLeft ? a : b, &times = timesLeft ? b : a;
  if (kind == NodeKind::Multiply && (timesLeft || timesRight) && what.kind == Kind::String) {
    uint64_t from = outSize;
    for (int64_t i = 0; i < times.i && what.n && step() && write(what); ++i)
      ;
    return take(from);
  }
  if (kind == NodeKind::Multiply && (timesLeft || timesRight) &&
      (what.kind == Kind::List || what.kind == Kind::Tuple)) {
    uint64_t n = times.i > 0 ? uint64_t(times.i) : 0;
    if (what.list->n && n > limits.steps / what.list->n)
      return fail("the list is too long"), Value();
    Value *items = make<Value>(n * what.list->n);
    for (uint64_t i = 0; i < n * what.list->n && step(); ++i)
      items[i] = what.list->items[i % what.list->n];
    return failed ? Value() : list(what.kind, items, uint32_t(n * what.list->n));
  }
  static const char *const SIGNS[] = {"+", "-", "*", "/", "//", "%", "**"};
  const Value &blame = a.kind == Kind::Undefined ? a : b;
  if (blame.kind == Kind::Undefined && blame.n)
    return fail("'%.*s' is undefined", int(blame.n < 60 ? blame.n : 60), blame.s), Value();
  return fail("`%s` cannot join %s and %s", SIGNS[unsigned(kind) - unsigned(NodeKind::Add)], kindName(a.kind),
              kindName(b.kind)),
         Value();
}

Value Machine::compareChain(const BlobNode &n) {
  const uint32_t *chain = t.lists + n.operands[1];
  Value left = eval(n.operands[0]);
  for (uint32_t i = 0; i < chain[0] && !failed; i += 2) {
    Value right = eval(chain[2 + i]);
    if (failed)
      return {};
    bool holds = false;
    switch (Comparison(chain[1 + i])) {
    case Comparison::Eq:
      holds = equal(left, right);
      break;
    case Comparison::Ne:
      holds = !equal(left, right);
      break;
    case Comparison::Lt:
      holds = compare(left, right) < 0;
      break;
    case Comparison::Le:
      holds = compare(left, right) <= 0;
      break;
    case Comparison::Gt:
      holds = compare(left, right) > 0;
      break;
    case Comparison::Ge:
      holds = compare(left, right) >= 0;
      break;
    case Comparison::In:
      holds = contains(right, left);
      break;
    default:
      holds = !contains(right, left);
    }
    if (!holds)
      return boolean(false);
    left = right;
  }
  return boolean(true);
}

Value Machine::evalList(const uint32_t *nodes, Kind kind) {
  Value *items = make<Value>(nodes[0]);
  for (uint32_t i = 0; i < nodes[0] && !failed; ++i)
    items[i] = eval(nodes[1 + i]);
  return failed ? Value() : list(kind, items, nodes[0]);
}
bool Machine::arguments(uint32_t positional, uint32_t named, Arguments *out) {
  *out = {};
  Value v = evalList(t.lists + positional, Kind::List);
  if (failed)
    return false;
  out->positional = v.list->items;
  out->n = v.list->n;
  if (named == NONE)
    return true;
  const uint32_t *k = t.lists + named;
  auto *names = make<uint32_t>(k[0] / 2);
  Value *values = make<Value>(k[0] / 2);
  for (uint32_t i = 0; i < k[0] / 2 && !failed; ++i) {
    names[i] = k[1 + 2 * i];
    values[i] = eval(k[2 + 2 * i]);
  }
  out->names = names, out->named = values, out->namedCount = k[0] / 2;
  return !failed;
}

Value Machine::evalNode(const BlobNode &n) {
  const uint32_t *o = n.operands;
  Value v;
  Arguments a;
  switch (NodeKind(n.kind)) {
  case NodeKind::Captured:
    return captured;
  case NodeKind::String:
    return templateString(o[0]);
  case NodeKind::Int:
    return integer(int64_t(uint64_t(o[1]) << 32 | o[0]));
  case NodeKind::Float: {
    uint64_t bits = uint64_t(o[1]) << 32 | o[0];
    v.kind = Kind::Float;
    memcpy(&v.f, &bits, 8);
    return v;
  }
  case NodeKind::Constant:
    v.kind = o[0] ? Kind::Bool : Kind::None;
    v.i = o[0] == 2;
    return v;
  case NodeKind::Name:
    return lookup(o[0]);
  case NodeKind::List:
    return evalList(t.lists + o[0], Kind::List);
  case NodeKind::Tuple:
    return evalList(t.lists + o[0], Kind::Tuple);
  case NodeKind::Dict: {
    Value all = evalList(t.lists + o[0], Kind::List);
    v.dict = failed ? nullptr : newDict();
    v.kind = Kind::Dict;
    for (uint32_t i = 0; !failed && i < all.list->n; i += 2)
      put(v.dict, all.list->items[i], all.list->items[i + 1]);
    return v;
  }
  case NodeKind::Attr:
    v = eval(o[0]);
    return failed ? v : attribute(v, templateString(o[1]), false);
  case NodeKind::Item: {
    v = eval(o[0]);
    Value key = failed ? v : eval(o[1]);
    return failed ? v : item(v, key);
  }
  case NodeKind::Slice: {
    Value parts[3];
    v = eval(o[0]);
    for (int i = 0; i < 3; ++i) {
      parts[i].kind = Kind::None;
      if (o[1 + i] != NONE && !failed)
        parts[i] = eval(o[1 + i]);
    }
    return failed ? v : slice(v, parts[0], parts[1], parts[2]);
  }
  case NodeKind::Call:
    v = eval(o[0]);
    return failed || !arguments(o[1], o[2], &a) ? Value() : call(v, a);
  case NodeKind::Filter:
    v = eval(o[0]);
    return failed || !arguments(o[2], o[3], &a) ? Value() : filter(FilterId(o[1]), v, a);
  case NodeKind::Test:
    v = eval(o[0]);
    return failed || !arguments(o[2], NONE, &a) ? Value() : boolean(test(TestId(o[1]), v, a.positional, a.n));
  case NodeKind::Not:
    return boolean(!truth(eval(o[0])));
  case NodeKind::Negative:
  case NodeKind::Positive:
    v = eval(o[0]);
    return NodeKind(n.kind) == NodeKind::Negative && v.kind == Kind::Float
               ? (v.f = -v.f, v)
               : binary(NodeKind(n.kind) == NodeKind::Negative ? NodeKind::Subtract : NodeKind::Add, integer(0), v);
  case NodeKind::Concat: {
    Value all = evalList(t.lists + o[0], Kind::List);
    uint64_t from = outSize;
    for (uint32_t i = 0; !failed && i < all.list->n; ++i)
      print(all.list->items[i]);
    return take(from);
  }
  case NodeKind::Compare:
    return compareChain(n);
  case NodeKind::And:
    v = eval(o[0]);
    return failed || !truth(v) ? v : eval(o[1]);
  case NodeKind::Or:
    v = eval(o[0]);
    return failed || truth(v) ? v : eval(o[1]);
  case NodeKind::Conditional: {
    bool yes = truth(eval(o[0]));
    return failed ? v : yes ? eval(o[1]) : o[2] == NONE ? v : eval(o[2]);
  }
  default:
    break;
  }
  if (n.kind >= uint16_t(NodeKind::Add) && n.kind <= uint16_t(NodeKind::Power)) {
    v = eval(o[0]);
    Value right = failed ? v : eval(o[1]);
    return failed ? v : binary(NodeKind(n.kind), v, right);
  }
  return fail("a statement stands where an expression is wanted"), v;
}

Value Machine::eval(uint32_t index) {
  const BlobNode &n = t.nodes[index];
  if (++depth > limits.depth)
    fail("the template is nested or calls itself too deeply");
  Value v;
  if (step())
    v = evalNode(n);
  if (failed && !placed)
    placed = true, at = n.at;
  --depth;
  return failed ? Value() : v;
}

} // namespace sinter::chat
