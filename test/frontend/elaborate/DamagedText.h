// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texts that still pass the parser and, often, the resolver, but mean something else: for the stages behind.
#ifndef SINTER_TEST_FRONTEND_ELABORATE_DAMAGEDTEXT_H
#define SINTER_TEST_FRONTEND_ELABORATE_DAMAGEDTEXT_H

#include "test/frontend/Random.h"

#include <string>

namespace sinter::frontend::test {

/// Short, and made of everything that elaboration does. Its model is M.
extern const char *const wholeLanguage;

/// Operators become operators, atoms other atoms, a name one that stands near.
std::string swapWords(std::string text, Random &random);

/// Of this process so far; 0 where the sanitizers' own memory would be judged.
long peakMegabytes();

} // namespace sinter::frontend::test

#endif
