// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declarations and members: what may stand where, duplicates, parents, models, imports without use.
#include "frontend/resolve/NameChecker.h"

#include <fmt/format.h>

namespace sinter::frontend {

void checkNames(const Scope &scope, DiagnosticEngine &diags) { NameChecker(scope, diags).run(); }

void NameChecker::run() {
  bool broken = false;
  for (const Decl &decl : scope.file.decls) {
    broken |= decl.broken;
    if (!decl.broken)
      checkDecl(decl);
  }
  if (!broken)
    checkUnusedImports();
}

void NameChecker::checkUnusedImports() {
  for (const Decl &decl : scope.file.decls)
    if (const auto *import = decl.as<Import>())
      for (const Ident &name : import->names) {
        const Declared *meaning = scope.find(name.text);
        if (meaning && meaning->decl && meaning->importedAt == name.span && !usedImports.count(name.text))
          diags.report(DiagId::UnusedImport, name.span, {name.text});
      }
}

void NameChecker::checkDecl(const Decl &decl) {
  if (const auto *node = decl.as<Value>())
    check(*node->value);
  else if (const auto *node = decl.as<Config>())
    checkConfig(*node);
  else if (const auto *node = decl.as<Module>())
    checkModule(decl, *node);
  else if (const auto *node = decl.as<ModelAlias>())
    checkAlias(*node);
  else if (const auto *node = decl.as<Variant>())
    checkVariant(*node);
  else if (const auto *node = decl.as<Function>())
    checkFunction(*node);
}

void NameChecker::checkType(const HyperType &type) {
  if (type.kind == HyperType::Kind::List)
    return checkType(*type.element);
  if (type.kind != HyperType::Kind::Config)
    return;
  const Declared *declared = use(type.config.text);
  if (!declared)
    return reportUnknown(type.config.text, type.config.span);
  if (declared->decl && !declared->decl->is<Config>())
    diags.report(DiagId::NotAConfig, type.config.span, {type.config.text})
        .label(declared->decl->name()->span, "declared here");
}

void NameChecker::checkOutside(const OutsideNames &outside) {
  for (const ExprPtr &name : outside.alternatives)
    check(*name);
}

/// One name a place; each branch of an `if` may declare it once.
void NameChecker::checkDuplicates(const std::vector<Member> &members, std::map<std::string, Span> &taken,
                                  std::vector<std::string> &order) {
  for (const Member &member : members) {
    if (const auto *choice = member.as<MemberChoice>()) {
      // The branches do not see each other's names; what follows sees both.
      size_t mark = order.size();
      checkDuplicates(choice->thenMembers, taken, order);
      std::vector<std::pair<std::string, Span>> hidden;
      for (size_t i = mark; i < order.size(); ++i)
        hidden.push_back(*taken.find(order[i]));
      for (const auto &entry : hidden)
        taken.erase(entry.first);
      checkDuplicates(choice->elseMembers, taken, order);
      taken.insert(hidden.begin(), hidden.end());
      continue;
    }
    const Ident *name = std::visit(
        [](const auto &node) -> const Ident * {
          using Node = std::decay_t<decltype(node)>;
          if constexpr (std::is_same_v<Node, Input>)
            return &node.arg.name;
          else if constexpr (std::is_same_v<Node, Value> || std::is_same_v<Node, Field> ||
                             std::is_same_v<Node, Param> || std::is_same_v<Node, Sub> || std::is_same_v<Node, Function>)
            return &node.name;
          else
            return nullptr;
        },
        member.node);
    if (!name)
      continue;
    auto [it, fresh] = taken.try_emplace(name->text, name->span);
    if (fresh)
      order.push_back(name->text);
    if (!fresh)
      diags.report(DiagId::DuplicateName, name->span, {name->text}).label(it->second, "first declared here");
    else if (findBuiltin(name->text) || scope.find(name->text))
      checkHides(*name);
  }
}

// ------------------------------------------------------------------ configs

void NameChecker::checkConfig(const Config &node) {
  if (node.parent) {
    const Declared *declared = use(node.parent->text);
    if (!declared) {
      reportUnknown(node.parent->text, node.parent->span);
    } else if (declared->decl && !declared->decl->is<Config>()) {
      diags.report(DiagId::NotAConfig, node.parent->span, {node.parent->text})
          .label(declared->decl->name()->span, "declared here");
    } else if (declared->decl) {
      // Parents of other files cannot lead back here: imports have no circles.
      std::set<const Config *> seen;
      for (const Config *at = &node; at && seen.insert(at).second;) {
        at = at->parent ? scope.findAs<Config>(at->parent->text) : nullptr;
        if (seen.size() > maxParents) {
          diags.report(DiagId::TooDeep, node.parent->span, {maxParents});
          break;
        }
        if (at == &node)
          diags.report(DiagId::ConfigCycle, node.parent->span, {node.name.text});
      }
    }
  }
  std::map<std::string, Span> taken;
  std::vector<std::string> order;
  checkDuplicates(node.members, taken, order);
  config = &configTableOf(node, scope);
  checkConfigMembers(node.members);
  config = nullptr;
}

void NameChecker::checkConfigMembers(const std::vector<Member> &members) {
  forEachMember(members, [&](const Member &member) {
    if (const auto *field = member.as<Field>()) {
      checkType(field->type);
      if (field->defaultValue)
        check(*field->defaultValue);
      checkOutside(field->outside);
    } else if (const auto *value = member.as<Value>()) {
      check(*value->value);
    } else if (const auto *node = member.as<Check>()) {
      check(*node->condition);
      checkMessage(*node);
    } else if (const auto *ignore = member.as<Ignore>()) {
      for (const ExprPtr &glob : ignore->globs)
        check(*glob);
    } else if (const auto *choice = member.as<MemberChoice>()) {
      check(*choice->condition);
    }
  });
}

// ------------------------------------------------------------------ modules

void NameChecker::checkHyperParams(const std::vector<HyperParam> &list) {
  std::map<std::string, Span> taken;
  for (const HyperParam &param : list) {
    checkType(param.type);
    if (param.defaultValue)
      check(*param.defaultValue);
    auto [it, fresh] = taken.try_emplace(param.name.text, param.name.span);
    if (!fresh)
      diags.report(DiagId::DuplicateName, param.name.span, {param.name.text}).label(it->second, "first declared here");
    else if (findBuiltin(param.name.text) || scope.find(param.name.text))
      checkHides(param.name);
  }
}

void NameChecker::checkModule(const Decl &decl, const Module &node) {
  if (node.isModel &&
      (node.params.size() != 1 || node.params[0].type.kind != HyperType::Kind::Config || node.params[0].type.optional))
    diags.report(DiagId::ModelParameters, node.name.span, {node.name.text})
        .help("write `model " + node.name.text + "(c: SomeConfig)`");
  auto found = tables.emplace(&node, moduleTable(node, scope, decl.broken)).first;
  module = &found->second;
  checkHyperParams(node.params);
  std::map<std::string, Span> taken;
  for (const HyperParam &param : node.params)
    taken.try_emplace(param.name.text, param.name.span);
  std::vector<std::string> order;
  checkDuplicates(node.members, taken, order);
  checkOutside(node.outside);
  checkMembers(node.members);
  module = nullptr;
}

void NameChecker::checkMembers(const std::vector<Member> &members) {
  forEachMember(members, [&](const Member &member) {
    if (const auto *value = member.as<Value>()) {
      check(*value->value);
    } else if (const auto *param = member.as<Param>()) {
      for (const Dim &dim : param->dims)
        if (!dim.isRest())
          check(*dim.expr);
      if (param->initializer)
        check(*param->initializer);
      checkOutside(param->outside);
    } else if (const auto *sub = member.as<Sub>()) {
      check(*sub->value, Place::Instance);
      checkOutside(sub->outside);
    } else if (const auto *input = member.as<Input>()) {
      boundDims(input->arg.type, dims);
      if (const TensorType *tensor = input->arg.type.tensor())
        checkDims(*tensor);
      else
        checkType(*input->arg.type.hyper());
      if (input->arg.defaultValue)
        check(*input->arg.defaultValue);
      dims.clear();
    } else if (const auto *tie = member.as<Tie>()) {
      check(*tie->lhs);
      check(*tie->rhs);
    } else if (const auto *ignore = member.as<Ignore>()) {
      for (const ExprPtr &glob : ignore->globs)
        check(*glob);
    } else if (const auto *node = member.as<Check>()) {
      check(*node->condition);
      checkMessage(*node);
    } else if (const auto *edit = member.as<Edit>()) {
      checkEdit(*edit);
    } else if (const auto *function = member.as<Function>()) {
      checkFunction(*function);
    } else if (const auto *choice = member.as<MemberChoice>()) {
      check(*choice->condition);
    }
  });
}

void NameChecker::checkEdit(const Edit &edit) {
  check(*edit.glob);
  if (!edit.operand)
    return;
  if (edit.kind != Edit::Kind::Replace)
    return check(*edit.operand);
  const auto *call = edit.operand->as<CallExpr>();
  for (const Argument &argument : call->arguments)
    check(*argument.value);
  const auto *name = call->callee->as<NameRef>();
  const Declared *declared = name ? use(name->name) : nullptr;
  if (name && !declared)
    return reportUnknown(name->name, call->callee->span);
  if (declared && !declared->decl)
    return; // its import failed
  const auto *node = declared ? declared->decl->as<Module>() : nullptr;
  bool takesModule = node && !node->params.empty() && node->params[0].type.kind == HyperType::Kind::Module;
  if (declared && declared->decl->broken)
    return;
  if (!takesModule) {
    Diagnostic &diag =
        diags.report(DiagId::NotAModule, call->callee->span, {std::string(diags.sources().text(call->callee->span))});
    if (node)
      diag.label(node->name.span, "its first hyperparameter is not of type `module`");
    diag.help("`replace … with` takes a module whose first hyperparameter is the replaced instance");
    return;
  }
  checkArguments(signatureOf(node->name.text, node->name.span, node->params, true), *call, edit.operand->span);
}

void NameChecker::checkVariant(const Variant &node) {
  params = &node.params;
  checkHyperParams(node.params);
  forEachMember(node.edits, [&](const Member &member) {
    if (const auto *edit = member.as<Edit>())
      checkEdit(*edit);
    else if (const auto *choice = member.as<MemberChoice>())
      check(*choice->condition);
  });
  params = nullptr;
}

void NameChecker::checkAlias(const ModelAlias &alias) {
  const Declared *base = use(alias.base.text);
  const Declared *given = use(alias.config.text);
  if (!base)
    reportUnknown(alias.base.text, alias.base.span);
  if (!given)
    reportUnknown(alias.config.text, alias.config.span);
  const auto *model = base && base->decl ? base->decl->as<Module>() : nullptr;
  if (base && base->decl && !(model && model->isModel)) {
    diags.report(DiagId::NotAModel, alias.base.span, {alias.base.text})
        .label(base->decl->name()->span, "declared here")
        .help("name a `model` that is written out");
    model = nullptr;
  }
  const auto *child = given && given->decl ? given->decl->as<Config>() : nullptr;
  if (given && given->decl && !child)
    diags.report(DiagId::NotAConfig, alias.config.span, {alias.config.text})
        .label(given->decl->name()->span, "declared here");
  if (model && child && model->params.size() == 1 && model->params[0].type.kind == HyperType::Kind::Config) {
    const auto *wanted = base->scope->findAs<Config>(model->params[0].type.config.text);
    if (wanted && !isConfigOrChild(*child, *given->scope, *wanted))
      diags.report(DiagId::ConfigMismatch, alias.config.span, {child->name.text, wanted->name.text})
          .label(model->params[0].span, "the model asks for this");
  }
  for (const ExprPtr &variant : alias.variants) {
    const auto *call = variant->as<CallExpr>();
    for (const Argument &argument : call->arguments)
      check(*argument.value);
    const auto *name = call->callee->as<NameRef>();
    const Declared *declared = name ? use(name->name) : nullptr;
    if (name && !declared) {
      reportUnknown(name->name, call->callee->span);
      continue;
    }
    if (declared && (!declared->decl || declared->decl->broken))
      continue;
    const auto *node = declared ? declared->decl->as<Variant>() : nullptr;
    if (!node)
      diags.report(DiagId::NotAVariant, call->callee->span, {std::string(diags.sources().text(call->callee->span))});
    else
      checkArguments(signatureOf(node->name.text, node->name.span, node->params, false), *call, variant->span);
  }
}

} // namespace sinter::frontend
