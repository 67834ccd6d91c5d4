// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "model" of a Unigram tokenizer.json: pieces with scores, ids in
// their order.

#include "frontend/tokenizer/ComponentReader.h"

#include <algorithm>
#include <cmath>

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

const std::string where = "the model";
/// What an unknown character costs beyond the worst piece.
constexpr double unknownPenalty = 10.0;

/// ["piece", score].
bool readPiece(ComponentReader &reader, const JsonValue &entry, size_t number) {
  std::string place = "piece " + std::to_string(number) + " of the model";
  if (!entry.isArray() || entry.size() != 2 || !entry.items()[0].isString() || !entry.items()[1].isNumber())
    return reader.fail(place + " is no token with a score");
  double score = entry.items()[1].asDouble();
  if (!std::isfinite(score))
    return reader.fail("the score of " + place + " is not finite");
  PieceModel &model = *reader.out.pieceModel;
  int64_t id = static_cast<int64_t>(model.pieces.size());
  const std::string &text = entry.items()[0].asString();
  model.pieces.push_back({text, score, id, true});
  reader.out.vocabulary.emplace_back(text, id);
  return true;
}

} // namespace

bool readUnigramModel(ComponentReader &reader, const JsonValue &model) {
  PieceModel &out = reader.out.pieceModel.emplace();
  if (!reader.keys(model, where, {"type", "unk_id", "vocab", "byte_fallback"}) ||
      !reader.boolean(model, "byte_fallback", out.byteFallback, where))
    return false;
  const JsonValue *unknown = model.find("unk_id"), *vocabulary = model.find("vocab");
  if (!unknown || unknown->isNull())
    return reader.fail("the model has no 'unk_id', so it could not encode what it does not know");
  int64_t number;
  if (!reader.id(unknown, number, "the unknown token"))
    return false;
  out.unknown = static_cast<uint32_t>(number);
  return (vocabulary && vocabulary->isArray()) || reader.fail("the model's 'vocab' is missing or no array");
}

bool readPieces(ComponentReader &reader, std::string_view pieces) {
  if (!readArray(reader, pieces, "piece", "token with a score",
                 [&](const JsonValue &entry, size_t number) { return readPiece(reader, entry, number); }))
    return false;
  PieceModel &model = *reader.out.pieceModel;
  if (model.unknown >= model.pieces.size())
    return reader.fail("'unk_id' in the model is " + std::to_string(model.unknown) + ", there are " +
                       std::to_string(model.pieces.size()) + " pieces");
  double least = model.pieces[0].score;
  for (const PieceModel::Piece &piece : model.pieces)
    least = std::min(least, piece.score);
  model.unknownScore = least - unknownPenalty;
  reader.out.bytePairs.unknownToken = model.pieces[model.unknown].text;
  return true;
}

} // namespace sinter::tokenizer
