// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// row: reductions in stages over the last axes, and what follows from them. Work item = one row.
//
// A reduction keeps 16 partial results, by the index in the last dimension mod 16, and folds them 8, 4, 2, 1: the
// order of the operations is the same on every target and for every way of cutting the grid. Lanes past the row's
// end leave the partial results alone. A stage reads the inputs again; nothing is kept in between, but for one thing:
// an exponential (or the like) that a stage sums and the finish wants again waits in the result's own row.
#include "codegen/cpu/Emit.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cpu {

namespace {
enum class Kind { sum, max, min, argmax };

class RowLowering {
public:
  RowLowering(Emitter &e, ir::kernel::RowOp op) : e(e), op(op), dims(ir::toDims(op.getDomain())) {
    free = dims.size() - op.getReduced();
    for (auto [i, input] : llvm::enumerate(op.getInputs()))
      inputs.push_back(e.access(i, cast<BufferType>(input.getType()), cast<ir::IndexMapAttr>(op.getMaps()[i])));
  }
  FailureOr<Dim> lower();

private:
  using Values = Emitter::Values;
  /// Runs `body` over the elements of the row, 16 at a time.
  Values walk(unsigned axis, Point point, ValueRange init, llvm::function_ref<Values(const Point &, ValueRange)> body);
  Value reduce(Region &stage, Kind kind, const Point &row);
  void finishElements(const Point &row);
  void findKept();
  Value resultOffset(const Point &point);
  void finishRow(const Point &row);
  SmallVector<Value> arguments(const Point &point);

  Values initial(Kind kind, Type element);
  Values combine(Kind kind, ValueRange left, ValueRange right);
  Value isBetter(Kind kind, Value candidate, Value best);
  Value fold(Kind kind, Values partial);
  /// The element's number in the row, for each lane.
  Value rowIndex(const Point &point);

  Emitter &e;
  ir::kernel::RowOp op;
  SmallVector<Dim> dims;
  unsigned free = 0;
  SmallVector<Access> inputs;
  SmallVector<Value> reductions; ///< of the stages so far, spread over 16 lanes
  Region *keeper = nullptr;      ///< the stage whose elements are kept in the result
  Value kept;                    ///< the same value in the finish
  bool isFailed = false;
};
} // namespace

RowLowering::Values RowLowering::walk(unsigned axis, Point point, ValueRange init,
                                      llvm::function_ref<Values(const Point &, ValueRange)> body) {
  Value from = e.constant(0), to = e.size(dims[axis]);
  if (axis + 1 == dims.size())
    return e.blocks(from, to, dims[axis].constant(), point, init, body);
  return e.loop(from, to, 1, init, [&](Value i, ValueRange carried) {
    point.index[axis] = i;
    return walk(axis + 1, point, carried, body);
  });
}

SmallVector<Value> RowLowering::arguments(const Point &point) {
  SmallVector<Value> values;
  for (const Access &input : inputs)
    values.push_back(e.load(input, point));
  values.append(reductions);
  return values;
}

//===-- Reductions --===//

RowLowering::Values RowLowering::initial(Kind kind, Type element) {
  Value first;
  bool isLargest = kind != Kind::min;
  if (kind == Kind::sum)
    first = arith::ConstantOp::create(e.b, e.b.getZeroAttr(e.laneType(element)));
  else if (element.isF32())
    first = e.floatLanes(isLargest ? -INFINITY : INFINITY);
  else
    first = e.intLanes(isLargest ? INT32_MIN : INT32_MAX);
  if (kind == Kind::argmax)
    return {first, e.intLanes(INT32_MAX)};
  return {first};
}

/// Whether a candidate replaces the best so far. NaN beats numbers, so that it propagates.
Value RowLowering::isBetter(Kind kind, Value candidate, Value best) {
  if (!cast<VectorType>(candidate.getType()).getElementType().isF32()) {
    auto order = kind == Kind::min ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sgt;
    return arith::CmpIOp::create(e.b, order, candidate, best);
  }
  auto order = kind == Kind::min ? arith::CmpFPredicate::OLT : arith::CmpFPredicate::OGT;
  Value isBeyond = arith::CmpFOp::create(e.b, order, candidate, best);
  Value isNan = arith::CmpFOp::create(e.b, arith::CmpFPredicate::UNO, candidate, candidate);
  if (kind == Kind::argmax) { // the first NaN stays
    Value isNumber = arith::CmpFOp::create(e.b, arith::CmpFPredicate::ORD, best, best);
    isNan = arith::AndIOp::create(e.b, isNan, isNumber);
  }
  return arith::OrIOp::create(e.b, isBeyond, isNan);
}

