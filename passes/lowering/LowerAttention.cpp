// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sinter.attention in, one kernel.attention out: the regions' ops become scalar code, captures become extras. What the
// kernel does not compute is decomposed before the conversion, with a remark that says why.
#include "passes/lowering/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Remarks.h"

#include <cfloat>

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;
using passes::bufferType;
using passes::Input;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

//===-- What the kernel does not compute --===//

/// Null if it does.
static StringRef refusal(AttentionOp op) {
  auto isWithin = [](const Dim &dim) {
    std::optional<int64_t> width = dim.constant();
    return width && *width >= 1 && *width <= kernel::maxAttentionWidth;
  };
  if (!isWithin(typeOf(op.getQuery()).getShapeDims().back()) || !isWithin(typeOf(op.getValue()).getShapeDims().back()))
    return "the heads' width is not a constant of at most 256";
  if (op.hasPost())
    return "something happens to the weights between softmax and values";
  if (op.getEmpty() == EmptyRow::nan)
    return "a row that sees no key must be NaN";
  return {};
}

//===-- Scores beyond f32 --===//

namespace {

/// Looks for scores that a huge number may carry beyond f32: arithmetic on `lowest`, or nearly. In exact numbers they
/// are finite, and a row of nothing else is uniform; -inf less -inf were NaN.
class Overflow {
public:
  /// An attention's captures stand for the arguments of its score region after the first.
  explicit Overflow(AttentionOp attention = {}) : attention(attention) {}

  bool mayHappen(Value value) {
    Operation *op = definingOp(value);
    if (!isFollowed(op) || !sums.insert(op).second)
      return false;
    if (isa<AddOp, SubOp, MulOp, DivOp>(op))
      return llvm::any_of(op->getOperands(), [&](Value operand) { return isHuge(operand); });
    return llvm::any_of(op->getOperands(), [&](Value operand) { return mayHappen(operand); });
  }

private:
  AttentionOp attention;
  llvm::DenseSet<Operation *> sums, numbers;

  Operation *definingOp(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument && attention && argument.getOwner() == &attention.getScore().front() && argument.getArgNumber() > 0)
      value = attention.getCaptures()[argument.getArgNumber() - 1];
    return value.getDefiningOp();
  }

  static bool isFollowed(Operation *op) {
    return op && (isa<ViewOp>(op) || op->hasTrait<OpTrait::Elementwise>());
  }

  /// Whether such a number is among what the value is computed from.
  bool isHuge(Value value) {
    Operation *op = definingOp(value);
    if (auto constant = dyn_cast_or_null<ConstantOp>(op))
      return llvm::any_of(constant.getValues(), [](double number) { return number >= 1e30 || number <= -1e30; });
    return isFollowed(op) && numbers.insert(op).second &&
           llvm::any_of(op->getOperands(), [&](Value operand) { return isHuge(operand); });
  }
};

/// The larger of each score and f32's lowest number.
Value atLeastLowest(OpBuilder builder, Value scores) {
  auto lowest = ConstantOp::create(builder, scores.getLoc(), scores.getType(), builder.getDenseF64ArrayAttr({-FLT_MAX}));
  return MaximumOp::create(builder, scores.getLoc(), scores.getType(), scores, lowest);
}

void keepFinite(ModuleOp module) {
  SmallVector<Operation *> found;
  module.walk([&](Operation *op) {
    if (isa<AttentionOp, SoftmaxOp, LogSoftmaxOp>(op))
      found.push_back(op);
  });
  for (Operation *op : found) {
    auto attention = dyn_cast<AttentionOp>(op);
    Operation *reader = attention ? attention.getScore().front().getTerminator() : op;
    if (Overflow(attention).mayHappen(reader->getOperand(0)))
      reader->setOperand(0, atLeastLowest(OpBuilder(reader), reader->getOperand(0)));
  }
}

} // namespace

void passes::decomposeAttention(ModuleOp module) {
  SmallVector<AttentionOp> found;
  module.walk([&](AttentionOp op) { found.push_back(op); });
  for (AttentionOp op : found) {
    StringRef reason = refusal(op);
    if (reason.empty())
      continue;
    remark::missed(op.getLoc(), remark::RemarkOpts::name("attention").category("lower"))
        << ("its scores are stored: " + reason).str();
    OpBuilder builder(op);
    op->replaceAllUsesWith(op.decompose(builder));
    op.erase();
  }
  keepFinite(module);
}

//===-- Lowering --===//

namespace {

/// Scalar code of one region; extras are found or made as its views are met.
class RegionCode {
public:
  /// `captures` are the buffers; `arguments` of `block` become the product, if `hasNumbers`, and the captures.
  RegionCode(OpBuilder &builder, Block &source, ValueRange captures, bool hasNumbers, SmallVectorImpl<Input> &extras)
      : builder(builder), source(source), captures(captures), hasNumbers(hasNumbers), extras(extras) {}

