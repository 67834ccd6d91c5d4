// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes between the two halves of a tokenizer: frontend/tokenizer/ writes
// them at compile time, runtime/text/ reads them in every process. Little
// endian, position independent, 4-byte aligned; all offsets count from the
// start of the blob. C99 and C++, no includes but stdint.h.
//
// Two kinds. BERT's WordPiece is encoded in four moves: (1) split off added
// tokens, (2) send each code point through the code point table (clean,
// decompose, strip, lowercase: everything is already folded into one record),
// (3) cut words at spaces and punctuation, (4) greedy longest match in the word
// table and then the continuation table. Every other tokenizer is a PIPELINE:
// short programs of SinterTokenizerOp for normalizing, cutting and decoding,
// regular expressions as automata over classes of code points, and a model.

#ifndef SINTER_RUNTIME_TEXT_TOKENIZERBLOB_H
#define SINTER_RUNTIME_TEXT_TOKENIZERBLOB_H

#include <stdint.h>

#define SINTER_TOKENIZER_MAGIC 0x4B544E53u /* "SNTK" */
#define SINTER_TOKENIZER_VERSION 3u
#define SINTER_TOKENIZER_WORDPIECE 1u
#define SINTER_TOKENIZER_PIPELINE 2u
#define SINTER_TOKENIZER_NONE 0xFFFFFFFFu

/* Limits that the writer keeps and the reader enforces. */
#define SINTER_TOKENIZER_MAX_WORD_CHARS 4096u
#define SINTER_TOKENIZER_MAX_TOKEN_BYTES 4096u
#define SINTER_TOKENIZER_MAX_PROBE 128u
#define SINTER_TOKENIZER_MAX_ADDED 4096u
#define SINTER_TOKENIZER_MAX_MAP_LENGTH 32u   /* of one code point's mapping */
#define SINTER_TOKENIZER_MAX_OPS 32u          /* of one program */
#define SINTER_TOKENIZER_MAX_INSERT_BYTES 64u /* what one op puts in place of a match */
#define SINTER_TOKENIZER_MAX_WATCHED 64u      /* states of an automaton */
#define SINTER_TOKENIZER_MAX_CLASSES 255u
#define SINTER_TOKENIZER_MAX_REPLACEMENT 1024u /* bytes of one rule of a charsmap */

typedef struct SinterBlobSection {
  uint32_t offset; /* bytes from the start, a multiple of 4 */
  uint32_t count;  /* elements */
} SinterBlobSection;

typedef struct SinterBlobBytes {
  uint32_t offset, length; /* into strings */
} SinterBlobBytes;

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
  SinterBlobSection added;              /* SinterAddedToken, by first byte, longest first; pipelines: by bytes */
  SinterBlobSection pieces;             /* SinterTemplatePiece: prefix, then suffix */
  SinterBlobSection strings;            /* bytes */
  SinterBlobSection pair;               /* SinterTemplatePiece, texts included (SINTER_PIECE_*); empty: no pairs */
  SinterBlobSection decoder;            /* SinterTokenizerOp: SINTER_OP_… from SINTER_OP_JOIN on */
  SinterBlobSection specials;           /* uint32_t bits: the ids of special tokens */
  /* The rest is a pipeline's; empty for WordPiece. */
  SinterBlobSection normalizedAdded; /* as `added`, looked for after normalizing */
  SinterBlobSection normalizer;      /* SinterTokenizerOp */
  SinterBlobSection preTokenizer;    /* SinterTokenizerOp */
  SinterBlobSection automata;        /* SinterAutomaton */
  SinterBlobSection steps;           /* uint16_t, see SinterAutomaton */
  SinterBlobSection classBlocks;     /* uint16_t[0x1100]: page of each 256 code points */
  SinterBlobSection classPages;      /* uint8_t[256 * pages]: class of a code point */
  SinterBlobSection classKinds;      /* uint8_t[classes]: SINTER_KIND_* */
  SinterBlobSection mapBlocks;       /* uint16_t[0x1100 * code maps]: page of each 256 code points */
  SinterBlobSection mapPages;        /* uint32_t[256 * pages]: see SINTER_CODE_*, or combining classes */
  SinterBlobSection compositions;    /* SinterComposition, by (first, second) */
  SinterBlobSection merges;          /* SinterMerge, by rank */
  SinterBlobSection mergeSlots;      /* uint32_t slots (a power of two): merge or NONE */
  SinterBlobSection shortIds;        /* uint32_t[SINTER_SHORT_CODES]: id of the one-character token or NONE */
  SinterBlobSection byteIds;         /* uint32_t[256]: id of <0xNN> or NONE */
  SinterBlobSection pieceTrie;       /* SinterTrieUnit: bytes to a number of modelPieces */
  SinterBlobSection modelPieces;     /* SinterModelPiece */
  SinterBlobSection charTrie;        /* SinterTrieUnit: bytes to a number of replacements */
  SinterBlobSection replacements;    /* SinterBlobBytes */
  SinterBlobSection wholeTrie;       /* SinterTrieUnit: pieces that a user defined, never cut or normalized */
  uint32_t model;                    /* SINTER_MODEL_* */
  uint32_t modelFlags;               /* SINTER_BPE_*, SINTER_PIECES_* */
  uint32_t unkPiece;                 /* of modelPieces; models of pieces alone */
  uint32_t unkScore[2];              /* Unigram: bits of a double, low half first */
  SinterBlobBytes prefix, suffix;    /* BPE: before all but the first, after the last character of a word */
} SinterTokenizerHeader;

