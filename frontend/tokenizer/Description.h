// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a tokenizer is, whichever files said so: the readers fill it, the table
// writers consume it. BERT's WordPiece is a few switches; every other tokenizer
// is a pipeline of steps.

#ifndef SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H
#define SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H

#include "frontend/tokenizer/Charsmap.h"
#include "frontend/tokenizer/Pattern.h"
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
  // Pipelines only.
  bool singleWord = false, stripLeft = false, stripRight = false, normalized = false;
};

struct TemplatePiece {
  int64_t id = 0;
  int64_t type = 0;
};

/// Tables of one value a code point that steps refer to.
enum class CodeMap : uint32_t {
  Lowercase,
  StripAccents,    ///< all marks, as the normalizer StripAccents
  StripNonspacing, ///< as BertNormalizer
  Clean,           ///< as BertNormalizer
  PadIdeographs,   ///< as BertNormalizer
  Nmt,
  Canonical, ///< decompositions
  Compatible,
  CombiningClasses,
  Graphemes, ///< SINTER_GRAPHEME_*
  Count
};

/// SinterTokenizerOp before its tables have places: `a` is a CodeMap or a
/// pattern's number where the op wants one.
struct Step {
  uint32_t code = 0, a = 0, b = 0;
  std::string text, content;
};

struct BytePairModel {
  std::vector<std::pair<std::string, std::string>> merges;
  std::optional<std::string> unknownToken;
  std::string prefix, suffix;
  bool fuseUnknown = false, byteFallback = false, ignoreMerges = false;
};

/// Unigram, or the BPE of SentencePiece.
struct PieceModel {
  struct Piece {
    std::string text;
    double score = 0;
    int64_t id = 0;
    bool inText = true; ///< may stand for text
  };
  std::vector<Piece> pieces;
  uint32_t unknown = 0; ///< its number
  double unknownScore = 0;
  bool pairs = false, byteFallback = false;
  bool sentence = false;     ///< as SentencePiece computes, not as the Hugging Face library
  bool languageCode = false; ///< ">>xx<<" in front is one token
  std::vector<std::string> whole; ///< defined by a user
};

struct Description {
  /// False: WordPiece with the switches below.
  bool isPipeline = false;
  std::vector<Step> normalizer, preTokenizer;
  std::vector<PatternNode> patterns;
  CodePointClasses classes;
  BytePairModel bytePairs;
  /// In place of bytePairs (whose unknownToken is still the name of the unknown token).
  std::optional<PieceModel> pieceModel;
  CharsmapRules charsmap;
  /// Both kinds. Ids above the range of ids are SINTER_PIECE_*.
  std::vector<Step> decoder;
  std::vector<TemplatePiece> pair;

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
std::optional<CompiledTokenizer> writePipeline(Description &description, std::string &error);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_DESCRIPTION_H
