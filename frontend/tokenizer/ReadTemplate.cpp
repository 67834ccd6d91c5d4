// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The member "post_processor" of a tokenizer.json, for both kinds: which tokens
// stand around one text and around two.

#include "frontend/tokenizer/ComponentReader.h"
#include "runtime/text/TokenizerBlob.h"

namespace sinter::tokenizer {

using format::JsonValue;
using format::quoteForMessage;

namespace {

const std::string where = "the post-processor";

/// BertProcessing and RobertaProcessing: cls A sep, and cls A sep [sep] B sep.
bool readFixed(ComponentReader &reader, const JsonValue &component, bool roberta) {
  Description &out = reader.out;
  bool offsets, space;
  if (roberta ? !reader.keys(component, where, {"type", "sep", "cls", "trim_offsets", "add_prefix_space"}) ||
                    !reader.boolean(component, "trim_offsets", offsets, where) ||
                    !reader.boolean(component, "add_prefix_space", space, where)
              : !reader.keys(component, where, {"type", "sep", "cls"}))
    return false;
  for (const char *key : {"cls", "sep"}) {
    const JsonValue *pair = component.find(key);
    if (!pair || !pair->isArray() || pair->size() != 2 || !pair->items()[0].isString())
      return reader.fail("the post-processor's '" + std::string(key) + "' must be a token and its id");
    TemplatePiece piece;
    if (!reader.id(&pair->items()[1], piece.id, "the post-processor's token"))
      return false;
    bool isCls = key[0] == 'c';
    (isCls ? out.prefix : out.suffix).push_back(piece);
    (isCls ? out.clsToken : out.sepToken) = pair->items()[0].asString();
  }
  int64_t second = roberta ? 0 : 1, sep = out.suffix[0].id;
  out.pair = {out.prefix[0], {SINTER_PIECE_FIRST, 0}, {sep, 0}};
  if (roberta)
    out.pair.push_back({sep, 0});
  out.pair.push_back({SINTER_PIECE_SECOND, second});
  out.pair.push_back({sep, second});
  return true;
}

class TemplateReader {
public:
  TemplateReader(ComponentReader &reader, const JsonValue &component) : reader(reader), component(component) {}

  bool read() {
    if (!reader.keys(component, where, {"type", "single", "pair", "special_tokens"}))
      return false;
    const JsonValue *single = component.find("single"), *pair = component.find("pair");
    if (!single || !single->isArray() || single->size() > 64)
      return reader.fail("the post-processor's 'single' is missing or no short array");
    if (pair && !pair->isNull() && (!pair->isArray() || pair->size() > 64))
      return reader.fail("the post-processor's 'pair' is no short array");
    for (const JsonValue &item : single->items())
      if (!piece(item, false))
        return false;
    if (!seen[0])
      return reader.fail("the post-processor's template leaves the text out");
    seen[0] = seen[1] = false;
    if (!pair || pair->isNull() || pair->size() == 0)
      return true;
    for (const JsonValue &item : pair->items())
      if (!piece(item, true))
        return false;
    return (seen[0] && seen[1]) || reader.fail("the post-processor's template of pairs leaves a text out");
  }

private:
  bool piece(const JsonValue &item, bool ofPair) {
    Description &out = reader.out;
    std::string place = "a piece of the post-processor's template";
    if (!reader.keys(item, place, {"SpecialToken", "Sequence"}))
      return false;
    if (item.size() != 1)
      return reader.fail(place + " must be one token or sequence");
    const auto &[kind, body] = item.members()[0];
    std::string name;
    int64_t type = 0;
    if (!reader.keys(body, place, {"id", "type_id"}) || !reader.text(body, "id", name, place) ||
        (body.find("type_id") && !reader.id(body.find("type_id"), type, place + " (type)")))
      return false;
    if (kind == "Sequence") {
      bool second = name == "B";
      if ((name != "A" && !(second && ofPair)) || seen[second])
        return reader.fail(ofPair ? "the template of pairs must hold the texts 'A' and 'B' once each"
                                  : "the template of a single text must hold the text 'A' once");
      seen[second] = true;
      if (ofPair)
        out.pair.push_back({second ? SINTER_PIECE_SECOND : SINTER_PIECE_FIRST, type});
      else
        out.textType = type;
      return true;
    }
    const JsonValue *specials = component.find("special_tokens");
    const JsonValue *special = specials ? specials->find(name) : nullptr;
    const JsonValue *ids = special ? special->find("ids") : nullptr;
    if (!ids || !ids->isArray() || ids->size() > 64)
      return reader.fail("the post-processor does not define the ids of " + quoteForMessage(name));
    for (const JsonValue &value : ids->items()) {
      TemplatePiece entry;
      entry.type = type;
      if (!reader.id(&value, entry.id, quoteForMessage(name)))
        return false;
      (ofPair ? out.pair : seen[0] ? out.suffix : out.prefix).push_back(entry);
    }
    if (!ofPair && !seen[0] && out.clsToken.empty())
      out.clsToken = name;
    if (!ofPair && seen[0])
      out.sepToken = name;
    return true;
  }

  ComponentReader &reader;
  const JsonValue &component;
  bool seen[2] = {false, false};
};

bool readOne(ComponentReader &reader, const JsonValue &component, bool &found) {
  std::string_view type = reader.typeOf(component);
  if (type == "ByteLevel") // moves offsets alone
    return reader.keys(component, where, {"type", "add_prefix_space", "trim_offsets", "use_regex"});
  if (found)
    return reader.fail(where + " adds tokens twice, which is not supported");
  found = true;
  if (type == "BertProcessing" || type == "RobertaProcessing")
    return readFixed(reader, component, type[0] == 'R');
  if (type == "TemplateProcessing")
    return TemplateReader(reader, component).read();
  return reader.unsupported(where, component,
                            "'TemplateProcessing', 'BertProcessing', 'RobertaProcessing', 'ByteLevel' or a "
                            "'Sequence' of these");
}

} // namespace

bool readPostProcessor(ComponentReader &reader, const JsonValue *component) {
  bool found = false;
  if (!reader.each(component, "processors", where, [&](const JsonValue &one) { return readOne(reader, one, found); }))
    return false;
  if (!found) // two texts one behind the other
    reader.out.pair = {{SINTER_PIECE_FIRST, 0}, {SINTER_PIECE_SECOND, 1}};
  return true;
}

} // namespace sinter::tokenizer
