// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What both table writers share: ids and strings of all tokens, the hash table
// of the model's, and the bytes of a blob.

#ifndef SINTER_FRONTEND_TOKENIZER_VOCABULARY_H
#define SINTER_FRONTEND_TOKENIZER_VOCABULARY_H

#include "frontend/tokenizer/Description.h"
#include "runtime/text/TokenizerBlob.h"

#include <cstring>
#include <map>
#include <unordered_map>

namespace sinter::tokenizer {

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

/// Elements of a template as the blob has them.
std::vector<SinterTemplatePiece> templatePieces(const std::vector<TemplatePiece> &pieces);

class VocabularyBuilder {
public:
  VocabularyBuilder(const Description &description, std::string &error) : how(description), error(error) {}

  std::vector<SinterTokenEntry> entries;
  std::vector<uint32_t> words, continuations, ids, specials;
  std::vector<SinterAddedToken> added;
  std::string strings;
  uint32_t maxTokenBytes = 0, maxProbe = 1, unkId = SINTER_TOKENIZER_NONE;

  /// False with the error set when ids, limits or sizes contradict.
  bool build();
  /// The id of any token, or NONE.
  uint32_t idOf(const std::string &token) const;
  /// The id of a token of the model (not only added), or NONE.
  uint32_t modelId(const std::string &token) const;
  SinterBlobBytes bytes(std::string_view text);
  /// Decoding spells this id otherwise than the model does. As in the original,
  /// the token is then special only if the new spelling is.
  void respell(uint32_t id, const std::string &text);
  /// Steps with their strings in place.
  std::vector<SinterTokenizerOp> program(const std::vector<Step> &steps);
  /// Everything of a header that both kinds have but sections.
  SinterTokenizerHeader header(uint32_t kind) const;
  /// The sections entries, words, continuations and ids.
  void append(BlobWriter &writer, SinterTokenizerHeader &header) const;

private:
  bool fail(const std::string &message);
  bool collect();
  bool add(const std::string &token, int64_t id);
  bool addTokens();
  bool sizeIds();
  bool addEntries();
  bool hashTable(const std::vector<uint32_t> &members, std::vector<uint32_t> &slots);
  bool addAdded();

  const Description &how;
  std::string &error;
  std::unordered_map<std::string, int64_t> idByToken;
  std::map<int64_t, std::string> tokenById;
  std::unordered_map<std::string_view, bool> inModel;
};

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_VOCABULARY_H
