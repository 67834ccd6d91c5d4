// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes one op at a time for random programs and knows two facts of every value: how large its numbers may be, and
// whether float32 holds them exactly. What grows is tamed, and what jumps (comparisons, casts to integers, floor) is
// only asked of exact numbers: so float32 and float64 agree but for rounding, and a difference is a fault.
#pragma once

#include "ir/sinter/Sinter.h"

#include "mlir/IR/Builders.h"

#include <random>

namespace sinter::test {

using Dims = mlir::SmallVector<Dim>;

class GraphBuilder {
public:
  GraphBuilder(mlir::MLIRContext &context, uint64_t seed);

  // ---- chance ----
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random); }
  bool chance(int percent) { return below(100) < percent; }

  // ---- facts ----
  struct Facts {
    double size = 2;   ///< no number is larger in magnitude
    bool exact = true; ///< multiples of 1/64 that float32 holds
  };
  Facts facts(mlir::Value value) const { return known.lookup(value); }
  mlir::Value note(mlir::Value value, double size, bool exact);
  /// The same, or made small again: tanh of reals, a remainder of integers.
  mlir::Value tamed(mlir::Value value);

  static Dims dimsOf(mlir::Value value) { return typeOf(value).getShapeDims(); }
  static ir::TensorType typeOf(mlir::Value value) { return mlir::cast<ir::TensorType>(value.getType()); }
  static mlir::Type elementOf(mlir::Value value) { return typeOf(value).getElementType(); }
  static unsigned rankOf(mlir::Value value) { return typeOf(value).rank(); }
  /// For B = 2 and T = 3: bounds the work of the interpreter.
  static int64_t elements(mlir::ArrayRef<Dim> dims);
  ir::TensorType type(mlir::ArrayRef<Dim> dims, mlir::Type element) {
    return ir::TensorType::get(builder.getContext(), dims, element);
  }

  // ---- ops; the value's element type decides what is possible ----
  mlir::Value constant(mlir::ArrayRef<Dim> dims, mlir::Type element, double value);
  mlir::Value cast(mlir::Value value, mlir::Type element);
  mlir::Value real(mlir::Value value) { return cast(value, f32); }
  mlir::Value unary(mlir::Value value);
  mlir::Value binary(mlir::Value value, mlir::Value other);
  mlir::Value compare(ir::Predicate predicate, mlir::Value value, mlir::Value other);
  mlir::Value select(mlir::Value condition, mlir::Value value, mlir::Value other);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b, double size);
  mlir::Value exp(mlir::Value value, double size);
  mlir::Value tanh(mlir::Value value);
  mlir::Value sqrt(mlir::Value value);
  mlir::Value log(mlir::Value value, double size);

  mlir::Value view(mlir::Value value, mlir::ArrayRef<Dim> dims, mlir::ArrayRef<mlir::AffineExpr> results,
                   mlir::ArrayRef<Dim> symbols = {});
  /// Right-aligned; missing axes and 1 stretch. Null if it does not fit.
  mlir::Value spreadTo(mlir::Value value, mlir::ArrayRef<Dim> dims);
  mlir::Value permuted(mlir::Value value);
  /// Splits a constant axis in two, or merges two neighbours. Null if neither can be.
  mlir::Value reshaped(mlir::Value value);
  /// One index, a range, every second or all in reverse, of a constant or a symbolic axis. Null if it is too short.
  mlir::Value sliced(mlir::Value value);
  /// x[i, ..., i]: two axes of one extent become one. Null if there are none.
  mlir::Value diagonal(mlir::Value value);
  /// Another axis, spread.
  mlir::Value widened(mlir::Value value);

  mlir::Value sum(mlir::Value value, mlir::ArrayRef<int64_t> axes);
  mlir::Value largest(mlir::Value value, mlir::ArrayRef<int64_t> axes);
  mlir::Value reduction(mlir::Value value);
  mlir::Value runningSum(mlir::Value value);
  mlir::Value contract(mlir::Value lhs, mlir::Value rhs, mlir::StringRef labels);
  /// Labels at random: axes of one extent may be one label. Null if the result would be large.
  mlir::Value contraction(mlir::Value lhs, mlir::Value rhs);
  mlir::Value gather(mlir::Value table, mlir::Value ids);
  mlir::Value pick(mlir::Value value, mlir::Value ids);
  mlir::Value concat(mlir::Value value, mlir::Value other, unsigned axis);
  mlir::Value iota(const Dim &size);
  mlir::Value dim(const Dim &size, mlir::Type element);
  /// Remainders by a dimension, so that each is an index of an axis of that extent.
  mlir::Value indices(mlir::Value ids, const Dim &extent);

  mlir::Location loc() { return builder.getUnknownLoc(); }
  mlir::AffineExpr at(unsigned axis) { return builder.getAffineDimExpr(axis); }

  mlir::OpBuilder builder;
  std::mt19937_64 random;
  mlir::Type f32, i32, i1;

private:
  template <typename Op, typename... Args> mlir::Value make(Facts of, Args &&...args) {
    return note(Op::create(builder, loc(), std::forward<Args>(args)...), of.size, of.exact);
  }
  mlir::SmallVector<int64_t> someAxes(unsigned rank);

  llvm::DenseMap<mlir::Value, Facts> known;
};

} // namespace sinter::test
