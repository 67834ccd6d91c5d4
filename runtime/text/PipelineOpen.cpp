// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of a pipeline as untrusted bytes: programs, automata, classes,
// code maps, merges. What holds here is not asked again while encoding.

#include "runtime/text/BlobChecker.h"
#include "runtime/text/Utf8.h"

using namespace sinter::text;

namespace {

constexpr uint32_t codeBlocks = 0x1100;

/// Inserted text becomes part of valid UTF-8, so it must be valid itself.
bool validText(const SinterTokenizer &t, SinterBlobBytes bytes) {
  Slice text = bytesOf(t, bytes);
  for (size_t at = 0; at < text.size;)
    if (decodeStrict(text.data, text.size, at) == brokenUtf8)
      return false;
  return true;
}

bool checkClasses(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.classBlocks.count != codeBlocks || h.classPages.count == 0 || h.classPages.count % 256 != 0 ||
      h.classKinds.count == 0 || h.classKinds.count > SINTER_TOKENIZER_MAX_CLASSES)
    return check.fail("the table of character classes is damaged");
  for (uint32_t i = 0; i < codeBlocks; ++i)
    if (t.classBlocks[i] >= h.classPages.count / 256)
      return check.fail("the table of character classes is damaged");
  for (uint32_t i = 0; i < h.classPages.count; ++i)
    if (t.classPages[i] >= h.classKinds.count)
      return check.fail("the table of character classes is damaged");
  return true;
}

bool checkAutomata(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  uint64_t row = h.classKinds.count + 1;
  for (uint32_t i = 0; i < h.automata.count; ++i) {
    const SinterAutomaton &automaton = t.automata[i];
    uint64_t steps = (static_cast<uint64_t>(automaton.states) + 1) * row;
    if (automaton.states > SINTER_STEP_DEAD || automaton.watched > automaton.states ||
        automaton.watched > SINTER_TOKENIZER_MAX_WATCHED || automaton.firstStep + steps > h.steps.count)
      return check.fail("an automaton is damaged");
    for (uint64_t s = 0; s < steps; ++s) {
      uint32_t to = t.steps[automaton.firstStep + s] & SINTER_STEP_DEAD;
      if (to != SINTER_STEP_DEAD && to >= automaton.states)
        return check.fail("an automaton is damaged");
    }
  }
  return true;
}

bool checkMaps(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.mapBlocks.count % codeBlocks != 0 || h.mapPages.count % 256 != 0)
    return check.fail("a code map is damaged");
  for (uint32_t i = 0; i < h.mapBlocks.count; ++i)
    if (t.mapBlocks[i] >= h.mapPages.count / 256)
      return check.fail("a code map is damaged");
  for (uint32_t i = 0; i < h.pool.count; ++i)
    if (t.pool[i] >= 0x110000 || t.pool[i] - 0xD800 < 0x800)
      return check.fail("a code map is damaged");
  for (uint32_t i = 0; i < h.compositions.count; ++i)
    if (t.compositions[i].composed >= 0x110000 || t.compositions[i].composed - 0xD800 < 0x800)
      return check.fail("a code map is damaged");
  return true;
}

/// The map's values are mappings (not combining classes).
bool checkMappings(Checker &check, const SinterTokenizer &t, uint32_t map) {
  const SinterTokenizerHeader &h = *t.header;
  if (map >= h.mapBlocks.count / codeBlocks)
    return check.fail("a code map is damaged");
  uint32_t last = none;
  for (uint32_t block = 0; block < codeBlocks; ++block) {
    uint32_t page = t.mapBlocks[map * codeBlocks + block];
    if (page == last)
      continue;
    last = page;
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = t.mapPages[page * 256u + i];
      if (value <= SINTER_CODE_DROP)
        continue;
      uint64_t length = SINTER_CODE_LENGTH(value);
      if ((value & 0xFF) < 2 || length > SINTER_TOKENIZER_MAX_MAP_LENGTH ||
          SINTER_CODE_START(value) + length > h.pool.count)
        return check.fail("a code map is damaged");
    }
  }
  return true;
}

