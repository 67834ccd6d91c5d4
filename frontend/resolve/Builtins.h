// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names that every text knows: operators written as functions, constants, initializers. That is
// the whole list of the language; the resolver checks arity by it, elaboration gives each its meaning.
#ifndef SINTER_FRONTEND_RESOLVE_BUILTINS_H
#define SINTER_FRONTEND_RESOLVE_BUILTINS_H

#include <cstdint>
#include <span>
#include <string_view>

namespace sinter::frontend {

enum class Builtin : uint8_t {
#define SINTER_BUILTIN(id, name, least, most, named) id,
#include "frontend/resolve/Builtins.def"
#undef SINTER_BUILTIN
};

struct BuiltinInfo {
  Builtin id;
  std::string_view name;
  int8_t least; ///< positional arguments; -1: a constant, not callable
  int8_t most;
  bool anyNamed; ///< further `name = value` arguments are allowed
};

std::span<const BuiltinInfo> builtins();
/// Null when the name is none.
const BuiltinInfo *findBuiltin(std::string_view name);

} // namespace sinter::frontend

#endif
