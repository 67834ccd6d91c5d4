/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sinter's runtime: run a compiled model from C, C++ or anything that can call C.
 *
 *     sinter_artifact *model;                                  // a compiled model: code, plan, weights, tokenizer
 *     sinter_session *session;                                 // threads and working memory to run it with
 *     sinter_error error;
 *     const float *vector;
 *     uint64_t width;
 *     if (sinter_artifact_open("minilm.sinterbin", &model, &error) ||
 *         sinter_session_create(model, NULL, &session, &error) ||
 *         sinter_embed_text(session, "A sentence.", 11, NULL, &vector, &width, &error))
 *       return fprintf(stderr, "%s\n", error.message), 1;
 *     ...                                                      // vector[0 .. width): until the session's next call
 *     sinter_session_destroy(session);                         // sessions first,
 *     sinter_artifact_close(model);                            // then what they run
 *
 * Results. Every function that can fail returns a status, 0 for success, and takes a `sinter_error *` as its last
 *   parameter, which may be null; on failure it holds one sentence for a person. Outputs come just before it and are
 *   set on success only.
 * Ownership. What `open`, `from_...` and `create` return is yours to close. Strings and tables that queries return
 *   belong to the artifact and live as long as it does. Inputs and caller's outputs are only used during the call.
 * Threads. An artifact is immutable: any number of threads may use it at once. A session does one call at a time (a
 *   second one at the same moment is refused with SINTER_BUSY); sessions are independent of each other. No global
 *   state, no signal handlers, no environment variables. Do not use a session after fork().
 * Determinism. The same inputs give the same bits for any number of threads.
 * Trust. Opening an artifact proves every size, offset and index before it is used; a damaged file is an error. But an
 *   artifact contains machine code, and calling it runs that code: call only artifacts whose maker you trust.
 */
#ifndef SINTER_SINTER_H
#define SINTER_SINTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- statuses ---- */

/* What kind of thing went wrong; the message says what exactly. */
typedef enum sinter_status {
  SINTER_OK = 0,
  SINTER_INVALID_ARGUMENT = 1,    /* wrong use: a shape or type that does not fit, a null pointer, too small an output */
  SINTER_BAD_ARTIFACT = 2,        /* the bytes are damaged, cut off, or of another version */
  SINTER_UNSUPPORTED_MACHINE = 3, /* the artifact has no code for this processor */
  SINTER_IO = 4,                  /* the system could not open, read or map a file */
  SINTER_OUT_OF_MEMORY = 5,       /* the message says how much was wanted */
  SINTER_REFUSED = 6,             /* the model's own conditions: a `check`, an index out of range, too long a text */
  SINTER_NOT_FINITE = 7,          /* a result holds NaN or infinity, and that was not allowed */
  SINTER_BUSY = 8,                /* the session is inside another call */
  SINTER_NOT_FOUND = 9,           /* no function, tokenizer or argument of that name */
  SINTER_CANCELLED = 10           /* the caller asked to end early */
} sinter_status;

/* Filled on failure. Zero-terminated UTF-8, one line. */
typedef struct sinter_error {
  sinter_status status;
  char message[1016];
} sinter_error;

/* A word for a status, for logs: "bad artifact". Static. */
const char *sinter_status_name(sinter_status status);

/* The runtime's version, "0.1.0". Static. */
const char *sinter_version(void);

/* ---- artifacts ---- */

/* A compiled model. Opaque; immutable. */
typedef struct sinter_artifact sinter_artifact;

/* Maps a file. Weights are not read until they are used, and processes share their pages. The file must not be cut
 * short while it is open (replacing it by rename is fine). */
sinter_status sinter_artifact_open(const char *path, sinter_artifact **artifact, sinter_error *error);

/* Uses bytes in memory, 64-byte aligned, borrowed: they must stay unchanged until the artifact is closed. Only the code
 * is copied, into memory that is never writable and executable at once. `weights` may be null; otherwise it is what an
 * artifact without a weights section runs on: also 64-byte aligned and borrowed, but its contents may be rewritten
 * between calls (how a compiler fills them). */
sinter_status sinter_artifact_from_memory(const void *bytes, uint64_t size, const void *weights, uint64_t weights_size,
                                          sinter_artifact **artifact, sinter_error *error);

