// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes between the two halves of a tokenizer: frontend/tokenizer/ writes
// them at compile time, runtime/text/ reads them in every process. Little
// endian, position independent, 4-byte aligned; all offsets count from the
// start of the blob. C99 and C++, no includes but stdint.h.
//
// Text is encoded with it in four moves: (1) split off added tokens, (2) send
// each code point through the code point table (clean, decompose, strip,
// lowercase: everything is already folded into one record), (3) cut words at
// spaces and punctuation, (4) greedy longest match in the word table and then
// the continuation table.

#ifndef SINTER_RUNTIME_TEXT_TOKENIZERBLOB_H
#define SINTER_RUNTIME_TEXT_TOKENIZERBLOB_H

#include <stdint.h>

#define SINTER_TOKENIZER_MAGIC 0x4B544E53u /* "SNTK" */
#define SINTER_TOKENIZER_VERSION 1u
#define SINTER_TOKENIZER_WORDPIECE 1u
#define SINTER_TOKENIZER_NONE 0xFFFFFFFFu

/* Limits that the writer keeps and the reader enforces. */
#define SINTER_TOKENIZER_MAX_WORD_CHARS 4096u
#define SINTER_TOKENIZER_MAX_TOKEN_BYTES 4096u
#define SINTER_TOKENIZER_MAX_PROBE 128u
#define SINTER_TOKENIZER_MAX_ADDED 4096u
#define SINTER_TOKENIZER_MAX_MAP_LENGTH 16u

typedef struct SinterBlobSection {
  uint32_t offset; /* bytes from the start, a multiple of 4 */
  uint32_t count;  /* elements */
} SinterBlobSection;

typedef struct SinterTokenizerHeader {
  uint32_t magic, version, kind;
  uint32_t totalBytes;
  uint32_t idCount; /* largest id + 1 */
  uint32_t unkId;
  uint32_t padId, clsId, sepId, maskId; /* or SINTER_TOKENIZER_NONE */
  uint32_t maxWordChars;                /* longer words are one unknown token */
  uint32_t maxTokenBytes;               /* longest string of either table */
  uint32_t maxProbe;                    /* slots looked at before a lookup gives up */
  uint32_t prefixCount;                 /* template pieces before the text; the rest follow */
  uint32_t textType;                    /* type id of the text's own tokens */
  SinterBlobSection blocks;             /* uint16_t[0x1100]: block of each 256 code points */
  SinterBlobSection records;            /* uint32_t[256 * blocks], see SINTER_CP_* */
  SinterBlobSection maps;               /* uint32_t: pool start << 8 | length */
  SinterBlobSection pool;               /* uint32_t code points with SINTER_MAP_* bits */
  SinterBlobSection entries;            /* SinterTokenEntry */
  SinterBlobSection words;              /* uint32_t slots (a power of two): entry or NONE */
  SinterBlobSection continuations;      /* the same for pieces inside a word */
  SinterBlobSection ids;                /* uint32_t[idCount]: the id's own entry or NONE */
  SinterBlobSection added;              /* SinterAddedToken, by first byte, longest first */
  SinterBlobSection pieces;             /* SinterTemplatePiece: prefix, then suffix */
  SinterBlobSection strings;            /* bytes */
} SinterTokenizerHeader;

/* A string that either table finds, or that only names an id. */
typedef struct SinterTokenEntry {
  uint32_t hash;   /* sinterBlobHash of the bytes */
  uint32_t offset; /* into strings */
  uint32_t length;
  uint32_t id;
} SinterTokenEntry;

#define SINTER_ADDED_SPECIAL 1u
typedef struct SinterAddedToken {
  uint32_t offset, length; /* into strings; length > 0 */
  uint32_t id;
  uint32_t flags;
} SinterAddedToken;

typedef struct SinterTemplatePiece {
  uint32_t id, type;
} SinterTemplatePiece;

/* Record of a code point. The class is that of the code point where it stands
 * in normalized text; the action is what normalization makes of it. */
#define SINTER_CP_CLASS(r) ((r) & 3u)
#define SINTER_CP_WORD 0u
#define SINTER_CP_SPACE 1u
#define SINTER_CP_PUNCTUATION 2u
#define SINTER_CP_PAD (1u << 2) /* stands alone, as if between spaces */
#define SINTER_CP_ACTION(r) (((r) >> 3) & 7u)
#define SINTER_CP_SELF 0u
#define SINTER_CP_DROP 1u
#define SINTER_CP_TO_SPACE 2u
#define SINTER_CP_MAP 3u    /* maps[SINTER_CP_INDEX] */
#define SINTER_CP_HANGUL 4u /* algorithmic decomposition */
/* Dropped after decomposition though a starter: what follows is not reordered
 * with what precedes. */
#define SINTER_CP_BARRIER (1u << 6)
#define SINTER_CP_CCC(r) (((r) >> 8) & 0xFFu) /* combining class, 0 if unused */
#define SINTER_CP_INDEX(r) ((r) >> 16)

#define SINTER_MAP_CODE(e) ((e) & 0x1FFFFFu)
#define SINTER_MAP_BARRIER_BEFORE (1u << 31)
#define SINTER_MAP_BARRIER_ONLY (1u << 30) /* no code point of its own */

/* FNV-1a, extendable byte by byte: hash(ab) = step(step(seed, a), b). */
#define SINTER_HASH_SEED 2166136261u
static inline uint32_t sinterHashStep(uint32_t hash, uint8_t byte) { return (hash ^ byte) * 16777619u; }
/* Spreads the hash over the low bits that choose a slot. */
static inline uint32_t sinterHashSlot(uint32_t hash) {
  hash ^= hash >> 15;
  hash *= 0x2C1B3C6Du;
  return hash ^ (hash >> 13);
}

#endif /* SINTER_RUNTIME_TEXT_TOKENIZERBLOB_H */
