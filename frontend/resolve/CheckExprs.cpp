// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names, fields and arities inside expressions. Nothing is evaluated: where an expression's kind is
// not plain from declarations alone, no question is asked and elaboration decides.
#include "frontend/diagnostics/Habits.h"
#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/resolve/NameChecker.h"

#include <fmt/format.h>

namespace sinter::frontend {

namespace {
bool isCapital(const std::string &name) { return name[0] >= 'A' && name[0] <= 'Z'; }

const char *kindName(const Decl &decl) {
  if (const auto *module = decl.as<Module>())
    return module->isModel ? "model" : "module";
  if (decl.is<Config>())
    return "config";
  if (decl.is<Variant>())
    return "variant";
  if (decl.is<ModelAlias>())
    return "model";
  return "function";
}

/// Depth of chains like members of members of lists, followed while inferring.
constexpr unsigned inferFuel = 64;
} // namespace

std::string counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// ------------------------------------------------------------------ signatures

NameChecker::Signature NameChecker::signatureOf(const Function &function) {
  Signature result;
  result.name = function.name.text;
  result.declared = function.name.span;
  for (const Arg &arg : function.args)
    result.slots.push_back({arg.name.text, arg.defaultValue != nullptr});
  return result;
}

NameChecker::Signature NameChecker::signatureOf(const Function &function, const ModuleTable &table) const {
  Signature result = signatureOf(function);
  for (const Input *input : table.inputs)
    result.extra.push_back(input->arg.name.text);
  return result;
}

NameChecker::Signature NameChecker::signatureOf(const std::string &name, Span declared,
                                                const std::vector<HyperParam> &params, bool skipFirst) {
  Signature result;
  result.name = name;
  result.declared = declared;
  for (size_t i = skipFirst ? 1 : 0; i < params.size(); ++i)
    result.slots.push_back({params[i].name.text, params[i].defaultValue != nullptr});
  return result;
}

NameChecker::Signature NameChecker::signatureOf(const BuiltinInfo &builtin) {
  Signature result;
  result.name = std::string(builtin.name);
  result.anyNamed = builtin.anyNamed;
  result.least = static_cast<size_t>(builtin.least);
  result.slots.resize(static_cast<size_t>(builtin.most), {"", true});
  return result;
}

void NameChecker::checkArguments(const Signature &signature, const CallExpr &node, Span callSpan) {
  std::vector<bool> given(signature.slots.size());
  size_t positional = 0;
  const Argument *named = nullptr;
  std::set<std::string> seen;
  Span lastExtra;
  for (const Argument &argument : node.arguments) {
    if (!argument.name) {
      if (named)
        diags.report(DiagId::PositionalAfterNamed, argument.value->span).label(named->name->span, "the named one");
      if (positional < given.size())
        given[positional] = true;
      else
        lastExtra = lastExtra.isValid() ? lastExtra.to(argument.value->span) : argument.value->span;
      ++positional;
      continue;
    }
    named = &argument;
    const std::string &name = argument.name->text;
    bool twice = !seen.insert(name).second;
    size_t slot = 0;
    while (slot < signature.slots.size() && (signature.slots[slot].name != name || name.empty()))
      ++slot;
    if (slot < signature.slots.size()) {
      twice |= given[slot];
      given[slot] = true;
    } else if (!signature.anyNamed &&
               std::find(signature.extra.begin(), signature.extra.end(), name) == signature.extra.end()) {
      Diagnostic &diag = diags.report(DiagId::UnknownArgument, argument.name->span, {signature.name, name});
      std::vector<std::string> choices = signature.extra;
      for (const auto &own : signature.slots)
        choices.push_back(own.name);
      if (signature.declared.isValid())
        diag.label(signature.declared, "declared here");
      else
        diag.help("arguments of built-in functions have no names");
      if (std::string near = didYouMean(name, choices); !near.empty())
        diag.help(near);
      continue;
    }
    if (twice)
      diags.report(DiagId::ArgumentTwice, argument.name->span, {name});
  }
  if (positional > signature.slots.size()) {
    std::string most = counted(signature.slots.size(), "argument");
    if (signature.least < signature.slots.size() && !signature.declared.isValid())
      most = "at most " + most;
    Diagnostic &diag =
        diags.report(DiagId::TooManyArguments, lastExtra,
                     {signature.name, most, positional == 1 ? "1 is" : fmt::format("{} are", positional)});
    if (signature.declared.isValid())
      diag.label(signature.declared, "declared here");
    return;
  }
  if (!signature.declared.isValid()) { // a builtin
    if (positional < signature.least)
      diags.report(DiagId::MissingArgument, callSpan, {signature.name, counted(signature.least, "argument")})
          .at(positional == 0 ? "none is given" : fmt::format("{} given", positional));
    return;
  }
  for (size_t i = 0; i < given.size(); ++i)
    if (!given[i] && !signature.slots[i].optional) {
      diags.report(DiagId::MissingArgument, callSpan, {signature.name, "`" + signature.slots[i].name + "`"})
          .label(signature.declared, "declared here");
      return;
    }
}

// ------------------------------------------------------------------ names

const Declared *NameChecker::use(const std::string &name) {
  const Declared *found = scope.find(name);
  if (found && found->importedAt.isValid())
    usedImports.insert(name);
  return found;
}

bool NameChecker::isKnown(const std::string &name) const {
  if (locals.count(name) || dims.count(name) || findBuiltin(name) || scope.find(name))
    return true;
  if (config && (config->entries.count(name) || !config->complete))
    return true;
  if (module && (module->entries.count(name) || !module->complete))
    return true;
  if (params)
    for (const HyperParam &param : *params)
      if (param.name.text == name)
        return true;
  return false;
}

std::vector<std::string> NameChecker::visibleNames() const {
  std::vector<std::string> names;
  for (const auto &entry : locals)
    names.push_back(entry.first);
  for (const auto &entry : dims)
    names.push_back(entry.first);
  if (config)
    for (const auto &entry : config->entries)
      names.push_back(entry.first);
  if (module)
    for (const auto &entry : module->entries)
      names.push_back(entry.first);
  if (params)
    for (const HyperParam &param : *params)
      names.push_back(param.name.text);
  for (const auto &entry : scope.names)
    names.push_back(entry.first);
  for (const BuiltinInfo &builtin : builtins())
    names.emplace_back(builtin.name);
  return names;
}

/// The path of the text of std/ that declares a function or module of that name, or "".
static std::string_view standardTextOf(const std::string &name) {
  for (const EmbeddedText &text : embeddedTexts())
    if (text.path.substr(0, 4) == "std/" && (text.text.find("\nfn " + name + "(") != std::string_view::npos ||
                                             text.text.find("\nmodule " + name + "(") != std::string_view::npos))
      return text.path;
  return {};
}

void NameChecker::reportUnknown(const std::string &name, Span where) {
  Diagnostic &diag = diags.report(DiagId::UnknownName, where, {name});
  if (!diags.wantsSuggestions())
    return;
  std::string near = didYouMean(name, visibleNames());
  if (std::string_view habit = habitOf(name); !habit.empty())
    diag.help(std::string(habit));
  else if (std::string_view path = standardTextOf(name); !path.empty())
    diag.help(fmt::format("it can be imported: `import {} from \"{}\"`", name, path));
  else if (!near.empty())
    diag.help(near);
  else if (isCapital(name) && !dims.empty())
    diag.help("a dimension is bound where it stands alone in the type of an argument");
}

void NameChecker::checkName(const Expr &expr, const NameRef &node) {
  const std::string &name = node.name;
  if (!isKnown(name))
    return reportUnknown(name, expr.span);
  if (locals.count(name) || dims.count(name))
    return;
  const Declared *declared = use(name);
  const Decl *decl = declared ? declared->decl : nullptr;
  if (decl && !decl->is<Value>())
    diags.report(DiagId::TypeAsValue, expr.span, {name, kindName(*decl)}).label(decl->name()->span, "declared here");
  const BuiltinInfo *builtin = findBuiltin(name);
  bool function = builtin && builtin->least >= 0;
  Span declaredAt;
  if (module)
    if (auto it = module->entries.find(name); it != module->entries.end())
      if (std::holds_alternative<const Function *>(it->second.front().node)) {
        function = true;
        declaredAt = it->second.front().declared;
      }
  if (function) {
    Diagnostic &diag = diags.report(DiagId::TypeAsValue, expr.span, {name, "function"});
    if (declaredAt.isValid())
      diag.label(declaredAt, "declared here");
  }
}

// ------------------------------------------------------------------ expressions

void NameChecker::check(const Expr &expr, Place place) {
  std::visit(
      [&](const auto &node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, NameRef>) {
          checkName(expr, node);
        } else if constexpr (std::is_same_v<Node, ListExpr>) {
          for (const ExprPtr &element : node.elements)
            check(*element, place);
        } else if constexpr (std::is_same_v<Node, Comprehension>) {
          check(*node.range);
          checkHides(node.variable);
          if (locals.count(node.variable.text))
            diags.report(DiagId::HidesName, node.variable.span, {node.variable.text, "function"});
          StaticType range = infer(*node.range);
          if (range.kind == StaticType::Kind::InstanceList)
            range.kind = StaticType::Kind::Instance;
          else
            range = {};
          auto [it, fresh] = locals.try_emplace(node.variable.text, range);
          check(*node.element, place);
          if (fresh)
            locals.erase(it);
        } else if constexpr (std::is_same_v<Node, UnaryExpr>) {
          check(*node.operand);
        } else if constexpr (std::is_same_v<Node, BinaryExpr>) {
          check(*node.lhs);
          check(*node.rhs);
        } else if constexpr (std::is_same_v<Node, ConditionalExpr>) {
          check(*node.condition);
          check(*node.thenValue, place);
          check(*node.elseValue, place);
        } else if constexpr (std::is_same_v<Node, CallExpr>) {
          checkCall(expr, node, place);
        } else if constexpr (std::is_same_v<Node, IndexExpr>) {
          check(*node.base);
          for (const IndexItem &item : node.items) {
            if (item.first)
              check(*item.first);
            if (item.second)
              check(*item.second);
          }
        } else if constexpr (std::is_same_v<Node, MemberExpr>) {
          checkMember(node);
        }
      },
      expr.node);
}

