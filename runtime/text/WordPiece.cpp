// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the text: bytes to code points, each through its record, words
// cut as they end, pieces looked up, ids written. Only one word is ever held.
//
// Cost: decoding and normalizing are linear; a word of c characters costs at
// most c * (longest token) hash steps, and a word above maxWordChars costs
// nothing, so a megabyte of one letter is as cheap as any other megabyte.

#include "runtime/text/WordPiece.h"

#include <stdlib.h>
#include <string.h>

namespace {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;

/// A character of the current word: code point, combining class, and whether a
/// starter was dropped just before it.
constexpr unsigned cccShift = 21;
constexpr uint32_t codeMask = 0x1FFFFF;
constexpr uint32_t barrierBit = 1u << 31;
uint32_t cccOf(uint32_t character) { return (character >> cccShift) & 0xFF; }

/// Decodes one code point at text[at]; a broken sequence is U+FFFD and as long
/// as its longest correct beginning (at least one byte).
uint32_t decodeUtf8(const uint8_t *text, size_t length, size_t &at) {
  uint8_t lead = text[at++];
  if (lead < 0x80)
    return lead;
  uint8_t low = 0x80, high = 0xBF;
  unsigned more;
  uint32_t code;
  if (lead >= 0xC2 && lead <= 0xDF) {
    more = 1;
    code = lead & 0x1F;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    more = 2;
    code = lead & 0x0F;
    low = lead == 0xE0 ? 0xA0 : 0x80;  // no overlong forms
    high = lead == 0xED ? 0x9F : 0xBF; // no surrogates
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    more = 3;
    code = lead & 0x07;
    low = lead == 0xF0 ? 0x90 : 0x80;
    high = lead == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
  } else {
    return 0xFFFD;
  }
  for (; more > 0; --more) {
    if (at == length || text[at] < low || text[at] > high)
      return 0xFFFD;
    code = code << 6 | (text[at++] & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return code;
}

unsigned encodeUtf8(uint32_t code, uint8_t *out) {
  if (code < 0x80) {
    out[0] = static_cast<uint8_t>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<uint8_t>(0xC0 | code >> 6);
    out[1] = static_cast<uint8_t>(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<uint8_t>(0xE0 | code >> 12);
    out[1] = static_cast<uint8_t>(0x80 | (code >> 6 & 0x3F));
    out[2] = static_cast<uint8_t>(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = static_cast<uint8_t>(0xF0 | code >> 18);
  out[1] = static_cast<uint8_t>(0x80 | (code >> 12 & 0x3F));
  out[2] = static_cast<uint8_t>(0x80 | (code >> 6 & 0x3F));
  out[3] = static_cast<uint8_t>(0x80 | (code & 0x3F));
  return 4;
}

/// Where ids go. Counts everything; writes what fits below `limit`.
struct Sink {
  int32_t *ids, *types, *mask;
  size_t limit; // text tokens end before this position
  size_t count; // all tokens so far

  void put(size_t position, uint32_t id, uint32_t type) {
    if (ids)
      ids[position] = static_cast<int32_t>(id);
    if (types)
      types[position] = static_cast<int32_t>(type);
    if (mask)
      mask[position] = 1;
  }
  void add(uint32_t id, uint32_t type) {
    if (count < limit)
      put(count, id, type);
    ++count;
  }
};

class Encoder {
public:
  Encoder(const SinterTokenizer &tokenizer, Sink &sink, uint32_t type)
      : t(tokenizer), h(*tokenizer.header), sink(sink), type(type) {}
  ~Encoder() { free(word); }

  bool allocate() {
    size_t characters = static_cast<size_t>(h.maxWordChars) + 1;
    // Code points first, then the same word as UTF-8 (at most 4 bytes each).
    word = static_cast<uint32_t *>(malloc(characters * 8));
    bytes = reinterpret_cast<uint8_t *>(word + characters);
    return word != nullptr;
  }

  void run(const uint8_t *text, size_t length, bool allowSpecial) {
    size_t at = 0;
    while (at < length) {
      uint8_t first = text[at];
      if (t.addedFirst[first / 8] >> (first % 8) & 1) {
        const SinterAddedToken *token = findAdded(text + at, length - at, allowSpecial);
        if (token) {
          endWord();
          sink.add(token->id, type);
          at += token->length;
          continue;
        }
      }
      normalize(decodeUtf8(text, length, at));
    }
    endWord();
  }

private:
  uint32_t record(uint32_t code) const { return t.records[t.blocks[code >> 8] * 256u + (code & 0xFF)]; }

  /// The longest added token that the text begins with.
  const SinterAddedToken *findAdded(const uint8_t *text, size_t length, bool allowSpecial) const {
    const uint8_t *strings = reinterpret_cast<const uint8_t *>(t.strings);
    uint32_t low = 0, high = h.added.count;
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (strings[t.added[middle].offset] < text[0])
        low = middle + 1;
      else
        high = middle;
    }
    for (; low < h.added.count; ++low) {
      const SinterAddedToken &token = t.added[low];
      if (strings[token.offset] != text[0])
        return nullptr;
      if (token.length <= length && (allowSpecial || !(token.flags & SINTER_ADDED_SPECIAL)) &&
          memcmp(strings + token.offset, text, token.length) == 0)
        return &token;
    }
    return nullptr;
  }

  /// What cleaning, decomposing, stripping and lowercasing make of it.
  void normalize(uint32_t code) {
    uint32_t r = record(code);
    if (r & SINTER_CP_PAD)
      endWord();
    switch (SINTER_CP_ACTION(r)) {
    case SINTER_CP_DROP:
      barrier = barrier || (r & SINTER_CP_BARRIER);
      break;
    case SINTER_CP_TO_SPACE:
      endWord();
      break;
    case SINTER_CP_MAP: {
      uint32_t map = t.maps[SINTER_CP_INDEX(r)];
      const uint32_t *element = t.pool + (map >> 8);
      for (uint32_t n = map & 0xFF; n > 0; --n, ++element) {
        if (*element & (SINTER_MAP_BARRIER_BEFORE | SINTER_MAP_BARRIER_ONLY))
          barrier = true;
        if (!(*element & SINTER_MAP_BARRIER_ONLY))
          place(SINTER_MAP_CODE(*element));
      }
      break;
    }
    case SINTER_CP_HANGUL: {
      uint32_t syllable = code - 0xAC00;
      place(0x1100 + syllable / 588);
      place(0x1161 + syllable % 588 / 28);
      if (syllable % 28 != 0)
        place(0x11A7 + syllable % 28);
      break;
    }
    default:
      place(code);
      break;
    }
    if (r & SINTER_CP_PAD)
      endWord();
  }

  /// One code point of normalized text.
  void place(uint32_t code) {
    uint32_t r = record(code);
    if (SINTER_CP_CLASS(r) == SINTER_CP_SPACE) {
      endWord();
      return;
    }
    bool alone = SINTER_CP_CLASS(r) == SINTER_CP_PUNCTUATION;
    if (alone)
      endWord();
    uint32_t ccc = SINTER_CP_CCC(r);
    mustOrder = mustOrder || ccc != 0;
    // A longer word is unknown whatever it holds: count, do not keep.
    if (characters <= h.maxWordChars)
      word[characters++] = code | ccc << cccShift | (barrier ? barrierBit : 0u);
    barrier = false;
    if (alone)
      endWord();
  }

  /// Canonical ordering: a stable sort by class inside each run of combining
  /// characters that no starter, dropped or not, interrupts.
  void order() {
    for (uint32_t i = 1; i < characters; ++i) {
      uint32_t moved = word[i], ccc = cccOf(moved);
      if (ccc == 0 || (moved & barrierBit))
        continue;
      uint32_t j = i;
      while (j > 0 && cccOf(word[j - 1]) > ccc) {
        // The run's first element keeps its barrier in front.
        uint32_t front = word[j - 1] & barrierBit;
        word[j] = word[j - 1] & ~barrierBit;
        word[--j] = moved | front;
        if (front)
          break;
      }
    }
  }

  void endWord() {
    if (characters > h.maxWordChars)
      sink.add(h.unkId, type);
    else if (characters > 0)
      cutWord();
    characters = 0;
    mustOrder = false;
    barrier = false;
  }

  /// Greedy longest match; a word with a part that matches nothing is unknown
  /// as a whole, so its pieces are taken back.
  void cutWord() {
    if (mustOrder)
      order();
    size_t length = 0;
    for (uint32_t i = 0; i < characters; ++i)
      length += encodeUtf8(word[i] & codeMask, bytes + length);
    size_t before = sink.count;
    for (size_t start = 0; start < length;) {
      uint32_t id = none;
      size_t end = longestMatch(start, length, id);
      if (id == none) {
        sink.count = before;
        sink.add(h.unkId, type);
        return;
      }
      sink.add(id, type);
      start = end;
    }
  }

  size_t longestMatch(size_t start, size_t length, uint32_t &id) const {
    const uint32_t *slots = start == 0 ? t.words : t.continuations;
    uint32_t slotCount = start == 0 ? h.words.count : h.continuations.count;
    size_t end = start, stop = length - start > h.maxTokenBytes ? start + h.maxTokenBytes : length;
    uint32_t hash = SINTER_HASH_SEED;
    for (size_t at = start; at < stop;) {
      hash = sinterHashStep(hash, bytes[at++]);
      if (at < length && (bytes[at] & 0xC0) == 0x80)
        continue; // inside a character
      uint32_t found = find(slots, slotCount, hash, bytes + start, at - start);
      if (found != none) {
        id = found;
        end = at;
      }
    }
    return end;
  }

  uint32_t find(const uint32_t *slots, uint32_t slotCount, uint32_t hash, const uint8_t *piece, size_t length) const {
    uint32_t slot = sinterHashSlot(hash);
    for (uint32_t probe = 0; probe < h.maxProbe; ++probe, ++slot) {
      uint32_t index = slots[slot & (slotCount - 1)];
      if (index == none)
        return none;
      const SinterTokenEntry &entry = t.entries[index];
      if (entry.hash == hash && entry.length == length && memcmp(t.strings + entry.offset, piece, length) == 0)
        return entry.id;
    }
    return none;
  }

  const SinterTokenizer &t;
  const SinterTokenizerHeader &h;
  Sink &sink;
  uint32_t type;
  uint32_t *word = nullptr;
  uint8_t *bytes = nullptr;
  uint32_t characters = 0;
  bool mustOrder = false, barrier = false;
};

} // namespace

SinterTokenizerStatus sinterTokenizerEncode(const SinterTokenizer *tokenizer, const char *text, size_t length,
                                            const SinterEncodeOptions *options, int32_t *ids, int32_t *types,
                                            int32_t *mask, size_t capacity, SinterEncodeResult *result) {
  static const SinterEncodeOptions defaults = {0, 0, 0, 0};
  const SinterEncodeOptions &how = options ? *options : defaults;
  const SinterTokenizerHeader &h = *tokenizer->header;
  size_t prefix = how.noTemplate ? 0 : h.prefixCount;
  size_t suffix = how.noTemplate ? 0 : h.pieces.count - h.prefixCount;
  size_t most = how.maxTokens ? how.maxTokens : SIZE_MAX;
  result->count = result->fullCount = 0;
  if (most < prefix + suffix)
    return SINTER_TOKENIZER_BAD_LIMIT;

  size_t room = capacity < most ? capacity : most;
  Sink sink = {ids, types, mask, room > suffix ? room - suffix : 0, 0};
  for (size_t i = 0; i < prefix; ++i)
    sink.add(tokenizer->pieces[i].id, tokenizer->pieces[i].type);
  Encoder encoder(*tokenizer, sink, h.textType);
  if (!encoder.allocate())
    return SINTER_TOKENIZER_NO_MEMORY;
  encoder.run(reinterpret_cast<const uint8_t *>(text), length, how.allowSpecial != 0);

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
