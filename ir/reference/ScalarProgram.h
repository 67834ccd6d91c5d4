// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A region of scalar code (arith, math, kernel.index, kernel.size) made ready to run many times in float64.
#pragma once

#include "ir/reference/Frame.h"

namespace sinter::ir {

class ScalarProgram {
public:
  /// Fails, at the op in question, on what is no scalar code. Sizes are those of the frame now.
  static llvm::FailureOr<ScalarProgram> create(const Frame &frame, mlir::Block &block);

  /// Where the block's arguments go before `run`.
  llvm::MutableArrayRef<double> arguments() { return llvm::MutableArrayRef(slots).take_front(numArguments); }
  /// `index` is the position in the skeleton's domain, for kernel.index.
  void run(llvm::ArrayRef<int64_t> index);
  /// The i-th yielded value, after `run`.
  double yielded(unsigned i) const { return slots[yields[i]]; }

private:
  using Compute = double (*)(double, double, double);
  /// slots[target] = compute(slots[a], slots[b], slots[c]); without `compute`, index[axis].
  struct Step {
    Compute compute;
    unsigned target, a, b, c, axis;
  };
  static Compute meaning(mlir::Operation *op);

  unsigned numArguments = 0;
  std::vector<double> slots;
  std::vector<Step> steps;
  llvm::SmallVector<unsigned> yields;
};

} // namespace sinter::ir