/* Uses bytes whose code part is mapped executable already, in place: how a stand-alone executable opens itself. */
sinter_status sinter_artifact_from_mapping(const void *bytes, uint64_t size, sinter_artifact **artifact,
                                           sinter_error *error);

/* Opening checks the digest of every section but the weights, which would mean to read them all; this reads them all.
 * SINTER_OK where the artifact has no weights section. */
sinter_status sinter_artifact_verify(const sinter_artifact *artifact, sinter_error *error);

/* Unmaps and frees. No session of the artifact may be left. Null is allowed. */
void sinter_artifact_close(sinter_artifact *artifact);

/* Facts about an artifact. The strings are the artifact's. */
typedef struct sinter_artifact_info {
  const char *model;        /* "BertModel" */
  const char *variant;      /* the code chosen for this processor: "x86-64-v3" */
  uint64_t parameters;      /* numbers in the checkpoint that its functions reach */
  uint64_t weights_bytes;   /* as stored */
  uint64_t code_bytes;      /* of the chosen variant's image */
  uint64_t context_tokens;  /* most tokens in a row; 0: not said */
  uint64_t embed_tokens;    /* most tokens of a text to embed; 0: the context */
  uint32_t functions;       /* how many */
  uint32_t has_tokenizer;   /* 1: sinter_tokenize works */
} sinter_artifact_info;
void sinter_artifact_get_info(const sinter_artifact *artifact, sinter_artifact_info *info);

/* ---- functions ---- */

/* Element types. A bool is one byte, 0 or 1. BF16 and F16 are of caches alone. */
typedef enum sinter_dtype {
  SINTER_DTYPE_F32 = 1, SINTER_DTYPE_I32 = 2, SINTER_DTYPE_BOOL = 3, SINTER_DTYPE_BF16 = 4, SINTER_DTYPE_F16 = 5
} sinter_dtype;

/* Most axes of a tensor. */
#define SINTER_TENSOR_RANK 8

/* Functions have numbers from 0 to info.functions - 1, in the order of the text. */
typedef struct sinter_function_info {
  const char *name;     /* "forward" */
  uint32_t arguments;   /* how many, defaults included */
  uint32_t results;     /* how many, at least 1 */
} sinter_function_info;

/* `function` must be a valid number. */
void sinter_function_get_info(const sinter_artifact *artifact, uint32_t function, sinter_function_info *info);

/* The number of the function of that name; the error lists the names there are. */
sinter_status sinter_find_function(const sinter_artifact *artifact, const char *name, uint32_t *function,
                                   sinter_error *error);

/* An argument or a result. Its axes are expressions over the function's sizes ("B", "T", "2 * T", "384"): a size is
 * fixed by the first axis of a given argument that is the size alone, and everything else must agree with it. */
typedef struct sinter_tensor_info {
  const char *name;      /* "tokens" */
  sinter_dtype dtype;    /* what the call takes or gives */
  uint32_t rank;         /* number of axes */
  uint32_t has_default;  /* arguments: 1 if it need not be given */
  double default_value;  /* arguments: what then fills it */
} sinter_tensor_info;

/* The numbers must be valid. */
void sinter_argument_get_info(const sinter_artifact *artifact, uint32_t function, uint32_t argument,
                              sinter_tensor_info *info);
void sinter_result_get_info(const sinter_artifact *artifact, uint32_t function, uint32_t result,
                            sinter_tensor_info *info);

/* The shape as text, "[B, T, 384]", cut to `capacity` bytes with its terminator. */
void sinter_argument_shape(const sinter_artifact *artifact, uint32_t function, uint32_t argument, char *text,
                           size_t capacity);
void sinter_result_shape(const sinter_artifact *artifact, uint32_t function, uint32_t result, char *text,
                         size_t capacity);

/* ---- calls ---- */

/* Threads and working memory for one artifact, which must outlive it. Opaque; one call at a time. */
typedef struct sinter_session sinter_session;

/* All zero is the default; a null pointer means the same. */
typedef struct sinter_options {
  uint32_t threads;           /* 0: one for each processor this process may use; 1: only the caller's; at most 256 */
  uint32_t allow_not_finite;  /* 0: NaN or infinity in a float result is an error; 1: it is a result */
  uint32_t own_weights;       /* 0: weights are read where the artifact has them, shared with other processes; 1: the
                                 session copies them into memory of its own, in large pages where the system has them:
                                 calls are a few percent faster */
} sinter_options;

/* Starts threads - 1 threads, once; they sleep between calls. Memory is allocated by the calls. */
sinter_status sinter_session_create(const sinter_artifact *artifact, const sinter_options *options,
                                    sinter_session **session, sinter_error *error);

/* Replaces the numbers of the adapters that this model chooses among row by row, from a file that `sinter compile
 * --emit adapter` wrote for the same targets, rank, number and processor. The session gets weights of its own
 * (own_weights). On failure nothing has changed. Not during a call. */
sinter_status sinter_session_load_adapters(sinter_session *session, const char *path, sinter_error *error);

/* Ends the threads and frees the memory, session-owned results included. Null is allowed. */
void sinter_session_destroy(sinter_session *session);

/* An argument. Dense, row major, aligned to its element; product(dims) elements are read. Every dim is at least 1. */
typedef struct sinter_input {
  const void *data; /* null: not given, its default fills it */
  sinter_dtype dtype;
  uint32_t rank;
  int64_t dims[SINTER_TENSOR_RANK];
} sinter_input;

/* A result. */
typedef struct sinter_output {
  void *data;     /* in: your memory, or null; out: where it is. Null in means memory of the session, valid until its
                     next call. No output may overlap an input or another output. */
  uint64_t bytes; /* in: how many your memory has; out: how many the result has */
  sinter_dtype dtype;                /* out */
  uint32_t rank;                     /* out */
  int64_t dims[SINTER_TENSOR_RANK];  /* out */
} sinter_output;

/* Runs a function: inputs[info.arguments] and outputs[info.results], in the order of the text. On failure the contents
 * of your outputs are undefined and their descriptions unchanged; the session stays usable. Working memory grows to the
 * largest call so far. */
sinter_status sinter_call(sinter_session *session, uint32_t function, const sinter_input *inputs,
                          sinter_output *outputs, sinter_error *error);

/* What that call would give, without running it: fills dtype, rank, dims and bytes of the outputs, and the bytes of
 * working memory it needs (may be null). Of the inputs only the descriptions are read, not the data. */
sinter_status sinter_call_sizes(sinter_session *session, uint32_t function, const sinter_input *inputs,
                                sinter_output *outputs, uint64_t *working_bytes, sinter_error *error);

/* ---- profiles ---- */

/* One record of a function's plan, about to run or just done. Records have the order of the plan (`sinter compile --emit
 * plan` prints it); those inside a repeat come again in each iteration. Strings are the artifact's. */
typedef struct sinter_launch {
  uint32_t function;
  uint32_t record;    /* its number in the function's plan */
  uint32_t done;      /* 0: about to run; 1: every work item is done */
  const char *kernel; /* "contract_3", or "copy" */
  const char *site;   /* the text's place, "bert.sinter:41:20", or "" */
} sinter_launch;

/* Called on the caller's thread. Must not call into the session. */
typedef void (*sinter_profile)(void *user, const sinter_launch *launch);

/* From now on `profile` sees every launch and copy of the session's calls, right before and right after; null ends it.
 * Who wants times takes them in there. Without one a launch pays for one comparison with null. Not during a call. */
void sinter_session_profile(sinter_session *session, sinter_profile profile, void *user);

/* ---- text ---- */

/* All zero is the default; a null pointer means the same. */
typedef struct sinter_text_options {
  uint32_t truncate;       /* 0: a text that is too long is an error that names both numbers; 1: its first tokens count */
  uint32_t allow_special;  /* 0: "[SEP]" in the text is ordinary text; 1: it is the special token */
} sinter_text_options;

/* The tokens of `length` bytes of UTF-8, [CLS] and [SEP] included, at most as many as sinter_embed_text takes. Up to
 * `capacity` are written to ids, which may be null with capacity 0; count is always the whole number, so a caller who
 * finds count > capacity grows ids and calls again. */
sinter_status sinter_tokenize(const sinter_artifact *artifact, const char *text, size_t length,
                              const sinter_text_options *options, int32_t *ids, uint64_t capacity, uint64_t *count,
                              sinter_error *error);

