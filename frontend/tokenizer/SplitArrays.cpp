// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The merges of a large BPE model are a million JSON values, and so are the
// pieces of a Unigram model. They are taken out of the text before it becomes a
// tree, and read one by one: the tree's limit stays low and so does the memory
// of a hostile file.

#include "frontend/tokenizer/ComponentReader.h"

namespace sinter::tokenizer {

namespace {

/// Walks JSON text that may be malformed: whatever it says then, the parser
/// sees the same text and refuses it.
class Walker {
public:
  explicit Walker(std::string_view text) : text(text) {}

  size_t at = 0;

  bool more() const { return at < text.size(); }
  void blanks() {
    while (more() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
      ++at;
  }
  bool take(char what) {
    blanks();
    if (!more() || text[at] != what)
      return false;
    ++at;
    return true;
  }
  /// Past a string; its spelling between the quotes.
  bool string(std::string_view &out) {
    if (!take('"'))
      return false;
    size_t begin = at;
    for (; more() && text[at] != '"'; ++at)
      if (text[at] == '\\')
        ++at;
    if (!more())
      return false;
    out = text.substr(begin, at - begin);
    ++at;
    return true;
  }
  /// Past any value.
  bool value() {
    blanks();
    size_t depth = 0;
    std::string_view ignored;
    while (more()) {
      char c = text[at];
      if (c == '"') {
        if (!string(ignored))
          return false;
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at;
        continue;
      } else if (c == '}' || c == ']') {
        if (depth == 0)
          return true; // the end of what holds a number or a word
        --depth;
        ++at;
      } else if (c == ',' && depth == 0) {
        return true;
      } else {
        ++at;
        continue;
      }
      if (depth == 0)
        return true;
    }
    return false;
  }
  /// At the value of a member of the object that begins here.
  bool member(std::string_view name) {
    if (!take('{'))
      return false;
    do {
      std::string_view key;
      blanks();
      if (!string(key) || !take(':'))
        return false;
      blanks();
      if (key == name)
        return true;
      if (!value())
        return false;
    } while (take(','));
    return false;
  }

private:
  std::string_view text;
};

} // namespace

bool splitArray(std::string_view json, std::string_view member, std::string &rest, std::string_view &array) {
  Walker walker(json);
  if (!walker.member("model") || !walker.member(member) || !walker.more() || json[walker.at] != '[')
    return false;
  size_t begin = walker.at;
  if (!walker.value())
    return false;
  array = json.substr(begin, walker.at - begin);
  rest = json;
  for (size_t i = begin + 1; i + 1 < walker.at; ++i)
    if (rest[i] != '\n') // places in messages stay
      rest[i] = ' ';
  return true;
}

bool readArray(ComponentReader &reader, std::string_view array, const std::string &what, const std::string &shape,
               const std::function<bool(const format::JsonValue &, size_t)> &one) {
  Walker walker(array);
  walker.take('[');
  if (walker.take(']'))
    return true;
  size_t number = 0;
  do {
    walker.blanks();
    size_t begin = walker.at;
    bool ends = walker.value();
    format::JsonResult entry = format::parseJson(array.substr(begin, walker.at - begin), {1 << 16, 4, 8});
    ++number;
    if (!ends || !entry.ok)
      return reader.fail(what + " " + std::to_string(number) + " of the model is no " + shape);
    if (!one(entry.root, number))
      return false;
  } while (walker.take(','));
  walker.take(']');
  walker.blanks();
  return !walker.more() || reader.fail(what + " " + std::to_string(number + 1) + " of the model is damaged");
}

} // namespace sinter::tokenizer