  /// The extras that the region reads, in the order that it meets them.
  void collect() {
    for (Operation &op : source)
      for (Value operand : op.getOperands())
        if (isCapture(operand))
          extraOf(operand, isa<ViewOp>(op) ? cast<ViewOp>(op).getMap() : identity(operand));
  }

  /// `block` has its arguments, the extras' last.
  void emit(Block *block) {
    target = block;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(block);
    for (Operation &op : source.without_terminator())
      if (Value value = scalarOf(op))
        scalars[op.getResult(0)] = value;
    Operation *yield = source.getTerminator();
    kernel::YieldOp::create(builder, yield->getLoc(), read(yield->getOperand(0)));
  }

private:
  OpBuilder &builder;
  Block &source;
  ValueRange captures;
  bool hasNumbers;
  SmallVectorImpl<Input> &extras;
  Block *target = nullptr;
  DenseMap<Value, Value> scalars;

  bool isCapture(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getArgNumber() >= (hasNumbers ? 1u : 0u);
  }
  IndexMapAttr identity(Value value) { return passes::identityMap(builder.getContext(), typeOf(value).rank()); }

  unsigned extraOf(Value capture, IndexMapAttr map) {
    Input input{captures[cast<BlockArgument>(capture).getArgNumber() - (hasNumbers ? 1 : 0)], map};
    auto found = llvm::find(extras, input);
    if (found == extras.end()) {
      extras.push_back(input);
      return extras.size() - 1;
    }
    return found - extras.begin();
  }

  Value read(Value value) {
    if (isCapture(value))
      return target->getArgument(extraOf(value, identity(value)) + hasNumbers);
    if (isa<BlockArgument>(value))
      return target->getArgument(0);
    return scalars.lookup(value);
  }

  /// Null for what views alone read.
  Value scalarOf(Operation &op) {
    if (isa<IotaOp>(op))
      return {};
    if (auto dim = dyn_cast<DimOp>(op))
      return kernel::SizeOp::create(builder, op.getLoc(), dim.getType().getElementType(), dim.getDim());
    if (auto constant = dyn_cast<ConstantOp>(op))
      return passes::scalarConstant(builder, op.getLoc(), constant.getType().getElementType(), constant.getValues()[0]);
    if (auto view = dyn_cast<ViewOp>(op)) {
      if (isCapture(view.getInput()))
        return target->getArgument(extraOf(view.getInput(), view.getMap()) + hasNumbers);
      if (view.getInput().getDefiningOp<IotaOp>())
        return passes::expandIndex(builder, op.getLoc(), view.getMap().getMap().getResult(0),
                                   view.getMap().getSymbols());
      return scalars.lookup(view.getInput());
    }
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(read(operand));
    return passes::scalarElementwise(builder, &op, operands);
  }
};

struct LowerAttention : OpConversionPattern<AttentionOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(AttentionOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    MLIRContext *context = op.getContext();
    SmallVector<Input> extras;
    SmallVector<Value> captures(adaptor.getCaptures());
    RegionCode score(rewriter, op.getScore().front(), captures, true, extras);
    score.collect();
    std::optional<RegionCode> mask;
    if (op.hasMask())
      mask.emplace(rewriter, op.getMask().front(), captures, false, extras).collect();

    SmallVector<Value> values;
    SmallVector<Type> scalars;
    for (const Input &extra : extras) {
      values.push_back(extra.value);
      scalars.push_back(cast<kernel::BufferType>(extra.value.getType()).getScalarType());
    }
    SmallVector<Dim> domain = op.getDomain();
    IndexMapAttr identity = passes::identityMap(context, domain.size());
    auto dimAttr = [&](const Dim &dim) { return DimAttr::get(context, dim); };
    auto kernel = kernel::AttentionOp::create(
        rewriter, op.getLoc(), bufferType(op.getResult()), adaptor.getQuery(), adaptor.getKey(), adaptor.getValue(),
        values, /*pages=*/Value(), domain.size() - 2, dimAttr(domain.back()), dimAttr(typeOf(op.getQuery()).getShapeDims().back()),
        identity, identity, identity, passes::mapsAttr(context, extras), /*masksCount=*/mask ? 1 : 0);
    auto fill = [&](Region &region, RegionCode &code, bool hasNumbers) {
      OpBuilder::InsertionGuard guard(rewriter);
      SmallVector<Type> types(hasNumbers ? 1 : 0, rewriter.getF32Type());
      llvm::append_range(types, scalars);
      code.emit(rewriter.createBlock(&region, {}, types, SmallVector<Location>(types.size(), op.getLoc())));
    };
    fill(kernel.getScore(), score, true);
    if (mask)
      fill(*kernel.getMask(), *mask, false);
    rewriter.replaceOp(op, kernel.getResult());
    return success();
  }
};

} // namespace

void passes::populateAttention(const TypeConverter &types, RewritePatternSet &patterns) {
  patterns.add<LowerAttention>(types, patterns.getContext());
}
