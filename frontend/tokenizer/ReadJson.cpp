// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tokenizer.json to a Description. Every component and every key of it is known
// or refused by name; truncation, padding and the decoder have no part in
// turning text into ids, so they alone are passed over.

#include "frontend/tokenizer/Description.h"
#include "runtime/format/Json.h"

#include <initializer_list>

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

class Reader {
public:
  Reader(Description &out, std::string &error) : out(out), error(error) {}

  bool read(const JsonValue &root) {
    if (!keys(root, "the file",
              {"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
               "decoder", "model"}))
      return false;
    const JsonValue *version = root.find("version");
    if (version && version->asString() != "1.0")
      return fail("version " + quoteForMessage(version->asString()) + " is not known, '1.0' is");
    return model(root.find("model")) && added(root.find("added_tokens")) && normalizer(root.find("normalizer")) &&
           preTokenizer(root.find("pre_tokenizer")) && postProcessor(root.find("post_processor"));
  }

private:
  bool fail(const std::string &message) {
    error = message;
    return false;
  }

  /// An object with no keys but these.
  bool keys(const JsonValue &value, const std::string &where, std::initializer_list<std::string_view> known) {
    if (!value.isObject())
      return fail(where + " must be an object, not " + std::string(jsonKindName(value.kind())));
    for (const auto &[key, member] : value.members()) {
      bool found = false;
      for (std::string_view name : known)
        found = found || name == key;
      if (!found)
        return fail("unknown key " + quoteForMessage(key) + " in " + where);
    }
    return true;
  }

  bool unsupported(const std::string &where, const JsonValue &component, std::string_view supported) {
    const JsonValue *type = component.find("type");
    return fail(where + " " + (type ? quoteForMessage(type->asString()) : std::string("without a type")) +
                " is not supported, " + std::string(supported) + " is");
  }

  static std::string_view typeOf(const JsonValue &component) {
    const JsonValue *type = component.find("type");
    return type ? std::string_view(type->asString()) : std::string_view();
  }

  bool boolean(const JsonValue &object, const char *key, bool &value, const std::string &where) {
    const JsonValue *member = object.find(key);
    if (!member)
      return true;
    if (!member->isBool())
      return fail("'" + std::string(key) + "' in " + where + " must be true or false");
    value = member->asBool();
    return true;
  }

  bool text(const JsonValue &object, const char *key, std::string &value, const std::string &where) {
    const JsonValue *member = object.find(key);
    if (!member)
      return true;
    if (!member->isString())
      return fail("'" + std::string(key) + "' in " + where + " must be a string");
    value = member->asString();
    return true;
  }

  bool id(const JsonValue *value, int64_t &result, const std::string &where) {
    if (!value || !value->isInt() || value->asInt() < 0 || value->asInt() > INT32_MAX)
      return fail("the id of " + where + " is not an integer between 0 and 2^31 - 1");
    result = value->asInt();
    return true;
  }

