// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be called: macros, the functions that transformers gives to templates, methods of strings and mappings.

#include "runtime/chat/Machine.h"

#include <stdio.h>

namespace sinter::chat {

const Value *Machine::argument(const Arguments &a, uint32_t position, const char *name) {
  if (position < a.n)
    return &a.positional[position];
  for (uint32_t i = 0; i < a.namedCount; ++i)
    if (is(templateString(a.names[i]), name))
      return &a.named[i];
  return nullptr;
}

Value Machine::strftime(const Value &format) {
  static const char *const DAYS[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
  if (!now)
    return fail("strftime_now: the caller gave no time"), Value();
  if (now->month < 1 || now->month > 12 || now->day < 1 || now->day > 31)
    return fail("strftime_now: the caller's time is no date"), Value();
  int y = now->year - (now->month < 3), m = now->month;
  static const int OFFSET[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4},
                   BEFORE[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int day = ((y + y / 4 - y / 100 + y / 400 + OFFSET[m - 1] + now->day) % 7 + 7) % 7;
  bool leap = (now->year % 4 == 0 && now->year % 100 != 0) || now->year % 400 == 0;
  int yearDay = BEFORE[m - 1] + now->day + (leap && m > 2), hour12 = (now->hour + 11) % 12 + 1;
  uint64_t from = outSize;
  for (uint32_t i = 0; i < format.n && step(); ++i) {
    char c = format.s[i], buffer[32] = {};
    if (c != '%' || i + 1 == format.n) {
      write(&c, 1, nullptr);
      continue;
    }
    c = format.s[++i];
    bool bare = c == '-' && i + 1 < format.n;
    if (bare)
      c = format.s[++i];
    const char *two = bare ? "%d" : "%02d";
    auto put = [&](const char *f, int value) { snprintf(buffer, sizeof(buffer), f, value); };
    switch (c) {
    case 'd':
      put(two, now->day);
      break;
    case 'e':
      put("%2d", now->day);
      break;
    case 'm':
      put(two, m);
      break;
    case 'y':
      put(two, (now->year % 100 + 100) % 100);
      break;
    case 'Y':
      put("%d", now->year);
      break;
    case 'H':
      put(two, now->hour);
      break;
    case 'I':
      put(two, hour12);
      break;
    case 'M':
      put(two, now->minute);
      break;
    case 'S':
      put(two, now->second);
      break;
    case 'j':
      put(bare ? "%d" : "%03d", yearDay);
      break;
    case 'p':
      write(now->hour < 12 ? "AM" : "PM");
      break;
    case 'A':
      write(DAYS[day]);
      break;
    case 'a':
      write(DAYS[day], 3, nullptr);
      break;
    case 'B':
      write(MONTHS[m - 1]);
      break;
    case 'b':
      write(MONTHS[m - 1], 3, nullptr);
      break;
    case 'F':
      snprintf(buffer, sizeof(buffer), "%d-%02d-%02d", now->year, m, now->day);
      break;
    case 'T':
      snprintf(buffer, sizeof(buffer), "%02d:%02d:%02d", now->hour, now->minute, now->second);
      break;
    case '%':
      write("%");
      break;
    default:
      return fail("strftime_now: `%%%c` is not supported", c >= 32 && c < 127 ? c : '?'), Value();
    }
    write(buffer);
  }
  return take(from);
}

Value Machine::callBuiltin(const Value &name, const Arguments &a) {
  Value v;
  if (is(name, "raise_exception")) {
    const Value *message = argument(a, 0, "message");
    Value words = message ? text(*message) : literal("");
    if (!failed)
      fail("the template says: %.*s", int(words.n < 200 ? words.n : 200), words.s);
    return v;
  }
  if (is(name, "strftime_now")) {
    const Value *format = argument(a, 0, "format");
    if (!format || !isText(*format))
      return fail("strftime_now wants a format"), v;
    return strftime(*format);
  }
  if (is(name, "range")) {
    int64_t from = 0, to = 0, by = 1;
    for (uint32_t i = 0; i < a.n; ++i)
      if (a.positional[i].kind != Kind::Int && a.positional[i].kind != Kind::Bool)
        return fail("range wants integers, not %s", kindName(a.positional[i].kind)), v;
    if (a.n < 1 || a.n > 3 || a.namedCount)
      return fail("range wants one to three integers"), v;
    (a.n == 1 ? to : from) = a.positional[0].i;
    to = a.n > 1 ? a.positional[1].i : to;
    by = a.n > 2 ? a.positional[2].i : 1;
    if (by == 0)
      return fail("range's step cannot be 0"), v;
    // Differences of 64-bit integers as unsigned ones: exact, and without 128 bits, which executables cannot divide.
    bool any = by > 0 ? from < to : from > to;
    uint64_t span = by > 0 ? uint64_t(to) - uint64_t(from) : uint64_t(from) - uint64_t(to);
    uint64_t stride = by > 0 ? uint64_t(by) : uint64_t(0) - uint64_t(by), n = any ? (span - 1) / stride + 1 : 0;
    if (n > 100000)
      return fail("range is too big: at most 100000 elements"), v;
    Value *items = make<Value>(uint64_t(n));
    for (int64_t i = 0; i < int64_t(n) && step(); ++i)
      items[i] = integer(from + i * by);
    return failed ? v : list(Kind::List, items, uint32_t(n));
  }
  v.kind = is(name, "dict") ? Kind::Dict : Kind::Namespace;
  v.dict = newDict();
  if (a.n > 1 || (a.n == 1 && a.positional[0].kind != Kind::Dict))
    return fail("only one mapping and names can begin it"), v;
  for (uint32_t i = 0; a.n && !failed && i < a.positional[0].dict->n; ++i)
    put(v.dict, a.positional[0].dict->keys[i], a.positional[0].dict->values[i]);
  for (uint32_t i = 0; !failed && i < a.namedCount; ++i)
    put(v.dict, templateString(a.names[i]), a.named[i]);
  return v;
}

Value Machine::call(const Value &callee, const Arguments &a) {
  switch (callee.kind) {
  case Kind::Macro:
    return callMacro(*callee.macro->node, a);
  case Kind::Builtin:
    return callBuiltin(callee, a);
  case Kind::Method:
    return method(callee.method->self, callee.method->name, a);
  case Kind::Undefined:
    return fail("'%.*s' is undefined and cannot be called", int(callee.n < 60 ? callee.n : 60),
                callee.n ? callee.s : ""),
           Value();
  default:
    return fail("%s cannot be called", kindName(callee.kind)), Value();
  }
}

Value Machine::method(const Value &self, const Value &name, const Arguments &a) {
  if (self.kind == Kind::String)
    return stringMethod(self, name, a);
  if (self.kind == Kind::Dict && a.namedCount == 0) {
    DictData *d = self.dict;
    if (is(name, "get") && (a.n == 1 || a.n == 2)) {
      Value none, *found = find(d, a.positional[0]);
      none.kind = Kind::None;
      return found ? *found : a.n == 2 ? a.positional[1] : none;
    }
    if (a.n == 0 && is(name, "keys"))
      return list(Kind::View, d->keys, d->n);
    if (a.n == 0 && is(name, "values"))
      return list(Kind::View, d->values, d->n);
    if (a.n == 0 && is(name, "items")) {
      Value *pairs = make<Value>(d->n);
      for (uint32_t i = 0; i < d->n && !failed; ++i) {
        Value pair[2] = {d->keys[i], d->values[i]};
        pairs[i] = list(Kind::Tuple, pair, 2);
      }
      return failed ? Value() : list(Kind::View, pairs, d->n);
    }
  }
  return fail("method '%.*s' of %s is not supported with these arguments", int(name.n < 60 ? name.n : 60), name.s,
              kindName(self.kind)),
         Value();
}

static Value split(Machine &m, const Value &v, const Value *by, int64_t most, bool right) {
  Value *parts = nullptr;
  uint32_t n = 0, capacity = 0;
  auto add = [&](uint32_t from, uint32_t to) {
    if (n == capacity) {
      Value *grown = m.make<Value>(capacity = capacity * 2 + 8);
      if (!grown)
        return;
      if (n)
        memcpy(static_cast<void *>(grown), parts, n * sizeof(Value));
      parts = grown;
    }
    parts[n++] = Machine::bytesValue(v.s + from, to - from, v.marks ? v.marks + from : nullptr);
  };
  if (by && by->n == 0)
    return m.fail("split wants a separator that is not empty"), Value();
  if (by && right && most >= 0) {
    uint32_t end = v.n;
    for (uint32_t i = v.n; most > 0 && i >= by->n && m.step();) {
      if (memcmp(v.s + i - by->n, by->s, by->n) == 0) {
        add(i, end);
        end = i = i - by->n;
        --most;
      } else
        --i;
    }
    if (!m.failed)
      add(0, end);
    for (uint32_t i = 0; i < n / 2 && !m.failed; ++i) {
      Value swap = parts[i];
      parts[i] = parts[n - 1 - i], parts[n - 1 - i] = swap;
    }
  } else if (by) {
    uint32_t from = 0;
    for (int64_t hit; !m.failed && most != 0 && (hit = findText(m, v, *by, from)) >= 0; --most) {
      add(from, uint32_t(hit));
      from = uint32_t(hit) + by->n;
    }
    if (!m.failed)
      add(from, v.n);
  } else if (right && most >= 0) {
    return m.fail("rsplit by white space with a limit is not supported"), Value();
  } else {
    uint32_t used;
    for (uint32_t i = 0; i < v.n && m.step();) {
      if (isSpace(decode(v.s + i, v.n - i, &used))) {
        i += used;
        continue;
      }
      uint32_t from = i;
      if (most-- == 0) {
        Value rest = strip(Machine::bytesValue(v.s + from, v.n - from, nullptr), nullptr, false, false);
        add(from, from + rest.n);
        break;
      }
      for (; i < v.n && !isSpace(decode(v.s + i, v.n - i, &used)); i += used)
        ;
      add(from, i);
    }
  }
  return m.failed ? Value() : m.list(Kind::List, parts, n);
}

static Value replace(Machine &m, const Value &v, const Value &from, const Value &to, int64_t most) {
  uint64_t start = m.outSize;
  uint32_t at = 0, used;
  for (; most != 0 && !m.failed; --most) {
    int64_t hit = from.n ? findText(m, v, from, at) : at;
    if (hit < 0)
      break;
    m.write(v.s + at, uint64_t(hit) - at, v.marks ? v.marks + at : nullptr);
    m.write(to);
    at = uint32_t(hit) + from.n;
    if (from.n == 0) {
      if (at >= v.n)
        break;
      decode(v.s + at, v.n - at, &used);
      m.write(v.s + at, used, v.marks ? v.marks + at : nullptr);
      at += used;
    }
  }
  m.write(v.s + at, v.n - at, v.marks ? v.marks + at : nullptr);
  return m.take(start);
}

Value Machine::stringMethod(const Value &self, const Value &name, const Arguments &a) {
  const Value *x = a.n > 0 ? &a.positional[0] : nullptr, *y = a.n > 1 ? &a.positional[1] : nullptr;
  bool strips = is(name, "strip") || is(name, "lstrip") || is(name, "rstrip");
  if (strips && a.n < 2 && a.namedCount == 0 && (!x || isText(*x) || x->kind == Kind::None)) {
    step(self.n);
    return strip(self, x && isText(*x) ? x : nullptr, name.s[0] != 'r', name.s[0] != 'l');
  }
  if (is(name, "split") || is(name, "rsplit")) {
    x = argument(a, 0, "sep"), y = argument(a, 1, "maxsplit");
    if ((!x || isText(*x) || x->kind == Kind::None) && (!y || y->kind == Kind::Int))
      return split(*this, self, x && isText(*x) ? x : nullptr, y && y->i >= 0 ? y->i : -1, name.s[0] == 'r');
  }
  if ((is(name, "startswith") || is(name, "endswith")) && a.n == 1) {
    ListData one{1, false, const_cast<Value *>(x)};
    if (x->kind == Kind::Tuple)
      one = *x->list;
    bool any = false;
    for (uint32_t i = 0; i < one.n; ++i) {
      const Value &p = one.items[i];
      if (!isText(p))
        return fail("%.*s wants a string, not %s", int(name.n), name.s, kindName(p.kind)), Value();
      any |= p.n <= self.n && memcmp(name.s[0] == 's' ? self.s : self.s + self.n - p.n, p.s, p.n) == 0;
    }
    return boolean(any);
  }
  if (is(name, "replace") && (a.n == 2 || a.n == 3) && isText(*x) && isText(*y) &&
      (a.n == 2 || a.positional[2].kind == Kind::Int))
    return replace(*this, self, *x, *y, a.n == 3 && a.positional[2].i >= 0 ? a.positional[2].i : -1);
  if (a.n == 0 && is(name, "upper"))
    return changeCase(*this, self, Case::Upper);
  if (a.n == 0 && is(name, "lower"))
    return changeCase(*this, self, Case::Lower);
  if (a.n == 0 && is(name, "title"))
    return changeCase(*this, self, Case::TitlePython);
  if (a.n == 0 && is(name, "capitalize"))
    return changeCase(*this, self, Case::Capitalize);
  if (is(name, "find") && a.n == 1 && isText(*x)) {
    int64_t hit = findText(*this, self, *x, 0);
    return integer(hit < 0 ? -1 : codePoints(self.s, uint32_t(hit)));
  }
  if (is(name, "count") && a.n == 1 && isText(*x) && x->n) {
    int64_t count = 0, at = 0;
    for (int64_t hit; (hit = findText(*this, self, *x, uint64_t(at))) >= 0; at = hit + x->n)
      ++count;
    return integer(count);
  }
  if (is(name, "join") && a.n == 1) {
    ListData items;
    if (!iterate(*x, &items))
      return {};
    uint64_t from = outSize;
    for (uint32_t i = 0; i < items.n && !failed; ++i) {
      if (!isText(items.items[i]))
        return fail("join wants strings, not %s", kindName(items.items[i].kind)), Value();
      if (i)
        write(self);
      write(items.items[i]);
    }
    return take(from);
  }
  return fail("method '%.*s' of a string is not supported with these arguments", int(name.n < 60 ? name.n : 60),
              name.s),
         Value();
}

} // namespace sinter::chat
