// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface through which a fused op says what it is in primitives: for --sinter-decompose, and for whatever knows
// primitives alone.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

#include "ir/interfaces/Decomposable.h.inc"
