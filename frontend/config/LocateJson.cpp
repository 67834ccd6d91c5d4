// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds a member again in the bytes of a JSON text that was parsed before, so that messages can point
// at it. The text is valid, so the scan only has to keep its place; it is linear and keeps no tree.
#include "frontend/config/HfFolder.h"

#include <charconv>

namespace sinter::frontend {

namespace {

class JsonScan {
public:
  explicit JsonScan(std::string_view text) : text(text) {}

  /// Steps over one value and returns its byte range.
  std::pair<size_t, size_t> value() {
    blanks();
    size_t begin = at;
    size_t open = 0;
    do {
      if (at >= text.size())
        break;
      char c = text[at];
      if (c == '"') {
        string();
        continue;
      }
      open += c == '{' || c == '[';
      bool closes = c == '}' || c == ']';
      if (closes && open == 0)
        break;
      open -= closes;
      ++at;
      if (open == 0 && !closes)
        while (at < text.size() && std::string_view(",]} \t\r\n").find(text[at]) == std::string_view::npos)
          ++at;
    } while (open);
    return {begin, at};
  }

  /// Enters the container at the current place and stops before the wanted member; true when found.
  /// `keyBegin` gets the place of its key (objects).
  bool enter(const std::string &step, size_t &keyBegin) {
    blanks();
    if (at >= text.size())
      return false;
    if (text[at] == '[')
      return element(step, keyBegin);
    if (text[at] != '{')
      return false;
    ++at;
    while (blanks(), at < text.size() && text[at] == '"') {
      size_t begin = at;
      string();
      std::string key = decode(text.substr(begin + 1, at - begin - 2));
      blanks();
      ++at; // ':'
      if (key == step) {
        keyBegin = begin;
        return true;
      }
      value();
      comma();
    }
    return false;
  }

  void blanks() {
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
      ++at;
  }

private:
  bool element(const std::string &step, size_t &keyBegin) {
    size_t index = 0;
    if (std::from_chars(step.data(), step.data() + step.size(), index).ec != std::errc())
      return false;
    ++at;
    for (size_t i = 0; blanks(), at < text.size() && text[at] != ']'; ++i) {
      if (i == index) {
        keyBegin = at;
        return true;
      }
      value();
      comma();
    }
    return false;
  }

  void comma() {
    blanks();
    if (at < text.size() && text[at] == ',')
      ++at;
  }

  void string() {
    for (++at; at < text.size() && text[at] != '"'; ++at)
      at += text[at] == '\\';
    at = std::min(at + 1, text.size());
  }

  /// Escapes of keys: the short ones; \u is left alone (such a key is then simply not found).
  static std::string decode(std::string_view raw) {
    std::string out;
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\\' && i + 1 < raw.size() && raw[i + 1] != 'u') {
        ++i;
        size_t known = std::string_view("nrtbf").find(raw[i]);
        out += known == std::string_view::npos ? raw[i] : "\n\r\t\b\f"[known];
      } else {
        out += raw[i];
      }
    }
    return out;
  }

  std::string_view text;
  size_t at = 0;
};

} // namespace

Span locateJson(std::string_view text, FileId file, const std::vector<std::string> &path) {
  JsonScan scan(text);
  size_t begin = 0;
  for (const std::string &step : path)
    if (!scan.enter(step, begin))
      return {file, 0, 0};
  auto [first, last] = scan.value();
  return {file, static_cast<uint32_t>(path.empty() ? first : begin), static_cast<uint32_t>(last)};
}

} // namespace sinter::frontend