bool checkProgram(Checker &check, const SinterTokenizer &t, const SinterTokenizerOp *ops, uint32_t count, bool cuts) {
  const SinterTokenizerHeader &h = *t.header;
  if (count > SINTER_TOKENIZER_MAX_OPS)
    return check.fail("a step of the tokenizer is damaged");
  for (uint32_t i = 0; i < count; ++i) {
    const SinterTokenizerOp &op = ops[i];
    if (!check.string(h, op.text) || !check.string(h, op.content))
      return false;
    if (op.content.length > SINTER_TOKENIZER_MAX_INSERT_BYTES || !validText(t, op.content))
      return check.fail("a step of the tokenizer is damaged");
    bool ok = false;
    switch (op.code) {
    case SINTER_OP_MAP:
      ok = !cuts && checkMappings(check, t, op.a);
      break;
    case SINTER_OP_NORMALIZE:
      ok = !cuts && checkMappings(check, t, op.a) && op.b >> 1 < h.mapBlocks.count / codeBlocks;
      break;
    case SINTER_OP_REPLACE:
      ok = op.a < h.automata.count;
      break;
    case SINTER_OP_PREPEND:
      ok = op.a <= SINTER_PREPEND_AT_START;
      break;
    case SINTER_OP_STRIP:
      ok = !cuts;
      break;
    case SINTER_OP_BYTES:
      ok = true;
      break;
    case SINTER_OP_CHARSMAP:
      ok = !cuts && op.a < h.mapBlocks.count / codeBlocks;
      break;
    case SINTER_OP_SENTENCE:
      ok = !cuts;
      break;
    case SINTER_OP_SPLIT:
      ok = cuts && op.a < h.automata.count && (op.b & 7) <= SINTER_SPLIT_CONTIGUOUS;
      break;
    default:
      break;
    }
    if (!ok)
      return check.fail("a step of the tokenizer is damaged");
  }
  return true;
}

/// In order of their bytes, no two alike, so that a search may narrow.
bool checkAddedSet(Checker &check, const SinterTokenizer &t, const SinterAddedToken *tokens, uint32_t count,
                   uint8_t *firstBytes) {
  const uint8_t *strings = reinterpret_cast<const uint8_t *>(t.strings);
  if (count > SINTER_TOKENIZER_MAX_ADDED)
    return check.fail("there are too many added tokens");
  for (uint32_t i = 0; i < count; ++i) {
    const SinterAddedToken &token = tokens[i];
    if (!check.string(*t.header, {token.offset, token.length}))
      return false;
    if (token.length == 0 || token.length > SINTER_TOKENIZER_MAX_TOKEN_BYTES || token.id >= t.header->idCount ||
        !validText(t, {token.offset, token.length}))
      return check.fail("an added token is damaged");
    if (i > 0) {
      const SinterAddedToken &other = tokens[i - 1];
      uint32_t common = other.length < token.length ? other.length : token.length;
      int order = memcmp(strings + other.offset, strings + token.offset, common);
      if (order > 0 || (order == 0 && other.length >= token.length))
        return check.fail("the added tokens are not in order");
    }
    uint8_t first = strings[token.offset];
    firstBytes[first / 8] |= static_cast<uint8_t>(1u << (first % 8));
  }
  return true;
}

bool checkIds(Checker &check, const SinterTokenizerHeader &h, const uint32_t *ids, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (ids[i] != none && ids[i] >= h.idCount)
      return check.fail("the tables of merges are damaged");
  return true;
}

/// No walk leads outside, and what is found exists.
bool checkTrie(Checker &check, const SinterTrieUnit *units, uint32_t count, uint32_t values) {
  bool ok = count >= 256 && count % 256 == 0 && count <= SINTER_TRIE_MAX_UNITS;
  for (uint32_t i = 0; i < count && ok; ++i)
    ok = SINTER_TRIE_NEXT(units[i].link) < count && (units[i].value == none || units[i].value < values);
  return ok || check.fail("a trie is damaged");
}

