// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "pre_tokenizer" of a pipeline's tokenizer.json to steps.

#include "frontend/tokenizer/ComponentReader.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/text/TokenizerBlob.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

const std::string where = "the pre-tokenizer";

/// What ByteLevel cuts by, as GPT-2 did.
constexpr std::string_view byteLevelPattern =
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

bool addSplit(ComponentReader &reader, uint32_t pattern, uint32_t behavior) {
  return reader.add(reader.out.preTokenizer, {SINTER_OP_SPLIT, pattern, behavior, "", ""}, where);
}

bool splitAtCharacters(ComponentReader &reader, CodePointSet set, uint32_t behavior) {
  uint32_t pattern;
  return reader.characters(std::move(set), pattern, where) && addSplit(reader, pattern, behavior);
}

bool behaviorOf(ComponentReader &reader, const JsonValue &component, uint32_t &behavior) {
  std::string name;
  if (!reader.text(component, "behavior", name, where))
    return false;
  static const std::pair<std::string_view, uint32_t> known[] = {{"Removed", SINTER_SPLIT_REMOVED},
                                                                {"Isolated", SINTER_SPLIT_ISOLATED},
                                                                {"MergedWithPrevious", SINTER_SPLIT_WITH_PREVIOUS},
                                                                {"MergedWithNext", SINTER_SPLIT_WITH_NEXT},
                                                                {"Contiguous", SINTER_SPLIT_CONTIGUOUS}};
  for (const auto &[spelled, value] : known)
    if (name == spelled) {
      behavior = value;
      return true;
    }
  return reader.fail("the behavior " + quoteForMessage(name) + " of " + where +
                     " is not known, 'Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext' and 'Contiguous' "
                     "are");
}

bool readSplit(ComponentReader &reader, const JsonValue &component) {
  uint32_t pattern, behavior;
  bool invert = false;
  return reader.keys(component, where, {"type", "pattern", "behavior", "invert"}) &&
         reader.boolean(component, "invert", invert, where) && behaviorOf(reader, component, behavior) &&
         reader.pattern(component, pattern, where) &&
         addSplit(reader, pattern, behavior | (invert ? SINTER_SPLIT_INVERT : 0u));
}

bool readByteLevel(ComponentReader &reader, const JsonValue &component) {
  bool space = true, offsets = true, useRegex = true;
  if (!reader.keys(component, where, {"type", "add_prefix_space", "trim_offsets", "use_regex"}) ||
      !reader.boolean(component, "add_prefix_space", space, where) ||
      !reader.boolean(component, "trim_offsets", offsets, where) ||
      !reader.boolean(component, "use_regex", useRegex, where))
    return false;
  std::vector<Step> &program = reader.out.preTokenizer;
  uint32_t pattern;
  return (!space || reader.add(program, {SINTER_OP_PREPEND, SINTER_PREPEND_UNLESS_THERE, 0, "", " "}, where)) &&
         (!useRegex ||
          (reader.regex(byteLevelPattern, pattern, where) && addSplit(reader, pattern, SINTER_SPLIT_ISOLATED))) &&
         reader.add(program, {SINTER_OP_BYTES, 0, 0, "", ""}, where);
}

bool readMetaspace(ComponentReader &reader, const JsonValue &component) {
  Metaspace read;
  if (!reader.metaspace(component, read, where))
    return false;
  if (component.find("add_prefix_space") && read.prefix == (read.scheme == "never"))
    return reader.fail("'add_prefix_space' of " + where + " contradicts its 'prepend_scheme'");
  if (!reader.single(read.replacement, where))
    return false;
  std::vector<Step> &program = reader.out.preTokenizer;
  uint32_t spaces, pattern;
  if (!reader.literal(" ", spaces, where) ||
      !reader.add(program, {SINTER_OP_REPLACE, spaces, 0, "", read.replacement}, where))
    return false;
  if (read.scheme != "never" &&
      !reader.add(program,
                  {SINTER_OP_PREPEND, read.scheme == "first" ? SINTER_PREPEND_AT_START : SINTER_PREPEND_UNLESS_THERE, 0,
                   "", read.replacement},
                  where))
    return false;
  return !read.split ||
         (reader.literal(read.replacement, pattern, where) && addSplit(reader, pattern, SINTER_SPLIT_WITH_NEXT));
}

