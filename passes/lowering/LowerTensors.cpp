// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, indices, views, concatenations, gathers, reductions, reads and loops in; skeletons out. A view comes out
// as a move; --sinter-convert-to-kernels then lets consumers absorb moves.
#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using passes::bufferType;
using passes::Input;
using passes::MapBuilder;

namespace {

template <typename Op> using Adaptor = typename Op::Adaptor;

struct LowerConstant : OpConversionPattern<ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ConstantOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult());
    if (op.getValues().size() != 1) {
      rewriter.replaceOpWithNewOp<kernel::ConstantOp>(op, type, op.getValuesAttr());
      return success();
    }
    auto body = [&](OpBuilder &builder, ValueRange) -> Value {
      Type element = type.getElementType();
      double value = op.getValues()[0];
      TypedAttr attr = element.isInteger() ? TypedAttr(builder.getIntegerAttr(element, static_cast<int64_t>(value)))
                                           : TypedAttr(builder.getFloatAttr(element, value));
      return arith::ConstantOp::create(builder, op.getLoc(), attr);
    };
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, {}, body));
    return success();
  }
};

struct LowerDim : OpConversionPattern<DimOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(DimOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult());
    auto body = [&](OpBuilder &builder, ValueRange) -> Value {
      return kernel::SizeOp::create(builder, op.getLoc(), type.getElementType(), op.getDim());
    };
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, {}, body));
    return success();
  }
};

struct LowerIota : OpConversionPattern<IotaOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(IotaOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult());
    auto body = [&](OpBuilder &builder, ValueRange) -> Value {
      return kernel::IndexOp::create(builder, op.getLoc(), builder.getI32Type(), 0);
    };
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, {}, body));
    return success();
  }
};

struct LowerView : OpConversionPattern<ViewOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ViewOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<kernel::MoveOp>(op, bufferType(op.getResult()), adaptor.getInput(), op.getMap());
    return success();
  }
};

/// Input i is read at (d - offset) mod size, which is in range for every d, and chosen where it is meant.
struct LowerConcat : OpConversionPattern<ConcatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ConcatOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult());
    unsigned axis = op.getAxis();
    SmallVector<Input> inputs;
    SmallVector<Dim> ends;
    Dim end(0);
    for (Value operand : adaptor.getInputs()) {
      Dim size = cast<kernel::BufferType>(operand.getType()).getDim(axis);
      if (size.isConstant(0))
        continue;
      MapBuilder maps(op.getContext(), type.rank());
      SmallVector<AffineExpr> results;
      for (unsigned i = 0; i < type.rank(); ++i)
        results.push_back(i == axis ? (maps.dim(i) - maps.size(end)) % maps.size(size) : maps.dim(i));
      inputs.push_back({operand, maps.get(results)});
      ends.push_back(end = end + size);
    }
    if (inputs.empty())
      return rewriter.notifyMatchFailure(op, "nothing to concatenate");
    auto body = [&](OpBuilder &builder, ValueRange scalars) {
      Location loc = op.getLoc();
      Value index = kernel::IndexOp::create(builder, loc, builder.getI32Type(), axis);
      Value chosen = scalars.back();
      for (unsigned i = scalars.size() - 1; i-- > 0;) {
        Value limit = passes::sizeScalar(builder, loc, ends[i]);
        Value here = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, index, limit);
        chosen = arith::SelectOp::create(builder, loc, here, scalars[i], chosen);
      }
      return chosen;
    };
    rewriter.replaceOp(op, passes::buildPointwise(rewriter, op.getLoc(), type, inputs, body));
    return success();
  }
};

struct LowerGather : OpConversionPattern<GatherOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(GatherOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<kernel::GatherOp>(op, bufferType(op.getResult()), adaptor.getTable(), adaptor.getIds());
    return success();
  }
};

/// A row whose reduced dimensions stand last; the input's map puts them where they are.
template <typename Op> struct LowerReduction : OpConversionPattern<Op> {
  LowerReduction(const TypeConverter &types, MLIRContext *context, StringRef kind)
      : OpConversionPattern<Op>(types, context), kind(kind) {}

  LogicalResult matchAndRewrite(Op op, Adaptor<Op> adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType input = bufferType(op.getInput()), type = bufferType(op.getResult());
    SmallVector<unsigned> order;
    for (unsigned axis = 0; axis < input.rank(); ++axis)
      if (!llvm::is_contained(op.getAxes(), axis))
        order.push_back(axis);
    for (int64_t axis : op.getAxes())
      order.push_back(axis);
    if (op.getAxes().empty()) {
      rewriter.replaceOp(op, adaptor.getInput());
      return success();
    }
    MapBuilder maps(op.getContext(), order.size());
    SmallVector<AffineExpr> results(order.size());
    SmallVector<Dim> domain;
    for (auto [position, axis] : llvm::enumerate(order)) {
      results[axis] = maps.dim(position);
      domain.push_back(input.getDim(axis));
    }
    Input read{adaptor.getInput(), maps.get(results)};
    auto row =
        kernel::RowOp::create(rewriter, op.getLoc(), TypeRange(type), ValueRange(adaptor.getInput()),
                              passes::mapsAttr(op.getContext(), read), passes::dimsAttr(op.getContext(), domain),
                              op.getAxes().size(), rewriter.getStrArrayAttr(kind), /*perRow=*/true, /*stagesCount=*/1);
    for (auto [region, element] :
         {std::pair(&row.getStages()[0], input.getElementType()), std::pair(&row.getFinish(), type.getElementType())}) {
      Block *block = rewriter.createBlock(region, {}, element, op.getLoc());
      kernel::YieldOp::create(rewriter, op.getLoc(), block->getArgument(0));
    }
    rewriter.replaceOp(op, row.getResults());
    return success();
  }
  StringRef kind;
};

struct LowerRead : OpConversionPattern<ReadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ReadOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<kernel::ReadOp>(op, bufferType(op.getResult()), op.getNameAttr());
    return success();
  }
};

struct LowerRepeat : OpConversionPattern<RepeatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(RepeatOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a result is no tensor");
    auto repeat = kernel::RepeatOp::create(rewriter, op.getLoc(), op.getCount(), adaptor.getCarried(),
                                           adaptor.getStacked(), types);
    Region &body = repeat.getBody();
    body.getBlocks().clear(); // the builder may have made an entry block
    rewriter.inlineRegionBefore(op.getBody(), body, body.end());
    if (failed(rewriter.convertRegionTypes(&body, *getTypeConverter())))
      return rewriter.notifyMatchFailure(op, "an argument is no tensor");
    rewriter.replaceOp(op, repeat.getResults());
    return success();
  }
};

struct LowerYield : OpConversionPattern<YieldOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(YieldOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<kernel::YieldOp>(op, adaptor.getOperands());
    return success();
  }
};

} // namespace

kernel::BufferType passes::bufferType(ir::TensorType type) {
  return kernel::BufferType::get(type.getContext(), type.getShapeDims(), type.getElementType());
}

void passes::populateTensors(const TypeConverter &types, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns
      .add<LowerConstant, LowerDim, LowerIota, LowerView, LowerConcat, LowerGather, LowerRead, LowerRepeat, LowerYield>(
          types, context);
  patterns.add<LowerReduction<SumOp>>(types, context, "sum");
  patterns.add<LowerReduction<MaxOp>>(types, context, "max");
  patterns.add<LowerReduction<MinOp>>(types, context, "min");
  patterns.add<LowerReduction<ArgMaxOp>>(types, context, "argmax");
}
