// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filters; see Filters.h. Selection is by radix: scores become unsigned keys of the same order; a histogram of the top
// 11 bits says in which bin the border lies, one of the next 11 bits where in this bin, the last 10 end it. Top-k
// counts tokens in the bins, top-p sums weights.

#include "runtime/sample/Filters.h"

#include "runtime/core/Error.h"
#include "runtime/sample/Math.h"

#include <string.h>

namespace sinter::sample {
namespace {

struct Level {
  uint32_t shift, bins;
};
constexpr Level levels[] = {{21, 2048}, {10, 2048}, {0, 1024}};

/// Orders as the scores do; -0 is +0.
uint32_t keyOf(float score) {
  uint32_t bits = __builtin_bit_cast(uint32_t, score + 0.0f);
  return bits ^ (static_cast<uint32_t>(static_cast<int32_t>(bits) >> 31) | 0x80000000u);
}

float scoreOf(uint32_t key) { return __builtin_bit_cast(float, key & 0x80000000u ? key ^ 0x80000000u : ~key); }

/// Keeps the candidates for which keep(index) holds; drops -inf in any case.
template <typename Keep> void compact(const Workspace &ws, Candidates *row, Keep keep) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < row->count; ++i) {
    float score = ws.scores[i];
    uint32_t id = row->dense ? i : ws.ids[i];
    // Written in any case, counted when kept: no branch that would be guessed wrongly.
    ws.scores[kept] = score;
    ws.ids[kept] = id;
    kept += keep(i, score) & (score != -__builtin_inff());
  }
  row->count = kept;
  row->dense = false;
}

/// Moves the keys of one bin to the front. Their number; *same: they are all equal.
uint32_t holdBin(const Workspace &ws, uint32_t held, Level level, uint32_t bin, bool *same) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < held; ++i) {
    uint32_t key = ws.keys[i];
    float weight = ws.weights[i];
    ws.keys[left] = key;
    ws.weights[left] = weight;
    left += (key >> level.shift & (level.bins - 1)) == bin;
  }
  uint32_t differ = 0;
  for (uint32_t i = 0; i < left; ++i)
    differ |= ws.keys[i] ^ ws.keys[0];
  *same = differ == 0;
  return left;
}

/// The key of the k-th largest score, 1 <= k <= count.
uint32_t selectKey(const Workspace &ws, uint32_t count, uint32_t k) {
  for (uint32_t i = 0; i < count; ++i)
    ws.keys[i] = keyOf(ws.scores[i]);
  bool same = false;
  for (uint32_t held = count, level = 0; level < 3 && !same; ++level) {
    uint32_t shift = levels[level].shift, mask = levels[level].bins - 1, bin = mask, i = 0;
    // Neighbours count apart: one bin's next increment does not wait for its last.
    uint32_t histogram[2][2048] = {};
    for (; i + 2 <= held; i += 2) {
      ++histogram[0][ws.keys[i] >> shift & mask];
      ++histogram[1][ws.keys[i + 1] >> shift & mask];
    }
    if (i < held)
      ++histogram[0][ws.keys[i] >> shift & mask];
    for (; k > histogram[0][bin] + histogram[1][bin]; --bin)
      k -= histogram[0][bin] + histogram[1][bin];
    held = holdBin(ws, held, levels[level], bin, &same);
  }
  return ws.keys[0];
}

void keepTopK(const Workspace &ws, Candidates *row, uint32_t k) {
  if (k >= row->count)
    return;
  float last = scoreOf(selectKey(ws, row->count, k));
  compact(ws, row, [last](uint32_t, float score) { return score >= last; });
}

/// Where top-p's border lies: everything above `key` stays, and `ties` of those that equal it.
struct Border {
  uint32_t key, ties;
};

