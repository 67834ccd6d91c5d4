// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the command line says, as plain data; filled by Main.cpp, read by the commands. Exit codes are docs/cli.md's.
#pragma once

#include "runtime/exe/GenerateFlags.h"

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace sinter::tool {

enum ExitCode { exitOk = 0, exitUserError = 1, exitUsage = 2, exitWorld = 3, exitInternal = 4 };

using NamedFiles = std::vector<std::pair<std::string, std::string>>;

/// Which model, of which weights, with which hyperparameters.
struct ModelOptions {
  std::string input; ///< a .sinter file, a built-in text, or a Hugging Face folder
  std::string weights, model, target = "cpu";
  std::vector<std::pair<std::string, std::string>> sets;
  std::vector<std::string> functions;
  std::vector<std::string> adapters; ///< PEFT folders; several are a bank
  bool mergeAdapter = false;
  long adapterRank = 0, adapterSlots = 0; ///< of a bank; 0: as the folders say
  unsigned threads = 0;
  bool allowNotFinite = false; ///< NaN and infinity are results, not errors
  bool json = false;
  bool mayCache = false; ///< the command keeps compiled code and prepared weights for the next run
  bool noCache = false, noWeightsCache = false;
  bool allowRandomWeights = false; ///< the command knows --random-weights
  bool randomWeights = false;      ///< parameters are N(0, 0.02), no checkpoint is read
  std::string traceNan;     ///< "", "ops" or "kernels": who made the first NaN is looked for
  std::string weightsDtype = "stored"; ///< how weights are stored: as the checkpoint has them, or f32, bf16, f16
  std::string cacheDtype = "f32";      ///< how the cache of generation is: f32, bf16, f16
  std::string remarks;      ///< "", "missed" or "all"
  std::string requireFused; ///< "" for nothing, "all", or names with commas between
};

struct RunOptions : ModelOptions {
  RunOptions() { mayCache = true; }
  NamedFiles in, out;
  unsigned repeat = 0; ///< counted passes after one that is not
  bool profile = false;
};

struct BenchOptions : ModelOptions {
  BenchOptions() { allowRandomWeights = true; }
  long batch = 1, tokens = 128;
  unsigned rounds = 30;
  std::vector<std::pair<std::string, std::string>> dims; ///< sizes by name
  bool profile = false;
};

struct GraphOptions : ModelOptions {
  std::string after = "fuse", output;
};

struct EmbedOptions : ModelOptions {
  EmbedOptions() { mayCache = true; }
  std::vector<std::string> sentences;
  std::string inputFile; ///< a JSON array of strings
  bool compare = false, truncate = false, ids = false;
};

struct GenerateOptions : ModelOptions {
  GenerateOptions() { mayCache = true; }
  exe::GenerateWish wish;        ///< what the table of flags has filled
  std::deque<std::string> words; ///< which it borrows
  std::string earlyStopping;     ///< a choice: "" where it is not given
};

struct CompileOptions : ModelOptions {
  std::string output, emit = "exe";
};

struct MergeOptions : ModelOptions {
  std::string output;
};

struct InfoOptions : ModelOptions {
  InfoOptions() { mayCache = true; }
  long tokens = 128;
};

struct ImportOptions : ModelOptions {
  std::string output;
};

struct FormatOptions {
  std::vector<std::string> files; ///< "-": standard input to standard output
  bool check = false;             ///< only say which files would change
};

struct TokenizerOptions {
  std::string action = "train"; ///< the only one
  std::string type = "bpe", output, unknown, ties = "ids";
  std::vector<std::string> files, special;
  uint64_t vocabularySize = 30000, minFrequency = 0, limitAlphabet = 0, maxTokenLength = 0;
  bool byteLevel = false, cased = false;
};

int runCheck(const ModelOptions &options);
int runRun(const RunOptions &options);
int runEmbed(const EmbedOptions &options);
int runGenerate(const GenerateOptions &options);
int runBench(const BenchOptions &options);
int runGraph(const GraphOptions &options);
int runCompile(const CompileOptions &options);
int runMerge(const MergeOptions &options);
int runInfo(const InfoOptions &options);
int runImport(const ImportOptions &options);
/// `code` empty: the list of all.
int runExplain(const std::string &code);
int runFormat(const FormatOptions &options);
int runTokenizer(const TokenizerOptions &options);

} // namespace sinter::tool
