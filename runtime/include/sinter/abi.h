/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The artifact's binary interface: what the compiler writes and the runtime maps. Both sides include this one file.
 * Plain C; little-endian; every offset is relative to the start of the artifact or of the section named, and is
 * checked by the runtime before it is believed. Nothing here is an address; nothing is relocated.
 *
 * Sections lie in the file in the order of the section table, one after another with only padding (zeros, less than
 * a page) between and behind: META, STRINGS, CODE, PLAN..., CONSTANTS, TOKENIZER, GENERATION, CHAT, IMAGE..., WEIGHTS. IMAGE
 * sections are consecutive and WEIGHTS, where present, is last, so that an executable maps the whole file with three segments
 * (runtime/exe/Slots.h). META, STRINGS and CODE are always there, once; each variant has one PLAN and one IMAGE; the
 * others are optional. The mapped artifact's start is page aligned (in memory: at least SINTER_ALIGN).
 */
#ifndef SINTER_ABI_H
#define SINTER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SINTER_ABI_MAGIC "SINTER\1\0"
#define SINTER_ABI_VERSION 1u
#define SINTER_PAGE 4096u /* alignment of IMAGE (both parts) and WEIGHTS sections */
#define SINTER_ALIGN 64u  /* alignment of every other section, weight and arena slot */
#define SINTER_NONE 0xffffffffu

/* ---- kernels ---- */

/* One kernel. `buffers` are the launch's operands in order; `symbols` the sizes of the function's symbols in order;
 * work items [begin, end) of the launch's grid are done by this call. Results do not depend on how the grid is cut.
 * Returns 0, or SINTER_KERNEL_INDEX when an index was out of range. Thread-safe for disjoint ranges. May use 128 KiB of
 * stack. Buffers in ARENA, WEIGHT and CONSTANT are aligned as their offsets say (the spaces start at 64 bytes); those
 * in INPUT and OUTPUT belong to the caller and are aligned to their element only. */
typedef int32_t (*SinterKernel)(void *const *buffers, const int64_t *symbols, int64_t begin, int64_t end);
enum { SINTER_KERNEL_OK = 0, SINTER_KERNEL_INDEX = 1 };

/* ---- file ---- */

enum SinterSectionKind {
  SINTER_SECTION_META = 1,      /* SinterMeta and its tables */
  SINTER_SECTION_STRINGS = 2,   /* zero-terminated UTF-8; names are offsets into it; offset 0 is ""; ends with a 0 */
  SINTER_SECTION_CODE = 3,      /* int64 words: expressions */
  SINTER_SECTION_PLAN = 4,      /* SinterPlan and its tables; one for each variant */
  SINTER_SECTION_IMAGE = 5,     /* SinterImage; one for each variant, same `variant` number as its plan */
  SINTER_SECTION_CONSTANTS = 6, /* constant buffers of the plans */
  SINTER_SECTION_WEIGHTS = 7,   /* prepared weights; may be absent from an artifact held in memory */
  SINTER_SECTION_TOKENIZER = 8,  /* tables of runtime/text */
  SINTER_SECTION_GENERATION = 9, /* SinterGeneration and its tables: the model generates text */
  SINTER_SECTION_CHAT = 10       /* SinterChat, a compiled template, JSON of its variables */
};

typedef struct SinterSection {
  uint32_t kind;
  uint32_t variant; /* PLAN and IMAGE: index into SinterMeta's variants; else 0 */
  uint64_t offset;  /* from the start of the artifact */
  uint64_t size;
  uint64_t digest; /* FNV-1a 64 over 8-byte words, then bytes, of the section; see sinter_digest */
} SinterSection;

typedef struct SinterHeader {
  char magic[8];
  uint32_t version;
  uint32_t numSections; /* SinterSection[numSections] follows the header */
  uint64_t fileSize;
  uint64_t digest; /* of the section table */
} SinterHeader;

/* ---- META ---- */

