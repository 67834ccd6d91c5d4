// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the reference interpreter knows while it runs one function: the values so far, the sizes of symbols, the
// parameters. Ops read and write it through `Evaluable`.
#pragma once

#include "ir/sinter/Sinter.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <functional>
#include <memory>

namespace sinter::ir {

/// A concrete tensor, dense and row-major whatever layout its buffer has. Values of every element type are doubles:
/// i32 exact, i1 as 0 or 1.
struct RefTensor {
  std::vector<int64_t> shape;
  /// f32, i32 or i1. Null is accepted for a function's inputs, which take the type of their argument.
  mlir::Type elementType;
  std::vector<double> data;

  int64_t size() const { return static_cast<int64_t>(data.size()); }
};

/// The parameter of that symbol, in the shape of its declaration (stacks whole); null if there is none. What it
/// points to must outlive the evaluation.
using ParameterLookup = std::function<const RefTensor *(llvm::StringRef symbol)>;

/// Not thread-safe; one frame for one call.
class Frame {
public:
  using Shared = std::shared_ptr<const RefTensor>;

  explicit Frame(ParameterLookup parameters) : parameters(std::move(parameters)) {}

  const RefTensor &get(mlir::Value value) const { return *values.at(value); }
  Shared share(mlir::Value value) const { return values.at(value); }
  void set(mlir::Value value, RefTensor tensor) { set(value, std::make_shared<const RefTensor>(std::move(tensor))); }
  void set(mlir::Value value, Shared tensor) { values[value] = std::move(tensor); }

  void bindSymbol(llvm::StringRef name, int64_t size) { symbols[name] = size; }
  std::optional<int64_t> symbolSize(llvm::StringRef name) const;
  std::optional<int64_t> sizeOf(const Dim &dim) const;
  /// What dimensions amount to in an index map or as a scalar, where they may be negative. Fails if one has no value.
  llvm::FailureOr<std::vector<int64_t>> numbersOf(mlir::Operation *op, llvm::ArrayRef<Dim> dims) const;
  /// Sizes. Fails, naming the dimension, if one has no value or is negative.
  llvm::FailureOr<std::vector<int64_t>> sizesOf(mlir::Operation *op, llvm::ArrayRef<Dim> dims) const;
  /// A tensor of zeros for a tensor's or a buffer's type.
  llvm::FailureOr<RefTensor> allocate(mlir::Operation *op, mlir::Type type) const;

  /// A parameter, or what kernel.write stored. Fails if it is missing or of another shape than `type` says.
  llvm::FailureOr<Shared> read(mlir::Operation *op, llvm::StringRef name, mlir::Type type) const;
  void write(llvm::StringRef name, Shared tensor) { prepared[name] = std::move(tensor); }

  /// Evaluates each op but the terminator. Values of the block are dropped after their last use.
  llvm::LogicalResult runBlock(mlir::Block &block);
  /// Emits a located error.
  llvm::LogicalResult fail(mlir::Operation *op, const llvm::Twine &message) const;

private:
  ParameterLookup parameters;
  llvm::DenseMap<mlir::Value, Shared> values;
  llvm::StringMap<int64_t> symbols;
  llvm::StringMap<Shared> prepared;
};

/// Elements of more than this are refused before anything is allocated.
inline constexpr int64_t maxRefElements = int64_t(1) << 31;

/// What a buffer of `element` keeps of a number: bf16 and f16 the nearest that they have, ties to even; others all.
double storedValue(mlir::Type element, double value);

/// Runs a gather of either dialect: rows of `table` by `ids` into the op's result.
llvm::LogicalResult evaluateGather(Frame &frame, mlir::Operation *op, mlir::Value table, mlir::Value ids);

/// Runs a repeat of either dialect.
llvm::LogicalResult evaluateRepeat(Frame &frame, mlir::Operation *op, int64_t count, mlir::OperandRange carried,
                                   mlir::OperandRange stacked);

} // namespace sinter::ir
