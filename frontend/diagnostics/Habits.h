// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Words of other languages -> how the same is said here. For the help line of an error that stands at such a word.
#ifndef SINTER_FRONTEND_DIAGNOSTICS_HABITS_H
#define SINTER_FRONTEND_DIAGNOSTICS_HABITS_H

#include <string_view>

namespace sinter::frontend {

/// "" if the word is nobody's habit. Static storage.
std::string_view habitOf(std::string_view word);

} // namespace sinter::frontend

#endif
