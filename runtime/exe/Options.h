// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of a stand-alone executable: argv enters, what to do leaves. Unknown flags, flags that do not belong
// to the command, and missing values are errors that say so.

#ifndef SINTER_RUNTIME_EXE_OPTIONS_H
#define SINTER_RUNTIME_EXE_OPTIONS_H

#include "runtime/exe/GenerateFlags.h"

namespace sinter::exe {

enum class Command { Embed, Generate, Run, Help, Version };

/// --in NAME=FILE, --out NAME=FILE. `name` is not terminated.
struct NamedFile {
  const char *name;
  size_t nameLength;
  const char *file;
};

/// Pointers go into argv; the arrays are malloc'ed once, for the life of the process.
struct Options {
  const char *program = "";
  Command command = Command::Embed;
  bool json = false, ids = false, compare = false, truncate = false, allowNotFinite = false;
  uint32_t threads = 0;
  const char **texts = nullptr;
  uint32_t numTexts = 0;
  const char *function = "forward";
  const char *adapters = nullptr; ///< a file of adapter tables
  NamedFile *ins = nullptr, *outs = nullptr;
  uint32_t numIns = 0, numOuts = 0;
  GenerateWish *generate = nullptr; ///< of Command::Generate
};

/// SINTER_INVALID_ARGUMENT with a sentence for a wrong command line. `generates`: the model does, and a command line
/// without a command asks for that.
sinter_status parseOptions(int argc, char **argv, bool generates, Options *options, sinter_error *error);

} // namespace sinter::exe

#endif // SINTER_RUNTIME_EXE_OPTIONS_H
