// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "model" of a BPE tokenizer.json: vocabulary, merges, switches.

#include "frontend/tokenizer/ComponentReader.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

const std::string where = "the model";

/// A string, or null for none.
bool optionalText(ComponentReader &reader, const JsonValue &model, const char *key, std::string &value) {
  const JsonValue *member = model.find(key);
  return !member || member->isNull() || reader.text(model, key, value, where);
}

} // namespace

/// "a b", or ["a", "b"].
static bool readMerge(ComponentReader &reader, const JsonValue &entry, size_t number) {
  auto &merges = reader.out.bytePairs.merges;
  if (entry.isArray() && entry.size() == 2 && entry.items()[0].isString() && entry.items()[1].isString()) {
    merges.emplace_back(entry.items()[0].asString(), entry.items()[1].asString());
    return true;
  }
  if (entry.isString()) {
    const std::string &both = entry.asString();
    if (both.starts_with("#version"))
      return true;
    size_t space = both.find(' ');
    if (space != std::string::npos && both.find(' ', space + 1) == std::string::npos) {
      merges.emplace_back(both.substr(0, space), both.substr(space + 1));
      return true;
    }
  }
  return reader.fail("merge " + std::to_string(number) + " of the model is no pair of tokens");
}

bool readVocabularyObject(ComponentReader &reader, const JsonValue &model) {
  const JsonValue *vocabulary = model.find("vocab");
  if (!vocabulary || !vocabulary->isObject())
    return reader.fail("the model's 'vocab' is missing or no object");
  reader.out.vocabulary.reserve(vocabulary->size());
  for (const auto &[token, value] : vocabulary->members()) {
    int64_t number;
    if (!reader.id(&value, number, "token " + quoteForMessage(token)))
      return false;
    reader.out.vocabulary.emplace_back(token, number);
  }
  return true;
}

bool readBytePairModel(ComponentReader &reader, const JsonValue &model) {
  BytePairModel &out = reader.out.bytePairs;
  if (!reader.keys(model, where,
                   {"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                    "byte_fallback", "ignore_merges", "vocab", "merges"}))
    return false;
  const JsonValue *dropout = model.find("dropout");
  if (dropout && !dropout->isNull() && !(dropout->isNumber() && dropout->asDouble() == 0.0))
    return reader.fail("'dropout' in the model must be null: ids would be left to chance");
  const JsonValue *unknown = model.find("unk_token");
  if (unknown && !unknown->isNull()) {
    out.unknownToken.emplace();
    if (!reader.text(model, "unk_token", *out.unknownToken, where))
      return false;
  }
  if (!optionalText(reader, model, "continuing_subword_prefix", out.prefix) ||
      !optionalText(reader, model, "end_of_word_suffix", out.suffix) ||
      !reader.boolean(model, "fuse_unk", out.fuseUnknown, where) ||
      !reader.boolean(model, "byte_fallback", out.byteFallback, where) ||
      !reader.boolean(model, "ignore_merges", out.ignoreMerges, where) || !readVocabularyObject(reader, model))
    return false;
  const JsonValue *merges = model.find("merges");
  if (!merges || !merges->isArray())
    return reader.fail("the model's 'merges' is missing or no array");
  // Those of a well-formed file were taken out before (SplitArrays.cpp).
  for (size_t i = 0; i < merges->size(); ++i)
    if (!readMerge(reader, merges->items()[i], i + 1))
      return false;
  return true;
}

bool readMerges(ComponentReader &reader, std::string_view merges) {
  return readArray(reader, merges, "merge", "pair of tokens",
                   [&](const JsonValue &entry, size_t number) { return readMerge(reader, entry, number); });
}

} // namespace sinter::tokenizer
