// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `generate`, as the tool and stand-alone executables have it: a model that is ready and a command line enter; text on
// stdout as it comes, a summary on stderr, JSON or a file of tokens leave. C headers only.

#ifndef SINTER_RUNTIME_EXE_GENERATECOMMAND_H
#define SINTER_RUNTIME_EXE_GENERATECOMMAND_H

#include "runtime/exe/GenerateFlags.h"
#include "runtime/generate/Configuration.h"

namespace sinter::exe {

struct GenerateModel {
  const char *name = "";
  generate::Stepper stepper;
  generate::Configuration configuration;
  const SinterTokenizer *tokenizer = nullptr; ///< null: tokens only
  const SinterChat *chat = nullptr;           ///< null: no template
};

/// SINTER_CANCELLED after ctrl-C: what was made is on stdout and nothing is to be said. Takes SIGINT until it returns.
sinter_status generateCommand(const GenerateModel &model, const GenerateWish &wish, sinter_error *error);

/// Told of a session before it runs anything: whoever wants to listen to it.
struct SessionListener {
  void (*begin)(void *user, sinter_session *session) = nullptr;
  void *user = nullptr;
};

/// The same for an artifact, with a session of its own.
sinter_status generateWithArtifact(const sinter_artifact *artifact, uint32_t threads, const GenerateWish &wish,
                                   sinter_error *error, SessionListener listener = {});

/// The exit code of a shell's ctrl-C.
constexpr int exitInterrupted = 130;

} // namespace sinter::exe

#endif // SINTER_RUNTIME_EXE_GENERATECOMMAND_H
