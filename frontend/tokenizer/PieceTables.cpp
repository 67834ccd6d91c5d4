// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See PieceTables.h.

#include "frontend/tokenizer/PieceTables.h"
#include "frontend/tokenizer/Trie.h"

#include <algorithm>

namespace sinter::tokenizer {

namespace {

void bitsOf(double value, uint32_t (&bits)[2]) { std::memcpy(bits, &value, sizeof(value)); }

/// Equal scores share a rank; the best score has the lowest.
std::vector<uint32_t> ranksOf(const std::vector<PieceModel::Piece> &pieces) {
  std::vector<double> scores;
  for (const PieceModel::Piece &piece : pieces)
    scores.push_back(piece.score);
  std::sort(scores.begin(), scores.end(), std::greater<>());
  scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
  std::vector<uint32_t> ranks;
  for (const PieceModel::Piece &piece : pieces)
    ranks.push_back(static_cast<uint32_t>(
        std::lower_bound(scores.begin(), scores.end(), piece.score, std::greater<>()) - scores.begin()));
  return ranks;
}

} // namespace

bool PieceTables::build(const Description &how, VocabularyBuilder &vocabulary) {
  std::vector<std::pair<std::string_view, uint32_t>> found, rules, whole;
  if (how.pieceModel) {
    const std::vector<PieceModel::Piece> &all = how.pieceModel->pieces;
    std::vector<uint32_t> ranks = ranksOf(all);
    for (uint32_t number = 0; number < all.size(); ++number) {
      SinterModelPiece piece = {{0, 0}, static_cast<uint32_t>(all[number].id), ranks[number]};
      bitsOf(all[number].score, piece.score);
      pieces.push_back(piece);
      if (all[number].inText)
        found.emplace_back(all[number].text, number); // given twice, the last one counts
    }
    for (const std::string &symbol : how.pieceModel->whole)
      whole.emplace_back(symbol, 0);
  }
  for (const auto &[from, to] : how.charsmap) {
    rules.emplace_back(from, static_cast<uint32_t>(replacements.size()));
    replacements.push_back(vocabulary.bytes(to));
  }
  if (buildTrie(std::move(found), pieceTrie) && buildTrie(std::move(rules), charTrie) &&
      buildTrie(std::move(whole), wholeTrie))
    return true;
  error = "the tokens of the model are too many or too long for one trie";
  return false;
}

void PieceTables::setHeader(const Description &how, SinterTokenizerHeader &header) const {
  if (!how.pieceModel)
    return;
  const PieceModel &model = *how.pieceModel;
  header.model = model.pairs ? SINTER_MODEL_PIECE_PAIRS : SINTER_MODEL_UNIGRAM;
  header.modelFlags = (model.byteFallback ? SINTER_BPE_BYTE_FALLBACK : 0u) |
                      (model.sentence ? SINTER_PIECES_SENTENCE : 0u) |
                      (model.languageCode ? SINTER_PIECES_LANGUAGE_CODE : 0u);
  header.unkPiece = model.unknown;
  bitsOf(model.unknownScore, header.unkScore);
}

void PieceTables::append(BlobWriter &writer, SinterTokenizerHeader &header) const {
  header.pieceTrie = writer.append(pieceTrie);
  header.modelPieces = writer.append(pieces);
  header.charTrie = writer.append(charTrie);
  header.replacements = writer.append(replacements);
  header.wholeTrie = writer.append(wholeTrie);
}

} // namespace sinter::tokenizer
