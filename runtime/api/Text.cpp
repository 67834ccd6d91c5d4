// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C API on text: UTF-8 enters; token ids, or vectors of the function "embed", leave. Many texts go in calls of
// equally many tokens each, so that no work is spent on padding and every text gets the bits that it gets alone.

#include "runtime/core/Session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

using namespace sinter::runtime;

namespace {

/// Most tokens of a text; 0: no limit is known.
uint64_t limitOf(const sinter_artifact &artifact) {
  return artifact.meta->embedTokens ? artifact.meta->embedTokens : artifact.meta->contextTokens;
}

/// Where tokens go; each pointer may be null.
struct TokenBuffers {
  int32_t *ids, *types, *mask;
  uint64_t capacity;
};

/// Encodes into the buffers as far as they reach; *count is the whole number.
sinter_status encode(const sinter_artifact &artifact, const char *text, size_t length,
                     const sinter_text_options *options, TokenBuffers to, uint64_t *count, sinter_error *error) {
  if (!artifact.hasTokenizer)
    return fail(error, SINTER_NOT_FOUND, "%.100s was compiled without a tokenizer",
                artifact.string(artifact.meta->model));
  uint64_t limit = limitOf(artifact);
  SinterEncodeOptions encodeOptions = {};
  encodeOptions.maxTokens = limit;
  encodeOptions.truncate = options && options->truncate;
  encodeOptions.allowSpecial = options && options->allow_special;
  SinterEncodeResult result = {};
  switch (sinterTokenizerEncode(&artifact.tokenizer, text, length, &encodeOptions, to.ids, to.types, to.mask,
                                to.capacity, &result)) {
  case SINTER_TOKENIZER_OK:
  case SINTER_TOKENIZER_SMALL_BUFFER:
    *count = result.count;
    return SINTER_OK;
  case SINTER_TOKENIZER_TOO_LONG:
    return fail(error, SINTER_REFUSED,
                "the text has %zu tokens, but the model takes at most %" PRIu64 " (truncate keeps the first ones)",
                result.fullCount, limit);
  case SINTER_TOKENIZER_NO_MEMORY:
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory to split the text into tokens");
  default:
    return fail(error, SINTER_BAD_ARTIFACT, "the tokenizer cannot make rows of at most %" PRIu64 " tokens", limit);
  }
}

bool reserveTokens(sinter_session *session, uint64_t tokens) {
  return session->ids.reserve(tokens) && session->types.reserve(tokens) && session->mask.reserve(tokens);
}

/// The session's token buffers, grown until the text fits.
sinter_status encodeForSession(sinter_session *session, const char *text, size_t length,
                               const sinter_text_options *options, uint64_t *count, sinter_error *error) {
  uint64_t room = 0;
  for (;;) {
    TokenBuffers to = {session->ids.data(), session->types.data(), session->mask.data(), room};
    SINTER_TRY(encode(*session->artifact, text, length, options, to, count, error));
    if (*count <= room)
      return SINTER_OK;
    room = *count;
    if (!reserveTokens(session, room))
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " tokens", room);
  }
}

/// The session's rows of tokens for every argument of "embed" that is known by name.
sinter_status bindText(sinter_session *session, uint32_t function, uint64_t rows, uint64_t tokens,
                       sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  const SinterFunction &meta = artifact.functions[function];
  if (!session->textInputs.reserve(meta.args.count) || !session->textOutputs.reserve(meta.results.count))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a call");
  const auto *arguments = artifact.metaSection.table<SinterTensor>(meta.args);
  bool hasTokens = false;
  for (uint32_t i = 0; i < meta.args.count; ++i) {
    const char *name = artifact.string(arguments[i].name);
    sinter_input &input = session->textInputs[i];
    input = {nullptr, SINTER_DTYPE_I32, 2, {static_cast<int64_t>(rows), static_cast<int64_t>(tokens)}};
    if (strcmp(name, "tokens") == 0)
      input.data = session->ids.data();
    else if (strcmp(name, "mask") == 0)
      input.data = session->mask.data();
    else if (strcmp(name, "types") == 0)
      input.data = session->types.data();
    hasTokens |= input.data == session->ids.data();
  }
  for (uint32_t i = 0; i < meta.results.count; ++i)
    session->textOutputs[i] = {};
  if (!hasTokens)
    return fail(error, SINTER_NOT_FOUND, "the function 'embed' has no argument 'tokens'");
  return SINTER_OK;
}

/// Calls "embed" on `rows` texts of `tokens` tokens each, which are in the session's buffers. The vectors are the
/// session's, until its next call.
sinter_status embedRows(sinter_session *session, uint32_t function, uint64_t rows, uint64_t tokens,
                        const float **vectors, uint64_t *width, sinter_error *error) {
  SINTER_TRY(bindText(session, function, rows, tokens, error));
  sinter_output *outputs = session->textOutputs.data();
  SINTER_TRY(callWhileBusy(session, function, session->textInputs.data(), outputs, error));
  const sinter_output &first = outputs[0];
  if (first.dtype != SINTER_DTYPE_F32 || first.rank != 2 || first.dims[0] != static_cast<int64_t>(rows))
    return fail(error, SINTER_INVALID_ARGUMENT, "the function 'embed' does not give one vector for each text");
  *vectors = static_cast<const float *>(first.data);
  *width = static_cast<uint64_t>(first.dims[1]);
  return SINTER_OK;
}

/// Most tokens of a call on several texts: more would not be faster, only larger.
constexpr uint64_t tokensPerCall = 1024;

