// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When the tool itself breaks (a signal, a failed assert): one report on stderr that names the phase and a command that
// replays it, then exit code 4. Nothing here is reached on a user's mistake.
#pragma once

#include "tools/sinter/Options.h"

#include <string>

namespace sinter::tool {

/// Installs handlers of SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE; the command line is the replay outside of any phase.
/// Not in sanitizer builds, whose own reports say more.
void installCrashReports(int argc, char **argv);

/// `sinter compile MODEL … --emit STAGE -o /dev/null`: the shortest command that goes as far as a stage.
std::string replayOf(const ModelOptions &options, const std::string &stage);

/// Says which part of the work goes on, for a report. Phases nest; the replay of an outer one counts where `replay` is
/// "". SINTER_DEBUG_ABORT=NAME (or NAME:segv) breaks the tool on purpose where phase NAME begins: the tests of the
/// reports.
class Phase {
public:
  explicit Phase(const std::string &name, const std::string &replay = "");
  ~Phase();
  Phase(const Phase &) = delete;

  /// Prints the report of a break that was survived, with its own replay; returns exitInternal.
  static int reportBreak(const std::string &name, const std::string &replay);
  /// Whether SINTER_DEBUG_ABORT asks for a break here; breaks.
  static void breakIfAsked(const std::string &name);

private:
  std::string outerReport, outerReplay;
};

} // namespace sinter::tool
