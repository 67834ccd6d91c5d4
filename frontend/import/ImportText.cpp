// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See ImportText.h. The model is elaborated, which tells what each config was given; the root text is then changed by
// byte ranges, so that whatever nobody has to change stays as its author wrote it.
#include "frontend/import/ImportText.h"

#include "frontend/syntax/Format.h"
#include "frontend/syntax/Lexer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>

namespace sinter::frontend {

namespace {

// ---- values as a text says them ----

std::string quoted(const std::string &value) {
  std::string out = "\"";
  for (char c : value)
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  return out + "\"";
}

/// The shortest digits that give the same number back.
std::string written(double value) {
  std::string out = fmt::format("{}", value);
  if (size_t at = out.find("e-0"); at != std::string::npos)
    out.erase(at + 2, 1);
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

std::string written(const Datum &value, const HyperType &type) {
  if (value.isNone())
    return "none";
  if (const auto *held = value.as<bool>())
    return *held ? "true" : "false";
  if (const auto *held = value.as<std::string>())
    return quoted(*held);
  if (const ListValue *list = value.list()) {
    std::string out;
    for (const Datum &item : list->items)
      out += (out.empty() ? "" : ", ") + written(item, type.element ? *type.element : type);
    return "[" + out + "]";
  }
  if (const auto *held = value.as<int64_t>(); held && type.kind != HyperType::Kind::Float)
    return fmt::format("{}", *held);
  return written(value.number());
}

// ---- the import ----

class Importer {
public:
  Importer(const OpenedModel &opened, const FrontendOptions &options, DiagnosticEngine &diags)
      : program(*opened.program), root(program.root()), opened(opened), options(options), diags(diags),
        source(diags.sources().text(root.file.id)) {}

  std::optional<std::string> run() {
    ElaborateOptions wanted{opened.model, opened.config.get(), options.sets, options.functions, false, {}};
    Elaborator elaborator(program, std::move(wanted), nullptr, diags);
    if (!elaborator.run())
      return std::nullopt;
    const Decl *model = program.findModel(opened.model, diags);
    if (!model)
      return std::nullopt;
    for (const ConfigInstance &config : elaborator.configs())
      instances[config.setPrefix] = &config;
    if (auto top = instances.find(""); top != instances.end())
      if (std::string name = settle(*top->second); !name.empty())
        nameConfig(*model, name);
    if (const auto *alias = model->as<ModelAlias>(); alias && alias->variants.empty())
      model = unalias(*model, *alias);
    reach(*model);
    // The text is of one model: others that it is made of are modules here.
    for (const Decl *decl : reached)
      if (const auto *module = decl->as<Module>(); module && module->isModel && decl != model)
        change({root.file.id, decl->span.begin, decl->span.begin + uint32_t(std::string_view("model").size())}, "module");
    return format(assemble());
  }

private:
  struct Change {
    uint32_t end;
    std::string text;
  };

  void change(Span span, std::string text) { changes.insert_or_assign(span.begin, Change{span.end, std::move(text)}); }
  /// What follows stays in its column, as far as blanks allow.
  void changeInColumns(Span span, std::string value) {
    uint32_t width = span.end - span.begin;
    for (; span.end + 1 < source.size() && value.size() > width && source[span.end] == ' ' && source[span.end + 1] == ' '; ++width)
      ++span.end;
    bool isLast = span.end < source.size() && source[span.end] == '\n';
    if (!isLast && value.size() < width)
      value.resize(width, ' ');
    change(span, value);
  }
  bool isHere(const Span &span) const { return span.file == root.file.id; }
  std::string_view textOf(const Span &span) const { return diags.sources().text(span); }

  /// Makes the values of a config its defaults. Returns the config to name in its place, "" where it keeps its name.
  std::string settle(const ConfigInstance &config) {
    bool isOurs = isHere(config.decl->name.span) && claimed.insert(config.decl).second;
    std::vector<std::string> fields; // of the config in another text, or of one that others have already changed
    for (const auto &link : config.chain)
      for (const Field *field : fieldsOf(link.decl->members)) {
        auto found = config.values.find(field->name.text);
        if (found == config.values.end() || found->second.field != field)
          continue;
        if (field->type.kind == HyperType::Kind::Config)
          settleInner(config, *field, isOurs, fields);
        else if (found->second.isGiven)
          settleField(*field, written(found->second.value, field->type), isOurs, fields);
      }
    if (fields.empty())
      return "";
    std::string body;
    for (const std::string &field : fields)
      body += "  " + field + "\n";
    if (isOurs) {
      uint32_t brace = uint32_t(source.rfind('}', declOf(*config.decl)->span.end - 1));
      change({root.file.id, brace, brace}, body);
      return "";
    }
    needName(config);
    std::string name = "Imported" + config.decl->name.text;
    for (unsigned n = 2; root.find(name) || made.contains(name); ++n)
      name = "Imported" + config.decl->name.text + std::to_string(n);
    made.insert(name);
    added += "config " + name + " : " + config.decl->name.text + " {\n" + body + "}\n\n";
    return name;
  }

  void settleField(const Field &field, const std::string &value, bool isOurs, std::vector<std::string> &fields) {
    std::string_view before = field.defaultValue ? textOf(field.defaultValue->span) : "";
    if (before == value)
      return;
    if (!isOurs || !isHere(field.name.span)) {
      std::string outside = field.outside.empty() ? "" : " " + std::string(textOf(field.outside.span));
      fields.push_back(field.name.text + ": " + toString(field.type) + " = " + value + outside);
    } else if (field.defaultValue) {
      changeInColumns(field.defaultValue->span, value);
    } else {
      change({root.file.id, field.type.span.end, field.type.span.end}, " = " + value);
    }
  }

  void settleInner(const ConfigInstance &config, const Field &field, bool isOurs, std::vector<std::string> &fields) {
    auto inner = instances.find(config.setPrefix + field.name.text + ".");
    std::string name = inner == instances.end() ? "" : settle(*inner->second);
    if (name.empty())
      return;
    if (isOurs && isHere(field.name.span))
      change(field.type.config.span, name);
    else
      fields.push_back(field.name.text + ": " + name);
  }

  static std::vector<const Field *> fieldsOf(const std::vector<Member> &members) {
    std::vector<const Field *> out;
    for (const Member &member : members) {
      if (const auto *field = member.as<Field>())
        out.push_back(field);
      if (const auto *choice = member.as<MemberChoice>())
        for (const auto *branch : {&choice->thenMembers, &choice->elseMembers}) {
          std::vector<const Field *> more = fieldsOf(*branch);
          out.insert(out.end(), more.begin(), more.end());
        }
    }
    return out;
  }

  const Decl *declOf(const Config &config) const {
    for (const Decl &decl : root.file.decls)
      if (decl.as<Config>() == &config)
        return &decl;
    return nullptr;
  }

  /// The config's own name must be known here, to derive from it.
  void needName(const ConfigInstance &config) {
    const std::string &name = config.decl->name.text;
    if (!root.find(name) && made.insert(name).second)
      imports += "import " + name + " from " + quoted(config.chain.front().scope->path) + "\n";
  }

  /// A config of this text where the model named one of another.
  void nameConfig(const Decl &decl, const std::string &name) {
    if (const auto *alias = decl.as<ModelAlias>())
      change(alias->config.span, name);
    else if (const auto *module = decl.as<Module>())
      for (const HyperParam &param : module->params)
        if (param.type.kind == HyperType::Kind::Config)
          change(param.type.config.span, name);
  }

  /// `model A = B(C)` of one text: B under the name A, with the config C.
  const Decl *unalias(const Decl &decl, const ModelAlias &alias) {
    const Scope *scope = nullptr;
    const auto *base = root.findAs<Module>(alias.base.text, &scope);
    if (!base || scope != &root)
      return &decl;
    auto config = changes.find(alias.config.span.begin);
    std::string name = config == changes.end() ? alias.config.text : config->second.text;
    change(base->name.span, alias.name.text);
    for (const HyperParam &param : base->params)
      change(param.type.config.span, name);
    reachNames({alias.config.text});
    return root.find(alias.base.text)->decl;
  }

  void reachNames(const std::vector<std::string> &names) {
    for (const Decl &other : root.file.decls)
      if (other.name() && std::find(names.begin(), names.end(), other.name()->text) != names.end())
        reach(other);
  }

  /// Declarations whose names occur in what is reached.
  void reach(const Decl &decl) {
    if (!reached.insert(&decl).second)
      return;
    reachNames(namesIn(decl.span));
  }

  std::vector<std::string> namesIn(const Span &span) const {
    std::vector<std::string> names;
    for (const Token &token : lex(span.file, span.begin, span.end, diags).tokens)
      if (token.kind == TokenKind::Identifier)
        names.emplace_back(textOf({span.file, token.begin, token.end}));
    return names;
  }

  std::string changed(uint32_t begin, uint32_t end) const {
    std::string out;
    for (auto at = changes.lower_bound(begin); at != changes.end() && at->first < end; ++at) {
      out += source.substr(begin, at->first - begin);
      out += at->second.text;
      begin = at->second.end;
    }
    return out + std::string(source.substr(begin, end - begin));
  }

  /// The import without the names that nobody uses; "" without any.
  std::string trimmed(const Import &import, const std::set<std::string> &used) const {
    std::string names;
    for (const Ident &name : import.names)
      if (used.contains(name.text))
        names += (names.empty() ? "" : ", ") + name.text;
    return names.empty() ? "" : "import " + names + " from " + std::string(textOf(import.pathSpan));
  }

  std::string assemble() const {
    std::set<std::string> used;
    for (const Decl *decl : reached)
      for (const std::string &name : namesIn(decl->span))
        used.insert(name);
    for (const std::string &name : made)
      used.insert(name);
    for (const auto &[config, ignored] : instances) // a derived config names its parent
      used.insert(ignored->decl->name.text);
    std::string folder = opened.folder.empty() ? "" : std::filesystem::path(opened.folder + "/.").parent_path().filename().string();
    std::string out = "## " + opened.model + (folder.empty() ? "" : " as " + folder + " configures it") + ". Written by `sinter import`" +
                      (root.embedded ? " from the compiler's text \"" + root.path + "\"" : "") + ".\n";
    uint32_t at = 0;
    bool begun = false; // past the imports
    for (const Decl &decl : root.file.decls) {
      uint32_t begin = at, line = uint32_t(source.find('\n', decl.span.end));
      std::string_view rest = source.substr(decl.span.end, line - decl.span.end);
      size_t first = rest.find_first_not_of(" \t");
      at = line != uint32_t(std::string_view::npos) && (first == std::string_view::npos || rest[first] == '#') ? line : decl.span.end;
      if (const auto *import = decl.as<Import>()) {
        std::string kept = trimmed(*import, used);
        if (!kept.empty() || begin == 0) // what stands before the first is about the whole text
          out += std::string(source.substr(begin, decl.span.begin - begin));
        out += kept;
        continue;
      }
      if (!std::exchange(begun, true))
        out += "\n" + imports;
      if (!reached.contains(&decl))
        continue;
      if (decl.as<Config>() || decl.as<Module>() || decl.as<ModelAlias>())
        if (!std::exchange(placed, true) && !added.empty())
          out += "\n\n" + added;
      out += changed(begin, at);
    }
    return out + "\n";
  }

  std::optional<std::string> format(std::string text) {
    return formatText(diags.sources().add("the imported text", std::move(text)), diags);
  }

  const Program &program;
  const Scope &root;
  const OpenedModel &opened;
  const FrontendOptions &options;
  DiagnosticEngine &diags;
  std::string_view source;
  std::map<std::string, const ConfigInstance *> instances; ///< by prefix
  std::map<uint32_t, Change> changes;                      ///< by where they begin
  std::set<const Config *> claimed;                        ///< whose own text has values of one instance
  std::set<const Decl *> reached;
  std::set<std::string> made;
  std::string added, imports;
  mutable bool placed = false;
};

} // namespace

std::optional<std::string> importText(const FrontendOptions &options, DiagnosticEngine &diags) {
  std::optional<OpenedModel> opened = openModel(options, diags);
  if (!opened)
    return std::nullopt;
  return Importer(*opened, options, diags).run();
}

} // namespace sinter::frontend
