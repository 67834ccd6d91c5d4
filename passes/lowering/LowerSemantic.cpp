// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax and norms in, one row of several stages each out; an activation is one pointwise. The scalar operations are
// those of `decompose()`, in its order.
#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using passes::bufferType;
using passes::Input;

namespace {

/// Scalar code of f32.
struct Scalars {
  OpBuilder &builder;
  Location loc;
  template <typename Op> Value make(Value a) { return Op::create(builder, loc, a); }
  template <typename Op> Value make(Value a, Value b) { return Op::create(builder, loc, a, b); }
  Value number(double value) { return arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(value)); }
  Value size(const Dim &dim) {
    if (std::optional<int64_t> value = dim.constant())
      return number(static_cast<double>(*value));
    return kernel::SizeOp::create(builder, loc, builder.getF32Type(), DimAttr::get(builder.getContext(), dim));
  }
};

/// What a stage or the finish yields, from the inputs' scalars and the reductions so far.
using Code = std::function<Value(Scalars, ValueRange inputs, ValueRange reductions)>;

/// A row along the last axis. The first input is read element by element, the others are vectors along the row.
Value buildRow(ConversionPatternRewriter &rewriter, Operation *op, ValueRange inputs, ArrayRef<StringRef> kinds,
               ArrayRef<Code> codes) {
  kernel::BufferType type = bufferType(cast<ir::TensorType>(op->getResult(0).getType()));
  MLIRContext *context = op->getContext();
  SmallVector<Input> reads;
  for (Value value : inputs)
    reads.push_back({value, passes::identityMap(context, type.rank())});
  passes::MapBuilder maps(context, type.rank());
  for (Input &read : MutableArrayRef(reads).drop_front())
    read.map = maps.get(maps.dim(type.rank() - 1));
  SmallVector<Dim> domain = type.getShapeDims();
  auto row = kernel::RowOp::create(rewriter, op->getLoc(), TypeRange(type), inputs, passes::mapsAttr(context, reads),
                                   passes::dimsAttr(context, domain), 1, rewriter.getStrArrayAttr(kinds),
                                   /*perRow=*/false, /*stagesCount=*/kinds.size());
  for (unsigned stage = 0; stage < codes.size(); ++stage) {
    Region &region = stage < kinds.size() ? row.getStages()[stage] : row.getFinish();
    SmallVector<Type> types(inputs.size() + stage, rewriter.getF32Type());
    Block *block = rewriter.createBlock(&region, {}, types, SmallVector<Location>(types.size(), op->getLoc()));
    ValueRange arguments = block->getArguments();
    Value yielded = codes[stage](Scalars{rewriter, op->getLoc()}, arguments.take_front(inputs.size()),
                                 arguments.drop_front(inputs.size()));
    kernel::YieldOp::create(rewriter, op->getLoc(), yielded);
  }
  rewriter.setInsertionPointAfter(row);
  return row.getResult(0);
}

struct LowerSoftmax : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto exponential = [](Scalars to, ValueRange in, ValueRange reduced) {
      return to.make<math::ExpOp>(to.make<arith::SubFOp>(in[0], reduced[0]));
    };
    rewriter.replaceOp(op, buildRow(rewriter, op, adaptor.getInput(), {"max", "sum"},
                                    {[](Scalars, ValueRange in, ValueRange) { return in[0]; }, exponential,
                                     [=](Scalars to, ValueRange in, ValueRange reduced) {
                                       return to.make<arith::DivFOp>(exponential(to, in, reduced), reduced[1]);
                                     }}));
    return success();
  }
};

struct LowerLogSoftmax : OpConversionPattern<LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LogSoftmaxOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto shifted = [](Scalars to, ValueRange in, ValueRange reduced) { return to.make<arith::SubFOp>(in[0], reduced[0]); };
    auto first = [](Scalars, ValueRange in, ValueRange) { return in[0]; };
    auto sum = [=](Scalars to, ValueRange in, ValueRange reduced) { return to.make<math::ExpOp>(shifted(to, in, reduced)); };
    auto finish = [=](Scalars to, ValueRange in, ValueRange reduced) {
      return to.make<arith::SubFOp>(shifted(to, in, reduced), to.make<math::LogOp>(reduced[1]));
    };
    rewriter.replaceOp(op, buildRow(rewriter, op, adaptor.getInput(), {"max", "sum"}, {first, sum, finish}));
    return success();
  }
};

struct LowerL2Normalize : OpConversionPattern<L2NormalizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(L2NormalizeOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    double eps = op.getEps().convertToDouble();
    auto square = [](Scalars to, ValueRange in, ValueRange) { return to.make<arith::MulFOp>(in[0], in[0]); };
    auto finish = [=](Scalars to, ValueRange in, ValueRange reduced) {
      Value length = to.make<arith::MaximumFOp>(to.make<math::SqrtOp>(reduced[0]), to.number(eps));
      return to.make<arith::DivFOp>(in[0], length);
    };
    rewriter.replaceOp(op, buildRow(rewriter, op, adaptor.getInput(), {"sum"}, {square, finish}));
    return success();
  }
};

