// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A text through a pipeline: added tokens are split off, what lies between is
// normalized, split at the added tokens of normalized text, cut into words by
// the pre-tokenizer program, and each word goes to the model. One word is held
// at a time; a step that changes text has one buffer, whatever the word.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

/// A set of added tokens, by bytes.
struct AddedSet {
  const SinterAddedToken *tokens;
  uint32_t count;
  const uint8_t *firstBytes;
};

class Pipeline {
public:
  Pipeline(const SinterTokenizer &tokenizer, bool allowSpecial, Sink &sink, OnWord onWord = nullptr,
           void *context = nullptr)
      : t(tokenizer), h(*tokenizer.header), allowSpecial(allowSpecial), sink(sink), onWord(onWord), context(context),
        normalizer(tokenizer), pairs(tokenizer), pieces(tokenizer) {}

  bool run(Slice text) {
    size_t whole = text.size;
    if (h.modelFlags & SINTER_PIECES_LANGUAGE_CODE)
      text = afterLanguageCode(text);
    size_t shift = whole - text.size; // plain ranges are places in the whole text
    AddedSet raw = {t.added, h.added.count, t.addedFirst};
    AddedSet normalized = {t.normalizedAdded, h.normalizedAdded.count, t.normalizedFirst};
    auto maySpecial = [&](size_t begin, size_t end) { return allowSpecial && !sink.isPlain(begin + shift, end + shift); };
    return splitAdded(raw, text, maySpecial, [&](size_t begin, Slice part) {
      Slice clean;
      if (!normalizer.run(part, begin == 0, clean))
        return false;
      // Places in `clean` are not places in the text: plain anywhere is plain everywhere.
      auto anySpecial = [may = maySpecial(begin, begin + part.size)](size_t, size_t) { return may; };
      bool atStart = begin == 0 && normalizer.keptStart();
      return splitAdded(normalized, clean, anySpecial,
                        [&](size_t inside, Slice rest) { return cut(0, rest, atStart && inside == 0); });
    });
  }

private:
  /// Marian's ">>fr<<": a token, known or not.
  Slice afterLanguageCode(Slice text) {
    if (text.size < 4 || text.data[0] != '>' || text.data[1] != '>')
      return text;
    for (size_t end = 4; end <= text.size; ++end)
      if (text.data[end - 2] == '<' && text.data[end - 1] == '<') {
        uint32_t id = findToken(t, text.data, end);
        sink.add(id == none ? h.unkId : id, sink.textType);
        return {text.data + end, text.size - end};
      }
    return text;
  }

  bool encode(Slice word) {
    return h.model == SINTER_MODEL_BPE ? pairs.encode(word, sink) : pieces.encode(word, sink);
  }

  uint8_t kindAt(Slice text, size_t at) const { return t.classKinds[classOf(t, decodeValid(text.data, at))]; }

  static size_t before(Slice text, size_t at) {
    do
      --at;
    while ((text.data[at] & 0xC0) == 0x80);
    return at;
  }

  /// The longest token that the text begins with. The set is ordered by bytes:
  /// each byte narrows the range of those that still agree.
  const SinterAddedToken *longest(const AddedSet &set, Slice text) const {
    const uint8_t *strings = reinterpret_cast<const uint8_t *>(t.strings);
    const SinterAddedToken *found = nullptr;
    uint32_t low = 0, high = set.count;
    for (size_t depth = 0; low < high; ++depth) {
      if (set.tokens[low].length == depth)
        found = &set.tokens[low++];
      if (depth == text.size)
        break;
      // Each bound by halving; all in the range share `depth` bytes.
      auto bound = [&](uint32_t least, uint32_t most, unsigned byte) {
        while (least < most) {
          uint32_t middle = least + (most - least) / 2;
          if (strings[set.tokens[middle].offset + depth] < byte)
            least = middle + 1;
          else
            most = middle;
        }
        return least;
      };
      low = bound(low, high, text.data[depth]);
      high = bound(low, high, text.data[depth] + 1u);
    }
    return found;
  }

  bool aloneInWords(Slice text, size_t begin, size_t end) const {
    return (begin == 0 || !(kindAt(text, before(text, begin)) & SINTER_KIND_WORD)) &&
           (end == text.size || !(kindAt(text, end) & SINTER_KIND_WORD));
  }

  /// Ids of the tokens found; `between` gets every stretch of other text.
  template <typename MaySpecial, typename Between>
  bool splitAdded(const AddedSet &set, Slice text, MaySpecial maySpecial, Between between) {
    size_t done = 0; // text before this is written
    for (size_t at = 0; set.count > 0 && at < text.size;) {
      uint8_t first = text.data[at];
      const SinterAddedToken *token =
          set.firstBytes[first / 8] >> (first % 8) & 1 ? longest(set, {text.data + at, text.size - at}) : nullptr;
      if (!token) {
        ++at;
        continue;
      }
      size_t begin = at, end = at + token->length;
      at = end;
      if ((token->flags & SINTER_ADDED_SPECIAL) && !maySpecial(begin, end))
        continue;
      if ((token->flags & SINTER_ADDED_SINGLE_WORD) && !aloneInWords(text, begin, end))
        continue;
      if (token->flags & SINTER_ADDED_STRIP_LEFT)
        while (begin > done && (kindAt(text, before(text, begin)) & SINTER_KIND_SPACE))
          begin = before(text, begin);
      if (token->flags & SINTER_ADDED_STRIP_RIGHT)
        while (end < text.size && (kindAt(text, end) & SINTER_KIND_SPACE))
          decodeValid(text.data, end);
      if (done < begin && !between(done, Slice{text.data + done, begin - done}))
        return false;
      sink.add(token->id, sink.textType);
      done = end;
    }
    return done >= text.size || between(done, Slice{text.data + done, text.size - done});
  }

