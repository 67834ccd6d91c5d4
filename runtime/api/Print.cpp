// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Embeddings as lines, JSON or a similarity table; see Print.h.

#include "runtime/api/Print.h"

#include <math.h>

namespace sinter::runtime {
namespace {

/// Bytes of the UTF-8 sequence at `text`, 0 if it is not one (overlong, surrogate, cut off).
size_t sequenceLength(const char *text, size_t left) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned first = byte(0);
  if (first < 0x80)
    return 1;
  size_t length = first >= 0xc2 && first < 0xe0   ? 2
                  : first >= 0xe0 && first < 0xf0 ? 3
                  : first >= 0xf0 && first < 0xf5 ? 4
                                                  : 0;
  if (length == 0 || length > left)
    return 0;
  for (size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  unsigned second = byte(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
      (first == 0xf4 && second >= 0x90))
    return 0;
  return length;
}

double cosine(const double *a, const double *b, size_t width) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < width; ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? ab / (sqrt(aa) * sqrt(bb)) : 0;
}

/// The beginning of a text, on one line: about 60 characters.
void printStart(FILE *out, const char *text, size_t length) {
  size_t shown = 0;
  for (size_t i = 0; i < length; ++shown) {
    if (shown == 60) {
      fputs("...", out);
      return;
    }
    size_t bytes = sequenceLength(text + i, length - i);
    bool plain = bytes > 1 || (bytes == 1 && static_cast<unsigned char>(text[i]) >= 0x20 && text[i] != 0x7f);
    if (plain)
      fwrite(text + i, 1, bytes, out);
    else
      fputc('?', out);
    i += bytes ? bytes : 1;
  }
}

} // namespace

void printVector(FILE *out, const double *vector, size_t width, int digits) {
  for (size_t i = 0; i < width; ++i)
    fprintf(out, "%s%.*g", i ? " " : "", digits, vector[i]);
  fputc('\n', out);
}

void printJsonString(FILE *out, const char *text, size_t length) {
  fputc('"', out);
  for (size_t i = 0; i < length;) {
    size_t bytes = sequenceLength(text + i, length - i);
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (bytes == 0)
      fputs("\\ufffd", out);
    else if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
      fprintf(out, "\\u%04x", c);
    else
      fwrite(text + i, 1, bytes, out);
    i += bytes ? bytes : 1;
  }
  fputc('"', out);
}

void printJson(FILE *out, const EmbeddedText *texts, size_t count, size_t width, int digits) {
  fputs("[", out);
  for (size_t i = 0; i < count; ++i) {
    fputs(i ? ",\n {\"text\": " : "{\"text\": ", out);
    printJsonString(out, texts[i].text, texts[i].length);
    if (texts[i].ids) {
      fputs(", \"ids\": [", out);
      for (size_t j = 0; j < texts[i].idCount; ++j)
        fprintf(out, "%s%d", j ? ", " : "", texts[i].ids[j]);
      fputs("]", out);
    }
    fputs(", \"embedding\": [", out);
    // JSON has no NaN or infinity; results that hold them were refused unless they were asked for.
    for (size_t j = 0; j < width; ++j)
      if (isfinite(texts[i].vector[j]))
        fprintf(out, "%s%.*g", j ? ", " : "", digits, texts[i].vector[j]);
      else
        fputs(j ? ", null" : "null", out);
    fputs("]}", out);
  }
  fputs("]\n", out);
}

void printSimilarities(FILE *out, const EmbeddedText *texts, size_t count, size_t width) {
  fputs("     ", out);
  for (size_t i = 0; i < count; ++i)
    fprintf(out, "%8zu", i + 1);
  fputc('\n', out);
  for (size_t i = 0; i < count; ++i) {
    fprintf(out, "%5zu", i + 1);
    for (size_t j = 0; j < count; ++j)
      fprintf(out, "%8.4f", cosine(texts[i].vector, texts[j].vector, width));
    fputs("  ", out);
    printStart(out, texts[i].text, texts[i].length);
    fputc('\n', out);
  }
}

void printSimilaritiesJson(FILE *out, const EmbeddedText *texts, size_t count, size_t width) {
  fputs("{\"texts\": [", out);
  for (size_t i = 0; i < count; ++i) {
    fputs(i ? ", " : "", out);
    printJsonString(out, texts[i].text, texts[i].length);
  }
  fputs("],\n \"similarities\": [", out);
  for (size_t i = 0; i < count; ++i) {
    fputs(i ? ",\n  [" : "[", out);
    for (size_t j = 0; j < count; ++j)
      fprintf(out, "%s%.9g", j ? ", " : "", cosine(texts[i].vector, texts[j].vector, width));
    fputs("]", out);
  }
  fputs("]}\n", out);
}

} // namespace sinter::runtime
