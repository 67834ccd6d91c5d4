// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions, with Jinja2's own order of binding.

#include "frontend/chat/Parser.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace sinter::chat {
namespace {
constexpr const char *FILTERS[] = {
#define X(name) #name,
    SINTER_CHAT_FILTERS(X)
#undef X
};
constexpr const char *TESTS[] = {
#define X(name) #name,
    SINTER_CHAT_TESTS(X)
#undef X
};
template <size_t N> uint32_t idOf(const char *const (&names)[N], std::string_view name) {
  for (uint32_t i = 0; i < N; ++i)
    if (name == names[i])
      return i;
  return NONE;
}
} // namespace

uint32_t Parser::tuple(bool conditional) {
  uint32_t at = peek().offset;
  uint32_t first = expression(conditional);
  if (!isOp(","))
    return first;
  std::vector<uint32_t> parts{first};
  while (!bad() && accept(",")) {
    if (isOp(")") || peek().kind == TokenKind::BlockEnd || peek().kind == TokenKind::VariableEnd)
      break;
    parts.push_back(expression(conditional));
  }
  return node(NodeKind::Tuple, at, {list(parts)});
}

uint32_t Parser::expression(bool conditional) {
  uint32_t at = peek().offset;
  if (!enter(at))
    return 0;
  uint32_t value = orExpression();
  while (conditional && !bad() && acceptName("if")) {
    uint32_t condition = orExpression(), otherwise = NONE;
    if (acceptName("else"))
      otherwise = expression();
    value = node(NodeKind::Conditional, at, {condition, value, otherwise});
  }
  --nesting;
  return value;
}
uint32_t Parser::orExpression() {
  uint32_t at = peek().offset, left = andExpression();
  while (!bad() && acceptName("or")) {
    uint32_t right = andExpression();
    left = node(NodeKind::Or, at, {left, right});
  }
  return left;
}
uint32_t Parser::andExpression() {
  uint32_t at = peek().offset, left = notExpression();
  while (!bad() && acceptName("and")) {
    uint32_t right = notExpression();
    left = node(NodeKind::And, at, {left, right});
  }
  return left;
}
uint32_t Parser::notExpression() {
  uint32_t at = peek().offset;
  if (!isName("not"))
    return comparison();
  take();
  if (!enter(at))
    return 0;
  uint32_t inner = notExpression();
  --nesting;
  return node(NodeKind::Not, at, {inner});
}
uint32_t Parser::comparison() {
  static const std::string_view SIGNS[] = {"==", "!=", "<", "<=", ">", ">="};
  uint32_t at = peek().offset, left = chain(0);
  std::vector<uint32_t> parts;
  while (!bad()) {
    uint32_t sign = NONE;
    for (uint32_t i = 0; i < 6; ++i)
      if (isOp(SIGNS[i]))
        sign = i;
    if (isName("in"))
      sign = uint32_t(Comparison::In);
    if (isName("not") && peek(1).kind == TokenKind::Name && peek(1).text == "in")
      take(), sign = uint32_t(Comparison::NotIn);
    if (sign == NONE)
      break;
    take();
    parts.push_back(sign);
    parts.push_back(chain(0));
  }
  if (parts.empty() || bad())
    return left;
  return node(NodeKind::Compare, at, {left, list(parts)});
}

/// Level 0: + -; 1: ~; 2: * / // %; 3: **.
uint32_t Parser::chain(unsigned level) {
  static const struct {
    unsigned level;
    std::string_view sign;
    NodeKind kind;
  } SIGNS[] = {{0, "+", NodeKind::Add},    {0, "-", NodeKind::Subtract},     {2, "*", NodeKind::Multiply},
               {2, "/", NodeKind::Divide}, {2, "//", NodeKind::FloorDivide}, {2, "%", NodeKind::Modulo},
               {3, "**", NodeKind::Power}};
  uint32_t at = peek().offset, left = level == 3 ? unary() : chain(level + 1);
  if (level == 1 && isOp("~")) {
    std::vector<uint32_t> parts{left};
    while (!bad() && accept("~"))
      parts.push_back(chain(2));
    return node(NodeKind::Concat, at, {list(parts)});
  }
  while (!bad()) {
    NodeKind kind = NodeKind::COUNT;
    for (auto &sign : SIGNS)
      if (sign.level == level && isOp(sign.sign))
        kind = sign.kind;
    if (kind == NodeKind::COUNT)
      break;
    take();
    uint32_t right = level == 3 ? unary() : chain(level + 1);
    left = node(kind, at, {left, right});
  }
  return left;
}
uint32_t Parser::unary(bool filters) {
  uint32_t at = peek().offset, value;
  if (isOp("-") || isOp("+")) {
    NodeKind kind = isOp("-") ? NodeKind::Negative : NodeKind::Positive;
    take();
    if (!enter(at))
      return 0;
    value = unary(false);
    --nesting;
    value = node(kind, at, {value});
  } else {
    value = primary();
    value = bad() ? 0 : postfix(value);
  }
  return filters && !bad() ? filtersAndTests(value) : value;
}

