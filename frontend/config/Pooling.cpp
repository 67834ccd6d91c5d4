// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The files of a sentence encoder beside config.json: how rows become one vector, and how long a text
// may be. Whatever is not "mean of the unmasked rows, then length 1" is named, never approximated.
#include "frontend/config/HfFolder.h"

namespace sinter::frontend {

namespace {
std::string textOf(const format::JsonValue &object, std::string_view key) {
  const format::JsonValue *value = object.find(key);
  return value && value->isString() ? value->asString() : std::string();
}

bool endsWith(const std::string &text, std::string_view tail) {
  return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}
} // namespace

std::optional<int64_t> HfFolder::maxSequenceLength(DiagnosticEngine &diags) {
  HyperType type;
  type.optional = true;
  FieldResult result = readField("max_seq_length", {}, type, true, {"sentence_bert_config.json:max_seq_length"}, diags);
  const auto *number = std::get_if<int64_t>(&result.value.node);
  if (result.kind != FieldResult::Kind::Value || !number)
    return std::nullopt;
  return *number;
}

PoolingInfo HfFolder::pooling(DiagnosticEngine &diags) {
  PoolingInfo info;
  JsonFile &modules = load("modules.json", diags);
  if (!modules.present || modules.bad)
    return info;
  info.present = true;
  info.source = {modules.id, 0, 0};
  std::string folderOfPooling;
  for (const format::JsonValue &module : modules.root.items()) {
    std::string type = textOf(module, "type");
    if (endsWith(type, ".Pooling"))
      folderOfPooling = textOf(module, "path");
    else if (endsWith(type, ".Normalize"))
      info.normalize = true;
    else if (!endsWith(type, ".Transformer"))
      info.mode += (info.mode.empty() ? "" : ", ") + ("a module " + (type.empty() ? "without a type" : type));
  }
  if (folderOfPooling.empty()) {
    info.mode += info.mode.empty() ? "nothing" : "";
    return info;
  }
  auto fields = [&](const char *key, HyperType::Kind kind) {
    HyperType type;
    type.kind = kind;
    return readField(key, info.source, type, true, {folderOfPooling + "/config.json:" + key}, diags);
  };
  bool mean = false;
  static constexpr const char *modes[] = {"cls_token",           "mean_tokens", "max_tokens", "mean_sqrt_len_tokens",
                                          "weightedmean_tokens", "lasttoken"};
  for (const char *mode : modes) {
    FieldResult result = fields((std::string("pooling_mode_") + mode).c_str(), HyperType::Kind::Bool);
    if (result.kind != FieldResult::Kind::Value || !std::get<bool>(result.value.node))
      continue;
    if (result.source.isValid())
      info.source = result.source;
    if (std::string_view(mode) == "mean_tokens")
      mean = true;
    else
      info.mode += (info.mode.empty() ? "" : ", ") + std::string(mode);
  }
  FieldResult named = fields("pooling_mode", HyperType::Kind::Str);
  if (named.kind == FieldResult::Kind::Value) {
    const std::string &mode = std::get<std::string>(named.value.node);
    if (mode == "mean")
      mean = true;
    else
      info.mode += (info.mode.empty() ? "" : ", ") + mode;
  }
  info.mean = mean && info.mode.empty();
  if (mean)
    info.mode = info.mode.empty() ? "mean" : "mean, " + info.mode;
  else if (info.mode.empty())
    info.mode = "nothing";
  return info;
}

bool HfFolder::checkPooling(DiagnosticEngine &diags) {
  size_t before = diags.errorCount();
  PoolingInfo info = pooling(diags);
  if (diags.errorCount() != before)
    return false;
  if (!info.present || (info.mean && info.normalize))
    return true;
  std::string found = info.mean ? "mean, without scaling to length 1" : info.mode;
  diags.report(DiagId::Pooling, info.source, {found});
  return false;
}

} // namespace sinter::frontend
