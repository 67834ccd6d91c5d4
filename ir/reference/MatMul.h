// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one loop of the interpreter that must not be slow.
#pragma once

#include <cstdint>

namespace sinter::ir {

/// out[b, m, n] = sum over k, ascending, of lhs[b, m, k] * rhs[b, k, n]. All dense; `out` is overwritten.
void batchedMatMul(int64_t batch, int64_t m, int64_t n, int64_t k, const double *lhs, const double *rhs, double *out);

} // namespace sinter::ir
