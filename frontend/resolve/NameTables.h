// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the inside of a config, a module or a signature offers by name, gathered from declarations.
// Used by name checking; elaboration may use the same look-ups.
#ifndef SINTER_FRONTEND_RESOLVE_NAMETABLES_H
#define SINTER_FRONTEND_RESOLVE_NAMETABLES_H

#include "frontend/resolve/Program.h"

#include <functional>
#include <map>

namespace sinter::frontend {

/// A field or value of a config, its parents' included; the child's own wins.
struct ConfigEntry {
  const HyperType *type = nullptr; ///< null for a derived value
  const Scope *scope = nullptr;    ///< of the config that declares it
  Span declared;
};
struct ConfigTable {
  std::map<std::string, ConfigEntry> entries;
  bool complete = true; ///< false when a parent is unknown or a text broken: ask no questions
};
/// Safe on circles of parents and on chains deeper than maxParents (then not complete). `budget`, if
/// given, bounds the entries gathered by all calls together.
ConfigTable configTable(const Config &config, const Scope &scope, size_t *budget = nullptr);

/// Parents of parents … that a config may have.
inline constexpr size_t maxParents = 64;

/// True when `child` is `parent` or has it among its parents.
bool isConfigOrChild(const Config &child, const Scope &scope, const Config &parent);

/// One way in which a module declares a name; branches of an `if` may give several.
struct ModuleEntry {
  std::variant<const HyperParam *, const Value *, const Param *, const Sub *, const Input *, const Function *> node;
  Span declared;
};
struct ModuleTable {
  const Module *module = nullptr;
  const Scope *scope = nullptr;
  std::map<std::string, std::vector<ModuleEntry>> entries;
  std::vector<const Input *> inputs;
  bool complete = true;

  /// The function, if the name means exactly one.
  const Function *function(const std::string &name) const;
};
ModuleTable moduleTable(const Module &module, const Scope &scope, bool broken);

/// Calls `visit` for every member, those of branches included; choices themselves first.
void forEachMember(const std::vector<Member> &members, const std::function<void(const Member &)> &visit);

/// Capitals that the dims bind (stand alone somewhere), added to `bound`.
void boundDims(const Type &type, std::map<std::string, Span> &bound);

} // namespace sinter::frontend

#endif
