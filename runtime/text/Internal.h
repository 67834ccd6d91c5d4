// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the encoders of this room share: where ids go, growing memory without a
// C++ library, lookups in the tables. Nobody outside includes it.

#ifndef SINTER_RUNTIME_TEXT_INTERNAL_H
#define SINTER_RUNTIME_TEXT_INTERNAL_H

#include "runtime/text/Tokenizer.h"

#include <stdlib.h>
#include <string.h>

namespace sinter::text {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;

/// Where ids go. Counts everything; writes what fits below `limit`.
struct Sink {
  int32_t *ids, *types, *mask;
  size_t limit; // text tokens end before this position
  size_t count; // all tokens so far
  uint32_t textType;
  const SinterTextRange *plain = nullptr; // where special tokens are ordinary text
  size_t plainCount = 0;

  /// Is any of [begin, end) such text?
  bool isPlain(size_t begin, size_t end) const {
    size_t low = 0, high = plainCount; // the first range that ends behind `begin`
    while (low < high) {
      size_t middle = low + (high - low) / 2;
      if (plain[middle].end <= begin)
        low = middle + 1;
      else
        high = middle;
    }
    return low < plainCount && plain[low].begin < end;
  }

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

/// A growing array of plain elements. Growing may fail; the contents stay.
template <typename Element> struct Array {
  Element *data = nullptr;
  size_t size = 0, capacity = 0;

  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { free(data); }

  bool reserve(size_t wanted) {
    if (wanted <= capacity)
      return true;
    size_t next = capacity + capacity / 2 + 64;
    if (next < wanted)
      next = wanted;
    if (next > SIZE_MAX / sizeof(Element))
      return false;
    void *grown = realloc(data, next * sizeof(Element));
    if (!grown)
      return false;
    data = static_cast<Element *>(grown);
    capacity = next;
    return true;
  }
  bool push(Element element) {
    if (size == capacity && !reserve(size + 1))
      return false;
    data[size++] = element;
    return true;
  }
  bool append(const Element *elements, size_t count) {
    if (!reserve(size + count))
      return false;
    if (count)
      memcpy(data + size, elements, count * sizeof(Element));
    size += count;
    return true;
  }
};

using Bytes = Array<uint8_t>;

/// A stretch of somebody else's bytes: valid UTF-8.
struct Slice {
  const uint8_t *data;
  size_t size;
};

inline Slice bytesOf(const SinterTokenizer &t, SinterBlobBytes bytes) {
  return {reinterpret_cast<const uint8_t *>(t.strings) + bytes.offset, bytes.length};
}

inline uint32_t classOf(const SinterTokenizer &t, uint32_t code) {
  return t.classPages[t.classBlocks[code >> 8] * 256u + (code & 0xFF)];
}

inline uint32_t codeMapValue(const SinterTokenizer &t, uint32_t map, uint32_t code) {
  return t.mapPages[t.mapBlocks[map * 0x1100u + (code >> 8)] * 256u + (code & 0xFF)];
}

/// The id of a whole token, or none.
uint32_t findToken(const SinterTokenizer &t, const uint8_t *token, size_t length);

/// Each encodes one text without a template; false when memory is short.
bool encodeWordPiece(const SinterTokenizer &t, const char *text, size_t length, bool allowSpecial, Sink &sink);
bool encodePipeline(const SinterTokenizer &t, const char *text, size_t length, bool allowSpecial, Sink &sink);

/// Every word that the model of a pipeline would get, in order; `onWord` ends it
/// by false. For learning a model.
using OnWord = bool (*)(void *context, Slice word);
bool cutWords(const SinterTokenizer &t, const char *text, size_t length, OnWord onWord, void *context);

/// Normalization: the program on one stretch of text. The result lies in one
/// of the two buffers or is the input itself.
class Normalizer {
public:
  explicit Normalizer(const SinterTokenizer &tokenizer) : t(tokenizer) {}

  /// `atStart`: the whole text begins here.
  bool run(Slice text, bool atStart, Slice &out);
  /// The text of the last run still begins with what it began with. (The Hugging
  /// Face library asks where the first character came from.)
  bool keptStart() const { return startKept; }

private:
  const SinterTokenizer &t;
  Bytes buffers[2];
  Array<uint32_t> codes, scratch;
  bool startKept = true;

  bool map(uint32_t codeMap, Slice in, Bytes &out);
  bool form(const SinterTokenizerOp &op, Slice in, Bytes &out);
  bool order();
  void compose();
};

/// Walks an automaton over one text.
class Searcher {
public:
  Searcher(const SinterTokenizer &tokenizer, uint32_t automaton, Slice text, Array<uint64_t> &memo)
      : t(tokenizer), automaton(tokenizer.automata[automaton]), text(text), memo(memo) {}

