// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What depends on the tokens so far: scores of a row and a history enter, changed scores leave. Work with sampling,
// greedy decoding and beams alike, before any filter. Order and meaning are those of transformers; presence and
// frequency, which it lacks, come right after the repetition penalty and count as OpenAI's. C headers only.

#ifndef SINTER_RUNTIME_SAMPLE_PENALTIES_H
#define SINTER_RUNTIME_SAMPLE_PENALTIES_H

#include "runtime/sample/Row.h"

namespace sinter::sample {

/// The tokens of one sequence: the prompt's (without padding), then the new ones. Ids outside the vocabulary are
/// allowed and change nothing.
struct History {
  const int32_t *tokens = nullptr;
  uint32_t count = 0;
  uint32_t prompt = 0; ///< how many of them are the prompt's
};

/// Changes the dense ws.scores: repetition, frequency and presence, n-grams, bad words, minimum of new tokens, forced
/// and suppressed tokens.
void applyPenalties(const Settings &settings, const Workspace &ws, const History &history);

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_PENALTIES_H
