// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the printers of skeletons share: signature, loads through index maps, a region's ops one line each. Private to
// the room.
#pragma once

#include "codegen/cuda/Expressions.h"

namespace sinter::cuda {

/// `extern "C" __global__ void name(inputs..., results..., symbols...)` of a skeleton whose operands are all inputs.
std::string signatureText(mlir::Operation *op, llvm::ArrayRef<std::string> symbols, llvm::StringRef name);

/// Fails with a diagnostic where the kernel needs a size that is not among the symbols.
llvm::LogicalResult checkSymbols(mlir::Operation *op, llvm::ArrayRef<std::string> symbols);

/// Horner's rule: the element number of `indices` in a dense buffer of `dims`.
std::string offsetText(llvm::ArrayRef<std::string> indices, llvm::ArrayRef<Dim> dims);
/// The element number that `map` reads in a dense buffer.
std::string offsetText(ir::kernel::BufferType type, ir::IndexMapAttr map);

/// Those of d0, d1, ... of the row-major number i over `dims` that `code` uses, as lines.
std::string indexLines(llvm::ArrayRef<Dim> dims, llvm::StringRef code);

/// Lines of scalar code, growing; every value gets the next name v0, v1, ...
class KernelText {
public:
  std::string text;
  std::string indent = "  ";

  void line(const llvm::Twine &code) { text += indent + code.str() + "\n"; }
  /// `const T vN = code;`, and vN.
  std::string define(mlir::Type type, const std::string &code);
  /// The lines of a region; `arguments` name its block's arguments. Gives the names of what it yields.
  mlir::FailureOr<llvm::SmallVector<std::string>> region(mlir::Region &region, llvm::ArrayRef<std::string> arguments);

private:
  unsigned count = 0;
};

/// `inN[offset]` as a scalar of the register's type.
std::string loadText(unsigned input, ir::kernel::BufferType type, const std::string &offset);

} // namespace sinter::cuda
