// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A skeleton enters; what it costs and where it comes from leave, for profiles, `bench` and the graph's page: work and
// bytes as polynomials of the sizes, lines of the text, names of the weights that it reads. Knows no machine.
#pragma once

#include "codegen/artifact/Artifact.h"

#include "mlir/IR/Operation.h"

namespace sinter::codegen {

/// Of one launch. Anything but a skeleton costs nothing.
Cost costOf(mlir::Operation *op);

/// "bert.sinter:41", sorted, once each: the lines of the text that the op, or anything in its regions, was made from.
/// Loops are not looked into.
std::vector<std::string> linesOf(mlir::Operation *op);

/// Which parameter or prepared weight a value is, whole or a repeat's slice of it; "" if neither.
std::string weightOf(mlir::Value value);

} // namespace sinter::codegen
