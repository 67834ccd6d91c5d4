// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the loop refuses before anything runs; see Loop.h.

#include "runtime/core/Error.h"
#include "runtime/generate/Loop.h"

#include <inttypes.h>

namespace sinter::generate {

using runtime::fail;

/// An encoder-decoder's source is bounded by the model's own conditions; its target by the context.
sinter_status Loop::checkPrompts(sinter_error *error) const {
  uint64_t limit = stepper.shape.context;
  bool isOwnLimit = request.maxTokens && (!limit || request.maxTokens < limit);
  if (isOwnLimit)
    limit = request.maxTokens;
  const char *whose = isOwnLimit ? "the limit asked for is" : "the model takes at most";
  for (uint32_t p = 0; p < request.promptCount; ++p) {
    const Prompt &prompt = request.prompts[p];
    if (prompt.count == 0)
      return fail(error, SINTER_INVALID_ARGUMENT, "prompt %u has no tokens", p + 1);
    if (prompt.adapter < -1)
      return fail(error, SINTER_INVALID_ARGUMENT, "prompt %u: there is no adapter %d", p + 1, prompt.adapter);
    if (prompt.adapter >= 0 && !stepper.shape.adapters)
      return fail(error, SINTER_INVALID_ARGUMENT,
                  "prompt %u asks for adapter %d, but the model has no input `adapter`: it is no bank of several adapters",
                  p + 1, prompt.adapter);
    for (uint32_t i = 0; i < prompt.count; ++i)
      if (prompt.ids[i] < 0 || (!stepper.begin && static_cast<uint32_t>(prompt.ids[i]) >= stepper.shape.vocabulary))
        return fail(error, SINTER_INVALID_ARGUMENT, "prompt %u: token %d at %u is outside the vocabulary of %u", p + 1,
                    prompt.ids[i], i, stepper.shape.vocabulary);
    uint64_t length = promptLength(p);
    if (limit && length > limit)
      return fail(error, SINTER_REFUSED, "prompt %u has %" PRIu64 " tokens, but %s %" PRIu64, p + 1, length, whose,
                  limit);
    // The last new token is never read by the model.
    uint64_t all = length + request.settings.maxNewTokens;
    if (limit && all - 1 > limit)
      return fail(error, SINTER_REFUSED,
                  "prompt %u has %" PRIu64 " tokens, and %u new ones were asked for: %" PRIu64 ", but %s %" PRIu64, p + 1,
                  length, request.settings.maxNewTokens, all, whose, limit);
    if (all > INT32_MAX)
      return fail(error, SINTER_REFUSED, "%" PRIu64 " tokens are too many for one row", all);
  }
  return SINTER_OK;
}

sinter_status Loop::check(sinter_error *error) const {
  constexpr sinter_status invalid = SINTER_INVALID_ARGUMENT;
  if (sinter_status status = checkSettings(request.settings, stepper.shape.vocabulary, error); status != SINTER_OK)
    return status;
  if (!request.prompts || !request.promptCount)
    return fail(error, invalid, "there is no prompt");
  if (!request.chunk)
    return fail(error, invalid, "a chunk of no tokens reads nothing");
  if (request.settings.stopStringCount && !request.tokenizer)
    return fail(error, invalid, "stop strings want a tokenizer, and this model has none");
  if (stepper.begin &&
      (request.decoderStart < 0 || static_cast<uint32_t>(request.decoderStart) >= stepper.shape.vocabulary))
    return fail(error, invalid, "the model does not say which token its target begins with (decoder_start_token_id)");
  uint64_t count;
  uint32_t each = hasBeams() ? request.settings.beams : request.settings.samples;
  if (!runtime::mulChecked<uint64_t>(request.promptCount, each, &count) || count > 1u << 20)
    return fail(error, invalid, "%u prompts with %u rows each are too many for one run", request.promptCount, each);
  return checkPrompts(error);
}

} // namespace sinter::generate
