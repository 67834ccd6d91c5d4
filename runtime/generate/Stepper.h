// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the loop of generation wants of a model: rows of new tokens with their places in the cache enter, the logits
// behind each row's last token leave. Three of them: a compiled artifact (ArtifactStepper.h), the interpreter
// (tools/sinter/ReferenceStepper.cpp), and a table in the tests. A table of functions rather than a class with virtual
// ones: executables carry no C++ library. C headers only.

#ifndef SINTER_RUNTIME_GENERATE_STEPPER_H
#define SINTER_RUNTIME_GENERATE_STEPPER_H

#include "sinter/sinter.h"

/// Passes a failure on.
#define SINTER_GENERATE_TRY(expression)                                                                                \
  do {                                                                                                                 \
    sinter_status tryStatus = (expression);                                                                            \
    if (tryStatus != SINTER_OK)                                                                                        \
      return tryStatus;                                                                                                \
  } while (0)

namespace sinter::generate {

/// Tokens in a page of the cache.
constexpr uint32_t pageTokens = 16;

/// What is known before anything runs.
struct ModelShape {
  uint32_t vocabulary = 0; ///< length of a row of logits
  uint64_t context = 0;    ///< most tokens of a row; 0: no limit
  uint32_t window = 0;     ///< how many rows back a token reads at most; 0: all
  uint64_t pageBytes = 0;  ///< of one page in all pools and layers
  bool adapters = false;   ///< has it a bank of them, of which each row names one?
};

/// One call: `rows` rows of at most `width` new tokens.
struct Step {
  uint32_t rows = 0, width = 0, pagesPerRow = 0;
  const int32_t *ids = nullptr;    ///< [rows][width]; what does not count is 0
  const int32_t *count = nullptr;  ///< [rows], each 1 .. width
  const int32_t *length = nullptr; ///< [rows], tokens that the cache holds
  const int32_t *pages = nullptr;  ///< [rows][pagesPerRow], 0 where a row has none; null for a model without cache
  const int32_t *source = nullptr; ///< [rows], the row's source
  const int32_t *adapter = nullptr; ///< [rows], of a bank, -1: none
  /// [rows], each length + count tokens: what a model without cache reads.
  const int32_t *const *history = nullptr;
};

/// The sources of an encoder-decoder, padded to one length.
struct Sources {
  uint32_t rows = 0, width = 0;
  const int32_t *ids = nullptr;  ///< [rows][width]
  const int32_t *mask = nullptr; ///< [rows][width], 1 where a token counts
  const int32_t *adapter = nullptr; ///< [rows], of a bank, -1: none
  bool padded = false;           ///< does the mask hold a 0?
};

struct Stepper {
  void *self = nullptr;
  ModelShape shape;
  /// Makes room for pages 0 .. pages - 1; page 0 is zeros, others finite. Null: there is no cache, histories are read.
  sinter_status (*reserve)(void *self, uint32_t pages, sinter_error *error) = nullptr;
  /// A page's contents, in every pool and layer.
  void (*copyPage)(void *self, uint32_t from, uint32_t to) = nullptr;
  /// The pools may hold NaN: the next reserve() brings zeros.
  void (*spoil)(void *self) = nullptr;
  /// What does not depend on the target, once. Null: the model has no source.
  sinter_status (*begin)(void *self, const Sources &sources, sinter_error *error) = nullptr;
  /// *logits [rows][vocabulary] are the model's, until its next call.
  sinter_status (*extend)(void *self, const Step &step, const float **logits, sinter_error *error) = nullptr;
};

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_STEPPER_H
