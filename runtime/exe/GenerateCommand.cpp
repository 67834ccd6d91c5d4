// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prompts in, answers out; see GenerateCommand.h. Memory of the prompts lives as long as the command.

#include "runtime/exe/GenerateCommand.h"

#include "runtime/api/Print.h"
#include "runtime/exe/NpyFile.h"
#include "runtime/generate/ArtifactStepper.h"
#include "runtime/generate/Conversation.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

using namespace sinter::runtime;
using namespace sinter::generate;

namespace sinter::exe {
namespace {

volatile sig_atomic_t interrupted = 0;
void onInterrupt(int) { interrupted = 1; }

/// The first ctrl-C ends the generation, a second one the process.
struct Interrupts {
  struct sigaction before;
  Interrupts() {
    interrupted = 0;
    struct sigaction action = {};
    action.sa_handler = onInterrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before);
  }
  ~Interrupts() { sigaction(SIGINT, &before, nullptr); }
};
static_assert(sizeof(sig_atomic_t) == sizeof(int), "the loop looks at an int");

sinter_status noMemory(sinter_error *error) { return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the prompts"); }

/// What the prompts lie in.
struct Prompts {
  Objects<List<int32_t>> own; ///< from texts
  sinter_input tokens = {}, mask = {};
  List<Prompt> list;
  ~Prompts() {
    free(const_cast<void *>(tokens.data));
    free(const_cast<void *>(mask.data));
  }
};

sinter_status readFile(const char *path, List<char> *out, sinter_error *error) {
  constexpr size_t most = size_t{256} << 20;
  int file = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail(error, SINTER_IO, "cannot open %.300s: %s", path, strerror(errno));
  sinter_status status = SINTER_OK;
  for (;;) {
    if (!out->reserve(out->size + 65536)) {
      status = noMemory(error);
      break;
    }
    ssize_t got = read(file, out->data + out->size, out->capacity - out->size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      status = fail(error, SINTER_IO, "cannot read %.300s: %s", path, strerror(errno));
    if (got <= 0)
      break;
    out->size += static_cast<size_t>(got);
    if (out->size > most) {
      status = fail(error, SINTER_REFUSED, "%.300s has more than %zu MiB: no prompt", path, most >> 20);
      break;
    }
  }
  close(file);
  return status;
}

// ---- prompts ----

sinter_status addText(const GenerateModel &model, const char *text, uint64_t length, List<int32_t> *tokens,
                      Prompts *prompts, sinter_error *error) {
  SINTER_TRY(textTokens(*model.tokenizer, text, length, tokens, error));
  int32_t bos = model.configuration.values->bos; // an empty text begins as the model's texts do
  if (!tokens->size && bos >= 0 && !tokens->push(bos))
    return noMemory(error);
  return prompts->list.push({tokens->data, static_cast<uint32_t>(tokens->size), nullptr, -1}) ? SINTER_OK : noMemory(error);
}

sinter_status addConversation(const GenerateModel &model, const GenerateWish &wish, Prompts *prompts,
                              sinter_error *error) {
  if (!model.chat)
    return fail(error, SINTER_NOT_FOUND, "%.100s has no chat template (chat_template.jinja, tokenizer_config.json)",
                model.name);
  List<char> json, file;
  if (wish.messages || wish.promptFile)
    SINTER_TRY(readFile(wish.messages ? wish.messages : wish.promptFile, &file, error));
  auto add = [&](const char *text) { return json.append(text, strlen(text)); };
  auto turn = [&](const char *role, const char *text, size_t length) {
    return add(json.size > 1 ? ",{\"role\":\"" : "{\"role\":\"") && add(role) && add("\",\"content\":") &&
           appendJsonString(&json, text, length) && add("}");
  };
  bool fits = wish.messages ? json.append(file.data, file.size) : add("[");
  for (size_t i = 0; fits && !wish.messages && i < wish.turns.size; ++i)
    fits = turn(wish.turns[i].role, wish.turns[i].text, strlen(wish.turns[i].text));
  if (fits && wish.promptFile)
    fits = turn("user", file.data, file.size);
  if (!fits || (!wish.messages && !add("]")))
    return noMemory(error);
  List<int32_t> &tokens = prompts->own[0];
  SINTER_TRY(chatTokens(*model.tokenizer, *model.chat, json.data, json.size, &tokens, error));
  return prompts->list.push({tokens.data, static_cast<uint32_t>(tokens.size), nullptr, -1}) ? SINTER_OK : noMemory(error);
}

/// How many tokens of a decoder's row count: ones, then zeros.
sinter_status lengthOf(const int32_t *mask, uint32_t width, uint32_t row, uint32_t *length, sinter_error *error) {
  *length = 0;
  while (*length < width && mask[*length] == 1)
    ++*length;
  for (uint32_t i = *length; i < width; ++i)
    if (mask[i] != 0)
      return fail(error, SINTER_INVALID_ARGUMENT,
                  "--mask: row %u is not ones and then zeros (a decoder's prompts are padded behind)", row + 1);
  return SINTER_OK;
}

sinter_status addTokens(const GenerateModel &model, const GenerateWish &wish, Prompts *prompts, sinter_error *error) {
  SINTER_TRY(readNpy(wish.tokens, SINTER_DTYPE_I32, &prompts->tokens, error));
  const sinter_input &tokens = prompts->tokens;
  if (tokens.rank != 1 && tokens.rank != 2)
    return fail(error, SINTER_INVALID_ARGUMENT, "--tokens has %u axes; it must be [B, T]", tokens.rank);
  int64_t rows = tokens.rank == 2 ? tokens.dims[0] : 1, width = tokens.dims[tokens.rank - 1];
  if (rows < 1 || width < 1 || rows > INT32_MAX || width > INT32_MAX)
    return fail(error, SINTER_INVALID_ARGUMENT, "--tokens holds no prompt");
  if (wish.mask) {
    SINTER_TRY(readNpy(wish.mask, SINTER_DTYPE_I32, &prompts->mask, error));
    bool same = prompts->mask.rank == tokens.rank;
    for (uint32_t i = 0; same && i < tokens.rank; ++i)
      same = prompts->mask.dims[i] == tokens.dims[i];
    if (!same)
      return fail(error, SINTER_INVALID_ARGUMENT, "--mask and --tokens differ in shape");
  }
  for (int64_t row = 0; row < rows; ++row) {
    Prompt prompt{static_cast<const int32_t *>(tokens.data) + row * width, static_cast<uint32_t>(width), nullptr, -1};
    const int32_t *mask = wish.mask ? static_cast<const int32_t *>(prompts->mask.data) + row * width : nullptr;
    for (int64_t i = 0; mask && i < width; ++i)
      if (mask[i] != 0 && mask[i] != 1)
        return fail(error, SINTER_INVALID_ARGUMENT, "--mask holds %d; it must be ones and zeros", mask[i]);
    if (model.stepper.begin)
      prompt.mask = mask;
    else if (mask)
      SINTER_TRY(lengthOf(mask, prompt.count, static_cast<uint32_t>(row), &prompt.count, error));
    if (!prompts->list.push(prompt))
      return noMemory(error);
  }
  return SINTER_OK;
}

sinter_status readPrompts(const GenerateModel &model, const GenerateWish &wish, Prompts *prompts,
                          sinter_error *error) {
  if (wish.tokens)
    return addTokens(model, wish, prompts, error);
  if (!model.tokenizer)
    return fail(error, SINTER_NOT_FOUND, "%.100s has no tokenizer: give --tokens", model.name);
  if (!prompts->own.make(wish.prompts.size ? wish.prompts.size : 1))
    return noMemory(error);
  if (wish.chat)
    return addConversation(model, wish, prompts, error);
  if (wish.promptFile) {
    List<char> text;
    SINTER_TRY(readFile(wish.promptFile, &text, error));
    return addText(model, text.data ? text.data : "", text.size, &prompts->own[0], prompts, error);
  }
  for (size_t i = 0; i < wish.prompts.size; ++i)
    SINTER_TRY(addText(model, wish.prompts[i], strlen(wish.prompts[i]), &prompts->own[i], prompts, error));
  return SINTER_OK;
}

sinter_status chooseAdapters(const GenerateWish &wish, Prompts *prompts, sinter_error *error) {
  size_t given = wish.adapters.size, count = prompts->list.size;
  if (given > 1 && given != count)
    return fail(error, SINTER_INVALID_ARGUMENT, "--use names %zu adapters for %zu prompts: one for all, or one for each",
                given, count);
  for (size_t i = 0; given && i < count; ++i)
    prompts->list[i].adapter = wish.adapters[given == 1 ? 0 : i];
  return SINTER_OK;
}

// ---- answers ----

void streamPiece(void *, const Piece &piece) {
  if (!piece.length)
    return;
  fwrite(piece.text, 1, piece.length, stdout);
  fflush(stdout);
}

void printTokens(const Sequence &sequence, const char *between) {
  for (size_t i = 0; i < sequence.tokens.size; ++i)
    printf("%s%d", i ? between : "", sequence.tokens[i]);
}

/// Several answers: each below a line that says whose it is.
void printSequences(const Loop &loop, const GenerateModel &model, bool alone, bool beams) {
  for (size_t i = 0; i < loop.sequences.size; ++i) {
    const Sequence &sequence = loop.sequences[i];
    if (!alone)
      printf("[prompt %u, %s %u]\n", sequence.prompt + 1, beams ? "beam" : "sample", sequence.sample + 1);
    if (!model.tokenizer)
      printTokens(sequence, " ");
    else if (sequence.text.size)
      fwrite(sequence.text.data, 1, sequence.text.size, stdout);
    fputs("\n", stdout);
  }
}

void printLogProbs(const Sequence &sequence) {
  if (sequence.logProbs.size) {
    fputs(", \"log_probs\": [", stdout);
    for (size_t i = 0; i < sequence.logProbs.size; ++i)
      printf("%s%.9g", i ? ", " : "", static_cast<double>(sequence.logProbs[i]));
    fputs("]", stdout);
  }
  if (!sequence.top.size)
    return;
  size_t each = sequence.top.size / sequence.tokens.size;
  fputs(", \"top\": [", stdout);
  for (size_t i = 0; i < sequence.top.size; ++i)
    printf("%s{\"token\": %d, \"log_prob\": %.9g}%s", i % each ? ", " : i ? ", [" : "[", sequence.top[i].token,
           static_cast<double>(sequence.top[i].logProb), (i + 1) % each ? "" : "]");
  fputs("]", stdout);
}

void printJsonAnswer(const Loop &loop, const GenerateModel &model, bool beams) {
  static const char *const ends[] = {"running", "end_token", "stop_string", "length", "interrupted"};
  fputs("{\"sequences\": [", stdout);
  for (size_t i = 0; i < loop.sequences.size; ++i) {
    const Sequence &sequence = loop.sequences[i];
    printf("%s{\"prompt\": %u, \"%s\": %u", i ? ",\n " : "", sequence.prompt, beams ? "rank" : "sample",
           sequence.sample);
    if (model.tokenizer) {
      fputs(", \"text\": ", stdout);
      printJsonString(stdout, sequence.text.size ? sequence.text.data : "", sequence.text.size);
    }
    fputs(", \"tokens\": [", stdout);
    printTokens(sequence, ", ");
    printf("], \"finish\": \"%s\"", ends[static_cast<uint32_t>(sequence.finish)]);
    if (beams)
      printf(", \"score\": %.9g", static_cast<double>(sequence.score));
    printLogProbs(sequence);
    fputs("}", stdout);
  }
  const Stats &stats = loop.stats;
  printf("],\n \"stats\": {\"prompt_tokens\": %" PRIu64 ", \"new_tokens\": %" PRIu64 ", \"decoded_tokens\": %" PRIu64
         ", \"prefill_seconds\": %.6f, \"decode_seconds\": %.6f, \"first_token_seconds\": %.6f, "
         "\"cache_bytes_per_token\": %" PRIu64 ", \"cache_bytes\": %" PRIu64 "}}\n",
         stats.promptTokens, stats.newTokens, stats.decodedTokens, stats.prefillSeconds, stats.decodeSeconds,
         stats.firstTokenSeconds, model.stepper.shape.pageBytes / pageTokens,
         stats.cachePages * model.stepper.shape.pageBytes);
}

double rate(uint64_t tokens, double seconds) { return seconds > 0 ? static_cast<double>(tokens) / seconds : 0; }

void printSummary(const Stats &stats, bool cancelled) {
  fprintf(stderr, "%s%" PRIu64 " prompt tokens, %" PRIu64 " new tokens; reading %.1f tokens/s",
          cancelled ? "interrupted: " : "", stats.promptTokens, stats.newTokens,
          rate(stats.promptTokens, stats.prefillSeconds));
  if (stats.decodedTokens)
    fprintf(stderr, ", writing %.1f tokens/s", rate(stats.decodedTokens, stats.decodeSeconds));
  fprintf(stderr, ", first token after %.3f s\n", stats.firstTokenSeconds);
}

/// int32 [B, N], N the longest answer; what is behind an end is padding.
/// int32 [B, width]: sequences that ended early are padded.
sinter_status writeTokens(const char *path, const Loop &loop, size_t width, int32_t pad, sinter_error *error) {
  List<int32_t> all;
  if (!all.reserve(width * loop.sequences.size))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the new tokens");
  for (size_t i = 0; i < loop.sequences.size; ++i) {
    const List<int32_t> &tokens = loop.sequences[i].tokens;
    for (size_t k = 0; k < width; ++k)
      (void)all.push(k < tokens.size ? tokens[k] : pad);
  }
  sinter_output output = {all.data,
                          all.size * sizeof(int32_t),
                          SINTER_DTYPE_I32,
                          2,
                          {static_cast<int64_t>(loop.sequences.size), static_cast<int64_t>(width)}};
  return writeNpy(path, output, error);
}

} // namespace

sinter_status generateCommand(const GenerateModel &model, const GenerateWish &wish, sinter_error *error) {
  Prompts prompts;
  SINTER_TRY(readPrompts(model, wish, &prompts, error));
  SINTER_TRY(chooseAdapters(wish, &prompts, error));
  sinter_generate_options options;
  defaultsOf(model.configuration, strategyOf(wish), &options);
  overlay(wish, &options);
  List<sinter_text> stops;
  for (const char *text : wish.stopStrings)
    if (!stops.push({text, strlen(text)}))
      return noMemory(error);
  options.stop_strings = stops.data;
  options.stop_string_count = static_cast<uint32_t>(stops.size);
  Interrupts interrupts;
  RequestMemory memory;
  Request request;
  request.prompts = prompts.list.data;
  request.promptCount = static_cast<uint32_t>(prompts.list.size);
  request.tokenizer = model.tokenizer;
  request.cancel = &interrupted;
  SINTER_TRY(makeRequest(model.configuration, options, model.stepper.shape, model.stepper.begin != nullptr, &memory,
                         &request, error));
  bool beams = options.beams > 1;
  bool alone = request.promptCount == 1 && (beams ? options.returned : options.samples) == 1;
  bool streams = alone && !wish.json && model.tokenizer;
  if (streams)
    request.listener = {streamPiece, nullptr};
  Loop loop;
  sinter_status status = loop.run(model.stepper, request, error);
  bool cancelled = status == SINTER_CANCELLED;
  if (status != SINTER_OK && !cancelled) {
    if (streams && loop.stats.decodedTokens)
      fputs("\n", stdout); // the message begins a line
    return status;
  }
  if (wish.json)
    printJsonAnswer(loop, model, beams);
  else if (streams)
    fputs("\n", stdout);
  else if (!wish.outTokens || model.tokenizer)
    printSequences(loop, model, alone, beams);
  fflush(stdout);
  if (!wish.json)
    printSummary(loop.stats, cancelled);
  if (wish.outTokens && !cancelled)
    SINTER_TRY(writeTokens(wish.outTokens, loop, request.settings.maxNewTokens, request.settings.padToken, error));
  return status;
}

sinter_status generateWithArtifact(const sinter_artifact *artifact, uint32_t threads, const GenerateWish &wish,
                                   sinter_error *error, SessionListener listener) {
  sinter_options options = {threads, 1, 0};
  sinter_session *session;
  SINTER_TRY(sinter_session_create(artifact, &options, &session, error));
  if (listener.begin)
    listener.begin(listener.user, session);
  sinter_status status;
  {
    ArtifactStepper stepper;
    Busy busy(session);
    status = stepper.open(session, error);
    if (status == SINTER_OK)
      status = generateCommand({artifact->string(artifact->meta->model),
                                stepper.stepper(),
                                {artifact->generation},
                                artifact->hasTokenizer ? &artifact->tokenizer : nullptr,
                                artifact->chat},
                               wish, error);
  }
  sinter_session_destroy(session);
  return status;
}

} // namespace sinter::exe
