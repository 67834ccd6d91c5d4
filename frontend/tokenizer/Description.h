// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a WordPiece tokenizer is, whichever files said so: the readers fill it,
// the table writer consumes it.

#ifndef SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H
#define SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H

#include "frontend/tokenizer/Tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sinter::tokenizer {

struct AddedToken {
  std::string content;
  int64_t id = 0;
  bool special = false;
};

struct TemplatePiece {
  int64_t id = 0;
  int64_t type = 0;
};

struct Description {
  // Normalization. strip_accents: null in the files means "as lowercase".
  bool cleanText = false, padIdeographs = false, lowercase = false;
  bool stripAccents = false;
  // Model.
  std::string unknownToken = "[UNK]", continuationPrefix = "##";
  uint64_t maxWordChars = 100;
  std::vector<std::pair<std::string, int64_t>> vocabulary;
  std::vector<AddedToken> added;
  // Template of a single text.
  std::vector<TemplatePiece> prefix, suffix;
  int64_t textType = 0;
  // Named ones; empty when the files name none.
  std::string padToken, clsToken, sepToken, maskToken;
};

/// Each fills `out`, or returns false with `error` = what is wrong, without a
/// path in front.
bool readTokenizerJson(std::string_view json, Description &out, std::string &error);
bool readVocabulary(std::string_view vocabulary, Description &out, std::string &error);
bool readTokenizerConfig(std::string_view json, Description &out, std::string &error);

/// The blob; nothing with `error` set when ids, limits or sizes contradict.
std::optional<CompiledTokenizer> writeTables(const Description &description, std::string &error);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H
