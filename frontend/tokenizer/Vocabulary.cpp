// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A description's tokens to ids, strings and hash tables. The same description
// gives the same bytes.

#include "frontend/tokenizer/Vocabulary.h"
#include "runtime/format/Json.h"

#include <algorithm>

namespace sinter::tokenizer {

using format::quoteForMessage;

namespace {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;

uint32_t hashOf(std::string_view bytes) {
  uint32_t hash = SINTER_HASH_SEED;
  for (char byte : bytes)
    hash = sinterHashStep(hash, static_cast<uint8_t>(byte));
  return hash;
}

} // namespace

std::vector<SinterTemplatePiece> templatePieces(const std::vector<TemplatePiece> &pieces) {
  std::vector<SinterTemplatePiece> out;
  for (const TemplatePiece &piece : pieces)
    out.push_back({static_cast<uint32_t>(piece.id), static_cast<uint32_t>(piece.type)});
  return out;
}

bool VocabularyBuilder::build() { return collect() && addTokens() && sizeIds() && addEntries() && addAdded(); }

uint32_t VocabularyBuilder::idOf(const std::string &token) const {
  auto at = idByToken.find(token);
  return at == idByToken.end() ? none : static_cast<uint32_t>(at->second);
}

uint32_t VocabularyBuilder::modelId(const std::string &token) const {
  return inModel.count(token) ? idOf(token) : none;
}

SinterBlobBytes VocabularyBuilder::bytes(std::string_view text) {
  SinterBlobBytes place = {static_cast<uint32_t>(strings.size()), static_cast<uint32_t>(text.size())};
  strings += text;
  return place;
}

void VocabularyBuilder::respell(uint32_t id, const std::string &text) {
  SinterBlobBytes place = bytes(text);
  ids[id] = static_cast<uint32_t>(entries.size());
  entries.push_back({hashOf(text), place.offset, place.length, id});
  maxTokenBytes = std::max(maxTokenBytes, place.length);
  bool special = false;
  for (const AddedToken &token : how.added)
    special = special || (token.special && token.content == text);
  specials[id / 32] = (specials[id / 32] & ~(1u << (id % 32))) | static_cast<uint32_t>(special) << (id % 32);
}

std::vector<SinterTokenizerOp> VocabularyBuilder::program(const std::vector<Step> &steps) {
  std::vector<SinterTokenizerOp> out;
  for (const Step &step : steps)
    out.push_back({step.code, step.a, step.b, bytes(step.text), bytes(step.content)});
  return out;
}

SinterTokenizerHeader VocabularyBuilder::header(uint32_t kind) const {
  SinterTokenizerHeader header = {};
  header.magic = SINTER_TOKENIZER_MAGIC;
  header.version = SINTER_TOKENIZER_VERSION;
  header.kind = kind;
  header.idCount = static_cast<uint32_t>(ids.size());
  header.unkId = unkId;
  header.padId = idOf(how.padToken);
  header.clsId = idOf(how.clsToken);
  header.sepId = idOf(how.sepToken);
  header.maskId = idOf(how.maskToken);
  header.maxTokenBytes = maxTokenBytes;
  header.maxProbe = maxProbe;
  header.prefixCount = static_cast<uint32_t>(how.prefix.size());
  header.textType = static_cast<uint32_t>(how.textType);
  return header;
}

void VocabularyBuilder::append(BlobWriter &writer, SinterTokenizerHeader &header) const {
  header.entries = writer.append(entries);
  header.words = writer.append(words);
  header.continuations = writer.append(continuations);
  header.ids = writer.append(ids);
}

bool VocabularyBuilder::fail(const std::string &message) {
  error = message;
  return false;
}

/// Ids and strings, each once.
bool VocabularyBuilder::collect() {
  for (const auto &[token, id] : how.vocabulary)
    if (!add(token, id))
      return false;
  bool hasUnknown = !how.isPipeline || how.bytePairs.unknownToken;
  const std::string &name = how.isPipeline && hasUnknown ? *how.bytePairs.unknownToken : how.unknownToken;
  auto unknown = idByToken.find(name);
  if (hasUnknown && unknown == idByToken.end())
    return fail("the vocabulary does not hold the unknown token " + quoteForMessage(name));
  if (hasUnknown)
    unkId = static_cast<uint32_t>(unknown->second);
  if (how.maxWordChars > SINTER_TOKENIZER_MAX_WORD_CHARS)
    return fail("'max_input_chars_per_word' is " + std::to_string(how.maxWordChars) + ", at most " +
                std::to_string(SINTER_TOKENIZER_MAX_WORD_CHARS) + " is supported");
  return true;
}

bool VocabularyBuilder::add(const std::string &token, int64_t id) {
  auto [byToken, freshToken] = idByToken.emplace(token, id);
  if (!freshToken && how.pieceModel)
    byToken->second = id; // of a list of pieces the last counts
  else if (!freshToken)
    return fail("the token " + quoteForMessage(token) + " is given twice");
  auto [byId, freshId] = tokenById.emplace(id, token);
  if (!freshId)
    return fail("the id " + std::to_string(id) + " belongs to both " + quoteForMessage(byId->second) + " and " +
                quoteForMessage(token));
  if (token.size() > SINTER_TOKENIZER_MAX_TOKEN_BYTES)
    return fail("the token " + quoteForMessage(token, 40) + " has " + std::to_string(token.size()) +
                " bytes, at most " + std::to_string(SINTER_TOKENIZER_MAX_TOKEN_BYTES) + " are supported");
  return true;
}

bool VocabularyBuilder::addTokens() {
  if (how.added.size() > SINTER_TOKENIZER_MAX_ADDED)
    return fail(std::to_string(how.added.size()) + " added tokens, at most " +
                std::to_string(SINTER_TOKENIZER_MAX_ADDED) + " are supported");
  // Tokens beyond the vocabulary are numbered on from its size; another
  // number in the file is one that nobody uses.
  int64_t size = static_cast<int64_t>(how.vocabulary.size()), next = size;
  for (const AddedToken &token : how.added) {
    if (token.content.empty())
      return fail("an added token is empty");
    auto known = idByToken.find(token.content);
    int64_t expected = known == idByToken.end() ? next : known->second;
    if (token.id != expected)
      return fail("the added token " + quoteForMessage(token.content) + " has id " + std::to_string(token.id) +
                  ", the vocabulary makes it " + std::to_string(expected));
    // A gap in the vocabulary's ids is passed over once a token above it is
    // added.
    if (token.id >= size)
      next = std::max(next, token.id + 1);
    if (known == idByToken.end() && !add(token.content, token.id))
      return false;
  }
  return true;
}

bool VocabularyBuilder::sizeIds() {
  // Gaps are allowed, but the table of ids is as long as the largest.
  uint64_t most = 2 * static_cast<uint64_t>(tokenById.size()) + 65536;
  if (tokenById.empty())
    return fail("the vocabulary is empty");
  int64_t largest = tokenById.rbegin()->first;
  if (static_cast<uint64_t>(largest) >= most)
    return fail("the id " + std::to_string(largest) + " of " + quoteForMessage(tokenById.rbegin()->second) +
                " is far above the number of tokens (" + std::to_string(tokenById.size()) + ")");
  ids.assign(static_cast<size_t>(largest) + 1, none);
  for (const auto *pieces : {&how.prefix, &how.suffix, &how.pair})
    for (const TemplatePiece &piece : *pieces)
      if (piece.id != SINTER_PIECE_FIRST && piece.id != SINTER_PIECE_SECOND && !tokenById.count(piece.id))
        return fail("the template's id " + std::to_string(piece.id) + " is not in the vocabulary");
  return true;
}

bool VocabularyBuilder::addEntries() {
  for (const auto &[token, id] : how.vocabulary)
    inModel.emplace(token, true);
  std::vector<uint32_t> wordEntries, continuationEntries;
  const std::string &prefix = how.continuationPrefix;
  for (const auto &[id, token] : tokenById) {
    uint32_t offset = static_cast<uint32_t>(strings.size());
    uint32_t length = static_cast<uint32_t>(token.size());
    uint32_t number = static_cast<uint32_t>(id);
    strings += token;
    ids[number] = static_cast<uint32_t>(entries.size());
    maxTokenBytes = std::max(maxTokenBytes, length);
    if (inModel.count(token) && length > 0)
      wordEntries.push_back(ids[number]);
    entries.push_back({hashOf(token), offset, length, number});
    if (how.isPipeline || !inModel.count(token) || length <= prefix.size() ||
        token.compare(0, prefix.size(), prefix) != 0)
      continue;
    uint32_t skip = static_cast<uint32_t>(prefix.size());
    continuationEntries.push_back(static_cast<uint32_t>(entries.size()));
    entries.push_back({hashOf(std::string_view(token).substr(skip)), offset + skip, length - skip, number});
  }
  specials.assign(ids.size() / 32 + 1, 0);
  for (const AddedToken &token : how.added)
    if (token.special)
      specials[static_cast<size_t>(token.id) / 32] |= 1u << (token.id % 32);
  return hashTable(wordEntries, words) && hashTable(continuationEntries, continuations);
}

/// Open addressing, at most half full, no entry further than the probe limit
/// from where its search begins.
bool VocabularyBuilder::hashTable(const std::vector<uint32_t> &members, std::vector<uint32_t> &slots) {
  size_t size = 2;
  while (size < 2 * members.size())
    size *= 2;
  for (int attempt = 0; attempt < 3; ++attempt, size *= 2) {
    slots.assign(size, none);
    uint32_t longest = 1;
    for (uint32_t entry : members) {
      uint32_t slot = sinterHashSlot(entries[entry].hash), probe = 1;
      while (slots[slot & (size - 1)] != none && probe <= SINTER_TOKENIZER_MAX_PROBE)
        ++slot, ++probe;
      longest = std::max(longest, probe);
      if (longest > SINTER_TOKENIZER_MAX_PROBE)
        break;
      slots[slot & (size - 1)] = entry;
    }
    if (longest <= SINTER_TOKENIZER_MAX_PROBE) {
      maxProbe = std::max(maxProbe, longest);
      return true;
    }
  }
  return fail("too many tokens of the vocabulary share one hash");
}

/// By first byte, longest first: WordPiece alone.
bool VocabularyBuilder::addAdded() {
  if (how.isPipeline)
    return true;
  std::vector<AddedToken> sorted = how.added;
  std::sort(sorted.begin(), sorted.end(), [](const AddedToken &a, const AddedToken &b) {
    uint8_t firstA = static_cast<uint8_t>(a.content[0]);
    uint8_t firstB = static_cast<uint8_t>(b.content[0]);
    if (firstA != firstB)
      return firstA < firstB;
    if (a.content.size() != b.content.size())
      return a.content.size() > b.content.size();
    return a.content < b.content;
  });
  for (const AddedToken &token : sorted) {
    const SinterTokenEntry &entry = entries[ids[static_cast<size_t>(token.id)]];
    SinterAddedToken next = {entry.offset, entry.length, entry.id, token.special ? SINTER_ADDED_SPECIAL : 0u};
    if (added.empty() || added.back().id != next.id)
      added.push_back(next);
  }
  return true;
}

} // namespace sinter::tokenizer
