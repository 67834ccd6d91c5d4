// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tokenizer.json to a Description. Every component and every key of it is known
// or refused by name; truncation and padding are the caller's choice, so they
// alone are passed over. What only BERT's WordPiece has is read here, the rest
// in the files of its name.

#include "frontend/tokenizer/ComponentReader.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

class Reader : public ComponentReader {
public:
  using ComponentReader::ComponentReader;

  bool read(const JsonValue &root) {
    if (!keys(root, "the file",
              {"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
               "decoder", "model"}))
      return false;
    const JsonValue *version = root.find("version");
    if (version && version->asString() != "1.0")
      return fail("version " + quoteForMessage(version->asString()) + " is not known, '1.0' is");
    const JsonValue *normalize = root.find("normalizer"), *cut = root.find("pre_tokenizer");
    if (!model(root.find("model")) || !added(root.find("added_tokens")))
      return false;
    if (out.isPipeline ? !readNormalizer(*this, normalize) || !readPreTokenizer(*this, cut)
                       : !normalizer(normalize) || !preTokenizer(cut))
      return false;
    return readPostProcessor(*this, root.find("post_processor")) && readDecoder(*this, root.find("decoder"));
  }

private:
  bool model(const JsonValue *model) {
    if (!model || !model->isObject())
      return fail("'model' is missing or no object");
    // The oldest files of BPE name no type.
    out.isPipeline = typeOf(*model) == "BPE" || (!model->find("type") && model->find("merges"));
    if (out.isPipeline)
      return readBytePairModel(*this, *model);
    if (typeOf(*model) == "Unigram") {
      out.isPipeline = true;
      return readUnigramModel(*this, *model);
    }
    if (typeOf(*model) != "WordPiece")
      return unsupported("the model", *model, "'WordPiece', 'BPE' or 'Unigram'");
    if (!keys(*model, "the model",
              {"type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"}) ||
        !text(*model, "unk_token", out.unknownToken, "the model") ||
        !text(*model, "continuing_subword_prefix", out.continuationPrefix, "the model"))
      return false;
    if (const JsonValue *most = model->find("max_input_chars_per_word")) {
      if (!most->isInt() || most->asInt() < 0)
        return fail("'max_input_chars_per_word' must be a count");
      out.maxWordChars = most->asUInt();
    }
    return readVocabularyObject(*this, *model);
  }

  bool added(const JsonValue *tokens) {
    if (!tokens)
      return true;
    if (!tokens->isArray())
      return fail("'added_tokens' must be an array");
    for (const JsonValue &entry : tokens->items()) {
      if (!keys(entry, "an added token", {"id", "content", "special", "single_word", "lstrip", "rstrip", "normalized"}))
        return false;
      AddedToken token;
      if (!text(entry, "content", token.content, "an added token"))
        return false;
      std::string where = "added token " + quoteForMessage(token.content);
      if (!id(entry.find("id"), token.id, where) || !boolean(entry, "special", token.special, where) ||
          !boolean(entry, "single_word", token.singleWord, where) ||
          !boolean(entry, "normalized", token.normalized, where) || !boolean(entry, "lstrip", token.stripLeft, where) ||
          !boolean(entry, "rstrip", token.stripRight, where))
        return false;
      // WordPiece: lstrip and rstrip swallow blanks, which separate words and
      // are dropped anyway.
      if (!out.isPipeline && (token.singleWord || token.normalized))
        return fail(where + ": '" + (token.singleWord ? "single_word" : "normalized") + "': true is not supported");
      if (token.content == "[PAD]")
        out.padToken = token.content;
      if (token.content == "[MASK]")
        out.maskToken = token.content;
      out.added.push_back(std::move(token));
    }
    return true;
  }

  /// The one component of a Sequence, or the component itself.
  const JsonValue *only(const JsonValue *component, const char *listKey) {
    while (component && typeOf(*component) == "Sequence") {
      const JsonValue *list = component->find(listKey);
      if (!list || list->size() != 1 || !list->isArray())
        return component;
      component = &list->items()[0];
    }
    return component;
  }

  bool normalizer(const JsonValue *component) {
    component = only(component, "normalizers");
    if (!component || component->isNull())
      return true;
    if (typeOf(*component) != "BertNormalizer")
      return unsupported("the normalizer", *component, "'BertNormalizer'");
    std::string where = "the normalizer";
    if (!keys(*component, where, {"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"}))
      return false;
    out.cleanText = out.padIdeographs = out.lowercase = true;
    if (!boolean(*component, "clean_text", out.cleanText, where) ||
        !boolean(*component, "handle_chinese_chars", out.padIdeographs, where) ||
        !boolean(*component, "lowercase", out.lowercase, where))
      return false;
    out.stripAccents = out.lowercase;
    const JsonValue *strip = component->find("strip_accents");
    if (!strip || strip->isNull())
      return true;
    return boolean(*component, "strip_accents", out.stripAccents, where);
  }

  bool preTokenizer(const JsonValue *component) {
    component = only(component, "pretokenizers");
    if (!component || component->isNull())
      return fail("the pre-tokenizer is missing, 'BertPreTokenizer' is "
                  "supported");
    if (typeOf(*component) != "BertPreTokenizer")
      return unsupported("the pre-tokenizer", *component, "'BertPreTokenizer'");
    return keys(*component, "the pre-tokenizer", {"type"});
  }
};

} // namespace

bool readTokenizerJson(std::string_view json, Description &out, std::string &error) {
  // Half a million tokens: the largest published WordPiece vocabulary has
  // 501,153.
  std::string rest;
  std::string_view array;
  bool merges = splitArray(json, "merges", rest, array);
  bool split = merges || splitArray(json, "vocab", rest, array);
  format::JsonResult parsed = format::parseJson(split ? rest : json, {64 << 20, 64, 1 << 19});
  if (!parsed.ok) {
    error = parsed.error;
    return false;
  }
  error.clear();
  Reader reader(out, error);
  if (!reader.read(parsed.root))
    return false;
  if (out.pieceModel)
    return readPieces(reader, split && !merges ? array : "[]");
  return !merges || !out.isPipeline || readMerges(reader, array);
}

} // namespace sinter::tokenizer
