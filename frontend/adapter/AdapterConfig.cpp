// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See AdapterConfig.h.
#include "frontend/adapter/AdapterConfig.h"

#include "frontend/config/HfFolder.h"
#include "runtime/format/Json.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sinter::frontend {

using format::JsonValue;

bool ModuleNames::match(std::string_view name) const {
  if (pattern)
    return pattern->matches(name);
  return std::any_of(list.begin(), list.end(), [&](const std::string &end) {
    return name == end || (name.size() > end.size() && name.ends_with(end) && name[name.size() - end.size() - 1] == '.');
  });
}

Span AdapterConfig::spanOf(const std::string &field, const DiagnosticEngine &diags) const {
  return locateJson(diags.sources().text(file), file, {field});
}

namespace {

constexpr int64_t maxRank = 65536;
constexpr size_t maxNames = 100'000;

/// Fields that say how an adapter was made or is trained: nothing of a forward pass depends on them.
constexpr std::array ignoredFields{
    "peft_version", "auto_mapping", "base_model_name_or_path", "revision", "inference_mode", "lora_dropout",
    "fan_in_fan_out", "megatron_core", "qalora_group_size", "loftq_config", "eva_config", "runtime_config",
    "ensure_weight_tying", "parent_library"};
/// Fields that change the mathematics in ways that are not supported, unless they are null, false or empty.
constexpr std::array neutralFields{
    "lora_bias", "use_qalora", "layer_replication", "target_parameters", "megatron_config", "corda_config",
    "trainable_token_indices", "arrow_config", "alora_invocation_tokens", "use_bdlora", "velora_config",
    "kasa_config", "monteclora_config", "lora_ga_config", "target_modules_to_tie", "modules_to_tie"};
constexpr std::array readFields{"peft_type", "task_type", "r", "lora_alpha", "use_rslora", "use_dora", "bias",
                                "target_modules", "exclude_modules", "modules_to_save", "layers_to_transform",
                                "layers_pattern", "rank_pattern", "alpha_pattern", "init_lora_weights"};
/// Ways to begin that leave the base as it is.
constexpr std::array plainBeginnings{"gaussian", "eva", "orthogonal"};

template <size_t N> bool contains(const std::array<const char *, N> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool isNeutral(const JsonValue &value) {
  return value.isNull() || (value.isBool() && !value.asBool()) ||
         ((value.isArray() || value.isObject()) && value.size() == 0);
}

std::string shown(const JsonValue &value) {
  if (value.isString())
    return format::quoteForMessage(value.asString());
  if (value.isBool())
    return value.asBool() ? "true" : "false";
  if (value.isInt())
    return std::to_string(value.asInt());
  return std::string(format::jsonKindName(value.kind()));
}

class Reader {
public:
  Reader(AdapterConfig &config, const JsonValue &root, DiagnosticEngine &diags)
      : config(config), root(root), diags(diags) {}

  bool run() {
    size_t before = diags.errorCount();
    if (!checkKind())
      return false;
    checkFields();
    readNumbers();
    if (const JsonValue *value = given("target_modules"))
      readTargets(*value);
    else
      wrong("target_modules", JsonValue(), "a list of names, a pattern or \"all-linear\"");
    readNames("exclude_modules", config.excluded);
    ModuleNames saved;
    readNames("modules_to_save", saved, false);
    config.saved = std::move(saved.list);
    readLayers();
    readPatterns("rank_pattern", [&](KeyPattern pattern, const std::string &key, const JsonValue &value) {
      if (!value.isInt() || value.asInt() < 1 || value.asInt() > maxRank)
        return wrong("rank_pattern", value, "an integer from 1 to 65536 for \"" + key + "\"");
      config.ranks.emplace_back(std::move(pattern), value.asInt());
    });
    readPatterns("alpha_pattern", [&](KeyPattern pattern, const std::string &key, const JsonValue &value) {
      if (!value.isNumber() || !std::isfinite(value.asDouble()))
        return wrong("alpha_pattern", value, "a number for \"" + key + "\"");
      config.alphas.emplace_back(std::move(pattern), value.asDouble());
    });
    return diags.errorCount() == before;
  }

private:
  Span at(const std::string &field) const { return config.spanOf(field, diags); }
  void wrong(const std::string &field, const JsonValue &value, const std::string &wanted) {
    diags.report(DiagId::AdapterField, at(field), {field, shown(value), wanted});
  }
  void unsupported(const std::string &field, const JsonValue &value) {
    diags.report(DiagId::AdapterUnsupported, at(field), {field + " = " + shown(value)});
  }
  /// The field, unless it is absent or null.
  const JsonValue *given(const char *field) const {
    const JsonValue *value = root.find(field);
    return value && !value->isNull() ? value : nullptr;
  }

  bool checkKind() {
    if (!root.isObject()) {
      diags.report(DiagId::AdapterUnreadable, {}, {config.folder, "adapter_config.json is not an object"});
      return false;
    }
    const JsonValue *kind = root.find("peft_type");
    if (kind && kind->isString() && kind->asString() == "LORA")
      return true;
    diags.report(DiagId::AdapterKind, at("peft_type"), {config.folder, kind ? "of type " + shown(*kind) : "of no type (peft_type)"});
    return false;
  }

  void checkFields() {
    std::vector<std::string> choices(readFields.begin(), readFields.end());
    for (const auto &[name, value] : root.members()) {
      if (contains(readFields, name) || contains(ignoredFields, name))
        continue;
      if (contains(neutralFields, name)) {
        if (!isNeutral(value))
          unsupported(name, value);
        continue;
      }
      Diagnostic &report = diags.report(DiagId::AdapterUnknownField, at(name), {name});
      if (std::string near = didYouMean(name, choices); !near.empty())
        report.help(near);
    }
    if (const JsonValue *begin = given("init_lora_weights"))
      if (!begin->isBool() && !(begin->isString() && contains(plainBeginnings, begin->asString())))
        unsupported("init_lora_weights", *begin);
  }

  bool flag(const char *field) {
    const JsonValue *value = given(field);
    if (value && !value->isBool())
      wrong(field, *value, "true or false");
    return value && value->isBool() && value->asBool();
  }

  void readNumbers() {
    if (const JsonValue *value = given("r")) {
      if (!value->isInt() || value->asInt() < 1 || value->asInt() > maxRank)
        wrong("r", *value, "an integer from 1 to 65536");
      else
        config.rank = value->asInt();
    }
    if (const JsonValue *value = given("lora_alpha")) {
      if (!value->isNumber() || !std::isfinite(value->asDouble()))
        wrong("lora_alpha", *value, "a number");
      else
        config.alpha = value->asDouble();
    }
    config.stabilized = flag("use_rslora");
    config.decomposed = flag("use_dora");
    if (const JsonValue *value = given("task_type"))
      config.classifies = value->isString() && value->asString() == "SEQ_CLS";
    if (const JsonValue *value = given("bias")) {
      std::string text = value->isString() ? value->asString() : "";
      if (text == "all")
        config.bias = AdapterConfig::Bias::All;
      else if (text == "lora_only")
        config.bias = AdapterConfig::Bias::TargetsOnly;
      else if (text != "none")
        wrong("bias", *value, "\"none\", \"all\" or \"lora_only\"");
    }
  }

  std::optional<KeyPattern> pattern(const std::string &field, const std::string &spelling,
                                    const std::string &before = "", const std::string &behind = "") {
    std::string error;
    auto compiled = KeyPattern::compile(before + spelling + behind, error);
    if (std::string own; !compiled && !before.empty() && !KeyPattern::compile(spelling, own))
      error = own; // with its own places
    if (!compiled)
      diags.report(DiagId::AdapterPattern, at(field), {field, format::quoteForMessage(spelling), error});
    return compiled;
  }

  void readNames(const char *field, ModuleNames &names, bool mayBePattern = true) {
    const JsonValue *value = given(field);
    if (!value)
      return;
    if (value->isString() && mayBePattern) {
      names.pattern = pattern(field, value->asString());
      return;
    }
    const char *wanted = mayBePattern ? "a list of names or a pattern" : "a list of names";
    if (!value->isArray() || value->size() > maxNames)
      return wrong(field, *value, wanted);
    for (const JsonValue &item : value->items()) {
      if (!item.isString() || item.asString().empty())
        return wrong(field, item, wanted);
      names.list.push_back(item.asString());
    }
  }

  void readTargets(const JsonValue &value) {
    if (value.isString()) {
      std::string lower = value.asString();
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
      config.allLinear = lower == "all-linear";
      if (config.allLinear)
        return;
    }
    readNames("target_modules", config.targets);
  }

  void readLayers() {
    if (const JsonValue *value = given("layers_to_transform")) {
      JsonValue::Items one{*value};
      for (const JsonValue &item : value->isArray() ? value->items() : one) {
        if (!item.isInt() || item.asInt() < 0)
          return wrong("layers_to_transform", item, "a number of a layer or a list of them");
        config.layers.push_back(item.asInt());
      }
    }
    const JsonValue *value = given("layers_pattern");
    if (!value)
      return;
    JsonValue::Items one{*value};
    for (const JsonValue &item : value->isArray() ? value->items() : one) {
      if (!item.isString())
        return wrong("layers_pattern", item, "a pattern or a list of them");
      if (!item.asString().empty())
        if (auto compiled = pattern("layers_pattern", item.asString(), "(?:.*\\.)?(?:", ")"))
          config.layerPatterns.push_back(std::move(*compiled));
    }
  }

  template <typename F> void readPatterns(const char *field, F add) {
    const JsonValue *value = given(field);
    if (!value)
      return;
    if (!value->isObject() || value->size() > maxNames)
      return wrong(field, *value, "an object of patterns");
    for (const auto &[key, item] : value->members())
      if (auto compiled = pattern(field, key, "(?:.*\\.)?(?:", ")"))
        add(std::move(*compiled), key, item);
  }

  AdapterConfig &config;
  const JsonValue &root;
  DiagnosticEngine &diags;
};

} // namespace

std::optional<AdapterConfig> readAdapterConfig(const std::string &folder, DiagnosticEngine &diags) {
  AdapterConfig config;
  config.folder = folder;
  std::string path = folder + "/adapter_config.json";
  if (diags.sources().addFile(path, config.file) != SourceManager::ReadStatus::Ok) {
    diags.report(DiagId::AdapterUnreadable, {}, {folder, "there is no readable adapter_config.json in it"});
    return std::nullopt;
  }
  format::JsonResult json = format::parseJson(diags.sources().text(config.file));
  if (!json) {
    diags.report(DiagId::BadJson, {}, {path, json.error});
    return std::nullopt;
  }
  if (!Reader(config, json.root, diags).run())
    return std::nullopt;
  return config;
}

} // namespace sinter::frontend
