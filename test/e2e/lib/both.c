// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Two models in one program: neither library's names are the other's. Prints the second one's numbers. */
#include "minilm.h"
#include "tiny_model.h"

#include <stdio.h>
#include <string.h>

int main(void) {
  minilm_model *encoder;
  tiny_model_model *tiny;
  int32_t tokens[] = {1, 5, 7, 2, 0, 3}, mask[] = {1, 1, 1, 1, 1, 0};
  float hidden[2 * 3 * 24];
  const float *vector;
  uint64_t width;
  if (minilm_open(1, 0, &encoder, NULL) || tiny_model_open(2, 0, &tiny, NULL) ||
      minilm_embed(encoder, "Hello.", 6, 0, &vector, &width, NULL) ||
      tiny_model_forward(tiny, 2, 3, tokens, mask, hidden, NULL))
    return 1;
  tiny_model_error error;
  if (tiny_model_forward(tiny, 2, -3, tokens, mask, hidden, &error) == 0 || tiny_model_open(1, 0, NULL, &error) == 0 ||
      tiny_model_call(NULL, 0, NULL, NULL, &error) == 0)
    return 2;
  /* A result that nobody could get. */
  if (tiny_model_forward(tiny, 2, 3, tokens, mask, NULL, NULL) != 1 ||
      tiny_model_forward(tiny, 2, 3, tokens, mask, NULL, &error) != 1 || error.status != 1 ||
      strcmp(error.message, "forward: the result hidden needs memory of yours, not null") != 0)
    return 3;
  for (int i = 0; i < 2 * 3 * 24; ++i)
    printf("%.9g\n", hidden[i]);
  return minilm_close(encoder) || tiny_model_close(tiny) || tiny_model_close(NULL);
}
