// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds of attention masks; see Mask.h. Everything here may only err towards "perhaps": what a bound cannot tell, the
// attention kernel asks of the mask itself, pair by pair.
#include "codegen/cpu/Mask.h"

using namespace mlir;
using mlir::arith::CmpIPredicate;

namespace sinter::cpu {

MaskBounds::MaskBounds(Emitter &e, ir::kernel::AttentionOp op, ArrayRef<Access> extras)
    : e(e), op(op), extras(extras), batchRank(op.getBatch()) {
  findLeaves(op.getMask()->front().getTerminator()->getOperand(0));
}

//===-- What a value depends on --===//

MaskBounds::Uses MaskBounds::uses(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Uses result;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    result.data = true;
    result.query = extras[argument.getArgNumber()].map.isFunctionOfDim(batchRank);
  } else if (auto index = value.getDefiningOp<ir::kernel::IndexOp>()) {
    result.query = index.getAxis() == batchRank;
  } else {
    for (Value operand : value.getDefiningOp()->getOperands()) {
      Uses inner = uses(operand);
      result.query |= inner.query;
      result.data |= inner.data;
    }
  }
  return known[value] = result;
}

/// The largest conditions that data decides and the query does not, as `bounds` will meet them.
void MaskBounds::findLeaves(Value value) {
  Uses use = uses(value);
  if (use.data && !use.query) {
    if (!llvm::is_contained(leaves, value))
      leaves.push_back(value);
    return;
  }
  if (Operation *inner = value.getDefiningOp(); isa_and_nonnull<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(inner))
    for (Value operand : inner->getOperands())
      findLeaves(operand);
}

LogicalResult MaskBounds::atKeys(const Point &point, Value first, Value count) {
  firstKey = first;
  keyCount = count;
  leafTruth.clear();
  if (leaves.empty())
    return success();
  Emitter::Values init;
  for (size_t i = 0; i < leaves.size(); ++i)
    init.append({flag(false), flag(true)});
  Region &mask = *op.getMask();
  bool isFailed = false;
  // Here lanes are keys.
  Point keys = point;
  keys.lane = batchRank + 1;
  keys.index[batchRank] = e.constant(0);
  keys.mask = keys.count = Value();
  Emitter::Values truth = e.blocks(
      first, e.add(first, count), keys.dims.back().constant(), keys, init, [&](const Point &block, ValueRange carried) {
        SmallVector<Value> arguments;
        for (auto [argument, extra] : llvm::zip_equal(mask.front().getArguments(), extras)) {
          bool isNeeded = !argument.use_empty() && !uses(argument).query;
          arguments.push_back(isNeeded
                                  ? e.load(extra, block)
                                  : Value(arith::ConstantOp::create(e.b, e.b.getZeroAttr(e.laneType(extra.element)))));
        }
        FailureOr<SmallVector<Value>> seen = emitRegion(e, mask, arguments, block, leaves);
        if (failed(seen)) {
          isFailed = true;
          return Emitter::Values(carried);
        }
        Emitter::Values next;
        for (auto [i, lanesSeen] : llvm::enumerate(*seen)) {
          Value some = lanesSeen, every = lanesSeen;
          if (block.mask) {
            Value none = arith::ConstantOp::create(e.b, e.b.getZeroAttr(some.getType()));
            Value full = arith::ConstantOp::create(e.b, DenseElementsAttr::get(cast<VectorType>(some.getType()), true));
            some = arith::SelectOp::create(e.b, block.mask, some, none);
            every = arith::SelectOp::create(e.b, block.mask, every, full);
          }
          next.push_back(either(carried[2 * i], vector::ReductionOp::create(e.b, vector::CombiningKind::OR, some)));
          next.push_back(both(carried[2 * i + 1], vector::ReductionOp::create(e.b, vector::CombiningKind::AND, every)));
        }
        return next;
      });
  for (auto [i, leaf] : llvm::enumerate(leaves))
    leafTruth[leaf] = {truth[2 * i], truth[2 * i + 1]};
  return failure(isFailed);
}

//===-- Bounds --===//

Visible MaskBounds::over(const Point &point, Value first, Value count) {
  at = &point;
  firstQuery = first;
  queryCount = count;
  return bounds(op.getMask()->front().getTerminator()->getOperand(0));
}

