// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Finds the sentence that is nearest to a question:  narrated QUESTION SENTENCE...
 *
 * minilm.h was written beside libminilm.so by `sinter compile`. It needs no other header, and the library needs no
 * other file: code, weights and tokenizer are in it. */
#include "minilm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every function gives 0 for success. On failure `error` holds one line for a person, and nothing else has changed. */
static void expect(int status, const minilm_error *error) {
  if (status == 0)
    return;
  fprintf(stderr, "narrated: %s\n", error->message);
  exit(1);
}

/* The vector of a text, in memory of our own: what minilm_embed gives belongs to the model until its next call. */
static float *embed(minilm_model *model, const char *text, uint64_t *width) {
  const float *vector;
  minilm_error error;
  /* The 0 says that a text of too many tokens is an error; 1 would cut it. */
  expect(minilm_embed(model, text, strlen(text), 0, &vector, width, &error), &error);
  float *copy = malloc(*width * sizeof *copy);
  if (!copy)
    abort();
  return memcpy(copy, vector, *width * sizeof *copy);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: narrated QUESTION SENTENCE...\n");
    return 2;
  }
  /* A model is threads and working memory. 0 threads means one for each processor; the answer has the same bits for any
   * number. The weights are mapped from the library's file: opening reads none of them, and two models share them (1
   * for the second argument makes a copy instead, faster by a little). A model makes one call at a time: give each of
   * your threads its own. */
  minilm_model *model;
  minilm_error error;
  expect(minilm_open(0, 0, &model, &error), &error);

  uint64_t width;
  float *question = embed(model, argv[1], &width);
  int best = 2;
  float closest = -2;
  for (int i = 2; i < argc; ++i) {
    float *sentence = embed(model, argv[i], &width), product = 0;
    for (uint64_t k = 0; k < width; ++k) /* vectors have length 1: the product is the cosine of their angle */
      product += question[k] * sentence[k];
    if (product > closest)
      closest = product, best = i;
    free(sentence);
  }
  printf("%s\n", argv[best]);

  /* Below the text there are tensors. Each function of the model is here by its name: first its sizes, then its
   * arguments (null for a default: here every token counts), then its results, in your memory. */
  int32_t tokens[1024];
  uint64_t length;
  expect(minilm_tokenize(model, argv[1], strlen(argv[1]), 0, tokens, 512, &length, &error), &error);
  if (length > 512) /* the whole number, even where fewer were written */
    return fprintf(stderr, "narrated: more tokens than there is room for\n"), 1;
  memcpy(tokens + length, tokens, length * sizeof *tokens); /* two rows, one after the other without a gap */
  float *rows = malloc(2 * width * sizeof *rows);
  if (!rows)
    abort();
  expect(minilm_embed_(model, 2, (int64_t)length, tokens, NULL, NULL, rows, &error), &error);
  /* In a batch or alone, by tokens or by text: the same bits. */
  if (memcmp(rows, question, width * sizeof *rows) || memcmp(rows + width, question, width * sizeof *rows))
    return fprintf(stderr, "narrated: the batch differs\n"), 1;

  /* Texts of different lengths go in together as they are: nothing is padded, and each has the bits that it has alone. */
  const minilm_text texts[] = {{"It rains.", 9}, {argv[1], strlen(argv[1])}};
  const float *vectors;
  expect(minilm_embed_texts(model, texts, 2, 0, &vectors, &width, &error), &error);
  if (memcmp(vectors + width, question, width * sizeof *rows))
    return fprintf(stderr, "narrated: the vector differs\n"), 1;

  /* What is wrong is said, not crashed on. */
  int32_t beyond = 2000000000;
  if (minilm_embed_(model, 1, 1, &beyond, NULL, NULL, rows, &error) != 0)
    fprintf(stderr, "as expected: %s\n", error.message);

  free(rows);
  free(question);
  return minilm_close(model);
}
