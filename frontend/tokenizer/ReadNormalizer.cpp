// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "normalizer" of a pipeline's tokenizer.json to steps.

#include "frontend/tokenizer/ComponentReader.h"
#include "runtime/text/TokenizerBlob.h"

namespace sinter::tokenizer {

using format::JsonValue;

namespace {

const std::string where = "the normalizer";

bool addMap(ComponentReader &reader, CodeMap map) {
  return reader.add(reader.out.normalizer, {SINTER_OP_MAP, static_cast<uint32_t>(map), 0, "", ""}, where);
}

bool addForm(ComponentReader &reader, bool compatible, bool compose) {
  CodeMap map = compatible ? CodeMap::Compatible : CodeMap::Canonical;
  uint32_t marks = static_cast<uint32_t>(CodeMap::CombiningClasses);
  return reader.add(reader.out.normalizer,
                    {SINTER_OP_NORMALIZE, static_cast<uint32_t>(map), marks << 1 | compose, "", ""}, where);
}

bool readBert(ComponentReader &reader, const JsonValue &component) {
  bool clean = true, ideographs = true, lowercase = true;
  if (!reader.keys(component, where, {"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"}) ||
      !reader.boolean(component, "clean_text", clean, where) ||
      !reader.boolean(component, "handle_chinese_chars", ideographs, where) ||
      !reader.boolean(component, "lowercase", lowercase, where))
    return false;
  bool strip = lowercase;
  const JsonValue *accents = component.find("strip_accents");
  if (accents && !accents->isNull() && !reader.boolean(component, "strip_accents", strip, where))
    return false;
  return (!clean || addMap(reader, CodeMap::Clean)) && (!ideographs || addMap(reader, CodeMap::PadIdeographs)) &&
         (!strip || (addForm(reader, false, false) && addMap(reader, CodeMap::StripNonspacing))) &&
         (!lowercase || addMap(reader, CodeMap::Lowercase));
}

bool readPrecompiled(ComponentReader &reader, const JsonValue &component) {
  std::string text, bytes, why;
  if (!reader.keys(component, where, {"type", "precompiled_charsmap"}) ||
      !reader.text(component, "precompiled_charsmap", text, where))
    return false;
  if (!decodeBase64(text, bytes))
    return reader.fail("the 'precompiled_charsmap' of " + where + " is no Base64");
  CharsmapRules rules;
  if (!readCharsmap(bytes, rules, why))
    return reader.fail("the 'precompiled_charsmap' of " + where + " " + why);
  if (!reader.out.charsmap.empty() && reader.out.charsmap != rules)
    return reader.fail(where + " has two different 'Precompiled', which is not supported");
  reader.out.charsmap = std::move(rules);
  return reader.add(reader.out.normalizer,
                    {SINTER_OP_CHARSMAP, static_cast<uint32_t>(CodeMap::Graphemes), 0, "", ""}, where);
}

bool readOne(ComponentReader &reader, const JsonValue &component) {
  std::string_view type = reader.typeOf(component);
  std::vector<Step> &program = reader.out.normalizer;
  struct Plain {
    std::string_view type;
    int map; // a CodeMap, or
    bool compatible, compose;
  };
  static const Plain plain[] = {{"NFD", -1, false, false},
                                {"NFC", -1, false, true},
                                {"NFKD", -1, true, false},
                                {"NFKC", -1, true, true},
                                {"Lowercase", static_cast<int>(CodeMap::Lowercase), false, false},
                                {"StripAccents", static_cast<int>(CodeMap::StripAccents), false, false},
                                {"Nmt", static_cast<int>(CodeMap::Nmt), false, false}};
  for (const Plain &known : plain)
    if (type == known.type)
      return reader.keys(component, where, {"type"}) &&
             (known.map < 0 ? addForm(reader, known.compatible, known.compose)
                            : addMap(reader, static_cast<CodeMap>(known.map)));
  if (type == "BertNormalizer")
    return readBert(reader, component);
  if (type == "Precompiled")
    return readPrecompiled(reader, component);
  if (type == "ByteLevel")
    return reader.keys(component, where, {"type"}) && reader.add(program, {SINTER_OP_BYTES, 0, 0, "", ""}, where);
  if (type == "Strip") {
    bool left = true, right = true;
    return reader.keys(component, where, {"type", "strip_left", "strip_right"}) &&
           reader.boolean(component, "strip_left", left, where) &&
           reader.boolean(component, "strip_right", right, where) &&
           reader.add(program, {SINTER_OP_STRIP, (left ? 1u : 0u) | (right ? 2u : 0u), 0, "", ""}, where);
  }
  if (type == "Prepend") {
    Step step{SINTER_OP_PREPEND, SINTER_PREPEND_ALWAYS, 0, "", ""};
    return reader.keys(component, where, {"type", "prepend"}) &&
           reader.text(component, "prepend", step.content, where) && reader.add(program, std::move(step), where);
  }
  if (type == "Replace") {
    Step step{SINTER_OP_REPLACE, 0, 0, "", ""};
    return reader.keys(component, where, {"type", "pattern", "content"}) &&
           reader.text(component, "content", step.content, where) && reader.pattern(component, step.a, where) &&
           reader.add(program, std::move(step), where);
  }
  return reader.unsupported(where, component,
                            "'NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Strip', 'Prepend', "
                            "'Replace', 'Nmt', 'Precompiled', 'ByteLevel', 'BertNormalizer' or a 'Sequence' of these");
}

} // namespace

bool readNormalizer(ComponentReader &reader, const JsonValue *component) {
  return reader.each(component, "normalizers", where, [&](const JsonValue &one) { return readOne(reader, one); });
}

} // namespace sinter::tokenizer
