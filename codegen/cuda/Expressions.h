// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dimensions, index maps and scalar ops as CUDA C++ expressions. Private to the room.
#pragma once

#include "ir/kernel/Kernel.h"
#include <string>

namespace sinter::cuda {

/// The C++ type of a scalar in a register, and of an element in memory ("float", "int", "bool" / "unsigned char").
std::string registerType(mlir::Type type);
std::string memoryType(mlir::Type type);

/// The name of a symbol as a C++ name that none of the kernel's own names is.
std::string symbolName(llvm::StringRef symbol);

/// A dimension as an expression of int64; atomic or in parentheses where it is part of a product.
std::string dimText(const Dim &dim, bool isFactor = false);

/// Index expressions over d0, d1, ...; may call floorDiv and floorMod.
std::string indexText(mlir::AffineExpr expr, llvm::ArrayRef<Dim> symbols);

/// The right-hand side for one op of a region, from the names of its operands; "" if the op has no CUDA text.
std::string opText(mlir::Operation &op, llvm::ArrayRef<std::string> operands);

/// Definitions of those device functions of ours (floorDiv, sinterExp, foldSum, ...) that `code` calls, in one order;
/// "" if it calls none.
std::string helpersFor(llvm::StringRef code);

/// Whether `name` stands in `code` as a word.
bool usesName(llvm::StringRef code, llvm::StringRef name);

} // namespace sinter::cuda
