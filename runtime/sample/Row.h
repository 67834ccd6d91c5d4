// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One row of scores under way from logits to a choice: the memory it is worked on, and what penalties, filters and
// choices share. A Workspace belongs to one thread; it holds nothing from one row to the next. C headers only.

#ifndef SINTER_RUNTIME_SAMPLE_ROW_H
#define SINTER_RUNTIME_SAMPLE_ROW_H

#include "runtime/sample/Settings.h"

namespace sinter::sample {

/// A row's weights are summed in blocks of this many, always in the same order.
constexpr uint32_t blockSize = 256;

/// Views of the caller's memory.
struct Workspace {
  float *scores = nullptr;  ///< [vocabulary]
  float *weights = nullptr; ///< [vocabulary]; outside of expWeights and the draw, scratch
  uint32_t *ids = nullptr;  ///< [vocabulary]
  uint32_t *keys = nullptr; ///< [vocabulary]; scratch
  double *blocks = nullptr; ///< [vocabulary / blockSize, rounded up]
  uint32_t vocabulary = 0;

  /// Bytes that bind() wants for rows of this length: about 16 for each token.
  static uint64_t bytes(uint32_t vocabulary);
  /// `memory` is 64-byte aligned and borrowed. False when it is too small or null.
  bool bind(void *memory, uint64_t size, uint32_t vocabulary);
};

/// The tokens that are still possible, by rising id: scores in ws.scores[0, count), ids in ws.ids[0, count), or, while
/// `dense`, every id with -inf for what is impossible.
struct Candidates {
  uint32_t count = 0;
  bool dense = true;
  float best = 0; ///< the largest score; finite once the row has passed checkScores
};

/// Copies a row into ws.scores. SINTER_NOT_FINITE where it holds NaN or +inf, or nothing but -inf.
sinter_status loadRow(const Workspace &ws, const float *logits, Candidates *row, sinter_error *error);

/// Looks again after scores were changed: sets row->best. SINTER_REFUSED if no token is left ("... leave no token";
/// `what` is a plural), SINTER_NOT_FINITE if `what` made a score overflow.
sinter_status checkScores(const Workspace &ws, Candidates *row, const char *what, sinter_error *error);

/// weights[i] = exp(scores[i] - best), with their sums in ws.blocks. The total; *heavy, if not null, is the part of it
/// in weights >= cut.
double expWeights(const Workspace &ws, const float *scores, uint32_t count, float best, float cut, double *heavy);

/// The token's log-probability is its logit minus this.
double logSumExp(const Workspace &ws, const float *logits, float best);

/// The largest of `count` scores, by fours: bad gets a bit where one is NaN.
float largestScore(const float *scores, uint32_t count, bool *bad);

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_ROW_H
