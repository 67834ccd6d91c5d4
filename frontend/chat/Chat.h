// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of a chat template (Jinja2, as transformers compiles it: trim_blocks, lstrip_blocks, loop controls) enters;
// the blob that runtime/chat/ executes leaves, or one sentence with line and column. Untrusted text: bounded size and
// nesting.

#ifndef SINTER_FRONTEND_CHAT_CHAT_H
#define SINTER_FRONTEND_CHAT_CHAT_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinter::chat {

struct Compiled {
  bool ok = false;
  std::vector<uint32_t> blob; ///< whole words; totalBytes of its header is their size
  std::string error;          ///< "line 3, column 7: what is wrong"
  uint32_t line = 0, column = 0;
};

inline constexpr size_t MAX_TEMPLATE_BYTES = 1u << 20;

Compiled compile(std::string_view text);

} // namespace sinter::chat

#endif // SINTER_FRONTEND_CHAT_CHAT_H