void NameChecker::checkCall(const Expr &expr, const CallExpr &node, Place place) {
  for (const Argument &argument : node.arguments)
    check(*argument.value);
  if (const auto *name = node.callee->as<NameRef>()) {
    const std::string &text = name->name;
    if (!isKnown(text))
      return reportUnknown(text, node.callee->span);
    if (!locals.count(text)) {
      if (const BuiltinInfo *builtin = findBuiltin(text)) {
        if (builtin->least < 0)
          diags.report(DiagId::ConstantCalled, expr.span, {text});
        else
          checkArguments(signatureOf(*builtin), node, expr.span);
        return;
      }
      if (module)
        if (const Function *function = module->function(text))
          return checkArguments(signatureOf(*function, *module), node, expr.span);
      const Declared *declared = use(text);
      if (const Decl *decl = declared ? declared->decl : nullptr) {
        if (decl->broken)
          return;
        if (const auto *function = decl->as<Function>())
          return checkArguments(signatureOf(*function), node, expr.span);
        if (const auto *called = decl->as<Module>(); called && place == Place::Instance)
          return checkArguments(signatureOf(text, called->name.span, called->params, false), node, expr.span);
        if (!decl->is<Value>()) {
          Diagnostic &diag = diags.report(DiagId::TypeAsValue, node.callee->span, {text, kindName(*decl)});
          diag.label(decl->name()->span, "declared here");
          if (decl->is<Module>())
            diag.help("an instance is a member: declare it as `name: " + text + "(…)` in the module");
        }
        return;
      }
    }
  } else if (const auto *member = node.callee->as<MemberExpr>()) {
    StaticType base = infer(*member->base);
    checkMember(*member);
    if (base.kind == StaticType::Kind::Instance) {
      const ModuleTable &table = tableOf(base);
      if (const Function *function = table.function(member->member.text))
        return checkArguments(signatureOf(*function, table), node, expr.span);
    }
  } else {
    check(*node.callee);
  }
  StaticType callee = infer(*node.callee);
  if (callee.kind != StaticType::Kind::Instance)
    return;
  const ModuleTable &table = tableOf(callee);
  if (const Function *forward = table.function("forward"))
    checkArguments(signatureOf(*forward, table), node, expr.span);
  else if (table.complete && !table.entries.count("forward"))
    diags.report(DiagId::UnknownField, node.callee->span, {table.module->name.text, "forward"})
        .label(table.module->name.span, "declared here")
        .help("calling an instance calls its `forward`; another function is called as `m.name(…)`");
}

