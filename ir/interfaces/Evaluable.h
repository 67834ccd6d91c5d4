// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface through which the reference interpreter asks an op what it means. `Frame` is in
// ir/reference/Frame.h; ops only hand it through.
#pragma once

#include "mlir/IR/OpDefinition.h"

namespace sinter::ir {
class Frame;
}

#include "ir/interfaces/Evaluable.h.inc"
