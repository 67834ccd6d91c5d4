// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders with SentencePiece models and no tokenizer.json: ids and special
// tokens as the tokenizer class of each family has them. The class is that of
// tokenizer_config.json, or what config.json's model_type implies.

#include "frontend/tokenizer/SentencePiece.h"
#include "frontend/tokenizer/ComponentReader.h"
#include "runtime/text/TokenizerBlob.h"

#include <set>
#include <unordered_map>

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

constexpr uint32_t maxExtraIds = 4096;

class FolderReader {
public:
  FolderReader(const SentenceFolder &folder, const std::string &modelName, Description &out, std::string &error)
      : folder(folder), modelName(modelName), out(out), error(error) {}

  bool read() {
    if (!readSentenceModel(folder.model, model, error)) {
      error = modelName + ": " + error;
      return false;
    }
    return parse(folder.tokenizerConfig, "tokenizer_config.json", settings) &&
           parse(folder.config, "config.json", config) && classify() && number() && addTokens() && frame();
  }

private:
  bool fail(const std::string &file, const std::string &message) {
    error = file + ": " + message;
    return false;
  }
  bool failSettings(const std::string &message) { return fail("tokenizer_config.json", message); }

  bool parse(std::string_view json, const char *name, JsonValue &value) {
    value = JsonValue(JsonValue::Members());
    if (json.empty())
      return true;
    format::JsonResult parsed = format::parseJson(json, {16 << 20, 64, 1 << 18});
    if (!parsed.ok)
      return fail(name, parsed.error);
    if (!parsed.root.isObject())
      return fail(name, "must be an object");
    value = std::move(parsed.root);
    return true;
  }

  bool flag(const char *key, bool &value) {
    const JsonValue *member = settings.find(key);
    if (!member || member->isNull())
      return true;
    if (!member->isBool())
      return failSettings("'" + std::string(key) + "' must be true or false");
    value = member->asBool();
    return true;
  }

  /// "</s>" or {"content": "</s>", …}.
  bool named(const char *key, std::string &value) {
    const JsonValue *member = settings.find(key);
    if (!member || member->isNull())
      return true;
    if (member->isObject() && member->find("content"))
      member = member->find("content");
    if (!member->isString())
      return failSettings("'" + std::string(key) + "' must be a string");
    value = member->asString();
    return true;
  }

  bool classify() {
    const JsonValue *name = settings.find("tokenizer_class"), *type = config.find("model_type");
    std::string wanted = name && name->isString() ? name->asString() : "";
    if (wanted.ends_with("Fast"))
      wanted.resize(wanted.size() - 4);
    std::string family = type && type->isString() ? type->asString() : "";
    static const std::pair<std::string_view, Class> classes[] = {
        {"T5Tokenizer", T5},         {"MT5Tokenizer", T5},
        {"LlamaTokenizer", Llama},   {"CodeLlamaTokenizer", Llama},
        {"MarianTokenizer", Marian}, {"XLMRobertaTokenizer", XlmRoberta},
    };
    static const std::pair<std::string_view, Class> families[] = {{"t5", T5},         {"mt5", T5},
                                                                  {"umt5", T5},       {"llama", Llama},
                                                                  {"mistral", Llama}, {"xlm-roberta", XlmRoberta}};
    kind = !folder.vocabulary.empty() ? Marian : Plain;
    if (wanted.empty() && kind == Plain)
      for (const auto &[known, value] : families)
        if (family == known)
          kind = value;
    if (wanted.empty() || wanted == "PreTrainedTokenizer" || wanted == "TokenizersBackend")
      return true;
    for (const auto &[known, value] : classes)
      if (wanted == known) {
        if ((value == Marian) != (kind == Marian))
          return failSettings("the tokenizer class " + quoteForMessage(wanted) + " does not go with these files (" +
                              modelName + ")");
        kind = value;
        return true;
      }
    return failSettings("the tokenizer class " + quoteForMessage(wanted) +
                        " is not supported without a tokenizer.json, 'T5Tokenizer', 'LlamaTokenizer', "
                        "'MarianTokenizer' and 'XLMRobertaTokenizer' are");
  }

  /// Ids of the pieces, and the vocabulary.
  bool number() {
    bool legacy = true;
    if (!flag("legacy", legacy))
      return false;
    std::vector<int64_t> ids;
    if (kind == Marian ? !numberByVocabulary(ids) : !numberInOrder(ids))
      return false;
    describeSentence(model, ids, legacy, out);
    out.pieceModel->languageCode = kind == Marian;
    if (kind == Marian) {
      // Unknown tokens are special, and the ends are stripped.
      out.decoder[0].text = "";
      out.decoder.push_back({SINTER_OP_TRIM, 1024, 1024, " ", ""});
    }
    for (const auto &[token, id] : out.vocabulary)
      idOf.emplace(token, id);
    return true;
  }

  bool numberInOrder(std::vector<int64_t> &ids) {
    const std::vector<SentenceModel::Piece> &pieces = model.pieces;
    out.bytePairs.unknownToken = pieces[model.unknown].text;
    if (kind != XlmRoberta) {
      for (size_t i = 0; i < pieces.size(); ++i) {
        ids.push_back(static_cast<int64_t>(i));
        out.vocabulary.emplace_back(pieces[i].text, ids.back());
      }
      return true;
    }
    // <s> <pad> </s> <unk>, then the pieces from the fourth on, then <mask>.
    if (pieces.size() < 3 || pieces[0].text != "<unk>" || pieces[1].text != "<s>" || pieces[2].text != "</s>")
      return fail(modelName, "the first pieces of an XLM-RoBERTa model must be '<unk>', '<s>' and '</s>'");
    int64_t first[] = {3, 0, 2};
    out.vocabulary = {{"<s>", 0}, {"<pad>", 1}, {"</s>", 2}, {"<unk>", 3}};
    for (size_t i = 0; i < pieces.size(); ++i) {
      ids.push_back(i < 3 ? first[i] : static_cast<int64_t>(i) + 1);
      if (i >= 3)
        out.vocabulary.emplace_back(pieces[i].text, ids.back());
    }
    out.vocabulary.emplace_back("<mask>", static_cast<int64_t>(pieces.size()) + 1);
    return true;
  }

  bool numberByVocabulary(std::vector<int64_t> &ids) {
    bool separate = false;
    JsonValue vocabulary;
    std::string unknown = "<unk>";
    if (!flag("separate_vocabs", separate) || !named("unk_token", unknown) ||
        !parse(folder.vocabulary, "vocab.json", vocabulary))
      return false;
    if (separate)
      return failSettings("'separate_vocabs' is not supported");
    std::unordered_map<std::string_view, int64_t> known;
    for (const auto &[token, value] : vocabulary.members()) {
      if (!value.isInt() || value.asInt() < 0 || value.asInt() > INT32_MAX)
        return fail("vocab.json", "the id of " + quoteForMessage(token) + " is not an integer between 0 and 2^31 - 1");
      out.vocabulary.emplace_back(token, value.asInt());
      known.emplace(token, value.asInt());
    }
    auto missing = known.find(unknown);
    if (missing == known.end())
      return fail("vocab.json", "the vocabulary does not hold the unknown token " + quoteForMessage(unknown));
    for (const SentenceModel::Piece &piece : model.pieces) {
      auto at = known.find(piece.text);
      ids.push_back(at == known.end() ? missing->second : at->second);
    }
    out.bytePairs.unknownToken = unknown;
    return true;
  }

  /// A special token of the class. One that is new gets the next id.
  void special(const std::string &token) {
    auto [at, fresh] = idOf.emplace(token, static_cast<int64_t>(idOf.size()));
    if (fresh)
      out.vocabulary.emplace_back(token, at->second);
    if (added.insert(token).second)
      out.added.push_back({token, at->second, true});
  }

  bool addTokens() {
    out.padToken = "<pad>";
    begin = kind == Marian ? "" : model.beginPiece;
    end = kind == Marian ? "</s>" : model.endPiece;
    if (!named("pad_token", out.padToken) || !named("bos_token", begin) || !named("eos_token", end) ||
        !listed())
      return false;
    if (kind != Marian)
      for (const SentenceModel::Piece &piece : model.pieces)
        if (piece.type == SentenceModel::Control)
          special(piece.text);
    if (kind == Marian)
      special(*out.bytePairs.unknownToken);
    for (const std::string &token : {begin, end, out.padToken})
      if (idOf.count(token))
        special(token);
    if (kind == XlmRoberta)
      special("<mask>");
    return kind != T5 || extraIds();
  }

