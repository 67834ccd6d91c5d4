// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One text or two enter; ids inside the template leave. Which encoder does the
// work is decided here; limits and truncation are the same for all.

#include "runtime/text/Internal.h"

using namespace sinter::text;

namespace {

constexpr SinterEncodeOptions defaults = {};

bool encodeText(const SinterTokenizer &t, const char *text, size_t length, bool allowSpecial, Sink &sink) {
  return t.header->kind == SINTER_TOKENIZER_WORDPIECE ? encodeWordPiece(t, text, length, allowSpecial, sink)
                                                      : encodePipeline(t, text, length, allowSpecial, sink);
}

template <typename T> T *shifted(T *pointer, size_t by) { return pointer ? pointer + by : nullptr; }

/// How much of either text stays when both may have `room` tokens.
void cutLonger(size_t room, size_t &first, size_t &second) {
  if (first + second <= room)
    return;
  bool swapped = first > second;
  size_t shorter = swapped ? second : first;
  size_t longer = shorter > room ? shorter : room - shorter > shorter ? room - shorter : shorter;
  if (shorter + longer > room) {
    shorter = room / 2;
    longer = shorter + room % 2;
  }
  first = swapped ? longer : shorter;
  second = swapped ? shorter : longer;
}

} // namespace

uint32_t sinter::text::findToken(const SinterTokenizer &t, const uint8_t *token, size_t length) {
  const SinterTokenizerHeader &h = *t.header;
  if (length > h.maxTokenBytes)
    return none;
  uint32_t hash = SINTER_HASH_SEED;
  for (size_t i = 0; i < length; ++i)
    hash = sinterHashStep(hash, token[i]);
  uint32_t slot = sinterHashSlot(hash);
  for (uint32_t probe = 0; probe < h.maxProbe; ++probe, ++slot) {
    uint32_t index = t.words[slot & (h.words.count - 1)];
    if (index == none)
      return none;
    const SinterTokenEntry &entry = t.entries[index];
    if (entry.hash == hash && entry.length == length && memcmp(t.strings + entry.offset, token, length) == 0)
      return entry.id;
  }
  return none;
}

SinterTokenizerStatus sinterTokenizerEncode(const SinterTokenizer *tokenizer, const char *text, size_t length,
                                            const SinterEncodeOptions *options, int32_t *ids, int32_t *types,
                                            int32_t *mask, size_t capacity, SinterEncodeResult *result) {
  const SinterEncodeOptions &how = options ? *options : defaults;
  const SinterTokenizerHeader &h = *tokenizer->header;
  size_t prefix = how.noTemplate ? 0 : h.prefixCount;
  size_t suffix = how.noTemplate ? 0 : h.pieces.count - h.prefixCount;
  size_t most = how.maxTokens ? how.maxTokens : SIZE_MAX;
  result->count = result->fullCount = 0;
  if (most < prefix + suffix)
    return SINTER_TOKENIZER_BAD_LIMIT;

  size_t room = capacity < most ? capacity : most;
  Sink sink = {ids, types, mask, room > suffix ? room - suffix : 0, 0, h.textType,
               how.plain, how.plainCount};
  for (size_t i = 0; i < prefix; ++i)
    sink.add(tokenizer->pieces[i].id, tokenizer->pieces[i].type);
  if (!encodeText(*tokenizer, text, length, how.allowSpecial != 0, sink))
    return SINTER_TOKENIZER_NO_MEMORY;

  result->fullCount = sink.count + suffix;
  result->count = result->fullCount < most ? result->fullCount : most;
  if (result->fullCount > most && !how.truncate)
    return SINTER_TOKENIZER_TOO_LONG;
  if (result->count > capacity)
    return SINTER_TOKENIZER_SMALL_BUFFER;
  for (size_t i = 0; i < suffix; ++i) {
    const SinterTemplatePiece &piece = tokenizer->pieces[h.prefixCount + i];
    sink.put(result->count - suffix + i, piece.id, piece.type);
  }
  return SINTER_TOKENIZER_OK;
}

SinterTokenizerStatus sinterTokenizerEncodePair(const SinterTokenizer *tokenizer, const char *first, size_t firstLength,
                                                const char *second, size_t secondLength,
                                                const SinterEncodeOptions *options, int32_t *ids, int32_t *types,
                                                int32_t *mask, size_t capacity, SinterEncodeResult *result) {
  const SinterEncodeOptions &how = options ? *options : defaults;
  const SinterTokenizer &t = *tokenizer;
  bool allowSpecial = how.allowSpecial != 0;
  size_t most = how.maxTokens ? how.maxTokens : SIZE_MAX;
  result->count = result->fullCount = 0;
  if (t.header->pair.count == 0)
    return SINTER_TOKENIZER_NO_PAIR;
  size_t own = how.noTemplate ? 0 : t.header->pair.count - 2;
  if (most < own)
    return SINTER_TOKENIZER_BAD_LIMIT;
  const char *texts[2] = {first, second};
  size_t lengths[2] = {firstLength, secondLength}, kept[2];
  for (int i = 0; i < 2; ++i) {
    Sink counter = {nullptr, nullptr, nullptr, 0, 0, 0};
    if (!encodeText(t, texts[i], lengths[i], allowSpecial, counter))
      return SINTER_TOKENIZER_NO_MEMORY;
    kept[i] = counter.count;
  }
  result->fullCount = own + kept[0] + kept[1];
  result->count = result->fullCount < most ? result->fullCount : most;
  if (result->fullCount > most && !how.truncate)
    return SINTER_TOKENIZER_TOO_LONG;
  cutLonger(result->count - own, kept[0], kept[1]);
  if (result->count > capacity)
    return SINTER_TOKENIZER_SMALL_BUFFER;

  size_t at = 0;
  for (uint32_t i = 0; i < t.header->pair.count; ++i) {
    const SinterTemplatePiece &piece = t.pair[i];
    if (piece.id == SINTER_PIECE_FIRST || piece.id == SINTER_PIECE_SECOND) {
      int which = piece.id == SINTER_PIECE_SECOND;
      Sink sink = {shifted(ids, at), shifted(types, at), shifted(mask, at), kept[which], 0, piece.type};
      if (!encodeText(t, texts[which], lengths[which], allowSpecial, sink))
        return SINTER_TOKENIZER_NO_MEMORY;
      at += kept[which];
    } else if (!how.noTemplate) {
      Sink sink = {ids, types, mask, 0, 0, 0};
      sink.put(at++, piece.id, piece.type);
    }
  }
  return SINTER_TOKENIZER_OK;
}
