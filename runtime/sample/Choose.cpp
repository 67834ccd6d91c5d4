// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a row of logits to a token; see Choose.h.

#include "runtime/sample/Choose.h"

#include "runtime/core/Error.h"
#include "runtime/sample/Filters.h"
#include "runtime/sample/Philox.h"

namespace sinter::sample {
namespace {

constexpr float infinity = __builtin_inff();

/// The candidate at which the running sum of weights first exceeds u times the total.
uint32_t draw(const Workspace &ws, const Candidates &row, double u) {
  double target = u * expWeights(ws, ws.scores, row.count, row.best, 2, nullptr);
  uint32_t blocks = (row.count + blockSize - 1) / blockSize, block = 0, chosen = 0;
  double sum = 0;
  while (block + 1 < blocks && !(target < sum + ws.blocks[block]))
    sum += ws.blocks[block++];
  // A block's sum was rounded otherwise than this walk: behind its end, its last possible token is meant.
  bool found = false;
  uint32_t end = (block + 1) * blockSize < row.count ? (block + 1) * blockSize : row.count;
  for (uint32_t i = block * blockSize; i < end; ++i) {
    if (!(ws.weights[i] > 0))
      continue;
    chosen = i;
    found = true;
    sum += ws.weights[i];
    if (target < sum)
      return i;
  }
  for (uint32_t i = block * blockSize; !found && i-- > 0;)
    if (ws.weights[i] > 0) {
      chosen = i;
      found = true;
    }
  return chosen;
}

uint32_t bestCandidate(const Workspace &ws, const Candidates &row) {
  uint32_t i = 0;
  while (i + 1 < row.count && ws.scores[i] != row.best)
    ++i;
  return i;
}

/// The n largest logits in order, by insertion: few rows of a vocabulary make more than a few hundred insertions.
void largest(const float *logits, uint32_t count, uint32_t n, TokenLogProb *top) {
  uint32_t held = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (held == n && !(logits[i] > top[n - 1].logProb))
      continue;
    uint32_t at = held < n ? held++ : n - 1;
    for (; at > 0 && logits[i] > top[at - 1].logProb; --at)
      top[at] = top[at - 1];
    top[at] = {static_cast<int32_t>(i), logits[i]};
  }
}

} // namespace

sinter_status processScores(const Settings &settings, const Workspace &ws, const float *logits, const History &history,
                            float *scores, Candidates *candidates, sinter_error *error) {
  if (sinter_status status = loadRow(ws, logits, candidates, error); status != SINTER_OK)
    return status;
  if (settings.beams > 1) {
    double norm = logSumExp(ws, logits, candidates->best);
    for (uint32_t i = 0; i < ws.vocabulary; ++i)
      ws.scores[i] = static_cast<float>(static_cast<double>(ws.scores[i]) - norm);
  }
  applyPenalties(settings, ws, history);
  sinter_error refused;
  sinter_status status = checkScores(ws, candidates, "the penalties", &refused);
  // A beam without continuation dies by itself; Beam.cpp says so when a prompt has no other.
  if (status != SINTER_OK && !(settings.beams > 1 && status == SINTER_REFUSED))
    return runtime::fail(error, status, "%s", refused.message);
  if (settings.sampling)
    if (status = applyFilters(settings, ws, candidates, error); status != SINTER_OK)
      return status;
  if (!scores)
    return SINTER_OK;
  for (uint32_t i = 0; i < ws.vocabulary; ++i)
    scores[i] = candidates->dense ? ws.scores[i] : -infinity;
  for (uint32_t i = 0; !candidates->dense && i < candidates->count; ++i)
    scores[ws.ids[i]] = ws.scores[i];
  return SINTER_OK;
}

sinter_status chooseToken(const Settings &settings, const Workspace &ws, const Row &row, Choice *choice,
                          TokenLogProb *top, sinter_error *error) {
  Candidates candidates;
  if (sinter_status status = processScores(settings, ws, row.logits, row.history, nullptr, &candidates, error);
      status != SINTER_OK)
    return status;
  uint32_t at = settings.sampling
                    ? draw(ws, candidates, uniform(settings.seed, row.sample, Site::Token, row.history.count))
                    : bestCandidate(ws, candidates);
  *choice = {static_cast<int32_t>(candidates.dense ? at : ws.ids[at]), 0, 0};
  if (!settings.logProbs && !settings.topLogProbs)
    return SINTER_OK;
  bool nan = false;
  double norm = logSumExp(ws, row.logits, largestScore(row.logits, ws.vocabulary, &nan));
  choice->logProb = static_cast<float>(row.logits[choice->token] - norm);
  if (!top || !settings.topLogProbs)
    return SINTER_OK;
  choice->topCount = settings.topLogProbs;
  largest(row.logits, ws.vocabulary, choice->topCount, top);
  for (uint32_t i = 0; i < choice->topCount; ++i)
    top[i].logProb = static_cast<float>(top[i].logProb - norm);
  return SINTER_OK;
}

} // namespace sinter::sample
