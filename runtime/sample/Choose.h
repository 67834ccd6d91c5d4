// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The decision at one row: logits and history enter, a token leaves, drawn or the best one. A row is decided alone: the
// result depends on its logits, its history, its sample's number and the settings, never on what else is in the batch,
// on which thread or in which order. C headers only; any number of threads, a Workspace for each.

#ifndef SINTER_RUNTIME_SAMPLE_CHOOSE_H
#define SINTER_RUNTIME_SAMPLE_CHOOSE_H

#include "runtime/sample/Penalties.h"

namespace sinter::sample {

struct TokenLogProb {
  int32_t token = -1;
  float logProb = 0;
};

struct Row {
  const float *logits = nullptr; ///< [vocabulary], read only
  History history;
  uint32_t sample = 0; ///< its number among the prompt's samples
};

struct Choice {
  int32_t token = -1;
  float logProb = 0;     ///< with settings.logProbs or topLogProbs
  uint32_t topCount = 0; ///< how many were written to the caller's array: settings.topLogProbs
};

/// Draws or takes the best token. Draws are by inverse distribution function over rising ids, with the random number of
/// (seed, sample, history.count): a text continued from its own tokens draws as if it had never been interrupted.
/// Greedy: of equally good tokens the lowest id. `top` has room for settings.topLogProbs (null: none wanted), best
/// first, lower ids first among equals. `settings` have passed checkSettings for ws.vocabulary, beams 1.
/// SINTER_NOT_FINITE: the logits hold NaN or +inf, nothing but -inf, or scores overflow. SINTER_REFUSED: the penalties
/// leave no token.
sinter_status chooseToken(const Settings &settings, const Workspace &ws, const Row &row, Choice *choice,
                          TokenLogProb *top, sinter_error *error);

/// The scores from which chooseToken draws, as a dense row: -inf for what penalties and filters took. With beams, as
/// transformers has it, the log-probabilities after penalties. `scores` may be null: then they are in ws and
/// *candidates.
sinter_status processScores(const Settings &settings, const Workspace &ws, const float *logits, const History &history,
                            float *scores, Candidates *candidates, sinter_error *error);

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_CHOOSE_H
