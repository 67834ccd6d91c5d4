// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the text: bytes to code points, each through its record, words
// cut as they end, pieces looked up, ids written. Only one word is ever held.
//
// Cost: decoding and normalizing are linear; a word of c characters costs at
// most c * (longest token) hash steps, and a word above maxWordChars costs
// nothing, so a megabyte of one letter is as cheap as any other megabyte.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

#include <stdlib.h>
#include <string.h>

namespace {

using sinter::text::decodeUtf8, sinter::text::encodeUtf8, sinter::text::Sink;

constexpr uint32_t none = SINTER_TOKENIZER_NONE;

/// A character of the current word: code point, combining class, and whether a
/// starter was dropped just before it.
constexpr unsigned cccShift = 21;
constexpr uint32_t codeMask = 0x1FFFFF;
constexpr uint32_t barrierBit = 1u << 31;
uint32_t cccOf(uint32_t character) { return (character >> cccShift) & 0xFF; }

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
        if (token && !((token->flags & SINTER_ADDED_SPECIAL) && sink.isPlain(at, at + token->length))) {
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

bool sinter::text::encodeWordPiece(const SinterTokenizer &tokenizer, const char *text, size_t length, bool allowSpecial,
                                   Sink &sink) {
  Encoder encoder(tokenizer, sink, sink.textType);
  if (!encoder.allocate())
    return false;
  encoder.run(reinterpret_cast<const uint8_t *>(text), length, allowSpecial);
  return true;
}
