// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a module says: inputs and parameters made once, every function run by the interpreter before and after a pass.
#pragma once

#include "ir/reference/Interpreter.h"

#include <map>
#include <random>

namespace sinter::test {

using Outputs = std::map<std::string, std::vector<ir::RefTensor>>;

class Meaning {
public:
  /// `sizes` are those of every function's symbols.
  explicit Meaning(std::map<std::string, int64_t> sizes, uint64_t seed = 7) : sizes(std::move(sizes)), random(seed) {}

  /// Makes inputs and parameters for the module as it is: reals are multiples of 1/64 between -2 and 2.
  void choose(mlir::ModuleOp module);
  /// Runs every function that `choose` saw.
  mlir::FailureOr<Outputs> run(mlir::ModuleOp module) const;
  int64_t evaluate(const Dim &dim) const;

  int64_t lowest = -3, highest = 8; ///< integers of inputs
  std::map<std::string, ir::RefTensor> parameters;
  std::map<std::string, std::vector<ir::RefTensor>> inputs;

private:
  ir::RefTensor numbers(ir::TensorType type);

  std::map<std::string, int64_t> sizes;
  std::mt19937_64 random;
};

/// Largest difference, relative to numbers above 1; infinite if the shapes differ, or one is NaN.
double distance(const std::vector<ir::RefTensor> &a, const std::vector<ir::RefTensor> &b);
double distance(const Outputs &a, const Outputs &b);

std::string textOf(mlir::ModuleOp module);

/// Loads the dialects that modules of the pipeline hold.
void loadDialects(mlir::MLIRContext &context);

} // namespace sinter::test
