// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled chat template and the JSON of its variables enter; text leaves, cut into spans of the template's words and
// the user's. Special tokens may be recognized only inside template spans. C headers only, no exceptions, no globals.
//
// Both the blob and the JSON are untrusted: openTemplate proves the blob once; rendering counts steps, depth, memory
// and output against Limits and ends in one sentence with the template's line and column.

#ifndef SINTER_RUNTIME_CHAT_CHAT_H
#define SINTER_RUNTIME_CHAT_CHAT_H

#include "runtime/chat/ChatBlob.h"

#include <stddef.h>
#include <stdint.h>

namespace sinter::chat {

/// A view over a proved blob. Owns nothing: the blob must outlive it. Immutable; any number of threads.
struct Template {
  const BlobHeader *header = nullptr;
  const BlobNode *nodes = nullptr;
  const uint32_t *lists = nullptr;
  const BlobString *strings = nullptr;
  const char *bytes = nullptr;
};

/// Proves every index of `size` bytes at 4-byte aligned `blob`. Null when good, else a static sentence.
const char *openTemplate(Template *out, const void *blob, size_t size);

struct Limits {
  uint64_t steps = 20'000'000;  ///< nodes walked and elements or bytes touched
  uint64_t memory = 256u << 20; ///< bytes of values, inputs included
  uint64_t output = 16u << 20;  ///< bytes written, captures included
  uint32_t depth = 500;         ///< nested nodes, calls and values; some 1 KB of stack each
};

/// What strftime_now shows. Without a time a template that asks for it is an error.
struct Time {
  int32_t year, month, day, hour, minute, second; ///< month and day from 1
};

/// bytes[begin of this, begin of the next) are the template's or the user's.
struct Span {
  uint64_t begin;
  bool user;
};

/// One malloc'ed block each; release() frees both.
struct Rendered {
  char *text = nullptr;
  uint64_t size = 0;
  Span *spans = nullptr;
  uint64_t spanCount = 0;
};
void release(Rendered *rendered);

struct RenderError {
  char message[320];     ///< "line 3, column 7: what is wrong", or of the JSON: "input, byte 12: …"
  uint32_t line, column; ///< 0 for the input
};

/// `json` is an object of variables: messages, tools, documents, add_generation_prompt, bos_token … Strings of
/// variables whose name ends in _token, and the well-known roles (the value of "role"), are the template's words; every
/// other string is the user's, keys included. Returns false and fills `error` on failure; *out is then empty.
bool render(const Template &source, const char *json, size_t jsonSize, const Time *now, const Limits &limits,
            Rendered *out, RenderError *error);

} // namespace sinter::chat

#endif // SINTER_RUNTIME_CHAT_CHAT_H
