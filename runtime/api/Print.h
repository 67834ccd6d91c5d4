// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How sentence embeddings are printed, for `sinter embed` and for stand-alone executables alike. Vectors are doubles
// (a float is one exactly); `digits` is 9 for those that were floats and 17 for the reference: both read back to the
// same number. C headers only; nothing is owned.

#ifndef SINTER_RUNTIME_API_PRINT_H
#define SINTER_RUNTIME_API_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

namespace sinter::runtime {

/// One text and its vector. `ids` may be null: not shown.
struct EmbeddedText {
  const char *text;
  size_t length;
  const int32_t *ids;
  size_t idCount;
  const double *vector;
};

/// One line: the vector's numbers, with a space between.
void printVector(FILE *out, const double *vector, size_t width, int digits);

/// A JSON string; invalid UTF-8 becomes U+FFFD.
void printJsonString(FILE *out, const char *text, size_t length);

/// [{"text": "...", "ids": [...], "embedding": [...]}, ...], an object a line.
void printJson(FILE *out, const EmbeddedText *texts, size_t count, size_t width, int digits);

/// The cosine of each pair, a table with the texts at the end of their rows.
void printSimilarities(FILE *out, const EmbeddedText *texts, size_t count, size_t width);

/// {"texts": [...], "similarities": [[...], ...]}
void printSimilaritiesJson(FILE *out, const EmbeddedText *texts, size_t count, size_t width);

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_API_PRINT_H
