// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See ComponentReader.h.

#include "frontend/tokenizer/ComponentReader.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/text/TokenizerBlob.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

bool isOneCharacter(const std::string &text) {
  std::vector<uint32_t> codes;
  return decodeUtf8(text.data(), text.size(), codes) && codes.size() == 1;
}

bool ComponentReader::keys(const JsonValue &value, const std::string &where,
                           std::initializer_list<std::string_view> known) {
  if (!value.isObject())
    return fail(where + " must be an object, not " + std::string(jsonKindName(value.kind())));
  for (const auto &[key, member] : value.members()) {
    bool found = false;
    for (std::string_view name : known)
      found = found || name == key;
    if (!found)
      return fail("unknown key " + quoteForMessage(key) + " in " + where);
  }
  return true;
}

bool ComponentReader::unsupported(const std::string &where, const JsonValue &component, std::string_view supported) {
  const JsonValue *type = component.find("type");
  return fail(where + " " + (type ? quoteForMessage(type->asString()) : std::string("without a type")) +
              " is not supported, " + std::string(supported) + " is");
}

bool ComponentReader::boolean(const JsonValue &object, const char *key, bool &value, const std::string &where) {
  const JsonValue *member = object.find(key);
  if (!member)
    return true;
  if (!member->isBool())
    return fail("'" + std::string(key) + "' in " + where + " must be true or false");
  value = member->asBool();
  return true;
}

bool ComponentReader::text(const JsonValue &object, const char *key, std::string &value, const std::string &where) {
  const JsonValue *member = object.find(key);
  if (!member)
    return true;
  if (!member->isString())
    return fail("'" + std::string(key) + "' in " + where + " must be a string");
  value = member->asString();
  return true;
}

bool ComponentReader::count(const JsonValue &object, const char *key, uint32_t &value, uint32_t most,
                            const std::string &where) {
  const JsonValue *member = object.find(key);
  if (!member)
    return true;
  if (!member->isInt() || member->asInt() < 0 || member->asInt() > most)
    return fail("'" + std::string(key) + "' in " + where + " must be a count of at most " + std::to_string(most));
  value = static_cast<uint32_t>(member->asInt());
  return true;
}

bool ComponentReader::id(const JsonValue *value, int64_t &result, const std::string &where) {
  if (!value || !value->isInt() || value->asInt() < 0 || value->asInt() > INT32_MAX)
    return fail("the id of " + where + " is not an integer between 0 and 2^31 - 1");
  result = value->asInt();
  return true;
}

bool ComponentReader::metaspace(const JsonValue &component, Metaspace &value, const std::string &where) {
  std::string ignored;
  if (!keys(component, where, {"type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"}) ||
      !text(component, "replacement", value.replacement, where) || !text(component, "str_rep", ignored, where) ||
      !boolean(component, "add_prefix_space", value.prefix, where) ||
      !text(component, "prepend_scheme", value.scheme, where) || !boolean(component, "split", value.split, where))
    return false;
  // Files written before there was a scheme.
  if (!component.find("prepend_scheme") && !value.prefix)
    value.scheme = "never";
  if (value.scheme != "always" && value.scheme != "first" && value.scheme != "never")
    return fail("the 'prepend_scheme' " + quoteForMessage(value.scheme) + " of " + where +
                " is not known, 'always', 'first' and 'never' are");
  return true;
}

bool ComponentReader::pattern(const JsonValue &component, uint32_t &number, const std::string &where) {
  const JsonValue *pattern = component.find("pattern");
  if (!pattern || !pattern->isObject() || pattern->size() != 1 || !pattern->members()[0].second.isString())
    return fail("'pattern' in " + where + " must be a 'String' or a 'Regex'");
  const auto &[kind, spelled] = pattern->members()[0];
  if (kind == "String")
    return literal(spelled.asString(), number, where);
  if (kind == "Regex")
    return regex(spelled.asString(), number, where);
  return fail("'pattern' in " + where + " must be a 'String' or a 'Regex', not " + quoteForMessage(kind));
}

bool ComponentReader::regex(std::string_view spelled, uint32_t &number, const std::string &where) {
  PatternNode tree;
  std::string why;
  if (!parsePattern(spelled, out.classes, tree, why))
    return fail("the regular expression " + quoteForMessage(spelled) + " of " + where + " " + why);
  number = static_cast<uint32_t>(out.patterns.size());
  out.patterns.push_back(std::move(tree));
  return true;
}

bool ComponentReader::literal(std::string_view spelled, uint32_t &number, const std::string &where) {
  PatternNode tree;
  std::string why;
  if (!literalPattern(spelled, out.classes, tree, why))
    return fail("the string " + quoteForMessage(spelled) + " of " + where + " " + why);
  number = static_cast<uint32_t>(out.patterns.size());
  out.patterns.push_back(std::move(tree));
  return true;
}

bool ComponentReader::characters(CodePointSet set, uint32_t &number, const std::string &where) {
  uint32_t index = out.classes.add(std::move(set));
  if (index >= CodePointClasses::maxSets)
    return fail(where + " needs more than 64 different classes of characters");
  number = static_cast<uint32_t>(out.patterns.size());
  out.patterns.push_back(setPattern(index, false));
  return true;
}

bool ComponentReader::add(std::vector<Step> &program, Step step, const std::string &where) {
  if (program.size() == SINTER_TOKENIZER_MAX_OPS)
    return fail(where + " has more than " + std::to_string(SINTER_TOKENIZER_MAX_OPS) + " steps");
  if (step.content.size() > SINTER_TOKENIZER_MAX_INSERT_BYTES)
    return fail(where + " inserts " + quoteForMessage(step.content, 40) + " of " + std::to_string(step.content.size()) +
                " bytes, at most " + std::to_string(SINTER_TOKENIZER_MAX_INSERT_BYTES) + " are supported");
  program.push_back(std::move(step));
  return true;
}

} // namespace sinter::tokenizer