Visible MaskBounds::bounds(Value value) {
  if (auto leaf = leafTruth.find(value); leaf != leafTruth.end())
    return leaf->second;
  Operation *inner = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<arith::ConstantOp>(inner)) {
    Value truth = flag(!cast<IntegerAttr>(constant.getValue()).getValue().isZero());
    return {truth, truth};
  }
  if (auto compared = dyn_cast_or_null<arith::CmpIOp>(inner)) {
    Range x = range(compared.getLhs()), y = range(compared.getRhs());
    if (x.low && y.low)
      return compare(compared.getPredicate(), x, y);
    return {flag(true), flag(false)};
  }
  if (!isa_and_nonnull<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(inner))
    return {flag(true), flag(false)};
  Visible x = bounds(inner->getOperand(0)), y = bounds(inner->getOperand(1));
  if (isa<arith::AndIOp>(inner))
    return {both(x.any, y.any), both(x.all, y.all)};
  if (isa<arith::OrIOp>(inner))
    return {either(x.any, y.any), either(x.all, y.all)};
  // Exclusive: surely different, or surely the same.
  Value isSame = either(both(x.all, y.all), inverse(either(x.any, y.any)));
  Value isOther = either(both(x.all, inverse(y.any)), both(y.all, inverse(x.any)));
  return {inverse(isSame), isOther};
}

Visible MaskBounds::compare(CmpIPredicate predicate, const Range &x, const Range &y) {
  // x < y: perhaps, where some x is; surely, where the largest x is.
  auto less = [&](CmpIPredicate order, const Range &l, const Range &r) -> Visible {
    return {test(order, l.low, r.high), test(order, l.high, r.low)};
  };
  Visible result;
  switch (predicate) {
  case CmpIPredicate::slt:
    result = less(CmpIPredicate::slt, x, y);
    break;
  case CmpIPredicate::sle:
    result = less(CmpIPredicate::sle, x, y);
    break;
  case CmpIPredicate::sgt:
    result = less(CmpIPredicate::slt, y, x);
    break;
  case CmpIPredicate::sge:
    result = less(CmpIPredicate::sle, y, x);
    break;
  case CmpIPredicate::eq:
  case CmpIPredicate::ne: {
    Visible below = less(CmpIPredicate::sle, x, y), above = less(CmpIPredicate::sle, y, x);
    result = {both(below.any, above.any), both(below.all, above.all)};
    if (predicate == CmpIPredicate::ne)
      result = {inverse(result.all), inverse(result.any)};
    break;
  }
  default:
    return {flag(true), flag(false)};
  }
  Value isExact = both(x.isExact, y.isExact);
  return {either(result.any, inverse(isExact)), both(result.all, isExact)};
}

/// A range computed in i64, which the program's i32 follows only where it fits.
MaskBounds::Range MaskBounds::limited(Value low, Value high, const Range &x, const Range &y) {
  Value fits =
      both(test(CmpIPredicate::sge, low, e.constant(INT32_MIN)), test(CmpIPredicate::sle, high, e.constant(INT32_MAX)));
  return {low, high, both(fits, both(x.isExact, y.isExact))};
}

MaskBounds::Range MaskBounds::range(Value value) {
  if (!value.getType().isInteger(32))
    return {};
  auto whole = [&](Value low, Value high) { return limited(low, high, {{}, {}, flag(true)}, {{}, {}, flag(true)}); };
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    // One number for all pairs of the batch: how many tokens a sequence had before.
    const Access &extra = extras[argument.getArgNumber()];
    if (extra.map.isFunctionOfDim(batchRank) || extra.map.isFunctionOfDim(batchRank + 1))
      return {};
    Value number = e.loadScalar(extra.pointer, extra.element, e.offset(extra, *at));
    number = arith::ExtSIOp::create(e.b, e.b.getI64Type(), number);
    return whole(number, number);
  }
  Operation *inner = value.getDefiningOp();
  if (auto constant = dyn_cast<arith::ConstantOp>(inner)) {
    Value number = e.constant(cast<IntegerAttr>(constant.getValue()).getInt());
    return {number, number, flag(true)};
  }
  if (auto size = dyn_cast<ir::kernel::SizeOp>(inner)) {
    Value number = e.size(size.getDim().getDim());
    return whole(number, number);
  }
  if (auto index = dyn_cast<ir::kernel::IndexOp>(inner)) {
    unsigned axis = index.getAxis();
    Value low = axis == batchRank ? firstQuery : axis == batchRank + 1 ? firstKey : at->index[axis];
    if (axis < batchRank)
      return whole(low, low);
    return whole(low, e.sub(e.add(low, axis == batchRank ? queryCount : keyCount), e.constant(1)));
  }
  if (!isa<arith::AddIOp, arith::SubIOp, arith::MinSIOp, arith::MaxSIOp>(inner))
    return {};
  Range x = range(inner->getOperand(0)), y = range(inner->getOperand(1));
  if (!x.low || !y.low)
    return {};
  if (isa<arith::MinSIOp>(inner))
    return {e.min(x.low, y.low), e.min(x.high, y.high), both(x.isExact, y.isExact)};
  if (isa<arith::MaxSIOp>(inner))
    return {e.max(x.low, y.low), e.max(x.high, y.high), both(x.isExact, y.isExact)};
  if (isa<arith::AddIOp>(inner))
    return limited(e.add(x.low, y.low), e.add(x.high, y.high), x, y);
  return limited(e.sub(x.low, y.high), e.sub(x.high, y.low), x, y);
}

} // namespace sinter::cpu
