// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all readers of tokenizer.json share: typed members, known keys, named
// errors. A component that is not understood is an error, never skipped.

#ifndef SINTER_FRONTEND_TOKENIZER_COMPONENTREADER_H
#define SINTER_FRONTEND_TOKENIZER_COMPONENTREADER_H

#include "frontend/tokenizer/Description.h"
#include "runtime/format/Json.h"

#include <functional>
#include <initializer_list>

namespace sinter::tokenizer {

/// UTF-8 of one code point.
bool isOneCharacter(const std::string &text);

/// The members of a Metaspace, which stands among pre-tokenizers and among decoders.
struct Metaspace {
  std::string replacement = "\xE2\x96\x81", scheme = "always";
  bool prefix = true, split = true;
};

class ComponentReader {
public:
  ComponentReader(Description &out, std::string &error) : out(out), error(error) {}

  bool fail(const std::string &message) {
    error = message;
    return false;
  }
  /// An object with no keys but these.
  bool keys(const format::JsonValue &value, const std::string &where, std::initializer_list<std::string_view> known);
  bool unsupported(const std::string &where, const format::JsonValue &component, std::string_view supported);
  static std::string_view typeOf(const format::JsonValue &component) {
    const format::JsonValue *type = component.find("type");
    return type ? std::string_view(type->asString()) : std::string_view();
  }
  /// Each leaves `value` alone when there is no such member.
  bool boolean(const format::JsonValue &object, const char *key, bool &value, const std::string &where);
  bool text(const format::JsonValue &object, const char *key, std::string &value, const std::string &where);
  bool count(const format::JsonValue &object, const char *key, uint32_t &value, uint32_t most,
             const std::string &where);
  bool id(const format::JsonValue *value, int64_t &result, const std::string &where);
  bool metaspace(const format::JsonValue &component, Metaspace &value, const std::string &where);
  /// Refuses a replacement that is not one character.
  bool single(const std::string &replacement, const std::string &where) {
    return isOneCharacter(replacement) || fail("the 'replacement' of " + where + " must be one character");
  }
  /// {"String": …} or {"Regex": …} as the next pattern of the description.
  bool pattern(const format::JsonValue &component, uint32_t &number, const std::string &where);
  /// A regular expression of our own, or of the file.
  bool regex(std::string_view spelled, uint32_t &number, const std::string &where);
  bool literal(std::string_view spelled, uint32_t &number, const std::string &where);
  /// Characters of a set, one by one.
  bool characters(CodePointSet set, uint32_t &number, const std::string &where);
  /// At most one op more in a program.
  bool add(std::vector<Step> &program, Step step, const std::string &where);
  /// Calls `each` for the component, or for each of a Sequence, nested or not.
  template <typename Each>
  bool each(const format::JsonValue *component, const char *listKey, const std::string &where, Each one,
            unsigned depth = 0) {
    if (!component || component->isNull())
      return true;
    if (typeOf(*component) != "Sequence")
      return one(*component);
    const format::JsonValue *list = component->find(listKey);
    if (!list || !list->isArray() || list->size() > 64 || depth > 8)
      return fail(where + " is a Sequence whose '" + listKey + "' is missing, no array, or too long");
    if (!keys(*component, where, {"type", listKey}))
      return false;
    for (const format::JsonValue &item : list->items()) {
      if (!item.isObject())
        return fail(where + " holds something that is no object");
      if (!each(&item, listKey, where, one, depth + 1))
        return false;
    }
    return true;
  }

  Description &out;
  std::string &error;
};

/// Takes an array of the model ("merges", or "vocab" of Unigram) out of the text
/// of a tokenizer.json: `rest` has an empty array there. False when there is
/// none; then nothing was done.
bool splitArray(std::string_view json, std::string_view member, std::string &rest, std::string_view &array);
/// The entries of that array one by one, parsed; `what` and `shape` name them in
/// messages.
bool readArray(ComponentReader &reader, std::string_view array, const std::string &what, const std::string &shape,
               const std::function<bool(const format::JsonValue &entry, size_t number)> &one);
bool readMerges(ComponentReader &reader, std::string_view merges);
bool readPieces(ComponentReader &reader, std::string_view pieces);

/// The parts of a tokenizer.json, each from its member (null or absent: none).
bool readBytePairModel(ComponentReader &reader, const format::JsonValue &model);
bool readUnigramModel(ComponentReader &reader, const format::JsonValue &model);
bool readVocabularyObject(ComponentReader &reader, const format::JsonValue &model);
bool readNormalizer(ComponentReader &reader, const format::JsonValue *component);
bool readPreTokenizer(ComponentReader &reader, const format::JsonValue *component);
bool readPostProcessor(ComponentReader &reader, const format::JsonValue *component);
bool readDecoder(ComponentReader &reader, const format::JsonValue *component);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_COMPONENTREADER_H
