// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// generation_config.json, key by key: every key of transformers' GenerationConfig is known here, as a number of ours, as
// something that never changes the tokens, or as something that Sinter does not do and therefore refuses unless it is off.
#include "frontend/config/Generation.h"
#include "frontend/config/HfFolder.h"

#include <fmt/format.h>

#include <cmath>

namespace sinter::frontend {

namespace {

using format::JsonValue;

/// How a key is read. Off: what it may be besides null, where it changes nothing.
struct Key {
  enum class Kind { Count, Real, Flag, Token, Tokens, Sequences, Early, Idle, Off } kind;
  uint32_t GenerationConfig::*count = nullptr;
  double GenerationConfig::*real = nullptr;
  int32_t GenerationConfig::*token = nullptr;
  std::vector<int32_t> GenerationConfig::*tokens = nullptr;
  double off = NAN; ///< the number (false is 0) that means nothing
};

Key count(uint32_t GenerationConfig::*to) { return {.kind = Key::Kind::Count, .count = to}; }
Key real(double GenerationConfig::*to) { return {.kind = Key::Kind::Real, .real = to}; }
Key token(int32_t GenerationConfig::*to) { return {.kind = Key::Kind::Token, .token = to}; }
Key tokens(std::vector<int32_t> GenerationConfig::*to) { return {.kind = Key::Kind::Tokens, .tokens = to}; }
Key idle() { return {.kind = Key::Kind::Idle}; }
Key off(double number = NAN) { return {.kind = Key::Kind::Off, .off = number}; }

const std::map<std::string, Key, std::less<>> &keys() {
  using C = GenerationConfig;
  static const std::map<std::string, Key, std::less<>> all = {
      {"bos_token_id", token(&C::bos)},
      {"eos_token_id", tokens(&C::eos)},
      {"pad_token_id", token(&C::pad)},
      {"decoder_start_token_id", token(&C::decoderStart)},
      {"forced_bos_token_id", token(&C::forcedFirst)},
      {"forced_eos_token_id", token(&C::forcedLast)},
      {"suppress_tokens", tokens(&C::suppressed)},
      {"begin_suppress_tokens", tokens(&C::suppressedFirst)},
      {"bad_words_ids", {.kind = Key::Kind::Sequences}},
      {"do_sample", {.kind = Key::Kind::Flag}},
      {"temperature", real(&C::temperature)},
      {"top_k", count(&C::topK)},
      {"top_p", real(&C::topP)},
      {"min_p", real(&C::minP)},
      {"epsilon_cutoff", real(&C::epsilonCutoff)},
      {"eta_cutoff", real(&C::etaCutoff)},
      {"repetition_penalty", real(&C::repetitionPenalty)},
      {"no_repeat_ngram_size", count(&C::noRepeatNgram)},
      {"num_beams", count(&C::beams)},
      {"num_return_sequences", count(&C::returned)},
      {"length_penalty", real(&C::lengthPenalty)},
      {"early_stopping", {.kind = Key::Kind::Early}},
      {"max_new_tokens", count(&C::maxNewTokens)},
      {"min_new_tokens", count(&C::minNewTokens)},
      {"max_length", count(&C::maxLength)},
      {"min_length", count(&C::minLength)},
      // What Sinter does not do.
      {"typical_p", off(1)},
      {"top_h", off()},
      {"encoder_repetition_penalty", off(1)},
      {"encoder_no_repeat_ngram_size", off(0)},
      {"num_beam_groups", off(1)},
      {"diversity_penalty", off(0)},
      {"penalty_alpha", off(0)},
      {"guidance_scale", off(1)},
      {"renormalize_logits", off(0)},
      {"remove_invalid_values", off(0)},
      {"exponential_decay_length_penalty", off()},
      {"sequence_bias", off()},
      {"constraints", off()},
      {"force_words_ids", off()},
      {"max_time", off()},
      {"stop_strings", off()},
      {"token_healing", off(0)},
      {"watermarking_config", off()},
      {"dola_layers", off()},
      {"use_mtp", off(0)},
      {"low_memory", off(0)},
      // How transformers goes about it.
      {"_from_model_config", idle()},
      {"transformers_version", idle()},
      {"_commit_hash", idle()},
      {"use_cache", idle()},
      {"cache_implementation", idle()},
      {"cache_config", idle()},
      {"max_cache_len", idle()},
      {"return_legacy_cache", idle()},
      {"output_attentions", idle()},
      {"output_hidden_states", idle()},
      {"output_scores", idle()},
      {"output_logits", idle()},
      {"return_dict_in_generate", idle()},
      {"is_assistant", idle()},
      {"num_assistant_tokens", idle()},
      {"num_assistant_tokens_schedule", idle()},
      {"assistant_confidence_threshold", idle()},
      {"assistant_early_exit", idle()},
      {"assistant_lookbehind", idle()},
      {"assistant_ensemble_weight", idle()},
      {"target_lookbehind", idle()},
      {"prompt_lookup_num_tokens", idle()},
      {"max_matching_ngram_size", idle()},
      {"speculation_type", idle()},
      {"compile_config", idle()},
      {"disable_compile", idle()},
      {"continuous_batching_config", idle()},
      {"prefill_chunk_size", idle()},
  };
  return all;
}

std::optional<int32_t> asToken(const JsonValue &value) {
  if (!value.isInt() || value.asInt() < 0 || value.asInt() > INT32_MAX)
    return std::nullopt;
  return static_cast<int32_t>(value.asInt());
}

/// One token or a list of them.
bool asTokens(const JsonValue &value, std::vector<int32_t> &out) {
  out.clear();
  if (std::optional<int32_t> one = asToken(value)) {
    out.push_back(*one);
    return true;
  }
  if (!value.isArray())
    return false;
  for (const JsonValue &item : value.items()) {
    std::optional<int32_t> one = asToken(item);
    if (!one)
      return false;
    out.push_back(*one);
  }
  return true;
}

/// What is wrong with the value, or "".
std::string take(const Key &key, const JsonValue &value, GenerationConfig &config) {
  switch (key.kind) {
  case Key::Kind::Count:
    if (!value.isInt() || value.asInt() < 0 || value.asInt() > INT32_MAX)
      return "a count";
    config.*key.count = static_cast<uint32_t>(value.asInt());
    return "";
  case Key::Kind::Real:
    if (!value.isNumber() || !std::isfinite(value.asDouble()))
      return "a number";
    config.*key.real = value.asDouble();
    return "";
  case Key::Kind::Flag:
    if (!value.isBool())
      return "true or false";
    config.sampling = value.asBool();
    return "";
  case Key::Kind::Token: {
    std::vector<int32_t> one; // older files have a list of one
    if (!asTokens(value, one) || one.size() != 1)
      return "a token";
    config.*key.token = one.front();
    return "";
  }
  case Key::Kind::Tokens:
    return asTokens(value, config.*key.tokens) ? "" : "a token or a list of tokens";
  case Key::Kind::Sequences:
    config.badWords.clear();
    if (!value.isArray())
      return "a list of lists of tokens";
    for (const JsonValue &item : value.items())
      if (!item.isArray() || item.size() == 0 || !asTokens(item, config.badWords.emplace_back()))
        return "a list of lists of tokens";
    return "";
  case Key::Kind::Early:
    if (value.isBool())
      config.earlyStopping = value.asBool();
    else if (value.isString() && value.asString() == "never")
      config.earlyStopping = 2;
    else
      return "true, false or \"never\"";
    return "";
  case Key::Kind::Idle:
  case Key::Kind::Off:
    return "";
  }
  return "";
}

bool isOff(const Key &key, const JsonValue &value) {
  if (value.isArray() || value.isObject())
    return value.size() == 0;
  double number = value.isBool() ? double(value.asBool()) : value.isNumber() ? value.asDouble() : NAN;
  return number == key.off || (value.isBool() && !value.asBool());
}

} // namespace

bool HfFolder::readGeneration(GenerationConfig &config, DiagnosticEngine &diags) {
  size_t before = diags.errorCount();
  JsonFile &own = load("generation_config.json", diags);
  if (own.bad)
    return false;
  bool isOwn = own.present;
  JsonFile &file = isOwn ? own : load("config.json", diags);
  if (!file.root.isObject()) {
    diags.report(DiagId::BadJson, {file.id, 0, 0}, {diags.sources().name(file.id), "it is not an object"});
    return false;
  }
  for (const auto &[name, value] : file.root.members()) {
    auto where = [&, key = name] { return locateJson(diags.sources().text(file.id), file.id, {key}); };
    auto found = keys().find(name);
    if (found == keys().end()) {
      if (isOwn)
        diags.report(DiagId::GenerationKey, where(), {name});
      continue;
    }
    const Key &key = found->second;
    if (value.isNull())
      continue;
    if (key.kind == Key::Kind::Off && !isOff(key, value))
      diags.report(DiagId::GenerationUnsupported, where(), {name});
    else if (std::string wanted = take(key, value, config); !wanted.empty())
      diags.report(DiagId::GenerationValue, where(), {name, std::string(format::jsonKindName(value.kind())), wanted});
  }
  if (config.beams == 0)
    config.beams = 1;
  if (config.returned == 0)
    config.returned = 1;
  if (config.decoderStart < 0)
    config.decoderStart = config.bos;
  return diags.errorCount() == before;
}

namespace {

/// A special token is a string, or an object with its content; null where it is none.
const std::string *specialToken(const JsonValue &value) {
  if (value.isString())
    return &value.asString();
  const JsonValue *content = value.isObject() ? value.find("content") : nullptr;
  return content && content->isString() ? &content->asString() : nullptr;
}

} // namespace

bool HfFolder::readChat(ChatText &chat, DiagnosticEngine &diags) {
  size_t before = diags.errorCount();
  JsonFile &config = load("tokenizer_config.json", diags);
  if (config.bad)
    return false;
  FileId id = noFile;
  if (std::string path = folder + "/chat_template.jinja";
      diags.sources().addFile(path, id) == SourceManager::ReadStatus::Ok) {
    chat.file = path;
    chat.jinja = std::string(diags.sources().text(id));
  } else if (const JsonValue *text = config.present ? config.root.find("chat_template") : nullptr; text && !text->isNull()) {
    // One template, or several with names, of which "default" counts.
    const JsonValue *chosen = text->isString() ? text : nullptr;
    for (const JsonValue &item : text->items()) {
      const JsonValue *name = item.find("name");
      if (name && name->isString() && name->asString() == "default")
        chosen = item.find("template");
    }
    if (!chosen || !chosen->isString())
      diags.report(DiagId::GenerationValue, locateJson(diags.sources().text(config.id), config.id, {"chat_template"}),
                   {"chat_template", std::string(format::jsonKindName(text->kind())), "a template, or a list with one named default"});
    else
      chat = {folder + "/tokenizer_config.json: chat_template", chosen->asString(), ""};
  }
  if (!config.present || chat.file.empty())
    return diags.errorCount() == before;
  for (const char *name : {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}) {
    const JsonValue *value = config.root.find(name);
    const std::string *text = value ? specialToken(*value) : nullptr;
    if (!text)
      continue;
    chat.variables += chat.variables.empty() ? "\"" : ",\"";
    chat.variables += std::string(name) + "\":";
    chat.variables += format::jsonQuote(*text);
  }
  return diags.errorCount() == before;
}

} // namespace sinter::frontend