#define SINTER_MODEL_BPE 1u
#define SINTER_MODEL_UNIGRAM 2u     /* the best sum of scores */
#define SINTER_MODEL_PIECE_PAIRS 3u /* BPE of SentencePiece: two neighbours merge where both together are a piece */
#define SINTER_BPE_FUSE_UNKNOWN 1u
#define SINTER_BPE_BYTE_FALLBACK 2u /* of every model */
#define SINTER_BPE_IGNORE_MERGES 4u
#define SINTER_PIECES_SENTENCE 8u      /* as SentencePiece: sums are floats, unknown text is no piece */
#define SINTER_PIECES_LANGUAGE_CODE 16u /* ">>xx<<" where the text begins is one token, as Marian has it */
#define SINTER_SHORT_CODES 384u /* all that the byte-level alphabet uses */

/* One step of a program. */
typedef struct SinterTokenizerOp {
  uint32_t code, a, b;
  SinterBlobBytes text, content;
} SinterTokenizerOp;

/* Normalizing and cutting. */
#define SINTER_OP_MAP 1u       /* each code point through code map a */
#define SINTER_OP_NORMALIZE 2u /* decompose by code map a, order by code map b >> 1, compose if b & 1 */
#define SINTER_OP_REPLACE 3u   /* matches of automaton a by `content` */
#define SINTER_OP_PREPEND 4u   /* `content` in front, see SINTER_PREPEND_* in a */
#define SINTER_OP_STRIP 5u     /* white space: a & 1 in front, a & 2 behind */
#define SINTER_OP_BYTES 6u     /* each byte as a character of the byte-level alphabet */
#define SINTER_OP_SPLIT 7u     /* by automaton a; b = behavior, | SINTER_SPLIT_INVERT */
#define SINTER_OP_CHARSMAP 8u  /* grapheme by grapheme (code map a) through charTrie */
#define SINTER_OP_SENTENCE 9u  /* SentencePiece's normalizer; a: SINTER_SENTENCE_* */
/* Decoding. */
#define SINTER_OP_JOIN 16u          /* a space between tokens */
#define SINTER_OP_FROM_BYTES 17u    /* byte-level characters back to bytes, as one text */
#define SINTER_OP_UNSPACE 18u       /* `text` to a space; a: to nothing in the first token */
#define SINTER_OP_FROM_FALLBACK 19u /* <0xNN> back to bytes */
#define SINTER_OP_FUSE 20u          /* all tokens as one text */
#define SINTER_OP_TRIM 21u          /* up to a times `text` in front, b behind */
#define SINTER_OP_SUBSTITUTE 22u    /* `text` by `content` */
#define SINTER_OP_FROM_PIECES 23u   /* WordPiece: a space in front unless `text` is (and goes); a: clean up */
#define SINTER_OP_FROM_SUFFIX 24u   /* `text` to a space, to nothing in the last token */
#define SINTER_OP_FROM_SENTENCE 25u /* SentencePiece's way back; a: SINTER_SENTENCE_*; `text` to `content` */

#define SINTER_SENTENCE_SHRINK 1u  /* no spaces at the ends, one between words */
#define SINTER_SENTENCE_PREFIX 2u  /* a space in front; decoding: the first one goes */
#define SINTER_SENTENCE_SUFFIX 4u  /* ... or behind */
#define SINTER_SENTENCE_ESCAPE 8u  /* spaces are U+2581 */
#define SINTER_SENTENCE_BYTES 16u  /* decoding: <0xNN> are bytes */
#define SINTER_SENTENCE_START 32u  /* a space in front only where the whole text begins */

#define SINTER_PREPEND_ALWAYS 0u
#define SINTER_PREPEND_UNLESS_THERE 1u
#define SINTER_PREPEND_AT_START 2u /* unless there, and only where the whole text begins */

