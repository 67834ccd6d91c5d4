// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter embed`: sentences -> vectors, as lines of floats, JSON, or a table of similarities.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"

#include "runtime/api/Print.h"
#include "runtime/format/Json.h"
#include "runtime/format/MappedFile.h"
#include "runtime/text/Tokenizer.h"
#include "sinter/sinter.h"

#include <cstdio>

namespace sinter::tool {
namespace {

struct Embedding {
  std::vector<int32_t> ids;
  std::vector<double> vector;
};

int readSentences(const EmbedOptions &options, std::vector<std::string> &sentences) {
  sentences = options.sentences;
  if (!options.inputFile.empty()) {
    std::string error;
    auto file = format::MappedFile::open(options.inputFile, error);
    if (!file)
      return fail(exitWorld, error);
    auto bytes = file->bytes();
    auto json = format::parseJson({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    if (!json)
      return fail(exitUserError, options.inputFile + ": " + json.error);
    if (!json.root.isArray())
      return fail(exitUserError, options.inputFile + ": expected a JSON array of strings");
    for (const auto &item : json.root.items()) {
      if (!item.isString())
        return fail(exitUserError, options.inputFile + ": expected a JSON array of strings");
      sentences.push_back(item.asString());
    }
  }
  return sentences.empty() ? fail(exitUsage, "give at least one sentence, or --input FILE") : int(exitOk);
}

std::string shorten(const std::string &text) {
  return text.size() <= 40 ? "\"" + text + "\"" : "\"" + text.substr(0, 37) + "...\"";
}

/// Ids of one sentence by the artifact's tables; too long is an error with both numbers.
int tokenize(const EmbedOptions &options, const codegen::Artifact &artifact, const std::string &text, Embedding &out) {
  SinterTokenizer tokenizer;
  const char *message = nullptr;
  if (sinterTokenizerOpen(&tokenizer, artifact.tokenizer.data(), artifact.tokenizer.size(), &message))
    return fail(exitInternal, message);
  SinterEncodeOptions encode{};
  encode.maxTokens = artifact.embedTokens;
  encode.truncate = options.truncate;
  SinterEncodeResult result{};
  auto status = sinterTokenizerEncode(&tokenizer, text.data(), text.size(), &encode, nullptr, nullptr, nullptr, 0, &result);
  if (status == SINTER_TOKENIZER_TOO_LONG)
    return fail(exitUserError, shorten(text) + " has " + std::to_string(result.fullCount) +
                                   " tokens, but this model takes " + std::to_string(artifact.embedTokens) +
                                   ": shorten it, or pass --truncate");
  out.ids.resize(result.count);
  status = sinterTokenizerEncode(&tokenizer, text.data(), text.size(), &encode, out.ids.data(), nullptr, nullptr,
                                 out.ids.size(), &result);
  return status ? fail(exitInternal, sinterTokenizerStatusText(status)) : int(exitOk);
}

int embedOnReference(Driver &driver, Embedding &embedding) {
  Values tokens{{1, int64_t(embedding.ids.size())}, {embedding.ids.begin(), embedding.ids.end()}};
  std::vector<std::pair<std::string, Values>> results;
  if (int code = driver.interpret("embed", {{"tokens", tokens}}, results))
    return code;
  embedding.vector = std::move(results.front().second.data);
  return exitOk;
}

void print(const EmbedOptions &options, const std::vector<std::string> &sentences,
           const std::vector<Embedding> &embeddings, int digits) {
  size_t width = embeddings.front().vector.size();
  std::vector<runtime::EmbeddedText> texts;
  for (size_t i = 0; i < sentences.size(); ++i)
    texts.push_back({sentences[i].data(), sentences[i].size(), options.ids ? embeddings[i].ids.data() : nullptr,
                     embeddings[i].ids.size(), embeddings[i].vector.data()});
  if (options.compare && options.json)
    runtime::printSimilaritiesJson(stdout, texts.data(), texts.size(), width);
  else if (options.compare)
    runtime::printSimilarities(stdout, texts.data(), texts.size(), width);
  else if (options.json)
    runtime::printJson(stdout, texts.data(), texts.size(), width, digits);
  else
    for (const Embedding &embedding : embeddings)
      runtime::printVector(stdout, embedding.vector.data(), width, digits);
}

} // namespace

int runEmbed(const EmbedOptions &options) {
  std::vector<std::string> sentences;
  if (int code = readSentences(options, sentences))
    return code;
  if (!options.functions.empty())
    return fail(exitUsage, "embed calls the function embed; use run for another");
  bool reference = options.target == "reference";
  Driver driver(options);
  if (int code = driver.loadText({"embed"}))
    return code;
  if (int code = driver.findWeights())
    return code;
  if (int code = driver.addTokenizer())
    return code;
  if (driver.artifact().tokenizer.empty())
    return fail(exitUserError, options.input + " has no tokenizer (tokenizer.json or vocab.txt), which embed needs");

  std::vector<Embedding> embeddings(sentences.size());
  for (size_t i = 0; i < sentences.size(); ++i)
    if (int code = tokenize(options, driver.artifact(), sentences[i], embeddings[i]))
      return code;
  if (reference) {
    Progress progress("interpreting");
    for (Embedding &embedding : embeddings)
      if (int code = embedOnReference(driver, embedding))
        return code;
  } else {
    {
      Progress progress("compiling");
      if (int code = driver.lower())
        return code;
      if (int code = driver.generate())
        return code;
    }
    if (int code = driver.prepareWeights())
      return code;
    sinter_artifact *artifact = nullptr;
    if (int code = driver.openArtifact(&artifact))
      return code;
    sinter_session *session = nullptr;
    sinter_error error;
    sinter_options sessionOptions{options.threads, 0, 0};
    sinter_status status = sinter_session_create(artifact, &sessionOptions, &session, &error);
    if (!status) {
      std::vector<sinter_text> texts;
      for (const std::string &sentence : sentences)
        texts.push_back({sentence.data(), sentence.size()});
      const float *vectors = nullptr;
      uint64_t width = 0;
      sinter_text_options text{options.truncate, 0};
      status = sinter_embed_texts(session, texts.data(), texts.size(), &text, &vectors, &width, &error);
      for (size_t i = 0; !status && i < sentences.size(); ++i)
        embeddings[i].vector.assign(vectors + i * width, vectors + (i + 1) * width);
    }
    sinter_session_destroy(session);
    sinter_artifact_close(artifact);
    if (status)
      return fail(status == SINTER_OUT_OF_MEMORY ? exitWorld : exitUserError, error.message);
  }
  print(options, sentences, embeddings, reference ? 17 : 9);
  return exitOk;
}

} // namespace sinter::tool
