// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Batched matrix product in float64: four rows at a time share each load of the right operand, the innermost loop runs
// along contiguous columns. Compiled with -O3 in every build type.
#include "ir/reference/MatMul.h"

#include <algorithm>

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
#define SINTER_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SINTER_CLONES
#endif

namespace sinter::ir {

SINTER_CLONES static void fourRows(int64_t n, int64_t k, const double *__restrict lhs, const double *__restrict rhs,
                                   double *__restrict out) {
  for (int64_t i = 0; i < k; ++i) {
    double a = lhs[i], b = lhs[k + i], c = lhs[2 * k + i], d = lhs[3 * k + i];
    const double *__restrict row = rhs + i * n;
    for (int64_t j = 0; j < n; ++j) {
      double x = row[j];
      out[j] += a * x;
      out[n + j] += b * x;
      out[2 * n + j] += c * x;
      out[3 * n + j] += d * x;
    }
  }
}

SINTER_CLONES static void oneRow(int64_t n, int64_t k, const double *__restrict lhs, const double *__restrict rhs,
                                 double *__restrict out) {
  for (int64_t i = 0; i < k; ++i)
    for (int64_t j = 0; j < n; ++j)
      out[j] += lhs[i] * rhs[i * n + j];
}

void batchedMatMul(int64_t batch, int64_t m, int64_t n, int64_t k, const double *lhs, const double *rhs, double *out) {
  std::fill(out, out + batch * m * n, 0.0);
  for (int64_t b = 0; b < batch; ++b, rhs += k * n) {
    int64_t row = 0;
    for (; row + 4 <= m; row += 4, lhs += 4 * k, out += 4 * n)
      fourRows(n, k, lhs, rhs, out);
    for (; row < m; ++row, lhs += k, out += n)
      oneRow(n, k, lhs, rhs, out);
  }
}

} // namespace sinter::ir
