// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything the tool says on stderr, as text or (`--error-format=json`) as one JSON object a line. docs/cli.md is the
// contract.
#pragma once

#include "sinter/sinter.h"
#include "tools/sinter/Options.h"

#include <string>
#include <string_view>

namespace sinter::tool {

enum class ErrorFormat { Text, Json };

/// For the whole process; set once, before any command runs.
void setErrorFormat(ErrorFormat format);
ErrorFormat errorFormat();

/// One line "sinter: error: ..." on stderr; returns `code`.
int fail(ExitCode code, const std::string &message);

/// Text for people goes to '-' or no path at all (stdout) as it is, into devices in place, into files atomically.
int writeText(const std::string &path, const std::string &text);

/// Whose fault a status of the runtime is.
ExitCode exitOf(sinter_status status);

/// A message of a later stage: severity "error", "warning", "note" or "remark"; site "file:line:column" or "".
void say(std::string_view severity, std::string_view site, std::string_view message);

} // namespace sinter::tool
