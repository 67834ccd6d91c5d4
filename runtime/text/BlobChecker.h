// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What both halves of opening a blob use: sections and strings proved to lie
// inside it, and the first reason why not.

#ifndef SINTER_RUNTIME_TEXT_BLOBCHECKER_H
#define SINTER_RUNTIME_TEXT_BLOBCHECKER_H

#include "runtime/text/Internal.h"

namespace sinter::text {

struct Checker {
  const uint8_t *base;
  uint32_t size;
  const char *why = nullptr;

  [[gnu::noinline]] bool fail(const char *message) {
    if (!why)
      why = message;
    return false;
  }

  /// The section's first element, or null with a reason.
  [[gnu::noinline]] const void *section(SinterBlobSection section, uint32_t elementBytes) {
    uint64_t end = static_cast<uint64_t>(section.offset) + static_cast<uint64_t>(section.count) * elementBytes;
    if (section.offset % 4 != 0 || end > size) {
      fail("a table lies outside the tokenizer's bytes");
      return nullptr;
    }
    return base + section.offset;
  }

  /// The same into a pointer of the view.
  template <typename Element> void place(const Element *&to, SinterBlobSection from) {
    to = static_cast<const Element *>(section(from, sizeof(Element)));
  }

  [[gnu::noinline]] bool string(const SinterTokenizerHeader &h, SinterBlobBytes bytes) {
    if (static_cast<uint64_t>(bytes.offset) + bytes.length > h.strings.count)
      return fail("a token's bytes lie outside the string table");
    return true;
  }
};

/// Fills and proves what only pipelines have. The sections that both kinds have
/// are set already.
bool openPipeline(Checker &check, SinterTokenizer &t);

} // namespace sinter::text

#endif // SINTER_RUNTIME_TEXT_BLOBCHECKER_H
