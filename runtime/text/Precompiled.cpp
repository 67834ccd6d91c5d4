// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The normalizer that travels in a SentencePiece model, in its two readings.
// SentencePiece replaces the longest rule at each place, keeps what a user
// defined, and tidies spaces on the way. The Hugging Face library walks
// graphemes: one of fewer than six bytes is replaced as a whole by the shortest
// rule that it begins with, a longer one character by character.

#include "runtime/text/Internal.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

bool boundary(Slice text, size_t at) { return at == text.size || (text.data[at] & 0xC0) != 0x80; }

/// The first rule that the text begins with.
const SinterBlobBytes *shortestRule(const SinterTokenizer &t, Slice text) {
  uint32_t unit = 0;
  for (size_t at = 0; at < text.size && walkTrie(t.charTrie, unit, text.data[at]);) {
    ++at;
    if (t.charTrie[unit].value != none && boundary(text, at))
      return &t.replacements[t.charTrie[unit].value];
  }
  return nullptr;
}

/// Whether the next character goes on in the grapheme of those before
/// (Unicode Standard Annex 29).
class Grapheme {
public:
  explicit Grapheme(uint32_t first) { take(first); }

  bool goesOn(uint32_t next) {
    if (!joins(next))
      return false;
    take(next);
    return true;
  }

private:
  static bool isControl(uint32_t one) { return one >= SINTER_GRAPHEME_CR && one <= SINTER_GRAPHEME_CONTROL; }

  void take(uint32_t next) {
    bool extends = next == SINTER_GRAPHEME_EXTEND || next == SINTER_GRAPHEME_LINKER;
    joinedPicture = picture && next == SINTER_GRAPHEME_JOINER;
    picture = next == SINTER_GRAPHEME_PICTURE || (picture && extends);
    if (next == SINTER_GRAPHEME_CONSONANT) {
      consonant = true;
      linked = false;
    } else if (next == SINTER_GRAPHEME_LINKER) {
      linked = consonant;
    } else if (!extends && next != SINTER_GRAPHEME_JOINER) {
      consonant = linked = false;
    }
    half = next == SINTER_GRAPHEME_REGIONAL && !half;
    last = next;
  }

  bool joins(uint32_t next) const {
    if (isControl(last) || isControl(next))
      return last == SINTER_GRAPHEME_CR && next == SINTER_GRAPHEME_LF;
    if ((next >= SINTER_GRAPHEME_EXTEND && next <= SINTER_GRAPHEME_SPACING) || last == SINTER_GRAPHEME_PREPEND)
      return true;
    switch (next) {
    case SINTER_GRAPHEME_L:
    case SINTER_GRAPHEME_LV:
    case SINTER_GRAPHEME_LVT:
      return last == SINTER_GRAPHEME_L;
    case SINTER_GRAPHEME_V:
      return last == SINTER_GRAPHEME_L || last == SINTER_GRAPHEME_V || last == SINTER_GRAPHEME_LV;
    case SINTER_GRAPHEME_T:
      return last >= SINTER_GRAPHEME_V && last <= SINTER_GRAPHEME_LVT;
    case SINTER_GRAPHEME_PICTURE:
      return joinedPicture;
    case SINTER_GRAPHEME_CONSONANT:
      return linked;
    default:
      return next == SINTER_GRAPHEME_REGIONAL && half;
    }
  }

  uint32_t last = 0;
  bool picture = false, joinedPicture = false; // a picture, extended; then a joiner
  bool consonant = false, linked = false;      // a consonant, extended; with a linker
  bool half = false;                           // one regional indicator
};

bool isPlain(Slice text, size_t at) { return at == text.size || (text.data[at] < 0x80 && text.data[at] != '\n'); }

size_t endOfGrapheme(const SinterTokenizer &t, uint32_t classes, Slice text, size_t at) {
  if (text.data[at] < 0x80 && isPlain(text, at + 1))
    return at + 1;
  Grapheme grapheme(codeMapValue(t, classes, decodeValid(text.data, at)));
  for (size_t next = at; next < text.size; at = next)
    if (!grapheme.goesOn(codeMapValue(t, classes, decodeValid(text.data, next))))
      break;
  return at;
}

constexpr uint8_t escaped[] = {0xE2, 0x96, 0x81};