void NameChecker::checkMember(const MemberExpr &node) {
  check(*node.base);
  StaticType base = infer(*node.base);
  auto report = [&](const auto &table, const Ident &owner) {
    if (!table.complete || table.entries.count(node.member.text))
      return;
    Diagnostic &diag = diags.report(DiagId::UnknownField, node.member.span, {owner.text, node.member.text});
    diag.label(owner.span, "declared here");
    if (!diags.wantsSuggestions())
      return;
    std::vector<std::string> choices;
    for (const auto &entry : table.entries)
      choices.push_back(entry.first);
    if (std::string near = didYouMean(node.member.text, choices); !near.empty())
      diag.help(near);
  };
  if (base.kind == StaticType::Kind::Config)
    report(configTableOf(*base.config, *base.scope), base.config->name);
  else if (base.kind == StaticType::Kind::Instance)
    report(tableOf(base), base.module->name);
}

// ------------------------------------------------------------------ what is plain from declarations

const ConfigTable &NameChecker::configTableOf(const Config &config, const Scope &where) {
  auto it = configs.find(&config);
  if (it == configs.end())
    it = configs.emplace(&config, configTable(config, where, &tableBudget)).first;
  return it->second;
}

const ModuleTable &NameChecker::tableOf(const StaticType &instance) {
  auto it = tables.find(instance.module);
  if (it == tables.end()) {
    const Declared *declared = instance.scope->find(instance.module->name.text);
    bool broken = declared && declared->decl && declared->decl->broken;
    it = tables.emplace(instance.module, moduleTable(*instance.module, *instance.scope, broken)).first;
  }
  return it->second;
}

