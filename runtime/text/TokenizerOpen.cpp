// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Untrusted table bytes enter; a view whose every index is proved leaves.
// Encoding relies on what is checked here and checks nothing again.

#include "runtime/text/BlobChecker.h"

#include <string.h>

static_assert(sizeof(SinterTokenizerHeader) == 20 * 4 + 36 * 8, "the header is a file format");
static_assert(sizeof(SinterTokenEntry) == 16 && sizeof(SinterAddedToken) == 16 && sizeof(SinterTemplatePiece) == 8,
              "the records are a file format");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the tables are read in their own byte order");

using namespace sinter::text;

namespace {

constexpr uint32_t codeBlocks = 0x1100;

bool checkCodePoints(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.blocks.count != codeBlocks || h.records.count == 0 || h.records.count % 256 != 0 ||
      h.records.count > codeBlocks * 256)
    return check.fail("the code point table has the wrong size");
  for (uint32_t i = 0; i < codeBlocks; ++i)
    if (t.blocks[i] >= h.records.count / 256)
      return check.fail("the code point table refers outside itself");
  for (uint32_t i = 0; i < h.records.count; ++i) {
    uint32_t record = t.records[i];
    uint32_t action = SINTER_CP_ACTION(record);
    if (SINTER_CP_CLASS(record) > SINTER_CP_PUNCTUATION || action > SINTER_CP_HANGUL)
      return check.fail("a code point's record is damaged");
    if (action == SINTER_CP_MAP && SINTER_CP_INDEX(record) >= h.maps.count)
      return check.fail("a code point's mapping does not exist");
  }
  for (uint32_t i = 0; i < h.maps.count; ++i) {
    uint64_t start = t.maps[i] >> 8, length = t.maps[i] & 0xFF;
    if (length > SINTER_TOKENIZER_MAX_MAP_LENGTH || start + length > h.pool.count)
      return check.fail("a mapping lies outside its pool");
  }
  for (uint32_t i = 0; i < h.pool.count; ++i)
    if (SINTER_MAP_CODE(t.pool[i]) > 0x10FFFF)
      return check.fail("a mapping holds no code point");
  return true;
}

bool checkSlots(Checker &check, const SinterTokenizerHeader &h, const uint32_t *slots, uint32_t count) {
  if (count == 0 || (count & (count - 1)) != 0)
    return check.fail("a hash table's size is not a power of two");
  for (uint32_t i = 0; i < count; ++i)
    if (slots[i] != none && slots[i] >= h.entries.count)
      return check.fail("a hash table refers to a token that does not exist");
  return true;
}

bool checkVocabulary(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  for (uint32_t i = 0; i < h.entries.count; ++i) {
    const SinterTokenEntry &entry = t.entries[i];
    if (!check.string(h, {entry.offset, entry.length}))
      return false;
    if (entry.length > h.maxTokenBytes)
      return check.fail("a token is longer than the longest token");
    if (entry.id >= h.idCount)
      return check.fail("a token's id is too large");
  }
  if (!checkSlots(check, h, t.words, h.words.count) ||
      (h.kind == SINTER_TOKENIZER_WORDPIECE && !checkSlots(check, h, t.continuations, h.continuations.count)))
    return false;
  if (h.ids.count != h.idCount)
    return check.fail("the id table has the wrong size");
  for (uint32_t i = 0; i < h.ids.count; ++i)
    if (t.ids[i] != none && t.ids[i] >= h.entries.count)
      return check.fail("the id table refers to a token that does not exist");
  return true;
}

bool checkAdded(Checker &check, SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.added.count > SINTER_TOKENIZER_MAX_ADDED)
    return check.fail("there are too many added tokens");
  const uint8_t *strings = reinterpret_cast<const uint8_t *>(t.strings);
  uint8_t before = 0;
  for (uint32_t i = 0; i < h.added.count; ++i) {
    const SinterAddedToken &token = t.added[i];
    if (!check.string(h, {token.offset, token.length}))
      return false;
    if (token.length == 0 || token.id >= h.idCount)
      return check.fail("an added token is damaged");
    uint8_t first = strings[token.offset];
    if (first < before)
      return check.fail("the added tokens are not in order");
    before = first;
    t.addedFirst[first / 8] |= static_cast<uint8_t>(1u << (first % 8));
  }
  return true;
}

bool checkHeader(Checker &check, const SinterTokenizerHeader &h) {
  if (h.magic != SINTER_TOKENIZER_MAGIC)
    return check.fail("these bytes are not a tokenizer");
  if (h.version != SINTER_TOKENIZER_VERSION)
    return check.fail("the tokenizer was written by another version");
  bool isWordPiece = h.kind == SINTER_TOKENIZER_WORDPIECE;
  if (!isWordPiece && h.kind != SINTER_TOKENIZER_PIPELINE)
    return check.fail("the tokenizer is of an unknown kind");
  if (h.totalBytes != check.size)
    return check.fail("the tokenizer was cut short or extended");
  auto optionalId = [&](uint32_t id) { return id == none || id < h.idCount; };
  if (h.idCount > INT32_MAX || !optionalId(h.unkId) || (isWordPiece && h.unkId == none) || !optionalId(h.padId) ||
      !optionalId(h.clsId) || !optionalId(h.sepId) || !optionalId(h.maskId))
    return check.fail("a special token's id is too large");
  if (h.maxWordChars > SINTER_TOKENIZER_MAX_WORD_CHARS || h.maxTokenBytes > SINTER_TOKENIZER_MAX_TOKEN_BYTES ||
      h.maxProbe > SINTER_TOKENIZER_MAX_PROBE)
    return check.fail("a limit of the tokenizer is too large");
  if (h.prefixCount > h.pieces.count || h.textType > INT32_MAX)
    return check.fail("the template is damaged");
  return true;
}

