// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which files of a folder describe its tokenizer; paths go in front of errors
// here.

#include "frontend/tokenizer/Tokenizer.h"
#include "frontend/tokenizer/Description.h"
#include "frontend/tokenizer/SentencePiece.h"
#include "runtime/format/MappedFile.h"

namespace sinter::tokenizer {

namespace {

constexpr uint64_t maxFileBytes = 64 << 20;

std::optional<CompiledTokenizer> named(const std::string &name, std::string &error) {
  error = name + ": " + error;
  return std::nullopt;
}

/// The SentencePiece model of a folder, or "". Marian's is the source's.
std::string sentenceModelOf(const std::string &folder) {
  for (const char *name : {"spiece.model", "tokenizer.model", "sentencepiece.bpe.model"})
    if (format::isRegularFile(folder + "/" + name))
      return name;
  bool marian = format::isRegularFile(folder + "/source.spm") && format::isRegularFile(folder + "/vocab.json");
  return marian ? "source.spm" : "";
}

std::optional<CompiledTokenizer> compileSentenceFolder(const std::string &folder, const std::string &name,
                                                       std::string &error) {
  std::string model, vocabulary, settings, config;
  auto read = [&](const char *file, std::string &bytes) {
    std::string path = folder + "/" + file;
    return !format::isRegularFile(path) || format::readFile(path, maxFileBytes, bytes, error);
  };
  if (!read(name.c_str(), model) || !read("tokenizer_config.json", settings) || !read("config.json", config) ||
      (name == "source.spm" && !read("vocab.json", vocabulary)))
    return std::nullopt;
  return compileSentenceModel({model, settings, config, vocabulary}, folder, name, error);
}

} // namespace

std::optional<CompiledTokenizer> compileSentenceModel(const SentenceFolder &files, const std::string &folder,
                                                      const std::string &name, std::string &error) {
  Description description;
  if (!readSentenceFolder(files, name, description, error)) {
    error = folder + "/" + error;
    return std::nullopt;
  }
  std::optional<CompiledTokenizer> result = writePipeline(description, error);
  return result ? std::move(result) : named(folder + "/" + name, error);
}

bool hasTokenizer(const std::string &folder) {
  return format::isRegularFile(folder + "/tokenizer.json") || !sentenceModelOf(folder).empty() ||
         format::isRegularFile(folder + "/vocab.txt");
}

std::optional<CompiledTokenizer> compileFolder(const std::string &folder, std::string &error) {
  std::string json = folder + "/tokenizer.json", bytes;
  if (format::isRegularFile(json)) {
    if (!format::readFile(json, maxFileBytes, bytes, error))
      return std::nullopt;
    return compileTokenizerJson(bytes, json, error);
  }
  if (std::string model = sentenceModelOf(folder); !model.empty())
    return compileSentenceFolder(folder, model, error);
  std::string vocabulary = folder + "/vocab.txt", config;
  std::string configPath = folder + "/tokenizer_config.json";
  if (!format::isRegularFile(vocabulary)) {
    error = folder + ": holds no tokenizer.json, no SentencePiece model and no vocab.txt";
    return std::nullopt;
  }
  if (!format::readFile(vocabulary, maxFileBytes, bytes, error))
    return std::nullopt;
  if (format::isRegularFile(configPath) && !format::readFile(configPath, maxFileBytes, config, error))
    return std::nullopt;
  return compileVocabulary(bytes, vocabulary, config, configPath, error);
}

std::optional<CompiledTokenizer> compileTokenizerJson(std::string_view json, const std::string &name,
                                                      std::string &error) {
  Description description;
  if (!readTokenizerJson(json, description, error))
    return named(name, error);
  std::optional<CompiledTokenizer> result =
      description.isPipeline ? writePipeline(description, error) : writeTables(description, error);
  return result ? std::move(result) : named(name, error);
}

std::optional<CompiledTokenizer> compileVocabulary(std::string_view vocabulary, const std::string &name,
                                                   std::string_view config, const std::string &configName,
                                                   std::string &error) {
  Description description;
  if (!readVocabulary(vocabulary, description, error))
    return named(name, error);
  if (!readTokenizerConfig(config, description, error))
    return named(config.empty() ? name : configName, error);
  std::optional<CompiledTokenizer> result = writeTables(description, error);
  return result ? std::move(result) : named(name, error);
}

} // namespace sinter::tokenizer
