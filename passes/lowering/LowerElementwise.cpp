// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise ops in, one `kernel.pointwise` each out. What an op is on scalars is said here, once.
#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using passes::Input;

namespace {

/// Where scalar code goes.
struct Scalars {
  OpBuilder &builder;
  Location loc;
  template <typename Op, typename... Args> Value make(Args &&...args) {
    return Op::create(builder, loc, std::forward<Args>(args)...);
  }
  Value zero(Type type) { return arith::ConstantOp::create(builder, loc, type, builder.getZeroAttr(type)); }
};

template <typename Source> using ScalarCode = Value (*)(Scalars, Source, ValueRange);

template <typename Source> class Lower : public OpConversionPattern<Source> {
public:
  Lower(const TypeConverter &types, MLIRContext *context, ScalarCode<Source> code)
      : OpConversionPattern<Source>(types, context), code(code) {}

  LogicalResult matchAndRewrite(Source op, typename Source::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = passes::bufferType(op.getResult());
    SmallVector<Input> inputs;
    for (Value operand : adaptor.getOperands())
      inputs.push_back({operand, passes::identityMap(op.getContext(), type.rank())});
    auto body = [&](OpBuilder &builder, ValueRange scalars) {
      return code(Scalars{builder, op.getLoc()}, op, scalars);
    };
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, inputs, body));
    return success();
  }

private:
  ScalarCode<Source> code;
};

/// One scalar op of the same operands.
template <typename Source, typename Scalar> Value same(Scalars to, Source, ValueRange v) { return to.make<Scalar>(v); }
template <typename Source, typename Float, typename Int> Value number(Scalars to, Source, ValueRange v) {
  return v[0].getType().isInteger() ? to.make<Int>(v) : to.make<Float>(v);
}

Value negate(Scalars to, NegOp, ValueRange v) {
  Type type = v[0].getType();
  return type.isInteger() ? to.make<arith::SubIOp>(to.zero(type), v[0]) : to.make<arith::NegFOp>(v[0]);
}

Value logicalNot(Scalars to, NotOp, ValueRange v) {
  Value yes = to.make<arith::ConstantOp>(to.builder.getBoolAttr(true));
  return to.make<arith::XOrIOp>(v[0], yes);
}

/// The remainder whose sign is the divisor's.
Value floorMod(Scalars to, ModOp, ValueRange v) {
  Value quotient = to.make<arith::FloorDivSIOp>(v[0], v[1]);
  return to.make<arith::SubIOp>(v[0], to.make<arith::MulIOp>(quotient, v[1]));
}

Value compare(Scalars to, CompareOp op, ValueRange v) {
  struct Pair {
    arith::CmpFPredicate real;
    arith::CmpIPredicate whole;
  };
  static const Pair pairs[] = {
      {arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq},  {arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne},
      {arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt}, {arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle},
      {arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt}, {arith::CmpFPredicate::OGE, arith::CmpIPredicate::sge}};
  const Pair &pair = pairs[static_cast<unsigned>(op.getPredicate())];
  if (v[0].getType().isInteger())
    return to.make<arith::CmpIOp>(pair.whole, v[0], v[1]);
  return to.make<arith::CmpFOp>(pair.real, v[0], v[1]);
}

Value castScalar(Scalars to, CastOp op, ValueRange v) {
  Type from = v[0].getType(), type = op.getType().getElementType();
  if (from == type)
    return v[0];
  if (type.isInteger(1)) {
    if (from.isInteger())
      return to.make<arith::CmpIOp>(arith::CmpIPredicate::ne, v[0], to.zero(from));
    return to.make<arith::CmpFOp>(arith::CmpFPredicate::UNE, v[0], to.zero(from));
  }
  if (from.isInteger(1))
    return type.isInteger() ? to.make<arith::ExtUIOp>(type, v[0]) : to.make<arith::UIToFPOp>(type, v[0]);
  return type.isInteger() ? to.make<arith::FPToSIOp>(type, v[0]) : to.make<arith::SIToFPOp>(type, v[0]);
}

/// What each op is on scalars, shown to `add` one by one.
template <typename Add> void eachCode(Add add) {
  add(same<ExpOp, math::ExpOp>);
  add(same<LogOp, math::LogOp>);
  add(same<SqrtOp, math::SqrtOp>);
  add(same<ErfOp, math::ErfOp>);
  add(same<TanhOp, math::TanhOp>);
  add(same<SinOp, math::SinOp>);
  add(same<CosOp, math::CosOp>);
  add(same<FloorOp, math::FloorOp>);
  add(number<AbsOp, math::AbsFOp, math::AbsIOp>);
  add(negate);
  add(logicalNot);
  add(number<AddOp, arith::AddFOp, arith::AddIOp>);
  add(number<SubOp, arith::SubFOp, arith::SubIOp>);
  add(number<MulOp, arith::MulFOp, arith::MulIOp>);
  add(same<DivOp, arith::DivFOp>);
  add(same<FloorDivOp, arith::FloorDivSIOp>);
  add(floorMod);
  add(same<PowOp, math::PowFOp>);
  add(number<MaximumOp, arith::MaximumFOp, arith::MaxSIOp>);
  add(number<MinimumOp, arith::MinimumFOp, arith::MinSIOp>);
  add(same<AndOp, arith::AndIOp>);
  add(same<OrOp, arith::OrIOp>);
  add(compare);
  add(same<SelectOp, arith::SelectOp>);
  add(castScalar);
}

} // namespace

void passes::populateElementwise(const TypeConverter &types, RewritePatternSet &patterns) {
  eachCode([&]<typename Source>(ScalarCode<Source> code) {
    patterns.add(std::make_unique<Lower<Source>>(types, patterns.getContext(), code));
  });
}

Value passes::scalarElementwise(OpBuilder &builder, Operation *op, ValueRange scalars) {
  Value result;
  eachCode([&]<typename Source>(ScalarCode<Source> code) {
    if (auto source = dyn_cast<Source>(op))
      result = code(Scalars{builder, op->getLoc()}, source, scalars);
  });
  return result;
}
