// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h. The only unit of the tool that includes MLIR.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Crash.h"
#include "tools/sinter/Progress.h"
#include "tools/sinter/Remarks.h"

#include "codegen/Compile.h"
#include "codegen/artifact/Print.h"
#include "codegen/cuda/PrintPointwise.h"
#include "codegen/plan/Planner.h"
#include "frontend/Frontend.h"
#include "frontend/config/HfFolder.h"
#include "frontend/resolve/Program.h"
#include "frontend/syntax/Printer.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "frontend/weights/BindWeights.h"
#include "ir/kernel/Kernel.h"
#include "ir/reference/Interpreter.h"
#include "ir/sinter/Sinter.h"
#include "passes/Pipeline.h"
#include "runtime/format/Safetensors.h"
#include "sinter/sinter.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlir;

namespace sinter::tool {

void FreePages::operator()(uint8_t *pages) const { std::free(pages); }

bool Pages::allocate(uint64_t bytes) {
  size = bytes;
  uint64_t rounded = (bytes + SINTER_PAGE) / SINTER_PAGE * SINTER_PAGE;
  data.reset(static_cast<uint8_t *>(std::aligned_alloc(SINTER_PAGE, rounded)));
  if (data)
    std::memset(data.get(), 0, rounded);
  return data != nullptr;
}

struct Driver::State {
  explicit State(const ModelOptions &options) : options(options) {
    context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, func::FuncDialect, arith::ArithDialect,
                        math::MathDialect>();
    context.disableMultithreading();
    remarks.listen(context);
    context.printOpOnDiagnostic(false); // a message and its place, not the op's generic form
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        ++errors;
      if (!mute)
        print(diagnostic);
    });
  }

  /// Messages of the later stages, in the house's form: one line, the text's place first.
  static void print(const Diagnostic &diagnostic) {
    const char *kind = diagnostic.getSeverity() == DiagnosticSeverity::Error     ? "error"
                       : diagnostic.getSeverity() == DiagnosticSeverity::Warning ? "warning"
                                                                                  : "note";
    say(kind, codegen::siteOf(diagnostic.getLocation()), diagnostic.str());
    for (const Diagnostic &note : diagnostic.getNotes())
      print(note);
  }

  /// Prints what the frontend reported. Errors make it `exitUserError`.
  int report() {
    std::string text = errorFormat() == ErrorFormat::Json ? diagnostics.renderJson() : diagnostics.render(isatty(2));
    if (!text.empty())
      std::fprintf(stderr, "%s", text.c_str());
    return diagnostics.hasErrors() ? exitUserError : exitOk;
  }

  frontend::FrontendOptions frontendOptions(const std::vector<std::string> &functions) const {
    frontend::FrontendOptions out;
    out.input = options.input;
    // A bare .safetensors file, or a folder with nothing but one, brings parameters and no hyperparameters.
    if (!options.weights.empty() && access((options.weights + "/config.json").c_str(), F_OK) == 0)
      out.weights = options.weights;
    out.model = options.model;
    out.sets = options.sets;
    out.functions = functions;
    return out;
  }

  std::string weightsPath() const { return options.weights.empty() ? text.folder : options.weights; }

  int bind() {
    if (binding)
      return exitOk;
    if (weightsPath().empty())
      return fail(exitUsage, "parameters are needed: give --weights DIR");
    std::string error;
    checkpoint = format::SafetensorsSet::open(weightsPath(), error);
    if (!checkpoint)
      return fail(exitUserError, error);
    binding = frontend::bindWeights(text.parameters, *checkpoint, diagnostics);
    return binding ? exitOk : report();
  }

  const ModelOptions options;
  Remarks remarks{options}; ///< outlives the context, which brings them
  size_t errors = 0; ///< that the context reported
  bool mute = false; ///< what the context reports is not for the user
  frontend::DiagnosticEngine diagnostics;
  MLIRContext context;
  frontend::CompiledText text;
  codegen::CompiledModel compiled;
  std::optional<format::SafetensorsSet> checkpoint;
  std::optional<frontend::WeightBinding> binding;
  Pages weights;
  Pages head; ///< the artifact's bytes while it runs from memory
};

Driver::Driver(const ModelOptions &options) : state(std::make_unique<State>(options)) {}
Driver::~Driver() = default;

codegen::Artifact &Driver::artifact() { return state->compiled.main; }
const Pages &Driver::weights() const { return state->weights; }

int Driver::loadText(const std::vector<std::string> &functions) {
  if (!state->remarks.isValid())
    return exitUsage;
  ModelOptions replay = state->options;
  replay.functions = functions;
  Phase phase("text", replayOf(replay, "sinter"));
  auto text = frontend::compileText(state->context, state->frontendOptions(functions), state->diagnostics);
  if (int code = state->report())
    return code;
  if (failed(text))
    return fail(exitInternal, "the text was refused without a diagnostic");
  state->text = std::move(*text);
  return exitOk;
}

int Driver::check() {
  if (!state->remarks.isValid())
    return exitUsage;
  if (state->remarks.isWanted()) { // only the passes know: one model, down to its kernels
    int code = loadText(state->options.functions);
    return code ? code : lower();
  }
  Phase phase("text");
  bool ok = frontend::checkText(state->frontendOptions(state->options.functions), state->diagnostics);
  int code = state->report();
  return code || ok ? code : fail(exitInternal, "the text was refused without a diagnostic");
}

namespace {

/// Where the pass manager writes a module and the passes that broke on it, or nowhere.
struct Reproducer final : ReproducerStream {
  explicit Reproducer(std::string name, std::unique_ptr<llvm::raw_ostream> stream)
      : name(std::move(name)), stream(std::move(stream)) {}
  StringRef description() override { return name; }
  llvm::raw_ostream &os() override { return *stream; }
  std::string name;
  std::unique_ptr<llvm::raw_ostream> stream;
};

/// SINTER_DEBUG_ABORT=pass: breaks behind the first pass, where only the pass manager's own rescue helps.
struct BreakBehindPass final : PassInstrumentation {
  void runAfterPass(Pass *, Operation *) override { Phase::breakIfAsked("pass"); }
};

} // namespace

/// A refusal has reported its error. A pass that breaks, or fails without a word, is our mistake: the module it began
/// with is kept, so that sinter-opt can run the same passes again.
int Driver::lower() {
  Phase phase("lower", replayOf(state->options, "kernel"));
  PassManager manager(&state->context);
  buildPipeline(manager);
  size_t errorsBefore = state->errors;
  std::string saved;
  manager.addInstrumentation(std::make_unique<BreakBehindPass>());
  manager.enableCrashReproducerGeneration([&](std::string &error) -> std::unique_ptr<ReproducerStream> {
    state->mute = true; // "Failures have been detected …" says nothing to a user
    if (state->errors > errorsBefore)
      return std::make_unique<Reproducer>("", std::make_unique<llvm::raw_null_ostream>());
    SmallString<128> path;
    int file = -1;
    if (llvm::sys::fs::createTemporaryFile("sinter-crash", "mlir", file, path)) {
      error = "no temporary file";
      return nullptr;
    }
    saved = path.str().str();
    return std::make_unique<Reproducer>(saved, std::make_unique<llvm::raw_fd_ostream>(file, /*shouldClose=*/true));
  });
  bool broke = failed(manager.run(*state->text.module));
  state->mute = false;
  if (!broke)
    return state->remarks.print(state->diagnostics.sources());
  if (state->errors > errorsBefore && saved.empty())
    return exitUserError;
  return Phase::reportBreak("lower", saved.empty() ? replayOf(state->options, "kernel") : "sinter-opt --run-reproducer " + saved);
}

int Driver::generate() {
  Phase phase("codegen", replayOf(state->options, "asm"));
  codegen::CompileOptions options;
  options.model = state->text.model;
  auto targets = cpu::parseTargets(state->options.target);
  if (!targets)
    return fail(exitUsage, llvm::toString(targets.takeError()));
  options.targets.assign(targets->begin(), targets->end());
  auto compiled = codegen::compileModel(*state->text.module, options);
  if (failed(compiled))
    return exitInternal;
  auto tokenizer = std::move(state->compiled.main.tokenizer);
  uint64_t embedTokens = state->compiled.main.embedTokens;
  state->compiled = std::move(*compiled);
  codegen::Artifact &main = state->compiled.main;
  main.tokenizer = std::move(tokenizer);
  main.embedTokens = embedTokens;
  main.contextTokens = uint64_t(state->text.contextTokens);
  main.parameters = state->text.counts.empty() ? 0 : uint64_t(state->text.counts.front().parameters);
  return exitOk;
}

// ---- weights ----

namespace {

/// The artifact without its weights, aligned as the runtime wants bytes in memory.
bool serializeToPages(const codegen::Artifact &artifact, Pages &pages) {
  std::vector<uint8_t> bytes = codegen::serialize(artifact, 0, false);
  if (!pages.allocate(bytes.size()))
    return false;
  std::memcpy(pages.data.get(), bytes.data(), bytes.size());
  return true;
}

/// Runs the artifact's only function, "prepare": inputs are parameters in float32, outputs the places in `weights`.
int runPrepare(const codegen::Artifact &prepare, const codegen::Artifact &main, std::vector<std::vector<float>> &parameters,
               Pages &weights, unsigned threads) {
  Pages pages;
  if (!serializeToPages(prepare, pages))
    return fail(exitWorld, "out of memory");
  sinter_artifact *artifact = nullptr;
  sinter_session *session = nullptr;
  sinter_error error;
  sinter_status status = sinter_artifact_from_memory(pages.data.get(), pages.size, nullptr, 0, &artifact, &error);
  sinter_options options{threads, 1};
  if (!status)
    status = sinter_session_create(artifact, &options, &session, &error);
  const codegen::FunctionInfo &function = prepare.functions.front();
  std::vector<sinter_input> inputs(function.args.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    inputs[i].data = parameters[i].data();
    inputs[i].dtype = SINTER_DTYPE_F32;
    inputs[i].rank = uint32_t(function.args[i].dims.size());
    for (size_t axis = 0; axis < function.args[i].dims.size(); ++axis)
      inputs[i].dims[axis] = *function.args[i].dims[axis].constant();
  }
  std::vector<sinter_output> outputs(function.results.size());
  for (size_t i = 0; i < outputs.size(); ++i)
    outputs[i] = {weights.data.get() + main.weights[i].offset, main.weights[i].bytes, SINTER_DTYPE_F32, 0, {}};
  if (!status)
    status = sinter_call(session, 0, inputs.data(), outputs.data(), &error);
  sinter_session_destroy(session);
  sinter_artifact_close(artifact);
  return status ? fail(exitInternal, std::string("preparing weights: ") + error.message) : int(exitOk);
}

} // namespace

int Driver::prepareWeights() {
  Phase phase("weights");
  Progress progress("preparing weights");
  const codegen::Artifact &prepare = state->compiled.prepare;
  if (!state->weights.allocate(artifact().weightBytes))
    return fail(exitWorld, "out of memory: " + std::to_string(artifact().weightBytes) + " bytes for the weights");
  if (prepare.functions.empty() || prepare.functions.front().results.empty()) // nothing is read from parameters
    return exitOk;
  if (int code = state->bind())
    return code;
  std::vector<std::vector<float>> parameters;
  for (const codegen::TensorInfo &arg : prepare.functions.front().args) {
    const frontend::BoundParameter *bound = state->binding->find(arg.name);
    if (!bound || !bound->isBound())
      return fail(exitInternal, "parameter " + arg.name + " is not bound");
    std::string error;
    parameters.emplace_back(bound->layers.size() * frontend::elementsPerLayer(*bound->entry));
    if (!frontend::materialize(*bound, *state->checkpoint, parameters.back().data(), error))
      return fail(exitWorld, error);
  }
  return runPrepare(prepare, artifact(), parameters, state->weights, state->options.threads);
}

int Driver::openArtifact(sinter_artifact **opened) {
  Phase phase("open");
  if (!serializeToPages(artifact(), state->head))
    return fail(exitWorld, "out of memory");
  sinter_error error;
  if (sinter_artifact_from_memory(state->head.data.get(), state->head.size, state->weights.data.get(),
                                  state->weights.size, opened, &error))
    return fail(exitInternal, error.message);
  return exitOk;
}

// ---- folder ----

int Driver::addTokenizer() {
  Phase phase("tokenizer");
  const std::string &folder = state->text.folder;
  if (folder.empty())
    return exitOk;
  codegen::Artifact &main = artifact();
  auto hf = frontend::HfFolder::open(folder, state->diagnostics);
  if (!hf)
    return state->report();
  if (llvm::is_contained(state->text.functions, "embed"))
    hf->checkPooling(state->diagnostics);
  main.embedTokens = uint64_t(state->text.contextTokens);
  if (auto limit = hf->maxSequenceLength(state->diagnostics))
    main.embedTokens = uint64_t(*limit);
  if (int code = state->report())
    return code;
  if (!tokenizer::hasTokenizer(folder))
    return exitOk;
  std::string error;
  auto compiled = tokenizer::compileFolder(folder, error);
  if (!compiled)
    return fail(exitUserError, error);
  main.tokenizer.assign(compiled->blob.begin(), compiled->blob.end());
  return exitOk;
}

// ---- stages as text ----

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
      auto size = extent.evaluate([&](std::string_view name) { return std::optional<int64_t>(name == "B" ? 1 : tokens); });
      work *= size.value_or(0);
    }
    for (Operation *parent = contract->getParentOp(); parent; parent = parent->getParentOp())
      if (auto repeat = dyn_cast<ir::RepeatOp>(parent))
        work *= repeat.getCount();
    total += work;
  });
  return total;
}

} // namespace

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

// ---- reference ----

namespace {

/// Every parameter in float64, read when it is asked for the first time.
class References {
public:
  References(const frontend::WeightBinding *binding, const format::SafetensorsSet *set, ModuleOp module)
      : binding(binding), set(set), module(module) {}

  const ir::RefTensor *find(StringRef symbol) {
    auto [it, isNew] = known.try_emplace(symbol.str());
    if (!isNew)
      return it->second.data.empty() ? nullptr : &it->second;
    const frontend::BoundParameter *bound = binding ? binding->find(symbol.str()) : nullptr;
    auto parameter = module.lookupSymbol<ir::ParameterOp>(symbol);
    if (!bound || !bound->isBound() || !parameter)
      return nullptr;
    ir::RefTensor &tensor = it->second;
    auto type = cast<ir::TensorType>(parameter.getType());
    for (const Dim &dim : type.getShapeDims())
      tensor.shape.push_back(*dim.constant());
    tensor.elementType = type.getElementType();
    tensor.data.resize(bound->layers.size() * frontend::elementsPerLayer(*bound->entry));
    std::string error;
    if (!frontend::materialize(*bound, *set, tensor.data.data(), error)) {
      fail(exitWorld, error);
      tensor.data.clear();
      return nullptr;
    }
    return &tensor;
  }

private:
  const frontend::WeightBinding *binding; ///< null where no parameter is read
  const format::SafetensorsSet *set;
  ModuleOp module;
  std::map<std::string, ir::RefTensor> known;
};

/// One symbol's size from the inputs given, where an axis is that symbol alone.
std::map<std::string, int64_t> sizesOf(func::FuncOp function, const std::map<std::string, Values> &inputs) {
  std::map<std::string, int64_t> sizes;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto found = inputs.find(function.getArgAttrOfType<StringAttr>(i, "sinter.name").str());
    auto type = cast<ir::TensorType>(function.getArgument(i).getType());
    if (found == inputs.end() || found->second.dims.size() != type.rank())
      continue;
    for (unsigned axis = 0; axis < type.rank(); ++axis)
      sizes.try_emplace(type.getDim(axis).str(), found->second.dims[axis]);
  }
  return sizes;
}

/// The argument's default, spread over its shape.
std::optional<ir::RefTensor> defaultOf(func::FuncOp function, unsigned i, const std::map<std::string, int64_t> &sizes) {
  auto value = function.getArgAttrOfType<FloatAttr>(i, "sinter.default");
  if (!value)
    return std::nullopt;
  ir::RefTensor tensor;
  int64_t count = 1;
  for (const Dim &dim : cast<ir::TensorType>(function.getArgument(i).getType()).getShapeDims()) {
    auto size = dim.evaluate([&](std::string_view name) -> std::optional<int64_t> {
      auto found = sizes.find(std::string(name));
      return found == sizes.end() ? std::nullopt : std::optional(found->second);
    });
    if (!size)
      return std::nullopt;
    tensor.shape.push_back(*size);
    count *= *size;
  }
  tensor.data.assign(size_t(count), value.getValueAsDouble());
  return tensor;
}

} // namespace

int Driver::interpret(const std::string &name, const std::map<std::string, Values> &inputs,
                      std::vector<std::pair<std::string, Values>> &results) {
  auto function = state->text.module->lookupSymbol<func::FuncOp>(name);
  if (!function)
    return fail(exitInternal, "function " + name + " was not emitted");
  bool needsWeights = !state->text.module->getOps<ir::ParameterOp>().empty();
  if (int code = needsWeights ? state->bind() : int(exitOk))
    return code;
  std::vector<std::string> names;
  std::map<std::string, int64_t> sizes = sizesOf(function, inputs);
  std::vector<ir::RefTensor> arguments;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    names.push_back(function.getArgAttrOfType<StringAttr>(i, "sinter.name").str());
    if (auto found = inputs.find(names.back()); found != inputs.end())
      arguments.push_back({found->second.dims, Type(), found->second.data});
    else if (auto value = defaultOf(function, i, sizes))
      arguments.push_back(std::move(*value));
    else
      return fail(exitUserError, "argument '" + names.back() + "' has no default: give it with --in " + names.back() + "=FILE.npy");
  }
  for (const auto &[given, values] : inputs)
    if (!llvm::is_contained(names, given))
      return fail(exitUserError, "--in " + given + ": the function has no such argument; it has " + llvm::join(names, ", "));
  References parameters(state->binding ? &*state->binding : nullptr, state->checkpoint ? &*state->checkpoint : nullptr,
                        *state->text.module);
  auto evaluated = ir::evaluateFunction(function, arguments, [&](StringRef symbol) { return parameters.find(symbol); });
  if (failed(evaluated))
    return exitUserError;
  for (auto [i, tensor] : llvm::enumerate(*evaluated)) {
    std::string name = function.getResultAttrOfType<StringAttr>(i, "sinter.name").str();
    if (!llvm::all_of(tensor.data, [](double value) { return std::isfinite(value); }) && !state->options.allowNotFinite)
      return fail(exitUserError, "result '" + name + "' holds NaN or infinity (--allow-not-finite lets it pass)");
    results.push_back({name, {tensor.shape, std::move(tensor.data)}});
  }
  return exitOk;
}

} // namespace sinter::tool
