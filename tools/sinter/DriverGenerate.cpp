// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h. What generating wants beside the functions: a folder's numbers and tokens, its chat template, and how a
// causal function is called where there is no cache.
#include "tools/sinter/Crash.h"
#include "tools/sinter/DriverState.h"

#include "frontend/chat/Chat.h"
#include "frontend/config/HfFolder.h"
#include "passes/Passes.h"

#include "mlir/Pass/PassManager.h"

#include <cstring>

using namespace mlir;

namespace sinter::tool {

namespace {

/// The one causal function that generation goes on from.
constexpr const char *causalFunction = "forward";

/// Section GENERATION: the head, then its tables.
class Section {
public:
  explicit Section(size_t head) : bytes(head) {}
  SinterTable tokens(const std::vector<int32_t> &list) {
    SinterTable table{uint32_t(bytes.size()), uint32_t(list.size())};
    const auto *from = reinterpret_cast<const uint8_t *>(list.data());
    bytes.insert(bytes.end(), from, from + list.size() * sizeof(int32_t));
    return table;
  }
  SinterTable text(const void *data, size_t size) {
    bytes.resize((bytes.size() + 7) / 8 * 8);
    SinterTable table{uint32_t(bytes.size()), uint32_t(size)};
    bytes.insert(bytes.end(), static_cast<const uint8_t *>(data), static_cast<const uint8_t *>(data) + size);
    return table;
  }
  template <typename Head> std::vector<uint8_t> finish(const Head &head) {
    std::memcpy(bytes.data(), &head, sizeof(head));
    return std::move(bytes);
  }

private:
  std::vector<uint8_t> bytes;
};

std::vector<uint8_t> generationSection(const frontend::GenerationConfig &config, uint32_t extend, uint32_t begin,
                                       uint32_t window) {
  Section section(sizeof(SinterGeneration));
  SinterGeneration head{};
  head.extend = extend;
  head.begin = begin;
  head.window = window;
  head.bos = config.bos;
  head.pad = config.pad;
  head.decoderStart = config.decoderStart;
  head.forcedFirst = config.forcedFirst;
  head.forcedLast = config.forcedLast;
  head.eos = section.tokens(config.eos);
  head.suppressed = section.tokens(config.suppressed);
  head.suppressedFirst = section.tokens(config.suppressedFirst);
  std::vector<int32_t> words;
  for (const std::vector<int32_t> &word : config.badWords) {
    words.push_back(int32_t(word.size()));
    words.insert(words.end(), word.begin(), word.end());
  }
  head.badWords = section.tokens(words);
  head.sampling = config.sampling;
  head.topK = config.topK;
  head.beams = config.beams;
  head.returned = config.returned;
  head.earlyStopping = config.earlyStopping;
  head.noRepeatNgram = config.noRepeatNgram;
  head.minNewTokens = config.minNewTokens;
  head.maxNewTokens = config.maxNewTokens;
  head.minLength = config.minLength;
  head.maxLength = config.maxLength;
  head.temperature = float(config.temperature);
  head.topP = float(config.topP);
  head.minP = float(config.minP);
  head.epsilonCutoff = float(config.epsilonCutoff);
  head.etaCutoff = float(config.etaCutoff);
  head.repetitionPenalty = float(config.repetitionPenalty);
  head.lengthPenalty = float(config.lengthPenalty);
  return section.finish(head);
}

std::vector<uint8_t> chatSection(const std::vector<uint32_t> &blob, const std::string &variables) {
  Section section(sizeof(SinterChat));
  SinterChat head{};
  head.blob = section.text(blob.data(), blob.size() * sizeof(uint32_t));
  head.variables = section.text(variables.c_str(), variables.size() + 1);
  return section.finish(head);
}

/// The number of the artifact's function of that name.
uint32_t functionNumber(const codegen::Artifact &artifact, const char *name) {
  for (size_t i = 0; i < artifact.functions.size(); ++i)
    if (artifact.functions[i].name == name)
      return uint32_t(i);
  return SINTER_NONE;
}

} // namespace

bool Driver::generates() const { return bool(state->text.module->lookupSymbol<func::FuncOp>("extend")); }

int Driver::deriveDecode(bool alone) {
  auto forward = state->text.module->lookupSymbol<func::FuncOp>(causalFunction);
  if (!forward || !forward->hasAttr("sinter.causal"))
    return exitOk;
  passes::DeriveDecodeOptions options;
  options.from = causalFunction;
  options.alone = alone;
  return runPasses([&](OpPassManager &manager) {
    manager.addPass(passes::createProveCausal());
    manager.addPass(passes::createDeriveDecode(options));
  });
}

int64_t Driver::cacheBytesPerToken() const {
  int64_t bytes = 0;
  for (const codegen::FunctionInfo &function : state->compiled.main.functions)
    for (const codegen::TensorInfo &state : function.args) {
      if (state.state != SINTER_STATE_PAGED)
        continue;
      int64_t page = state.dtype == SINTER_BF16 || state.dtype == SINTER_F16 ? 2 : 4;
      for (const Dim &dim : state.dims)
        page *= dim.constant().value_or(1); // the pages' own number is the only size that is open
      bytes += page;
    }
  return bytes / 16;
}

int Driver::addGeneration() {
  Phase phase("generation");
  codegen::Artifact &main = artifact();
  bool isCompiled = !main.variants.empty();
  if (isCompiled && functionNumber(main, "extend") == SINTER_NONE)
    return exitOk;
  frontend::GenerationConfig config;
  frontend::ChatText chat;
  if (!state->text.folder.empty()) {
    auto hf = frontend::HfFolder::open(state->text.folder, state->diagnostics);
    if (!hf || !hf->readGeneration(config, state->diagnostics) || !hf->readChat(chat, state->diagnostics))
      return state->report();
  }
  uint32_t window = 0;
  if (auto extend = state->text.module->lookupSymbol<func::FuncOp>("extend"))
    if (auto attribute = extend->getAttrOfType<IntegerAttr>("sinter.window"))
      window = uint32_t(attribute.getInt());
  main.generation = generationSection(config, isCompiled ? functionNumber(main, "extend") : 0,
                                      isCompiled ? functionNumber(main, "begin") : SINTER_NONE, window);
  if (chat.file.empty())
    return exitOk;
  chat::Compiled compiled = chat::compile(chat.jinja);
  if (!compiled.ok)
    return fail(exitUserError, chat.file + ": " + compiled.error);
  main.chat = chatSection(compiled.blob, chat.variables);
  return exitOk;
}

int Driver::describeDecoder(const std::string &name, Decoder &decoder) {
  auto function = state->text.module->lookupSymbol<func::FuncOp>(name);
  auto causal = function ? function->getAttrOfType<StringAttr>("sinter.causal") : StringAttr();
  if (!causal)
    return fail(exitUserError, "generating wants a function `" + name + "` that is causal; " + state->text.model + " has none");
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto type = cast<ir::TensorType>(function.getArgument(i).getType());
    std::string argument = function.getArgAttrOfType<StringAttr>(i, "sinter.name").str();
    if (function.getArgAttr(i, "sinter.default")) {
      if (argument == "mask" && type.rank() == 2)
        decoder.mask = argument;
      if (argument == "adapter" && type.rank() == 1 && type.getElementType().isInteger(32))
        decoder.adapter = argument;
      continue;
    }
    bool isTokens = type.rank() == 2 && type.getElementType().isInteger(32);
    bool hasTime = isTokens && type.getDim(1).str() == causal.getValue();
    std::string &place = hasTime ? decoder.tokens : decoder.source;
    if (!isTokens || !place.empty())
      return fail(exitUserError, "generating has nothing to give for the argument `" + argument + "` of `" + name + "`");
    place = argument;
  }
  auto result = cast<ir::TensorType>(function.getResultTypes().front());
  auto vocabulary = result.rank() == 3 ? result.getDim(2).constant() : std::nullopt;
  if (decoder.tokens.empty() || !vocabulary || !result.getElementType().isF32())
    return fail(exitUserError, "generating wants `" + name + "` to give f32[B, " + causal.str() + ", vocabulary] of tokens i32[B, " +
                                   causal.str() + "]");
  decoder.vocabulary = uint32_t(*vocabulary);
  decoder.context = state->text.contextTokens;
  return exitOk;
}

} // namespace sinter::tool
