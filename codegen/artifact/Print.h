// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An artifact's functions, plans and places as text, for people and for tests (`--emit plan`).
#pragma once

#include "codegen/artifact/Artifact.h"

namespace sinter::codegen {

/// The first variant's plan. Launches print as `name(grid) operands -> site`, operands as `space[index]+offset`.
std::string printPlan(const Artifact &artifact);

} // namespace sinter::codegen
