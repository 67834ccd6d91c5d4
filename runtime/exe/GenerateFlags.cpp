// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of options of `generate`, and how each is read; see GenerateFlags.h.

#include "runtime/exe/GenerateFlags.h"

#include "runtime/core/Error.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

using sinter::runtime::fail;

namespace sinter::exe {

#define NUMBER(field) static_cast<uint16_t>(offsetof(sinter_generate_options, field))
#define OF_WISH noOffset

const GenerateFlag generateFlags[] = {
    // What to go on from.
    {"--prompt", "-p", "TEXT", "a prompt (of an encoder-decoder: the source); several make a batch", FlagKind::Text, true, OF_WISH},
    {"--prompt-file", nullptr, "FILE", "a file that is one prompt", FlagKind::Text, false, OF_WISH},
    {"--chat", nullptr, nullptr, "prompts are turns of one conversation, through the model's chat template", FlagKind::Switch, false, OF_WISH},
    {"--system", nullptr, "TEXT", "a system turn (with --chat)", FlagKind::Text, true, OF_WISH},
    {"--assistant", nullptr, "TEXT", "an answer given before (with --chat)", FlagKind::Text, true, OF_WISH},
    {"--messages", nullptr, "FILE.json", "a conversation: a list of {\"role\", \"content\"}, or an object with \"messages\" (with --chat)", FlagKind::Text, false, OF_WISH},
    {"--tokens", nullptr, "FILE.npy", "prompts as tokens, [B, T]", FlagKind::Text, false, OF_WISH},
    {"--mask", nullptr, "FILE.npy", "ones where tokens count, then zeros, [B, T] (with --tokens)", FlagKind::Text, false, OF_WISH},
    {"--use", nullptr, "N", "of several --adapter the one for each prompt, from 0 (-1: none); one number is for all, several are separated by commas", FlagKind::Text, true, OF_WISH},
    {"--out-tokens", nullptr, "FILE.npy", "write the new tokens, int32 [B, N], padded behind", FlagKind::Text, false, OF_WISH},
    // How much.
    {"--max-new-tokens", nullptr, "N", "at most so many new tokens (default: as the folder says, else 256 or what fits)", FlagKind::Count, false, NUMBER(max_new_tokens)},
    {"--min-new-tokens", nullptr, "N", "no end before so many new tokens", FlagKind::Count, false, NUMBER(min_new_tokens)},
    {"--max-tokens", nullptr, "N", "most tokens of prompt and answer (default: as many as the model takes)", FlagKind::Count, false, NUMBER(max_tokens)},
    {"--ignore-eos", nullptr, nullptr, "the model's end tokens are ordinary ones", FlagKind::Switch, false, NUMBER(ignore_eos)},
    {"--stop", nullptr, "TEXT", "end where this text appears; it is not printed", FlagKind::Text, true, OF_WISH},
    {"--stop-token", nullptr, "ID", "end at this token, too", FlagKind::Token, true, OF_WISH},
    // How.
    {"--greedy", nullptr, nullptr, "the best token each time, whatever the folder says", FlagKind::Switch, false, OF_WISH},
    {"--sample", nullptr, nullptr, "draw tokens", FlagKind::Switch, false, OF_WISH},
    {"--seed", nullptr, "N", "of the draws: the same seed gives the same tokens", FlagKind::Seed, false, NUMBER(seed)},
    {"--samples", nullptr, "N", "so many answers to each prompt", FlagKind::Count, false, NUMBER(samples)},
    {"--temperature", nullptr, "X", "divides logits: below 1 likely tokens become likelier", FlagKind::Real, false, NUMBER(temperature)},
    {"--top-k", nullptr, "N", "draw from the N best tokens", FlagKind::Count, false, NUMBER(top_k)},
    {"--top-p", nullptr, "X", "draw from the fewest tokens that have this probability together", FlagKind::Real, false, NUMBER(top_p)},
    {"--min-p", nullptr, "X", "draw from tokens at least X times as likely as the best one", FlagKind::Real, false, NUMBER(min_p)},
    {"--epsilon-cutoff", nullptr, "X", "draw from tokens at least so likely", FlagKind::Real, false, NUMBER(epsilon_cutoff)},
    {"--eta-cutoff", nullptr, "X", "the same, with a border that follows the entropy", FlagKind::Real, false, NUMBER(eta_cutoff)},
    {"--repetition-penalty", nullptr, "X", "divides the scores of tokens that were there (1: none)", FlagKind::Real, false, NUMBER(repetition_penalty)},
    {"--presence-penalty", nullptr, "X", "subtracted from the score of each new token that was there", FlagKind::Real, false, NUMBER(presence_penalty)},
    {"--frequency-penalty", nullptr, "X", "subtracted for each time that it was there", FlagKind::Real, false, NUMBER(frequency_penalty)},
    {"--no-repeat-ngram", nullptr, "N", "no N tokens twice", FlagKind::Count, false, NUMBER(no_repeat_ngram)},
    {"--beams", nullptr, "N", "beam search with N beams (1: none)", FlagKind::Count, false, NUMBER(beams)},
    {"--return", nullptr, "N", "the N best of the beams", FlagKind::Count, false, NUMBER(returned)},
    {"--length-penalty", nullptr, "X", "beams: score / length ^ X", FlagKind::Real, false, NUMBER(length_penalty)},
    {"--early-stopping", nullptr, "yes|no|never", "beams: a prompt is done when as many answers are finished; =no, when no better one is likely; =never, possible", FlagKind::Choice, false, NUMBER(early_stopping)},
    // What is told.
    {"--logprobs", nullptr, nullptr, "log-probability of each token (with --json)", FlagKind::Switch, false, NUMBER(log_probs)},
    {"--top-logprobs", nullptr, "N", "and of the N most likely ones (with --json)", FlagKind::Count, false, NUMBER(top_log_probs)},
    {"--show-special", nullptr, nullptr, "print special tokens, too", FlagKind::Switch, false, NUMBER(show_special)},
    {"--json", nullptr, nullptr, "print JSON when all is done", FlagKind::Switch, false, OF_WISH},
    {"--chunk", nullptr, "N", "read prompts in chunks of so many tokens; the answer is the same", FlagKind::Count, false, NUMBER(chunk)},
};
const uint32_t generateFlagCount = sizeof(generateFlags) / sizeof(generateFlags[0]);
static_assert(sizeof(generateFlags) / sizeof(generateFlags[0]) <= 64, "GenerateWish::given has a bit for each");

namespace {

constexpr sinter_status invalid = SINTER_INVALID_ARGUMENT;

bool is(const GenerateFlag &flag, const char *name) { return strcmp(flag.name, name) == 0; }

bool wasGiven(const GenerateWish &wish, const char *name) {
  return wish.given >> findGenerateFlag(name, strlen(name)) & 1;
}

/// Where the number lies; max_tokens and seed have 64 bits, all others 32.
bool isWide(const GenerateFlag &flag) { return flag.offset == NUMBER(max_tokens) || flag.offset == NUMBER(seed); }
void store(sinter_generate_options *options, const GenerateFlag &flag, const void *from) {
  memcpy(reinterpret_cast<char *>(options) + flag.offset, from, isWide(flag) ? 8 : 4);
}

sinter_status readNumber(const GenerateFlag &flag, const char *value, uint64_t most, uint64_t *out,
                         sinter_error *error) {
  char *end;
  errno = 0;
  unsigned long long number = strtoull(value, &end, 10);
  if (*value < '0' || *value > '9' || *end || errno || number > most)
    return fail(error, invalid, "%s takes a number from 0 to %llu, not '%.100s'", flag.name,
                static_cast<unsigned long long>(most), value);
  *out = number;
  return SINTER_OK;
}

sinter_status giveNumber(GenerateWish *wish, const GenerateFlag &flag, const char *value, sinter_error *error) {
  uint64_t number = 1;
  float real = 0;
  char *end;
  switch (flag.kind) {
  case FlagKind::Switch:
    break;
  case FlagKind::Real:
    real = strtof(value, &end);
    if (end == value || *end || !(real > -3.4e38f && real < 3.4e38f))
      return fail(error, invalid, "%s takes a number, not '%.100s'", flag.name, value);
    store(&wish->options, flag, &real);
    return SINTER_OK;
  case FlagKind::Choice: {
    static const char *const words[] = {"no", "yes", "never"};
    for (number = 0; number < 3 && strcmp(words[number], value ? value : "yes") != 0;)
      ++number;
    if (number == 3)
      return fail(error, invalid, "%s may be =yes, =no or =never, not '%.100s'", flag.name, value);
    break;
  }
  default:
    if (sinter_status status = readNumber(flag, value,
                                          flag.kind == FlagKind::Seed ? UINT64_MAX
                                          : isWide(flag)              ? INT64_MAX
                                                                      : INT32_MAX,
                                          &number, error);
        status != SINTER_OK)
      return status;
  }
  store(&wish->options, flag, &number);
  return SINTER_OK;
}

/// Numbers from -1, separated by commas.
sinter_status giveAdapters(GenerateWish *wish, const GenerateFlag &flag, const char *value, sinter_error *error) {
  for (const char *at = value;; ++at) {
    char *end;
    errno = 0;
    long number = strtol(at, &end, 10);
    bool isNumber = (*at == '-' || (*at >= '0' && *at <= '9')) && end != at && !errno;
    if (!isNumber || (*end && *end != ',') || number < -1 || number >= INT32_MAX)
      return fail(error, invalid, "%s takes numbers of adapters, from 0, or -1 for none, not '%.100s'", flag.name, value);
    if (!wish->adapters.push(static_cast<int32_t>(number)))
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the command line");
    if (!*end)
      return SINTER_OK;
    at = end;
  }
}

bool giveText(GenerateWish *wish, const GenerateFlag &flag, const char *value) {
  if (is(flag, "--prompt"))
    return wish->prompts.push(value) && wish->turns.push({"user", value});
  if (is(flag, "--system"))
    return wish->turns.push({"system", value});
  if (is(flag, "--assistant"))
    return wish->turns.push({"assistant", value});
  if (is(flag, "--stop"))
    return wish->stopStrings.push(value);
  const char **to = is(flag, "--prompt-file") ? &wish->promptFile
                    : is(flag, "--messages")  ? &wish->messages
                    : is(flag, "--tokens")    ? &wish->tokens
                    : is(flag, "--mask")      ? &wish->mask
                                              : &wish->outTokens;
  *to = value;
  return true;
}

} // namespace

int findGenerateFlag(const char *word, size_t length) {
  auto spells = [&](const char *name) { return name && strlen(name) == length && memcmp(name, word, length) == 0; };
  for (uint32_t i = 0; i < generateFlagCount; ++i)
    if (spells(generateFlags[i].name) || spells(generateFlags[i].brief))
      return static_cast<int>(i);
  return -1;
}

sinter_status giveFlag(GenerateWish *wish, uint32_t number, const char *value, sinter_error *error) {
  const GenerateFlag &flag = generateFlags[number];
  if (!flag.repeats && wish->given >> number & 1)
    return fail(error, invalid, "%s is given twice", flag.name);
  wish->given |= uint64_t{1} << number;
  if (flag.offset != noOffset)
    return giveNumber(wish, flag, value, error);
  if (flag.kind == FlagKind::Switch) {
    (is(flag, "--chat")     ? wish->chat
     : is(flag, "--sample") ? wish->sample
     : is(flag, "--greedy") ? wish->greedy
                            : wish->json) = true;
    return SINTER_OK;
  }
  if (is(flag, "--use"))
    return giveAdapters(wish, flag, value, error);
  uint64_t token = 0;
  if (flag.kind == FlagKind::Token)
    if (sinter_status status = readNumber(flag, value, INT32_MAX, &token, error); status != SINTER_OK)
      return status;
  bool fits = flag.kind == FlagKind::Token ? wish->stopTokens.push(static_cast<int32_t>(token))
                                           : giveText(wish, flag, value);
  return fits ? SINTER_OK : fail(error, SINTER_OUT_OF_MEMORY, "no memory for the command line");
}

sinter_status checkWish(const GenerateWish &wish, sinter_error *error) {
  int ways = (wish.prompts.size > 0 || (wish.chat && wish.turns.size > 0)) + (wish.promptFile != nullptr) +
             (wish.tokens != nullptr) + (wish.messages != nullptr);
  if (ways == 0)
    return fail(error, invalid, "nothing to go on from: give -p TEXT, --prompt-file, --tokens or --messages");
  if (ways > 1 && !(wish.chat && wish.promptFile && wish.turns.size && ways == 2))
    return fail(error, invalid, "prompts are given in two ways: -p, --prompt-file, --tokens and --messages exclude each other");
  if (!wish.chat && (wish.messages || wasGiven(wish, "--system") || wasGiven(wish, "--assistant")))
    return fail(error, invalid, "--system, --assistant and --messages are of a conversation: add --chat");
  if (wish.chat && wish.tokens)
    return fail(error, invalid, "--chat makes tokens of a conversation, --tokens are tokens already");
  if (wish.mask && !wish.tokens)
    return fail(error, invalid, "--mask belongs to --tokens");
  if (wish.sample && wish.greedy)
    return fail(error, invalid, "--sample and --greedy exclude each other");
  bool beams = wasGiven(wish, "--beams") && wish.options.beams > 1;
  if (beams && (wish.sample || wish.greedy))
    return fail(error, invalid, "--beams and %s exclude each other", wish.sample ? "--sample" : "--greedy");
  if (!wish.json && (wish.options.log_probs || wish.options.top_log_probs))
    return fail(error, invalid, "log-probabilities are printed as JSON: add --json");
  static const char *const positive[] = {"--max-new-tokens", "--max-tokens", "--chunk"};
  for (const char *name : positive)
    if (uint64_t value = 0; wasGiven(wish, name)) {
      const GenerateFlag &flag = generateFlags[findGenerateFlag(name, strlen(name))];
      memcpy(&value, reinterpret_cast<const char *>(&wish.options) + flag.offset, isWide(flag) ? 8 : 4);
      if (!value)
        return fail(error, invalid, "%s must be at least 1", name);
    }
  return SINTER_OK;
}

sinter_strategy strategyOf(const GenerateWish &wish) {
  if (wish.sample)
    return SINTER_SAMPLING;
  if (wasGiven(wish, "--beams"))
    return wish.options.beams > 1 ? SINTER_BEAMS : SINTER_GREEDY;
  return wish.greedy ? SINTER_GREEDY : SINTER_AS_CONFIGURED;
}

void overlay(const GenerateWish &wish, sinter_generate_options *options) {
  for (uint32_t i = 0; i < generateFlagCount; ++i)
    if (generateFlags[i].offset != noOffset && wish.given >> i & 1)
      store(options, generateFlags[i], reinterpret_cast<const char *>(&wish.options) + generateFlags[i].offset);
  // A number of new tokens beats the folder's length of all.
  if (wasGiven(wish, "--max-new-tokens"))
    options->max_length = 0;
  if (wasGiven(wish, "--min-new-tokens"))
    options->min_length = 0;
  options->stop_tokens = wish.stopTokens.data;
  options->stop_token_count = static_cast<uint32_t>(wish.stopTokens.size);
}

} // namespace sinter::exe
