// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declarations and members.
#include "frontend/syntax/ParserImpl.h"

namespace sinter::frontend {

// ------------------------------------------------------------------ members

bool Parser::members(std::vector<Member> &out, MemberParser one) {
  return block(out, [&](Member &next) {
    size_t start = pos;
    next.doc = takeDoc(start);
    bool fine;
    if (at(TokenKind::KwIf)) {
      MemberChoice node;
      fine = choice(node, &MemberChoice::thenMembers, &MemberChoice::elseMembers,
                    [&](std::vector<Member> &body) { return members(body, one); });
      next.node = std::move(node);
    } else {
      fine = (this->*one)(next);
    }
    next.span = since(start);
    return fine;
  });
}

bool Parser::ignore(Ignore &out) {
  ++pos; // ignore
  return exprList(out.globs);
}

bool Parser::value(Value &out) {
  auto name = ident(Capital::Lower, "a name");
  if (!name || !want(TokenKind::Equal))
    return false;
  out.name = std::move(*name);
  return (out.value = expr()) != nullptr;
}

bool Parser::configMember(Member &out) {
  auto take = [&](auto node, bool fine) {
    out.node = std::move(node);
    return fine;
  };
  if (at(TokenKind::KwCheck)) {
    Check node;
    bool fine = check(node);
    return take(std::move(node), fine);
  }
  if (at(TokenKind::KwIgnore)) {
    Ignore node;
    bool fine = ignore(node);
    return take(std::move(node), fine);
  }
  if (!atNameLike()) {
    unexpected("a field, a value, `check`, `ignore` or `}`");
    return false;
  }
  if (peek(1).kind == TokenKind::Equal) {
    Value node;
    bool fine = value(node);
    return take(std::move(node), fine);
  }
  Field node;
  auto name = ident(Capital::Lower, "a field's name");
  if (!name)
    return false;
  node.name = std::move(*name);
  if (!at(TokenKind::Colon)) {
    unexpected("`:` or `=`");
    return false;
  }
  ++pos;
  bool fine =
      hyperType(node.type) && (!accept(TokenKind::Equal) || (node.defaultValue = expr())) && outsideNames(node.outside);
  return take(std::move(node), fine);
}

bool Parser::edit(Edit &out) {
  switch (peek().kind) {
  case TokenKind::KwReplace:
    out.kind = Edit::Kind::Replace;
    break;
  case TokenKind::KwFreeze:
    out.kind = Edit::Kind::Freeze;
    break;
  case TokenKind::KwInit:
    out.kind = Edit::Kind::Init;
    break;
  case TokenKind::KwQuantize:
    out.kind = Edit::Kind::Quantize;
    break;
  default:
    unexpected("`replace`, `freeze`, `init`, `quantize` or `}`");
    return false;
  }
  ++pos;
  if (!(out.glob = expr()))
    return false;
  if (out.kind == Edit::Kind::Freeze)
    return !accept(TokenKind::KwExcept) || (out.operand = expr());
  if (!want(TokenKind::KwWith))
    return false;
  out.operand = out.kind == Edit::Kind::Replace ? call() : expr();
  return out.operand != nullptr;
}

bool Parser::variantMember(Member &out) {
  Edit node;
  bool fine = edit(node);
  out.node = std::move(node);
  return fine;
}

bool Parser::moduleMember(Member &out) {
  auto take = [&](auto node, bool fine) {
    out.node = std::move(node);
    return fine;
  };
  switch (peek().kind) {
  case TokenKind::KwCheck:
  case TokenKind::KwIgnore:
    return configMember(out);
  case TokenKind::KwReplace:
  case TokenKind::KwFreeze:
  case TokenKind::KwInit:
  case TokenKind::KwQuantize:
    return variantMember(out);
  case TokenKind::KwFn: {
    Function node;
    bool fine = function(node);
    return take(std::move(node), fine);
  }
  case TokenKind::KwInput: {
    ++pos;
    Input node;
    bool fine = arg(node.arg);
    return take(std::move(node), fine);
  }
  case TokenKind::KwTie: {
    ++pos;
    Tie node;
    bool fine = (node.lhs = postfix()) && want(TokenKind::Equal) && (node.rhs = postfix());
    return take(std::move(node), fine);
  }
  default:
    break;
  }
  if (!atNameLike()) {
    unexpected("a member or `}`");
    return false;
  }
  if (peek(1).kind == TokenKind::Equal) {
    Value node;
    bool fine = value(node);
    return take(std::move(node), fine);
  }
  auto name = ident(Capital::Lower, "a member's name");
  if (!name)
    return false;
  if (!at(TokenKind::Colon)) {
    unexpected("`:` or `=`");
    return false;
  }
  ++pos;
  if (accept(TokenKind::KwParam)) {
    Param node;
    node.name = std::move(*name);
    bool fine =
        dims(node.dims) && (!accept(TokenKind::Equal) || (node.initializer = expr())) && outsideNames(node.outside);
    return take(std::move(node), fine);
  }
  Sub node;
  node.name = std::move(*name);
  bool fine = (node.value = expr()) && outsideNames(node.outside);
  return take(std::move(node), fine);
}

// ------------------------------------------------------------------ declarations

bool Parser::hyperParams(std::vector<HyperParam> &out) {
  if (!want(TokenKind::LeftParen))
    return false;
  return separated(TokenKind::RightParen, [&] {
    size_t first = pos;
    HyperParam param;
    auto name = ident(Capital::Lower, "a hyperparameter's name");
    if (!name || !want(TokenKind::Colon) || !hyperType(param.type))
      return false;
    param.name = std::move(*name);
    if (accept(TokenKind::Equal) && !(param.defaultValue = expr()))
      return false;
    param.span = since(first);
    out.push_back(std::move(param));
    return true;
  });
}

bool Parser::import(Import &out) {
  ++pos; // import
  do {
    auto name = ident(Capital::Any, "a name to import");
    if (!name)
      return false;
    out.names.push_back(std::move(*name));
  } while (accept(TokenKind::Comma));
  return want(TokenKind::KwFrom) && stringToken(out.path, out.pathSpan);
}

bool Parser::config(Config &out) {
  ++pos; // config
  auto name = ident(Capital::Upper, "a config's name");
  if (!name)
    return false;
  out.name = std::move(*name);
  if (accept(TokenKind::Colon)) {
    auto parent = ident(Capital::Upper, "a config's name");
    if (!parent)
      return false;
    out.parent = std::move(*parent);
  }
  return members(out.members, &Parser::configMember);
}

bool Parser::modelAlias(ModelAlias &out) {
  auto base = ident(Capital::Upper, "a model's name");
  if (!base || !want(TokenKind::LeftParen))
    return false;
  out.base = std::move(*base);
  auto config = ident(Capital::Upper, "a config's name");
  if (!config || !want(TokenKind::RightParen))
    return false;
  out.config = std::move(*config);
  if (!accept(TokenKind::KwWith))
    return true;
  do {
    ExprPtr next = call();
    if (!next)
      return false;
    out.variants.push_back(std::move(next));
  } while (accept(TokenKind::Comma));
  return true;
}

bool Parser::moduleOrModel(Decl &out) {
  bool isModel = at(TokenKind::KwModel);
  ++pos;
  auto name = ident(Capital::Upper, isModel ? "a model's name" : "a module's name");
  if (!name)
    return false;
  if (isModel && accept(TokenKind::Equal)) {
    ModelAlias node;
    node.name = std::move(*name);
    bool fine = modelAlias(node);
    out.node = std::move(node);
    return fine;
  }
  Module node;
  node.isModel = isModel;
  node.name = std::move(*name);
  bool fine = hyperParams(node.params) && outsideNames(node.outside) && members(node.members, &Parser::moduleMember);
  out.node = std::move(node);
  return fine;
}

bool Parser::decl(Decl &out) {
  auto take = [&](auto node, bool fine) {
    out.node = std::move(node);
    return fine;
  };
  switch (peek().kind) {
  case TokenKind::KwImport: {
    Import node;
    bool fine = import(node);
    return take(std::move(node), fine);
  }
  case TokenKind::KwConfig: {
    Config node;
    bool fine = config(node);
    return take(std::move(node), fine);
  }
  case TokenKind::KwModule:
  case TokenKind::KwModel:
    return moduleOrModel(out);
  case TokenKind::KwVariant: {
    ++pos;
    Variant node;
    auto name = ident(Capital::Lower, "a variant's name");
    if (!name)
      return false;
    node.name = std::move(*name);
    bool fine = hyperParams(node.params) && members(node.edits, &Parser::variantMember);
    return take(std::move(node), fine);
  }
  case TokenKind::KwFn: {
    Function node;
    bool fine = function(node);
    return take(std::move(node), fine);
  }
  case TokenKind::Identifier: {
    if (peek(1).kind != TokenKind::Equal)
      break;
    Value node;
    bool fine = value(node);
    return take(std::move(node), fine);
  }
  default:
    break;
  }
  unexpected("import, config, module, model, variant, fn or `name = …`");
  return false;
}

File Parser::parse() {
  File result;
  result.id = file;
  while (!at(TokenKind::End) && !diags.full()) {
    size_t start = pos;
    size_t before = diags.errorCount();
    Decl next;
    next.doc = takeDoc(start);
    bool fine = decl(next);
    next.span = since(start);
    next.broken = !fine || diags.errorCount() != before || !atDeclStart();
    // When no declaration can follow, this one probably swallowed a part of the next.
    // A broken declaration keeps its name, so that its users are not reported as well.
    const Ident *name = next.name();
    if (fine || (name && !name->text.empty()))
      result.decls.push_back(std::move(next));
    if (!fine)
      recoverDecl(start);
  }
  return result;
}

} // namespace sinter::frontend
