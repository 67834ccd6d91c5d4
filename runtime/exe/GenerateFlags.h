// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of `generate`, written once: `sinter generate` makes its command line from this table, stand-alone
// executables read theirs by it. What was given is kept apart from the model's own defaults, which are known only when
// the model is. C headers only.

#ifndef SINTER_RUNTIME_EXE_GENERATEFLAGS_H
#define SINTER_RUNTIME_EXE_GENERATEFLAGS_H

#include "runtime/generate/List.h"
#include "sinter/sinter.h"

namespace sinter::exe {

enum class FlagKind : uint8_t { Switch, Count, Seed, Real, Text, Token, Choice };

struct GenerateFlag {
  const char *name;  ///< "--top-k"
  const char *brief; ///< "-p", or null
  const char *value; ///< what it takes, "N"; null for a switch; of a choice what may stand behind its =, the first if nothing
  const char *help;
  FlagKind kind;
  bool repeats;
  uint16_t offset; ///< of the number in sinter_generate_options; noOffset: GenerateWish has it
};
constexpr uint16_t noOffset = 0xffff;
extern const GenerateFlag generateFlags[];
extern const uint32_t generateFlagCount;

/// A turn of a conversation.
struct Turn {
  const char *role, *text;
};

/// What the command line asks for. Texts are borrowed.
struct GenerateWish {
  uint64_t given = 0;              ///< bit i: generateFlags[i] was
  sinter_generate_options options = {}; ///< the numbers that were given
  generate::List<const char *> prompts, stopStrings;
  generate::List<int32_t> stopTokens;
  generate::List<int32_t> adapters; ///< one for all prompts or one for each, -1: none
  generate::List<Turn> turns; ///< prompts among them, in order
  const char *promptFile = nullptr, *messages = nullptr, *tokens = nullptr, *mask = nullptr, *outTokens = nullptr;
  bool chat = false, sample = false, greedy = false, json = false;
};

/// One flag as it comes; `value` is null for a switch. SINTER_INVALID_ARGUMENT with a sentence that names the flag.
sinter_status giveFlag(GenerateWish *wish, uint32_t flag, const char *value, sinter_error *error);

/// The flag of that spelling ("--top-k", "-p"), -1 if there is none.
int findGenerateFlag(const char *word, size_t length);

/// What cannot be said together, or says too little; SINTER_INVALID_ARGUMENT.
sinter_status checkWish(const GenerateWish &wish, sinter_error *error);

/// Which strategy the flags ask for.
sinter_strategy strategyOf(const GenerateWish &wish);

/// The given numbers over the model's own.
void overlay(const GenerateWish &wish, sinter_generate_options *options);

} // namespace sinter::exe

#endif // SINTER_RUNTIME_EXE_GENERATEFLAGS_H
