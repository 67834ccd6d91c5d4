// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a stand-alone executable can do with its artifact. Each returns a status; results go to standard output or
// files.

#ifndef SINTER_RUNTIME_EXE_COMMANDS_H
#define SINTER_RUNTIME_EXE_COMMANDS_H

#include "runtime/exe/Options.h"

namespace sinter::exe {

/// Embeds each text; prints lines, JSON or similarities.
sinter_status embedCommand(const sinter_artifact *artifact, const Options &options, sinter_error *error);
/// Runs one function on .npy files.
sinter_status runCommand(const sinter_artifact *artifact, const Options &options, sinter_error *error);
/// Usage, with the functions that this artifact has.
void printHelp(const sinter_artifact *artifact, const Options &options);
void printVersion(const sinter_artifact *artifact, const Options &options);

} // namespace sinter::exe

#endif // SINTER_RUNTIME_EXE_COMMANDS_H
