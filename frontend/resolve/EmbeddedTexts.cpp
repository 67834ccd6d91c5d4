// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Look-ups in the generated tables.
#include "frontend/resolve/EmbeddedTexts.h"

namespace sinter::frontend {

const EmbeddedText *findEmbeddedText(std::string_view path) {
  for (const EmbeddedText &entry : embeddedTexts())
    if (entry.path == path)
      return &entry;
  return nullptr;
}

const EmbeddedModel *findEmbeddedModel(std::string_view name) {
  for (const EmbeddedModel &entry : embeddedModels())
    if (entry.name == name)
      return &entry;
  return nullptr;
}

} // namespace sinter::frontend