#define SINTER_SPLIT_REMOVED 0u
#define SINTER_SPLIT_ISOLATED 1u
#define SINTER_SPLIT_WITH_PREVIOUS 2u
#define SINTER_SPLIT_WITH_NEXT 3u
#define SINTER_SPLIT_CONTIGUOUS 4u
#define SINTER_SPLIT_INVERT 8u

/* A deterministic automaton that finds what a backtracking search would find.
 * Its steps are rows of classes + 1 entries, the last for the end of the text:
 * one row a state, then one row of first states, by the class in front of the
 * match, the last for the beginning of the text. Reading a class takes the
 * step: SINTER_STEP_MATCH says that a match ends in front of what is read. */
typedef struct SinterAutomaton {
  uint32_t firstStep; /* into steps */
  uint32_t states;
  uint32_t watched; /* states below this can be walked for ever without a match */
} SinterAutomaton;
#define SINTER_STEP_MATCH 0x8000u
#define SINTER_STEP_DEAD 0x7FFFu

#define SINTER_KIND_SPACE 1u /* White_Space */
#define SINTER_KIND_WORD 2u  /* what single_word tokens must not touch */

/* A code map's value for a code point. */
#define SINTER_CODE_SELF 0u
#define SINTER_CODE_DROP 1u
#define SINTER_CODE_LENGTH(v) (((v) & 0xFFu) - 1u) /* of every other value */
#define SINTER_CODE_START(v) ((v) >> 8)            /* into pool */

typedef struct SinterComposition {
  uint32_t first, second, composed;
} SinterComposition;

typedef struct SinterMerge {
  uint32_t left, right, id;
} SinterMerge;
static inline uint32_t sinterMergeSlot(uint32_t left, uint32_t right) {
  uint32_t hash = left * 0x9E3779B1u ^ right * 0x85EBCA77u;
  hash ^= hash >> 15;
  hash *= 0x2C1B3C6Du;
  return hash ^ (hash >> 13);
}

/* A trie as a double array; unit 0 is the root. The child of a unit by byte c
 * stands at NEXT ^ c if that unit's low bits are 0x100 | c. The count of units
 * is a multiple of 256, so no byte leads outside. */
typedef struct SinterTrieUnit {
  uint32_t link;
  uint32_t value; /* of what ends here, or NONE */
} SinterTrieUnit;
#define SINTER_TRIE_LABEL(link) ((link) & 0x1FFu)
#define SINTER_TRIE_NEXT(link) ((link) >> 9)
#define SINTER_TRIE_MAX_UNITS (1u << 23)

typedef struct SinterModelPiece {
  uint32_t score[2]; /* Unigram: bits of a double, low half first */
  uint32_t id;
  uint32_t rank; /* SINTER_MODEL_PIECE_PAIRS: the lowest merges first */
} SinterModelPiece;

/* Where graphemes end: values of the code map of SINTER_OP_CHARSMAP. */
#define SINTER_GRAPHEME_OTHER 0u
#define SINTER_GRAPHEME_CR 1u
#define SINTER_GRAPHEME_LF 2u
#define SINTER_GRAPHEME_CONTROL 3u
#define SINTER_GRAPHEME_EXTEND 4u
#define SINTER_GRAPHEME_LINKER 5u /* extends, and joins consonants */
#define SINTER_GRAPHEME_JOINER 6u
#define SINTER_GRAPHEME_SPACING 7u
#define SINTER_GRAPHEME_PREPEND 8u
#define SINTER_GRAPHEME_REGIONAL 9u
#define SINTER_GRAPHEME_L 10u
#define SINTER_GRAPHEME_V 11u
#define SINTER_GRAPHEME_T 12u
#define SINTER_GRAPHEME_LV 13u
#define SINTER_GRAPHEME_LVT 14u
#define SINTER_GRAPHEME_PICTURE 15u
#define SINTER_GRAPHEME_CONSONANT 16u

/* A string that either table finds, or that only names an id. */
typedef struct SinterTokenEntry {
  uint32_t hash;   /* sinterBlobHash of the bytes */
  uint32_t offset; /* into strings */
  uint32_t length;
  uint32_t id;
} SinterTokenEntry;

#define SINTER_ADDED_SPECIAL 1u
#define SINTER_ADDED_SINGLE_WORD 2u
#define SINTER_ADDED_STRIP_LEFT 4u
#define SINTER_ADDED_STRIP_RIGHT 8u
typedef struct SinterAddedToken {
  uint32_t offset, length; /* into strings; length > 0 */
  uint32_t id;
  uint32_t flags;
} SinterAddedToken;

typedef struct SinterTemplatePiece {
  uint32_t id, type;
} SinterTemplatePiece;
#define SINTER_PIECE_FIRST 0xFFFFFFFEu  /* here stands the first text of a pair */
#define SINTER_PIECE_SECOND 0xFFFFFFFDu /* here stands the second */

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