/* Calls the function "embed" on one text. The vector belongs to the session, until its next call. */
sinter_status sinter_embed_text(sinter_session *session, const char *text, size_t length,
                                const sinter_text_options *options, const float **vector, uint64_t *width,
                                sinter_error *error);

/* A text: UTF-8, not terminated. */
typedef struct sinter_text {
  const char *data;
  size_t length;
} sinter_text;

/* The same on `count` texts, at least one: vectors[i * width .. (i + 1) * width) is that of texts[i], with the bits that
 * sinter_embed_text gives. Texts of equally many tokens share a call, so that there is no padding: faster than one by
 * one. The vectors belong to the session, until its next call. All or nothing: an error names the text. */
sinter_status sinter_embed_texts(sinter_session *session, const sinter_text *texts, uint64_t count,
                                 const sinter_text_options *options, const float **vectors, uint64_t *width,
                                 sinter_error *error);

/* ---- generating ---- */

/* Tokens behind a prompt, one by one: an artifact whose model generates (a decoder alone, or an encoder-decoder, whose
 * "prompt" is the source). The same prompt, options and seed give the same tokens on any number of threads, alone or
 * beside other prompts, read in chunks of any size. */

typedef enum sinter_strategy {
  SINTER_AS_CONFIGURED = 0, /* what the model's folder says */
  SINTER_GREEDY = 1,        /* the best token each time */
  SINTER_SAMPLING = 2,      /* a token is drawn */
  SINTER_BEAMS = 3          /* beam search */
} sinter_strategy;

typedef enum sinter_early_stopping {
  SINTER_EARLY_NO = 0, SINTER_EARLY_YES = 1, SINTER_EARLY_NEVER = 2
} sinter_early_stopping;

/* Filled by sinter_generate_defaults; then change what you want. Lists are only used during the call. */
typedef struct sinter_generate_options {
  uint32_t max_new_tokens, min_new_tokens; /* 0: max_length, min_length */
  uint32_t max_length, min_length;         /* the same, the longest prompt included; 0: 256 new ones or what fits, 0 */
  uint64_t max_tokens;                     /* most tokens of a row, prompt and answer; 0: as many as the model takes */
  uint32_t chunk;                          /* tokens of prompts in one call; results do not depend on it */
  uint32_t ignore_eos;                     /* 1: the model's own end tokens are ordinary ones */
  const int32_t *stop_tokens;              /* end a sequence, too */
  uint32_t stop_token_count;
  const struct sinter_text *stop_strings;  /* end a sequence and are not part of its text */
  uint32_t stop_string_count;
  uint32_t show_special;                   /* 1: special tokens are part of the text */
  uint32_t log_probs;                      /* 1: of each token, under the model's own distribution */
  uint32_t top_log_probs;                  /* and of so many most likely tokens; not with beams */

  /* Penalties, of every strategy. */
  float repetition_penalty, presence_penalty, frequency_penalty;
  uint32_t no_repeat_ngram;

  /* Sampling. */
  uint32_t sampling;
  uint64_t seed;
  uint32_t samples;  /* sequences of each prompt */
  float temperature;
  uint32_t top_k;    /* 0: all */
  float top_p, min_p, epsilon_cutoff, eta_cutoff;

  /* Beams. */
  uint32_t beams;    /* 1: none */
  uint32_t returned; /* best sequences of each prompt */
  float length_penalty;
  sinter_early_stopping early_stopping;
} sinter_generate_options;

/* The defaults of the model's folder (generation_config.json) for that strategy: a folder that samples has a temperature,
 * which greedy decoding does not. SINTER_NOT_FOUND where the model does not generate. */
sinter_status sinter_generate_defaults(const sinter_artifact *artifact, sinter_strategy strategy,
                                       sinter_generate_options *options, sinter_error *error);

/* A decoder's prompt or an encoder-decoder's source. */
typedef struct sinter_prompt {
  const int32_t *tokens;
  uint64_t count;
  const int32_t *mask; /* of a source: 0 where a token does not count; null: all count */
  uint32_t adapter;    /* of a model with a bank of adapters: the number of one, plus 1; 0: none */
} sinter_prompt;

