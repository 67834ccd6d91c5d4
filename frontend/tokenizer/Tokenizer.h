// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model folder's tokenizer files enter (tokenizer.json, a SentencePiece model,
// or vocab.txt, with tokenizer_config.json); the table blob of runtime/text/TokenizerBlob.h
// leaves. All JSON, Unicode and configuration reading of tokenizers happens
// here, at compile time; what is not understood is a named error.

#ifndef SINTER_FRONTEND_TOKENIZER_TOKENIZER_H
#define SINTER_FRONTEND_TOKENIZER_TOKENIZER_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sinter::tokenizer {

/// The tables, ready for the artifact (4-byte alignment wanted there).
struct CompiledTokenizer {
  std::string blob;
  /// Largest id + 1: must not exceed the rows of the embedding.
  uint32_t idCount = 0;
};

/// True when the folder holds files that compileFolder() would read.
bool hasTokenizer(const std::string &folder);

/// tokenizer.json if the folder has one; else a SentencePiece model (spiece.model,
/// tokenizer.model, sentencepiece.bpe.model, or source.spm with vocab.json); else
/// vocab.txt; these with tokenizer_config.json if there is one. On failure nothing, with `error` = one sentence that
/// begins with the file's path.
std::optional<CompiledTokenizer> compileFolder(const std::string &folder, std::string &error);

/// The text of a tokenizer.json; `name` begins the error messages.
std::optional<CompiledTokenizer> compileTokenizerJson(std::string_view json, const std::string &name,
                                                      std::string &error);

/// The text of a vocab.txt and of a tokenizer_config.json ("" if there is
/// none).
std::optional<CompiledTokenizer> compileVocabulary(std::string_view vocabulary, const std::string &name,
                                                   std::string_view config, const std::string &configName,
                                                   std::string &error);

} // namespace sinter::tokenizer

#endif // SINTER_FRONTEND_TOKENIZER_TOKENIZER_H
