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

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <thread>

using namespace mlir;

namespace sinter::tool {

void FreePages::operator()(uint8_t *pages) const {
  if (mapped)
    munmap(pages, mapped);
}

bool Pages::allocate(uint64_t bytes) {
  size = bytes;
  // Large pages: kernels walk through weights, and each small page would cost a walk through the page tables.
  constexpr uint64_t largePage = uint64_t(1) << 21;
  uint64_t page = bytes >= largePage ? largePage : SINTER_PAGE, rounded = (bytes + page) / page * page;
  void *room = mmap(nullptr, rounded + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED)
    return false;
  uint64_t first = reinterpret_cast<uint64_t>(room), start = (first + page - 1) / page * page;
  if (start > first)
    munmap(room, start - first);
  auto *pages = reinterpret_cast<uint8_t *>(start);
  if (first + page > start)
    munmap(pages + rounded, first + page - start);
  if (page == largePage)
    madvise(pages, rounded, MADV_HUGEPAGE); // only a wish
  data = {pages, FreePages{rounded}};
  return true;
}

void Pages::borrow(uint8_t *bytes, uint64_t count) {
  data = {bytes, FreePages{}};
  size = count;
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
  PipelineOptions pipeline;
  pipeline.weights = state->options.weightsDtype;
  pipeline.cache = state->options.cacheDtype;
  if (pipeline.weights == "stored" && state->hasCheckpoint() && !state->text.module->getOps<ir::ParameterOp>().empty()) {
    if (int code = state->bind())
      return code;
    pipeline.storedAs = [this](StringRef name) -> std::string {
      const frontend::BoundParameter *bound = state->binding->find(name.str());
      if (!bound || !bound->isBound())
        return "";
      format::DType type = bound->layers.front()->dtype;
      for (const format::TensorView *layer : bound->layers)
        if (layer->dtype != type)
          return "";
      return type == format::DType::BF16 ? "bf16" : type == format::DType::F16 ? "f16" : "f32";
    };
  }
  // Where NaN is traced to an operation, each one has a kernel of its own.
  bool isPlain = state->options.traceNan == "ops";
  return runPasses([&](OpPassManager &manager) {
    if (!isPlain)
      return buildPipeline(manager, pipeline);
    buildSimplifyPhase(manager);
    buildLowerPhase(manager);
    buildPreparePhase(manager, pipeline);
  });
}

int Driver::generate() {
  Phase phase("codegen", replayOf(state->options, "asm"));
  codegen::CompileOptions options;
  options.model = state->text.model;
  auto targets = cpu::parseTargets(state->options.target);
  if (!targets)
    return fail(exitUsage, llvm::toString(targets.takeError()));
  options.targets.assign(targets->begin(), targets->end());
  auto compiled = state->compile(options);
  if (failed(compiled))
    return exitInternal;
  auto tokenizer = std::move(state->compiled.main.tokenizer);
  auto generation = std::move(state->compiled.main.generation), chat = std::move(state->compiled.main.chat);
  uint64_t embedTokens = state->compiled.main.embedTokens;
  state->compiled = std::move(*compiled);
  codegen::Artifact &main = state->compiled.main;
  main.tokenizer = std::move(tokenizer);
  main.generation = std::move(generation);
  main.chat = std::move(chat);
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

/// A parameter in float32, as @prepare reads it. Each is filled once, so nothing is cleared first.
using Parameters = std::vector<Pages>;

bool allocateParameters(const codegen::Artifact &prepare, Parameters &parameters) {
  for (const codegen::TensorInfo &arg : prepare.functions.front().args) {
    uint64_t count = 1;
    for (const Dim &dim : arg.dims)
      count *= uint64_t(*dim.constant());
    if (!parameters.emplace_back().allocate(count * sizeof(float)))
      return false;
  }
  return true;
}

float *floatsOf(const Pages &pages) { return reinterpret_cast<float *>(pages.data.get()); }

/// Several threads take one parameter after the other: reading is copying, and fresh memory is slow to come by.
int readParameters(const codegen::Artifact &prepare, const frontend::WeightBinding &binding,
                   const format::SafetensorsSet &checkpoint, Parameters &parameters, unsigned threads) {
  const auto &args = prepare.functions.front().args;
  std::vector<const frontend::BoundParameter *> bound;
  for (const codegen::TensorInfo &arg : args) {
    bound.push_back(binding.find(arg.name));
    if (!bound.back() || !bound.back()->isBound())
      return fail(exitInternal, "parameter " + arg.name + " is not bound");
    if (bound.back()->layers.size() * frontend::elementsPerLayer(*bound.back()->entry) * sizeof(float) != parameters[bound.size() - 1].size)
      return fail(exitInternal, "parameter " + arg.name + " has another size than its tensors");
  }
  std::atomic<size_t> next = 0;
  std::vector<std::string> errors(std::max(1u, std::min(threads, 4u)));
  auto work = [&](std::string &error) {
    for (size_t i; error.empty() && (i = next++) < bound.size();)
      frontend::materialize(*bound[i], checkpoint, floatsOf(parameters[i]), error);
  };
  std::vector<std::thread> helpers;
  for (size_t i = 1; i < errors.size(); ++i)
    helpers.emplace_back(work, std::ref(errors[i]));
  work(errors.front());
  for (std::thread &helper : helpers)
    helper.join();
  for (const std::string &error : errors)
    if (!error.empty())
      return fail(exitWorld, error);
  return exitOk;
}

/// Runs the artifact's only function, "prepare": inputs are parameters in float32, outputs the places in `weights`.
int runPrepare(const codegen::Artifact &prepare, const codegen::Artifact &main, const Parameters &parameters,
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
    inputs[i].data = parameters[i].data.get();
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
  if (path.empty() || !(state->hasCheckpoint() || !state->options.weights.empty()))
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
  bool isRandom = state->options.randomWeights;
  if (prepare.functions.empty() || prepare.functions.front().results.empty()) // nothing is read from parameters
    return state->weights.allocate(artifact().weightBytes) ? exitOk : fail(exitWorld, "out of memory");
  if (int code = isRandom ? int(exitOk) : state->bind())
    return code;
  if (state->findPrepared())
    return exitOk;
  Parameters parameters;
  if (!state->allocateWeights() || !allocateParameters(prepare, parameters))
    return fail(exitWorld, "out of memory: " + std::to_string(artifact().weightBytes) + " bytes for the weights, and as many to make them");
  const auto &args = prepare.functions.front().args;
  for (size_t i = 0; isRandom && i < args.size(); ++i) // as checkpoints begin
    fillNormal(floatsOf(parameters[i]), parameters[i].size / sizeof(float), 0.02, args[i].name);
  unsigned threads = state->options.threads;
  if (!isRandom)
    if (int code = readParameters(prepare, *state->binding, *state->checkpoint, parameters, threads ? threads : std::thread::hardware_concurrency()))
      return code;
  if (int code = runPrepare(prepare, artifact(), parameters, state->weights, threads))
    return code;
  state->keepPrepared();
  return exitOk;
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
  return state->compileTokenizer(folder, main.tokenizer, error) ? int(exitOk) : fail(exitUserError, error);
}

} // namespace sinter::tool