uint32_t Parser::primary() {
  const Token &t = peek();
  uint32_t at = t.offset;
  if (t.kind == TokenKind::Name) {
    static const std::string_view CONSTANTS[] = {"none", "false", "true", "None", "False", "True"};
    for (uint32_t i = 0; i < 6; ++i)
      if (t.text == CONSTANTS[i])
        return take(), node(NodeKind::Constant, at, {i % 3});
    if (t.text == "self" || t.text == "super" || t.text == "caller" || t.text == "varargs" || t.text == "kwargs" ||
        t.text.substr(0, 2) == "__")
      return fail(at, "name `" + t.text.substr(0, 40) + "` is not supported in chat templates");
    return node(NodeKind::Name, at, {string(take().text)});
  }
  if (t.kind == TokenKind::String) {
    std::string text;
    while (peek().kind == TokenKind::String)
      text += take().text;
    return node(NodeKind::String, at, {string(text)});
  }
  if (t.kind == TokenKind::Int || t.kind == TokenKind::Float) {
    bool real = t.kind == TokenKind::Float;
    errno = 0;
    double f = std::strtod(t.text.c_str(), nullptr);
    uint64_t bits = uint64_t(std::strtoll(t.text.c_str(), nullptr, 10));
    if (!real && errno)
      return fail(at, "an integer of more than 64 bits");
    if (real)
      std::memcpy(&bits, &f, 8);
    take();
    return node(real ? NodeKind::Float : NodeKind::Int, at, {uint32_t(bits), uint32_t(bits >> 32)});
  }
  if (accept("(")) {
    if (accept(")"))
      return node(NodeKind::Tuple, at, {list({})});
    uint32_t inner = tuple(true);
    expect(")");
    return inner;
  }
  if (accept("[")) {
    std::vector<uint32_t> parts;
    while (!bad() && !isOp("]")) {
      parts.push_back(expression());
      if (!isOp("]") && !expect(","))
        return 0;
    }
    expect("]");
    return node(NodeKind::List, at, {list(parts)});
  }
  if (accept("{"))
    return dict(at);
  return fail(at, "expected an expression, found " + describe());
}

uint32_t Parser::dict(uint32_t at) {
  std::vector<uint32_t> parts;
  while (!bad() && !isOp("}")) {
    parts.push_back(expression());
    if (!expect(":"))
      return 0;
    parts.push_back(expression());
    if (!isOp("}") && !expect(","))
      return 0;
  }
  expect("}");
  return node(NodeKind::Dict, at, {list(parts)});
}

uint32_t Parser::postfix(uint32_t value) {
  while (!bad()) {
    uint32_t at = peek().offset;
    if (accept(".")) {
      const Token &t = peek();
      if (t.kind == TokenKind::Int) {
        uint32_t key = primary();
        value = node(NodeKind::Item, at, {value, key});
        continue;
      }
      if (t.kind != TokenKind::Name)
        return fail(t.offset, "expected an attribute's name, found " + describe());
      if (t.text[0] == '_')
        return fail(t.offset, "access to attribute `" + t.text.substr(0, 40) + "` is unsafe");
      value = node(NodeKind::Attr, at, {value, string(take().text)});
    } else if (accept("[")) {
      value = subscript(value);
    } else if (isOp("(")) {
      std::vector<uint32_t> positional, named;
      if (!callArguments(positional, named))
        return 0;
      value = node(NodeKind::Call, at, {value, list(positional), list(named)});
    } else
      break;
  }
  return value;
}

