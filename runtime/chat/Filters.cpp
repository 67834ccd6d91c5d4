// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters and tests, as Jinja2's and (tojson) as transformers'.

#include "runtime/chat/Machine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

namespace sinter::chat {
namespace {
constexpr const char *TESTS[] = {
#define X(name) #name,
    SINTER_CHAT_TESTS(X)
#undef X
};
constexpr const char *FILTERS[] = {
#define X(name) #name,
    SINTER_CHAT_FILTERS(X)
#undef X
};
template <size_t N> uint32_t idOf(const char *const (&names)[N], const Value &name) {
  for (uint32_t i = 0; i < N; ++i)
    if (is(name, names[i]))
      return i;
  return N;
}
} // namespace

bool Machine::test(TestId id, const Value &v, const Value *args, uint32_t n) {
  bool wants = id >= TestId::t_divisibleby && id <= TestId::t_ge;
  if (n != (wants ? 1u : 0u)) {
    fail("test `%s` wants %s", TESTS[unsigned(id)], wants ? "one argument" : "no argument");
    return false;
  }
  Kind k = v.kind;
  bool whole = k == Kind::Int || k == Kind::Bool;
  switch (id) {
  case TestId::t_defined:
    return k != Kind::Undefined;
  case TestId::t_undefined:
    return k == Kind::Undefined;
  case TestId::t_none:
    return k == Kind::None;
  case TestId::t_string:
    return k == Kind::String;
  case TestId::t_mapping:
    return k == Kind::Dict;
  case TestId::t_iterable:
    return k == Kind::Undefined || k == Kind::String || isList(v) || k == Kind::Dict;
  case TestId::t_sequence:
    return k == Kind::Undefined || k == Kind::String || k == Kind::List || k == Kind::Tuple || k == Kind::Dict;
  case TestId::t_number:
    return isNumber(v);
  case TestId::t_integer:
    return k == Kind::Int;
  case TestId::t_float:
    return k == Kind::Float;
  case TestId::t_true:
    return k == Kind::Bool && v.i;
  case TestId::t_false:
    return k == Kind::Bool && !v.i;
  case TestId::t_boolean:
    return k == Kind::Bool;
  case TestId::t_callable:
    return k == Kind::Macro || k == Kind::Method || k == Kind::Builtin;
  case TestId::t_odd:
  case TestId::t_even:
    if (!whole)
      fail("test `%s` wants an integer, not %s", TESTS[unsigned(id)], kindName(k));
    return (v.i % 2 != 0) == (id == TestId::t_odd);
  case TestId::t_divisibleby:
    if (!whole || args[0].kind != Kind::Int || args[0].i == 0)
      return fail("test `divisibleby` wants integers, not 0"), false;
    return args[0].i == -1 || v.i % args[0].i == 0;
  case TestId::t_in:
    return contains(args[0], v);
  case TestId::t_eq:
  case TestId::t_equalto:
    return equal(v, args[0]);
  case TestId::t_ne:
    return !equal(v, args[0]);
  case TestId::t_lt:
    return compare(v, args[0]) < 0;
  case TestId::t_le:
    return compare(v, args[0]) <= 0;
  case TestId::t_gt:
    return compare(v, args[0]) > 0;
  case TestId::t_ge:
    return compare(v, args[0]) >= 0;
  default: {
    Value s = text(v);
    if (failed)
      return false;
    Value same = changeCase(*this, s, id == TestId::t_upper ? Case::Upper : Case::Lower);
    Value other = changeCase(*this, s, id == TestId::t_upper ? Case::Lower : Case::Upper);
    return !failed && equal(s, same) && !equal(s, other);
  }
  }
}

Value Machine::path(const Value &v, const Value &attribute) {
  if (attribute.kind != Kind::String)
    return item(v, attribute);
  Value at = v;
  for (uint32_t from = 0; from <= attribute.n && !failed;) {
    const void *dot = memchr(attribute.s + from, '.', attribute.n - from);
    uint32_t to = dot ? uint32_t(static_cast<const char *>(dot) - attribute.s) : attribute.n;
    Value part = bytesValue(attribute.s + from, to - from, nullptr);
    if (part.n && part.n < 10 && part.s[0] >= '0' && part.s[0] <= '9') {
      int64_t number = 0;
      for (uint32_t i = 0; i < part.n; ++i)
        number = number * 10 + (part.s[i] - '0');
      part = integer(number);
    }
    at = item(at, part);
    from = to + 1;
  }
  return failed ? Value() : at;
}

Value Machine::mapFilter(FilterId id, const Value &v, const Arguments &a) {
  ListData items;
  const Value *attr = argument(a, id == FilterId::f_map ? 99 : 0, "attribute");
  bool attrs = id == FilterId::f_selectattr || id == FilterId::f_rejectattr, map = id == FilterId::f_map;
  bool keep = id == FilterId::f_select || id == FilterId::f_selectattr;
  if (!iterate(v, &items))
    return {};
  if ((attrs && !attr) || (map && !attr && (a.n != 1 || !isText(a.positional[0]))))
    return fail("`%s` wants an attribute%s", FILTERS[unsigned(id)], map ? " or a filter" : ""), Value();
  uint32_t skip = attrs ? 1 : 0, chosen = 0;
  if (!map && a.n > skip) {
    static const char *const SIGNS[][2] = {{"==", "eq"}, {"!=", "ne"}, {"<", "lt"},        {"<=", "le"},
                                           {">", "gt"},  {">=", "ge"}, {"lessthan", "lt"}, {"greaterthan", "gt"}};
    Value name = a.positional[skip];
    if (!isText(name))
      return fail("a test's name is wanted"), Value();
    for (auto &sign : SIGNS)
      if (is(name, sign[0]))
        name = literal(sign[1]);
    chosen = idOf(TESTS, name);
    if (chosen == uint32_t(TestId::COUNT))
      return fail("unknown test '%.*s'", int(name.n < 60 ? name.n : 60), name.s), Value();
  } else if (map && !attr) {
    chosen = idOf(FILTERS, a.positional[0]);
    if (chosen == uint32_t(FilterId::COUNT))
      return fail("unknown filter '%.*s'", int(a.positional[0].n < 60 ? a.positional[0].n : 60), a.positional[0].s),
             Value();
  }
  const Value *fallback = argument(a, 99, "default");
  Value *kept = make<Value>(items.n);
  uint32_t count = 0;
  for (uint32_t i = 0; i < items.n && !failed && step(); ++i) {
    Value x = attr ? path(items.items[i], *attr) : items.items[i];
    if (failed)
      break;
    if (map) {
      if (attr && fallback && x.kind == Kind::Undefined)
        x = *fallback;
      kept[count++] = attr ? x : filter(FilterId(chosen), x, {});
      continue;
    }
    bool holds = a.n > skip ? test(TestId(chosen), x, a.positional + skip + 1, a.n - skip - 1) : truth(x);
    if (holds == keep)
      kept[count++] = items.items[i];
  }
  return failed ? Value() : list(Kind::Generator, kept, count);
}

/// sort, dictsort, unique, min, max, and (COUNT) the plain order of json's sort_keys.
Value Machine::sortFilter(FilterId id, const Value &v, const Arguments &a) {
  bool dictionary = id == FilterId::f_dictsort, plain = id == FilterId::COUNT;
  const Value *cased = argument(a, dictionary ? 0 : id == FilterId::f_sort ? 1 : 0, "case_sensitive");
  const Value *by = argument(a, dictionary ? 1 : id == FilterId::f_sort ? 2 : 1, dictionary ? "by" : "attribute");
  const Value *reverse = id == FilterId::f_sort ? argument(a, 0, "reverse")
                         : dictionary           ? argument(a, 2, "reverse")
                                                : nullptr;
  bool ignore = !plain && !(cased && truth(*cased)), back = reverse && truth(*reverse);
  Value source = v;
  if (dictionary) {
    if (v.kind != Kind::Dict)
      return fail("dictsort wants a mapping, not %s", kindName(v.kind)), Value();
    source = method(v, literal("items"), {});
  }
  ListData items;
  if (failed || !iterate(source, &items))
    return {};
  Value *sorted = make<Value>(items.n), *keys = make<Value>(items.n);
  bool unique = id == FilterId::f_unique;
  uint32_t n = 0;
  for (uint32_t i = 0; i < items.n && !failed; ++i) {
    Value key = items.items[i];
    if (dictionary)
      key = key.list->items[by && isText(*by) && is(*by, "value")];
    else if (by)
      key = path(key, *by);
    if (failed)
      break;
    if (ignore && isText(key))
      key = changeCase(*this, key, Case::Lower);
    uint32_t at = n;
    if (unique) {
      bool seen = false;
      for (uint32_t k = 0; k < n && !seen && !failed; ++k)
        seen = equal(keys[k], key);
      if (seen)
        continue;
    } else
      for (; at > 0 && step(); --at) {
        int order = compare(keys[at - 1], key);
        if (failed || (back ? order >= 0 : order <= 0))
          break;
        keys[at] = keys[at - 1], sorted[at] = sorted[at - 1];
      }
    keys[at] = key, sorted[at] = items.items[i];
    ++n;
  }
  if (failed)
    return {};
  if (id == FilterId::f_min || id == FilterId::f_max)
    return n ? sorted[id == FilterId::f_min ? 0 : n - 1] : Value();
  return list(unique ? Kind::Generator : Kind::List, sorted, n);
}

static Value indentFilter(Machine &m, const Value &v, const Arguments &a) {
  const Value *width = m.argument(a, 0, "width"), *first = m.argument(a, 1, "first"),
              *blank = m.argument(a, 2, "blank");
  Value pad = m.literal("    ");
  if (width && isText(*width))
    pad = *width;
  else if (width)
    pad = m.binary(NodeKind::Multiply, m.literal(" "), *width);
  uint64_t from = m.outSize;
  if (m.failed || v.n == 0)
    return v;
  for (uint32_t i = 0; i < v.n && !m.failed;) {
    const void *end = memchr(v.s + i, '\n', v.n - i);
    uint32_t to = end ? uint32_t(static_cast<const char *>(end) - v.s) : v.n;
    if (i == 0 ? first && truth(*first) : to > i || (blank && truth(*blank)))
      m.write(pad);
    m.write(v.s + i, to - i + (end != nullptr), v.marks ? v.marks + i : nullptr);
    i = to + 1;
  }
  return m.take(from);
}

static Value toNumber(Machine &m, FilterId id, const Value &v, const Arguments &a) {
  const Value *fallback = m.argument(a, 0, "default");
  Value r;
  r.kind = Kind::Float;
  double f = isNumber(v) ? number(v) : 0;
  bool good = isNumber(v);
  char buffer[64];
  if (v.kind == Kind::Undefined)
    return m.fail("an undefined value is no number"), Value();
  if (isText(v)) {
    Value s = strip(v, nullptr, true, true);
    if (s.n && s.n < sizeof(buffer) && strspn(s.s, "") == 0) {
      memcpy(buffer, s.s, s.n);
      buffer[s.n] = 0;
      char *end = nullptr;
      if (id == FilterId::f_int && strspn(buffer, "+-0123456789") == s.n) {
        int64_t i = strtoll(buffer, &end, 10);
        if (!*end && i != INT64_MAX && i != INT64_MIN)
          return integer(i);
      }
      f = strtod(buffer, &end);
      good = end == buffer + s.n && !memchr(buffer, 'x', s.n) && !memchr(buffer, 'X', s.n);
    }
  }
  if (id == FilterId::f_float) {
    r.f = f;
    if (!good)
      r.f = 0;
    return good || !fallback ? r : *fallback;
  }
  if (v.kind == Kind::Int || v.kind == Kind::Bool)
    return integer(v.i);
  if (good && f > -9e18 && f < 9e18)
    return integer(int64_t(f));
  return fallback ? *fallback : integer(0);
}

static Value toJson(Machine &m, const Value &v, const Arguments &a) {
  const Value *ascii = m.argument(a, 0, "ensure_ascii"), *indent = m.argument(a, 1, "indent");
  const Value *separators = m.argument(a, 2, "separators"), *sorted = m.argument(a, 3, "sort_keys");
  int64_t width = indent && indent->kind == Kind::Int ? (indent->i < 0 ? 0 : indent->i) : -1;
  if (indent && indent->kind != Kind::Int && indent->kind != Kind::None)
    return m.fail("tojson's indent is a number of spaces"), Value();
  Value comma = m.literal(width >= 0 ? "," : ", "), colon = m.literal(": ");
  if (separators && separators->kind != Kind::None) {
    if (!isList(*separators) || separators->list->n != 2 || !isText(separators->list->items[0]) ||
        !isText(separators->list->items[1]))
      return m.fail("tojson's separators are two strings"), Value();
    comma = separators->list->items[0], colon = separators->list->items[1];
  }
  uint64_t from = m.outSize;
  m.json(v, width, 0, ascii && truth(*ascii), sorted && truth(*sorted), comma, colon);
  return m.take(from);
}

Value Machine::filter(FilterId id, const Value &v, const Arguments &a) {
  if (++depth > limits.depth)
    return fail("filters are nested too deeply"), Value();
  --depth;
  Value s;
  ListData items;
  switch (id) {
  case FilterId::f_trim: {
    const Value *characters = argument(a, 0, "chars");
    s = text(v);
    step(s.n);
    return failed ? s : strip(s, characters && isText(*characters) ? characters : nullptr, true, true);
  }
  case FilterId::f_length:
  case FilterId::f_count:
    if (v.kind == Kind::String)
      return step(v.n / 8), integer(codePoints(v.s, v.n));
    if (v.kind == Kind::Generator || !iterate(v, &items))
      return fail("%s has no length", kindName(v.kind)), Value();
    return integer(items.n);
  case FilterId::f_join: {
    const Value *by = argument(a, 0, "d"), *attr = argument(a, 1, "attribute");
    Value between = by ? text(*by) : literal("");
    if (failed || !iterate(v, &items))
      return {};
    uint64_t from = outSize;
    for (uint32_t i = 0; i < items.n && !failed; ++i) {
      if (i)
        write(between);
      Value x = attr ? path(items.items[i], *attr) : items.items[i];
      print(x);
    }
    return take(from);
  }
  case FilterId::f_upper:
  case FilterId::f_lower:
  case FilterId::f_capitalize:
  case FilterId::f_title:
    s = text(v);
    return failed ? s
                  : changeCase(*this, s,
                               id == FilterId::f_upper   ? Case::Upper
                               : id == FilterId::f_lower ? Case::Lower
                               : id == FilterId::f_title ? Case::TitleJinja
                                                         : Case::Capitalize);
  case FilterId::f_tojson:
    return toJson(*this, v, a);
  case FilterId::f_default:
  case FilterId::f_d: {
    const Value *other = argument(a, 0, "default_value"), *falsy = argument(a, 1, "boolean");
    if (v.kind == Kind::Undefined || (falsy && truth(*falsy) && !truth(v)))
      return other ? *other : literal("");
    return v;
  }
  case FilterId::f_first:
  case FilterId::f_last:
    if (id == FilterId::f_last && v.kind == Kind::Generator)
      return fail("a generator has no last element"), v;
    if (!iterate(v, &items) || items.n == 0)
      return {};
    return items.items[id == FilterId::f_first ? 0 : items.n - 1];
  case FilterId::f_list:
    return iterate(v, &items) ? list(Kind::List, items.items, items.n) : Value();
  case FilterId::f_map:
  case FilterId::f_select:
  case FilterId::f_reject:
  case FilterId::f_selectattr:
  case FilterId::f_rejectattr:
    return mapFilter(id, v, a);
  case FilterId::f_items:
    if (v.kind == Kind::Undefined)
      return list(Kind::Generator, nullptr, 0);
    if (v.kind != Kind::Dict)
      return fail("items wants a mapping, not %s", kindName(v.kind)), Value();
    s = method(v, literal("items"), {});
    s.kind = failed ? Kind::Undefined : Kind::Generator;
    return s;
  case FilterId::f_dictsort:
  case FilterId::f_unique:
  case FilterId::f_min:
  case FilterId::f_max:
  case FilterId::f_sort:
    return sortFilter(id, v, a);
  case FilterId::f_replace: {
    s = text(v);
    if (a.n < 2 || !isText(a.positional[0]) || !isText(a.positional[1]))
      return fail("replace wants two strings"), Value();
    return failed ? s : stringMethod(s, literal("replace"), a);
  }
  case FilterId::f_string:
    return text(v);
  case FilterId::f_safe:
    return text(v);
  case FilterId::f_int:
  case FilterId::f_float:
    return toNumber(*this, id, v, a);
  case FilterId::f_indent:
    s = text(v);
    return failed ? s : indentFilter(*this, s, a);
  case FilterId::f_reverse: {
    Value by = integer(-1), none;
    none.kind = Kind::None;
    if (v.kind == Kind::String)
      return slice(v, none, none, by);
    if (!iterate(v, &items))
      return {};
    s = slice(list(Kind::List, items.items, items.n), none, none, by);
    s.kind = failed ? Kind::Undefined : Kind::Generator;
    return s;
  }
  case FilterId::f_abs:
    if (!isNumber(v))
      return fail("abs wants a number, not %s", kindName(v.kind)), v;
    return number(v) < 0 ? binary(NodeKind::Subtract, integer(0), v) : v;
  case FilterId::f_sum: {
    const Value *attr = argument(a, 0, "attribute");
    s = integer(0);
    if (!iterate(v, &items))
      return {};
    for (uint32_t i = 0; i < items.n && !failed; ++i)
      s = binary(NodeKind::Add, s, attr ? path(items.items[i], *attr) : items.items[i]);
    return s;
  }
  default:
    return fail("an unknown filter"), Value();
  }
}

} // namespace sinter::chat
