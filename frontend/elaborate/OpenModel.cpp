// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folders and files to models; the tables that are read off an elaborated model.
#include "frontend/elaborate/OpenModel.h"

#include "frontend/resolve/EmbeddedTexts.h"

#include <cctype>
#include <filesystem>
#include <fmt/format.h>

namespace sinter::frontend {

namespace {

bool isFolder(const std::string &path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

/// What the file of a new model would be called: gptj for GPTJForCausalLM.
std::string fileNameFor(std::string_view model) {
  std::string name;
  for (char c : model.substr(0, model.find("For")))
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.empty() ? "new" : name;
}

/// The built-in text that declares a model.
std::unique_ptr<Program> loadByModel(const std::string &name, const HfFolder &folder, bool fromFolder,
                                     DiagnosticEngine &diags) {
  if (const EmbeddedModel *found = findEmbeddedModel(name))
    return loadProgram(std::string(found->path), diags);
  if (fromFolder) {
    std::string file = fileNameFor(name);
    diags.report(DiagId::UnknownModel, folder.architectureSpan(diags), {name})
        .at("no text inside the compiler declares it")
        .help(fmt::format("write {0}.sinter with `model {1}(c: …) {{ … }}` (docs/adding-a-model.md says how) and name it: "
                          "`sinter run {0}.sinter --weights {2}`",
                          file, name, folder.path()))
        .help(fmt::format("as models/{}.sinter in the source of the compiler it is found by every such folder", file));
    return nullptr;
  }
  std::vector<std::string> names;
  for (const EmbeddedModel &model : embeddedModels())
    names.emplace_back(model.name);
  Diagnostic &report = diags.report(DiagId::UnknownModel, {}, {name});
  report.note("no built-in text declares it; name a .sinter file, and the folder with --weights");
  if (std::string near = didYouMean(name, names); !near.empty())
    report.help(near);
  return nullptr;
}

std::string modelOfFile(const Program &program, const FrontendOptions &options, const HfFolder *config,
                        DiagnosticEngine &diags) {
  if (!options.model.empty())
    return options.model;
  std::vector<const Decl *> models = program.models();
  if (config) {
    std::string named = config->architecture();
    for (const Decl *decl : models)
      if (decl->name()->text == named)
        return named;
    if (!named.empty() && models.size() != 1)
      return named; // an error that lists the choices
  }
  if (models.size() == 1)
    return models[0]->name()->text;
  std::string all;
  for (const Decl *decl : models)
    all += (all.empty() ? "" : ", ") + decl->name()->text;
  diags.report(DiagId::WhichModel, {}, {program.root().path, int64_t(models.size())})
      .note(all.empty() ? "a model is declared with `model Name(c: Config) { … }`" : "it declares " + all);
  return "";
}

} // namespace

std::optional<OpenedModel> openModel(const FrontendOptions &options, DiagnosticEngine &diags) {
  OpenedModel opened;
  if (isFolder(options.input)) {
    opened.config = HfFolder::open(options.input, diags);
    if (!opened.config)
      return std::nullopt;
    std::string architecture = opened.config->architecture();
    if (architecture.empty())
      architecture = options.model.empty() ? opened.config->requireArchitecture(diags) : options.model;
    if (architecture.empty())
      return std::nullopt;
    // --model may pick another model of the same text, or of any when the folder's is unknown.
    if (!findEmbeddedModel(architecture) && !options.model.empty())
      architecture = options.model;
    opened.program = loadByModel(architecture, *opened.config, architecture != options.model, diags);
    opened.model = options.model.empty() ? architecture : options.model;
    opened.folder = options.weights.value_or(options.input);
    opened.config->weightsLieAt(opened.folder);
  } else {
    opened.program = loadProgram(options.input, diags);
    if (opened.program && options.weights) {
      opened.config = HfFolder::open(*options.weights, diags);
      opened.folder = *options.weights;
      if (!opened.config)
        return std::nullopt;
    }
    if (opened.program && !diags.hasErrors())
      opened.model = modelOfFile(*opened.program, options, opened.config.get(), diags);
  }
  if (!opened.program || diags.hasErrors() || opened.model.empty())
    return std::nullopt;
  if (!options.adapters.folders.empty() && !applyAdapters(opened, options, diags))
    return std::nullopt;
  return opened;
}

ElaborateOptions elaborateOptions(const OpenedModel &opened, const FrontendOptions &options) {
  ElaborateOptions wanted;
  wanted.model = opened.model;
  wanted.folder = opened.config.get();
  wanted.sets = options.sets;
  wanted.functions = options.functions;
  wanted.foldDefaults = options.foldDefaults;
  wanted.given = options.given;
  wanted.variants = opened.variants;
  wanted.adapters = opened.adapters;
  return wanted;
}

std::vector<ModuleCount> countParameters(const Elaborator &elaborator) {
  std::vector<ModuleCount> result;
  auto visit = [&](auto &self, const Instance &instance) -> int64_t {
    size_t at = result.size();
    result.push_back({instance.path, instance.what, instance.depth, 0});
    int64_t total = 0;
    for (const Parameter *parameter : instance.parameters)
      if (!parameter->tiedTo && parameter->reached)
        total += parameter->count();
    for (const Instance *child : instance.children)
      total += self(self, *child);
    result[at].parameters = total;
    return total;
  };
  if (elaborator.root())
    visit(visit, *elaborator.root());
  return result;
}

ParameterTable makeParameterTable(Elaborator &elaborator, const std::vector<ParameterStack> &stacks) {
  ParameterTable table;
  if (elaborator.adapters())
    table.overlay = elaborator.adapters()->overlay;
  const auto &parameters = elaborator.parameters();
  std::vector<const ParameterStack *> stackOf(parameters.size(), nullptr);
  for (const ParameterStack &stack : stacks)
    for (unsigned member : stack.members)
      stackOf[member] = &stack;
  std::set<const ParameterStack *> done;
  auto addLayer = [&](ParameterEntry &entry, const Parameter &parameter) {
    if (table.overlay)
      entry.overlay.push_back(elaborator.overlayRule(parameter));
    entry.frozen.push_back(parameter.frozen);
    if (parameter.initial)
      entry.initial = spelling(*parameter.initial);
    entry.candidates.push_back(parameter.candidates);
    entry.tied.emplace_back();
    for (const Parameter *other : parameter.tied)
      entry.tied.back().push_back(other->candidates);
    entry.required |= parameter.required;
  };
  for (const Parameter &parameter : parameters) {
    const ParameterStack *stack = stackOf[parameter.index];
    if (parameter.tiedTo || (stack && !done.insert(stack).second))
      continue;
    ParameterEntry &entry = table.parameters.emplace_back();
    entry.symbol = stack ? stack->symbol : parameter.path;
    entry.path = stack ? stack->symbol : parameter.path;
    entry.declared = parameter.decl->name.span;
    entry.required = false;
    for (const Axis &axis : parameter.axes)
      entry.dims.push_back(axis.extent.constant().value_or(0));
    if (!stack)
      addLayer(entry, parameter);
    else
      for (unsigned member : stack->members)
        addLayer(entry, parameters[member]);
    bool anyTied = false;
    for (const auto &tied : entry.tied)
      anyTied |= !tied.empty();
    if (!anyTied)
      entry.tied.clear();
  }
  table.ignores = elaborator.ignores();
  return table;
}

bool checkText(const FrontendOptions &options, DiagnosticEngine &diags) {
  auto check = [&](const Program &program, ElaborateOptions wanted) {
    Elaborator elaborator(program, std::move(wanted), nullptr, diags);
    if (elaborator.run())
      elaborator.ignores();
  };
  bool oneModel =
      isFolder(options.input) || !options.model.empty() || options.weights || !options.adapters.folders.empty();
  if (oneModel) {
    if (std::optional<OpenedModel> opened = openModel(options, diags))
      check(*opened->program, elaborateOptions(*opened, options));
    return !diags.hasErrors();
  }
  std::unique_ptr<Program> program = loadProgram(options.input, diags);
  if (!program || diags.hasErrors())
    return false;
  for (const Decl *decl : program->models())
    check(*program,
          {decl->name()->text, nullptr, options.sets, options.functions, options.foldDefaults, options.given, {}, {}});
  return !diags.hasErrors();
}

} // namespace sinter::frontend
