// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C API of generation: options and prompts enter, pieces and sequences leave. The work is the loop's.

#include "runtime/generate/ArtifactStepper.h"
#include "runtime/generate/Configuration.h"
#include "runtime/generate/Conversation.h"

using namespace sinter::runtime;
using namespace sinter::generate;

static_assert(sizeof(sinter_log_prob) == sizeof(sinter::sample::TokenLogProb) &&
                  offsetof(sinter_log_prob, log_prob) == offsetof(sinter::sample::TokenLogProb, logProb) &&
                  int(SINTER_RUNNING) == int(Finish::Running) && int(SINTER_END_TOKEN) == int(Finish::StopToken) &&
                  int(SINTER_STOP_STRING) == int(Finish::StopString) && int(SINTER_LENGTH) == int(Finish::Length) &&
                  int(SINTER_INTERRUPTED) == int(Finish::Cancelled) && int(SINTER_EARLY_NEVER) == int(SINTER_STOP_NEVER),
              "one meaning");

struct sinter_generator {
  sinter_session *session = nullptr;
  ArtifactStepper model;
  Loop loop;
  RequestMemory memory;
  List<Prompt> prompts;
};

namespace {

Configuration configurationOf(const sinter_artifact &artifact) { return {artifact.generation}; }

const sinter_log_prob *publicTop(const sinter::sample::TokenLogProb *top) {
  return reinterpret_cast<const sinter_log_prob *>(top);
}

struct Audience {
  sinter_on_piece tell;
  void *user;
  static void piece(void *self, const Piece &piece) {
    auto *audience = static_cast<const Audience *>(self);
    sinter_piece out = {piece.prompt,        piece.sample,   piece.token, piece.logProb, piece.text, piece.length,
                        publicTop(piece.top), piece.topCount, static_cast<sinter_finish>(piece.finish)};
    audience->tell(audience->user, &out);
  }
};

sinter_status noTokenizer(const sinter_artifact &artifact, sinter_error *error) {
  return fail(error, SINTER_NOT_FOUND, "%.100s was compiled without a tokenizer", artifact.string(artifact.meta->model));
}

sinter_status giveTokens(const List<int32_t> &from, int32_t *tokens, uint64_t capacity, uint64_t *count) {
  uint64_t fits = from.size < capacity ? from.size : capacity;
  if (fits)
    memcpy(tokens, from.data, fits * sizeof(int32_t));
  *count = from.size;
  return SINTER_OK;
}

} // namespace

sinter_status sinter_generate_defaults(const sinter_artifact *artifact, sinter_strategy strategy,
                                       sinter_generate_options *options, sinter_error *error) {
  if (!artifact || !options || rawEnum(strategy) > SINTER_BEAMS)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact or options belong, or no strategy");
  if (!artifact->generation)
    return fail(error, SINTER_NOT_FOUND, "%.100s does not generate", artifact->string(artifact->meta->model));
  defaultsOf(configurationOf(*artifact), strategy, options);
  return SINTER_OK;
}

sinter_status sinter_generator_create(sinter_session *session, sinter_generator **out, sinter_error *error) {
  if (!session || !out)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a session or a handle belongs");
  void *memory = malloc(sizeof(sinter_generator));
  if (!memory)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for a generator");
  auto *generator = new (SinterPlace{memory}) sinter_generator();
  generator->session = session;
  sinter_status status = generator->model.open(session, error);
  if (status != SINTER_OK) {
    sinter_generator_destroy(generator);
    return status;
  }
  *out = generator;
  return SINTER_OK;
}

void sinter_generator_destroy(sinter_generator *generator) {
  if (!generator)
    return;
  generator->~sinter_generator();
  free(generator);
}

