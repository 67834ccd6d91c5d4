// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scalar code of a skeleton's region, on 16 lanes. What has a vector instruction is the same op on vectors; what
// has not is in one table, by op name.
#include "codegen/cpu/Emit.h"
#include "codegen/cpu/Math.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace sinter::cpu {

using Expansion = Value (*)(Emitter &, ValueRange);

/// Ops that must not reach code generation as they are: they would call a library, trap, or differ by processor.
static const llvm::StringMap<Expansion> &expansions() {
  static const llvm::StringMap<Expansion> table = {
      {"math.exp", [](Emitter &e, ValueRange v) { return emitExp(e, v[0]); }},
      {"math.exp2", [](Emitter &e, ValueRange v) { return emitExp2(e, v[0]); }},
      {"math.log", [](Emitter &e, ValueRange v) { return emitLog(e, v[0]); }},
      {"math.erf", [](Emitter &e, ValueRange v) { return emitErf(e, v[0]); }},
      {"math.tanh", [](Emitter &e, ValueRange v) { return emitTanh(e, v[0]); }},
      {"math.sin", [](Emitter &e, ValueRange v) { return emitSin(e, v[0]); }},
      {"math.cos", [](Emitter &e, ValueRange v) { return emitCos(e, v[0]); }},
      {"math.powf", [](Emitter &e, ValueRange v) { return emitPow(e, v[0], v[1]); }},
      {"math.rsqrt",
       [](Emitter &e, ValueRange v) -> Value {
         return arith::DivFOp::create(e.b, e.floatLanes(1), math::SqrtOp::create(e.b, v[0]));
       }},
      {"arith.fptosi", [](Emitter &e, ValueRange v) { return emitToInt(e, v[0]); }},
      {"arith.divsi", [](Emitter &e, ValueRange v) { return emitDivide(e, v[0], v[1], Rounding::towardZero); }},
      {"arith.floordivsi", [](Emitter &e, ValueRange v) { return emitDivide(e, v[0], v[1], Rounding::down); }},
      {"arith.ceildivsi", [](Emitter &e, ValueRange v) { return emitDivide(e, v[0], v[1], Rounding::up); }},
      {"arith.remsi", [](Emitter &e, ValueRange v) { return emitRemainder(e, v[0], v[1]); }},
  };
  return table;
}

/// Ops that are one IEEE or integer operation for each lane.
static bool isElementwise(Operation &op) {
  return isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::MaximumFOp,
             arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp, arith::CmpFOp, arith::CmpIOp, arith::SelectOp,
             arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::MaxSIOp,
             arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp, arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp,
             arith::SIToFPOp, arith::UIToFPOp, arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, arith::BitcastOp,
             math::SqrtOp, math::AbsFOp, math::AbsIOp, math::FloorOp, math::CeilOp, math::TruncOp, math::RoundEvenOp,
             math::CopySignOp, math::FmaOp>(op);
}

static Value emitElementwise(Emitter &e, Operation &op, const IRMapping &values) {
  IRMapping mapping = values;
  Operation *lanesOp = op.clone(mapping);
  lanesOp->getResult(0).setType(e.laneType(op.getResult(0).getType()));
  // Fast-math flags would let the two instruction sets differ; overflow flags would make poison of wrapping.
  if (auto fast = dyn_cast<arith::ArithFastMathInterface>(lanesOp))
    lanesOp->setAttr(fast.getFastMathAttrName(),
                     arith::FastMathFlagsAttr::get(op.getContext(), arith::FastMathFlags::none));
  if (auto wrap = dyn_cast<arith::ArithIntegerOverflowFlagsInterface>(lanesOp))
    lanesOp->setAttr(wrap.getIntegerOverflowAttrName(),
                     arith::IntegerOverflowFlagsAttr::get(op.getContext(), arith::IntegerOverflowFlags::none));
  e.b.insert(lanesOp);
  return lanesOp->getResult(0);
}

static Value emitIndex(Emitter &e, ir::kernel::IndexOp op, const Point &point) {
  unsigned axis = op.getAxis();
  Value first = e.splat(arith::TruncIOp::create(e.b, e.b.getI32Type(), point.index[axis]));
  if (axis != point.lane)
    return first;
  return arith::AddIOp::create(e.b, first, e.iota());
}

static Value emitSize(Emitter &e, ir::kernel::SizeOp op) {
  Value size = e.size(op.getDim().getDim());
  if (op.getType().isF32())
    return e.splat(arith::SIToFPOp::create(e.b, e.b.getF32Type(), size));
  return e.splat(arith::TruncIOp::create(e.b, e.b.getI32Type(), size));
}

FailureOr<SmallVector<Value>> emitRegion(Emitter &e, Region &region, ArrayRef<Value> arguments, const Point &point,
                                         ArrayRef<Value> wanted, ArrayRef<std::pair<Value, Value>> known) {
  if (e.hasFailed)
    return failure();
  Block &block = region.front();
  assert(block.getNumArguments() == arguments.size() && "one vector for each argument");
  IRMapping values;
  values.map(block.getArguments(), arguments);
  for (auto [value, lanesValue] : known)
    values.map(value, lanesValue);
  SmallVector<Value> operands;
  for (Operation &op : block.without_terminator()) {
    if (op.getNumResults() == 1 && values.contains(op.getResult(0)))
      continue;
    operands.clear();
    for (Value operand : op.getOperands())
      operands.push_back(values.lookup(operand));
    Value result;
    if (auto index = dyn_cast<ir::kernel::IndexOp>(op))
      result = emitIndex(e, index, point);
    else if (auto size = dyn_cast<ir::kernel::SizeOp>(op))
      result = emitSize(e, size);
    else if (auto constant = dyn_cast<arith::ConstantOp>(op))
      result = arith::ConstantOp::create(
          e.b, DenseElementsAttr::get(e.laneType(constant.getType()), ArrayRef<Attribute>(constant.getValue())));
    else if (auto expansion = expansions().find(op.getName().getStringRef()); expansion != expansions().end())
      result = expansion->second(e, operands);
    else if (isElementwise(op))
      result = emitElementwise(e, op, values);
    else {
      e.hasFailed = true;
      return op.emitError("the CPU target has no code for '") << op.getName() << "' in a kernel's region";
    }
    values.map(op.getResult(0), result);
  }
  SmallVector<Value> results;
  for (Value result : wanted.empty() ? ValueRange(block.getTerminator()->getOperands()) : ValueRange(wanted))
    results.push_back(values.lookup(result));
  return results;
}

} // namespace sinter::cpu
