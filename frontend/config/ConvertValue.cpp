// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON values and `--set` texts as values of a field's type. Nothing is rounded or guessed: an integer
// field takes an integer, a truth value is no number.
#include "frontend/config/HfFolder.h"

#include <charconv>
#include <cmath>

namespace sinter::frontend {

std::optional<ConfigValue> convertJson(const format::JsonValue &value, const HyperType &type) {
  if (value.isNull())
    return type.optional ? std::optional(ConfigValue{}) : std::nullopt;
  switch (type.kind) {
  case HyperType::Kind::Int:
    if (value.isInt())
      return ConfigValue{value.asInt()};
    return std::nullopt;
  case HyperType::Kind::Float:
    if (value.isNumber() && std::isfinite(value.asDouble()))
      return ConfigValue{value.asDouble()};
    return std::nullopt;
  case HyperType::Kind::Bool:
    if (value.isBool())
      return ConfigValue{value.asBool()};
    return std::nullopt;
  case HyperType::Kind::Str:
    if (value.isString())
      return ConfigValue{value.asString()};
    return std::nullopt;
  case HyperType::Kind::List: {
    if (!value.isArray())
      return std::nullopt;
    std::vector<ConfigValue> items;
    for (const format::JsonValue &item : value.items()) {
      std::optional<ConfigValue> one = convertJson(item, *type.element);
      if (!one)
        return std::nullopt;
      items.push_back(std::move(*one));
    }
    return ConfigValue{std::move(items)};
  }
  case HyperType::Kind::Module:
  case HyperType::Kind::Config:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<ConfigValue> convertSetting(std::string_view text, const HyperType &type) {
  if (type.optional && text == "none")
    return ConfigValue{};
  const char *end = text.data() + text.size();
  switch (type.kind) {
  case HyperType::Kind::Int: {
    int64_t number = 0;
    auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end)
      return std::nullopt;
    return ConfigValue{number};
  }
  case HyperType::Kind::Float: {
    double number = 0;
    auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !std::isfinite(number))
      return std::nullopt;
    return ConfigValue{number};
  }
  case HyperType::Kind::Bool:
    if (text == "true" || text == "false")
      return ConfigValue{text == "true"};
    return std::nullopt;
  case HyperType::Kind::Str:
    return ConfigValue{std::string(text)};
  case HyperType::Kind::List: {
    format::JsonResult parsed = format::parseJson(text);
    return parsed ? convertJson(parsed.root, type) : std::nullopt;
  }
  case HyperType::Kind::Module:
  case HyperType::Kind::Config:
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace sinter::frontend