/// Of the first `held` of ws.keys with ws.weights: a token stays while what is strictly above it weighs less than
/// `target`.
Border selectMass(const Workspace &ws, uint32_t held, double target) {
  double above = 0;
  bool same = false;
  for (uint32_t level = 0; level < 3 && !same; ++level) {
    uint32_t shift = levels[level].shift, mask = levels[level].bins - 1, lowest = mask, i = 0;
    double mass[2][2048] = {};
    for (; i + 2 <= held; i += 2) {
      mass[0][ws.keys[i] >> shift & mask] += ws.weights[i];
      mass[1][ws.keys[i + 1] >> shift & mask] += ws.weights[i + 1];
    }
    if (i < held)
      mass[0][ws.keys[i] >> shift & mask] += ws.weights[i];
    for (i = 0; i < held; ++i) {
      uint32_t bin = ws.keys[i] >> shift & mask;
      lowest = bin < lowest ? bin : lowest;
    }
    // Rounding may leave the whole a little short of the target: then the border is in the lowest bin.
    uint32_t bin = mask;
    for (; bin > lowest && above + (mass[0][bin] + mass[1][bin]) < target; --bin)
      above += mass[0][bin] + mass[1][bin];
    held = holdBin(ws, held, levels[level], bin, &same);
  }
  // What is left are equal tokens.
  uint32_t ties = 1;
  double weight = ws.weights[0];
  while (ties < held && above + ties * weight < target)
    ++ties;
  return {ws.keys[0], ties};
}

void keepTopP(const Workspace &ws, Candidates *row, float p) {
  // Nearly always the border is among the tokens within e^-8 of the best, which are few.
  const float cut = 3.35e-4f;
  double heavy = 0, total = expWeights(ws, ws.scores, row->count, row->best, cut, &heavy);
  // At least a little, so that empty bins are not enough even for p = 0.
  double target = total * static_cast<double>(p) + 1e-300;
  bool few = heavy > target * (1 + 1e-9);
  uint32_t held = few ? 0 : row->count;
  for (uint32_t i = 0; i < held; ++i)
    ws.keys[i] = keyOf(ws.scores[i]);
  for (uint32_t i = 0; few && i < row->count; ++i) {
    float weight = ws.weights[i];
    ws.keys[held] = keyOf(ws.scores[i]);
    ws.weights[held] = weight;
    held += weight >= cut;
  }
  Border border = selectMass(ws, held, target);
  float last = scoreOf(border.key);
  uint32_t ties = border.ties;
  compact(ws, row, [last, ties](uint32_t, float score) mutable {
    if (score != last)
      return score > last;
    if (!ties)
      return false;
    --ties;
    return true;
  });
}

void keepMinP(const Workspace &ws, Candidates *row, float p) {
  // Relative to the best token, whose weight is 1.
  expWeights(ws, ws.scores, row->count, row->best, 2, nullptr);
  compact(ws, row, [&](uint32_t i, float score) { return ws.weights[i] >= p || score == row->best; });
}

void keepProbable(const Workspace &ws, Candidates *row, double least, double total) {
  double cut = least * total;
  compact(ws, row, [&](uint32_t i, float score) { return ws.weights[i] >= cut || score == row->best; });
}

void keepEpsilon(const Workspace &ws, Candidates *row, float epsilon) {
  keepProbable(ws, row, epsilon, expWeights(ws, ws.scores, row->count, row->best, 2, nullptr));
}

/// min(eta, sqrt(eta) * exp(-entropy)).
void keepEta(const Workspace &ws, Candidates *row, float eta) {
  double total = expWeights(ws, ws.scores, row->count, row->best, 2, nullptr), sum = 0;
  for (uint32_t i = 0; i < row->count; ++i)
    if (ws.weights[i] > 0)
      sum += static_cast<double>(ws.weights[i]) * (static_cast<double>(ws.scores[i]) - row->best);
  double entropy = logDouble(total) - sum / total;
  double bound = expDouble(0.5 * logDouble(eta) - entropy);
  keepProbable(ws, row, bound < eta ? bound : eta, total);
}

} // namespace

sinter_status applyFilters(const Settings &settings, const Workspace &ws, Candidates *row, sinter_error *error) {
  if (settings.temperature != 1) {
    for (uint32_t i = 0; i < row->count; ++i)
      ws.scores[i] /= settings.temperature;
    if (sinter_status status = checkScores(ws, row, "the scores over the temperature", error); status != SINTER_OK)
      return status;
  }
  if (settings.topK)
    keepTopK(ws, row, settings.topK);
  if (settings.topP < 1)
    keepTopP(ws, row, settings.topP);
  if (settings.minP > 0)
    keepMinP(ws, row, settings.minP);
  if (settings.epsilonCutoff > 0)
    keepEpsilon(ws, row, settings.epsilonCutoff);
  if (settings.etaCutoff > 0)
    keepEta(ws, row, settings.etaCutoff);
  return SINTER_OK;
}

} // namespace sinter::sample
