// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texts and conversations into tokens; see Conversation.h.

#include "runtime/generate/Conversation.h"

#include "runtime/chat/Chat.h"
#include "runtime/core/Error.h"

#include <time.h>

namespace sinter::generate {

using runtime::fail;

namespace {

sinter_status noMemory(sinter_error *error) {
  return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the tokens of a prompt");
}

sinter_status encode(const SinterTokenizer &tokenizer, const char *text, uint64_t length,
                     const SinterEncodeOptions &options, List<int32_t> *tokens, sinter_error *error) {
  tokens->size = 0;
  for (;;) {
    SinterEncodeResult result = {};
    SinterTokenizerStatus status = sinterTokenizerEncode(&tokenizer, text, length, &options, tokens->data, nullptr,
                                                         nullptr, tokens->capacity, &result);
    if (status == SINTER_TOKENIZER_OK) {
      tokens->size = result.count;
      return SINTER_OK;
    }
    if (status != SINTER_TOKENIZER_SMALL_BUFFER)
      return fail(error, SINTER_OUT_OF_MEMORY, "%s", sinterTokenizerStatusText(status));
    if (!tokens->reserve(result.count))
      return noMemory(error);
  }
}

/// Does the text end where its first bracket closes? Then nothing behind it can become a variable beside it. Whether the
/// inside is JSON is told by who reads it.
bool isOneValue(const char *json, uint64_t length) {
  uint64_t depth = 0, end = length;
  for (uint64_t i = 0; i < length && end == length; ++i)
    if (json[i] == '"') {
      for (++i; i < length && json[i] != '"'; ++i)
        i += json[i] == '\\';
    } else if (json[i] == '[' || json[i] == '{') {
      ++depth;
    } else if (json[i] == ']' || json[i] == '}') {
      if (depth < 2)
        end = i + 1;
      --depth;
    } else if (!depth && !strchr(" \n\t\r", json[i])) {
      return false;
    }
  if (end == length)
    return depth == 0 && length && (json[length - 1] == ']' || json[length - 1] == '}');
  for (; end < length; ++end)
    if (!json[end] || !strchr(" \n\t\r", json[end]))
      return false;
  return true;
}

/// {variables of the folder, "add_generation_prompt": true, "messages": json} or, of an object, its own members last:
/// the last of equal names counts.
bool joinVariables(const char *variables, const char *json, uint64_t length, List<char> *out) {
  uint64_t at = 0;
  while (at < length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\t' || json[at] == '\r'))
    ++at;
  bool isObject = at < length && json[at] == '{';
  auto add = [&](const char *text) { return out->append(text, strlen(text)); };
  if (!add("{") || !add(variables) || (*variables && !add(",")))
    return false;
  if (isObject) {
    // "{" + variables + "," + the object behind its brace; an empty one has no messages, which the template tells.
    return add("\"add_generation_prompt\":true,") && out->append(json + at + 1, length - at - 1);
  }
  return add("\"add_generation_prompt\":true,\"messages\":") && out->append(json, length) && add("}");
}

chat::Time localTime() {
  time_t now = time(nullptr);
  tm local = {};
  localtime_r(&now, &local);
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec};
}

/// The stretches that are not the template's own words.
bool plainRanges(const chat::Rendered &rendered, List<SinterTextRange> *ranges) {
  for (uint64_t i = 0; i < rendered.spanCount; ++i) {
    uint64_t end = i + 1 < rendered.spanCount ? rendered.spans[i + 1].begin : rendered.size;
    if (rendered.spans[i].user && rendered.spans[i].begin < end && !ranges->push({rendered.spans[i].begin, end}))
      return false;
  }
  return true;
}

} // namespace

sinter_status textTokens(const SinterTokenizer &tokenizer, const char *text, uint64_t length, List<int32_t> *tokens,
                         sinter_error *error) {
  return encode(tokenizer, text, length, SinterEncodeOptions(), tokens, error);
}

sinter_status chatTokens(const SinterTokenizer &tokenizer, const SinterChat &section, const char *json,
                         uint64_t length, List<int32_t> *tokens, sinter_error *error) {
  const auto *base = reinterpret_cast<const uint8_t *>(&section);
  chat::Template source;
  if (const char *wrong = chat::openTemplate(&source, base + section.blob.offset, section.blob.count))
    return fail(error, SINTER_BAD_ARTIFACT, "the chat template: %s", wrong);
  if (!isOneValue(json, length))
    return fail(error, SINTER_REFUSED, "a conversation is one JSON array of messages, or one object with them");
  List<char> variables;
  if (!joinVariables(reinterpret_cast<const char *>(base + section.variables.offset), json, length, &variables))
    return noMemory(error);
  chat::Rendered rendered;
  chat::RenderError wrong;
  chat::Time time = localTime();
  if (!chat::render(source, variables.data, variables.size, &time, chat::Limits(), &rendered, &wrong))
    return fail(error, SINTER_REFUSED, "the chat template: %.320s", wrong.message);
  List<SinterTextRange> plain;
  sinter_status status = SINTER_OK;
  if (!plainRanges(rendered, &plain)) {
    status = noMemory(error);
  } else {
    SinterEncodeOptions options = {};
    options.allowSpecial = options.noTemplate = 1; // the template has written them all
    options.plain = plain.data;
    options.plainCount = plain.size;
    status = encode(tokenizer, rendered.text, rendered.size, options, tokens, error);
  }
  chat::release(&rendered);
  return status;
}

bool appendJsonString(List<char> *json, const char *text, size_t length) {
  if (!json->push('"'))
    return false;
  for (size_t i = 0; i < length; ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    static const char digits[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    bool fits = c < 0x20            ? json->append(escape, 6)
                : c == '"' || c == '\\' ? json->push('\\') && json->push(text[i])
                                        : json->push(text[i]);
    if (!fits)
      return false;
  }
  return json->push('"');
}

} // namespace sinter::generate