sinter_status sinter_generate(sinter_generator *generator, const sinter_prompt *prompts, uint32_t count,
                              const sinter_generate_options *options, sinter_on_piece onPiece, void *user,
                              const volatile int *cancel, sinter_error *error) {
  if (!generator || (!prompts && count) || !options)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a generator, prompts or options belong");
  Busy busy(generator->session);
  if (!busy)
    return fail(error, SINTER_BUSY, "the session is inside another call");
  const sinter_artifact &artifact = *generator->session->artifact;
  generator->prompts.size = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const sinter_prompt &prompt = prompts[i];
    if (prompt.adapter > INT32_MAX)
      return fail(error, SINTER_INVALID_ARGUMENT, "prompt %u: there is no adapter %u", i + 1, prompt.adapter - 1);
    if ((!prompt.tokens && prompt.count) || prompt.count > INT32_MAX)
      return fail(error, SINTER_INVALID_ARGUMENT, "prompt %u is a null pointer or longer than any row", i + 1);
    if (!generator->prompts.push({prompt.tokens, static_cast<uint32_t>(prompt.count), prompt.mask,
                                  static_cast<int32_t>(prompt.adapter) - 1}))
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u prompts", count);
  }
  Stepper stepper = generator->model.stepper();
  Audience audience = {onPiece, user};
  Request request;
  request.prompts = generator->prompts.data;
  request.promptCount = count;
  request.tokenizer = artifact.hasTokenizer ? &artifact.tokenizer : nullptr;
  request.cancel = cancel;
  if (onPiece)
    request.listener = {Audience::piece, &audience};
  SINTER_TRY(makeRequest(configurationOf(artifact), *options, stepper.shape, stepper.begin != nullptr,
                         &generator->memory, &request, error));
  return generator->loop.run(stepper, request, error);
}

uint32_t sinter_generator_sequences(const sinter_generator *generator) {
  return static_cast<uint32_t>(generator->loop.sequences.size);
}

void sinter_generator_sequence(const sinter_generator *generator, uint32_t index, sinter_sequence *out) {
  const Sequence &from = generator->loop.sequences[index];
  *out = {from.prompt,
          from.sample,
          from.tokens.data,
          from.tokens.size,
          from.text.size ? from.text.data : "",
          from.text.size,
          from.logProbs.size ? from.logProbs.data : nullptr,
          from.top.size ? publicTop(from.top.data) : nullptr,
          from.score,
          static_cast<sinter_finish>(from.finish)};
}

void sinter_generator_get_stats(const sinter_generator *generator, sinter_generate_stats *stats) {
  const Stats &from = generator->loop.stats;
  uint64_t each = generator->model.cacheBytesPerToken();
  *stats = {from.promptTokens,   from.newTokens,           from.decodedTokens, from.prefillSeconds,
            from.decodeSeconds, from.firstTokenSeconds, each,               from.cachePages * pageTokens * each};
}

sinter_status sinter_prompt_tokens(const sinter_artifact *artifact, const char *text, uint64_t length, int32_t *tokens,
                                   uint64_t capacity, uint64_t *count, sinter_error *error) {
  if (!artifact || (!text && length) || !count || (!tokens && capacity))
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact, a text or a buffer belongs");
  if (!artifact->hasTokenizer)
    return noTokenizer(*artifact, error);
  List<int32_t> all;
  SINTER_TRY(textTokens(artifact->tokenizer, text ? text : "", length, &all, error));
  return giveTokens(all, tokens, capacity, count);
}

sinter_status sinter_chat_tokens(const sinter_artifact *artifact, const char *json, uint64_t length, int32_t *tokens,
                                 uint64_t capacity, uint64_t *count, sinter_error *error) {
  if (!artifact || !json || !count || (!tokens && capacity))
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact, a text or a buffer belongs");
  if (!artifact->hasTokenizer)
    return noTokenizer(*artifact, error);
  if (!artifact->chat)
    return fail(error, SINTER_NOT_FOUND, "%.100s has no chat template", artifact->string(artifact->meta->model));
  List<int32_t> all;
  SINTER_TRY(chatTokens(artifact->tokenizer, *artifact->chat, json, length, &all, error));
  return giveTokens(all, tokens, capacity, count);
}
