// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of builtin names.
#include "frontend/resolve/Builtins.h"

namespace sinter::frontend {

namespace {
constexpr BuiltinInfo table[] = {
#define SINTER_BUILTIN(id, name, least, most, named) {Builtin::id, name, least, most, named},
#include "frontend/resolve/Builtins.def"
#undef SINTER_BUILTIN
};
} // namespace

std::span<const BuiltinInfo> builtins() { return table; }

const BuiltinInfo *findBuiltin(std::string_view name) {
  for (const BuiltinInfo &entry : table)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

} // namespace sinter::frontend
