// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface through which a primitive says what it knows about time.
#pragma once

#include "mlir/IR/OpDefinition.h"

namespace sinter::ir {
class TimeFacts;
class TimeRows;
struct RowSets;
}

#include "ir/interfaces/TimeAware.h.inc"
