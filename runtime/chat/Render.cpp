// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements: a proved template and its variables become text and spans. Scopes as Jinja2's: `for` and macros have
// their own, `if` has none, a macro sees its own names, the root's and the variables.

#include "runtime/chat/Machine.h"

#include <stdio.h>
#include <stdlib.h>

namespace sinter::chat {

Value Machine::lookup(uint32_t name) {
  auto same = [&](uint32_t i) {
    const BlobString &a = t.strings[bindings[i].name], &b = t.strings[name];
    return bindings[i].name == name ||
           (a.length == b.length && memcmp(t.bytes + a.offset, t.bytes + b.offset, a.length) == 0);
  };
  for (uint32_t i = bindingCount; i > macroBase; --i)
    if (step() && same(i - 1))
      return bindings[i - 1].value;
  for (uint32_t i = macroBase ? rootEnd : 0; i > 0; --i)
    if (step() && same(i - 1))
      return bindings[i - 1].value;
  Value key = templateString(name);
  if (Value *v = find(globals, key))
    return *v;
  Value v = key;
  v.kind = Kind::Undefined;
  static const char *const BUILTINS[] = {"range", "namespace", "dict", "raise_exception", "strftime_now"};
  for (const char *builtin : BUILTINS)
    if (is(key, builtin))
      v.kind = Kind::Builtin;
  return v;
}

void Machine::bind(uint32_t name, const Value &v) {
  const BlobString &b = t.strings[name];
  for (uint32_t i = bindingCount; i > scope && step(); --i) {
    const BlobString &a = t.strings[bindings[i - 1].name];
    if (a.length == b.length && memcmp(t.bytes + a.offset, t.bytes + b.offset, a.length) == 0) {
      bindings[i - 1].value = v;
      return;
    }
  }
  if (bindingCount == bindingCapacity) {
    auto *grown = make<Binding>(bindingCapacity * 2 + 16);
    if (!grown)
      return;
    if (bindingCount)
      memcpy(static_cast<void *>(grown), bindings, bindingCount * sizeof(Binding));
    bindings = grown;
    bindingCapacity = bindingCapacity * 2 + 16;
  }
  bindings[bindingCount].name = name;
  bindings[bindingCount++].value = v;
  if (nesting == 0)
    rootEnd = bindingCount;
}

bool Machine::bindTargets(uint32_t list, const Value &v) {
  const uint32_t *names = t.lists + list;
  if (names[0] == 1) {
    bind(names[1], v);
    return !failed;
  }
  ListData items;
  if (!iterate(v, &items))
    return false;
  if (items.n != names[0]) {
    fail("%u names for %u values", names[0], items.n);
    return false;
  }
  for (uint32_t i = 0; i < items.n; ++i)
    bind(names[1 + i], items.items[i]);
  return !failed;
}

Machine::Flow Machine::execFor(const BlobNode &n) {
  Value source = eval(n.operands[1]);
  ListData items;
  if (failed || !iterate(source, &items))
    return Flow::Next;
  uint32_t saved = bindingCount, savedScope = scope;
  scope = bindingCount;
  ++nesting;
  auto leave = [&] { bindingCount = saved; };
  if (n.operands[2] != NONE) {
    Value *kept = make<Value>(items.n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < items.n && !failed; ++i) {
      if (bindTargets(n.operands[0], items.items[i]) && truth(eval(n.operands[2])))
        kept[count++] = items.items[i];
      leave();
    }
    items = {count, false, kept};
  }
  auto *state = make<LoopData>(1);
  Flow flow = Flow::Next;
  for (uint32_t i = 0; i < items.n && !failed && flow != Flow::Break; ++i) {
    *state = {i, items.n, items.items};
    Value loop;
    loop.kind = Kind::Loop;
    loop.loop = state;
    if (loopName != NONE)
      bind(loopName, loop);
    if (bindTargets(n.operands[0], items.items[i]))
      flow = exec(n.operands[3]);
    leave();
  }
  scope = savedScope;
  if (items.n == 0 && n.operands[4] != NONE && !failed) {
    scope = bindingCount;
    flow = exec(n.operands[4]);
    leave();
    scope = savedScope;
    --nesting;
    return flow;
  }
  --nesting;
  return Flow::Next;
}

Machine::Flow Machine::execNode(const BlobNode &n) {
  const uint32_t *o = n.operands;
  switch (NodeKind(n.kind)) {
  case NodeKind::Text:
    write(templateString(o[0]));
    break;
  case NodeKind::Print: {
    Value v = eval(o[0]);
    if (!failed)
      print(v);
    break;
  }
  case NodeKind::Block:
    for (uint32_t i = 0; i < t.lists[o[0]] && !failed; ++i)
      if (Flow flow = exec(t.lists[o[0] + 1 + i]); flow != Flow::Next)
        return flow;
    break;
  case NodeKind::If:
    if (truth(eval(o[0])))
      return failed ? Flow::Next : exec(o[1]);
    return o[2] == NONE || failed ? Flow::Next : exec(o[2]);
  case NodeKind::For:
    return execFor(n);
  case NodeKind::Set: {
    Value v = eval(o[1]);
    if (!failed)
      bindTargets(o[0], v);
    break;
  }
  case NodeKind::SetAttr: {
    Value space = lookup(o[0]), v = eval(o[2]);
    if (!failed && space.kind != Kind::Namespace)
      fail("only attributes of a namespace can be set, not of %s", kindName(space.kind));
    if (!failed)
      put(space.dict, templateString(o[1]), v);
    break;
  }
  case NodeKind::SetBlock:
  case NodeKind::FilterBlock: {
    bool set = NodeKind(n.kind) == NodeKind::SetBlock;
    uint64_t from = outSize;
    uint32_t saved = bindingCount, savedScope = scope;
    scope = bindingCount;
    ++nesting;
    Flow flow = exec(set ? o[1] : o[0]);
    --nesting;
    bindingCount = saved, scope = savedScope;
    Value v = take(from);
    if (failed || flow != Flow::Next)
      return flow;
    uint32_t filters = set ? o[2] : o[1];
    if (filters != NONE) {
      captured = v;
      v = eval(filters);
    }
    if (failed)
      break;
    if (set)
      bind(o[0], v);
    else
      print(v);
    break;
  }
  case NodeKind::Macro: {
    auto *data = make<MacroData>(1);
    if (!data)
      break;
    data->node = &n;
    Value v;
    v.kind = Kind::Macro;
    v.macro = data;
    bind(o[0], v);
    break;
  }
  case NodeKind::Break:
    return Flow::Break;
  case NodeKind::Continue:
    return Flow::Continue;
  default:
    fail("an expression stands where a statement is wanted");
  }
  return Flow::Next;
}

Machine::Flow Machine::exec(uint32_t index) {
  const BlobNode &n = t.nodes[index];
  if (++depth > limits.depth)
    fail("the template is nested or calls itself too deeply");
  Flow flow = Flow::Next;
  if (step())
    flow = execNode(n);
  if (failed && !placed)
    placed = true, at = n.at;
  --depth;
  return flow;
}

Value Machine::callMacro(const BlobNode &n, const Arguments &a) {
  const uint32_t *params = t.lists + n.operands[1], *defaults = t.lists + n.operands[2];
  if (a.n > params[0])
    return fail("the macro takes at most %u arguments", params[0]), Value();
  uint32_t saved = bindingCount, savedScope = scope, savedBase = macroBase;
  scope = macroBase = bindingCount; // not 0: the macro itself is bound
  ++nesting;
  for (uint32_t i = 0; i < a.namedCount && !failed; ++i) {
    bool found = false;
    for (uint32_t k = 0; k < params[0]; ++k) {
      Value x = templateString(params[1 + k]), y = templateString(a.names[i]);
      found |= x.n == y.n && memcmp(x.s, y.s, x.n) == 0;
    }
    if (!found)
      fail("the macro has no parameter of that name");
  }
  for (uint32_t i = 0; i < params[0] && !failed; ++i) {
    Value name = templateString(params[1 + i]), v = name;
    v.kind = Kind::Undefined;
    bool given = i < a.n;
    if (given)
      v = a.positional[i];
    for (uint32_t k = 0; !given && k < a.namedCount; ++k) {
      Value other = templateString(a.names[k]);
      if (other.n == name.n && memcmp(other.s, name.s, name.n) == 0)
        v = a.named[k], given = true;
    }
    if (!given && defaults[1 + i] != NONE)
      v = eval(defaults[1 + i]);
    bind(params[1 + i], v);
  }
  uint64_t from = outSize;
  if (!failed)
    exec(n.operands[3]);
  --nesting;
  bindingCount = saved, scope = savedScope, macroBase = savedBase;
  return take(from);
}

void release(Rendered *rendered) {
  free(rendered->text);
  free(rendered->spans);
  *rendered = {};
}

static bool cutSpans(Machine &m, Rendered *out) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < m.outSize; ++i)
    count += i == 0 || m.outMarks[i] != m.outMarks[i - 1];
  auto *spans = static_cast<Span *>(malloc((count + 1) * sizeof(Span)));
  if (!spans || !m.write("", 1, nullptr)) {
    free(spans);
    m.fail("out of memory");
    return false;
  }
  --m.outSize;
  count = 0;
  for (uint64_t i = 0; i < m.outSize; ++i)
    if (i == 0 || m.outMarks[i] != m.outMarks[i - 1])
      spans[count++] = {i, m.outMarks[i] != 0};
  *out = {m.out, m.outSize, spans, count};
  m.out = nullptr;
  return true;
}

bool render(const Template &source, const char *json, size_t jsonSize, const Time *now, const Limits &limits,
            Rendered *out, RenderError *error) {
  *out = {};
  *error = {};
  Machine m{source, limits, now};
  for (uint32_t i = 0; i < source.header->strings.count; ++i)
    if (is(m.templateString(i), "loop"))
      m.loopName = i;
  bool input = m.parseInput(json, jsonSize);
  if (input) {
    m.exec(source.header->root);
    if (!m.failed)
      cutSpans(m, out);
  }
  if (m.failed && input) {
    error->line = m.at >> 12, error->column = m.at & 4095;
    snprintf(error->message, sizeof(error->message), "line %u, column %u: %s", error->line, error->column, m.message);
  } else if (m.failed) {
    snprintf(error->message, sizeof(error->message), "%s", m.message);
  }
  free(m.out);
  free(m.outMarks);
  m.freeAll();
  return !m.failed;
}

} // namespace sinter::chat
