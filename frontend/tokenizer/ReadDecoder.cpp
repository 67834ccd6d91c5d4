// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "decoder" of a tokenizer.json to steps, for both kinds. After a
// step that makes one text of all tokens, only those may follow that a stream
// can do.

#include "frontend/tokenizer/ComponentReader.h"
#include "frontend/tokenizer/Unicode.h"
#include "runtime/text/TokenizerBlob.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

const std::string where = "the decoder";

bool isFused(const std::vector<Step> &program) {
  for (const Step &step : program)
    if (step.code == SINTER_OP_FUSE || step.code == SINTER_OP_FROM_BYTES)
      return true;
  return false;
}

bool readMetaspace(ComponentReader &reader, const JsonValue &component, Step &step) {
  Metaspace read;
  if (!reader.metaspace(component, read, where) || !reader.single(read.replacement, where))
    return false;
  step = {SINTER_OP_UNSPACE, read.scheme != "never", 0, read.replacement, ""};
  return true;
}

bool readReplace(ComponentReader &reader, const JsonValue &component, Step &step) {
  step = {SINTER_OP_SUBSTITUTE, 0, 0, "", ""};
  const JsonValue *pattern = component.find("pattern");
  if (!reader.keys(component, where, {"type", "pattern", "content"}) ||
      !reader.text(component, "content", step.content, where))
    return false;
  if (!pattern || !pattern->isObject() || pattern->size() != 1 || pattern->members()[0].first != "String" ||
      !pattern->members()[0].second.isString())
    return reader.fail("'pattern' in " + where + " must be a 'String'");
  step.text = pattern->members()[0].second.asString();
  return !step.text.empty() || reader.fail("'pattern' in " + where + " is empty");
}

bool readOne(ComponentReader &reader, const JsonValue &component) {
  std::vector<Step> &program = reader.out.decoder;
  std::string_view type = reader.typeOf(component);
  bool fused = isFused(program), streams = false;
  Step step;
  if (type == "ByteLevel") {
    bool ignored;
    step.code = SINTER_OP_FROM_BYTES;
    if (!reader.keys(component, where, {"type", "add_prefix_space", "trim_offsets", "use_regex"}))
      return false;
    for (const char *key : {"add_prefix_space", "trim_offsets", "use_regex"})
      if (!reader.boolean(component, key, ignored, where))
        return false;
  } else if (type == "ByteFallback") {
    step.code = SINTER_OP_FROM_FALLBACK;
    if (!reader.keys(component, where, {"type"}))
      return false;
  } else if (type == "Fuse") {
    step.code = SINTER_OP_FUSE;
    streams = true;
    if (!reader.keys(component, where, {"type"}))
      return false;
  } else if (type == "Metaspace") {
    if (!readMetaspace(reader, component, step))
      return false;
  } else if (type == "Strip") {
    step.code = SINTER_OP_TRIM;
    streams = true;
    if (!reader.keys(component, where, {"type", "content", "start", "stop"}) ||
        !reader.text(component, "content", step.text, where) ||
        !reader.count(component, "start", step.a, 1024, where) || !reader.count(component, "stop", step.b, 1024, where))
      return false;
    if (!isOneCharacter(step.text))
      return reader.fail("the 'content' of 'Strip' in " + where + " must be one character");
  } else if (type == "Replace") {
    if (!readReplace(reader, component, step))
      return false;
    streams = isOneCharacter(step.text);
  } else if (type == "WordPiece") {
    bool clean = true;
    step = {SINTER_OP_FROM_PIECES, 0, 0, "##", ""};
    if (!reader.keys(component, where, {"type", "prefix", "cleanup"}) ||
        !reader.text(component, "prefix", step.text, where) || !reader.boolean(component, "cleanup", clean, where))
      return false;
    step.a = clean;
  } else if (type == "BPEDecoder") {
    step = {SINTER_OP_FROM_SUFFIX, 0, 0, "</w>", ""};
    if (!reader.keys(component, where, {"type", "suffix"}) || !reader.text(component, "suffix", step.text, where))
      return false;
    if (step.text.empty())
      return reader.fail("the 'suffix' of " + where + " is empty");
  } else {
    return reader.unsupported(where, component,
                              "'ByteLevel', 'ByteFallback', 'Metaspace', 'WordPiece', 'BPEDecoder', 'Replace', "
                              "'Strip', 'Fuse' or a 'Sequence' of these");
  }
  if (fused && !streams)
    return reader.fail(where + " " + quoteForMessage(type) + " after one that makes a single text is not supported");
  return reader.add(program, std::move(step), where);
}

} // namespace

bool readDecoder(ComponentReader &reader, const JsonValue *component) {
  if (!component || component->isNull()) {
    reader.out.decoder = {{SINTER_OP_JOIN, 0, 0, "", ""}};
    return true;
  }
  return reader.each(component, "decoders", where, [&](const JsonValue &one) { return readOne(reader, one); });
}

} // namespace sinter::tokenizer
