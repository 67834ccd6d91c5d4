// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The way of a model through the house, step by step: text -> sinter dialect -> kernels -> artifact -> weights.
// Commands call as many steps as they need. Free of MLIR, so that only the Driver*.cpp pay for its headers.
#pragma once

#include "codegen/artifact/Artifact.h"
#include "runtime/format/Npy.h"
#include "tools/sinter/Report.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sinter_artifact;
namespace mlir {
class OpPassManager;
}

namespace sinter::tool {

/// Zeroed memory aligned to a page, or memory of somebody else.
struct FreePages {
  uint64_t mapped = 0; ///< 0: not ours
  void operator()(uint8_t *pages) const;
};
struct Pages {
  std::unique_ptr<uint8_t[], FreePages> data;
  uint64_t size = 0;
  bool allocate(uint64_t bytes);
  void borrow(uint8_t *bytes, uint64_t count);
};

/// An argument or result by value: float64 holds f32, i32 and bool alike.
struct Values {
  std::vector<int64_t> dims;
  std::vector<double> data;
};

/// What `info` prints.
struct Facts {
  std::string model;
  int64_t parameters = 0, contextTokens = 0;
  struct Module {
    std::string path, what; ///< "encoder.layer.0", "BertLayer(c)"
    unsigned depth;         ///< 1: right below the model
    int64_t parameters;     ///< its own and those inside
  };
  std::vector<Module> modules;
  std::map<std::string, int64_t> flops; ///< by function, at the length asked for
};

/// Steps return an exit code, exitOk to go on; what went wrong is already on stderr. Not thread-safe.
class Driver {
public:
  explicit Driver(const ModelOptions &options);
  ~Driver();

  /// `functions` empty: every function of the root but `loss`.
  int loadText(const std::vector<std::string> &functions);
  /// Everything that can be known without emission and weights, for each model of a text; with --weights also whether
  /// the checkpoint has the parameters of the model that it names.
  int check();
  int lower();
  /// Kernels to code, or what a run before has kept of the same kernels.
  int generate();
  /// The sizes that a call of the function chooses, by name, after loadText().
  std::vector<std::string> sizeNames(const std::string &function);
  /// For each argument, after lower(): its numbers are row numbers below this one; 0 where they index nothing.
  std::vector<int64_t> idLimits(const std::string &function);
  /// Binds the checkpoint, where one will be needed: a missing tensor is told before anything is compiled.
  int findWeights();
  /// Bytes of all tensors as the checkpoint stores them; stays empty where there is none.
  int storedBytes(std::optional<uint64_t> &bytes);
  /// Binds the checkpoint (or makes random parameters) and runs @prepare, unless a run before has kept the same weights;
  /// `weights()` then holds section WEIGHTS.
  int prepareWeights();
  /// Tokenizer tables and limits of a Hugging Face folder into the artifact (a folder without a tokenizer has none).
  int addTokenizer();

  /// The functions of a causal function (`forward`) that generate: `extend`, and `begin` where there is a source. They
  /// replace it where `alone`. Nothing happens to a text without one; then `generates` says no.
  int deriveDecode(bool alone);
  /// Does the module have `extend`?
  bool generates() const;
  /// What the folder says about generating, and its chat template, into the artifact; after generate(), where the
  /// artifact is to run.
  int addGeneration();
  /// Bytes of the cache for one token of one row, after generate(): what the states of `extend` hold in a page of 16, over
  /// all layers. 0 without one.
  int64_t cacheBytesPerToken() const;
  /// How a causal function is called on whole sequences.
  struct Decoder {
    std::string tokens, source, mask, adapter; ///< arguments; "": it has none
    uint32_t vocabulary = 0;
    int64_t context = 0;
  };
  int describeDecoder(const std::string &function, Decoder &decoder);

  /// "ast", "sinter", "kernel", "llvm", "asm" or "cuda" as text; runs the steps it needs.
  int printStage(const std::string &stage, std::string &text);
  /// The model as a text of its own, the folder's values as defaults.
  int importedText(std::string &text);
  /// The text of a place such as "bert.sinter:41:20" or "bert.sinter:41"; "" where there is none.
  std::string lineAt(const std::string &place) const;
  int facts(long tokens, Facts &facts);
  /// A function as the text says it and after each phase up to `after`, and the lines of the texts that it names:
  /// {"model", "function", "phases": [{"name", "graph"}], "lines": {"bert.sinter:41": "..."}}. Runs the phases.
  int graph(const std::string &after, const std::string &function, nlohmann::ordered_json &out);

  /// The float64 interpreter on the text's function, parameters read in float64. Inputs by name; an argument without one
  /// takes its default. Results by name, in order.
  int interpret(const std::string &function, const std::map<std::string, Values> &inputs,
                std::vector<std::pair<std::string, Values>> &results);

  /// Where the tables of a bank of adapters lie in the weights: offsets and sizes. After prepareWeights().
  int adapterRanges(std::vector<std::pair<uint64_t, uint64_t>> &ranges);

  codegen::Artifact &artifact();
  const Pages &weights() const;
  /// Artifact bytes in memory with the weights beside them, opened by the runtime.
  int openArtifact(sinter_artifact **opened);

private:
  /// Runs passes on the module; a refusal has been reported.
  int runPasses(const std::function<void(mlir::OpPassManager &)> &build);

  struct State;
  std::unique_ptr<State> state;
};

} // namespace sinter::tool
