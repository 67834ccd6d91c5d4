// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ids to text, one at a time. A token's spelling goes through the decoder
// program; each step keeps what it cannot yet decide, and passes on what it
// can. After a step that makes one text of all tokens, what flows are chunks
// of that text.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

/// What a step remembers between tokens.
struct Step {
  Bytes held;          // bytes not yet passed on
  Bytes made;          // what it passes on
  size_t tokens = 0;   // seen so far
  size_t trimmed = 0;  // TRIM: taken away in front
  bool inside = false; // TRIM, FROM_SENTENCE: text came already
};

bool contains(Slice text, Slice what, size_t at) {
  return text.size - at >= what.size && memcmp(text.data + at, what.data, what.size) == 0;
}

bool replaceAll(Slice text, Slice from, Slice to, Bytes &out) {
  size_t done = 0;
  for (size_t at = 0; at < text.size;) {
    if (!contains(text, from, at)) {
      ++at;
      continue;
    }
    if (!out.append(text.data + done, at - done) || !out.append(to.data, to.size))
      return false;
    done = at += from.size;
  }
  return out.append(text.data + done, text.size - done);
}

Slice sliceOf(const Bytes &bytes) { return {bytes.data, bytes.size}; }
Slice literal(const char *text) { return {reinterpret_cast<const uint8_t *>(text), strlen(text)}; }

/// The byte of "<0xNN>", or -1.
int fallbackByte(Slice token) {
  if (token.size != 6 || !contains(token, literal("<0x"), 0) || token.data[5] != '>')
    return -1;
  int value = 0;
  for (size_t i = 3; i < 5; ++i) {
    int c = token.data[i] | 32;
    if (token.data[i] >= '0' && token.data[i] <= '9')
      value = value * 16 + token.data[i] - '0';
    else if (c >= 'a' && c <= 'f')
      value = value * 16 + c - 'a' + 10;
    else if (token.data[i] != '+' || i != 3) // the original's reader of numbers takes a sign
      return -1;
  }
  return value;
}

} // namespace

struct SinterDecoder {
  const SinterTokenizer *tokenizer;
  bool skipSpecial;
  Step steps[SINTER_TOKENIZER_MAX_OPS];
  Bytes out;

  void reset() {
    for (Step &step : steps) {
      step.held.size = 0;
      step.tokens = step.trimmed = 0;
      step.inside = false;
    }
  }

  /// A token, or a chunk of the one text, through the steps from `index` on.
  bool pass(uint32_t index, Slice token, bool fused);
  /// What is held from step `index` on.
  bool finish(uint32_t index, bool fused);

private:
  bool fromBytes(uint32_t index, Slice token);
  bool completeCharacters(uint32_t index, bool last);
  bool flushFallback(uint32_t index);
  bool trim(uint32_t index, Slice token, bool fused);
  bool fromPieces(uint32_t index, Slice token);
  bool fromSentence(uint32_t index, Slice token);
  bool sentenceBytes(uint32_t index, bool last);
};

/// Byte-level characters to bytes; whole characters go on.
bool SinterDecoder::fromBytes(uint32_t index, Slice token) {
  Step &step = steps[index];
  size_t before = step.held.size;
  for (size_t at = 0; at < token.size;) {
    int byte = byteOfCharacter(decodeUtf8(token.data, token.size, at));
    if (byte < 0) { // not of this alphabet: the token stands for itself
      step.held.size = before;
      if (!step.held.append(token.data, token.size))
        return false;
      break;
    }
    if (!step.held.push(static_cast<uint8_t>(byte)))
      return false;
  }
  return completeCharacters(index, false);
}