/// Long texts first, so that memory grows early; equally long ones in their order.
int longerFirst(const void *left, const void *right) {
  const auto *a = static_cast<const TextLength *>(left), *b = static_cast<const TextLength *>(right);
  if (a->tokens != b->tokens)
    return a->tokens > b->tokens ? -1 : 1;
  return a->text < b->text ? -1 : a->text > b->text;
}

sinter_status inText(uint64_t text, const sinter_error &inner, sinter_error *error) {
  return fail(error, inner.status, "text %" PRIu64 ": %.900s", text + 1, inner.message);
}

/// The token count of each text, in the order of the calls.
sinter_status planCalls(sinter_session *session, const sinter_text *texts, uint64_t count,
                        const sinter_text_options *options, sinter_error *error) {
  if (!session->lengths.reserve(count))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " texts", count);
  for (uint64_t i = 0; i < count; ++i) {
    sinter_error inner;
    TextLength &length = session->lengths[i];
    length.text = i;
    if (!texts[i].data && texts[i].length)
      return fail(error, SINTER_INVALID_ARGUMENT, "text %" PRIu64 " is a null pointer", i + 1);
    if (encode(*session->artifact, texts[i].data ? texts[i].data : "", texts[i].length, options, {}, &length.tokens,
               &inner) != SINTER_OK)
      return inText(i, inner, error);
  }
  qsort(session->lengths.data(), count, sizeof(TextLength), longerFirst);
  return SINTER_OK;
}

/// One call: `rows` texts of as many tokens. Their vectors go to their places in session->vectors.
sinter_status embedGroup(sinter_session *session, uint32_t function, const sinter_text *texts, uint64_t count,
                         const sinter_text_options *options, const TextLength *group, uint64_t rows, uint64_t *width,
                         sinter_error *error) {
  uint64_t tokens = group->tokens, all;
  if (!mulChecked<uint64_t>(rows, tokens, &all) || !reserveTokens(session, all))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " texts of %" PRIu64 " tokens", rows, tokens);
  sinter_error inner;
  for (uint64_t row = 0; row < rows; ++row) {
    const sinter_text &text = texts[group[row].text];
    uint64_t at = row * tokens, written;
    TokenBuffers to = {session->ids.data() + at, session->types.data() + at, session->mask.data() + at, tokens};
    if (encode(*session->artifact, text.data ? text.data : "", text.length, options, to, &written, &inner) != SINTER_OK)
      return inText(group[row].text, inner, error);
  }
  const float *vectors;
  if (embedRows(session, function, rows, tokens, &vectors, width, &inner) != SINTER_OK)
    return rows == 1 ? inText(group->text, inner, error)
                     : fail(error, inner.status, "one of %" PRIu64 " texts of %" PRIu64 " tokens: %.900s", rows, tokens,
                            inner.message);
  uint64_t numbers;
  if (!mulChecked<uint64_t>(count, *width, &numbers) || !session->vectors.reserve(numbers))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " vectors", count);
  for (uint64_t row = 0; row < rows; ++row)
    memcpy(session->vectors.data() + group[row].text * *width, vectors + row * *width, *width * sizeof(float));
  return SINTER_OK;
}

} // namespace

sinter_status sinter_tokenize(const sinter_artifact *artifact, const char *text, size_t length,
                              const sinter_text_options *options, int32_t *ids, uint64_t capacity, uint64_t *count,
                              sinter_error *error) {
  if (!artifact || (!text && length) || !count || (!ids && capacity))
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact, a text or a buffer belongs");
  return encode(*artifact, text ? text : "", length, options, {ids, nullptr, nullptr, capacity}, count, error);
}

sinter_status sinter_embed_text(sinter_session *session, const char *text, size_t length,
                                const sinter_text_options *options, const float **vector, uint64_t *width,
                                sinter_error *error) {
  if (!session || (!text && length) || !vector || !width)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a session, a text or a result belongs");
  Busy busy(session);
  if (!busy)
    return fail(error, SINTER_BUSY, "the session is inside another call");
  uint32_t function;
  uint64_t count;
  SINTER_TRY(sinter_find_function(session->artifact, "embed", &function, error));
  SINTER_TRY(encodeForSession(session, text ? text : "", length, options, &count, error));
  return embedRows(session, function, 1, count, vector, width, error);
}

sinter_status sinter_embed_texts(sinter_session *session, const sinter_text *texts, uint64_t count,
                                 const sinter_text_options *options, const float **vectors, uint64_t *width,
                                 sinter_error *error) {
  if (!session || !texts || !count || !vectors || !width)
    return fail(error, SINTER_INVALID_ARGUMENT,
                "a null pointer where a session, texts or a result belongs, or no text");
  Busy busy(session);
  if (!busy)
    return fail(error, SINTER_BUSY, "the session is inside another call");
  uint32_t function;
  uint64_t each = 0;
  SINTER_TRY(sinter_find_function(session->artifact, "embed", &function, error));
  SINTER_TRY(planCalls(session, texts, count, options, error));
  for (uint64_t first = 0, rows; first < count; first += rows) {
    const TextLength *group = session->lengths.data() + first;
    for (rows = 1;
         first + rows < count && group[rows].tokens == group->tokens && (rows + 1) * group->tokens <= tokensPerCall;)
      ++rows;
    SINTER_TRY(embedGroup(session, function, texts, count, options, group, rows, &each, error));
  }
  *vectors = session->vectors.data();
  *width = each;
  return SINTER_OK;
}
