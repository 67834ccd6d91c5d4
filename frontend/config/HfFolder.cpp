// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading of keys: paths into objects, counts, other files of the folder; which keys were looked at.
#include "frontend/config/HfFolder.h"

#include "frontend/weights/BindWeights.h"
#include "frontend/weights/Glob.h"

#include <fmt/format.h>
#include <utility>

namespace sinter::frontend {

namespace {

/// A config of real life has a few hundred keys; these bound what a hostile one can cost.
constexpr format::JsonLimits configLimits{.maxBytes = 4u << 20, .maxDepth = 32, .maxNodes = 100'000};
/// An outside name that begins so asks for a tensor.
constexpr std::string_view weightsPrefix = "weights:";
/// Unread keys named one by one before the rest is only counted.
constexpr size_t maxNamedKeys = 20;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> pieces;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(at, begin), text.size());
    pieces.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

/// Inside the folder: no absolute path, no "..", no empty piece, no backslash or control character.
bool staysInside(std::string_view relative) {
  for (char c : relative)
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20)
      return false;
  for (const std::string &piece : split(relative, '/'))
    if (piece.empty() || piece == "." || piece == "..")
      return false;
  return true;
}

std::string article(const format::JsonValue &value) { return std::string(format::jsonKindName(value.kind())); }

} // namespace

std::unique_ptr<HfFolder> HfFolder::open(const std::string &path, DiagnosticEngine &diags) {
  std::unique_ptr<HfFolder> result(new HfFolder(path));
  JsonFile &config = result->load("config.json", diags);
  if (config.bad)
    return nullptr;
  if (!config.present) {
    diags.report(DiagId::FolderUnreadable, {}, {path, "it has no config.json"});
    return nullptr;
  }
  if (!config.root.isObject()) {
    diags.report(DiagId::BadJson, {config.id, 0, 0}, {diags.sources().name(config.id), "it is not an object"});
    return nullptr;
  }
  result->collect(config.root, "");
  return result;
}

HfFolder::JsonFile &HfFolder::load(const std::string &relative, DiagnosticEngine &diags) {
  auto [it, fresh] = files.try_emplace(relative);
  JsonFile &file = it->second;
  if (!fresh)
    return file;
  std::string path = folder + "/" + relative;
  switch (diags.sources().addFile(path, file.id)) {
  case SourceManager::ReadStatus::Ok:
    break;
  case SourceManager::ReadStatus::NotFound:
    return file;
  default:
    file.bad = true;
    diags.report(DiagId::FolderUnreadable, {}, {path, "it is no readable file of a reasonable size"});
    return file;
  }
  file.present = true;
  format::JsonResult parsed = format::parseJson(diags.sources().text(file.id), configLimits);
  if (!parsed) {
    file.bad = true;
    auto size = static_cast<uint64_t>(diags.sources().text(file.id).size());
    auto at = static_cast<uint32_t>(std::min(parsed.errorOffset, size));
    diags.report(DiagId::BadJson, {file.id, at, at}, {path, parsed.error});
    return file;
  }
  file.root = std::move(parsed.root);
  return file;
}

/// Lists the leaves: what is no object, by its dotted path.
void HfFolder::collect(const format::JsonValue &value, const std::string &path) {
  for (const auto &[key, member] : value.members()) {
    std::string name = path.empty() ? key : path + "." + key;
    if (member.isObject())
      collect(member, name);
    else
      leaves.push_back({std::move(name), false});
  }
}

std::string HfFolder::architecture() const {
  const format::JsonValue *list = files.at("config.json").root.find("architectures");
  if (!list || !list->isArray() || list->size() == 0 || !list->items()[0].isString())
    return {};
  return list->items()[0].asString();
}

Span HfFolder::architectureSpan(const DiagnosticEngine &diags) const {
  const JsonFile &config = files.at("config.json");
  return config.root.find("architectures")
             ? locateJson(diags.sources().text(config.id), config.id, {"architectures"})
             : Span();
}

std::string HfFolder::requireArchitecture(DiagnosticEngine &diags) const {
  std::string name = architecture();
  if (name.empty())
    diags.report(DiagId::NoArchitecture, architectureSpan(diags), {folder + "/config.json"});
  return name;
}

void HfFolder::markUsed(std::string_view path, bool withBelow) {
  for (Leaf &leaf : leaves) {
    bool same = leaf.path == path;
    bool below = withBelow && leaf.path.size() > path.size() && leaf.path.compare(0, path.size(), path) == 0 &&
                 leaf.path[path.size()] == '.';
    leaf.used |= same || below;
  }
}

std::optional<bool> HfFolder::askWeights(std::string_view question) {
  constexpr std::string_view unlike = " != ";
  std::string error; // whoever binds the weights says what is wrong with them
  if (!std::exchange(opened, true))
    tensors = format::SafetensorsSet::open(weights.empty() ? folder : weights, error);
  if (!tensors)
    return std::nullopt;
  size_t at = question.find(unlike);
  const format::TensorView *first = tensors->find(question.substr(0, at));
  if (at == std::string_view::npos)
    return first != nullptr;
  const format::TensorView *second = tensors->find(question.substr(at + unlike.size()));
  return first && second && !equalTensors(*tensors, *first, *second, error);
}

