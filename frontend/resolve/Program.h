// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A text with everything it imports, parsed and with its names checked. Path or built-in name in,
// Program out; elaboration starts here.
#ifndef SINTER_FRONTEND_RESOLVE_PROGRAM_H
#define SINTER_FRONTEND_RESOLVE_PROGRAM_H

#include "frontend/diagnostics/Diagnostics.h"
#include "frontend/syntax/Ast.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sinter::frontend {

struct Scope;

/// What a name of a file means. `decl` is null when its import failed (reported already).
struct Declared {
  const Decl *decl = nullptr;
  const Scope *scope = nullptr; ///< where it is declared; its own names are looked up there
  Span importedAt;              ///< invalid when declared in the file itself
};

/// One text and the names that are known in it: its declarations and its imports.
struct Scope {
  std::string path; ///< as imports name it ("std/nn"), or the path given for the root
  bool embedded = false;
  File file;
  std::unordered_map<std::string, Declared> names;

  /// Null when unknown.
  const Declared *find(std::string_view name) const {
    auto it = names.find(std::string(name));
    return it == names.end() ? nullptr : &it->second;
  }
  /// The declaration of that kind under that name, or null; `where` gets its scope.
  template <typename T> const T *findAs(std::string_view name, const Scope **where = nullptr) const {
    const Declared *found = find(name);
    if (!found || !found->decl)
      return nullptr;
    if (where)
      *where = found->scope;
    return found->decl->as<T>();
  }
};

/// Owns the scopes. Spans point into the engine it was loaded with, which must outlive it.
class Program {
public:
  const Scope &root() const { return *scopes.front(); }
  /// All texts, the root first.
  const std::vector<std::unique_ptr<Scope>> &texts() const { return scopes; }
  /// The scope of a text; null for other files (config.json).
  const Scope *scopeOf(FileId file) const;

  /// Models and aliases that the root text declares, in order.
  std::vector<const Decl *> models() const;

  /// The model or alias of that name in the root text; reports E0225 with the choices otherwise.
  const Decl *findModel(std::string_view name, DiagnosticEngine &diags) const;

private:
  friend class ProgramLoader;
  friend const Scope *addText(Program &, const std::string &, std::string, DiagnosticEngine &);
  std::vector<std::unique_ptr<Scope>> scopes;
};

/// Loads a path on disk ("models/bert.sinter") or, when no such file exists, a built-in text
/// ("bert", "std/nn"). Imports are looked up beside the importing text's root, then among the built-in
/// texts. Checks names, arity and imports. Null when nothing could be read; otherwise the program, and
/// `diags.hasErrors()` says whether it may be elaborated.
std::unique_ptr<Program> loadProgram(const std::string &pathOrName, DiagnosticEngine &diags);

/// Adds a text that stands in no file, under a name such as "<adapter>". What it imports is looked up
/// among the built-in texts. Null when it has errors (reported).
const Scope *addText(Program &program, const std::string &name, std::string text, DiagnosticEngine &diags);

/// Checks one text's names and arities (loadProgram does it for all texts).
void checkNames(const Scope &scope, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif
