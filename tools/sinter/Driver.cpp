// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h. A text to code, a checkpoint to weights.
#include "tools/sinter/Crash.h"
#include "tools/sinter/DriverState.h"
#include "tools/sinter/Progress.h"
#include "tools/sinter/RandomValues.h"

#include "frontend/config/HfFolder.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "passes/Pipeline.h"
#include "sinter/sinter.h"

#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

using namespace mlir;

namespace sinter::tool {

void FreePages::operator()(uint8_t *pages) const { std::free(pages); }

bool Pages::allocate(uint64_t bytes) {
  size = bytes;
  // Large pages: kernels walk through weights, and each small page would cost a walk through the page tables.
  constexpr uint64_t largePage = uint64_t(1) << 21;
  uint64_t page = bytes >= largePage ? largePage : SINTER_PAGE, rounded = (bytes + page) / page * page;
  data.reset(static_cast<uint8_t *>(std::aligned_alloc(page, rounded)));
  if (!data)
    return false;
  if (page == largePage)
    madvise(data.get(), rounded, MADV_HUGEPAGE); // only a wish
  std::memset(data.get(), 0, rounded);
  return true;
}

Driver::Driver(const ModelOptions &options) : state(std::make_unique<State>(options)) {}
Driver::~Driver() = default;

codegen::Artifact &Driver::artifact() { return state->compiled.main; }
const Pages &Driver::weights() const { return state->weights; }

int Driver::loadText(const std::vector<std::string> &functions) {
  if (!state->remarks.isValid())
    return exitUsage;
  // Otherwise a slip in the name would mean the config's defaults, where no weights are read.
  if (const std::string &named = state->options.weights; !named.empty() && access(named.c_str(), F_OK) != 0)
    return fail(exitWorld, "cannot read " + named + ": " + std::strerror(errno));
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
  if (!state->options.weights.empty()) { // a checkpoint is of one model; `forward` is what `run` would call
    const std::vector<std::string> &named = state->options.functions;
    int code = loadText(named.empty() ? std::vector<std::string>{"forward"} : named);
    return code ? code : findWeights();
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
int Driver::runPasses(const std::function<void(OpPassManager &)> &build) {
  Phase phase("lower", replayOf(state->options, "kernel"));
  PassManager manager(&state->context);
  build(manager);
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

int Driver::lower() {
  return runPasses([](OpPassManager &manager) { buildPipeline(manager); });
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

/// As checkpoints begin: N(0, 0.02).
std::vector<float> randomParameter(const codegen::TensorInfo &arg) {
  size_t count = 1;
  for (const Dim &dim : arg.dims)
    count *= size_t(*dim.constant());
  std::vector<float> values(count);
  fillNormal(values.data(), count, 0.02, arg.name);
  return values;
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
  sinter_options options{threads, 1, 0};
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

int Driver::findWeights() {
  Phase phase("weights");
  bool needed = !state->options.randomWeights && !state->text.module->getOps<ir::ParameterOp>().empty();
  return needed ? state->bind() : int(exitOk);
}

int Driver::storedBytes(std::optional<uint64_t> &bytes) {
  std::string path = state->weightsPath(), error;
  auto has = [&](const char *file) { return access((path + file).c_str(), F_OK) == 0; };
  bool isExpected = !state->options.weights.empty() || has("/model.safetensors") || has("/model.safetensors.index.json");
  if (path.empty() || !isExpected)
    return exitOk;
  auto found = format::SafetensorsSet::open(path, error);
  if (!found)
    return fail(exitWorld, error);
  bytes = found->totalBytes();
  return exitOk;
}

int Driver::prepareWeights() {
  Phase phase("weights");
  Progress progress("preparing weights");
  const codegen::Artifact &prepare = state->compiled.prepare;
  if (!state->weights.allocate(artifact().weightBytes))
    return fail(exitWorld, "out of memory: " + std::to_string(artifact().weightBytes) + " bytes for the weights");
  if (prepare.functions.empty() || prepare.functions.front().results.empty()) // nothing is read from parameters
    return exitOk;
  std::vector<std::vector<float>> parameters;
  if (state->options.randomWeights) {
    for (const codegen::TensorInfo &arg : prepare.functions.front().args)
      parameters.push_back(randomParameter(arg));
    return runPrepare(prepare, artifact(), parameters, state->weights, state->options.threads);
  }
  if (int code = state->bind())
    return code;
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

int Driver::adapterRanges(std::vector<std::pair<uint64_t, uint64_t>> &ranges) {
  if (!state->text.parameters.overlay || !state->text.parameters.overlay->folder.empty())
    return fail(exitUsage, "--emit adapter wants adapters that are chosen row by row: several --adapter, or --adapter-slots");
  for (const frontend::BoundParameter &parameter : state->binding->parameters) {
    if (!parameter.isBound() || !llvm::is_contained(parameter.inMemory, true))
      continue;
    std::string name = parameter.entry->symbol + ".dense";
    size_t before = ranges.size();
    for (const codegen::PreparedWeight &weight : artifact().weights)
      if (weight.name == name)
        ranges.emplace_back(weight.offset, weight.bytes);
    if (ranges.size() == before)
      return fail(exitInternal, "the table " + parameter.entry->symbol + " is not among the weights as it is");
  }
  return exitOk;
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

} // namespace sinter::tool