uint32_t Parser::subscript(uint32_t value) {
  uint32_t at = peek().offset, parts[3] = {NONE, NONE, NONE};
  if (peek().kind == TokenKind::String && peek().text.substr(0, 2) == "__" && peek(1).kind == TokenKind::Operator &&
      peek(1).text == "]")
    return fail(at, "access to attribute `" + peek().text.substr(0, 40) + "` is unsafe");
  unsigned colons = 0;
  while (!bad() && !isOp("]")) {
    if (accept(":")) {
      if (++colons > 2)
        return fail(at, "a slice has at most three parts");
      continue;
    }
    if (parts[colons] != NONE)
      return fail(peek().offset, "expected `]`, found " + describe());
    parts[colons] = expression();
  }
  expect("]");
  if (colons)
    return node(NodeKind::Slice, at, {value, parts[0], parts[1], parts[2]});
  if (parts[0] == NONE)
    return fail(at, "a subscript is missing");
  return node(NodeKind::Item, at, {value, parts[0]});
}

bool Parser::callArguments(std::vector<uint32_t> &positional, std::vector<uint32_t> &named) {
  expect("(");
  while (!bad() && !isOp(")")) {
    if (isOp("*") || isOp("**"))
      return fail(peek().offset, "`*` and `**` arguments are not supported"), false;
    if (peek().kind == TokenKind::Name && peek(1).kind == TokenKind::Operator && peek(1).text == "=") {
      if (peek().text[0] == '_')
        return fail(peek().offset, "a name that begins with `_` is unsafe"), false;
      named.push_back(string(take().text));
      take();
      named.push_back(expression());
    } else if (!named.empty())
      return fail(peek().offset, "an argument without a name follows one with a name"), false;
    else
      positional.push_back(expression());
    if (!isOp(")") && !expect(","))
      return false;
  }
  return expect(")");
}

uint32_t Parser::filtersAndTests(uint32_t value, bool filtersOnly) {
  while (!bad()) {
    if (accept("|"))
      value = filter(value);
    else if (!filtersOnly && acceptName("is"))
      value = test(value);
    else if (!filtersOnly && isOp("("))
      value = postfix(value);
    else
      break;
  }
  return value;
}
uint32_t Parser::filter(uint32_t value) {
  const Token &t = peek();
  if (t.kind != TokenKind::Name)
    return fail(t.offset, "expected a filter's name, found " + describe());
  uint32_t id = idOf(FILTERS, t.text), at = t.offset;
  if (id == NONE)
    return fail(at, "filter `" + t.text.substr(0, 40) + "` is not supported");
  take();
  std::vector<uint32_t> positional, named;
  if (isOp("(") && !callArguments(positional, named))
    return 0;
  return node(NodeKind::Filter, at, {value, id, list(positional), list(named)});
}
uint32_t Parser::test(uint32_t value) {
  bool negated = acceptName("not");
  const Token &t = peek();
  if (t.kind != TokenKind::Name)
    return fail(t.offset, "expected a test's name, found " + describe());
  uint32_t id = idOf(TESTS, t.text), at = t.offset;
  if (id == NONE)
    return fail(at, "test `" + t.text.substr(0, 40) + "` is not supported");
  take();
  std::vector<uint32_t> positional, named;
  const Token &n = peek();
  bool value0 = n.kind == TokenKind::String || n.kind == TokenKind::Int || n.kind == TokenKind::Float || isOp("[") ||
                isOp("{") ||
                (n.kind == TokenKind::Name && n.text != "else" && n.text != "or" && n.text != "and" && n.text != "is" &&
                 n.text != "if" && n.text != "not" && n.text != "in");
  if (isOp("(")) {
    if (!callArguments(positional, named))
      return 0;
  } else if (value0) {
    uint32_t argument = primary();
    positional.push_back(bad() ? 0 : postfix(argument));
  }
  bool wants = id >= uint32_t(TestId::t_divisibleby) && id <= uint32_t(TestId::t_ge);
  if (!bad() && (positional.size() != (wants ? 1u : 0u) || !named.empty()))
    return fail(at, "test `" + t.text + "` wants " + (wants ? "one argument" : "no argument"));
  value = node(NodeKind::Test, at, {value, id, list(positional)});
  return negated ? node(NodeKind::Not, at, {value}) : value;
}

} // namespace sinter::chat
