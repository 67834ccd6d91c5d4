// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, indices, views, concatenations, gathers, reductions, running sums, reads and loops in; skeletons out. A
// view comes out as a move; --sinter-convert-to-kernels then lets consumers absorb moves.
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
    auto body = [&](OpBuilder &builder, ValueRange) {
      return passes::scalarConstant(builder, op.getLoc(), type.getElementType(), op.getValues()[0]);
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

/// The size itself where it is known to be above 0.
Dim atLeastOne(const Dim &size) { return Dim(0) - Dim::min(Dim(0) - size, Dim(-1)); }

/// Input i is read at (d - offset) mod size, which is in range for every d, and chosen where it is meant. A size that a
/// call may make 0 (`x[:, :-1]` of one row) counts as 1: what is read there is never chosen.
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
        results.push_back(i == axis ? (maps.dim(i) - maps.size(end)) % maps.size(atLeastOne(size)) : maps.dim(i));
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

/// The rows lie as the op has them; views of them are absorbed.
struct LowerAppend : OpConversionPattern<AppendOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(AppendOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    auto rows = cast<ir::TensorType>(op.getRows().getType());
    rewriter.replaceOpWithNewOp<kernel::AppendOp>(
        op, bufferType(op.getResult()), adaptor.getPool(), adaptor.getPages(), adaptor.getRows(), adaptor.getLength(),
        adaptor.getCount(), op.getAxis(), DimAttr::get(op.getContext(), rows.getDim(1)),
        passes::identityMap(op.getContext(), rows.rank()));
    return success();
  }
};

/// A row of one reduction; `stage` makes its element from the inputs' scalars.
Value buildReduction(OpBuilder &builder, Location loc, kernel::BufferType type, ArrayRef<Input> inputs,
                     ArrayRef<Dim> domain, unsigned reduced, StringRef kind,
                     llvm::function_ref<Value(OpBuilder &, ValueRange)> stage) {
  SmallVector<Value> values;
  SmallVector<Type> scalars;
  for (const Input &input : inputs) {
    values.push_back(input.value);
    scalars.push_back(cast<kernel::BufferType>(input.value.getType()).getElementType());
  }
  MLIRContext *context = builder.getContext();
  auto row = kernel::RowOp::create(builder, loc, TypeRange(type), values, passes::mapsAttr(context, inputs),
                                   passes::dimsAttr(context, domain), reduced, builder.getStrArrayAttr(kind),
                                   /*perRow=*/true, /*stagesCount=*/1);
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> places(scalars.size(), loc);
  Block *block = builder.createBlock(&row.getStages()[0], {}, scalars, places);
  kernel::YieldOp::create(builder, loc, stage(builder, block->getArguments()));
  block = builder.createBlock(&row.getFinish(), {}, type.getElementType(), loc);
  kernel::YieldOp::create(builder, loc, block->getArgument(0));
  return row.getResult(0);
}

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
    rewriter.replaceOp(op, buildReduction(rewriter, op.getLoc(), type, Input{adaptor.getInput(), maps.get(results)},
                                          domain, op.getAxes().size(), kind,
                                          [](OpBuilder &, ValueRange scalars) { return scalars[0]; }));
    return success();
  }
  StringRef kind;
};

/// The value without its last axis, which is a literal 1.
Value dropLast(OpBuilder &builder, Location loc, Value value, kernel::BufferType type) {
  MapBuilder maps(builder.getContext(), type.rank());
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < type.rank(); ++i)
    results.push_back(maps.dim(i));
  results.push_back(maps.constant(0));
  return kernel::MoveOp::create(builder, loc, type, value, maps.get(results));
}

/// `dims` and a literal 1 behind them.
kernel::BufferType withUnit(kernel::BufferType type) {
  SmallVector<Dim> dims = type.getShapeDims();
  dims.push_back(Dim(1));
  return kernel::BufferType::get(type.getContext(), dims, type.getElementType());
}

