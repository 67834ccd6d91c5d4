// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which settings make sense together; see Settings.h. Every number is compared so that NaN fails.

#include "runtime/sample/Settings.h"

#include "runtime/core/Error.h"

namespace sinter::sample {
namespace {

using runtime::fail;
constexpr sinter_status invalid = SINTER_INVALID_ARGUMENT;
constexpr float largest = 3.4e38f; // finite

bool finite(float value) { return value >= -largest && value <= largest; }

sinter_status checkFilters(const Settings &s, sinter_error *error) {
  if (s.temperature == 0)
    return fail(error, invalid, "temperature 0 is no distribution; for the best token at each step, turn sampling off");
  if (!(s.temperature > 0 && s.temperature <= largest))
    return fail(error, invalid, "temperature is %g; it must be above 0", static_cast<double>(s.temperature));
  if (!(s.topP >= 0 && s.topP <= 1))
    return fail(error, invalid, "top-p is %g; it must lie in 0 .. 1", static_cast<double>(s.topP));
  if (!(s.minP >= 0 && s.minP <= 1))
    return fail(error, invalid, "min-p is %g; it must lie in 0 .. 1", static_cast<double>(s.minP));
  if (!(s.epsilonCutoff >= 0 && s.epsilonCutoff < 1))
    return fail(error, invalid, "the epsilon cutoff is %g; it must be at least 0 and below 1",
                static_cast<double>(s.epsilonCutoff));
  if (!(s.etaCutoff >= 0 && s.etaCutoff < 1))
    return fail(error, invalid, "the eta cutoff is %g; it must be at least 0 and below 1",
                static_cast<double>(s.etaCutoff));
  if (s.sampling)
    return SINTER_OK;
  const char *idle = s.temperature != 1    ? "temperature"
                     : s.topK              ? "top-k"
                     : s.topP < 1          ? "top-p"
                     : s.minP > 0          ? "min-p"
                     : s.epsilonCutoff > 0 ? "the epsilon cutoff"
                     : s.etaCutoff > 0     ? "the eta cutoff"
                                           : nullptr;
  if (idle)
    return fail(error, invalid, "%s changes nothing without sampling: turn sampling on or leave it out", idle);
  if (s.samples > 1)
    return fail(error, invalid, "%u samples would all be the same without sampling", s.samples);
  return SINTER_OK;
}

sinter_status checkPenalties(const Settings &s, sinter_error *error) {
  if (!(s.repetitionPenalty > 0 && s.repetitionPenalty <= largest))
    return fail(error, invalid, "the repetition penalty is %g; it must be above 0 (1: none)",
                static_cast<double>(s.repetitionPenalty));
  if (!finite(s.presencePenalty))
    return fail(error, invalid, "the presence penalty is not a finite number");
  if (!finite(s.frequencyPenalty))
    return fail(error, invalid, "the frequency penalty is not a finite number");
  return SINTER_OK;
}

sinter_status checkEnds(const Settings &s, uint32_t vocabulary, sinter_error *error) {
  if (s.maxNewTokens == 0 || s.maxNewTokens > maxNewTokensLimit)
    return fail(error, invalid, "at most %u new tokens were asked for; it must be 1 .. %u", s.maxNewTokens,
                maxNewTokensLimit);
  if (s.minNewTokens > s.maxNewTokens)
    return fail(error, invalid, "at least %u new tokens and at most %u cannot both hold", s.minNewTokens,
                s.maxNewTokens);
  if (s.stopTokenCount > maxStopTokens || (s.stopTokenCount && !s.stopTokens))
    return fail(error, invalid, "%u stop tokens were given; at most %u are possible", s.stopTokenCount, maxStopTokens);
  for (uint32_t i = 0; i < s.stopTokenCount; ++i)
    if (s.stopTokens[i] < 0 || static_cast<uint32_t>(s.stopTokens[i]) >= vocabulary)
      return fail(error, invalid, "stop token %d is outside the vocabulary of %u", s.stopTokens[i], vocabulary);
  if (s.stopStringCount > maxStopStrings || (s.stopStringCount && !s.stopStrings))
    return fail(error, invalid, "%u stop strings were given; at most %u are possible", s.stopStringCount,
                maxStopStrings);
  for (uint32_t i = 0; i < s.stopStringCount; ++i) {
    if (!s.stopStrings[i].size || !s.stopStrings[i].data)
      return fail(error, invalid, "stop string %u is empty", i + 1);
    if (s.stopStrings[i].size > maxStopBytes)
      return fail(error, invalid, "stop string %u has %zu bytes; at most %u are possible", i + 1, s.stopStrings[i].size,
                  maxStopBytes);
  }
  return SINTER_OK;
}

sinter_status checkTokens(const char *what, const int32_t *tokens, uint32_t count, uint32_t vocabulary,
                          sinter_error *error) {
  if (count && !tokens)
    return fail(error, invalid, "%s are announced, but not given", what);
  for (uint32_t i = 0; i < count; ++i)
    if (tokens[i] < 0 || static_cast<uint32_t>(tokens[i]) >= vocabulary)
      return fail(error, invalid, "%s: %d is outside the vocabulary of %u", what, tokens[i], vocabulary);
  return SINTER_OK;
}

/// What a model's configuration forbids or demands.
sinter_status checkForced(const Settings &s, uint32_t vocabulary, sinter_error *error) {
  if (sinter_status status = checkTokens("suppressed tokens", s.suppressed, s.suppressedCount, vocabulary, error);
      status != SINTER_OK)
    return status;
  if (sinter_status status =
          checkTokens("suppressed first tokens", s.suppressedFirst, s.suppressedFirstCount, vocabulary, error);
      status != SINTER_OK)
    return status;
  const int32_t both[] = {s.forcedFirst, s.forcedLast};
  for (int32_t forced : both)
    if (forced < -1 || (forced >= 0 && static_cast<uint32_t>(forced) >= vocabulary))
      return fail(error, invalid, "forced token %d is outside the vocabulary of %u", forced, vocabulary);
  if (s.badWordsSize && !s.badWords)
    return fail(error, invalid, "bad words are announced, but not given");
  for (uint32_t i = 0; i < s.badWordsSize;) {
    int32_t length = s.badWords[i++];
    if (length < 1 || static_cast<uint32_t>(length) > s.badWordsSize - i)
      return fail(error, invalid, "bad words: a sequence of %d tokens cannot lie in the %u that are left", length,
                  s.badWordsSize - i);
    if (sinter_status status =
            checkTokens("bad words", s.badWords + i, static_cast<uint32_t>(length), vocabulary, error);
        status != SINTER_OK)
      return status;
    i += static_cast<uint32_t>(length);
  }
  return SINTER_OK;
}

sinter_status checkBeams(const Settings &s, uint32_t vocabulary, sinter_error *error) {
  if (s.beams == 0 || s.beams > maxBeams)
    return fail(error, invalid, "%u beams were asked for; it must be 1 .. %u", s.beams, maxBeams);
  if (s.returned == 0 || s.returned > s.beams)
    return fail(error, invalid, "%u hypotheses cannot be returned from %u beam%s", s.returned, s.beams,
                s.beams == 1 ? "" : "s");
  if (!(s.lengthPenalty >= -100 && s.lengthPenalty <= 100))
    return fail(error, invalid, "the length penalty is %g; it must lie in -100 .. 100",
                static_cast<double>(s.lengthPenalty));
  if (runtime::rawEnum(s.earlyStopping) > runtime::rawEnum(EarlyStopping::Never))
    return fail(error, invalid, "early stopping is none of no, yes and never");
  if (s.beams == 1) {
    if (s.lengthPenalty != 1)
      return fail(error, invalid, "a length penalty changes nothing without beams");
    if (s.earlyStopping != EarlyStopping::No)
      return fail(error, invalid, "early stopping changes nothing without beams");
    return SINTER_OK;
  }
  if (s.sampling)
    return fail(error, invalid, "beams and sampling exclude each other: beam search keeps the best, sampling draws");
  if (s.topLogProbs)
    return fail(error, invalid, "the most likely tokens are not listed with beams; the chosen tokens' can be");
  // Each step looks at this many continuations, so that `beams` remain where the best ones all end.
  uint32_t wanted = s.stopTokenCount > 1 ? s.stopTokenCount + 1 : 2;
  if (vocabulary < wanted)
    return fail(error, invalid, "beam search with %u stop token%s needs a vocabulary of at least %u, not %u",
                s.stopTokenCount, s.stopTokenCount == 1 ? "" : "s", wanted, vocabulary);
  return SINTER_OK;
}

} // namespace

sinter_status checkSettings(const Settings &settings, uint32_t vocabulary, sinter_error *error) {
  if (vocabulary == 0 || vocabulary > INT32_MAX)
    return fail(error, invalid, "a vocabulary of %u tokens is not possible", vocabulary);
  if (settings.samples == 0 || settings.samples > maxSamples)
    return fail(error, invalid, "%u samples of each prompt were asked for; it must be 1 .. %u", settings.samples,
                maxSamples);
  if (settings.topLogProbs > maxTopLogProbs || settings.topLogProbs > vocabulary)
    return fail(error, invalid, "log-probabilities of %u tokens were asked for; at most %u are possible",
                settings.topLogProbs, vocabulary < maxTopLogProbs ? vocabulary : maxTopLogProbs);
  // Beams first: "beams and sampling" says more than what is wrong with a filter.
  if (sinter_status status = checkBeams(settings, vocabulary, error); status != SINTER_OK)
    return status;
  if (sinter_status status = checkFilters(settings, error); status != SINTER_OK)
    return status;
  if (sinter_status status = checkPenalties(settings, error); status != SINTER_OK)
    return status;
  if (sinter_status status = checkForced(settings, vocabulary, error); status != SINTER_OK)
    return status;
  return checkEnds(settings, vocabulary, error);
}

bool isStopToken(const Settings &settings, int32_t token) {
  for (uint32_t i = 0; i < settings.stopTokenCount; ++i)
    if (settings.stopTokens[i] == token)
      return true;
  return false;
}

int32_t padding(const Settings &settings) {
  return settings.padToken >= 0 ? settings.padToken : settings.stopTokenCount ? settings.stopTokens[0] : -1;
}

Finish afterToken(const Settings &settings, uint32_t newCount, int32_t token) {
  if (isStopToken(settings, token))
    return Finish::StopToken;
  return newCount >= settings.maxNewTokens ? Finish::MaxTokens : Finish::Running;
}

} // namespace sinter::sample
