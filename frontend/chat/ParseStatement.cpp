// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements of a template: text, {{ }}, if, for, set, macro, filter, break, continue, generation.

#include "frontend/chat/Parser.h"

namespace sinter::chat {

uint32_t Parser::program() { return body({}); }

uint32_t Parser::body(Ends ends) {
  uint32_t from = peek().offset;
  std::vector<uint32_t> parts;
  if (!enter(from))
    return 0;
  while (!bad()) {
    const Token &t = peek();
    if (t.kind == TokenKind::End) {
      if (ends.size())
        fail(t.offset, "the template ends before `{% " + std::string(*(ends.end() - 1)) + " %}`");
      break;
    }
    if (t.kind == TokenKind::Data) {
      parts.push_back(node(NodeKind::Text, t.offset, {string(t.text)}));
      take();
    } else if (t.kind == TokenKind::VariableBegin) {
      take();
      uint32_t value = tuple(true);
      if (!bad() && peek().kind != TokenKind::VariableEnd)
        fail(peek().offset, "expected `}}`, found " + describe());
      take();
      parts.push_back(node(NodeKind::Print, t.offset, {value}));
    } else {
      const Token &word = peek(1);
      bool done = false;
      for (std::string_view end : ends)
        done |= word.kind == TokenKind::Name && word.text == end;
      if (done)
        break;
      parts.push_back(statement());
    }
  }
  --nesting;
  return node(NodeKind::Block, from, {list(parts)});
}

uint32_t Parser::statement() {
  uint32_t at = take().offset;
  const Token &word = peek();
  if (word.kind != TokenKind::Name)
    return fail(word.offset, "expected a statement's name, found " + describe());
  std::string name = word.text;
  take();
  if (name == "if")
    return ifStatement(at);
  if (name == "for")
    return forStatement(at);
  if (name == "set")
    return setStatement(at);
  if (name == "macro")
    return macroStatement(at);
  if (name == "break" || name == "continue") {
    if (!loops)
      return fail(at, "`" + name + "` stands in no loop");
    expectBlockEnd();
    return node(name == "break" ? NodeKind::Break : NodeKind::Continue, at, {});
  }
  if (name == "generation") {
    expectBlockEnd();
    uint32_t inner = body({"endgeneration"});
    take(), take();
    expectBlockEnd();
    return inner;
  }
  if (name == "filter") {
    uint32_t captured = node(NodeKind::Captured, at, {});
    uint32_t chain = filtersAndTests(filter(captured), true);
    expectBlockEnd();
    bool outer = scoped;
    unsigned outerLoops = loops;
    scoped = true, loops = 0;
    uint32_t inner = body({"endfilter"});
    scoped = outer, loops = outerLoops;
    take(), take();
    expectBlockEnd();
    return node(NodeKind::FilterBlock, at, {inner, chain});
  }
  return fail(word.offset, "statement `" + name.substr(0, 40) + "` is not supported in chat templates");
}

uint32_t Parser::ifStatement(uint32_t at) {
  struct Arm {
    uint32_t at, condition, then;
  };
  std::vector<Arm> arms;
  uint32_t otherwise = NONE;
  for (;;) {
    uint32_t condition = tuple(false);
    expectBlockEnd();
    arms.push_back({at, condition, body({"elif", "else", "endif"})});
    if (bad())
      return 0;
    at = take().offset;
    std::string word = take().text;
    if (word == "elif")
      continue;
    expectBlockEnd();
    if (word == "else") {
      otherwise = body({"endif"});
      take(), take();
      expectBlockEnd();
    }
    break;
  }
  for (size_t i = arms.size(); i-- > 0;)
    otherwise = node(NodeKind::If, arms[i].at, {arms[i].condition, arms[i].then, otherwise});
  return otherwise;
}

bool Parser::targets(std::vector<uint32_t> &names) {
  bool paren = accept("(");
  do {
    const Token &t = peek();
    if (!names.empty() && (isOp("=") || isName("in") || isOp(")")))
      break;
    static const std::string_view RESERVED[] = {"true", "false", "none", "True", "False", "None", "loop",
                                                "and",  "or",    "not",  "in",   "is",    "if",   "else"};
    bool reserved = t.kind != TokenKind::Name;
    for (std::string_view word : RESERVED)
      reserved |= t.text == word;
    if (reserved)
      return fail(t.offset, "expected a name to set, found " + describe()), false;
    names.push_back(string(t.text));
    take();
  } while (accept(","));
  return !paren || expect(")");
}

uint32_t Parser::forStatement(uint32_t at) {
  std::vector<uint32_t> names;
  if (!targets(names))
    return 0;
  if (!acceptName("in"))
    return fail(peek().offset, "expected `in`, found " + describe());
  uint32_t iterable = tuple(false), condition = NONE, otherwise = NONE;
  if (acceptName("if"))
    condition = expression();
  if (isName("recursive"))
    return fail(peek().offset, "`recursive` loops are not supported");
  expectBlockEnd();
  bool outer = scoped;
  scoped = true;
  ++loops;
  uint32_t inner = body({"else", "endfor"});
  --loops;
  take();
  if (take().text == "else" && !bad()) {
    expectBlockEnd();
    otherwise = body({"endfor"});
    take(), take();
  }
  scoped = outer;
  expectBlockEnd();
  return node(NodeKind::For, at, {list(names), iterable, condition, inner, otherwise});
}

uint32_t Parser::setStatement(uint32_t at) {
  if (peek(1).kind == TokenKind::Operator && peek(1).text == "." && peek().kind == TokenKind::Name) {
    uint32_t space = string(take().text);
    take();
    const Token &attr = peek();
    if (attr.kind != TokenKind::Name || attr.text[0] == '_')
      return fail(attr.offset, "a namespace has no attribute of this name");
    uint32_t name = string(take().text);
    if (!expect("="))
      return 0;
    uint32_t value = tuple(true);
    expectBlockEnd();
    return node(NodeKind::SetAttr, at, {space, name, value});
  }
  std::vector<uint32_t> names;
  if (!targets(names))
    return 0;
  if (accept("=")) {
    uint32_t value = tuple(true);
    expectBlockEnd();
    return node(NodeKind::Set, at, {list(names), value});
  }
  uint32_t chain = NONE;
  if (isOp("|"))
    chain = filtersAndTests(node(NodeKind::Captured, at, {}), true);
  if (names.size() != 1)
    return fail(at, "a block can set one name only");
  expectBlockEnd();
  bool outer = scoped;
  unsigned outerLoops = loops;
  scoped = true, loops = 0;
  uint32_t inner = body({"endset"});
  scoped = outer, loops = outerLoops;
  take(), take();
  expectBlockEnd();
  return node(NodeKind::SetBlock, at, {names[0], inner, chain});
}

uint32_t Parser::macroStatement(uint32_t at) {
  if (scoped)
    return fail(at, "a macro inside of a loop, a macro or a captured block is not supported");
  if (peek().kind != TokenKind::Name)
    return fail(peek().offset, "expected the macro's name, found " + describe());
  uint32_t name = string(take().text);
  std::vector<uint32_t> params, defaults;
  expect("(");
  while (!bad() && !isOp(")")) {
    if (peek().kind != TokenKind::Name)
      return fail(peek().offset, "expected a parameter, found " + describe());
    params.push_back(string(take().text));
    defaults.push_back(accept("=") ? expression() : NONE);
    if (!isOp(")") && !expect(","))
      return 0;
  }
  expect(")");
  expectBlockEnd();
  unsigned outerLoops = loops;
  scoped = true, loops = 0;
  uint32_t inner = body({"endmacro"});
  scoped = false, loops = outerLoops;
  take(), take();
  expectBlockEnd();
  return node(NodeKind::Macro, at, {name, list(params), list(defaults), inner});
}

} // namespace sinter::chat
