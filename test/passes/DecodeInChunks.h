// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs what --sinter-derive-decode derived: in chunks of random sizes, each sequence at its own length, on pages in random
// order that hold old numbers.
#pragma once

#include "ir/reference/Interpreter.h"

#include <map>
#include <random>

namespace sinter::test {

/// Calls a function of the module: all arguments in, all results out, states among both.
using Call = std::function<mlir::FailureOr<std::vector<ir::RefTensor>>(llvm::StringRef, std::vector<ir::RefTensor>)>;

struct Decoding {
  mlir::ModuleOp module; ///< with @extend, and @begin if it needs one; of tensors or of buffers
  std::map<std::string, ir::RefTensor> inputs; ///< of the whole function, by name; the tokens are [B, T]
  const ir::RefTensor &whole;                  ///< its result, [B, T, ...]
  Call call;
};

/// By the interpreter.
Call interpreter(mlir::ModuleOp module, ir::ParameterLookup parameters = nullptr);

/// The largest difference between a new row and the whole function's, relative to numbers above 1; infinite if something
/// fails. `most` rows come first.
double decodeInChunks(const Decoding &decoding, int64_t most, std::mt19937_64 &random);

} // namespace sinter::test
