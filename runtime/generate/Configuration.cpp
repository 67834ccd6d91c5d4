// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options of the C API into settings of the loop; see Configuration.h.

#include "runtime/generate/Configuration.h"

#include "runtime/core/Error.h"

namespace sinter::generate {

using runtime::fail;

/// New tokens where neither the folder nor the caller says how many.
static constexpr uint32_t usualNewTokens = 256;

void defaultsOf(const Configuration &configuration, sinter_strategy strategy, sinter_generate_options *options) {
  const SinterGeneration &from = *configuration.values;
  *options = sinter_generate_options();
  uint32_t wanted = runtime::rawEnum(strategy);
  bool sampling = wanted == SINTER_SAMPLING || (wanted == SINTER_AS_CONFIGURED && from.sampling);
  bool beams = wanted == SINTER_BEAMS || (wanted == SINTER_AS_CONFIGURED && from.beams > 1);
  options->sampling = sampling;
  options->samples = sampling ? from.returned : 1;
  options->temperature = sampling ? from.temperature : 1;
  options->top_k = sampling ? from.topK : 0;
  options->top_p = sampling ? from.topP : 1;
  options->min_p = sampling ? from.minP : 0;
  options->epsilon_cutoff = sampling ? from.epsilonCutoff : 0;
  options->eta_cutoff = sampling ? from.etaCutoff : 0;
  options->repetition_penalty = from.repetitionPenalty;
  options->no_repeat_ngram = from.noRepeatNgram;
  options->beams = beams ? from.beams : 1;
  options->returned = beams && !sampling ? from.returned : 1;
  options->length_penalty = beams ? from.lengthPenalty : 1;
  options->early_stopping = static_cast<sinter_early_stopping>(beams ? from.earlyStopping : 0);
  options->max_new_tokens = from.maxNewTokens;
  options->min_new_tokens = from.minNewTokens;
  options->max_length = from.maxNewTokens ? 0 : from.maxLength;
  options->min_length = from.minNewTokens ? 0 : from.minLength;
  options->chunk = 512;
}

namespace {

/// How many new tokens: as the caller says, or as the folder says of prompt and answer together (of a batch, with its
/// longest prompt), or as many as the model has room for.
sinter_status countTokens(const sinter_generate_options &options, const ModelShape &shape, uint64_t longest,
                          sample::Settings *settings, sinter_error *error) {
  uint64_t room = shape.context && (!options.max_tokens || shape.context < options.max_tokens) ? shape.context
                                                                                               : options.max_tokens;
  uint64_t most = options.max_new_tokens;
  if (!most && options.max_length) {
    if (options.max_length <= longest)
      return fail(error, SINTER_REFUSED,
                  "the prompt has %llu tokens, but prompt and answer together may have %u (max_length): ask for new "
                  "tokens by number",
                  static_cast<unsigned long long>(longest), options.max_length);
    most = options.max_length - longest;
  }
  if (!most) {
    most = usualNewTokens;
    if (room && longest + most - 1 > room)
      most = room >= longest ? room - longest + 1 : 1; // too long a prompt is told by the loop
  }
  uint64_t least = options.min_new_tokens;
  if (!least && options.min_length > longest)
    least = options.min_length - longest;
  settings->maxNewTokens = most > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(most);
  settings->minNewTokens = least > most && !options.min_new_tokens ? settings->maxNewTokens : static_cast<uint32_t>(least);
  return SINTER_OK;
}

sinter_status collectStops(const Configuration &configuration, const sinter_generate_options &options,
                           RequestMemory *memory, sample::Settings *settings, sinter_error *error) {
  const SinterGeneration &from = *configuration.values;
  memory->stopTokens.size = memory->stopStrings.size = 0;
  bool fits = options.ignore_eos || memory->stopTokens.append(configuration.tokens(from.eos), from.eos.count);
  for (uint32_t i = 0; fits && i < options.stop_token_count; ++i) {
    bool isThere = false;
    for (int32_t token : memory->stopTokens)
      isThere |= token == options.stop_tokens[i];
    fits = isThere || memory->stopTokens.push(options.stop_tokens[i]);
  }
  for (uint32_t i = 0; fits && i < options.stop_string_count; ++i)
    fits = memory->stopStrings.push({options.stop_strings[i].data, options.stop_strings[i].length});
  if (!fits)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for what ends a text");
  settings->stopTokens = memory->stopTokens.data;
  settings->stopTokenCount = static_cast<uint32_t>(memory->stopTokens.size);
  settings->stopStrings = memory->stopStrings.data;
  settings->stopStringCount = static_cast<uint32_t>(memory->stopStrings.size);
  settings->padToken = from.pad >= 0 ? from.pad : from.eos.count ? configuration.tokens(from.eos)[0] : -1;
  return SINTER_OK;
}

} // namespace

sinter_status makeRequest(const Configuration &configuration, const sinter_generate_options &options,
                          const ModelShape &shape, bool hasSource, RequestMemory *memory, Request *request,
                          sinter_error *error) {
  const SinterGeneration &from = *configuration.values;
  sample::Settings &s = request->settings;
  s = sample::Settings();
  s.sampling = options.sampling;
  s.seed = options.seed;
  s.samples = options.samples;
  s.temperature = options.temperature;
  s.topK = options.top_k;
  s.topP = options.top_p;
  s.minP = options.min_p;
  s.epsilonCutoff = options.epsilon_cutoff;
  s.etaCutoff = options.eta_cutoff;
  s.repetitionPenalty = options.repetition_penalty;
  s.presencePenalty = options.presence_penalty;
  s.frequencyPenalty = options.frequency_penalty;
  s.noRepeatNgram = options.no_repeat_ngram;
  s.logProbs = options.log_probs;
  s.topLogProbs = options.top_log_probs;
  s.beams = options.beams;
  s.returned = options.returned;
  s.lengthPenalty = options.length_penalty;
  s.earlyStopping = static_cast<sample::EarlyStopping>(runtime::rawEnum(options.early_stopping));
  s.suppressed = configuration.tokens(from.suppressed);
  s.suppressedCount = from.suppressed.count;
  s.suppressedFirst = configuration.tokens(from.suppressedFirst);
  s.suppressedFirstCount = from.suppressedFirst.count;
  s.badWords = configuration.tokens(from.badWords);
  s.badWordsSize = from.badWords.count;
  s.forcedFirst = from.forcedFirst;
  s.forcedLast = options.ignore_eos ? -1 : from.forcedLast;
  if ((options.stop_token_count && !options.stop_tokens) || (options.stop_string_count && !options.stop_strings))
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where stop tokens or stop strings belong");
  SINTER_GENERATE_TRY(collectStops(configuration, options, memory, &s, error));
  uint64_t longest = hasSource ? 1 : 0;
  for (uint32_t p = 0; p < request->promptCount && !hasSource; ++p)
    longest = request->prompts[p].count > longest ? request->prompts[p].count : longest;
  request->decoderStart = from.decoderStart;
  request->maxTokens = options.max_tokens;
  request->chunk = options.chunk;
  request->showSpecial = options.show_special;
  return countTokens(options, shape, longest, &s, error);
}

} // namespace sinter::generate
