// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random spellings of one formula: the same mathematics written in another order, with other ops and other views.
#pragma once

#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <random>

namespace sinter::test {

/// Builds @main(x: [B, T, 6], w: [6], b: [6], labels: i32[B, T]) that computes one formula. The same seed gives the same program.
class Speller {
public:
  enum class Formula { Softmax, LayerNorm, RmsNorm, Gelu, GeluTanh, Silu, LogSoftmax, CrossEntropy, L2Normalize };

  Speller(mlir::MLIRContext &context, uint64_t seed) : builder(&context), random(seed) {}
  mlir::OwningOpRef<mlir::ModuleOp> spell(Formula formula);
  /// @main(q: [B, T, 24], k, v: [B, S, 24 or 12], mask: i32[B, S], slopes: [4]) of attention in four heads, [B, 4, T, 6].
  enum class Attention { Full, Causal, Padded, Window, Biased, Grouped, Cross, Dropped, Multiplied };
  mlir::OwningOpRef<mlir::ModuleOp> spell(Attention kind);
  /// The choices that were made: equal for equal spellings.
  const std::string &getLog() const { return log; }

private:
  using Value = mlir::Value;
  using Function = llvm::function_ref<Value(Value)>;

  Value softmax(Value x);
  Value layerNorm(Value x, Value w, Value b);
  Value rmsNorm(Value x, Value w);
  Value gelu(Value x);
  Value silu(Value x);
  Value l2Normalize(Value x);
  /// lse x of the last axis, which stays as a 1; and log softmax x.
  Value logSumExp(Value x);
  Value logSoftmax(Value x);
  Value crossEntropy(Value x, Value labels);
  Value sigmoid(Value x);
  Value around(Value x, Function row);

  // SpellAttention.cpp
  Value attention(Attention kind, Value q, Value k, Value v, Value mask, Value slopes);
  Value byHeads(Value x, int64_t count);
  Value visible(Attention kind, Value mask, const Dim &queries, const Dim &keys);
  Value hidden(Value scores, Value seen);
  Value weighted(Value weights, Value v);
  Value contract(Value a, Value b, llvm::StringRef labels);
  Value iota(const Dim &size);

  // Spellings of parts.
  int choose(int count);
  Value divided(Value a, Value b);
  Value subtracted(Value a, Value b);
  Value total(Value x);
  Value mean(Value x);
  Value squared(Value x);
  Value inverseRoot(Value v);
  Value erf(Value x);

  // Ops; operands are spread to one shape, and change places at random where that means the same.
  mlir::Location loc() { return builder.getUnknownLoc(); }
  static ir::TensorType typeOf(Value value) { return mlir::cast<ir::TensorType>(value.getType()); }
  static int64_t rowSize(Value x) { return *typeOf(x).getShapeDims().back().constant(); }
  Value number(double value);
  Value spread(Value value, llvm::ArrayRef<Dim> dims);
  Value view(Value value, llvm::ArrayRef<Dim> dims, llvm::ArrayRef<mlir::AffineExpr> map, llvm::ArrayRef<Dim> symbols = {});
  template <typename Op> Value binary(Value a, Value b);
  template <typename Op> Value unary(Value a) { return Op::create(builder, loc(), a.getType(), a); }
  Value add(Value a, Value b) { return choose(2) ? binary<ir::AddOp>(b, a) : binary<ir::AddOp>(a, b); }
  Value mul(Value a, Value b) { return choose(2) ? binary<ir::MulOp>(b, a) : binary<ir::MulOp>(a, b); }
  Value sub(Value a, Value b) { return binary<ir::SubOp>(a, b); }
  Value div(Value a, Value b) { return binary<ir::DivOp>(a, b); }
  Value pow(Value a, double e) { return binary<ir::PowOp>(a, number(e)); }
  Value neg(Value a) { return unary<ir::NegOp>(a); }
  Value exp(Value a) { return unary<ir::ExpOp>(a); }
  Value sqrt(Value a) { return unary<ir::SqrtOp>(a); }
  Value lnOf(Value a) { return unary<ir::LogOp>(a); }
  template <typename Op> Value reduce(Value x, llvm::ArrayRef<int64_t> axes);

  mlir::OpBuilder builder;
  std::mt19937_64 random;
  std::string log;
};

template <typename Op> mlir::Value Speller::binary(Value a, Value b) {
  llvm::SmallVector<Dim> left = typeOf(a).getShapeDims(), right = typeOf(b).getShapeDims();
  if (left.size() < right.size())
    left.insert(left.begin(), right.size() - left.size(), Dim(1));
  for (size_t i = 0; i < right.size(); ++i) {
    Dim &size = left[left.size() - 1 - i];
    size = size.isConstant(1) ? right[right.size() - 1 - i] : size;
  }
  a = spread(a, left), b = spread(b, left);
  return Op::create(builder, loc(), a.getType(), a, b);
}

template <typename Op> mlir::Value Speller::reduce(Value x, llvm::ArrayRef<int64_t> axes) {
  llvm::SmallVector<Dim> dims = typeOf(x).getShapeDims();
  for (int64_t axis : axes)
    dims[axis] = Dim(1);
  auto type = ir::TensorType::get(builder.getContext(), dims, builder.getF32Type());
  return Op::create(builder, loc(), type, x, builder.getDenseI64ArrayAttr(axes));
}

} // namespace sinter::test