/// By way of the primitives, whose kernels fusion joins.
template <typename Op> struct LowerParts : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, op.decompose(rewriter));
    return success();
  }
};

/// value / sqrt(squares / size + eps), times the second input if there is a weight.
Value normalized(Scalars to, Value value, Value squares, const Dim &size, double eps, ValueRange in, bool weighted) {
  Value mean = to.make<arith::DivFOp>(squares, to.size(size));
  Value root = to.make<math::SqrtOp>(to.make<arith::AddFOp>(mean, to.number(eps)));
  Value result = to.make<arith::DivFOp>(value, root);
  return weighted ? to.make<arith::MulFOp>(result, in[1]) : result;
}

struct LowerLayerNorm : OpConversionPattern<LayerNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(LayerNormOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Dim size = op.getType().getShapeDims().back();
    bool weighted = op.getWeight() != nullptr, biased = op.getBias() != nullptr;
    double eps = op.getEps().convertToDouble();
    auto centred = [=](Scalars to, ValueRange in, ValueRange reduced) {
      return to.make<arith::SubFOp>(in[0], to.make<arith::DivFOp>(reduced[0], to.size(size)));
    };
    auto square = [=](Scalars to, ValueRange in, ValueRange reduced) {
      Value value = centred(to, in, reduced);
      return to.make<arith::MulFOp>(value, value);
    };
    auto finish = [=](Scalars to, ValueRange in, ValueRange reduced) {
      Value result = normalized(to, centred(to, in, reduced), reduced[1], size, eps, in, weighted);
      return biased ? to.make<arith::AddFOp>(result, in.back()) : result;
    };
    rewriter.replaceOp(op, buildRow(rewriter, op, adaptor.getOperands(), {"sum", "sum"},
                                    {[](Scalars, ValueRange in, ValueRange) { return in[0]; }, square, finish}));
    return success();
  }
};

struct LowerRmsNorm : OpConversionPattern<RmsNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RmsNormOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Dim size = op.getType().getShapeDims().back();
    bool weighted = op.getWeight() != nullptr;
    double eps = op.getEps().convertToDouble();
    auto square = [](Scalars to, ValueRange in, ValueRange) { return to.make<arith::MulFOp>(in[0], in[0]); };
    auto finish = [=](Scalars to, ValueRange in, ValueRange reduced) {
      return normalized(to, in[0], reduced[0], size, eps, in, weighted);
    };
    rewriter.replaceOp(op, buildRow(rewriter, op, adaptor.getOperands(), {"sum"}, {square, finish}));
    return success();
  }
};

Value activation(Scalars to, ActivationKind kind, Value x) {
  Value one = to.number(1);
  if (kind == ActivationKind::silu) {
    Value below = to.make<arith::AddFOp>(one, to.make<math::ExpOp>(to.make<arith::NegFOp>(x)));
    return to.make<arith::MulFOp>(x, to.make<arith::DivFOp>(one, below));
  }
  Value inner;
  if (kind == ActivationKind::gelu) {
    inner = to.make<math::ErfOp>(to.make<arith::DivFOp>(x, to.number(std::numbers::sqrt2)));
  } else {
    Value cube = to.make<arith::MulFOp>(to.make<arith::MulFOp>(x, x), x);
    Value sum = to.make<arith::AddFOp>(x, to.make<arith::MulFOp>(to.number(0.044715), cube));
    inner = to.make<math::TanhOp>(to.make<arith::MulFOp>(to.number(std::sqrt(2 / std::numbers::pi)), sum));
  }
  Value half = to.make<arith::MulFOp>(to.number(0.5), x);
  return to.make<arith::MulFOp>(half, to.make<arith::AddFOp>(one, inner));
}

struct LowerActivation : OpConversionPattern<ActivationOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ActivationOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getType());
    auto body = [&](OpBuilder &builder, ValueRange scalars) {
      return activation(Scalars{builder, op.getLoc()}, op.getKind(), scalars[0]);
    };
    Input input{adaptor.getInput(), passes::identityMap(op.getContext(), type.rank())};
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, input, body));
    return success();
  }
};

} // namespace

void passes::populateSemantic(const TypeConverter &types, RewritePatternSet &patterns) {
  patterns.add<LowerLogSoftmax, LowerL2Normalize, LowerParts<CrossEntropyOp>, LowerParts<LinearOp>>(types, patterns.getContext());
  patterns.add<LowerSoftmax, LowerLayerNorm, LowerRmsNorm, LowerActivation>(types, patterns.getContext());
}
