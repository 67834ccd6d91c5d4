// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Unigram model on one word or sentence: of all ways to cut it into pieces
// the one with the largest sum of scores. Forward, every character offers the
// pieces that begin with it (a walk down the trie); the first of equals stays.
// Linear: a walk is as long as the longest piece at most.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

double doubleOf(const uint32_t (&bits)[2]) {
  double value;
  memcpy(&value, bits, sizeof(value));
  return value;
}

} // namespace

/// Fills `best`. Sums are doubles in the Hugging Face library, floats in
/// SentencePiece: which of two equal cuts wins depends on the rounding.
void Pieces::forward(Slice word) {
  const SinterTokenizerHeader &h = *t.header;
  bool floats = h.modelFlags & SINTER_PIECES_SENTENCE;
  double unknownScore = doubleOf(h.unkScore);
  auto offer = [&](size_t end, double sum, uint32_t start, uint32_t piece) {
    Best &to = best.data[end];
    if (floats)
      sum = static_cast<double>(static_cast<float>(sum));
    if (to.start == none || sum > to.score)
      to = {sum, start, piece};
  };
  for (size_t i = 0; i <= word.size; ++i)
    best.data[i] = {0.0, none, 0};
  for (size_t at = 0; at < word.size;) {
    size_t next = at;
    decodeValid(word.data, next);
    double before = best.data[at].score;
    uint32_t start = static_cast<uint32_t>(at), unit = 0;
    bool single = false;
    for (size_t end = at; end < word.size && walkTrie(t.pieceTrie, unit, word.data[end]);) {
      ++end;
      uint32_t piece = t.pieceTrie[unit].value;
      if (piece == none)
        continue;
      offer(end, doubleOf(t.modelPieces[piece].score) + before, start, piece);
      single = single || end == next;
    }
    if (!single) {
      offer(next, unknownScore + before, start, h.unkPiece);
    }
    at = next;
  }
}

/// Neighbouring unknown characters: one unknown token, or bytes.
void Pieces::unknown(Slice run, Sink &sink) const {
  const SinterTokenizerHeader &h = *t.header;
  uint32_t id = t.modelPieces[h.unkPiece].id;
  if (!(h.modelFlags & SINTER_PIECES_SENTENCE)) {
    // The Hugging Face library looks up what it has put together.
    uint32_t unit = 0;
    size_t at = 0;
    while (at < run.size && walkTrie(t.pieceTrie, unit, run.data[at]))
      ++at;
    if (at == run.size && t.pieceTrie[unit].value != none) {
      sink.add(t.modelPieces[t.pieceTrie[unit].value].id, sink.textType);
      return;
    }
  }
  bool bytes = h.modelFlags & SINTER_BPE_BYTE_FALLBACK;
  for (size_t i = 0; i < run.size && bytes; ++i)
    bytes = t.byteIds[run.data[i]] != none;
  for (size_t i = 0; i < run.size && bytes; ++i)
    sink.add(t.byteIds[run.data[i]], sink.textType);
  if (!bytes)
    sink.add(id, sink.textType);
}

bool Pieces::encodeUnigram(Slice word, Sink &sink) {
  if (word.size >= INT32_MAX || !best.reserve(word.size + 1))
    return false;
  forward(word);
  ends.size = 0;
  for (uint32_t end = static_cast<uint32_t>(word.size); end > 0; end = best.data[end].start)
    if (!ends.push(end))
      return false;
  size_t begin = 0, unknownFrom = 0; // unknown text before `begin` is not yet written
  for (size_t i = ends.size; i > 0; --i) {
    size_t end = ends.data[i - 1];
    uint32_t piece = best.data[end].piece;
    if (piece != t.header->unkPiece) {
      if (unknownFrom < begin)
        unknown({word.data + unknownFrom, begin - unknownFrom}, sink);
      sink.add(t.modelPieces[piece].id, sink.textType);
      unknownFrom = end;
    }
    begin = end;
  }
  if (unknownFrom < begin)
    unknown({word.data + unknownFrom, begin - unknownFrom}, sink);
  return true;
}
