// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A Description to the byte blob that the runtime reads: the code point table
// with all of normalization folded in, the two hash tables, the template. The
// same description gives the same bytes.

#include "frontend/tokenizer/Description.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/format/Json.h"
#include "runtime/text/TokenizerBlob.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <span>
#include <unordered_map>

namespace sinter::tokenizer {

using format::quoteForMessage;

namespace {

constexpr uint32_t none = SINTER_TOKENIZER_NONE;
constexpr uint32_t codeCount = 0x110000;

//===----------------------------------------------------------------------===//
// Code points
//===----------------------------------------------------------------------===//

struct CodePointTables {
  std::vector<uint16_t> blocks;
  std::vector<uint32_t> records, maps, pool;
};

class CodePointBuilder {
public:
  explicit CodePointBuilder(const Description &description) : how(description) {}

  CodePointTables build() {
    std::map<std::vector<uint32_t>, uint16_t> known;
    std::vector<uint32_t> block(256);
    for (uint32_t code = 0; code < codeCount; ++code) {
      block[code & 0xFF] = record(code);
      if ((code & 0xFF) != 0xFF)
        continue;
      auto [at, fresh] = known.emplace(block, static_cast<uint16_t>(known.size()));
      if (fresh)
        tables.records.insert(tables.records.end(), block.begin(), block.end());
      tables.blocks.push_back(at->second);
    }
    return std::move(tables);
  }

private:
  uint32_t record(uint32_t code) {
    // Planes 4 to 13 are unassigned: plain characters of a word.
    if (code >= 0x40000 && code < 0xE0000)
      return SINTER_CP_WORD | SINTER_CP_SELF << 3;
    uint32_t result = isSpace(code) ? SINTER_CP_SPACE : isPunctuation(code) ? SINTER_CP_PUNCTUATION : SINTER_CP_WORD;
    if (how.stripAccents)
      result |= static_cast<uint32_t>(combiningClass(code)) << 8;
    if (how.cleanText && isControl(code))
      return result | SINTER_CP_DROP << 3;
    if (how.cleanText && isSpace(code))
      return result | SINTER_CP_TO_SPACE << 3;
    if (how.padIdeographs && isIdeograph(code))
      result |= SINTER_CP_PAD;
    if (how.stripAccents && isHangulSyllable(code))
      return result | SINTER_CP_HANGUL << 3;
    return result | action(code);
  }

  /// Decompose, strip, lowercase.
  uint32_t action(uint32_t code) {
    std::vector<uint32_t> parts, elements, lower;
    if (how.stripAccents)
      decompose(code, parts);
    else
      parts.push_back(code);
    uint32_t barrier = 0;
    for (uint32_t part : parts) {
      if (how.stripAccents && isNonspacingMark(part)) {
        if (combiningClass(part) == 0)
          barrier = SINTER_MAP_BARRIER_BEFORE;
        continue;
      }
      lower.clear();
      if (how.lowercase)
        lowercase(part, lower);
      else
        lower.push_back(part);
      for (uint32_t element : lower) {
        elements.push_back(element | barrier);
        barrier = 0;
      }
    }
    if (elements.empty())
      return SINTER_CP_DROP << 3 | (barrier ? SINTER_CP_BARRIER : 0);
    if (barrier)
      elements.push_back(SINTER_MAP_BARRIER_ONLY);
    if (elements.size() == 1 && elements[0] == code)
      return SINTER_CP_SELF << 3;
    uint32_t map = static_cast<uint32_t>(tables.pool.size()) << 8 | static_cast<uint32_t>(elements.size());
    tables.pool.insert(tables.pool.end(), elements.begin(), elements.end());
    uint32_t index = static_cast<uint32_t>(tables.maps.size());
    tables.maps.push_back(map);
    return SINTER_CP_MAP << 3 | index << 16;
  }

  const Description &how;
  CodePointTables tables;
};

//===----------------------------------------------------------------------===//
// Vocabulary
//===----------------------------------------------------------------------===//

uint32_t hashOf(std::string_view bytes) {
  uint32_t hash = SINTER_HASH_SEED;
  for (char byte : bytes)
    hash = sinterHashStep(hash, static_cast<uint8_t>(byte));
  return hash;
}

class VocabularyBuilder {
public:
  VocabularyBuilder(const Description &description, std::string &error) : how(description), error(error) {}

  std::vector<SinterTokenEntry> entries;
  std::vector<uint32_t> words, continuations, ids;
  std::vector<SinterAddedToken> added;
  std::string strings;
  uint32_t maxTokenBytes = 0, maxProbe = 1, unkId = 0;

  bool build() { return collect() && addTokens() && sizeIds() && addEntries() && addAdded(); }

  uint32_t idOf(const std::string &token) const {
    auto at = idByToken.find(token);
    return at == idByToken.end() ? none : static_cast<uint32_t>(at->second);
  }

private:
  bool fail(const std::string &message) {
    error = message;
    return false;
  }

  /// Ids and strings, each once.
  bool collect() {
    for (const auto &[token, id] : how.vocabulary)
      if (!add(token, id))
        return false;
    auto unknown = idByToken.find(how.unknownToken);
    if (unknown == idByToken.end())
      return fail("the vocabulary does not hold the unknown token " + quoteForMessage(how.unknownToken));
    unkId = static_cast<uint32_t>(unknown->second);
    if (how.maxWordChars > SINTER_TOKENIZER_MAX_WORD_CHARS)
      return fail("'max_input_chars_per_word' is " + std::to_string(how.maxWordChars) + ", at most " +
                  std::to_string(SINTER_TOKENIZER_MAX_WORD_CHARS) + " is supported");
    return true;
  }