bool checkPieces(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (!checkTrie(check, t.pieceTrie, h.pieceTrie.count, h.modelPieces.count) ||
      !checkTrie(check, t.charTrie, h.charTrie.count, h.replacements.count) ||
      !checkTrie(check, t.wholeTrie, h.wholeTrie.count, 1))
    return false;
  bool ok = h.model == SINTER_MODEL_BPE || h.unkPiece < h.modelPieces.count;
  for (uint32_t i = 0; i < h.modelPieces.count && ok; ++i)
    ok = t.modelPieces[i].id < h.idCount;
  if (!ok)
    return check.fail("the pieces of the model are damaged");
  for (uint32_t i = 0; i < h.replacements.count; ++i)
    if (!check.string(h, t.replacements[i]) || t.replacements[i].length > SINTER_TOKENIZER_MAX_REPLACEMENT ||
        !validText(t, t.replacements[i]))
      return check.fail("the rules of a charsmap are damaged");
  return true;
}

bool checkBytePairs(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.model < SINTER_MODEL_BPE || h.model > SINTER_MODEL_PIECE_PAIRS)
    return check.fail("the tokenizer's model is unknown");
  if (h.mergeSlots.count == 0 || (h.mergeSlots.count & (h.mergeSlots.count - 1)) != 0)
    return check.fail("the tables of merges are damaged");
  for (uint32_t i = 0; i < h.mergeSlots.count; ++i)
    if (t.mergeSlots[i] != none && t.mergeSlots[i] >= h.merges.count)
      return check.fail("the tables of merges are damaged");
  for (uint32_t i = 0; i < h.merges.count; ++i)
    if (t.merges[i].id >= h.idCount)
      return check.fail("the tables of merges are damaged");
  if (h.shortIds.count != SINTER_SHORT_CODES || h.byteIds.count != 256)
    return check.fail("the tables of merges are damaged");
  return checkIds(check, h, t.shortIds, SINTER_SHORT_CODES) && checkIds(check, h, t.byteIds, 256) &&
         check.string(h, h.prefix) && check.string(h, h.suffix);
}

} // namespace

bool sinter::text::openPipeline(Checker &check, SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  check.place(t.normalizedAdded, h.normalizedAdded);
  check.place(t.normalizer, h.normalizer);
  check.place(t.preTokenizer, h.preTokenizer);
  check.place(t.automata, h.automata);
  check.place(t.steps, h.steps);
  check.place(t.classBlocks, h.classBlocks);
  check.place(t.classPages, h.classPages);
  check.place(t.classKinds, h.classKinds);
  check.place(t.mapBlocks, h.mapBlocks);
  check.place(t.mapPages, h.mapPages);
  check.place(t.compositions, h.compositions);
  check.place(t.merges, h.merges);
  check.place(t.mergeSlots, h.mergeSlots);
  check.place(t.shortIds, h.shortIds);
  check.place(t.byteIds, h.byteIds);
  check.place(t.pieceTrie, h.pieceTrie);
  check.place(t.modelPieces, h.modelPieces);
  check.place(t.charTrie, h.charTrie);
  check.place(t.replacements, h.replacements);
  check.place(t.wholeTrie, h.wholeTrie);
  if (check.why)
    return false;
  if ((h.modelFlags & SINTER_PIECES_LANGUAGE_CODE) && h.unkId == none)
    return check.fail("the tokenizer has no unknown token");
  return checkClasses(check, t) && checkAutomata(check, t) && checkMaps(check, t) && checkPieces(check, t) &&
         checkProgram(check, t, t.normalizer, h.normalizer.count, false) &&
         checkProgram(check, t, t.preTokenizer, h.preTokenizer.count, true) &&
         checkAddedSet(check, t, t.added, h.added.count, t.addedFirst) &&
         checkAddedSet(check, t, t.normalizedAdded, h.normalizedAdded.count, t.normalizedFirst) &&
         checkBytePairs(check, t);
}
