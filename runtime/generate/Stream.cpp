// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens into text, up to a stop string; see Stream.h.

#include "runtime/generate/Stream.h"

namespace sinter::generate {

bool Stream::start(const SinterTokenizer *tokenizer, const sample::StopMatcher *stops, bool showSpecial) {
  matcher = stops;
  state = 0;
  if (!tokenizer)
    return true;
  if (decoder && opened == tokenizer && special == showSpecial) {
    sinterDecoderReset(decoder);
    return true;
  }
  sinterDecoderDestroy(decoder);
  decoder = sinterDecoderCreate(tokenizer, !showSpecial);
  opened = tokenizer;
  special = showSpecial;
  return decoder != nullptr;
}

bool Stream::pass(const char *piece, size_t size, List<char> *text, bool *stopped) {
  *stopped = false;
  if (!matcher)
    return text->append(piece, size);
  size_t before = text->size;
  if (!text->reserve(before + matcher->held(state) + size))
    return false;
  sample::StopResult result = matcher->advance(&state, piece, size, text->data + before);
  text->size = before + result.released;
  *stopped = result.matched >= 0;
  return true;
}

bool Stream::put(int32_t token, List<char> *text, bool *stopped) {
  *stopped = false;
  if (!decoder)
    return true;
  const char *piece = nullptr;
  size_t size = 0;
  if (sinterDecoderPut(decoder, token, &piece, &size) != SINTER_TOKENIZER_OK)
    return false;
  return !size || pass(piece, size, text, stopped);
}

bool Stream::finish(List<char> *text) {
  if (!decoder)
    return true;
  const char *piece = nullptr;
  size_t size = 0;
  bool stopped = false;
  if (sinterDecoderFinish(decoder, &piece, &size) != SINTER_TOKENIZER_OK)
    return false;
  if (size && !pass(piece, size, text, &stopped))
    return false;
  if (!matcher || stopped)
    return true;
  if (!text->reserve(text->size + matcher->held(state)))
    return false;
  text->size += matcher->finish(&state, text->data + text->size);
  return true;
}

} // namespace sinter::generate