typedef enum sinter_finish {
  SINTER_RUNNING = 0,
  SINTER_END_TOKEN = 1,   /* the last token is an end token of the model or a stop token */
  SINTER_STOP_STRING = 2,
  SINTER_LENGTH = 3,      /* as many tokens as were asked for */
  SINTER_INTERRUPTED = 4  /* cancelled */
} sinter_finish;

typedef struct sinter_log_prob {
  int32_t token;
  float log_prob;
} sinter_log_prob;

/* Told while it happens: a token, and the text that is final with it (it may be empty: half a character waits for its
 * other half). With beams: a whole answer, when its prompt is done, with token -1. Pointers live during the callback. */
typedef struct sinter_piece {
  uint32_t prompt, sample; /* from 0; of beams the rank */
  int32_t token;
  float log_prob;
  const char *text; /* not terminated */
  uint64_t length;
  const sinter_log_prob *top;
  uint32_t top_count;
  sinter_finish finish; /* SINTER_RUNNING: more will come */
} sinter_piece;
typedef void (*sinter_on_piece)(void *user, const sinter_piece *piece);

/* A session's generator: the cache and the answers of the last call. Opaque. */
typedef struct sinter_generator sinter_generator;

/* The session must outlive it, and is busy while it generates. SINTER_NOT_FOUND where the model does not generate. */
sinter_status sinter_generator_create(sinter_session *session, sinter_generator **generator, sinter_error *error);
void sinter_generator_destroy(sinter_generator *generator);

/* Generates for `count` prompts. `on_piece` may be null, and is called on the caller's thread; it must not call into the
 * session. `cancel` may be null; when another thread, a signal handler or `on_piece` sets what it points to to another
 * value than 0, the call ends before the model's next step with SINTER_CANCELLED, and what was made so far is there. Too
 * long a prompt is SINTER_REFUSED with both numbers, before anything runs; NaN in the logits is SINTER_NOT_FINITE and
 * names the prompt, from 1, and the position. */
sinter_status sinter_generate(sinter_generator *generator, const sinter_prompt *prompts, uint32_t count,
                              const sinter_generate_options *options, sinter_on_piece on_piece, void *user,
                              const volatile int *cancel, sinter_error *error);

/* An answer of the last sinter_generate. Pointers live until the next call. */
typedef struct sinter_sequence {
  uint32_t prompt, sample;
  const int32_t *tokens; /* the new ones, the end token included */
  uint64_t count;
  const char *text;      /* not terminated; empty without a tokenizer */
  uint64_t length;
  const float *log_probs;     /* [count], or null */
  const sinter_log_prob *top; /* [count][top_log_probs], or null */
  float score;                /* of beams: sum of scores / length ^ length_penalty */
  sinter_finish finish;
} sinter_sequence;
/* How many: samples (or `returned`) of the first prompt, then of the second, … */
uint32_t sinter_generator_sequences(const sinter_generator *generator);
void sinter_generator_sequence(const sinter_generator *generator, uint32_t index, sinter_sequence *sequence);

typedef struct sinter_generate_stats {
  uint64_t prompt_tokens, new_tokens;
  uint64_t decoded_tokens;       /* new ones but the first of each answer, which reading the prompt gave */
  double prefill_seconds, decode_seconds, first_token_seconds;
  uint64_t cache_bytes_per_token, cache_bytes; /* of one row; the most that was in use */
} sinter_generate_stats;
void sinter_generator_get_stats(const sinter_generator *generator, sinter_generate_stats *stats);

/* The tokens of a prompt, as sinter_tokenize, however many they are. */
sinter_status sinter_prompt_tokens(const sinter_artifact *artifact, const char *text, uint64_t length, int32_t *tokens,
                                   uint64_t capacity, uint64_t *count, sinter_error *error);

/* The tokens of a conversation: `json` is an array of {"role": …, "content": …}, or an object with "messages" and what
 * else the model's chat template reads. Special tokens are recognized in the template's own words only; in the user's
 * they are ordinary text. */
sinter_status sinter_chat_tokens(const sinter_artifact *artifact, const char *json, uint64_t length, int32_t *tokens,
                                 uint64_t capacity, uint64_t *count, sinter_error *error);

#ifdef __cplusplus
}
#endif
#endif /* SINTER_SINTER_H */