bool readSimple(ComponentReader &reader, const JsonValue &component, std::string_view type) {
  if (type == "Whitespace") {
    // \w+|[^\w\s]+, with this component's own idea of a word.
    CodePointSet words = CodePointSet::where(isWord), others = CodePointSet::where(isSpace);
    others.add(words);
    others.invert();
    uint32_t word = reader.out.classes.add(std::move(words)), other = reader.out.classes.add(std::move(others));
    if (word >= CodePointClasses::maxSets || other >= CodePointClasses::maxSets)
      return reader.fail(where + " needs more than 64 different classes of characters");
    PatternNode choice;
    choice.kind = PatternNode::Choice;
    choice.children = {setPattern(word, true), setPattern(other, true)};
    reader.out.patterns.push_back(std::move(choice));
    return reader.keys(component, where, {"type"}) &&
           addSplit(reader, static_cast<uint32_t>(reader.out.patterns.size() - 1),
                    SINTER_SPLIT_REMOVED | SINTER_SPLIT_INVERT);
  }
  if (type == "WhitespaceSplit")
    return reader.keys(component, where, {"type"}) &&
           splitAtCharacters(reader, CodePointSet::where(isSpace), SINTER_SPLIT_REMOVED);
  if (type == "BertPreTokenizer")
    return reader.keys(component, where, {"type"}) &&
           splitAtCharacters(reader, CodePointSet::where(isSpace), SINTER_SPLIT_REMOVED) &&
           splitAtCharacters(reader, CodePointSet::where(isPunctuation), SINTER_SPLIT_ISOLATED);
  if (type == "Punctuation") {
    uint32_t behavior = SINTER_SPLIT_ISOLATED;
    return reader.keys(component, where, {"type", "behavior"}) &&
           (!component.find("behavior") || behaviorOf(reader, component, behavior)) &&
           splitAtCharacters(reader, CodePointSet::where(isPunctuation), behavior);
  }
  if (type == "Digits") {
    bool each = false;
    return reader.keys(component, where, {"type", "individual_digits"}) &&
           reader.boolean(component, "individual_digits", each, where) &&
           splitAtCharacters(reader, CodePointSet::where(isNumeric),
                             each ? SINTER_SPLIT_ISOLATED : SINTER_SPLIT_CONTIGUOUS);
  }
  std::string delimiter;
  std::vector<uint32_t> codes;
  uint32_t pattern;
  if (!reader.keys(component, where, {"type", "delimiter"}) || !reader.text(component, "delimiter", delimiter, where))
    return false;
  if (!decodeUtf8(delimiter.data(), delimiter.size(), codes) || codes.size() != 1)
    return reader.fail("the 'delimiter' of " + where + " must be one character");
  return reader.literal(delimiter, pattern, where) && addSplit(reader, pattern, SINTER_SPLIT_REMOVED);
}

bool readOne(ComponentReader &reader, const JsonValue &component) {
  std::string_view type = reader.typeOf(component);
  if (type == "Split")
    return readSplit(reader, component);
  if (type == "ByteLevel")
    return readByteLevel(reader, component);
  if (type == "Metaspace")
    return readMetaspace(reader, component);
  for (std::string_view simple :
       {"Whitespace", "WhitespaceSplit", "BertPreTokenizer", "Punctuation", "Digits", "CharDelimiterSplit"})
    if (type == simple)
      return readSimple(reader, component, type);
  return reader.unsupported(where, component,
                            "'ByteLevel', 'Split', 'Metaspace', 'Whitespace', 'WhitespaceSplit', 'Digits', "
                            "'Punctuation', 'CharDelimiterSplit', 'BertPreTokenizer' or a 'Sequence' of these");
}

} // namespace

bool readPreTokenizer(ComponentReader &reader, const JsonValue *component) {
  return reader.each(component, "pretokenizers", where, [&](const JsonValue &one) { return readOne(reader, one); });
}

} // namespace sinter::tokenizer