enum SinterDtype { SINTER_F32 = 1, SINTER_I32 = 2, SINTER_BOOL = 3, SINTER_BF16 = 4, SINTER_F16 = 5 };
/* An argument that outlives its call. PAGED: pages of a cache, which the call updates in the caller's memory: `data` is
 * writable and aligned to SINTER_ALIGN, and the next value is not among the results. Its axes: perhaps layers, then the
 * pages (a symbol that stands alone), then what a page holds. BEGIN + n: result n of the function `begin`. Every number
 * from BEGIN on says so. */
enum SinterState { SINTER_STATE_NONE = 0, SINTER_STATE_PAGED = 1, SINTER_STATE_BEGIN = 2 };

/* A number computed from the symbols: postfix words code[offset, offset + length) of section CODE.
 * {PUSH, value} {SYMBOL, index} {ADD} {MUL} {FLOORDIV} {MIN}; arithmetic is checked for overflow. At most
 * SINTER_MAX_EXPR words and SINTER_MAX_STACK numbers waiting; offset and length count words. */
#define SINTER_MAX_EXPR 4096u
#define SINTER_MAX_STACK 64u
enum SinterExprOp { SINTER_PUSH = 1, SINTER_SYMBOL = 2, SINTER_ADD = 3, SINTER_MUL = 4, SINTER_FLOORDIV = 5, SINTER_MIN = 6 };
typedef struct SinterExpr {
  uint32_t offset;
  uint32_t length;
} SinterExpr;

/* A table inside a section: byte offset from the section's start (a multiple of 8; of 4 for uint32_t entries; ignored
 * where count is 0), and number of entries. */
typedef struct SinterTable {
  uint32_t offset;
  uint32_t count;
} SinterTable;

typedef struct SinterTensor { /* an argument or a result */
  uint32_t name;
  uint32_t dtype;
  SinterTable dims;    /* SinterExpr */
  uint32_t hasDefault; /* arguments: the value that fills it when it is not given */
  uint32_t state;      /* arguments: SinterState; then there is no default */
  double defaultValue;
} SinterTensor;

enum SinterPredicate { SINTER_EQ = 0, SINTER_NE = 1, SINTER_LT = 2, SINTER_LE = 3, SINTER_GT = 4, SINTER_GE = 5 };
typedef struct SinterCheck { /* refused with `message` unless lhs predicate rhs; "{0}" shows shown[0] */
  SinterExpr lhs, rhs;
  uint32_t predicate;
  uint32_t message;
  SinterTable shown; /* SinterExpr */
  uint32_t site;
  uint32_t reserved;
} SinterCheck;

typedef struct SinterFunction {
  uint32_t name;
  uint32_t causal;     /* name of the symbol, or 0 */
  SinterTable symbols; /* uint32_t names; each binds where it first stands alone in the arguments' dims */
  SinterTable args;    /* SinterTensor */
  SinterTable results; /* SinterTensor */
  SinterTable checks;  /* SinterCheck */
} SinterFunction;

typedef struct SinterVariant {
  uint32_t name;     /* "x86-64-v3" */
  uint32_t reserved;
  uint64_t features; /* SINTER_FEATURE_* that the processor must have */
} SinterVariant;
enum SinterFeature { /* bits */
  SINTER_FEATURE_AVX2 = 1, SINTER_FEATURE_FMA = 2, SINTER_FEATURE_BMI2 = 4, SINTER_FEATURE_F16C = 8,
  SINTER_FEATURE_AVX512F = 16, SINTER_FEATURE_AVX512BW = 32, SINTER_FEATURE_AVX512CD = 64,
  SINTER_FEATURE_AVX512DQ = 128, SINTER_FEATURE_AVX512VL = 256, SINTER_FEATURE_AVX512VNNI = 512,
  SINTER_FEATURE_LZCNT = 1024, SINTER_FEATURE_MOVBE = 2048, SINTER_FEATURE_BMI1 = 4096
};

