// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions of an artifact: postfix words over a function's symbols enter, numbers or texts leave. An expression is
// proved once, when the artifact is opened (checkExpr); evaluating it later can only fail by overflow or by a division
// by zero. C headers only; any thread.

#ifndef SINTER_RUNTIME_CORE_EXPR_H
#define SINTER_RUNTIME_CORE_EXPR_H

#include "runtime/core/Error.h"
#include "sinter/abi.h"

namespace sinter::runtime {

/// The words of section CODE.
struct Code {
  const int64_t *words = nullptr;
  uint64_t count = 0;
};

/// What is wrong with the expression, or null: it lies in the code, uses symbols below `symbols` only, and leaves one
/// number with at most SINTER_MAX_STACK waiting.
const char *checkExpr(Code code, SinterExpr expr, uint32_t symbols);

/// The value; false on overflow or division by zero. `expr` has passed checkExpr.
bool evaluate(Code code, SinterExpr expr, const int64_t *symbols, int64_t *value);

/// The symbol that the expression is, alone; -1 if it is anything else.
int loneSymbol(Code code, SinterExpr expr);

/// Ordinary notation, "2 * T + 1"; `names` are the symbols'. What is too long or too deep is shown as "...".
void addExpr(TextBuffer &text, Code code, SinterExpr expr, const char *const *names);

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_EXPR_H