/// A template of a pair holds each text once.
bool checkPair(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  uint32_t first = 0, second = 0;
  for (uint32_t i = 0; i < h.pair.count; ++i) {
    const SinterTemplatePiece &piece = t.pair[i];
    first += piece.id == SINTER_PIECE_FIRST;
    second += piece.id == SINTER_PIECE_SECOND;
    bool isText = piece.id == SINTER_PIECE_FIRST || piece.id == SINTER_PIECE_SECOND;
    if ((!isText && piece.id >= h.idCount) || piece.type > INT32_MAX)
      return check.fail("the template of pairs is damaged");
  }
  if (h.pair.count > 0 && (first != 1 || second != 1))
    return check.fail("the template of pairs does not hold both texts once");
  return true;
}

bool checkDecoder(Checker &check, const SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *t.header;
  if (h.decoder.count > SINTER_TOKENIZER_MAX_OPS || h.specials.count < (h.idCount + 31) / 32)
    return check.fail("the decoder is damaged");
  for (uint32_t i = 0; i < h.decoder.count; ++i) {
    const SinterTokenizerOp &op = t.decoder[i];
    if (op.code < SINTER_OP_JOIN || op.code > SINTER_OP_FROM_SENTENCE || !check.string(h, op.text) ||
        !check.string(h, op.content) || op.content.length > SINTER_TOKENIZER_MAX_INSERT_BYTES)
      return check.fail("a step of the decoder is damaged");
    bool needsText = op.code == SINTER_OP_UNSPACE || op.code == SINTER_OP_TRIM || op.code == SINTER_OP_SUBSTITUTE ||
                     op.code == SINTER_OP_FROM_SUFFIX;
    if (needsText && op.text.length == 0)
      return check.fail("a step of the decoder looks for nothing");
  }
  return true;
}

bool openBlob(Checker &check, SinterTokenizer &t) {
  const SinterTokenizerHeader &h = *reinterpret_cast<const SinterTokenizerHeader *>(check.base);
  if (!checkHeader(check, h))
    return false;
  t.header = &h;
  check.place(t.blocks, h.blocks);
  check.place(t.records, h.records);
  check.place(t.maps, h.maps);
  check.place(t.pool, h.pool);
  check.place(t.entries, h.entries);
  check.place(t.words, h.words);
  check.place(t.continuations, h.continuations);
  check.place(t.ids, h.ids);
  check.place(t.added, h.added);
  check.place(t.pieces, h.pieces);
  check.place(t.strings, h.strings);
  check.place(t.pair, h.pair);
  check.place(t.decoder, h.decoder);
  check.place(t.specials, h.specials);
  if (check.why)
    return false;
  for (uint32_t i = 0; i < h.pieces.count; ++i)
    if (t.pieces[i].id >= h.idCount || t.pieces[i].type > INT32_MAX)
      return check.fail("the template is damaged");
  if (!checkPair(check, t) || !checkDecoder(check, t))
    return false;
  if (h.kind == SINTER_TOKENIZER_PIPELINE)
    return openPipeline(check, t) && checkVocabulary(check, t);
  return checkCodePoints(check, t) && checkVocabulary(check, t) && checkAdded(check, t);
}

} // namespace

SinterTokenizerStatus sinterTokenizerOpen(SinterTokenizer *out, const void *blob, size_t size, const char **message) {
  Checker check{static_cast<const uint8_t *>(blob), static_cast<uint32_t>(size)};
  SinterTokenizer view;
  memset(&view, 0, sizeof(view));
  bool ok = false;
  if (size < sizeof(SinterTokenizerHeader) || size > INT32_MAX)
    check.fail("these bytes are not a tokenizer");
  else if (reinterpret_cast<uintptr_t>(blob) % 4 != 0)
    check.fail("the tokenizer does not begin at a multiple of 4");
  else
    ok = openBlob(check, view);
  if (message)
    *message = check.why;
  if (!ok)
    return SINTER_TOKENIZER_BAD_BLOB;
  *out = view;
  return SINTER_TOKENIZER_OK;
}

const char *sinterTokenizerSpelling(const SinterTokenizer *tokenizer, uint32_t id, size_t *length) {
  if (id >= tokenizer->header->idCount || tokenizer->ids[id] == none)
    return nullptr;
  const SinterTokenEntry &entry = tokenizer->entries[tokenizer->ids[id]];
  *length = entry.length;
  return tokenizer->strings + entry.offset;
}

const char *sinterTokenizerStatusText(SinterTokenizerStatus status) {
  switch (status) {
  case SINTER_TOKENIZER_OK:
    return "ok";
  case SINTER_TOKENIZER_BAD_BLOB:
    return "the tokenizer's tables are damaged or of another version";
  case SINTER_TOKENIZER_TOO_LONG:
    return "the text has more tokens than the model takes";
  case SINTER_TOKENIZER_SMALL_BUFFER:
    return "the token buffer is too small";
  case SINTER_TOKENIZER_NO_MEMORY:
    return "out of memory while encoding text";
  case SINTER_TOKENIZER_BAD_LIMIT:
    return "the token limit does not even hold the template's own tokens";
  case SINTER_TOKENIZER_NO_PAIR:
    return "the tokenizer's template has no place for a second text";
  }
  return "unknown status";
}