  /// The pre-tokenizer program from step `index` on; `atStart`: the piece
  /// begins where the whole text begins.
  bool cut(uint32_t index, Slice piece, bool atStart) {
    if (piece.size == 0)
      return true;
    if (index == h.preTokenizer.count)
      return onWord ? onWord(context, piece) : encode(piece);
    const SinterTokenizerOp &op = t.preTokenizer[index];
    if (op.code == SINTER_OP_SPLIT)
      return split(index, piece, atStart);
    Bytes &to = buffers[index];
    to.size = 0;
    bool ok;
    if (op.code == SINTER_OP_PREPEND) {
      Slice front = bytesOf(t, op.content);
      bool there = piece.size >= front.size && memcmp(piece.data, front.data, front.size) == 0;
      if ((op.a != SINTER_PREPEND_ALWAYS && there) || (op.a == SINTER_PREPEND_AT_START && !atStart))
        return cut(index + 1, piece, atStart);
      ok = to.append(front.data, front.size) && to.append(piece.data, piece.size);
    } else if (op.code == SINTER_OP_REPLACE) {
      ok = replaceMatches(t, op, piece, memos[index], to);
    } else {
      ok = spellBytes(piece, to);
    }
    return ok && cut(index + 1, {to.data, to.size}, atStart);
  }

  /// Matches and what lies between them, joined as the behavior says.
  bool split(uint32_t index, Slice piece, bool atStart) {
    const SinterTokenizerOp &op = t.preTokenizer[index];
    uint32_t behavior = op.b & 7;
    bool invert = op.b & SINTER_SPLIT_INVERT;
    Searcher search(t, op.a, piece, memos[index]);
    if (!search.start())
      return false;
    // A stretch not yet passed on, for the behaviors that join.
    size_t heldBegin = 0, heldEnd = 0;
    bool heldMatch = false;
    auto out = [&](size_t begin, size_t end) {
      return begin == end || cut(index + 1, {piece.data + begin, end - begin}, atStart && begin == 0);
    };
    auto stretch = [&](size_t begin, size_t end, bool match) {
      if (behavior == SINTER_SPLIT_ISOLATED || (behavior == SINTER_SPLIT_REMOVED && !match))
        return out(begin, end);
      if (behavior == SINTER_SPLIT_REMOVED)
        return true;
      bool held = heldEnd > heldBegin;
      bool joins = behavior == SINTER_SPLIT_CONTIGUOUS      ? match == heldMatch
                   : behavior == SINTER_SPLIT_WITH_PREVIOUS ? match && !heldMatch
                                                            : !match && heldMatch;
      if (held && joins) {
        heldEnd = end;
        heldMatch = match;
        return true;
      }
      bool ok = out(heldBegin, heldEnd);
      heldBegin = begin;
      heldEnd = end;
      heldMatch = match;
      return ok;
    };
    size_t from = 0, begin = 0, end = 0;
    while (search.find(from, begin, end)) {
      if ((from < begin && !stretch(from, begin, invert)) || !stretch(begin, end, !invert))
        return false;
      from = end;
    }
    return (from == piece.size || stretch(from, piece.size, invert)) && out(heldBegin, heldEnd);
  }

  const SinterTokenizer &t;
  const SinterTokenizerHeader &h;
  bool allowSpecial;
  Sink &sink;
  OnWord onWord; // in place of the model
  void *context;
  Normalizer normalizer;
  BytePairs pairs;
  Pieces pieces;
  Bytes buffers[SINTER_TOKENIZER_MAX_OPS];
  Array<uint64_t> memos[SINTER_TOKENIZER_MAX_OPS];
};

/// The text with U+FFFD for what is broken; the text itself if nothing is.
bool repaired(Slice text, Bytes &buffer, Slice &out) {
  size_t good = 0;
  while (good < text.size) {
    size_t next = good;
    if (decodeStrict(text.data, text.size, next) == brokenUtf8)
      break;
    good = next;
  }
  out = text;
  if (good == text.size)
    return true;
  if (!buffer.append(text.data, good))
    return false;
  for (size_t at = good; at < text.size;) {
    if (!buffer.reserve(buffer.size + 4))
      return false;
    buffer.size += encodeUtf8(decodeUtf8(text.data, text.size, at), buffer.data + buffer.size);
  }
  out = {buffer.data, buffer.size};
  return true;
}

} // namespace

bool sinter::text::encodePipeline(const SinterTokenizer &t, const char *text, size_t length, bool allowSpecial,
                                  Sink &sink) {
  Bytes buffer;
  Slice valid;
  return repaired({reinterpret_cast<const uint8_t *>(text), length}, buffer, valid) &&
         Pipeline(t, allowSpecial, sink).run(valid);
}

bool sinter::text::cutWords(const SinterTokenizer &t, const char *text, size_t length, OnWord onWord, void *context) {
  Bytes buffer;
  Slice valid;
  Sink nowhere = {nullptr, nullptr, nullptr, 0, 0, 0};
  return repaired({reinterpret_cast<const uint8_t *>(text), length}, buffer, valid) &&
         Pipeline(t, false, nowhere, onWord, context).run(valid);
}
