// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A row's memory, its exponentials and sums; see Row.h.

#include "runtime/sample/Row.h"

#include "runtime/core/Error.h"
#include "runtime/sample/Math.h"

#include <string.h>

namespace sinter::sample {
namespace {

constexpr float infinity = __builtin_inff();

uint64_t aligned(uint64_t bytes) { return (bytes + 63) & ~uint64_t{63}; }

/// Up to four floats; -inf behind the end.
Float4 loadFour(const float *from, uint32_t left) {
  Float4 value = {-infinity, -infinity, -infinity, -infinity};
  memcpy(&value, from, (left < 4 ? left : 4) * sizeof(float));
  return value;
}

} // namespace

uint64_t Workspace::bytes(uint32_t vocabulary) {
  uint64_t blocks = (uint64_t{vocabulary} + blockSize - 1) / blockSize;
  return 4 * aligned(uint64_t{vocabulary} * 4) + aligned(blocks * sizeof(double));
}

bool Workspace::bind(void *memory, uint64_t size, uint32_t length) {
  if (!memory || size < bytes(length) || reinterpret_cast<uintptr_t>(memory) % 64)
    return false;
  char *at = static_cast<char *>(memory);
  uint64_t each = aligned(uint64_t{length} * 4);
  scores = reinterpret_cast<float *>(at);
  weights = reinterpret_cast<float *>(at + each);
  ids = reinterpret_cast<uint32_t *>(at + 2 * each);
  keys = reinterpret_cast<uint32_t *>(at + 3 * each);
  blocks = reinterpret_cast<double *>(at + 4 * each);
  vocabulary = length;
  return true;
}

float largestScore(const float *scores, uint32_t count, bool *bad) {
  Float4 best[4];
  Int4 nan = {0, 0, 0, 0};
  for (Float4 &lanes : best)
    lanes = Float4{-infinity, -infinity, -infinity, -infinity};
  uint32_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (uint32_t k = 0; k < 4; ++k) {
      Float4 x = loadFour(scores + i + 4 * k, 4);
      nan |= x != x;
      best[k] = x > best[k] ? x : best[k];
    }
  for (; i < count; i += 4) {
    Float4 x = loadFour(scores + i, count - i);
    nan |= x != x;
    best[0] = x > best[0] ? x : best[0];
  }
  float result = -infinity;
  for (const Float4 &lanes : best)
    for (int k = 0; k < 4; ++k)
      result = lanes[k] > result ? lanes[k] : result;
  *bad = (nan[0] | nan[1] | nan[2] | nan[3]) != 0;
  return result;
}

sinter_status loadRow(const Workspace &ws, const float *logits, Candidates *row, sinter_error *error) {
  bool nan = false;
  *row = {ws.vocabulary, true, largestScore(logits, ws.vocabulary, &nan)};
  if (nan || row->best == infinity) {
    for (uint32_t i = 0; i < ws.vocabulary; ++i)
      if (logits[i] != logits[i] || logits[i] == infinity)
        return runtime::fail(error, SINTER_NOT_FINITE, "the logit of token %u is %s", i,
                             logits[i] == infinity ? "infinite" : "NaN");
  }
  if (row->best == -infinity)
    return runtime::fail(error, SINTER_NOT_FINITE, "every logit of a row is -inf: no token is possible");
  memcpy(ws.scores, logits, uint64_t{ws.vocabulary} * sizeof(float));
  return SINTER_OK;
}

sinter_status checkScores(const Workspace &ws, Candidates *row, const char *what, sinter_error *error) {
  bool nan = false;
  row->best = largestScore(ws.scores, row->count, &nan);
  if (nan || row->best == infinity)
    return runtime::fail(error, SINTER_NOT_FINITE, "%s: a score is no longer a finite number", what);
  if (row->best == -infinity)
    return runtime::fail(error, SINTER_REFUSED, "%s leave no token that may follow", what);
  return SINTER_OK;
}

double expWeights(const Workspace &ws, const float *scores, uint32_t count, float best, float cut, double *heavy) {
  const Float4 none = {0, 0, 0, 0};
  double total = 0, heavyTotal = 0;
  for (uint32_t start = 0, block = 0; start < count; start += blockSize, ++block) {
    uint32_t end = count - start < blockSize ? count : start + blockSize, i = start;
    Float4 sum[2] = {}, big[2] = {};
    for (; i + 8 <= end; i += 8)
      for (uint32_t k = 0; k < 2; ++k) {
        Float4 w = expNegative(loadFour(scores + i + 4 * k, 4) - best);
        memcpy(ws.weights + i + 4 * k, &w, sizeof(w));
        sum[k] += w;
        big[k] += w >= cut ? w : none;
      }
    for (uint32_t k = 0; i < end; i += 4, ++k) {
      Float4 w = expNegative(loadFour(scores + i, end - i) - best);
      memcpy(ws.weights + i, &w, (end - i < 4 ? end - i : 4) * sizeof(float));
      sum[k] += w;
      big[k] += w >= cut ? w : none;
    }
    Float4 s = sum[0] + sum[1], b = big[0] + big[1];
    ws.blocks[block] = (static_cast<double>(s[0]) + s[1]) + (static_cast<double>(s[2]) + s[3]);
    total += ws.blocks[block];
    heavyTotal += (static_cast<double>(b[0]) + b[1]) + (static_cast<double>(b[2]) + b[3]);
  }
  if (heavy)
    *heavy = heavyTotal;
  return total;
}

double logSumExp(const Workspace &ws, const float *logits, float best) {
  return best + logDouble(expWeights(ws, logits, ws.vocabulary, best, 2, nullptr));
}

} // namespace sinter::sample
