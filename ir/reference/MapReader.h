// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index map made ready to read a concrete tensor: for each row of the domain (its last axis), where in the source
// the row's elements lie. With sizes known, most maps are linear and a row is a start and a step.
#pragma once

#include "ir/reference/Frame.h"
#include "ir/sinter/IndexMap.h"

namespace sinter::ir {

/// Calls `visit(index)` for each row of the shape in row-major order; index has the shape's rank, its last entry 0.
/// A shape of rank 0 is one row of one element, with an empty index. Stops at the first failure.
llvm::LogicalResult forEachRow(llvm::ArrayRef<int64_t> shape,
                               llvm::function_ref<llvm::LogicalResult(llvm::ArrayRef<int64_t> index)> visit);

class MapReader {
public:
  /// Fails, with a message at `op`, if a symbol has no value or a linear map leaves the source.
  static llvm::FailureOr<MapReader> create(const Frame &frame, mlir::Operation *op, IndexMapAttr map,
                                           llvm::ArrayRef<int64_t> domain, llvm::ArrayRef<int64_t> source);

  /// Positions in the source of the row at `index` (last entry ignored). Fails if a map that is not linear leaves
  /// the source.
  llvm::LogicalResult row(llvm::ArrayRef<int64_t> index, llvm::MutableArrayRef<int64_t> positions) const;
  int64_t rowLength() const { return domain.empty() ? 1 : domain.back(); }

private:
  struct Sum;
  struct Term {
    IndexTerm::Kind kind;
    unsigned position;
    std::shared_ptr<Sum> inner;
    int64_t divisor, coefficient;
  };
  struct Sum {
    std::vector<Term> terms;
    int64_t constant;
  };
  static std::optional<Sum> compile(const IndexSum &sum);
  static int64_t evaluate(const Sum &sum, llvm::ArrayRef<int64_t> index);

  mlir::Operation *op = nullptr;
  std::vector<int64_t> domain, source;
  // Linear: one address. Otherwise one sum for each axis of the source.
  bool isLinear = true;
  int64_t offset = 0;
  std::vector<int64_t> factors;
  std::vector<Sum> axes;
};

/// The source read through the map over the whole domain, in row-major order.
llvm::FailureOr<std::vector<double>> readAll(const Frame &frame, mlir::Operation *op, IndexMapAttr map,
                                             llvm::ArrayRef<int64_t> domain, const RefTensor &source);

} // namespace sinter::ir