bool SinterDecoder::completeCharacters(uint32_t index, bool last) {
  Step &step = steps[index];
  step.made.size = 0;
  size_t done = 0;
  while (done < step.held.size) {
    size_t at = done;
    uint32_t code = decodeStrict(step.held.data, step.held.size, at);
    if (code == brokenUtf8) {
      // Broken at the very end may still be completed.
      uint8_t lead = step.held.data[done];
      if (at == step.held.size && !last && lead >= 0xC2 && lead <= 0xF4)
        break;
      code = 0xFFFD;
    }
    if (!step.made.reserve(step.made.size + 4))
      return false;
    step.made.size += encodeUtf8(code, step.made.data + step.made.size);
    done = at;
  }
  if (done > 0)
    memmove(step.held.data, step.held.data + done, step.held.size - done);
  step.held.size -= done;
  return step.made.size == 0 || pass(index + 1, sliceOf(step.made), true);
}

/// A run of byte tokens is text if all of it is; else each is U+FFFD.
bool SinterDecoder::flushFallback(uint32_t index) {
  Step &step = steps[index];
  if (step.held.size == 0)
    return true;
  bool valid = true;
  for (size_t at = 0; at < step.held.size && valid;)
    valid = decodeStrict(step.held.data, step.held.size, at) != brokenUtf8;
  step.made.size = 0;
  if (valid) {
    if (!step.made.append(step.held.data, step.held.size))
      return false;
    step.held.size = 0;
    return pass(index + 1, sliceOf(step.made), false);
  }
  size_t count = step.held.size;
  step.held.size = 0;
  for (size_t i = 0; i < count; ++i)
    if (!pass(index + 1, literal("\xEF\xBF\xBD"), false))
      return false;
  return true;
}

/// Up to op.a times the character in front, up to op.b behind: those behind are
/// held until something follows.
bool SinterDecoder::trim(uint32_t index, Slice token, bool fused) {
  const SinterTokenizer &t = *tokenizer;
  const SinterTokenizerOp &op = t.decoder[index];
  Step &step = steps[index];
  Slice what = bytesOf(t, op.text);
  if (!fused) {
    step.trimmed = step.held.size = 0;
    step.inside = false;
  }
  step.made.size = 0;
  for (size_t at = 0; at < token.size;) {
    if (contains(token, what, at)) {
      at += what.size;
      if (!step.inside && step.trimmed < op.a) {
        ++step.trimmed;
        continue;
      }
      step.inside = true;
      if (!step.held.append(what.data, what.size))
        return false;
      if (step.held.size > static_cast<size_t>(op.b) * what.size) {
        step.held.size -= what.size;
        if (!step.made.append(what.data, what.size))
          return false;
      }
      continue;
    }
    size_t begin = at;
    decodeUtf8(token.data, token.size, at);
    step.inside = true;
    if (!step.made.append(step.held.data, step.held.size) || !step.made.append(token.data + begin, at - begin))
      return false;
    step.held.size = 0;
  }
  if (fused && step.made.size == 0)
    return true;
  return pass(index + 1, sliceOf(step.made), fused);
}

bool SinterDecoder::fromPieces(uint32_t index, Slice token) {
  const SinterTokenizer &t = *tokenizer;
  static const char *const cleanings[][2] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  const SinterTokenizerOp &op = t.decoder[index];
  Step &step = steps[index];
  Slice prefix = bytesOf(t, op.text);
  step.made.size = 0;
  if (step.tokens > 0 && contains(token, prefix, 0)) {
    token.data += prefix.size;
    token.size -= prefix.size;
  } else if (step.tokens > 0 && !step.made.push(' ')) {
    return false;
  }
  if (!step.made.append(token.data, token.size))
    return false;
  ++step.tokens;
  for (const auto &[from, to] : cleanings) {
    if (!op.a)
      break;
    step.held.size = 0;
    if (!replaceAll(sliceOf(step.made), literal(from), literal(to), step.held))
      return false;
    step.made.size = 0;
    if (!step.made.append(step.held.data, step.held.size))
      return false;
  }
  step.held.size = 0;
  return pass(index + 1, sliceOf(step.made), false);
}