/// Element i is the sum over the axis of the elements that do not stand behind i: one row for each element, so that
/// it is the same whatever follows it. Quadratic; the sums that models ask for count tokens.
struct LowerCumSum : OpConversionPattern<CumSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(CumSumOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult());
    unsigned axis = op.getAxis(), rank = type.rank();
    SmallVector<Dim> domain = type.getShapeDims();
    domain.push_back(type.getDim(axis));
    MapBuilder maps(op.getContext(), rank + 1);
    SmallVector<AffineExpr> results;
    for (unsigned i = 0; i < rank; ++i)
      results.push_back(maps.dim(i == axis ? rank : i));
    auto stage = [&](OpBuilder &builder, ValueRange scalars) -> Value {
      Location loc = op.getLoc();
      Type element = type.getElementType();
      Value here = kernel::IndexOp::create(builder, loc, builder.getI32Type(), axis);
      Value other = kernel::IndexOp::create(builder, loc, builder.getI32Type(), rank);
      Value counts = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, other, here);
      Value zero = arith::ConstantOp::create(builder, loc, element, builder.getZeroAttr(element));
      return arith::SelectOp::create(builder, loc, counts, scalars[0], zero);
    };
    Value sums = buildReduction(rewriter, op.getLoc(), withUnit(type), Input{adaptor.getInput(), maps.get(results)},
                                domain, 1, "sum", stage);
    rewriter.replaceOp(op, dropLast(rewriter, op.getLoc(), sums, type));
    return success();
  }
};

/// The row's one element whose index is the id. A gather from 0, 1, 2 ... judges the ids: out of range is an error.
struct LowerPick : OpConversionPattern<PickOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(PickOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    kernel::BufferType type = bufferType(op.getResult()), input = bufferType(op.getInput());
    if (type.getElementType().isInteger(1))
      return rewriter.notifyMatchFailure(op, "rows reduce numbers");
    Location loc = op.getLoc();
    MLIRContext *context = op.getContext();
    unsigned rank = type.rank();
    auto numbersType = kernel::BufferType::get(context, {input.getDim(rank)}, rewriter.getI32Type());
    Value numbers =
        passes::buildPointwise(rewriter, loc, numbersType, {}, [&](OpBuilder &builder, ValueRange) -> Value {
          return kernel::IndexOp::create(builder, loc, builder.getI32Type(), 0);
        }).getResult(0);
    Value ids = kernel::GatherOp::create(rewriter, loc, cast<kernel::BufferType>(adaptor.getIds().getType()), numbers,
                                         adaptor.getIds());
    MapBuilder maps(context, rank + 1);
    SmallVector<AffineExpr> place;
    for (unsigned i = 0; i < rank; ++i)
      place.push_back(maps.dim(i));
    Input id{ids, maps.get(place)};
    auto stage = [&](OpBuilder &builder, ValueRange scalars) -> Value {
      Type element = type.getElementType();
      Value index = kernel::IndexOp::create(builder, loc, builder.getI32Type(), rank);
      Value isIt = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, index, scalars[1]);
      Value zero = arith::ConstantOp::create(builder, loc, element, builder.getZeroAttr(element));
      return arith::SelectOp::create(builder, loc, isIt, scalars[0], zero);
    };
    Value found = buildReduction(rewriter, loc, withUnit(type),
                                 {Input{adaptor.getInput(), passes::identityMap(context, rank + 1)}, id},
                                 input.getShapeDims(), 1, "sum", stage);
    rewriter.replaceOp(op, dropLast(rewriter, loc, found, type));
    return success();
  }
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

Value passes::scalarConstant(OpBuilder &builder, Location loc, Type element, double value) {
  TypedAttr attr = element.isInteger() ? TypedAttr(builder.getIntegerAttr(element, static_cast<int64_t>(value)))
                                       : TypedAttr(builder.getFloatAttr(element, value));
  return arith::ConstantOp::create(builder, loc, attr);
}

kernel::BufferType passes::bufferType(ir::TensorType type) {
  return kernel::BufferType::get(type.getContext(), type.getShapeDims(), type.getElementType());
}

void passes::populateTensors(const TypeConverter &types, RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<LowerConstant, LowerDim, LowerIota, LowerView, LowerConcat, LowerGather, LowerAppend, LowerRead, LowerRepeat,
               LowerYield, LowerCumSum, LowerPick>(types, context);
  patterns.add<LowerReduction<SumOp>>(types, context, "sum");
  patterns.add<LowerReduction<MaxOp>>(types, context, "max");
  patterns.add<LowerReduction<MinOp>>(types, context, "min");
  patterns.add<LowerReduction<ArgMaxOp>>(types, context, "argmax");
}
