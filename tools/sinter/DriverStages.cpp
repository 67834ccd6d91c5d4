// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h. What people read of a model: stages as text, facts.
#include "tools/sinter/Crash.h"
#include "tools/sinter/DriverState.h"
#include "tools/sinter/GraphDump.h"

#include "codegen/artifact/Print.h"
#include "codegen/cuda/Print.h"
#include "frontend/import/ImportText.h"
#include "frontend/resolve/Program.h"
#include "frontend/syntax/Printer.h"
#include "passes/Pipeline.h"

#include "mlir/Pass/PassManager.h"

#include <nlohmann/json.hpp>

#include <map>
#include <sys/stat.h>

using namespace mlir;

namespace sinter::tool {

int Driver::printStage(const std::string &stage, std::string &out) {
  Phase phase("print", replayOf(state->options, stage));
  llvm::raw_string_ostream stream(out);
  if (stage == "ast") {
    // A folder names a text; any other text need not hold a model to be printed.
    struct stat info;
    bool isFolder = stat(state->options.input.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
    std::unique_ptr<frontend::Program> program;
    if (!isFolder)
      program = frontend::loadProgram(state->options.input, state->diagnostics);
    else if (auto opened = frontend::openModel(state->frontendOptions({}), state->diagnostics))
      program = std::move(opened->program);
    if (int code = state->report())
      return code;
    out = frontend::print(program->root().file);
    return exitOk;
  }
  if (stage == "sinter") {
    state->text.module->print(stream);
    return exitOk;
  }
  if (int code = lower())
    return code;
  if (stage == "kernel") {
    state->text.module->print(stream);
    return exitOk;
  }
  if (stage == "plan") {
    if (int code = generate())
      return code;
    out = codegen::printPlan(artifact());
    return exitOk;
  }
  if (stage == "cuda") {
    auto printed = cuda::printModule(*state->text.module, state->options.target);
    if (!printed)
      return fail(exitUsage, llvm::toString(printed.takeError()));
    out = std::move(*printed);
    return exitOk;
  }
  codegen::CompileOptions options;
  auto targets = cpu::parseTargets(state->options.target);
  if (!targets)
    return fail(exitUsage, llvm::toString(targets.takeError()));
  options.targets.assign(targets->begin(), targets->end());
  Phase inner("codegen");
  auto printed = codegen::printStage(*state->text.module, options, stage);
  if (failed(printed))
    return exitInternal;
  out = std::move(*printed);
  return exitOk;
}

int Driver::importedText(std::string &out) {
  Phase phase("import");
  auto text = frontend::importText(state->frontendOptions({}), state->diagnostics);
  if (int code = state->report())
    return code;
  if (!text)
    return fail(exitInternal, "the text was refused without a diagnostic");
  out = std::move(*text);
  return exitOk;
}

// ---- facts ----

namespace {

/// 2 x multiply-adds of all contractions, bodies of repeats counted as often as they run; -1 when a size is unknown.
int64_t flopsOf(func::FuncOp function, int64_t tokens) {
  int64_t total = 0;
  function.walk([&](ir::ContractOp contract) {
    auto [lhs, rhs, result] = contract.getLabelParts();
    std::map<char, Dim> extents;
    for (auto [labels, value] : {std::pair(lhs, contract.getLhs()), std::pair(rhs, contract.getRhs())})
      for (auto [axis, label] : llvm::enumerate(labels))
        extents[label] = cast<ir::TensorType>(value.getType()).getDim(axis);
    int64_t work = 2;
    for (const auto &[label, extent] : extents) {
      auto size =
          extent.evaluate([&](std::string_view name) { return std::optional<int64_t>(name == "B" ? 1 : tokens); });
      work *= size.value_or(0);
    }
    for (Operation *parent = contract->getParentOp(); parent; parent = parent->getParentOp())
      if (auto repeat = dyn_cast<ir::RepeatOp>(parent))
        work *= repeat.getCount();
    total += work;
  });
  return total;
}

/// Where an argument's numbers index tables: the smallest one's rows. 0 where they index none.
int64_t idLimitOf(Value value) {
  int64_t limit = 0;
  auto shrink = [&](std::optional<int64_t> rows) {
    if (rows && *rows > 0 && (limit == 0 || *rows < limit))
      limit = *rows;
  };
  for (Operation *user : value.getUsers())
    if (auto gather = dyn_cast<ir::kernel::GatherOp>(user); gather && gather.getIds() == value)
      shrink(cast<ir::kernel::BufferType>(gather.getTable().getType()).getDim(0).constant());
    else if (auto move = dyn_cast<ir::kernel::MoveOp>(user))
      shrink(idLimitOf(move.getResult()));
  return limit;
}

} // namespace

std::vector<std::string> Driver::sizeNames(const std::string &function) {
  std::vector<std::string> names;
  if (auto found = state->text.module->lookupSymbol<func::FuncOp>(function))
    for (Type type : found.getArgumentTypes())
      for (const Dim &dim : cast<ir::TensorType>(type).getShapeDims()) {
        auto symbols = dim.symbols();
        if (symbols.size() == 1 && *symbols.begin() == dim.str() && !llvm::is_contained(names, dim.str()))
          names.push_back(dim.str());
      }
  return names;
}

std::vector<int64_t> Driver::idLimits(const std::string &function) {
  std::vector<int64_t> limits;
  if (auto found = state->text.module->lookupSymbol<func::FuncOp>(function))
    for (BlockArgument argument : found.getArguments())
      limits.push_back(idLimitOf(argument));
  return limits;
}

int Driver::facts(long tokens, Facts &facts) {
  ModuleOp module = *state->text.module;
  facts.model = state->text.model;
  facts.contextTokens = state->text.contextTokens;
  for (const frontend::ModuleCount &count : state->text.counts)
    if (count.depth == 0)
      facts.parameters = count.parameters;
    else
      facts.modules.push_back({count.path, count.what, count.depth, count.parameters});
  for (auto function : module.getOps<func::FuncOp>())
    facts.flops[function.getName().str()] = flopsOf(function, tokens);
  return exitOk;
}

// ---- graph ----

namespace {

/// The text of "bert.sinter:41", without its indentation.
std::string lineOf(const frontend::SourceManager &sources, const std::string &place) {
  size_t colon = place.rfind(':');
  uint32_t number = uint32_t(std::strtoul(place.c_str() + colon + 1, nullptr, 10));
  for (frontend::FileId id = 0; id < sources.fileCount(); ++id) {
    const std::string &name = sources.name(id);
    if (name.substr(name.rfind('/') + 1) == place.substr(0, colon) && number >= 1 && number <= sources.lineCount(id))
      return StringRef(sources.line(id, number)).trim().str();
  }
  return "";
}

} // namespace

std::string Driver::lineAt(const std::string &place) const {
  size_t first = place.find(':'), second = place.find(':', first + 1);
  return first == std::string::npos ? "" : lineOf(state->diagnostics.sources(), place.substr(0, second));
}

int Driver::graph(const std::string &after, const std::string &function, nlohmann::ordered_json &out) {
  std::set<std::string> lines;
  out = {{"model", state->text.model}, {"function", function}, {"phases", nlohmann::ordered_json::array()}};
  auto dump = [&](const std::string &name) {
    auto found = state->text.module->lookupSymbol<func::FuncOp>(function);
    out["phases"].push_back({{"name", name}, {"graph", dumpGraph(found, lines)}});
  };
  dump("text");
  using Build = void (*)(OpPassManager &);
  const std::pair<const char *, Build> phases[] = {{"simplify", buildSimplifyPhase},
                                                   {"raise", buildRaisePhase},
                                                   {"lower", buildLowerPhase},
                                                   {"fuse", buildFusePhase},
                                                   {"prepare", buildPreparePhase}};
  for (const auto &[name, build] : phases) {
    if (int code = runPasses(build))
      return code;
    dump(name);
    if (after == name)
      break;
  }
  for (const std::string &line : lines)
    out["lines"][line] = lineOf(state->diagnostics.sources(), line);
  return exitOk;
}

} // namespace sinter::tool
