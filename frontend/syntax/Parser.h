// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tokens of one text -> its File. Recursive descent with one token of lookahead (two at a member).
// After an error parsing resumes at the next member, statement or declaration.
#ifndef SINTER_FRONTEND_SYNTAX_PARSER_H
#define SINTER_FRONTEND_SYNTAX_PARSER_H

#include "frontend/diagnostics/Diagnostics.h"
#include "frontend/syntax/Ast.h"

namespace sinter::frontend {

/// Parses a text of the engine's SourceManager. Errors go to `diags`; what could be understood is
/// returned all the same, so that later errors of the same text are found in the same run.
File parseFile(FileId file, DiagnosticEngine &diags);

/// Parses one expression, as `--set name=value` or a test writes it; null after an error.
ExprPtr parseExpression(FileId file, DiagnosticEngine &diags);

/// Parses a call such as `lora(rank = 4)`; null after an error.
ExprPtr parseCall(FileId file, DiagnosticEngine &diags);

} // namespace sinter::frontend

#endif