  bool model(const JsonValue *model) {
    if (!model || !model->isObject())
      return fail("'model' is missing or no object");
    if (typeOf(*model) != "WordPiece")
      return unsupported("the model", *model, "'WordPiece'");
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
    const JsonValue *vocabulary = model->find("vocab");
    if (!vocabulary || !vocabulary->isObject())
      return fail("the model's 'vocab' is missing or no object");
    out.vocabulary.reserve(vocabulary->size());
    for (const auto &[token, value] : vocabulary->members()) {
      int64_t number;
      if (!id(&value, number, "token " + quoteForMessage(token)))
        return false;
      out.vocabulary.emplace_back(token, number);
    }
    return true;
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
      bool singleWord = false, normalized = false;
      if (!text(entry, "content", token.content, "an added token"))
        return false;
      std::string where = "added token " + quoteForMessage(token.content);
      if (!id(entry.find("id"), token.id, where) || !boolean(entry, "special", token.special, where) ||
          !boolean(entry, "single_word", singleWord, where) || !boolean(entry, "normalized", normalized, where))
        return false;
      // lstrip and rstrip swallow blanks, which separate words and are
      // dropped anyway.
      if (singleWord || normalized)
        return fail(where + ": '" + (singleWord ? "single_word" : "normalized") + "': true is not supported");
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

  bool postProcessor(const JsonValue *component) {
    component = only(component, "processors");
    if (!component || component->isNull())
      return true;
    if (typeOf(*component) == "BertProcessing")
      return bertProcessing(*component);
    if (typeOf(*component) == "TemplateProcessing")
      return templateProcessing(*component);
    return unsupported("the post-processor", *component, "'TemplateProcessing' or 'BertProcessing'");
  }

  bool bertProcessing(const JsonValue &component) {
    if (!keys(component, "the post-processor", {"type", "sep", "cls"}))
      return false;
    for (const char *key : {"cls", "sep"}) {
      const JsonValue *pair = component.find(key);
      if (!pair || !pair->isArray() || pair->size() != 2 || !pair->items()[0].isString())
        return fail("the post-processor's '" + std::string(key) + "' must be a token and its id");
      TemplatePiece piece;
      if (!id(&pair->items()[1], piece.id, "the post-processor's token"))
        return false;
      bool isCls = key[0] == 'c';
      (isCls ? out.prefix : out.suffix).push_back(piece);
      (isCls ? out.clsToken : out.sepToken) = pair->items()[0].asString();
    }
    return true;
  }

  bool templateProcessing(const JsonValue &component) {
    if (!keys(component, "the post-processor", {"type", "single", "pair", "special_tokens"}))
      return false;
    const JsonValue *single = component.find("single");
    if (!single || !single->isArray() || single->size() > 64)
      return fail("the post-processor's 'single' is missing or no short "
                  "array");
    bool seenText = false;
    for (const JsonValue &piece : single->items())
      if (!templatePiece(piece, component.find("special_tokens"), seenText))
        return false;
    return seenText || fail("the post-processor's template leaves the text out");
  }

  bool templatePiece(const JsonValue &piece, const JsonValue *specials, bool &seenText) {
    std::string where = "a piece of the post-processor's template";
    if (!keys(piece, where, {"SpecialToken", "Sequence"}) || piece.size() != 1)
      return error.empty() ? fail(where + " must be one token or sequence") : false;
    const auto &[kind, body] = piece.members()[0];
    std::string name;
    int64_t type = 0;
    if (!keys(body, where, {"id", "type_id"}) || !text(body, "id", name, where) ||
        (body.find("type_id") && !id(body.find("type_id"), type, where + " (type)")))
      return false;
    if (kind == "Sequence") {
      if (name != "A" || seenText)
        return fail("the template of a single text must hold the text 'A' "
                    "once");
      seenText = true;
      out.textType = type;
      return true;
    }
    const JsonValue *special = specials ? specials->find(name) : nullptr;
    const JsonValue *ids = special ? special->find("ids") : nullptr;
    if (!ids || !ids->isArray() || ids->size() > 64)
      return fail("the post-processor does not define the ids of " + quoteForMessage(name));
    for (const JsonValue &value : ids->items()) {
      TemplatePiece entry;
      entry.type = type;
      if (!id(&value, entry.id, quoteForMessage(name)))
        return false;
      (seenText ? out.suffix : out.prefix).push_back(entry);
    }
    if (!seenText && out.clsToken.empty())
      out.clsToken = name;
    if (seenText)
      out.sepToken = name;
    return true;
  }

  Description &out;
  std::string &error;
};

} // namespace

bool readTokenizerJson(std::string_view json, Description &out, std::string &error) {
  // Half a million tokens: the largest published WordPiece vocabulary has
  // 501,153.
  format::JsonResult parsed = format::parseJson(json, {64 << 20, 64, 1 << 19});
  if (!parsed.ok) {
    error = parsed.error;
    return false;
  }
  error.clear();
  return Reader(out, error).read(parsed.root);
}

} // namespace sinter::tokenizer
