// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokenizer tables and UTF-8 text enter; token ids, types and mask leave; and
// back: ids enter one by one, text leaves. The run-time half of every
// tokenizer, for the C API and the stand-alone executable: C headers only, no
// C++ library, no exceptions.
//
// The tables are untrusted bytes: sinterTokenizerOpen proves every offset,
// count and index once, so that encoding needs no further checks. Time is
// linear in the text (n log n inside one word of BPE), whatever the text.

#ifndef SINTER_RUNTIME_TEXT_TOKENIZER_H
#define SINTER_RUNTIME_TEXT_TOKENIZER_H

#include "runtime/text/TokenizerBlob.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A view over the tables. Owns nothing: the blob must outlive it. Immutable
 * after open; any number of threads may encode with one view. */
typedef struct SinterTokenizer {
  const SinterTokenizerHeader *header;
  const uint16_t *blocks;
  const uint32_t *records, *maps, *pool;
  const SinterTokenEntry *entries;
  const uint32_t *words, *continuations, *ids;
  const SinterAddedToken *added;
  const SinterTemplatePiece *pieces, *pair;
  const char *strings;
  const SinterTokenizerOp *decoder;
  const uint32_t *specials;
  /* Bit b of byte b / 8: some added token begins with byte b. */
  uint8_t addedFirst[32];
  /* Pipelines only. */
  uint8_t normalizedFirst[32];
  const SinterAddedToken *normalizedAdded;
  const SinterTokenizerOp *normalizer, *preTokenizer;
  const SinterAutomaton *automata;
  const uint16_t *steps, *classBlocks, *mapBlocks;
  const uint8_t *classPages, *classKinds;
  const uint32_t *mapPages;
  const SinterComposition *compositions;
  const SinterMerge *merges;
  const uint32_t *mergeSlots, *shortIds, *byteIds;
  const SinterTrieUnit *pieceTrie, *charTrie, *wholeTrie;
  const SinterModelPiece *modelPieces;
  const SinterBlobBytes *replacements;
} SinterTokenizer;

typedef enum SinterTokenizerStatus {
  SINTER_TOKENIZER_OK = 0,
  /* The blob is damaged or of another version (open only). */
  SINTER_TOKENIZER_BAD_BLOB = 1,
  /* The text has more than maxTokens tokens and truncate is off. Nothing was
   * cut; result->fullCount says how many there are. */
  SINTER_TOKENIZER_TOO_LONG = 2,
  /* capacity < result->count: grow the buffers to that and call again. */
  SINTER_TOKENIZER_SMALL_BUFFER = 3,
  SINTER_TOKENIZER_NO_MEMORY = 4,
  /* maxTokens does not even hold the template's own tokens. */
  SINTER_TOKENIZER_BAD_LIMIT = 5,
  /* The tokenizer's template has no place for a second text. */
  SINTER_TOKENIZER_NO_PAIR = 6
} SinterTokenizerStatus;

/* Bytes [begin, end) of a text. */
typedef struct SinterTextRange {
  size_t begin, end;
} SinterTextRange;

typedef struct SinterEncodeOptions {
  /* Most tokens, the template's included; 0 means no limit. */
  size_t maxTokens;
  /* Non-zero: keep the first tokens of a text that is too long, and the whole
   * template around them. Zero: such a text is an error. */
  int truncate;
  /* Non-zero: "[SEP]" in the text is the special token. Zero (the default):
   * it is ordinary text, so a user cannot smuggle special tokens in. Added
   * tokens that are not special are always found. */
  int allowSpecial;
  /* Non-zero: leave the template ([CLS] ... [SEP]) out. */
  int noTemplate;
  /* With allowSpecial: ranges, in order, in which special tokens are ordinary
   * text all the same; one that only reaches into a range is, too. The text
   * must be valid UTF-8. */
  const SinterTextRange *plain;
  size_t plainCount;
} SinterEncodeOptions;

typedef struct SinterEncodeResult {
  /* Tokens that were (or would be) written, after truncation. */
  size_t count;
  /* Tokens of the whole text, template included. */
  size_t fullCount;
} SinterEncodeResult;

/* Checks the whole blob (`size` bytes, 4-byte aligned) and fills `out`. On
 * SINTER_TOKENIZER_BAD_BLOB, *message (if not null) is a static sentence. */
SinterTokenizerStatus sinterTokenizerOpen(SinterTokenizer *out, const void *blob, size_t size, const char **message);

/* Encodes `length` bytes of UTF-8. Invalid bytes count as U+FFFD, one for each
 * maximal broken sequence. ids, types and mask each have room for `capacity`
 * elements; each may be null, and with capacity 0 the call only counts (status
 * SMALL_BUFFER unless it is OK to write nothing). `options` may be null.
 * result->count and fullCount are set on OK, TOO_LONG and SMALL_BUFFER. */
SinterTokenizerStatus sinterTokenizerEncode(const SinterTokenizer *tokenizer, const char *text, size_t length,
                                            const SinterEncodeOptions *options, int32_t *ids, int32_t *types,
                                            int32_t *mask, size_t capacity, SinterEncodeResult *result);

/* The same for two texts in the template of a pair. Truncation takes from the
 * longer text first. */
SinterTokenizerStatus sinterTokenizerEncodePair(const SinterTokenizer *tokenizer, const char *first, size_t firstLength,
                                                const char *second, size_t secondLength,
                                                const SinterEncodeOptions *options, int32_t *ids, int32_t *types,
                                                int32_t *mask, size_t capacity, SinterEncodeResult *result);

/* Ids back to text, as they come. What leaves is whole characters of valid
 * UTF-8 and, all together, what decoding all ids at once would give; what may
 * still change (half a character, a run of byte tokens, a trailing space) is
 * held until it cannot. One decoder serves one sequence at a time. */
typedef struct SinterDecoder SinterDecoder;

/* Null when memory is short. `tokenizer` must outlive it. skipSpecial: special
 * tokens leave nothing. */
SinterDecoder *sinterDecoderCreate(const SinterTokenizer *tokenizer, int skipSpecial);
/* Ready for another sequence. */
void sinterDecoderReset(SinterDecoder *decoder);
/* The text that this id completes; *text is not terminated and stays until the
 * next call. An id that the tokenizer does not have leaves nothing. OK or
 * NO_MEMORY. */
SinterTokenizerStatus sinterDecoderPut(SinterDecoder *decoder, int32_t id, const char **text, size_t *length);
/* What was held; then as after Reset. */
SinterTokenizerStatus sinterDecoderFinish(SinterDecoder *decoder, const char **text, size_t *length);
void sinterDecoderDestroy(SinterDecoder *decoder);

/* The spelling of an id ("##ing", "[SEP]") and its length, not terminated; null
 * for an id without one. The bytes belong to the blob. */
const char *sinterTokenizerSpelling(const SinterTokenizer *tokenizer, uint32_t id, size_t *length);

/* A static sentence for a status. */
const char *sinterTokenizerStatusText(SinterTokenizerStatus status);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* SINTER_RUNTIME_TEXT_TOKENIZER_H */