HfFolder::Found HfFolder::lookup(const std::string &outside, const Span &declared, DiagnosticEngine &diags) {
  Found found;
  found.name = outside;
  size_t colon = outside.find(':');
  bool other = colon != std::string::npos;
  std::string fileName = other ? outside.substr(0, colon) : "config.json";
  std::vector<std::string> steps = split(other ? std::string_view(outside).substr(colon + 1) : outside, '.');
  const char *wrong = !staysInside(fileName) ? "its file lies outside the folder" : nullptr;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].empty())
      wrong = "a piece of it is empty";
    else if (steps[i] == "#" && (i + 1 != steps.size() || i == 0))
      wrong = "`#` counts the entries of what stands before it";
  }
  if (wrong) {
    diags.report(DiagId::BadOutsideName, declared, {outside, wrong});
    found.state = Found::State::Error;
    return found;
  }
  JsonFile &file = load(fileName, diags);
  if (file.bad) {
    found.state = Found::State::Error;
    return found;
  }
  if (!file.present)
    return found;
  bool count = steps.back() == "#";
  if (count)
    steps.pop_back();
  const format::JsonValue *value = &file.root;
  std::string path;
  for (size_t i = 0; i < steps.size(); ++i) {
    value = value->find(steps[i]);
    if (!value)
      return found;
    path += (i ? "." : "") + steps[i];
    // null in place of an object means that the object is absent; the key is read all the same.
    if (value->isNull() && (i + 1 < steps.size() || count)) {
      if (!other)
        markUsed(path, false);
      return found;
    }
  }
  if (count && !value->isObject() && !value->isArray())
    return found;
  if (!other)
    markUsed(path, count || !value->isObject());
  found.source = locateJson(diags.sources().text(file.id), file.id, steps);
  found.value = value;
  if (count)
    found.count = static_cast<int64_t>(value->size());
  found.state = value->isNull() ? Found::State::Null : Found::State::Present;
  return found;
}

FieldResult HfFolder::readField(const std::string &field, const Span &declared, const HyperType &type, bool hasDefault,
                                const std::vector<std::string> &outside, DiagnosticEngine &diags) {
  FieldResult result;
  Found chosen;
  bool failed = false, answered = false;
  for (const std::string &name : outside) {
    if (name.starts_with(weightsPrefix) && type.kind == HyperType::Kind::Bool) {
      std::optional<bool> answer = askWeights(std::string_view(name).substr(weightsPrefix.size()));
      if (answer.value_or(false))
        return {FieldResult::Kind::Value, ConfigValue{true}, {}};
      answered |= answer.has_value();
      continue;
    }
    Found found = lookup(name, declared, diags);
    failed |= found.state == Found::State::Error;
    if (found.state == Found::State::Null && chosen.state == Found::State::Absent)
      chosen = found;
    if (found.state != Found::State::Present)
      continue;
    std::optional<ConfigValue> value;
    if (!found.count)
      value = convertJson(*found.value, type);
    else if (type.kind == HyperType::Kind::Int)
      value = ConfigValue{*found.count};
    if (!value) {
      failed = true;
      if (name.find(':') == std::string::npos)
        markUsed(name, true); // what lies inside is not at fault, too
      std::string what = found.count                                                    ? "a count"
                         : type.kind == HyperType::Kind::List && found.value->isArray() ? "an array with other entries"
                                                                                        : article(*found.value);
      diags.report(DiagId::FieldType, found.source, {name, what, field, toString(type)}).label(declared, "the field");
      continue;
    }
    if (chosen.state != Found::State::Present) {
      chosen = found;
      result.value = std::move(*value);
    } else if (!(result.value == *value)) {
      failed = true;
      diags.report(DiagId::FieldsDisagree, found.source, {chosen.name, name})
          .at("this")
          .label(chosen.source, "and this")
          .label(declared, fmt::format("the field `{}` reads both", field));
    }
  }
  result.source = chosen.source;
  if (failed) {
    result.kind = FieldResult::Kind::Error;
  } else if (chosen.state == Found::State::Present || (chosen.state == Found::State::Null && type.optional)) {
    result.kind = FieldResult::Kind::Value;
  } else if (answered) {
    result = {FieldResult::Kind::Value, ConfigValue{false}, {}};
  } else if (!hasDefault) {
    result.kind = FieldResult::Kind::Error;
    if (chosen.state == Found::State::Null)
      diags.report(DiagId::NullWithoutDefault, chosen.source, {chosen.name, field, toString(type)})
          .label(declared, "the field");
    else
      diags.report(DiagId::FieldMissing, declared,
                   {folder + "/config.json", outside.empty() ? field : outside.front(), field});
  }
  return result;
}

void HfFolder::ignoreKeys(std::string_view pattern) {
  std::string error;
  size_t at = 0;
  std::optional<Glob> glob = Glob::compile(pattern, error, at);
  if (!glob)
    return; // reported by whoever evaluated the `ignore`
  for (Leaf &leaf : leaves) {
    if (leaf.used)
      continue;
    // An ignored object is ignored with all that it holds.
    for (size_t end = 0; end != std::string::npos && !leaf.used;) {
      end = leaf.path.find('.', end + 1);
      leaf.used = glob->matches(std::string_view(leaf.path).substr(0, end));
    }
  }
}

bool HfFolder::reportUnread(const std::vector<std::string> &known, DiagnosticEngine &diags) const {
  const JsonFile &config = files.at("config.json");
  size_t unread = 0;
  Diagnostic *last = nullptr;
  for (const Leaf &leaf : leaves) {
    // The compiler itself reads which model the folder holds.
    if (leaf.used || leaf.path.starts_with("architectures") || ++unread > maxNamedKeys)
      continue;
    Span where = locateJson(diags.sources().text(config.id), config.id, split(leaf.path, '.'));
    last = &diags.report(DiagId::UnreadKey, where, {leaf.path, diags.sources().name(config.id)});
    if (std::string near = didYouMean(leaf.path, known); !near.empty())
      last->help(near);
  }
  if (unread > maxNamedKeys)
    last->note(fmt::format("and {} more keys are not read", unread - maxNamedKeys));
  return unread == 0;
}

} // namespace sinter::frontend
