// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expressions and types of the grammar. Binary operators climb by precedence; heights of trees are
// bounded so that later walks may recurse.
#include "frontend/syntax/ParserImpl.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace sinter::frontend {

namespace {

struct Operator {
  TokenKind token;
  BinaryOp op;
  unsigned level;
};

/// Levels: 1 or, 2 and, (3 not), 4 compare, 5 range, 6 sum, 7 term.
constexpr Operator operators[] = {
    {TokenKind::KwOr, BinaryOp::Or, 1},
    {TokenKind::KwAnd, BinaryOp::And, 2},
    {TokenKind::EqualEqual, BinaryOp::Equal, 4},
    {TokenKind::NotEqual, BinaryOp::NotEqual, 4},
    {TokenKind::Less, BinaryOp::Less, 4},
    {TokenKind::LessEqual, BinaryOp::LessEqual, 4},
    {TokenKind::Greater, BinaryOp::Greater, 4},
    {TokenKind::GreaterEqual, BinaryOp::GreaterEqual, 4},
    {TokenKind::KwIn, BinaryOp::In, 4},
    {TokenKind::DotDot, BinaryOp::Range, 5},
    {TokenKind::Plus, BinaryOp::Add, 6},
    {TokenKind::Minus, BinaryOp::Subtract, 6},
    {TokenKind::Star, BinaryOp::Multiply, 7},
    {TokenKind::Slash, BinaryOp::Divide, 7},
    {TokenKind::SlashSlash, BinaryOp::FloorDivide, 7},
    {TokenKind::Percent, BinaryOp::Modulo, 7},
    {TokenKind::At, BinaryOp::MatMul, 7},
};

const Operator *operatorAt(TokenKind token, unsigned level) {
  for (const Operator &entry : operators)
    if (entry.token == token && entry.level == level)
      return &entry;
  return nullptr;
}

} // namespace

ExprPtr Parser::make(Expr::Node node, Span where, uint32_t childDepth) {
  if (childDepth + 1 > Expr::maxDepth) {
    diags.report(DiagId::TooDeep, here(), {Expr::maxDepth});
    return nullptr;
  }
  auto result = std::make_unique<Expr>();
  result->node = std::move(node);
  result->span = where;
  result->depth = childDepth + 1;
  return result;
}

ExprPtr Parser::make(Expr::Node node, Span where, std::initializer_list<const Expr *> children) {
  uint32_t depth = 0;
  for (const Expr *child : children)
    if (child)
      depth = std::max(depth, child->depth);
  return make(std::move(node), where, depth);
}

ExprPtr Parser::expr() {
  NestingGuard guard(*this);
  if (!guard)
    return nullptr;
  size_t first = pos;
  if (!accept(TokenKind::KwIf))
    return binary(1);
  ExprPtr condition = expr();
  if (!condition || !want(TokenKind::KwThen))
    return nullptr;
  ExprPtr thenValue = expr();
  if (!thenValue || !want(TokenKind::KwElse))
    return nullptr;
  ExprPtr elseValue = expr();
  if (!elseValue)
    return nullptr;
  uint32_t depth = std::max({condition->depth, thenValue->depth, elseValue->depth});
  return make(ConditionalExpr{std::move(condition), std::move(thenValue), std::move(elseValue)}, since(first), depth);
}

ExprPtr Parser::binary(unsigned level) {
  if (level == 8)
    return unary();
  if (level == 3)
    return notExpr();
  size_t first = pos;
  ExprPtr lhs = binary(level + 1);
  while (lhs) {
    const Operator *entry = operatorAt(peek().kind, level);
    if (!entry)
      return lhs;
    Span opSpan = here();
    ++pos;
    ExprPtr rhs = binary(level + 1);
    if (!rhs)
      return nullptr;
    uint32_t depth = std::max(lhs->depth, rhs->depth);
    lhs = make(BinaryExpr{entry->op, opSpan, std::move(lhs), std::move(rhs)}, since(first), depth);
    bool chains = level != 4 && level != 5;
    if (chains || !lhs)
      continue;
    if (operatorAt(peek().kind, level)) {
      diags.report(DiagId::ChainedComparison, here()).label(opSpan, "the first one");
      return nullptr;
    }
    return lhs;
  }
  return nullptr;
}

ExprPtr Parser::notExpr() {
  size_t first = pos;
  if (!accept(TokenKind::KwNot))
    return binary(4);
  NestingGuard guard(*this);
  if (!guard)
    return nullptr;
  ExprPtr operand = notExpr();
  if (!operand)
    return nullptr;
  uint32_t depth = operand->depth;
  return make(UnaryExpr{UnaryOp::Not, std::move(operand)}, since(first), depth);
}

