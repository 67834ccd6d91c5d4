// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Beam search without a model: a row of logits for each beam of each prompt enters, and for each beam of the next step
// its parent and its new token leave, at last the finished hypotheses. Equal to transformers' beam search: its scores,
// its single-precision sums, its rules for ending. Caches are the caller's: parents[] says which row each beam goes on
// from.
//
// Prompts are independent: stepPrompt may run for different prompts on different threads (a Workspace each), and a
// prompt's result is the same alone and in a batch. C headers only; memory is the caller's.

#ifndef SINTER_RUNTIME_SAMPLE_BEAM_H
#define SINTER_RUNTIME_SAMPLE_BEAM_H

#include "runtime/sample/Choose.h"

namespace sinter::sample {

struct BeamShape {
  uint32_t vocabulary = 0;
  uint32_t prompts = 0;
  uint32_t longestPrompt = 0; ///< tokens
};

/// One hypothesis: views that live until start() is called again.
struct Hypothesis {
  const int32_t *tokens = nullptr; ///< new tokens alone, the stop token included
  const float *logProbs = nullptr; ///< of each token, with settings.logProbs
  uint32_t count = 0;
  float score = 0; ///< sum of scores / count ^ lengthPenalty; -1e9 and no tokens: nothing finished
};

/// Asked about each continuation that is among the best of a step: does something else than a stop token end it, a stop
/// string? The state of `beam` is that before this step.
struct BeamStop {
  bool (*ends)(void *context, uint32_t prompt, uint32_t beam, int32_t token) = nullptr;
  void *context = nullptr;
};

class BeamSearch {
public:
  /// Bytes of memory for a search; false when they do not fit into 64 bits.
  static bool bytes(const Settings &settings, const BeamShape &shape, uint64_t *result);

  /// prompts[p] are lengths[p] tokens (copied), at most shape.longestPrompt. `settings` (copied, their arrays borrowed)
  /// have passed checkSettings and ask for 2 beams at least. `memory` is 64-byte aligned and borrowed.
  sinter_status start(const Settings &settings, const BeamShape &shape, const int32_t *const *prompts,
                      const uint32_t *lengths, void *memory, uint64_t size, sinter_error *error);

  /// One step of one prompt. rows[b] are the logits of beam b; before the first step all beams stand at the prompt's
  /// end, so rows may be equal pointers. tokens[b], parents[b] (a beam of this prompt) say how beam b goes on; padding
  /// and itself once the prompt is done. After an error the search is over.
  sinter_status stepPrompt(uint32_t prompt, const float *const *rows, const Workspace &ws, BeamStop stop,
                           int32_t *tokens, uint32_t *parents, sinter_error *error);

  bool promptDone(uint32_t prompt) const { return states[prompt].done; }
  bool done() const;
  /// The rank-th best of a prompt, rank < settings.returned; final once the prompt is done.
  Hypothesis hypothesis(uint32_t prompt, uint32_t rank) const;

private:
  struct Beam {
    int32_t *tokens; ///< [longestPrompt + maxNewTokens]: prompt, then new ones
    float *logProbs; ///< [maxNewTokens]
    uint32_t count;  ///< new tokens
    float score;
    bool finished;
  };
  struct Candidate {
    float score, logProb;
    uint32_t beam;
    int32_t token;
    bool ends;
  };
  struct Prompt {
    Beam *running[2], *finished[2]; ///< [beams] each; the active one and the one being built
    Candidate *candidates;          ///< [kept]
    uint32_t length, count;
    uint32_t active;
    bool done;
  };

  Settings settings;
  BeamShape shape;
  uint32_t kept = 0; ///< continuations looked at in a step
  Prompt *states = nullptr;

  sinter_status gather(const Prompt &prompt, const float *const *rows, const Workspace &ws, sinter_error *error) const;
  void extend(const Prompt &prompt, const Beam &parent, const Candidate &candidate, float score, Beam *out) const;
  void chooseRunning(const Prompt &prompt, int32_t *tokens, uint32_t *parents) const;
  void mergeFinished(const Prompt &prompt) const;
  void conclude(Prompt *prompt) const;
};

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_BEAM_H
