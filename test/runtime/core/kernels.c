// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of the toy artifact, compiled to position-independent bytes without any tool of ours (CMakeLists.txt);
// kernels.ld gives each a place. The sizes are the toy's: rows of 3, vectors of 4, a table of 8.

#include "sinter/abi.h"

#define KERNEL(n)                                                                                                      \
  __attribute__((section(".kernel" #n))) int32_t kernel##n(void *const *buffers, const int64_t *symbols,               \
                                                           int64_t begin, int64_t end)

// embed(tokens[B, T], mask[B, T], table[8, 4]) -> out[B, 4]: the sum of the rows whose mask is not 0.
KERNEL(0) {
  const int32_t *tokens = buffers[0], *mask = buffers[1];
  const float *table = buffers[2];
  float *out = buffers[3];
  for (int64_t b = begin; b < end; ++b)
    for (int j = 0; j < 4; ++j) {
      float sum = 0;
      for (int64_t t = 0; t < symbols[1]; ++t) {
        int32_t id = tokens[b * symbols[1] + t];
        if (id < 0 || id >= 8)
          return SINTER_KERNEL_INDEX;
        if (mask[b * symbols[1] + t])
          sum += table[id * 4 + j];
      }
      out[b * 4 + j] = sum;
    }
  return 0;
}

// x[N, 3] += row[3]
KERNEL(1) {
  float *x = buffers[0];
  const float *row = buffers[1];
  for (int64_t n = begin; n < end; ++n)
    for (int j = 0; j < 3; ++j)
      x[n * 3 + j] += row[j];
  return 0;
}

// y[N, 3] = x[N, 3] * k[N]
KERNEL(2) {
  const float *x = buffers[0];
  const int32_t *k = buffers[1];
  float *y = buffers[2];
  for (int64_t n = begin; n < end; ++n)
    for (int j = 0; j < 3; ++j)
      y[n * 3 + j] = x[n * 3 + j] * (float)k[n];
  return 0;
}

// c[N] = x[N] + 1
KERNEL(3) {
  const int32_t *x = buffers[0];
  int32_t *c = buffers[1];
  for (int64_t n = begin; n < end; ++n)
    c[n] = x[n] + 1;
  return 0;
}

// y[N] = x[N] / x[N]
KERNEL(4) {
  const float *x = buffers[0];
  float *y = buffers[1];
  for (int64_t n = begin; n < end; ++n)
    y[n] = x[n] / x[n];
  return 0;
}

// A status that does not exist.
KERNEL(5) { return 77; }

// extend(tokens[B, N], count[B], length[B], pages[B, P], pool[2, Q, 16]) -> logits[B, 8]: the new tokens go into the pages
// of both layers; what stands in all pages, alternately from one layer and the other, is mixed into the logits.
KERNEL(6) {
  const int32_t *tokens = buffers[0], *count = buffers[1], *length = buffers[2], *pages = buffers[3];
  float *pool = buffers[4], *out = buffers[5];
  for (int64_t b = begin; b < end; ++b) {
    int64_t last = length[b] + count[b];
    for (int64_t n = 0; n < count[b]; ++n)
      for (int64_t l = 0; l < 2; ++l)
        pool[(l * symbols[3] + pages[b * symbols[2] + (length[b] + n) / 16]) * 16 + (length[b] + n) % 16] =
            (float)tokens[b * symbols[1] + n];
    uint32_t mixed = 1;
    for (int64_t p = 0; p < last; ++p)
      mixed = mixed * 31 + (uint32_t)pool[(p % 2 * symbols[3] + pages[b * symbols[2] + p / 16]) * 16 + p % 16];
    for (uint32_t v = 0; v < 8; ++v)
      out[b * 8 + v] = (float)((mixed ^ v * 0x9E3779B9u) * 0x85EBCA6Bu >> 20) / 1024;
  }
  return 0;
}