typedef struct SinterMeta {
  uint32_t model;        /* "BertModel" */
  uint32_t numSymbolsMax; /* most symbols of any function; at most 16 */
  SinterTable functions; /* SinterFunction, the order of the plans' functions */
  SinterTable variants;  /* SinterVariant, best first */
  uint64_t contextTokens; /* most tokens a row may have, 0: not said */
  uint64_t embedTokens;   /* max_seq_length of a sentence encoder, 0: the context */
  uint64_t parameters;    /* numbers in the checkpoint that the functions reach */
} SinterMeta;

/* ---- GENERATION ---- */

/* What a folder says about generating. `extend` is the function of chunks and steps: its arguments are tokens [B, N],
 * count [B], length [B], pages [B, P], then in any order "source" [B] if there is a `begin`, states, and others with
 * defaults; its result is [B, vocabulary]. `begin` is the encoder: its first argument without a default is the source
 * [R, S], its "mask" has that shape, its results are states of `extend`. Tokens are -1 where there is none; numbers are those that change nothing
 * (0 of counts and lengths, 1 of factors) where the folder says nothing. */
enum SinterEarlyStopping { SINTER_STOP_NO = 0, SINTER_STOP_YES = 1, SINTER_STOP_NEVER = 2 };
typedef struct SinterGeneration {
  uint32_t extend, begin; /* functions; SINTER_NONE: no encoder */
  uint32_t window;        /* how many rows back a token reads at most; 0: all */
  int32_t bos, pad, decoderStart, forcedFirst, forcedLast;
  SinterTable eos, suppressed, suppressedFirst; /* int32_t, in this section */
  SinterTable badWords;                         /* int32_t: a length and as many tokens, again and again */
  uint32_t sampling, topK, beams, returned, earlyStopping, noRepeatNgram;
  uint32_t minNewTokens, maxNewTokens, minLength, maxLength; /* lengths count the prompt */
  float temperature, topP, minP, epsilonCutoff, etaCutoff, repetitionPenalty, lengthPenalty;
  uint32_t reserved;
} SinterGeneration;

/* ---- CHAT ---- */

/* The template's blob (runtime/chat/ChatBlob.h), then members of a JSON object with the folder's special tokens
 * ("\"bos_token\":\"<s>\""), zero-terminated; both counted from the start of the section. */
typedef struct SinterChat {
  SinterTable blob;      /* bytes */
  SinterTable variables; /* bytes, the terminator included */
} SinterChat;

/* ---- PLAN ---- */

enum SinterSpace {
  SINTER_SPACE_INPUT = 1,    /* index: argument */
  SINTER_SPACE_OUTPUT = 2,   /* index: result */
  SINTER_SPACE_WEIGHT = 3,   /* offset into WEIGHTS */
  SINTER_SPACE_ARENA = 4,    /* index: slot */
  SINTER_SPACE_CONSTANT = 5  /* offset into CONSTANTS */
};
#define SINTER_MAX_LOOPS 2u
#define SINTER_MAX_RANK 8u          /* dims of an argument or a result */
#define SINTER_MAX_SYMBOLS 16u      /* of a function */
#define SINTER_MAX_OPERANDS 1024u   /* of a launch */
#define SINTER_MAX_SECTIONS 64u
#define SINTER_MAX_REPEAT 1048576u  /* iterations of one repeat */
#define SINTER_MAX_GRID (1ll << 40) /* work items of one launch */
typedef struct SinterOperand {
  uint32_t space;
  uint32_t index;
  uint64_t offset;
  SinterExpr bytes;                     /* how many bytes the kernel may touch from here: checked against the space */
  SinterExpr stride[SINTER_MAX_LOOPS];  /* bytes added for each iteration of the enclosing repeats, outermost first; length 0: none */
} SinterOperand;

enum SinterRecordKind { SINTER_LAUNCH = 1, SINTER_REPEAT = 2, SINTER_COPY = 3 };
typedef struct SinterRecord {
  uint32_t kind;
  uint32_t entry;       /* LAUNCH: index into the image's entries */
  SinterTable operands; /* SinterOperand; COPY: destination, source; bytes of the source are copied */
  SinterExpr grid;      /* LAUNCH: number of work items */
  uint64_t count;       /* REPEAT: iterations of the next `length` records */
  uint32_t length;      /* REPEAT only */
  uint32_t site;        /* text location, for messages and profiles: "bert.sinter:41:20" */
} SinterRecord;