RowLowering::Values RowLowering::combine(Kind kind, ValueRange left, ValueRange right) {
  if (kind == Kind::sum) {
    bool isFloat = cast<VectorType>(left[0].getType()).getElementType().isF32();
    return {isFloat ? Value(arith::AddFOp::create(e.b, left[0], right[0]))
                    : Value(arith::AddIOp::create(e.b, left[0], right[0]))};
  }
  Value takesRight = isBetter(kind, right[0], left[0]);
  if (kind == Kind::argmax) { // neither is better: the lower index
    Value takesLeft = isBetter(kind, left[0], right[0]);
    Value isLower = arith::CmpIOp::create(e.b, arith::CmpIPredicate::slt, right[1], left[1]);
    Value isTie = arith::SelectOp::create(e.b, takesLeft, takesRight, isLower);
    takesRight = arith::OrIOp::create(e.b, takesRight, isTie);
  }
  Values result;
  for (auto [l, r] : llvm::zip_equal(left, right))
    result.push_back(arith::SelectOp::create(e.b, takesRight, r, l));
  return result;
}

Value RowLowering::fold(Kind kind, Values partial) {
  for (int64_t half = lanes / 2; half > 0; half /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < half; ++i) {
      low.push_back(i);
      high.push_back(half + i);
    }
    Values left, right;
    for (Value value : partial) {
      left.push_back(vector::ShuffleOp::create(e.b, value, value, low));
      right.push_back(vector::ShuffleOp::create(e.b, value, value, high));
    }
    partial = combine(kind, left, right);
  }
  return e.splat(vector::ExtractOp::create(e.b, partial.back(), int64_t(0)));
}

Value RowLowering::rowIndex(const Point &point) {
  Value number = e.constant(0);
  for (unsigned i = free; i < dims.size(); ++i)
    number = e.add(e.mul(number, e.size(dims[i])), point.index[i]);
  return arith::AddIOp::create(e.b, e.splat(arith::TruncIOp::create(e.b, e.b.getI32Type(), number)), e.iota());
}

Value RowLowering::reduce(Region &stage, Kind kind, const Point &row) {
  Type element = stage.front().getTerminator()->getOperand(0).getType();
  Values partial = walk(free, row, initial(kind, element), [&](const Point &point, ValueRange carried) -> Values {
    FailureOr<SmallVector<Value>> yielded = emitRegion(e, stage, arguments(point), point);
    if (failed(yielded)) {
      isFailed = true;
      return Values(carried);
    }
    Values candidate = {yielded->front()};
    if (keeper == &stage)
      e.store(e.pointer(inputs.size()), e.b.getF32Type(), resultOffset(point), candidate[0], point);
    if (kind == Kind::argmax)
      candidate.push_back(rowIndex(point));
    Values next = combine(kind, carried, candidate);
    if (point.mask)
      for (auto [value, old] : llvm::zip_equal(next, carried))
        value = arith::SelectOp::create(e.b, point.mask, value, old);
    return next;
  });
  return fold(kind, partial);
}

//===-- What follows --===//

/// Whether two values of different regions are the same function of the same arguments, as far as `depth` lets see.
static bool isSame(Value x, Value y, unsigned depth = 8) {
  auto left = dyn_cast<BlockArgument>(x), right = dyn_cast<BlockArgument>(y);
  if (left || right)
    return left && right && left.getArgNumber() == right.getArgNumber();
  Operation *first = x.getDefiningOp(), *second = y.getDefiningOp();
  return depth > 0 && first->getName() == second->getName() &&
         first->getAttrDictionary() == second->getAttrDictionary() && x.getType() == y.getType() &&
         first->getNumOperands() == second->getNumOperands() &&
         llvm::all_of(llvm::zip(first->getOperands(), second->getOperands()),
                      [&](auto pair) { return isSame(std::get<0>(pair), std::get<1>(pair), depth - 1); });
}

