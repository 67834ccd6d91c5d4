// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a text and what it imports, depth first, and fills each scope's table of names.
#include "frontend/resolve/Builtins.h"
#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/resolve/Program.h"
#include "frontend/syntax/Parser.h"

#include <fmt/format.h>

namespace sinter::frontend {

namespace {

/// Imports nested deeper than this are refused (a chain of generated files).
constexpr size_t maxImportDepth = 64;
constexpr size_t maxTexts = 512;

bool isImportPath(std::string_view path) {
  bool piece = false;
  for (char c : path) {
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!word && (c != '/' || !piece))
      return false;
    piece = word;
  }
  return piece && path.size() < 256;
}

std::string_view whyUnread(SourceManager::ReadStatus status) {
  switch (status) {
  case SourceManager::ReadStatus::NotFound:
    return "there is no such file";
  case SourceManager::ReadStatus::NotAFile:
    return "it is not a regular file";
  case SourceManager::ReadStatus::TooLarge:
    return "it is too large";
  default:
    return "the system refuses it";
  }
}

} // namespace

class ProgramLoader {
public:
  explicit ProgramLoader(DiagnosticEngine &diags) : diags(diags), program(std::make_unique<Program>()) {}
  /// Goes on with a program that is loaded.
  ProgramLoader(DiagnosticEngine &diags, std::unique_ptr<Program> loaded) : diags(diags), program(std::move(loaded)) {
    for (const auto &scope : program->scopes)
      byKey[scope->embedded ? "<sinter>/" + scope->path : diags.sources().name(scope->file.id)] = scope.get();
  }

  const Scope *add(const std::string &name, std::string text) {
    size_t before = diags.errorCount(), known = program->scopes.size();
    take(name, diags.sources().add(name, std::move(text)), "", true);
    for (size_t i = known; i < program->scopes.size(); ++i)
      checkNames(*program->scopes[i], diags);
    return diags.errorCount() == before ? program->scopes[known].get() : nullptr;
  }
  std::unique_ptr<Program> release() { return std::move(program); }

  std::unique_ptr<Program> run(const std::string &pathOrName) {
    FileId id = noFile;
    SourceManager::ReadStatus status = diags.sources().addFile(pathOrName, id);
    if (status == SourceManager::ReadStatus::Ok) {
      size_t slash = pathOrName.rfind('/');
      std::string folder = slash == std::string::npos ? "." : pathOrName.substr(0, slash);
      if (folder.empty())
        folder = "/";
      take(pathOrName, id, folder, false);
    } else if (const EmbeddedText *text = findEmbeddedText(pathOrName)) {
      takeEmbedded(*text);
    } else if (status == SourceManager::ReadStatus::TooLarge) {
      diags.report(DiagId::FileTooLarge, {}, {pathOrName, SourceManager::maxFileBytes});
      return nullptr;
    } else {
      std::vector<std::string> paths;
      for (const EmbeddedText &entry : embeddedTexts())
        paths.emplace_back(entry.path);
      Diagnostic &diag = diags.report(DiagId::FileNotFound, {}, {pathOrName, whyUnread(status)});
      if (std::string near = didYouMean(pathOrName, paths); !near.empty())
        diag.help(near);
      return nullptr;
    }
    for (const auto &scope : program->scopes)
      checkNames(*scope, diags);
    return std::move(program);
  }

private:
  /// A text being loaded, for circles.
  struct Open {
    std::string key;
    std::string path;
  };

  Scope *takeEmbedded(const EmbeddedText &text) {
    FileId id = diags.sources().add(fmt::format("<sinter>/{}.sinter", text.path), std::string(text.text));
    return take(std::string(text.path), id, "", true);
  }

  Scope *take(const std::string &path, FileId id, const std::string &folder, bool embedded) {
    program->scopes.push_back(std::make_unique<Scope>());
    Scope *scope = program->scopes.back().get();
    scope->path = path;
    scope->embedded = embedded;
    scope->file = parseFile(id, diags);
    std::string key = embedded ? "<sinter>/" + path : diags.sources().name(id);
    byKey[key] = scope;
    open.push_back({key, path});
    declare(*scope);
    for (const Decl &decl : scope->file.decls)
      if (const auto *import = decl.as<Import>())
        takeImport(*scope, *import, folder);
    open.pop_back();
    return scope;
  }

  void declare(Scope &scope) {
    for (const Decl &decl : scope.file.decls) {
      const Ident *name = decl.name();
      if (!name)
        continue;
      if (findBuiltin(name->text)) {
        diags.report(DiagId::HidesName, name->span, {name->text, "language"});
        continue;
      }
      auto [it, fresh] = scope.names.try_emplace(name->text, Declared{&decl, &scope, {}});
      if (!fresh)
        diags.report(DiagId::DuplicateName, name->span, {name->text})
            .label(it->second.decl->name()->span, "first declared here");
    }
  }

