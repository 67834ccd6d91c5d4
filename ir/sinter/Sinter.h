// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `sinter` dialect: types, attributes and ops, for every user. See SinterBase.td and its neighbours.
#pragma once

#include "ir/dim/Dim.h"
#include "ir/interfaces/Decomposable.h"
#include "ir/interfaces/Evaluable.h"
#include "ir/interfaces/TimeAware.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <array>

#include "ir/sinter/SinterOpsDialect.h.inc"
#include "ir/sinter/SinterOpsEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "ir/sinter/SinterOpsAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/sinter/SinterOpsTypes.h.inc"
#define GET_OP_CLASSES
#include "ir/sinter/SinterOps.h.inc"

namespace sinter::ir {

/// Constants of more elements are neither folded nor materialized element by element.
inline constexpr int64_t maxFoldedElements = 4096;

/// Bare text of a dimension, `T + 1`. For assembly formats.
mlir::ParseResult parseDim(mlir::AsmParser &parser, DimAttr &dim);
void printDim(mlir::AsmPrinter &printer, DimAttr dim);
inline void printDim(mlir::OpAsmPrinter &printer, mlir::Operation *, DimAttr dim) { printDim(printer, dim); }
/// `%x at <(d0, d1) -> (d1)>`: not `#sinter.map<...>`, since upstream's parser takes `#` after a value for the number
/// of a result, and `: type` after an attribute for the attribute's type.
mlir::ParseResult parseMapped(mlir::OpAsmParser &parser, mlir::OpAsmParser::UnresolvedOperand &operand,
                              IndexMapAttr &map);
void printMapped(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::Value operand, IndexMapAttr map);
/// `[1.5, -3.4028234663852886E+38]`: every digit that tells a double from its neighbours, unlike upstream's array.
mlir::ParseResult parseValues(mlir::OpAsmParser &parser, mlir::DenseF64ArrayAttr &values);
void printValues(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::DenseF64ArrayAttr values);
/// `[B, T + 1]`.
mlir::ParseResult parseDims(mlir::AsmParser &parser, llvm::SmallVectorImpl<DimAttr> &dims);
void printDims(mlir::AsmPrinter &printer, llvm::ArrayRef<DimAttr> dims);

/// `[B, T, 768]`, for messages.
std::string dimsText(llvm::ArrayRef<DimAttr> dims);
llvm::SmallVector<DimAttr> toAttrs(mlir::MLIRContext *context, llvm::ArrayRef<Dim> dims);
llvm::SmallVector<Dim> toDims(llvm::ArrayRef<DimAttr> dims);
/// Of an array attribute of dimensions.
llvm::SmallVector<Dim> toDims(mlir::ArrayAttr dims);
/// The product of the dimensions; 1 for none.
Dim productOf(llvm::ArrayRef<Dim> dims);

/// The symbols that a function's inputs bind: those that stand alone in some argument's shape, of tensors and
/// buffers alike.
std::set<std::string> boundSymbols(mlir::TypeRange inputs);

} // namespace sinter::ir