/// Byte tokens of SentencePiece: each broken byte is a U+FFFD of its own.
bool SinterDecoder::sentenceBytes(uint32_t index, bool last) {
  Step &step = steps[index];
  step.made.size = 0;
  size_t done = 0;
  while (done < step.held.size) {
    size_t at = done;
    uint32_t code = decodeStrict(step.held.data, step.held.size, at);
    if (code == brokenUtf8) {
      uint8_t lead = step.held.data[done];
      if (at == step.held.size && !last && lead >= 0xC2 && lead <= 0xF4)
        break;
      code = 0xFFFD;
      at = done + 1;
    }
    if (!step.made.reserve(step.made.size + 4))
      return false;
    step.made.size += encodeUtf8(code, step.made.data + step.made.size);
    done = at;
  }
  if (done > 0)
    memmove(step.held.data, step.held.data + done, step.held.size - done);
  step.held.size -= done;
  step.inside = step.inside || step.made.size > 0;
  return step.made.size == 0 || pass(index + 1, sliceOf(step.made), true);
}

bool SinterDecoder::fromSentence(uint32_t index, Slice token) {
  const SinterTokenizer &t = *tokenizer;
  const SinterTokenizerOp &op = t.decoder[index];
  Step &step = steps[index];
  int byte = op.a & SINTER_SENTENCE_BYTES ? fallbackByte(token) : -1;
  if (byte >= 0)
    return step.held.push(static_cast<uint8_t>(byte)) && sentenceBytes(index, false);
  if (!sentenceBytes(index, true))
    return false;
  Slice unknown = bytesOf(t, op.text), space = literal("\xE2\x96\x81");
  step.made.size = 0;
  if (unknown.size > 0 && token.size == unknown.size && contains(token, unknown, 0)) {
    step.inside = true;
    return pass(index + 1, bytesOf(t, op.content), true);
  }
  if (!step.inside && (op.a & (SINTER_SENTENCE_PREFIX | SINTER_SENTENCE_SHRINK)) && contains(token, space, 0)) {
    token.data += space.size;
    token.size -= space.size;
    // The first space alone, or any in front of the first text.
    step.inside = !(op.a & SINTER_SENTENCE_SHRINK);
  }
  step.inside = step.inside || token.size > 0;
  return replaceAll(token, space, literal(" "), step.made) && pass(index + 1, sliceOf(step.made), true);
}

bool SinterDecoder::pass(uint32_t index, Slice token, bool fused) {
  const SinterTokenizer &t = *tokenizer;
  if (index == t.header->decoder.count)
    return out.append(token.data, token.size);
  const SinterTokenizerOp &op = t.decoder[index];
  Step &step = steps[index];
  Slice text = bytesOf(t, op.text);
  switch (op.code) {
  case SINTER_OP_JOIN:
    if (step.tokens++ > 0 && !pass(index + 1, literal(" "), true))
      return false;
    return pass(index + 1, token, true);
  case SINTER_OP_FROM_BYTES:
    return fromBytes(index, token);
  case SINTER_OP_FUSE:
    return pass(index + 1, token, true);
  case SINTER_OP_FROM_FALLBACK: {
    int byte = fallbackByte(token);
    if (byte >= 0)
      return step.held.push(static_cast<uint8_t>(byte));
    return flushFallback(index) && pass(index + 1, token, fused);
  }
  case SINTER_OP_TRIM:
    return trim(index, token, fused);
  case SINTER_OP_FROM_PIECES:
    return fromPieces(index, token);
  case SINTER_OP_UNSPACE:
  case SINTER_OP_SUBSTITUTE: {
    bool space = op.code == SINTER_OP_UNSPACE;
    Slice to = !space ? bytesOf(t, op.content) : literal(op.a && step.tokens == 0 ? "" : " ");
    step.tokens += !fused;
    step.made.size = 0;
    return replaceAll(token, text, to, step.made) && pass(index + 1, sliceOf(step.made), fused);
  }
  case SINTER_OP_FROM_SENTENCE:
    return fromSentence(index, token);
  case SINTER_OP_FROM_SUFFIX: {
    // The token in front, now that it is known not to be the last.
    step.made.size = 0;
    if (step.tokens++ > 0 &&
        (!replaceAll(sliceOf(step.held), text, literal(" "), step.made) || !pass(index + 1, sliceOf(step.made), false)))
      return false;
    step.held.size = 0;
    return step.held.append(token.data, token.size);
  }
  default:
    return pass(index + 1, token, fused);
  }
}