  /// False when memory is short. Before the first find().
  bool start();
  /// The next match at or after `from`; false when there is none.
  bool find(size_t from, size_t &begin, size_t &end);

private:
  bool matchAt(size_t from, size_t &end);
  void remember(uint32_t state, size_t at);

  const SinterTokenizer &t;
  const SinterAutomaton &automaton;
  Slice text;
  Array<uint64_t> &memo;
  uint32_t before = 0; // class in front of the position; classCount at the beginning
};

/// `text` with every match of the op's automaton replaced. `keepsStart`, if not
/// null, becomes false when that leaves fewer characters in front.
bool replaceMatches(const SinterTokenizer &t, const SinterTokenizerOp &op, Slice text, Array<uint64_t> &memo,
                    Bytes &out, bool *keepsStart = nullptr);
/// `text` with each byte as its character of the byte-level alphabet.
bool spellBytes(Slice text, Bytes &out);

/// One byte down a trie; false where there is no way, and then `at` is useless.
inline bool walkTrie(const SinterTrieUnit *trie, uint32_t &at, uint8_t byte) {
  at = SINTER_TRIE_NEXT(trie[at].link) ^ byte;
  return SINTER_TRIE_LABEL(trie[at].link) == (0x100u | byte);
}
/// The longest key of whole characters that the text begins with: its length,
/// and its value. 0: none.
size_t longestPrefix(const SinterTrieUnit *trie, Slice text, uint32_t &value);

/// The normalizers of SentencePiece: as the Hugging Face library has it, by
/// graphemes, and as the original.
bool mapGraphemes(const SinterTokenizer &t, uint32_t classes, Slice text, Bytes &out);
bool normalizeSentence(const SinterTokenizer &t, uint32_t how, bool atStart, Slice text, Bytes &out);

/// Pairs of symbols to merge: rank above, position below; the smallest first.
class MergeQueue {
public:
  bool empty() const { return entries.size == 0; }
  void clear() { entries.size = 0; }
  bool offer(uint32_t rank, int32_t at);
  uint64_t take();

private:
  Array<uint64_t> entries;
};

/// The BPE model on one word.
class BytePairs {
public:
  explicit BytePairs(const SinterTokenizer &tokenizer) : t(tokenizer) {}

  bool encode(Slice word, Sink &sink);

private:
  const SinterTokenizer &t;
  struct Symbol {
    uint32_t id;
    int32_t before, after; // -1 at the ends; after = -2: merged away
  };
  Array<Symbol> symbols;
  MergeQueue queue;
  Bytes spelling;

  bool split(Slice word);
  bool merge();
  uint32_t findMerge(uint32_t left, uint32_t right) const;
  bool offer(int32_t at);
};

/// The models of pieces on one word or one sentence: Unigram, and the BPE of
/// SentencePiece.
class Pieces {
public:
  explicit Pieces(const SinterTokenizer &tokenizer) : t(tokenizer) {}

  bool encode(Slice word, Sink &sink) {
    return t.header->model == SINTER_MODEL_UNIGRAM ? encodeUnigram(word, sink) : encodePairs(word, sink);
  }

private:
  const SinterTokenizer &t;
  // Unigram: the best way to each byte.
  struct Best {
    double score;
    uint32_t start; // none: not reached
    uint32_t piece;
  };
  Array<Best> best;
  Array<uint32_t> ends;
  // Pairs.
  struct Symbol {
    uint32_t begin, end;   // in the word
    uint32_t unit;         // of the trie, where its bytes lead; none: nowhere
    int32_t before, after; // as in BytePairs
    bool whole;            // defined by a user, never merged
  };
  Array<Symbol> symbols;
  MergeQueue queue;

  bool encodeUnigram(Slice word, Sink &sink);
  void forward(Slice word);
  void unknown(Slice run, Sink &sink) const;
  bool encodePairs(Slice word, Sink &sink);
  bool cutSymbols(Slice word);
  uint32_t joined(Slice word, int32_t at, uint32_t &unit) const;
  bool offer(Slice word, int32_t at);
  uint32_t pieceOf(const Symbol &symbol) const {
    return symbol.unit == none ? none : t.pieceTrie[symbol.unit].value;
  }
};

} // namespace sinter::text

#endif // SINTER_RUNTIME_TEXT_INTERNAL_H
