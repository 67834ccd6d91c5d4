// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filters of sampling: a row's scores enter; temperature, top-k, top-p, min-p, epsilon and eta, in this order,
// leave the tokens that may be drawn. Each sees the distribution that the one before left, as in transformers. Linear
// time: borders are found by partial selection, nothing is sorted. C headers only.

#ifndef SINTER_RUNTIME_SAMPLE_FILTERS_H
#define SINTER_RUNTIME_SAMPLE_FILTERS_H

#include "runtime/sample/Row.h"

namespace sinter::sample {

/// `row` has passed checkScores, and leaves with at least one candidate. Ties: top-k keeps every token that is as good
/// as its last one; top-p, of equal tokens on its border, keeps those of lower id; the others keep or drop equal
/// tokens together. SINTER_NOT_FINITE when the temperature makes scores overflow.
sinter_status applyFilters(const Settings &settings, const Workspace &ws, Candidates *row, sinter_error *error);

} // namespace sinter::sample

#endif // SINTER_RUNTIME_SAMPLE_FILTERS_H