/// SentencePiece's normalizer while it runs.
class Sentence {
public:
  Sentence(const SinterTokenizer &tokenizer, uint32_t how, Bytes &out) : t(tokenizer), how(how), out(out) {}

  bool run(Slice text, bool atStart) {
    bool shrink = how & SINTER_SENTENCE_SHRINK;
    bool space = (how & SINTER_SENTENCE_PREFIX) && (atStart || !(how & SINTER_SENTENCE_START));
    size_t used = 0;
    while (shrink && text.size > 0) {
      Slice to = next(text, used);
      if (to.size != 1 || to.data[0] != ' ')
        break;
      skip(text, used);
    }
    if (text.size == 0)
      return true;
    if (space && !addSpace())
      return false;
    for (bool afterSpace = shrink; text.size > 0; skip(text, used)) {
      Slice to = next(text, used);
      while (afterSpace && to.size > 0 && to.data[0] == ' ')
        skip(to, 1);
      if (to.size == 0)
        continue;
      if (!add(to))
        return false;
      afterSpace = shrink && to.data[to.size - 1] == ' ';
    }
    while (shrink && endsInSpace())
      out.size -= how & SINTER_SENTENCE_ESCAPE ? sizeof(escaped) : 1;
    return !(how & SINTER_SENTENCE_SUFFIX) || addSpace();
  }

private:
  static void skip(Slice &text, size_t count) {
    text.data += count;
    text.size -= count;
  }

  /// What the text's beginning becomes, and how much of it that is.
  Slice next(Slice text, size_t &used) const {
    uint32_t rule;
    if ((used = longestPrefix(t.wholeTrie, text, rule)) > 0)
      return {text.data, used};
    if ((used = longestPrefix(t.charTrie, text, rule)) > 0)
      return bytesOf(t, t.replacements[rule]);
    decodeValid(text.data, used);
    return {text.data, used};
  }

  bool addSpace() {
    return how & SINTER_SENTENCE_ESCAPE ? out.append(escaped, sizeof(escaped)) : out.push(' ');
  }

  bool add(Slice text) {
    for (size_t i = 0; i < text.size; ++i)
      if (text.data[i] == ' ' ? !addSpace() : !out.push(text.data[i]))
        return false;
    return true;
  }

  bool endsInSpace() const {
    if (how & SINTER_SENTENCE_ESCAPE)
      return out.size >= sizeof(escaped) && memcmp(out.data + out.size - sizeof(escaped), escaped, sizeof(escaped)) == 0;
    return out.size > 0 && out.data[out.size - 1] == ' ';
  }

  const SinterTokenizer &t;
  uint32_t how;
  Bytes &out;
};

} // namespace

size_t sinter::text::longestPrefix(const SinterTrieUnit *trie, Slice text, uint32_t &value) {
  size_t longest = 0;
  uint32_t unit = 0;
  for (size_t at = 0; at < text.size && walkTrie(trie, unit, text.data[at]);) {
    ++at;
    if (trie[unit].value == none || !boundary(text, at))
      continue;
    longest = at;
    value = trie[unit].value;
  }
  return longest;
}

bool sinter::text::mapGraphemes(const SinterTokenizer &t, uint32_t classes, Slice text, Bytes &out) {
  auto replace = [&](size_t begin, size_t end) {
    const SinterBlobBytes *rule = shortestRule(t, {text.data + begin, end - begin});
    Slice to = rule ? bytesOf(t, *rule) : Slice{text.data + begin, end - begin};
    return out.append(to.data, to.size);
  };
  constexpr size_t shortGrapheme = 6;
  for (size_t begin = 0; begin < text.size;) {
    size_t end = endOfGrapheme(t, classes, text, begin);
    if (end - begin < shortGrapheme && shortestRule(t, {text.data + begin, end - begin})) {
      if (!replace(begin, end))
        return false;
      begin = end;
    }
    while (begin < end) {
      size_t next = begin;
      decodeValid(text.data, next);
      if (!replace(begin, next))
        return false;
      begin = next;
    }
  }
  return true;
}

bool sinter::text::normalizeSentence(const SinterTokenizer &t, uint32_t how, bool atStart, Slice text, Bytes &out) {
  return Sentence(t, how, out).run(text, atStart);
}