StaticType NameChecker::typeOf(const HyperType &type, const Scope &where) const {
  StaticType result;
  if (type.kind != HyperType::Kind::Config)
    return result;
  result.config = where.findAs<Config>(type.config.text, &result.scope);
  if (result.config)
    result.kind = StaticType::Kind::Config;
  return result;
}

StaticType NameChecker::infer(const Expr &expr) { return inferIn(expr, module, inferFuel); }

StaticType NameChecker::memberType(const StaticType &base, const std::string &member, unsigned fuel) {
  if (base.kind == StaticType::Kind::Config) {
    const ConfigTable &table = configTableOf(*base.config, *base.scope);
    auto it = table.entries.find(member);
    if (it == table.entries.end() || !it->second.type)
      return {};
    return typeOf(*it->second.type, *it->second.scope);
  }
  if (base.kind != StaticType::Kind::Instance)
    return {};
  const ModuleTable &table = tableOf(base);
  Expr name;
  name.node = NameRef{member};
  return inferIn(name, &table, fuel);
}

StaticType NameChecker::inferIn(const Expr &expr, const ModuleTable *table, unsigned fuel) {
  if (fuel-- == 0)
    return {};
  const Scope &where = table ? *table->scope : scope;
  if (const auto *node = expr.as<NameRef>()) {
    if (table == module)
      if (auto it = locals.find(node->name); it != locals.end())
        return it->second;
    if (table == module && config)
      if (auto it = config->entries.find(node->name); it != config->entries.end())
        return it->second.type ? typeOf(*it->second.type, *it->second.scope) : StaticType{};
    if (!table)
      return {};
    auto it = table->entries.find(node->name);
    if (it == table->entries.end() || it->second.size() != 1)
      return {};
    const ModuleEntry &entry = it->second.front();
    if (const auto *const *param = std::get_if<const HyperParam *>(&entry.node))
      return typeOf((*param)->type, where);
    if (const auto *const *sub = std::get_if<const Sub *>(&entry.node))
      return (*sub)->value ? inferIn(*(*sub)->value, table, fuel) : StaticType{};
    return {};
  }
  if (const auto *node = expr.as<MemberExpr>())
    return memberType(inferIn(*node->base, table, fuel), node->member.text, fuel);
  if (const auto *node = expr.as<CallExpr>()) {
    const auto *name = node->callee->as<NameRef>();
    StaticType result;
    if (name && (result.module = where.findAs<Module>(name->name, &result.scope)))
      result.kind = StaticType::Kind::Instance;
    return result;
  }
  if (const auto *node = expr.as<Comprehension>()) {
    StaticType element = inferIn(*node->element, table, fuel);
    if (element.kind != StaticType::Kind::Instance)
      return {};
    element.kind = StaticType::Kind::InstanceList;
    return element;
  }
  if (const auto *node = expr.as<IndexExpr>()) {
    StaticType base = inferIn(*node->base, table, fuel);
    if (base.kind != StaticType::Kind::InstanceList || node->items.size() != 1 ||
        node->items[0].kind != IndexItem::Kind::At)
      return {};
    base.kind = StaticType::Kind::Instance;
    return base;
  }
  return {};
}

} // namespace sinter::frontend
