// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Untrusted JSON bytes enter; a small ordered tree leaves, or one error with
// its line and column. Validation is part of parsing: UTF-8, nesting, number
// of values, duplicate keys.

#ifndef SINTER_RUNTIME_FORMAT_JSON_H
#define SINTER_RUNTIME_FORMAT_JSON_H

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sinter::format {

enum class JsonKind : uint8_t {
  Null,
  Bool,
  Int,    ///< fits int64
  UInt,   ///< above INT64_MAX, fits uint64
  Double, ///< written with a fraction or an exponent, or larger than uint64
  String,
  Array,
  Object
};

/// "null", "a boolean", "an integer" …: the words used in messages.
std::string_view jsonKindName(JsonKind kind);

/// One JSON value. A plain value type; objects keep the order of the text.
/// The as… accessors answer for their own kind only: ask kind() (or is…)
/// first. Asking the wrong one returns a zero/empty value, never undefined.
class JsonValue {
public:
  using Items = std::vector<JsonValue>;
  using Members = std::vector<std::pair<std::string, JsonValue>>;

  JsonValue();
  explicit JsonValue(bool value);
  explicit JsonValue(int64_t value);
  explicit JsonValue(uint64_t value);
  explicit JsonValue(double value);
  explicit JsonValue(std::string value);
  explicit JsonValue(Items value);
  explicit JsonValue(Members value);
  JsonValue(const JsonValue &);
  JsonValue(JsonValue &&) noexcept;
  JsonValue &operator=(const JsonValue &);
  JsonValue &operator=(JsonValue &&) noexcept;
  ~JsonValue();

  JsonKind kind() const { return tag; }
  bool isNull() const { return kind() == JsonKind::Null; }
  bool isBool() const { return kind() == JsonKind::Bool; }
  bool isInt() const { return kind() == JsonKind::Int; }
  /// Int, UInt or Double.
  bool isNumber() const;
  bool isString() const { return kind() == JsonKind::String; }
  bool isArray() const { return kind() == JsonKind::Array; }
  bool isObject() const { return kind() == JsonKind::Object; }

  bool asBool() const;
  /// Int only; 0 for every other kind (a Double is never narrowed).
  int64_t asInt() const;
  /// Int (if not negative) or UInt.
  uint64_t asUInt() const;
  /// Any number.
  double asDouble() const;
  const std::string &asString() const;
  const Items &items() const;
  const Members &members() const;
  Members &members();
  Items &items();

  /// Elements of an array or an object; 0 otherwise.
  size_t size() const;

  /// The member's value, or null when this is no object or has no such key.
  /// Linear: walk members() of large objects instead.
  const JsonValue *find(std::string_view key) const;

private:
  void destroy();

  // 16 bytes: a hostile text is a million small values.
  JsonKind tag = JsonKind::Null;
  union {
    bool boolean;
    int64_t integer;
    uint64_t unsignedInteger;
    double real;
    std::string *string;
    Items *array;
    Members *object;
  };
};

/// Limits that hold before memory is spent.
struct JsonLimits {
  uint64_t maxBytes = 32u << 20;
  unsigned maxDepth = 64;
  /// Values of all kinds in the whole document; so many cost at most some 40 MB.
  uint64_t maxNodes = 1 << 18;
};

struct JsonResult {
  bool ok = false;
  JsonValue root;
  /// "line L, column C (byte N): what is wrong"; no trailing newline.
  std::string error;
  /// Byte offset of the error.
  uint64_t errorOffset = 0;

  explicit operator bool() const { return ok; }
};

/// Parses one JSON document (RFC 8259, nothing may follow it but blanks).
JsonResult parseJson(std::string_view bytes, JsonLimits limits = {});

/// Reads and parses a file; errors begin with the path.
JsonResult parseJsonFile(const std::string &path, JsonLimits limits = {});

/// `text` for use inside a message: quoted, control and invalid bytes escaped
/// as \xNN, cut at `maxBytes`.
std::string quoteForMessage(std::string_view text, size_t maxBytes = 80);

/// `text` as a JSON string literal, quotes included.
std::string jsonQuote(std::string_view text);

} // namespace sinter::format

#endif // SINTER_RUNTIME_FORMAT_JSON_H