ExprPtr Parser::unary() {
  size_t first = pos;
  if (accept(TokenKind::Minus)) {
    NestingGuard guard(*this);
    if (!guard)
      return nullptr;
    ExprPtr operand = unary();
    if (!operand)
      return nullptr;
    uint32_t depth = operand->depth;
    return make(UnaryExpr{UnaryOp::Negate, std::move(operand)}, since(first), depth);
  }
  ExprPtr base = postfix();
  if (!base || !at(TokenKind::StarStar))
    return base;
  NestingGuard guard(*this);
  if (!guard)
    return nullptr;
  Span opSpan = here();
  ++pos;
  ExprPtr exponent = unary();
  if (!exponent)
    return nullptr;
  uint32_t depth = std::max(base->depth, exponent->depth);
  return make(BinaryExpr{BinaryOp::Power, opSpan, std::move(base), std::move(exponent)}, since(first), depth);
}

ExprPtr Parser::postfix() {
  size_t first = pos;
  ExprPtr base = atom();
  while (base) {
    if (accept(TokenKind::LeftParen)) {
      base = callTail(std::move(base), first);
    } else if (accept(TokenKind::LeftBracket)) {
      base = indexTail(std::move(base), first);
    } else if (accept(TokenKind::Dot)) {
      auto member = ident(Capital::Any, "a member's name");
      if (!member)
        return nullptr;
      uint32_t depth = base->depth;
      base = make(MemberExpr{std::move(base), std::move(*member)}, since(first), depth);
    } else {
      return base;
    }
  }
  return nullptr;
}

ExprPtr Parser::callTail(ExprPtr base, size_t first) {
  CallExpr node;
  uint32_t depth = base->depth;
  bool fine = separated(TokenKind::RightParen, [&] {
    Argument argument;
    if (at(TokenKind::Identifier) && peek(1).kind == TokenKind::Equal) {
      argument.name = Ident{std::string(text(peek())), here()};
      pos += 2;
    }
    argument.value = expr();
    if (!argument.value)
      return false;
    depth = std::max(depth, argument.value->depth);
    node.arguments.push_back(std::move(argument));
    return true;
  });
  if (!fine)
    return nullptr;
  node.callee = std::move(base);
  return make(std::move(node), since(first), depth);
}

ExprPtr Parser::indexTail(ExprPtr base, size_t first) {
  IndexExpr node;
  uint32_t depth = base->depth;
  if (at(TokenKind::RightBracket)) {
    unexpected("an index");
    return nullptr;
  }
  bool fine = separated(TokenKind::RightBracket, [&] {
    IndexItem item{};
    if (!indexItem(item))
      return false;
    for (const Expr *part : {item.first.get(), item.second.get()})
      if (part)
        depth = std::max(depth, part->depth);
    node.items.push_back(std::move(item));
    return true;
  });
  if (!fine)
    return nullptr;
  node.base = std::move(base);
  return make(std::move(node), since(first), depth);
}

bool Parser::indexItem(IndexItem &item) {
  size_t first = pos;
  item.kind = IndexItem::Kind::At;
  if (accept(TokenKind::Ellipsis)) {
    item.kind = IndexItem::Kind::Ellipsis;
  } else if (accept(TokenKind::KwNewAxis)) {
    item.kind = IndexItem::Kind::NewAxis;
  } else {
    if (!at(TokenKind::Colon) && !(item.first = expr()))
      return false;
    if (accept(TokenKind::Colon)) {
      item.kind = IndexItem::Kind::Slice;
      if (!at(TokenKind::Comma) && !at(TokenKind::RightBracket) && !(item.second = expr()))
        return false;
    }
  }
  item.span = since(first);
  return true;
}

ExprPtr Parser::bracket() {
  size_t first = pos;
  ++pos;
  if (accept(TokenKind::RightBracket))
    return make(ListExpr{}, since(first), 0);
  ExprPtr element = expr();
  if (!element)
    return nullptr;
  if (accept(TokenKind::KwFor)) {
    auto variable = ident(Capital::Lower, "a name");
    if (!variable || !want(TokenKind::KwIn))
      return nullptr;
    ExprPtr range = expr();
    if (!range || !want(TokenKind::RightBracket))
      return nullptr;
    uint32_t depth = std::max(element->depth, range->depth);
    return make(Comprehension{std::move(element), std::move(*variable), std::move(range)}, since(first), depth);
  }
  ListExpr node;
  uint32_t depth = element->depth;
  node.elements.push_back(std::move(element));
  if (!at(TokenKind::RightBracket) && !at(TokenKind::Comma)) {
    unexpected("`,`, `]` or `for`");
    return nullptr;
  }
  accept(TokenKind::Comma);
  bool fine = separated(TokenKind::RightBracket, [&] {
    ExprPtr next = expr();
    if (!next)
      return false;
    depth = std::max(depth, next->depth);
    node.elements.push_back(std::move(next));
    return true;
  });
  return fine ? make(std::move(node), since(first), depth) : nullptr;
}

