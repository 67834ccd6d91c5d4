// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SentencePiece models: the protobuf message of a .model or .spm file enters,
// what it says leaves. Which special tokens stand around a text, the file does
// not say; SentenceFolder.cpp knows by the folder's tokenizer class.

#ifndef SINTER_FRONTEND_TOKENIZER_SENTENCEPIECE_H
#define SINTER_FRONTEND_TOKENIZER_SENTENCEPIECE_H

#include "frontend/tokenizer/Description.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::tokenizer {

struct SentenceModel {
  enum Type : uint64_t { Normal = 1, Unknown, Control, UserDefined, Unused, Byte };
  struct Piece {
    std::string text;
    float score = 0;
    uint64_t type = Normal;
  };
  std::vector<Piece> pieces;
  uint32_t unknown = 0; ///< the one piece of that type
  bool pairs = false;   ///< BPE; else Unigram
  bool byteFallback = false, spaceBehind = false;
  std::string unknownSurface = " \xE2\x81\x87 ", beginPiece = "<s>", endPiece = "</s>", padPiece = "<pad>";
  CharsmapRules charsmap;
  bool prefix = true, shrink = true, escape = true;
};

/// False with `error` = what is wrong, and where in the bytes.
bool readSentenceModel(std::string_view bytes, SentenceModel &out, std::string &error);

/// The member "pieceModel", the charsmap, the normalizer and the decoder that
/// compute what SentencePiece computes; `idOf` numbers the pieces.
void describeSentence(const SentenceModel &model, const std::vector<int64_t> &idOf, bool legacy, Description &out);

/// The folder's other files, as text ("" for none).
struct SentenceFolder {
  std::string_view model, tokenizerConfig, config;
  std::string_view vocabulary; ///< vocab.json; Marian alone
};

/// Everything of such a folder. Errors name the file that is meant, not its path.
bool readSentenceFolder(const SentenceFolder &folder, const std::string &modelName, Description &out,
                        std::string &error);

/// The tables of such a folder; errors begin with `folder` and the file.
std::optional<CompiledTokenizer> compileSentenceModel(const SentenceFolder &files, const std::string &folder,
                                                      const std::string &modelName, std::string &error);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_SENTENCEPIECE_H
