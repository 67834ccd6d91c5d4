// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How to decode: what the user asked for enters checkSettings, one sentence leaves when it makes no sense. Everything
// else in this room takes settings that have passed. Nothing here knows a model. C headers only; any thread.

#ifndef SINTER_RUNTIME_SAMPLE_SETTINGS_H
#define SINTER_RUNTIME_SAMPLE_SETTINGS_H

#include "sinter/sinter.h"

#include <stddef.h>
#include <stdint.h>

namespace sinter::sample {

constexpr uint32_t maxBeams = 64, maxSamples = 4096, maxStopTokens = 64, maxTopLogProbs = 256;
constexpr uint32_t maxStopStrings = 64, maxStopBytes = 1024;
constexpr uint32_t maxNewTokensLimit = 1u << 24;

/// When a prompt's beams end, as `early_stopping` of transformers: Yes, as soon as `beams` hypotheses are finished; No,
/// when the best running beam cannot beat the worst finished one at the present length; Never, the same at the length
/// that would favour it most.
enum class EarlyStopping : uint32_t { No, Yes, Never };

/// Bytes, not terminated; may hold any byte.
struct StopString {
  const char *data = nullptr;
  size_t size = 0;
};

/// The defaults are greedy decoding without filters. The arrays are borrowed.
struct Settings {
  /// False: the best token (or the best beams). True: a token is drawn.
  bool sampling = false;
  uint64_t seed = 0;
  /// Sequences drawn for each prompt; they differ by their number alone.
  uint32_t samples = 1;

  // Filters of sampling, in the order in which they work. The default of each leaves everything.
  float temperature = 1;
  uint32_t topK = 0; ///< 0: all
  float topP = 1;
  float minP = 0;
  float epsilonCutoff = 0;
  float etaCutoff = 0;

  // Penalties, with sampling or without, beams included.
  float repetitionPenalty = 1; ///< every token of prompt and answer: a score below 0 is multiplied, others divided
  float presencePenalty = 0;   ///< subtracted once from each token of the answer so far
  float frequencyPenalty = 0;  ///< subtracted for each time a token stands in the answer so far
  uint32_t noRepeatNgram = 0;  ///< no n tokens of prompt and answer twice; 0: off

  // Tokens that a model's own configuration forbids or demands.
  const int32_t *suppressed = nullptr; ///< never
  uint32_t suppressedCount = 0;
  const int32_t *suppressedFirst = nullptr; ///< never as the first new token
  uint32_t suppressedFirstCount = 0;
  /// Sequences that must not be completed: a length and that many tokens, again and again. A single one is never chosen
  /// but where it is a stop token.
  const int32_t *badWords = nullptr;
  uint32_t badWordsSize = 0;
  int32_t forcedFirst = -1; ///< follows a history of one token
  int32_t forcedLast = -1;  ///< is the maxNewTokens-th new token

  uint32_t minNewTokens = 0; ///< no stop token before; stop strings are not held back
  uint32_t maxNewTokens = 0; ///< must be given
  /// End a sequence; the token that ends it belongs to it. With several, the first is the padding (padToken < 0).
  const int32_t *stopTokens = nullptr;
  uint32_t stopTokenCount = 0;
  const StopString *stopStrings = nullptr;
  uint32_t stopStringCount = 0;
  int32_t padToken = -1;

  /// Log-probabilities are the model's own: of its logits before penalties and filters.
  bool logProbs = false;
  uint32_t topLogProbs = 0; ///< how many of the most likely tokens besides the chosen one

  uint32_t beams = 1;
  uint32_t returned = 1; ///< hypotheses of each prompt, best first
  float lengthPenalty = 1;
  EarlyStopping earlyStopping = EarlyStopping::No;
};

/// SINTER_OK, or SINTER_INVALID_ARGUMENT and one sentence. `vocabulary` is the length of a row of logits.
sinter_status checkSettings(const Settings &settings, uint32_t vocabulary, sinter_error *error);

/// Does the token end a sequence?
bool isStopToken(const Settings &settings, int32_t token);

/// What fills a row of tokens after its end: padToken, else the first stop token, else -1.
int32_t padding(const Settings &settings);

/// Why a sequence goes on or ends after `token`, its newCount-th new one. Stop strings are StopMatcher's to find.
enum class Finish : uint32_t { Running, StopToken, MaxTokens };
Finish afterToken(const Settings &settings, uint32_t newCount, int32_t token);

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_SETTINGS_H
