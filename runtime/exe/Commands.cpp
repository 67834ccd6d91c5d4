// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The commands of a stand-alone executable; see Commands.h. Memory lives as long as the process.

#include "runtime/exe/Commands.h"
#include "runtime/api/Print.h"
#include "runtime/core/Artifact.h"
#include "runtime/exe/NpyFile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

using namespace sinter::runtime;

namespace sinter::exe {
namespace {

sinter_status startSession(const sinter_artifact *artifact, const Options &options, sinter_session **session,
                           sinter_error *error) {
  sinter_options sessionOptions = {options.threads, options.allowNotFinite, 0};
  SINTER_TRY(sinter_session_create(artifact, &sessionOptions, session, error));
  return options.adapters ? sinter_session_load_adapters(*session, options.adapters, error) : SINTER_OK;
}

template <typename T> T *allocate(uint64_t count) { return static_cast<T *>(calloc(count ? count : 1, sizeof(T))); }

/// The token ids of a text.
sinter_status addIds(const sinter_artifact *artifact, const Options &options, EmbeddedText *out, sinter_error *error) {
  sinter_text_options textOptions = {options.truncate, 0};
  uint64_t count;
  SINTER_TRY(sinter_tokenize(artifact, out->text, out->length, &textOptions, nullptr, 0, &count, error));
  int32_t *ids = allocate<int32_t>(count);
  if (!ids)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %" PRIu64 " tokens", count);
  out->ids = ids;
  out->idCount = count;
  return sinter_tokenize(artifact, out->text, out->length, &textOptions, ids, count, &count, error);
}

/// Every text with its vector as doubles, and its ids if they are wanted.
sinter_status embedAll(sinter_session *session, const sinter_artifact *artifact, const Options &options,
                       EmbeddedText *out, uint64_t *width, sinter_error *error) {
  auto *texts = allocate<sinter_text>(options.numTexts);
  if (!texts)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u texts", options.numTexts);
  for (uint32_t i = 0; i < options.numTexts; ++i)
    texts[i] = {options.texts[i], strlen(options.texts[i])};
  sinter_text_options textOptions = {options.truncate, 0};
  const float *vectors;
  SINTER_TRY(sinter_embed_texts(session, texts, options.numTexts, &textOptions, &vectors, width, error));
  uint64_t count;
  double *copy = mulChecked<uint64_t>(options.numTexts, *width, &count) ? allocate<double>(count) : nullptr;
  if (!copy)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u vectors", options.numTexts);
  for (uint64_t i = 0; i < count; ++i)
    copy[i] = static_cast<double>(vectors[i]);
  for (uint32_t i = 0; i < options.numTexts; ++i) {
    out[i] = {texts[i].data, texts[i].length, nullptr, 0, copy + i * *width};
    if (options.ids)
      SINTER_TRY(addIds(artifact, options, &out[i], error));
  }
  return SINTER_OK;
}

/// The tensor of that name among `count`, by a query of the C API; -1 if there is none.
template <typename GetInfo> int64_t findTensor(const NamedFile &file, uint32_t count, GetInfo getInfo) {
  for (uint32_t i = 0; i < count; ++i) {
    sinter_tensor_info info;
    getInfo(i, &info);
    if (strlen(info.name) == file.nameLength && memcmp(info.name, file.name, file.nameLength) == 0)
      return i;
  }
  return -1;
}

template <typename GetInfo>
sinter_status noSuchTensor(const char *what, const NamedFile &file, const char *function, uint32_t count,
                           GetInfo getInfo, sinter_error *error) {
  char names[400];
  TextBuffer text(names, sizeof(names));
  for (uint32_t i = 0; i < count; ++i) {
    sinter_tensor_info info;
    getInfo(i, &info);
    text.add("%s%s", i ? ", " : "", info.name);
  }
  return fail(error, SINTER_NOT_FOUND, "%.100s has no %s '%.*s'; it has: %s", function, what,
              static_cast<int>(file.nameLength > 100 ? 100 : file.nameLength), file.name, names);
}

} // namespace

sinter_status embedCommand(const sinter_artifact *artifact, const Options &options, sinter_error *error) {
  sinter_session *session;
  SINTER_TRY(startSession(artifact, options, &session, error));
  auto *embedded = allocate<EmbeddedText>(options.numTexts);
  if (!embedded)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u texts", options.numTexts);
  // Nothing is printed before every text has its vector: an answer is whole or not there.
  uint64_t width = 0;
  SINTER_TRY(embedAll(session, artifact, options, embedded, &width, error));
  if (options.compare && options.json)
    printSimilaritiesJson(stdout, embedded, options.numTexts, width);
  else if (options.compare)
    printSimilarities(stdout, embedded, options.numTexts, width);
  else if (options.json)
    printJson(stdout, embedded, options.numTexts, width, 9);
  else
    for (uint32_t i = 0; i < options.numTexts; ++i)
      printVector(stdout, embedded[i].vector, width, 9);
  sinter_session_destroy(session);
  return SINTER_OK;
}

sinter_status runCommand(const sinter_artifact *artifact, const Options &options, sinter_error *error) {
  uint32_t function;
  SINTER_TRY(sinter_find_function(artifact, options.function, &function, error));
  sinter_function_info info;
  sinter_function_get_info(artifact, function, &info);
  auto argumentInfo = [&](uint32_t i, sinter_tensor_info *out) {
    sinter_argument_get_info(artifact, function, i, out);
  };
  auto resultInfo = [&](uint32_t i, sinter_tensor_info *out) { sinter_result_get_info(artifact, function, i, out); };
  auto *inputs = allocate<sinter_input>(info.arguments);
  auto *outputs = allocate<sinter_output>(info.results);
  auto *wanted = allocate<int64_t>(options.numOuts);
  if (!inputs || !outputs || !wanted)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a call");
  for (uint32_t i = 0; i < options.numOuts; ++i)
    if ((wanted[i] = findTensor(options.outs[i], info.results, resultInfo)) < 0)
      return noSuchTensor("result", options.outs[i], info.name, info.results, resultInfo, error);
  for (uint32_t i = 0; i < options.numIns; ++i) {
    int64_t at = findTensor(options.ins[i], info.arguments, argumentInfo);
    if (at < 0)
      return noSuchTensor("argument", options.ins[i], info.name, info.arguments, argumentInfo, error);
    sinter_tensor_info tensor;
    argumentInfo(static_cast<uint32_t>(at), &tensor);
    SINTER_TRY(readNpy(options.ins[i].file, tensor.dtype, &inputs[at], error));
  }
  sinter_session *session;
  SINTER_TRY(startSession(artifact, options, &session, error));
  SINTER_TRY(sinter_call(session, function, inputs, outputs, error));
  for (uint32_t i = 0; i < options.numOuts; ++i)
    SINTER_TRY(writeNpy(options.outs[i].file, outputs[wanted[i]], error));
  sinter_session_destroy(session);
  return SINTER_OK;
}

void printVersion(const sinter_artifact *artifact, const Options &options) {
  sinter_artifact_info info;
  sinter_artifact_get_info(artifact, &info);
  printf("%s: %s, %" PRIu64 " parameters, code for %s; sinter %s\n", options.program, info.model, info.parameters,
         info.variant, sinter_version());
}

void printHelp(const sinter_artifact *artifact, const Options &options) {
  sinter_artifact_info info;
  sinter_artifact_get_info(artifact, &info);
  const char *program = options.program;
  uint32_t embed;
  bool embeds = info.has_tokenizer && sinter_find_function(artifact, "embed", &embed, nullptr) == SINTER_OK;
  printf("%s: the model %s, compiled; nothing else is needed to run it.\n\n", program, info.model);
  if (embeds)
    printf("  %s \"a sentence\" ...            one line of floats for each text\n"
           "    --json                          a list of objects {text, embedding}; --ids adds the token ids\n"
           "    --compare                       the cosine of each pair of texts\n"
           "    --truncate                      cut texts that are too long instead of refusing them\n",
           program);
  if (artifact->generation) {
    printf("  %s -p \"a prompt\"               text behind a prompt, as it comes\n", program);
    for (uint32_t i = 0; i < generateFlagCount; ++i) {
      const GenerateFlag &flag = generateFlags[i];
      char words[64];
      snprintf(words, sizeof(words), "%s%s%s%s%s", flag.brief ? flag.brief : "", flag.brief ? ", " : "", flag.name,
               flag.value ? " " : "", flag.value ? flag.value : "");
      printf("    %-31s %s\n", words, flag.help);
    }
  }
  printf("  %s run --in NAME=FILE.npy ... --out NAME=FILE.npy ... [--fn NAME]\n"
         "                                    one function (default: forward) on NumPy files\n"
         "    --allow-not-finite              NaN or infinity in a result is not an error\n"
         "  --threads N                       default: all processors; results do not depend on it\n"
         "  --adapter-weights FILE            other adapters than those compiled in (sinter compile --emit adapter)\n"
         "  --version, --help                 -- ends the flags\n\nfunctions:\n",
         program);
  for (uint32_t f = 0; f < info.functions; ++f) {
    sinter_function_info function;
    sinter_function_get_info(artifact, f, &function);
    printf("  %s(", function.name);
    char shape[256];
    sinter_tensor_info tensor;
    static const char *const types[] = {"?", "f32", "i32", "bool"};
    for (uint32_t i = 0; i < function.arguments; ++i) {
      sinter_argument_get_info(artifact, f, i, &tensor);
      sinter_argument_shape(artifact, f, i, shape, sizeof(shape));
      printf("%s%s: %s%s", i ? ", " : "", tensor.name, types[tensor.dtype], shape);
      if (tensor.has_default)
        printf(" = %g", tensor.default_value);
    }
    printf(") -> (");
    for (uint32_t i = 0; i < function.results; ++i) {
      sinter_result_get_info(artifact, f, i, &tensor);
      sinter_result_shape(artifact, f, i, shape, sizeof(shape));
      printf("%s%s: %s%s", i ? ", " : "", tensor.name, types[tensor.dtype], shape);
    }
    printf(")\n");
  }
}

} // namespace sinter::exe