typedef struct SinterSlot {
  SinterExpr bytes; /* rounded up to SINTER_ALIGN by the runtime; slots lie one after another in the arena */
} SinterSlot;

typedef struct SinterPlanFunction {
  SinterTable records; /* SinterRecord */
  SinterTable slots;   /* SinterSlot */
} SinterPlanFunction;

typedef struct SinterPlan {
  SinterTable functions; /* SinterPlanFunction */
} SinterPlan;

/* ---- IMAGE ---- */

/* Header, entry table, names and constants (readable), then from `text` on, a page boundary, code (readable and
 * executable). Never writable, never relocated: same bytes at every address. */
#define SINTER_IMAGE_MAGIC "SNTRIMG\1"
typedef struct SinterImageEntry {
  uint32_t name;   /* offset in the image of a zero-terminated name */
  uint32_t offset; /* of the code, in the image */
} SinterImageEntry;
typedef struct SinterImage {
  char magic[8];
  uint64_t size;
  uint64_t text;
  uint32_t align;
  uint32_t entries;
  /* SinterImageEntry[entries] follows */
} SinterImage;

/* FNV-1a, 64 bits, over little-endian 8-byte words and then the bytes that remain. */
static inline uint64_t sinter_digest(const void *data, uint64_t size) {
  const unsigned char *p = (const unsigned char *)data;
  uint64_t h = 0xcbf29ce484222325ull;
  for (; size >= 8; size -= 8, p += 8) {
    uint64_t w = 0;
    for (int i = 7; i >= 0; --i) w = w << 8 | p[i];
    h = (h ^ w) * 0x100000001b3ull;
  }
  for (; size; --size, ++p) h = (h ^ *p) * 0x100000001b3ull;
  return h;
}

/* What an artifact is but for its numbers: two of the same code, plans and names have the same. */
static inline uint64_t sinter_identity(const SinterSection *sections, uint32_t count) {
  uint64_t h = 0xcbf29ce484222325ull;
  for (uint32_t i = 0; i < count; ++i)
    if (sections[i].kind != SINTER_SECTION_WEIGHTS && sections[i].kind != SINTER_SECTION_TOKENIZER)
      h = (h ^ sections[i].digest ^ sections[i].kind) * 0x100000001b3ull;
  return h;
}

/* ---- adapter tables: a file of its own ---- */

/* Header, SinterAdapterRange[count], then the ranges' bytes, one behind another. They replace weights of an artifact with
 * that identity: the tables of adapters that are chosen row by row. */
#define SINTER_ADAPTER_MAGIC "SINTADP" /* 8 bytes with its zero */
#define SINTER_ADAPTER_VERSION 1u
typedef struct SinterAdapterHeader {
  char magic[8];
  uint32_t version;
  uint32_t count;
  uint64_t identity;
  uint64_t fileSize;
  uint64_t digest; /* of all that follows the header */
} SinterAdapterHeader;
typedef struct SinterAdapterRange {
  uint64_t offset, bytes; /* in section WEIGHTS */
} SinterAdapterRange;

#ifdef __cplusplus
}
static_assert(sizeof(SinterAdapterHeader) == 40 && sizeof(SinterAdapterRange) == 16, "layout");
static_assert(sizeof(SinterSection) == 32 && sizeof(SinterHeader) == 32 && sizeof(SinterTensor) == 32, "layout");
static_assert(sizeof(SinterCheck) == 40 && sizeof(SinterFunction) == 40 && sizeof(SinterMeta) == 48, "layout");
static_assert(sizeof(SinterGeneration) == 136 && sizeof(SinterChat) == 16, "layout");
static_assert(sizeof(SinterOperand) == 40 && sizeof(SinterRecord) == 40 && sizeof(SinterImage) == 32, "layout");
#endif
#endif /* SINTER_ABI_H */
