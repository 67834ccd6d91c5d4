// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C API on text: UTF-8 enters; token ids, or the vector of the function "embed", leave.

#include "runtime/core/Session.h"

#include <inttypes.h>
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
    if (!session->ids.reserve(room) || !session->types.reserve(room) || !session->mask.reserve(room))
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " tokens", room);
  }
}

/// One row of tokens for every argument of "embed" that is known by name.
sinter_status bindText(sinter_session *session, uint32_t function, uint64_t count, sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  const SinterFunction &meta = artifact.functions[function];
  if (!session->textInputs.reserve(meta.args.count) || !session->textOutputs.reserve(meta.results.count))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a call");
  const auto *arguments = artifact.metaSection.table<SinterTensor>(meta.args);
  bool hasTokens = false;
  for (uint32_t i = 0; i < meta.args.count; ++i) {
    const char *name = artifact.string(arguments[i].name);
    sinter_input &input = session->textInputs[i];
    input = {nullptr, SINTER_DTYPE_I32, 2, {1, static_cast<int64_t>(count)}};
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
  SINTER_TRY(bindText(session, function, count, error));
  sinter_output *outputs = session->textOutputs.data();
  SINTER_TRY(callWhileBusy(session, function, session->textInputs.data(), outputs, error));
  const sinter_output &first = outputs[0];
  if (first.dtype != SINTER_DTYPE_F32 || first.rank != 2 || first.dims[0] != 1)
    return fail(error, SINTER_INVALID_ARGUMENT, "the function 'embed' does not give one vector for each text");
  *vector = static_cast<const float *>(first.data);
  *width = static_cast<uint64_t>(first.dims[1]);
  return SINTER_OK;
}