  void takeImport(Scope &scope, const Import &import, const std::string &folder) {
    const Scope *other = nullptr;
    if (!isImportPath(import.path))
      diags.report(DiagId::ImportPath, import.pathSpan, {import.path});
    else
      other = target(import, folder, scope.embedded);
    for (const Ident &name : import.names) {
      Declared meaning{nullptr, other, name.span};
      if (other)
        meaning.decl = exported(*other, name);
      auto [it, fresh] = scope.names.try_emplace(name.text, meaning);
      if (fresh)
        continue;
      Span first = it->second.importedAt.isValid() ? it->second.importedAt : it->second.decl->name()->span;
      diags.report(DiagId::DuplicateName, name.span, {name.text}).label(first, "first declared here");
    }
  }

  const Decl *exported(const Scope &other, const Ident &name) {
    const Declared *own = other.find(name.text);
    if (own && own->decl && own->scope == &other)
      return own->decl;
    Diagnostic &diag =
        diags.report(DiagId::ImportUnknownName, name.span, {name.text, diags.sources().name(other.file.id)});
    if (own && own->importedAt.isValid())
      diag.label(own->importedAt, "imported there, which does not pass it on");
    if (!diags.wantsSuggestions())
      return nullptr;
    std::vector<std::string> choices;
    for (const Decl &decl : other.file.decls)
      if (const Ident *declared = decl.name())
        choices.push_back(declared->text);
    if (std::string near = didYouMean(name.text, choices); !near.empty())
      diag.help(near);
    return nullptr;
  }

  /// The text an import names: beside the importing text's root, then built in.
  const Scope *target(const Import &import, const std::string &folder, bool embedded) {
    if (!embedded) {
      std::string path = folder + "/" + import.path + ".sinter";
      if (folder == ".")
        path = import.path + ".sinter";
      bool found = false;
      const Scope *scope = cached(path, import, found);
      if (found)
        return scope;
      FileId id = noFile;
      SourceManager::ReadStatus status = diags.sources().addFile(path, id);
      if (status == SourceManager::ReadStatus::Ok)
        return limits(import) ? take(import.path, id, folder, false) : nullptr;
      if (status != SourceManager::ReadStatus::NotFound) {
        diags.report(DiagId::FileNotFound, import.pathSpan, {path, whyUnread(status)});
        return nullptr;
      }
    }
    bool found = false;
    const Scope *scope = cached("<sinter>/" + import.path, import, found);
    if (found)
      return scope;
    if (const EmbeddedText *text = findEmbeddedText(import.path))
      return limits(import) ? takeEmbedded(*text) : nullptr;
    std::vector<std::string> paths;
    for (const EmbeddedText &entry : embeddedTexts())
      paths.emplace_back(entry.path);
    Diagnostic &diag = diags.report(DiagId::ImportNotFound, import.pathSpan, {import.path});
    if (std::string near = didYouMean(import.path, paths); !near.empty())
      diag.help(near);
    return nullptr;
  }

  bool limits(const Import &import) {
    if (open.size() < maxImportDepth && program->scopes.size() < maxTexts)
      return true;
    diags.report(DiagId::TooDeep, import.pathSpan, {maxImportDepth});
    return false;
  }

  const Scope *cached(const std::string &key, const Import &import, bool &found) {
    for (size_t i = 0; i < open.size(); ++i)
      if (open[i].key == key) {
        std::string circle;
        for (size_t j = i; j < open.size(); ++j)
          circle += open[j].path + " → ";
        diags.report(DiagId::ImportCycle, import.pathSpan, {circle + import.path});
        found = true;
        return nullptr;
      }
    auto it = byKey.find(key);
    found = it != byKey.end();
    return found ? it->second : nullptr;
  }

  DiagnosticEngine &diags;
  std::unique_ptr<Program> program;
  std::unordered_map<std::string, Scope *> byKey;
  std::vector<Open> open;
};

const Scope *Program::scopeOf(FileId file) const {
  for (const auto &scope : scopes)
    if (scope->file.id == file)
      return scope.get();
  return nullptr;
}

std::vector<const Decl *> Program::models() const {
  std::vector<const Decl *> result;
  for (const Decl &decl : root().file.decls) {
    const auto *module = decl.as<Module>();
    if (decl.is<ModelAlias>() || (module && module->isModel))
      result.push_back(&decl);
  }
  return result;
}

const Decl *Program::findModel(std::string_view name, DiagnosticEngine &diags) const {
  std::vector<std::string> choices;
  std::string all;
  for (const Decl *decl : models()) {
    if (decl->name()->text == name)
      return decl;
    choices.push_back(decl->name()->text);
    all += (all.empty() ? "" : ", ") + choices.back();
  }
  Diagnostic &diag = diags.report(DiagId::UnknownModel, {}, {name});
  diag.note(all.empty() ? fmt::format("{} declares no model", root().path)
                        : fmt::format("{} declares {}", root().path, all));
  if (std::string near = didYouMean(name, choices); !near.empty())
    diag.help(near);
  return nullptr;
}

const Scope *addText(Program &program, const std::string &name, std::string text, DiagnosticEngine &diags) {
  auto loaded = std::make_unique<Program>();
  loaded->scopes.swap(program.scopes);
  ProgramLoader loader(diags, std::move(loaded));
  const Scope *added = loader.add(name, std::move(text));
  program.scopes = std::move(loader.release()->scopes);
  return added;
}

std::unique_ptr<Program> loadProgram(const std::string &pathOrName, DiagnosticEngine &diags) {
  return ProgramLoader(diags).run(pathOrName);
}

} // namespace sinter::frontend
