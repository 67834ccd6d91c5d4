// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values of the sinter dialect are known once the parameters are.
#pragma once

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace sinter::passes {

/// Whether the value depends on parameters and constants alone. `known` keeps answers; the IR must not change between.
bool isParameterOnly(mlir::Value value, llvm::DenseMap<mlir::Value, bool> &known);

} // namespace sinter::passes
