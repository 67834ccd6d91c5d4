// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds that keep the constructors of terms from running away on strange programs.
#pragma once

#include "passes/raising/Term.h"

namespace sinter::passes::raising {

inline constexpr size_t maxTerms = 20000;
inline constexpr unsigned maxDepth = 400;

/// Counts the constructors that are under way.
struct Terms::Depth {
  explicit Depth(unsigned &depth) : depth(depth), tooDeep(++depth > maxDepth) {}
  ~Depth() { --depth; }
  unsigned &depth;
  bool tooDeep;
};

} // namespace sinter::passes::raising
