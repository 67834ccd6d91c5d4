// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// vocab.txt (one token a line, its id the line's number) and
// tokenizer_config.json to a Description: the folders written before
// tokenizer.json existed.

#include "frontend/tokenizer/Description.h"
#include "runtime/format/Json.h"
#include "runtime/text/TokenizerBlob.h"

#include <unordered_map>

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

bool readVocabulary(std::string_view vocabulary, Description &out, std::string &error) {
  std::unordered_map<std::string_view, int64_t> lines;
  int64_t line = 0;
  size_t at = 0;
  while (at < vocabulary.size()) {
    size_t end = vocabulary.find('\n', at);
    if (end == std::string_view::npos)
      end = vocabulary.size();
    std::string_view token = vocabulary.substr(at, end - at);
    if (!token.empty() && token.back() == '\r')
      token.remove_suffix(1);
    at = end + 1;
    if (!token.empty()) {
      auto [first, fresh] = lines.emplace(token, line);
      if (!fresh) {
        error = "line " + std::to_string(line + 1) + ": the token " + quoteForMessage(token) + " was given in line " +
                std::to_string(first->second + 1) + " already";
        return false;
      }
      out.vocabulary.emplace_back(token, line);
    }
    ++line; // an empty line takes an id, too
  }
  return true;
}

namespace {

/// "[CLS]" or {"content": "[CLS]", …}; null and absence keep `token`.
bool specialToken(const JsonValue &config, const char *key, std::string &token, std::string &error) {
  const JsonValue *value = config.find(key);
  if (!value || value->isNull())
    return true;
  if (value->isObject() && value->find("content"))
    value = value->find("content");
  if (!value->isString()) {
    error = "'" + std::string(key) + "' must be a string";
    return false;
  }
  token = value->asString();
  return true;
}

bool flag(const JsonValue &config, const char *key, bool &value, std::string &error) {
  const JsonValue *member = config.find(key);
  if (!member || member->isNull())
    return true;
  if (!member->isBool()) {
    error = "'" + std::string(key) + "' must be true or false";
    return false;
  }
  value = member->asBool();
  return true;
}

/// What would change the ids and is not done here.
bool refuseOthers(const JsonValue &config, std::string &error) {
  const JsonValue *type = config.find("tokenizer_class");
  if (type && !type->isNull() && type->asString() != "BertTokenizer" && type->asString() != "BertTokenizerFast" &&
      type->asString() != "DistilBertTokenizer" && type->asString() != "DistilBertTokenizerFast") {
    error = "the tokenizer class " + quoteForMessage(type->asString()) +
            " is not supported without a tokenizer.json, 'BertTokenizer' is";
    return false;
  }
  bool basic = true;
  if (!flag(config, "do_basic_tokenize", basic, error))
    return false;
  if (!basic) {
    error = "'do_basic_tokenize': false is not supported";
    return false;
  }
  const JsonValue *never = config.find("never_split");
  if (never && never->size() > 0) {
    error = "'never_split' is not supported";
    return false;
  }
  if (const JsonValue *added = config.find("added_tokens_decoder"))
    for (const auto &[id, token] : added->members()) {
      const JsonValue *special = token.find("special");
      if (!special || !special->asBool()) {
        const JsonValue *content = token.find("content");
        error = "the added token " + quoteForMessage(content ? content->asString() : id) +
                " is not special, which needs a tokenizer.json";
        return false;
      }
    }
  return true;
}

} // namespace

bool readTokenizerConfig(std::string_view json, Description &out, std::string &error) {
  out.clsToken = "[CLS]";
  out.sepToken = "[SEP]";
  out.padToken = "[PAD]";
  out.maskToken = "[MASK]";
  out.cleanText = out.padIdeographs = out.lowercase = true;
  JsonValue config{JsonValue::Members()};
  if (!json.empty()) {
    format::JsonResult parsed = format::parseJson(json);
    if (!parsed.ok) {
      error = parsed.error;
      return false;
    }
    if (!parsed.root.isObject()) {
      error = "must be an object";
      return false;
    }
    config = std::move(parsed.root);
  }
  if (!refuseOthers(config, error) || !flag(config, "do_lower_case", out.lowercase, error) ||
      !flag(config, "tokenize_chinese_chars", out.padIdeographs, error))
    return false;
  out.stripAccents = out.lowercase;
  if (!flag(config, "strip_accents", out.stripAccents, error) ||
      !specialToken(config, "unk_token", out.unknownToken, error) ||
      !specialToken(config, "cls_token", out.clsToken, error) ||
      !specialToken(config, "sep_token", out.sepToken, error) ||
      !specialToken(config, "pad_token", out.padToken, error) ||
      !specialToken(config, "mask_token", out.maskToken, error))
    return false;
  std::unordered_map<std::string_view, int64_t> ids;
  for (const auto &[token, id] : out.vocabulary)
    ids.emplace(token, id);
  for (const std::string *token : {&out.padToken, &out.unknownToken, &out.clsToken, &out.sepToken, &out.maskToken}) {
    auto at = ids.find(*token);
    if (at != ids.end()) {
      out.added.push_back({*token, at->second, true});
    } else if (token != &out.padToken && token != &out.maskToken) {
      error = "the vocabulary does not hold the special token " + quoteForMessage(*token);
      return false;
    }
  }
  out.prefix = {{ids.at(out.clsToken), 0}};
  int64_t sep = ids.at(out.sepToken);
  out.suffix = {{sep, 0}};
  out.pair = {out.prefix[0], {SINTER_PIECE_FIRST, 0}, {sep, 0}, {SINTER_PIECE_SECOND, 1}, {sep, 1}};
  out.decoder = {{SINTER_OP_FROM_PIECES, 1, 0, "##", ""}};
  return true;
}

} // namespace sinter::tokenizer
