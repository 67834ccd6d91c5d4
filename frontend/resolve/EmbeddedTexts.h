// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The texts of models/ as data of the binary, and the index from a model's name to its text. The
// tables are generated at build time by EmbedTexts.cmake, which refuses a model name that occurs twice.
#ifndef SINTER_FRONTEND_RESOLVE_EMBEDDEDTEXTS_H
#define SINTER_FRONTEND_RESOLVE_EMBEDDEDTEXTS_H

#include <span>
#include <string_view>

namespace sinter::frontend {

struct EmbeddedText {
  std::string_view path; ///< as imports name it: "bert", "std/nn"
  std::string_view text;
};
struct EmbeddedModel {
  std::string_view name; ///< as in `architectures`
  std::string_view path;
};

/// Both sorted by their first member; static storage.
std::span<const EmbeddedText> embeddedTexts();
std::span<const EmbeddedModel> embeddedModels();

/// Null when there is none.
const EmbeddedText *findEmbeddedText(std::string_view path);
const EmbeddedModel *findEmbeddedModel(std::string_view name);

} // namespace sinter::frontend

#endif
