// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Penalties; see Penalties.h. Their cost is that of the history, not of the vocabulary.

#include "runtime/sample/Penalties.h"

#include <string.h>

namespace sinter::sample {
namespace {

constexpr float infinity = __builtin_inff();

/// ws.keys marks the tokens that had theirs: each is penalized once.
void applyRepetition(float penalty, const Workspace &ws, const History &history) {
  for (uint32_t i = 0; i < history.count; ++i)
    if (static_cast<uint32_t>(history.tokens[i]) < ws.vocabulary)
      ws.keys[history.tokens[i]] = 0;
  for (uint32_t i = 0; i < history.count; ++i) {
    uint32_t token = static_cast<uint32_t>(history.tokens[i]);
    if (token >= ws.vocabulary || ws.keys[token]++)
      continue;
    float &score = ws.scores[token];
    score = score < 0 ? score * penalty : score / penalty;
  }
}

void applyCounts(const Settings &settings, const Workspace &ws, const History &history) {
  const int32_t *tokens = history.tokens + history.prompt;
  uint32_t count = history.count - history.prompt;
  for (uint32_t i = 0; i < count; ++i)
    if (static_cast<uint32_t>(tokens[i]) < ws.vocabulary)
      ws.keys[tokens[i]] = 0;
  for (uint32_t i = 0; i < count; ++i)
    if (static_cast<uint32_t>(tokens[i]) < ws.vocabulary)
      ++ws.keys[tokens[i]];
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t token = static_cast<uint32_t>(tokens[i]);
    if (token >= ws.vocabulary || !ws.keys[token])
      continue;
    ws.scores[token] -= settings.frequencyPenalty * static_cast<float>(ws.keys[token]) + settings.presencePenalty;
    ws.keys[token] = 0;
  }
}

/// Forbids each token that would complete an n-gram that stands in the history.
void forbidNgrams(uint32_t n, const Workspace &ws, const History &history) {
  if (history.count < n)
    return;
  const int32_t *tail = history.tokens + history.count - (n - 1);
  for (uint32_t i = 0; i + n <= history.count; ++i) {
    uint32_t token = static_cast<uint32_t>(history.tokens[i + n - 1]);
    if (token < ws.vocabulary && memcmp(history.tokens + i, tail, (n - 1) * sizeof(int32_t)) == 0)
      ws.scores[token] = -infinity;
  }
}

void forbid(const int32_t *tokens, uint32_t count, const Workspace &ws) {
  for (uint32_t i = 0; i < count; ++i)
    ws.scores[tokens[i]] = -infinity;
}

/// Forbids the last token of each sequence whose others end the history.
void forbidBadWords(const Settings &settings, const Workspace &ws, const History &history) {
  for (uint32_t i = 0; i < settings.badWordsSize;) {
    uint32_t before = static_cast<uint32_t>(settings.badWords[i]) - 1;
    const int32_t *words = settings.badWords + i + 1;
    i += before + 2;
    // As transformers has it: not where the sequence is longer than the history.
    if (before ? before < history.count &&
                     memcmp(history.tokens + history.count - before, words, before * sizeof(int32_t)) == 0
               : !isStopToken(settings, words[0]))
      ws.scores[words[before]] = -infinity;
  }
}

/// No other token than this one, whatever its score was.
void force(int32_t token, const Workspace &ws) {
  for (uint32_t i = 0; i < ws.vocabulary; ++i)
    ws.scores[i] = -infinity;
  ws.scores[token] = 0;
}

} // namespace

void applyPenalties(const Settings &settings, const Workspace &ws, const History &history) {
  if (settings.repetitionPenalty != 1)
    applyRepetition(settings.repetitionPenalty, ws, history);
  if (settings.presencePenalty != 0 || settings.frequencyPenalty != 0)
    applyCounts(settings, ws, history);
  if (settings.noRepeatNgram)
    forbidNgrams(settings.noRepeatNgram, ws, history);
  forbidBadWords(settings, ws, history);
  uint32_t fresh = history.count - history.prompt;
  if (fresh < settings.minNewTokens)
    forbid(settings.stopTokens, settings.stopTokenCount, ws);
  if (settings.forcedFirst >= 0 && history.count == 1)
    force(settings.forcedFirst, ws);
  if (settings.forcedLast >= 0 && fresh + 1 == settings.maxNewTokens)
    force(settings.forcedLast, ws);
  forbid(settings.suppressed, settings.suppressedCount, ws);
  // As transformers has it: behind a forced token, the second is the first that is chosen.
  bool isFirst = history.prompt > 1 || settings.forcedFirst < 0 ? fresh == 0 : fresh == 1;
  if (isFirst)
    forbid(settings.suppressedFirst, settings.suppressedFirstCount, ws);
}

} // namespace sinter::sample
