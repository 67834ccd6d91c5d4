// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// nlohmann's tokenizer and grammar drive a builder of our own tree. The
// library's DOM is not used: it drops duplicate keys and sorts members.
// Nesting is bounded by the builder; the library keeps its own stack on the
// heap.

#include "runtime/format/Json.h"
#include "runtime/format/MappedFile.h"

// Debian's header decides on exceptions by itself under -fno-exceptions; said
// here so that a build with them behaves the same.
#define JSON_NOEXCEPTION 1
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <utility>

namespace sinter::format {

//===----------------------------------------------------------------------===//
// JsonValue
//===----------------------------------------------------------------------===//

std::string_view jsonKindName(JsonKind kind) {
  switch (kind) {
  case JsonKind::Null:
    return "null";
  case JsonKind::Bool:
    return "a boolean";
  case JsonKind::Int:
  case JsonKind::UInt:
    return "an integer";
  case JsonKind::Double:
    return "a number";
  case JsonKind::String:
    return "a string";
  case JsonKind::Array:
    return "an array";
  case JsonKind::Object:
    return "an object";
  }
  return "a value";
}

JsonValue::JsonValue() : integer(0) {}
JsonValue::JsonValue(bool value) : tag(JsonKind::Bool), boolean(value) {}
JsonValue::JsonValue(int64_t value) : tag(JsonKind::Int), integer(value) {}
JsonValue::JsonValue(uint64_t value) : tag(JsonKind::UInt), unsignedInteger(value) {
  if (value <= static_cast<uint64_t>(INT64_MAX)) {
    tag = JsonKind::Int;
    integer = static_cast<int64_t>(value);
  }
}
JsonValue::JsonValue(double value) : tag(JsonKind::Double), real(value) {}
JsonValue::JsonValue(std::string value) : tag(JsonKind::String), string(new std::string(std::move(value))) {}
JsonValue::JsonValue(Items value) : tag(JsonKind::Array), array(new Items(std::move(value))) {}
JsonValue::JsonValue(Members value) : tag(JsonKind::Object), object(new Members(std::move(value))) {}

JsonValue::JsonValue(const JsonValue &other) : tag(other.tag), integer(other.integer) {
  if (tag == JsonKind::String)
    string = new std::string(*other.string);
  else if (tag == JsonKind::Array)
    array = new Items(*other.array);
  else if (tag == JsonKind::Object)
    object = new Members(*other.object);
}

JsonValue::JsonValue(JsonValue &&other) noexcept
    : tag(std::exchange(other.tag, JsonKind::Null)), integer(other.integer) {}

JsonValue &JsonValue::operator=(const JsonValue &other) { return *this = JsonValue(other); }

JsonValue &JsonValue::operator=(JsonValue &&other) noexcept {
  std::swap(tag, other.tag);
  std::swap(integer, other.integer);
  return *this;
}

JsonValue::~JsonValue() { destroy(); }

void JsonValue::destroy() {
  if (tag == JsonKind::String)
    delete string;
  else if (tag == JsonKind::Array)
    delete array;
  else if (tag == JsonKind::Object)
    delete object;
  tag = JsonKind::Null;
}

bool JsonValue::isNumber() const { return tag == JsonKind::Int || tag == JsonKind::UInt || tag == JsonKind::Double; }

bool JsonValue::asBool() const { return isBool() && boolean; }

int64_t JsonValue::asInt() const { return isInt() ? integer : 0; }

uint64_t JsonValue::asUInt() const {
  return tag == JsonKind::UInt ? unsignedInteger : static_cast<uint64_t>(std::max<int64_t>(asInt(), 0));
}

double JsonValue::asDouble() const {
  if (tag == JsonKind::Double)
    return real;
  return tag == JsonKind::UInt ? static_cast<double>(unsignedInteger) : static_cast<double>(asInt());
}

const std::string &JsonValue::asString() const {
  static const std::string empty;
  return isString() ? *string : empty;
}

const JsonValue::Items &JsonValue::items() const {
  static const Items empty;
  return isArray() ? *array : empty;
}

const JsonValue::Members &JsonValue::members() const {
  static const Members empty;
  return isObject() ? *object : empty;
}

JsonValue::Members &JsonValue::members() {
  if (!isObject())
    *this = JsonValue(Members());
  return *object;
}

JsonValue::Items &JsonValue::items() {
  if (!isArray())
    *this = JsonValue(Items());
  return *array;
}

size_t JsonValue::size() const { return items().size() + members().size(); }

const JsonValue *JsonValue::find(std::string_view key) const {
  for (const auto &[name, value] : members())
    if (name == key)
      return &value;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

namespace {

/// A char pointer that keeps how far the library has read where the builder
/// can see it: its callbacks do not say.
class CountingIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = const char &;

  CountingIterator(const char *at, const char **furthest) : at(at), furthest(furthest) {}
  reference operator*() const { return *at; }
  CountingIterator &operator++() {
    *furthest = ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator &other) const { return at == other.at; }
  bool operator!=(const CountingIterator &other) const { return at != other.at; }

private:
  const char *at;
  const char **furthest;
};

class TreeBuilder {
public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  TreeBuilder(std::string_view text, const JsonLimits &limits) : text(text), furthest(text.data()), limits(limits) {}

  bool null() { return add(JsonValue()); }
  bool boolean(bool value) { return add(JsonValue(value)); }
  bool number_integer(int64_t value) { return add(JsonValue(value)); }
  bool number_unsigned(uint64_t value) { return add(JsonValue(value)); }
  bool number_float(double value, const std::string &) { return add(JsonValue(value)); }
  bool string(std::string &value) { return add(JsonValue(std::move(value))); }
  bool binary(binary_t &) { return fail(position(), "unexpected binary data"); }

  bool start_array(size_t) { return open(JsonValue(JsonValue::Items())); }
  bool start_object(size_t) { return open(JsonValue(JsonValue::Members())); }
  bool end_array() { return close(); }
  bool end_object() { return checkKeys() && close(); }

  bool key(std::string &name) {
    stack.back().key = std::move(name);
    stack.back().keyEnds.push_back(static_cast<uint32_t>(position()));
    return true;
  }

  template <typename Exception> bool parse_error(size_t at, const std::string &, const Exception &exception) {
    // "[json.exception…] parse error at line 1, column 2: what - why; more".
    std::string_view what = exception.what();
    size_t colon = what.find(": ");
    if (what.find("at line") == std::string_view::npos)
      colon = what.find("] ") == std::string_view::npos ? colon : what.find("] ");
    if (colon != std::string_view::npos)
      what.remove_prefix(colon + 2);
    // The last token may be the whole file.
    size_t last = what.find("; last read:");
    if (last != std::string_view::npos)
      what = what.substr(0, last);
    return fail(at == 0 ? 0 : at - 1, std::string(what.substr(0, 160)));
  }

  bool fail(uint64_t at, const std::string &message) {
    if (!failed) {
      failed = true;
      result.errorOffset = std::min<uint64_t>(at, text.size());
      result.error = place(result.errorOffset) + ": " + message;
    }
    return false;
  }

  CountingIterator begin() { return {text.data(), &furthest}; }
  CountingIterator end() { return {text.data() + text.size(), &furthest}; }

  JsonResult finish(bool accepted) {
    result.ok = accepted && !failed;
    if (!result.ok && !failed)
      fail(position(), "syntax error");
    if (result.ok)
      result.root = std::move(root);
    return std::move(result);
  }

private:
  struct Frame {
    JsonValue value;
    std::string key;
    /// Where each key's closing quote ended.
    std::vector<uint32_t> keyEnds;
  };

  uint64_t position() const { return static_cast<uint64_t>(furthest - text.data()); }

  std::string place(uint64_t offset) const {
    std::string_view before = text.substr(0, offset);
    size_t line = 1 + std::count(before.begin(), before.end(), '\n');
    size_t newline = before.rfind('\n');
    size_t column = newline == std::string_view::npos ? offset + 1 : offset - newline;
    return "line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " + std::to_string(offset) +
           ")";
  }

  bool countNode() {
    if (++nodes <= limits.maxNodes)
      return true;
    return fail(position(), "more than " + std::to_string(limits.maxNodes) + " values");
  }

  bool add(JsonValue value) { return countNode() && put(std::move(value)); }

  bool put(JsonValue value) {
    if (stack.empty())
      root = std::move(value);
    else if (stack.back().value.isArray())
      stack.back().value.items().push_back(std::move(value));
    else
      stack.back().value.members().emplace_back(std::move(stack.back().key), std::move(value));
    return true;
  }

  bool open(JsonValue value) {
    if (!countNode())
      return false;
    if (stack.size() >= limits.maxDepth)
      return fail(position() - 1, "nested deeper than " + std::to_string(limits.maxDepth) + " levels");
    Frame frame;
    frame.value = std::move(value);
    stack.push_back(std::move(frame));
    return true;
  }

  bool close() {
    JsonValue done = std::move(stack.back().value);
    stack.pop_back();
    return put(std::move(done));
  }

  bool checkKeys() {
    const JsonValue::Members &members = stack.back().value.members();
    std::vector<uint32_t> order(members.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      int compared = members[a].first.compare(members[b].first);
      return compared != 0 ? compared < 0 : a < b;
    });
    uint32_t twice = UINT32_MAX;
    for (size_t i = 1; i < order.size(); ++i)
      if (members[order[i]].first == members[order[i - 1]].first)
        twice = std::min(twice, order[i]);
    if (twice == UINT32_MAX)
      return true;
    return fail(stack.back().keyEnds[twice] - 1,
                "the key " + quoteForMessage(members[twice].first) + " is given twice in one object");
  }

  std::string_view text;
  const char *furthest;
  JsonLimits limits;
  std::vector<Frame> stack;
  JsonValue root;
  JsonResult result;
  uint64_t nodes = 0;
  bool failed = false;
};

} // namespace