  /// 'added_tokens_decoder': tokens by their ids.
  bool listed() {
    const JsonValue *list = settings.find("added_tokens_decoder");
    if (!list || list->isNull())
      return true;
    if (!list->isObject() || list->size() > SINTER_TOKENIZER_MAX_ADDED)
      return failSettings("'added_tokens_decoder' must be an object of at most " +
                          std::to_string(SINTER_TOKENIZER_MAX_ADDED) + " tokens");
    Description ignored;
    for (const auto &[key, value] : list->members()) {
      ComponentReader reader(ignored, error);
      std::string place = "the added token " + quoteForMessage(key);
      AddedToken token;
      bool ok = reader.keys(value, place, {"content", "special", "single_word", "lstrip", "rstrip", "normalized"}) &&
                reader.text(value, "content", token.content, place) &&
                reader.boolean(value, "special", token.special, place) &&
                reader.boolean(value, "single_word", token.singleWord, place) &&
                reader.boolean(value, "lstrip", token.stripLeft, place) &&
                reader.boolean(value, "rstrip", token.stripRight, place);
      if (!ok)
        return failSettings(error);
      if (key.empty() || key.size() > 9 || key.find_first_not_of("0123456789") != std::string::npos ||
          token.content.empty())
        return failSettings(place + " has no id or no content");
      token.id = std::stol(key);
      auto [at, fresh] = idOf.emplace(token.content, token.id);
      if (at->second != token.id)
        return failSettings(place + " is " + quoteForMessage(token.content) + ", whose id is " +
                            std::to_string(at->second));
      if (fresh)
        out.vocabulary.emplace_back(token.content, token.id);
      if (added.insert(token.content).second)
        out.added.push_back(std::move(token));
    }
    return true;
  }

  /// <extra_id_99> … <extra_id_0> behind the pieces, unless the folder lists them.
  bool extraIds() {
    uint32_t count = 100;
    const JsonValue *member = settings.find("extra_ids");
    if (member && (!member->isInt() || member->asInt() < 0 || member->asInt() > maxExtraIds))
      return failSettings("'extra_ids' must be a count of at most " + std::to_string(maxExtraIds));
    if (member)
      count = static_cast<uint32_t>(member->asInt());
    for (uint32_t i = count; i > 0; --i)
      special("<extra_id_" + std::to_string(i - 1) + ">");
    return true;
  }

  bool idOfToken(const char *key, const std::string &token, int64_t &id) {
    auto at = idOf.find(token);
    if (at == idOf.end())
      return failSettings("the vocabulary does not hold the '" + std::string(key) + "' " + quoteForMessage(token));
    id = at->second;
    return true;
  }

  /// The templates.
  bool frame() {
    bool addBegin = kind == Llama || kind == XlmRoberta, addEnd = kind == T5 || kind == Marian || kind == XlmRoberta;
    if (!flag("add_bos_token", addBegin) || !flag("add_eos_token", addEnd))
      return false;
    int64_t beginId = 0, endId = 0;
    if ((addBegin && !idOfToken("bos_token", begin, beginId)) || (addEnd && !idOfToken("eos_token", end, endId)))
      return false;
    int64_t second = kind == Llama || kind == Plain;
    if (addBegin)
      out.prefix = {{beginId, 0}};
    if (addEnd)
      out.suffix = {{endId, 0}};
    out.pair = out.prefix;
    out.pair.push_back({SINTER_PIECE_FIRST, 0});
    if (addEnd && kind != Marian)
      out.pair.push_back({endId, 0});
    if (addBegin)
      out.pair.push_back({kind == XlmRoberta ? endId : beginId, second});
    out.pair.push_back({SINTER_PIECE_SECOND, second});
    if (addEnd)
      out.pair.push_back({endId, second});
    out.clsToken = addBegin ? begin : "";
    out.sepToken = addEnd ? end : "";
    return true;
  }

  const SentenceFolder &folder;
  const std::string &modelName;
  Description &out;
  std::string &error;
  SentenceModel model;
  JsonValue settings, config;
  enum Class { Plain, T5, Llama, Marian, XlmRoberta } kind = Plain;
  std::unordered_map<std::string, int64_t> idOf;
  std::set<std::string> added;
  std::string begin, end;
};

} // namespace

bool readSentenceFolder(const SentenceFolder &folder, const std::string &modelName, Description &out,
                        std::string &error) {
  return FolderReader(folder, modelName, out, error).read();
}

} // namespace sinter::tokenizer
