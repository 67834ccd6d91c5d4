// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop of generation: prompts and settings enter, new tokens and their text leave, one by one as they are chosen.
// It reads prompts in chunks, then steps all rows together; rows that end leave the batch, and their pages the cache.
// Knows no model: that is a Stepper. Chooses by runtime/sample.
//
// A row's tokens depend on its prompt and adapter, its number among the prompt's samples, the settings and the model alone: never
// on the other prompts, the chunk, or the number of threads.
//
// C headers only; memory is its own. One run() at a time.

#ifndef SINTER_RUNTIME_GENERATE_LOOP_H
#define SINTER_RUNTIME_GENERATE_LOOP_H

#include "runtime/generate/Pages.h"
#include "runtime/generate/Stream.h"
#include "runtime/sample/Beam.h"

namespace sinter::generate {

enum class Finish : uint32_t { Running, StopToken, StopString, Length, Cancelled };

/// A decoder's prompt, or an encoder-decoder's source.
struct Prompt {
  const int32_t *ids = nullptr;
  uint32_t count = 0;
  const int32_t *mask = nullptr; ///< of a source, 0 or 1 for each token; null: all count
  int32_t adapter = -1;          ///< of a bank; -1: none
};

/// What is told as it happens. With beams: once for each returned sequence, when its prompt is done.
struct Piece {
  uint32_t prompt, sample; ///< from 0; with beams the rank
  int32_t token;           ///< -1: only text
  const char *text;        ///< that can be shown from now on; not terminated
  size_t length;
  float logProb;                   ///< with settings.logProbs
  const sample::TokenLogProb *top; ///< settings.topLogProbs of them
  uint32_t topCount;
  Finish finish; ///< Running: more will follow
};
struct Listener {
  void (*piece)(void *user, const Piece &piece) = nullptr;
  void *user = nullptr;
};

struct Request {
  const Prompt *prompts = nullptr;
  uint32_t promptCount = 0;
  sample::Settings settings;
  int32_t decoderStart = -1;   ///< the first token of an encoder-decoder's target
  uint64_t maxTokens = 0;      ///< of a row, prompt and new ones; 0: as many as the model takes
  uint32_t chunk = 512;        ///< tokens of a call, at most
  const SinterTokenizer *tokenizer = nullptr; ///< null: no text
  bool showSpecial = false;    ///< special tokens are text, too
  Listener listener;
  const volatile int *cancel = nullptr; ///< not 0: end before the next call of the model
};

/// One answer.
struct Sequence {
  uint32_t prompt = 0, sample = 0;
  List<int32_t> tokens; ///< the new ones, the stop token included
  List<float> logProbs;
  List<sample::TokenLogProb> top; ///< [tokens][settings.topLogProbs]
  List<char> text;
  float score = 0; ///< with beams
  Finish finish = Finish::Running;
};

struct Stats {
  uint64_t promptTokens = 0, newTokens = 0, cachePages = 0;
  double prefillSeconds = 0, decodeSeconds = 0, firstTokenSeconds = 0;
  uint64_t decodedTokens = 0; ///< new tokens but each row's first, which belongs to prefill
};

class Loop {
public:
  /// SINTER_INVALID_ARGUMENT, SINTER_REFUSED (too long a prompt; both numbers), before anything runs. SINTER_CANCELLED:
  /// what was made so far is in `sequences`. SINTER_NOT_FINITE names the prompt (from 1) and the position.
  sinter_status run(const Stepper &stepper, const Request &request, sinter_error *error);

  Objects<Sequence> sequences; ///< prompt by prompt; valid until the next run()
  Stats stats;

private:
  struct Row {
    uint32_t prompt = 0, sample = 0, cached = 0;
    bool active = false;
    List<int32_t> tokens; ///< prompt and new ones
    PageTable table;
    Stream stream;
  };
  /// 64-byte aligned.
  struct Block {
    void *data = nullptr;
    Block() = default;
    Block(const Block &) = delete;
    Block &operator=(const Block &) = delete;
    ~Block() { free(data); }
    bool make(uint64_t bytes);
  };

  // Check.cpp
  sinter_status check(sinter_error *error) const;
  sinter_status checkPrompts(sinter_error *error) const;
  // Loop.cpp
  sinter_status prepare(sinter_error *error);
  sinter_status prepareRows(sinter_error *error);
  sinter_status readSources(sinter_error *error);
  sinter_status prefill(sinter_error *error);
  sinter_status decode(sinter_error *error);
  sinter_status call(uint32_t width, const float **logits, sinter_error *error);
  bool isCancelled() const { return request.cancel && *request.cancel; }
  // Choose.cpp
  sinter_status beginRows(uint32_t prompt, const float *logits, sinter_error *error);
  sinter_status chooseRow(Row &row, const float *logits, sinter_error *error);
  sinter_status chooseBeams(uint32_t prompt, const float *const *logits, sinter_error *error);
  sinter_status follow(uint32_t prompt, const int32_t *tokens, const uint32_t *parents, sinter_error *error);
  sinter_status concludeBeams(uint32_t prompt, sinter_error *error);
  sinter_status endRow(Row &row, Finish finish, Piece piece, size_t textBefore, sinter_error *error);
  sinter_status cancelRows(sinter_error *error);
  sinter_status noteLogits(uint32_t prompt, uint32_t position, sinter_status status, const sinter_error &inner,
                           sinter_error *error) const;
  void tell(const Piece &piece) const;
  void clockFirstToken();
  static bool beamEnds(void *loop, uint32_t prompt, uint32_t beam, int32_t token);

  uint32_t promptLength(uint32_t prompt) const {
    return stepper.begin ? 1 : request.prompts[prompt].count;
  }
  Row *rowsOf(uint32_t prompt) { return &rows[size_t{prompt} * perPrompt]; }
  bool hasBeams() const { return request.settings.beams > 1; }

  Stepper stepper;
  Request request;
  uint32_t perPrompt = 1; ///< rows of each prompt: samples or beams
  Pages pages;
  Objects<Row> rows;
  Objects<Row> spare; ///< [perPrompt], while beams change places
  sample::BeamSearch beams;
  Block beamMemory, choosing, stopMemory;
  sample::Workspace workspace;
  sample::StopMatcher stops;
  Stream scratch; ///< a beam's text, from its begin
  List<char> scratchText;
  List<sample::TokenLogProb> top;
  double started = 0;
  // The call under way.
  List<uint32_t> picked; ///< rows
  List<int32_t> ids, counts, lengths, tables, sources, adapters;
  List<const int32_t *> histories;
};

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_LOOP_H
