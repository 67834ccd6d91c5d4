// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* How alike are two sentences?  terse "A cat." "A kitten."  (Vectors have length 1: their product is the cosine.) */
#include "minilm.h"
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  minilm_model *model;
  minilm_error error;
  const float *vector;
  uint64_t width;
  float first[4096], product = 0;
  if (argc != 3 || minilm_open(0, 0, &model, &error) ||
      minilm_embed(model, argv[1], strlen(argv[1]), 0, &vector, &width, &error) || width > 4096)
    return 1;
  memcpy(first, vector, width * sizeof *first);
  if (minilm_embed(model, argv[2], strlen(argv[2]), 0, &vector, &width, &error))
    return 1;
  for (uint64_t i = 0; i < width; ++i)
    product += first[i] * vector[i];
  printf("%.4f\n", product);
  return minilm_close(model);
}
