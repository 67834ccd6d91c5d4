// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The BPE of SentencePiece on one sentence: characters (and pieces that a user
// defined) are symbols; of two neighbours that together are a piece the best
// merge first, the leftmost of equals. Which piece, the trie says: each symbol
// keeps the place where its bytes lead.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

constexpr int32_t gone = -2;

} // namespace

bool Pieces::cutSymbols(Slice word) {
  symbols.size = 0;
  for (size_t at = 0; at < word.size;) {
    uint32_t ignored;
    size_t end = at, whole = longestPrefix(t.wholeTrie, {word.data + at, word.size - at}, ignored);
    if (whole > 0)
      end += whole;
    else
      decodeValid(word.data, end);
    uint32_t unit = 0;
    for (size_t i = at; i < end && unit != none; ++i)
      if (!walkTrie(t.pieceTrie, unit, word.data[i]))
        unit = none;
    if (!symbols.push({static_cast<uint32_t>(at), static_cast<uint32_t>(end), unit, 0, 0, whole > 0}))
      return false;
    at = end;
  }
  int32_t count = static_cast<int32_t>(symbols.size);
  for (int32_t i = 0; i < count; ++i) {
    symbols.data[i].before = i - 1;
    symbols.data[i].after = i + 1 < count ? i + 1 : -1;
  }
  return true;
}

/// The piece that a symbol and the next one make, or none.
uint32_t Pieces::joined(Slice word, int32_t at, uint32_t &unit) const {
  const Symbol &left = symbols.data[at];
  if (left.after < 0 || left.whole || left.unit == none || symbols.data[left.after].whole)
    return none;
  const Symbol &right = symbols.data[left.after];
  unit = left.unit;
  for (uint32_t i = right.begin; i < right.end; ++i)
    if (!walkTrie(t.pieceTrie, unit, word.data[i]))
      return none;
  return t.pieceTrie[unit].value;
}

bool Pieces::offer(Slice word, int32_t at) {
  uint32_t unit, piece = joined(word, at, unit);
  return piece == none || queue.offer(t.modelPieces[piece].rank, at);
}

bool Pieces::encodePairs(Slice word, Sink &sink) {
  const SinterTokenizerHeader &h = *t.header;
  if (word.size >= INT32_MAX || !cutSymbols(word))
    return false;
  queue.clear();
  for (size_t i = 0; i + 1 < symbols.size; ++i)
    if (!offer(word, static_cast<int32_t>(i)))
      return false;
  while (!queue.empty()) {
    uint64_t entry = queue.take();
    int32_t at = static_cast<int32_t>(entry & 0xFFFFFFFF);
    Symbol &left = symbols.data[at];
    uint32_t unit, piece = left.after == gone ? none : joined(word, at, unit);
    if (piece == none || t.modelPieces[piece].rank != entry >> 32)
      continue; // the neighbours changed since
    Symbol &right = symbols.data[left.after];
    left.end = right.end;
    left.unit = unit;
    left.after = right.after;
    right.after = gone;
    if (left.after >= 0)
      symbols.data[left.after].before = at;
    if ((left.before >= 0 && !offer(word, left.before)) || !offer(word, at))
      return false;
  }
  bool wasUnknown = false;
  for (size_t i = 0; i < symbols.size; ++i) {
    const Symbol &symbol = symbols.data[i];
    if (symbol.after == gone)
      continue;
    uint32_t piece = pieceOf(symbol);
    bool bytes = h.modelFlags & SINTER_BPE_BYTE_FALLBACK;
    if (piece != none)
      sink.add(t.modelPieces[piece].id, sink.textType);
    else if (bytes || !wasUnknown)
      unknown({word.data + symbol.begin, symbol.end - symbol.begin}, sink);
    wasUnknown = piece == none && !bytes;
  }
  return true;
}