ExprPtr Parser::atom() {
  size_t first = pos;
  const Token &token = peek();
  std::string_view spelled = text(token);
  switch (token.kind) {
  case TokenKind::Int: {
    ++pos;
    int64_t number = 0;
    if (std::from_chars(spelled.data(), spelled.data() + spelled.size(), number).ec != std::errc())
      diags.report(DiagId::IntegerOutOfRange, span(token), {spelled.substr(0, 40)});
    return make(IntLiteral{number}, since(first), 0);
  }
  case TokenKind::Float: {
    ++pos;
    double number = 0;
    std::string owned(spelled);
    if (std::from_chars(owned.data(), owned.data() + owned.size(), number).ec != std::errc() &&
        std::fabs(number = std::strtod(owned.c_str(), nullptr)) > 1)
      diags.report(DiagId::FloatOutOfRange, span(token), {owned.substr(0, 40)});
    return make(FloatLiteral{number, std::move(owned)}, since(first), 0);
  }
  case TokenKind::String: {
    StringLiteral node;
    Span where;
    stringToken(node.value, where);
    return make(std::move(node), where, 0);
  }
  case TokenKind::KwTrue:
  case TokenKind::KwFalse:
    ++pos;
    return make(BoolLiteral{token.kind == TokenKind::KwTrue}, since(first), 0);
  case TokenKind::KwNone:
    ++pos;
    return make(NoneLiteral{}, since(first), 0);
  case TokenKind::Identifier:
    ++pos;
    return make(NameRef{std::string(spelled)}, since(first), 0);
  case TokenKind::LeftParen: {
    ++pos;
    ExprPtr inner = expr();
    return inner && want(TokenKind::RightParen) ? std::move(inner) : nullptr;
  }
  case TokenKind::LeftBracket:
    return bracket();
  default:
    unexpected("an expression");
    return nullptr;
  }
}

ExprPtr Parser::call() {
  size_t first = pos;
  ExprPtr result = postfix();
  if (result && !result->is<CallExpr>()) {
    diags.report(DiagId::NotACall, since(first));
    return nullptr;
  }
  return result;
}

bool Parser::exprList(std::vector<ExprPtr> &out) {
  do {
    ExprPtr next = expr();
    if (!next)
      return false;
    out.push_back(std::move(next));
  } while (accept(TokenKind::Comma));
  return true;
}

bool Parser::hyperType(HyperType &out) {
  NestingGuard guard(*this);
  if (!guard)
    return false;
  size_t first = pos;
  if (accept(TokenKind::LeftBracket)) {
    out.kind = HyperType::Kind::List;
    out.element = std::make_unique<HyperType>();
    if (!hyperType(*out.element) || !want(TokenKind::RightBracket))
      return false;
  } else if (accept(TokenKind::KwModule)) {
    out.kind = HyperType::Kind::Module;
  } else {
    auto name = ident(Capital::Any, "a type");
    if (!name)
      return false;
    const std::string &text = name->text;
    if (text[0] >= 'A' && text[0] <= 'Z') {
      out.kind = HyperType::Kind::Config;
      out.config = std::move(*name);
    } else if (text == "int" || text == "float" || text == "bool" || text == "str") {
      out.kind = text == "int"     ? HyperType::Kind::Int
                 : text == "float" ? HyperType::Kind::Float
                 : text == "bool"  ? HyperType::Kind::Bool
                                   : HyperType::Kind::Str;
    } else {
      bool tensor = text == "f32" || text == "i32";
      Diagnostic &diag = diags.report(tensor ? DiagId::ScalarTensorType : DiagId::UnknownType, name->span, {text});
      std::string near = didYouMean(text, {"int", "float", "bool", "str", "module"});
      if (!tensor && !near.empty())
        diag.help(near);
      return false;
    }
  }
  out.optional = accept(TokenKind::Question);
  out.span = since(first);
  return true;
}

bool Parser::type(Type &out) {
  size_t first = pos;
  std::string_view word = at(TokenKind::Identifier) ? text(peek()) : std::string_view();
  if ((word == "f32" || word == "i32" || word == "bool") && peek(1).kind == TokenKind::LeftBracket) {
    TensorType tensor;
    tensor.element = word == "f32" ? ElementType::F32 : word == "i32" ? ElementType::I32 : ElementType::Bool;
    ++pos;
    if (!dims(tensor.dims))
      return false;
    out.node = std::move(tensor);
  } else {
    HyperType hyper;
    if (!hyperType(hyper))
      return false;
    out.node = std::move(hyper);
  }
  out.span = since(first);
  return true;
}

bool Parser::dims(std::vector<Dim> &out) {
  if (!want(TokenKind::LeftBracket))
    return false;
  return separated(TokenKind::RightBracket, [&] {
    size_t first = pos;
    Dim dim;
    if (!accept(TokenKind::Ellipsis) && !(dim.expr = expr()))
      return false;
    dim.span = since(first);
    out.push_back(std::move(dim));
    return true;
  });
}

bool Parser::outsideNames(OutsideNames &out) {
  size_t first = pos;
  if (!accept(TokenKind::KwAs))
    return true;
  do {
    ExprPtr next;
    if (at(TokenKind::String)) {
      next = atom();
    } else if (accept(TokenKind::LeftParen)) {
      next = expr();
      if (!next || !want(TokenKind::RightParen))
        return false;
    } else {
      unexpected("a string or `(`");
      return false;
    }
    if (!next)
      return false;
    out.alternatives.push_back(std::move(next));
  } while (accept(TokenKind::Pipe));
  out.span = since(first);
  return true;
}

} // namespace sinter::frontend
