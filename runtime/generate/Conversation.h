// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prompts as tokens: a text through the tokenizer's template, or a conversation through the model's chat template, in
// which special tokens are found in the template's own words only. C headers only.

#ifndef SINTER_RUNTIME_GENERATE_CONVERSATION_H
#define SINTER_RUNTIME_GENERATE_CONVERSATION_H

#include "runtime/generate/List.h"
#include "runtime/text/Tokenizer.h"
#include "sinter/abi.h"
#include "sinter/sinter.h"

namespace sinter::generate {

/// However many they are; *tokens is replaced.
sinter_status textTokens(const SinterTokenizer &tokenizer, const char *text, uint64_t length, List<int32_t> *tokens,
                         sinter_error *error);

/// `chat` is the head of a section CHAT whose tables have been checked; `json` as sinter_chat_tokens has it.
sinter_status chatTokens(const SinterTokenizer &tokenizer, const SinterChat &chat, const char *json, uint64_t length,
                         List<int32_t> *tokens, sinter_error *error);

/// A JSON string with its quotes, appended. False: no memory.
bool appendJsonString(List<char> *json, const char *text, size_t length);

} // namespace sinter::generate

#endif // SINTER_RUNTIME_GENERATE_CONVERSATION_H