/// A stage's summed exponential that the finish computes again from the same arguments.
void RowLowering::findKept() {
  if (op.getPerRow() || !cast<BufferType>(op.getResult(0).getType()).getElementType().isF32())
    return;
  for (Region &stage : op.getStages()) {
    Value yielded = stage.front().getTerminator()->getOperand(0);
    if (!isa_and_nonnull<math::ExpOp, math::Exp2Op, math::ErfOp, math::TanhOp, math::LogOp>(yielded.getDefiningOp()))
      continue;
    for (Operation &other : op.getFinish().front().without_terminator())
      if (other.getNumResults() == 1 && isSame(yielded, other.getResult(0))) {
        keeper = &stage;
        kept = other.getResult(0);
        return;
      }
  }
}

/// Where in a dense result the point's elements lie.
Value RowLowering::resultOffset(const Point &point) {
  Value offset = e.item;
  for (unsigned i = free; i < dims.size(); ++i)
    offset = e.add(e.mul(offset, e.size(dims[i])), point.index[i]);
  return offset;
}

void RowLowering::finishElements(const Point &row) {
  walk(free, row, {}, [&](const Point &point, ValueRange) -> Values {
    Value offset = resultOffset(point);
    SmallVector<std::pair<Value, Value>> known;
    if (keeper) {
      Type f32 = e.b.getF32Type();
      Value from = e.offsetPointer(e.pointer(inputs.size()), f32, offset);
      known.push_back({kept, point.mask ? Value(LLVM::MaskedLoadOp::create(e.b, e.laneType(f32), from, point.mask,
                                                                           e.floatLanes(0), 4))
                                        : e.loadVector(e.pointer(inputs.size()), f32, offset)});
    }
    FailureOr<SmallVector<Value>> values = emitRegion(e, op.getFinish(), arguments(point), point, {}, known);
    if (failed(values)) {
      isFailed = true;
      return {};
    }
    for (auto [i, value] : llvm::enumerate(*values)) {
      Type element = cast<BufferType>(op.getResult(i).getType()).getElementType();
      e.store(e.pointer(inputs.size() + i), element, offset, value, point);
    }
    return {};
  });
}

void RowLowering::finishRow(const Point &row) {
  FailureOr<SmallVector<Value>> values = emitRegion(e, op.getFinish(), reductions, row);
  if (failed(values)) {
    isFailed = true;
    return;
  }
  for (auto [i, value] : llvm::enumerate(*values)) {
    Type element = cast<BufferType>(op.getResult(i).getType()).getElementType();
    Value scalar = vector::ExtractOp::create(e.b, value, int64_t(0));
    if (element.isInteger(1))
      scalar = arith::ExtUIOp::create(e.b, e.b.getI8Type(), scalar);
    LLVM::StoreOp::create(e.b, scalar, e.offsetPointer(e.pointer(inputs.size() + i), element, e.item));
  }
}

FailureOr<Dim> RowLowering::lower() {
  Point row;
  row.dims = dims;
  row.lane = dims.size() - 1;
  row.index = e.delinearize(e.item, ArrayRef<Dim>(dims).take_front(free));
  row.index.resize(dims.size(), e.constant(0));
  row.groups = {{0, free, e.item}};
  findKept();
  for (auto [i, stage] : llvm::enumerate(op.getStages())) {
    std::optional<Kind> kind = llvm::StringSwitch<std::optional<Kind>>(cast<StringAttr>(op.getKinds()[i]).getValue())
                                   .Case("sum", Kind::sum)
                                   .Case("max", Kind::max)
                                   .Case("min", Kind::min)
                                   .Case("argmax", Kind::argmax)
                                   .Default(std::nullopt);
    if (!kind)
      return op.emitError("the CPU target has no reduction ") << op.getKinds()[i];
    reductions.push_back(reduce(stage, *kind, row));
  }
  if (op.getPerRow())
    finishRow(row);
  else
    finishElements(row);
  if (isFailed)
    return failure();
  return ir::productOf(ArrayRef<Dim>(dims).take_front(free));
}

FailureOr<Dim> lowerRow(Emitter &e, ir::kernel::RowOp op) { return RowLowering(e, op).lower(); }

} // namespace sinter::cpu