  bool add(const std::string &token, int64_t id) {
    auto [byToken, freshToken] = idByToken.emplace(token, id);
    if (!freshToken)
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

  bool addTokens() {
    if (how.added.size() > SINTER_TOKENIZER_MAX_ADDED)
      return fail(std::to_string(how.added.size()) + " added tokens, at most " +
                  std::to_string(SINTER_TOKENIZER_MAX_ADDED) + " are supported");
    // Tokens beyond the vocabulary are numbered on from its size; another
    // number in the file is one that nobody uses.
    int64_t next = static_cast<int64_t>(how.vocabulary.size());
    for (const AddedToken &token : how.added) {
      if (token.content.empty())
        return fail("an added token is empty");
      auto known = idByToken.find(token.content);
      int64_t expected = known == idByToken.end() ? next : known->second;
      if (token.id != expected)
        return fail("the added token " + quoteForMessage(token.content) + " has id " + std::to_string(token.id) +
                    ", the vocabulary makes it " + std::to_string(expected));
      if (known != idByToken.end())
        continue;
      if (!add(token.content, token.id))
        return false;
      ++next;
    }
    return true;
  }

  bool sizeIds() {
    // Gaps are allowed, but the table of ids is as long as the largest.
    uint64_t most = 2 * static_cast<uint64_t>(tokenById.size()) + 65536;
    int64_t largest = tokenById.rbegin()->first;
    if (static_cast<uint64_t>(largest) >= most)
      return fail("the id " + std::to_string(largest) + " of " + quoteForMessage(tokenById.rbegin()->second) +
                  " is far above the number of tokens (" + std::to_string(tokenById.size()) + ")");
    ids.assign(static_cast<size_t>(largest) + 1, none);
    for (const auto *pieces : {&how.prefix, &how.suffix})
      for (const TemplatePiece &piece : *pieces)
        if (!tokenById.count(piece.id))
          return fail("the template's id " + std::to_string(piece.id) + " is not in the vocabulary");
    return true;
  }

  bool addEntries() {
    std::unordered_map<std::string_view, bool> inModel;
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
      if (!inModel.count(token) || length <= prefix.size() || token.compare(0, prefix.size(), prefix) != 0)
        continue;
      uint32_t skip = static_cast<uint32_t>(prefix.size());
      continuationEntries.push_back(static_cast<uint32_t>(entries.size()));
      entries.push_back({hashOf(std::string_view(token).substr(skip)), offset + skip, length - skip, number});
    }
    return hashTable(wordEntries, words) && hashTable(continuationEntries, continuations);
  }

  /// Open addressing, at most half full, no entry further than the probe limit
  /// from where its search begins.
  bool hashTable(const std::vector<uint32_t> &members, std::vector<uint32_t> &slots) {
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

  bool addAdded() {
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

  const Description &how;
  std::string &error;
  std::unordered_map<std::string, int64_t> idByToken;
  std::map<int64_t, std::string> tokenById;
};

//===----------------------------------------------------------------------===//
// Blob
//===----------------------------------------------------------------------===//

class BlobWriter {
public:
  BlobWriter() : bytes(sizeof(SinterTokenizerHeader), '\0') {}

  template <typename Elements> SinterBlobSection append(const Elements &elements) {
    bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
    SinterBlobSection section = {static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(elements.size())};
    bytes.append(reinterpret_cast<const char *>(elements.data()), elements.size() * sizeof(elements[0]));
    return section;
  }

  std::string finish(SinterTokenizerHeader header) {
    bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
    header.totalBytes = static_cast<uint32_t>(bytes.size());
    std::memcpy(bytes.data(), &header, sizeof(header));
    return std::move(bytes);
  }

private:
  std::string bytes;
};

} // namespace

std::optional<CompiledTokenizer> writeTables(const Description &description, std::string &error) {
  VocabularyBuilder vocabulary(description, error);
  if (!vocabulary.build())
    return std::nullopt;
  CodePointTables codes = CodePointBuilder(description).build();
  std::vector<SinterTemplatePiece> pieces;
  for (const auto *part : {&description.prefix, &description.suffix})
    for (const TemplatePiece &piece : *part)
      pieces.push_back({static_cast<uint32_t>(piece.id), static_cast<uint32_t>(piece.type)});

  SinterTokenizerHeader header = {};
  header.magic = SINTER_TOKENIZER_MAGIC;
  header.version = SINTER_TOKENIZER_VERSION;
  header.kind = SINTER_TOKENIZER_WORDPIECE;
  header.idCount = static_cast<uint32_t>(vocabulary.ids.size());
  header.unkId = vocabulary.unkId;
  header.padId = vocabulary.idOf(description.padToken);
  header.clsId = vocabulary.idOf(description.clsToken);
  header.sepId = vocabulary.idOf(description.sepToken);
  header.maskId = vocabulary.idOf(description.maskToken);
  header.maxWordChars = static_cast<uint32_t>(description.maxWordChars);
  header.maxTokenBytes = vocabulary.maxTokenBytes;
  header.maxProbe = vocabulary.maxProbe;
  header.prefixCount = static_cast<uint32_t>(description.prefix.size());
  header.textType = static_cast<uint32_t>(description.textType);
  BlobWriter writer;
  header.blocks = writer.append(codes.blocks);
  header.records = writer.append(codes.records);
  header.maps = writer.append(codes.maps);
  header.pool = writer.append(codes.pool);
  header.entries = writer.append(vocabulary.entries);
  header.words = writer.append(vocabulary.words);
  header.continuations = writer.append(vocabulary.continuations);
  header.ids = writer.append(vocabulary.ids);
  header.added = writer.append(vocabulary.added);
  header.pieces = writer.append(pieces);
  header.strings = writer.append(vocabulary.strings);
  return CompiledTokenizer{writer.finish(header), header.idCount};
}

} // namespace sinter::tokenizer
