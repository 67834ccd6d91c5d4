// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A text -> the same text in the house's layout (`sinter fmt`). Works on tokens and comments, not on the
// tree: comments stay, and so do the author's line breaks and the columns inside a line.
#ifndef SINTER_FRONTEND_SYNTAX_FORMAT_H
#define SINTER_FRONTEND_SYNTAX_FORMAT_H

#include "frontend/diagnostics/Diagnostics.h"

#include <optional>
#include <string>

namespace sinter::frontend {

/// Nullopt after an error was reported: a text that does not parse is left alone. Formatting the result
/// again changes nothing, and it has the same tokens and comments, at the same line breaks, as the text had.
///
/// * two blanks a level of `{}`; a line that continues a statement keeps its distance to the statement;
/// * one blank or none between two tokens, by their kinds; more are kept where columns are made: before `=`,
///   `as`, `|`, `->`, `{`, `if` and comments, after a `:` that declares, and between members of one line;
/// * at most one empty line in a row, none at the begin or end of a text or of a block; no trailing blanks; no byte order mark.
std::optional<std::string> formatText(FileId file, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif
