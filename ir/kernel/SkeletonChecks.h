// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the skeletons with regions share: pieces of their text, and checks of their maps and regions. Each check says
// what is wrong at the op. Private to the room.
#pragma once

#include "ir/kernel/Kernel.h"

namespace sinter::ir::kernel {

using Operands = llvm::SmallVector<mlir::OpAsmParser::UnresolvedOperand>;

/// `%x at <...>`.
mlir::ParseResult parseMapped(mlir::OpAsmParser &parser, Operands &operands,
                              llvm::SmallVectorImpl<mlir::Attribute> &maps);
/// `(%x at <...>, %y at <...>)`.
mlir::ParseResult parseMappedList(mlir::OpAsmParser &parser, Operands &operands,
                                  llvm::SmallVectorImpl<mlir::Attribute> &maps);
void printMappedList(mlir::OpAsmPrinter &printer, mlir::OperandRange operands, mlir::ArrayAttr maps);
/// Attributes and `: (types) -> types`.
mlir::ParseResult parseTypes(mlir::OpAsmParser &parser, llvm::ArrayRef<mlir::OpAsmParser::UnresolvedOperand> operands,
                             mlir::OperationState &result);
void printTypes(mlir::OpAsmPrinter &printer, mlir::Operation *op, llvm::ArrayRef<llvm::StringRef> hidden);

inline BufferType bufferOf(mlir::Value value) { return mlir::cast<BufferType>(value.getType()); }
llvm::SmallVector<mlir::Type> elementsOf(mlir::ValueRange values);

llvm::LogicalResult verifyMap(mlir::Operation *op, mlir::Value input, IndexMapAttr map, unsigned domainRank);
llvm::LogicalResult verifyMaps(mlir::Operation *op, mlir::OperandRange inputs, mlir::ArrayAttr maps,
                               unsigned domainRank);
llvm::LogicalResult verifyDense(mlir::Operation *op);
/// The region's arguments and what it yields; only scalar code stands between.
llvm::LogicalResult verifyRegion(mlir::Operation *op, mlir::Region &region, llvm::StringRef name,
                                 llvm::ArrayRef<mlir::Type> arguments, unsigned domainRank);
llvm::LogicalResult verifyYields(mlir::Operation *op, mlir::Region &region, llvm::StringRef name,
                                 llvm::ArrayRef<mlir::Type> expected);

} // namespace sinter::ir::kernel
