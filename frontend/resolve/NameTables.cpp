// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gathering of names.
#include "frontend/resolve/NameTables.h"

namespace sinter::frontend {

void forEachMember(const std::vector<Member> &members, const std::function<void(const Member &)> &visit) {
  for (const Member &member : members) {
    visit(member);
    if (const auto *choice = member.as<MemberChoice>()) {
      forEachMember(choice->thenMembers, visit);
      forEachMember(choice->elseMembers, visit);
    }
  }
}

namespace {
/// Calls `visit` for the config and its parents; false when one is unknown or broken.
bool forEachParent(const Config &config, const Scope &scope,
                   const std::function<bool(const Config &, const Scope &)> &visit) {
  const Config *current = &config;
  const Scope *where = &scope;
  std::vector<const Config *> seen;
  while (true) {
    for (const Config *earlier : seen)
      if (earlier == current)
        return true; // a circle, reported where it is declared
    if (seen.size() > maxParents)
      return false;
    seen.push_back(current);
    const Declared *own = where->find(current->name.text);
    if (!visit(*current, *where))
      return true;
    if (own && own->decl && own->decl->broken)
      return false;
    if (!current->parent)
      return true;
    const Scope *parentScope = nullptr;
    const Config *parent = where->findAs<Config>(current->parent->text, &parentScope);
    if (!parent)
      return false;
    current = parent;
    where = parentScope;
  }
}
} // namespace

ConfigTable configTable(const Config &config, const Scope &scope, size_t *budget) {
  ConfigTable table;
  bool enough = true;
  table.complete = forEachParent(config, scope, [&](const Config &current, const Scope &where) {
    if (budget) {
      enough = *budget >= current.members.size();
      *budget -= enough ? current.members.size() : 0;
      if (!enough)
        return false;
    }
    forEachMember(current.members, [&](const Member &member) {
      if (const auto *field = member.as<Field>())
        table.entries.try_emplace(field->name.text, ConfigEntry{&field->type, &where, field->name.span});
      else if (const auto *value = member.as<Value>())
        table.entries.try_emplace(value->name.text, ConfigEntry{nullptr, &where, value->name.span});
    });
    return true;
  });
  table.complete &= enough;
  return table;
}

bool isConfigOrChild(const Config &child, const Scope &scope, const Config &parent) {
  bool found = false;
  bool known = forEachParent(child, scope, [&](const Config &current, const Scope &) {
    found |= &current == &parent;
    return !found;
  });
  return found || !known;
}

const Function *ModuleTable::function(const std::string &name) const {
  auto it = entries.find(name);
  if (it == entries.end() || it->second.size() != 1)
    return nullptr;
  const auto *const *found = std::get_if<const Function *>(&it->second.front().node);
  return found ? *found : nullptr;
}

ModuleTable moduleTable(const Module &module, const Scope &scope, bool broken) {
  ModuleTable table;
  table.module = &module;
  table.scope = &scope;
  table.complete = !broken;
  auto add = [&](const Ident &name, auto node) { table.entries[name.text].push_back({node, name.span}); };
  for (const HyperParam &param : module.params)
    add(param.name, &param);
  forEachMember(module.members, [&](const Member &member) {
    if (const auto *value = member.as<Value>())
      add(value->name, value);
    else if (const auto *param = member.as<Param>())
      add(param->name, param);
    else if (const auto *sub = member.as<Sub>())
      add(sub->name, sub);
    else if (const auto *input = member.as<Input>())
      add(input->arg.name, input), table.inputs.push_back(input);
    else if (const auto *function = member.as<Function>())
      add(function->name, function);
  });
  return table;
}

void boundDims(const Type &type, std::map<std::string, Span> &bound) {
  const TensorType *tensor = type.tensor();
  if (!tensor)
    return;
  for (const Dim &dim : tensor->dims)
    if (const auto *name = dim.isRest() ? nullptr : dim.expr->as<NameRef>())
      if (name->name[0] >= 'A' && name->name[0] <= 'Z')
        bound.try_emplace(name->name, dim.span);
}

} // namespace sinter::frontend