bool SinterDecoder::finish(uint32_t index, bool fused) {
  const SinterTokenizer &t = *tokenizer;
  if (index == t.header->decoder.count)
    return true;
  const SinterTokenizerOp &op = t.decoder[index];
  Step &step = steps[index];
  if (op.code == SINTER_OP_FROM_BYTES) {
    if (!completeCharacters(index, true))
      return false;
    fused = true;
  } else if (op.code == SINTER_OP_FROM_SENTENCE) {
    if (!sentenceBytes(index, true))
      return false;
    fused = true;
  } else if (op.code == SINTER_OP_FROM_FALLBACK) {
    if (!flushFallback(index))
      return false;
  } else if (op.code == SINTER_OP_FROM_SUFFIX && step.tokens > 0) {
    step.made.size = 0;
    if (!replaceAll(sliceOf(step.held), bytesOf(t, op.text), literal(""), step.made) ||
        !pass(index + 1, sliceOf(step.made), false))
      return false;
  } else if (op.code == SINTER_OP_FUSE || op.code == SINTER_OP_JOIN) {
    fused = true;
  }
  return finish(index + 1, fused);
}

SinterDecoder *sinterDecoderCreate(const SinterTokenizer *tokenizer, int skipSpecial) {
  void *memory = calloc(1, sizeof(SinterDecoder));
  if (!memory)
    return nullptr;
  // Empty arrays are all zero, and there is no operator new here.
  SinterDecoder *decoder = static_cast<SinterDecoder *>(memory);
  decoder->tokenizer = tokenizer;
  decoder->skipSpecial = skipSpecial != 0;
  return decoder;
}

void sinterDecoderReset(SinterDecoder *decoder) { decoder->reset(); }

SinterTokenizerStatus sinterDecoderPut(SinterDecoder *decoder, int32_t id, const char **text, size_t *length) {
  const SinterTokenizer &t = *decoder->tokenizer;
  decoder->out.size = 0;
  size_t size = 0;
  uint32_t number = static_cast<uint32_t>(id);
  const char *spelling = id < 0 ? nullptr : sinterTokenizerSpelling(&t, number, &size);
  bool skipped = !spelling || (decoder->skipSpecial && (t.specials[number / 32] >> (number % 32) & 1));
  bool ok = skipped || decoder->pass(0, {reinterpret_cast<const uint8_t *>(spelling), size}, false);
  *text = reinterpret_cast<const char *>(decoder->out.data);
  *length = decoder->out.size;
  return ok ? SINTER_TOKENIZER_OK : SINTER_TOKENIZER_NO_MEMORY;
}

SinterTokenizerStatus sinterDecoderFinish(SinterDecoder *decoder, const char **text, size_t *length) {
  decoder->out.size = 0;
  bool ok = decoder->finish(0, false);
  decoder->reset();
  *text = reinterpret_cast<const char *>(decoder->out.data);
  *length = decoder->out.size;
  return ok ? SINTER_TOKENIZER_OK : SINTER_TOKENIZER_NO_MEMORY;
}

void sinterDecoderDestroy(SinterDecoder *decoder) {
  if (!decoder)
    return;
  for (Step &step : decoder->steps) {
    free(step.held.data);
    free(step.made.data);
  }
  free(decoder->out.data);
  free(decoder);
}