JsonResult parseJson(std::string_view bytes, JsonLimits limits) {
  TreeBuilder builder(bytes, limits);
  limits.maxBytes = std::min<uint64_t>(limits.maxBytes, UINT32_MAX);
  if (bytes.size() > limits.maxBytes) {
    builder.fail(0, "the JSON text has " + std::to_string(bytes.size()) + " bytes, at most " +
                        std::to_string(limits.maxBytes) + " are read");
    return builder.finish(false);
  }
  // The library takes a zero byte for the end; what follows it would then go
  // unread.
  size_t zero = bytes.find('\0');
  if (zero != std::string_view::npos) {
    builder.fail(zero, "a zero byte");
    return builder.finish(false);
  }
  bool accepted = nlohmann::json::sax_parse(builder.begin(), builder.end(), &builder);
  return builder.finish(accepted);
}

JsonResult parseJsonFile(const std::string &path, JsonLimits limits) {
  JsonResult result;
  std::string text;
  if (!readFile(path, limits.maxBytes, text, result.error))
    return result;
  result = parseJson(text, limits);
  if (!result.ok)
    result.error = path + ": " + result.error;
  return result;
}

//===----------------------------------------------------------------------===//
// Quoting
//===----------------------------------------------------------------------===//

std::string quoteForMessage(std::string_view text, size_t maxBytes) {
  std::string out = "'";
  for (size_t i = 0; i < text.size(); ++i) {
    if (out.size() > maxBytes) {
      out += "...";
      break;
    }
    unsigned char byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F) {
      out += text[i];
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof(escaped), "\\x%02X", byte);
    out += escaped;
  }
  return out + "'";
}

std::string jsonQuote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

} // namespace sinter::format
