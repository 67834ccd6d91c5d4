// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Syntax tree -> canonical text (`--emit ast`). The text parses to the same tree, so printing it
// again changes nothing. Comments other than `##` are gone.
#ifndef SINTER_FRONTEND_SYNTAX_PRINTER_H
#define SINTER_FRONTEND_SYNTAX_PRINTER_H

#include "frontend/syntax/Ast.h"

namespace sinter::frontend {

std::string print(const File &file);

} // namespace sinter::frontend

#endif
