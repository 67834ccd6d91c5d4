// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// argv into Options; see Options.h.

#include "runtime/exe/Options.h"
#include "runtime/core/Artifact.h"

#include <stdlib.h>
#include <string.h>

using namespace sinter::runtime;

namespace sinter::exe {
namespace {

struct Parser {
  int argc;
  char **argv;
  Options *options;
  sinter_error *error;
  int at = 1;

  /// The value of a flag, "--flag value" or "--flag=value"; null with an error if it is missing.
  const char *value(const char *flag, const char *equals) {
    if (equals)
      return equals + 1;
    if (at + 1 < argc)
      return argv[++at];
    fail(error, SINTER_INVALID_ARGUMENT, "%.100s needs a value", flag);
    return nullptr;
  }

  sinter_status addFile(const char *flag, const char *text, NamedFile *files, uint32_t *count) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1])
      return fail(error, SINTER_INVALID_ARGUMENT, "%s takes NAME=FILE.npy, not '%.200s'", flag, text);
    size_t length = static_cast<size_t>(equals - text);
    for (uint32_t i = 0; i < *count; ++i)
      if (files[i].nameLength == length && memcmp(files[i].name, text, length) == 0)
        return fail(error, SINTER_INVALID_ARGUMENT, "%s names '%.*s' twice", flag, static_cast<int>(length), text);
    files[(*count)++] = {text, length, equals + 1};
    return SINTER_OK;
  }

  sinter_status takeThreads(const char *text) {
    char *end;
    unsigned long threads = strtoul(text, &end, 10);
    if (end == text || *end || threads < 1 || threads > 256 || *text < '0' || *text > '9')
      return fail(error, SINTER_INVALID_ARGUMENT, "--threads takes a number from 1 to 256, not '%.100s'", text);
    options->threads = static_cast<uint32_t>(threads);
    return SINTER_OK;
  }

  /// "--name" or "--name=...": does `argument` spell that flag? *equals is where the value begins.
  static bool is(const char *argument, const char *name, const char **equals) {
    size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || (argument[length] && argument[length] != '='))
      return false;
    *equals = argument[length] ? argument + length : nullptr;
    return true;
  }

  sinter_status takeSwitch(const char *argument) {
    struct Switch {
      const char *name;
      bool *value;
      bool embedOnly;
    };
    Switch switches[] = {{"--json", &options->json, true},
                         {"--ids", &options->ids, true},
                         {"--compare", &options->compare, true},
                         {"--truncate", &options->truncate, true},
                         {"--allow-not-finite", &options->allowNotFinite, false}};
    for (const Switch &s : switches) {
      if (strcmp(argument, s.name) != 0 || (s.embedOnly && options->command != Command::Embed))
        continue;
      *s.value = true;
      return SINTER_OK;
    }
    return fail(error, SINTER_INVALID_ARGUMENT, "unknown flag '%.200s'%s (see --help)", argument,
                options->command == Command::Run ? " for run" : "");
  }

  sinter_status takeFlag(const char *argument) {
    const char *equals;
    bool isRun = options->command == Command::Run;
    if (is(argument, "--threads", &equals)) {
      const char *text = value("--threads", equals);
      return text ? takeThreads(text) : SINTER_INVALID_ARGUMENT;
    }
    if (is(argument, "--adapter-weights", &equals)) {
      options->adapters = value("--adapter-weights", equals);
      return options->adapters ? SINTER_OK : SINTER_INVALID_ARGUMENT;
    }
    bool in = isRun && is(argument, "--in", &equals);
    bool out = isRun && !in && is(argument, "--out", &equals);
    if (in || out) {
      const char *flag = in ? "--in" : "--out", *text = value(flag, equals);
      if (!text)
        return SINTER_INVALID_ARGUMENT;
      return in ? addFile(flag, text, options->ins, &options->numIns)
                : addFile(flag, text, options->outs, &options->numOuts);
    }
    if (isRun && is(argument, "--fn", &equals)) {
      const char *text = value("--fn", equals);
      options->function = text ? text : options->function;
      return text ? SINTER_OK : SINTER_INVALID_ARGUMENT;
    }
    if (options->command == Command::Generate)
      return takeGenerate(argument);
    return takeSwitch(argument);
  }

  /// A flag of the table that the tool shares.
  sinter_status takeGenerate(const char *argument) {
    const char *equals = argument[1] == '-' ? strchr(argument, '=') : nullptr;
    int flag = findGenerateFlag(argument, equals ? static_cast<size_t>(equals - argument) : strlen(argument));
    if (flag < 0)
      return fail(error, SINTER_INVALID_ARGUMENT, "unknown flag '%.200s' (see --help)", argument);
    const GenerateFlag &info = generateFlags[flag];
    if (!info.value && equals)
      return fail(error, SINTER_INVALID_ARGUMENT, "%s takes no value", info.name);
    bool isChoice = info.kind == FlagKind::Choice; // its value stands behind = alone
    const char *text = isChoice ? (equals ? equals + 1 : nullptr) : info.value ? value(info.name, equals) : nullptr;
    if (info.value && !text && !isChoice)
      return SINTER_INVALID_ARGUMENT;
    return giveFlag(options->generate, static_cast<uint32_t>(flag), text, error);
  }

  sinter_status parse(bool generates) {
    if (argc > 1 && strcmp(argv[1], "run") == 0) {
      options->command = Command::Run;
      ++at;
    } else if (generates) {
      options->command = Command::Generate;
      at += argc > 1 && strcmp(argv[1], "generate") == 0;
    }
    bool flags = true;
    for (; at < argc; ++at) {
      const char *argument = argv[at];
      if (flags && strcmp(argument, "--") == 0) {
        flags = false;
      } else if (flags && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)) {
        options->command = Command::Help;
        return SINTER_OK;
      } else if (flags && strcmp(argument, "--version") == 0) {
        options->command = Command::Version;
        return SINTER_OK;
      } else if (flags && argument[0] == '-' && argument[1]) {
        SINTER_TRY(takeFlag(argument));
      } else if (options->command == Command::Run) {
        return fail(error, SINTER_INVALID_ARGUMENT, "run takes flags only, not '%.200s'", argument);
      } else if (options->command == Command::Generate) {
        return fail(error, SINTER_INVALID_ARGUMENT, "'%.200s' is no flag: a prompt is given with -p", argument);
      } else {
        options->texts[options->numTexts++] = argument;
      }
    }
    if (options->command == Command::Generate)
      return checkWish(*options->generate, error);
    if (options->ids && (!options->json || options->compare))
      return fail(error, SINTER_INVALID_ARGUMENT, "--ids goes with --json and without --compare");
    if (options->command == Command::Embed && options->numTexts == 0)
      return fail(error, SINTER_INVALID_ARGUMENT, "nothing to do: give a text in quotes (see --help)");
    if (options->command == Command::Run && options->numOuts == 0)
      return fail(error, SINTER_INVALID_ARGUMENT, "nothing to do: run needs an --out NAME=FILE.npy (see --help)");
    return SINTER_OK;
  }
};

} // namespace

sinter_status parseOptions(int argc, char **argv, bool generates, Options *options, sinter_error *error) {
  const char *name = argc > 0 && argv[0] ? argv[0] : "sinter-stub";
  const char *slash = strrchr(name, '/');
  options->program = slash ? slash + 1 : name;
  size_t most = static_cast<size_t>(argc) + 1;
  options->texts = static_cast<const char **>(calloc(most, sizeof(const char *)));
  options->ins = static_cast<NamedFile *>(calloc(most, sizeof(NamedFile)));
  options->outs = static_cast<NamedFile *>(calloc(most, sizeof(NamedFile)));
  void *wish = malloc(sizeof(GenerateWish));
  if (!options->texts || !options->ins || !options->outs || !wish)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the command line");
  options->generate = new (SinterPlace{wish}) GenerateWish();
  Parser parser = {argc, argv, options, error};
  return parser.parse(generates);
}

} // namespace sinter::exe
