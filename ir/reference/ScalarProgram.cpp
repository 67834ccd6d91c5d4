// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regions of scalar code -> a list of steps over slots. The table of what each scalar op means stands here alone.
#include "ir/reference/ScalarProgram.h"
#include "ir/kernel/Kernel.h"
#include "ir/reference/Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace sinter::ir {

using Compute = double (*)(double, double, double);

static Compute compareReals(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OEQ:
    return [](double a, double b, double) -> double { return a == b; };
  case P::UEQ:
    return [](double a, double b, double) -> double { return !(a < b || a > b); };
  case P::ONE:
    return [](double a, double b, double) -> double { return a < b || a > b; };
  case P::UNE:
    return [](double a, double b, double) -> double { return a != b; };
  case P::OLT:
    return [](double a, double b, double) -> double { return a < b; };
  case P::ULT:
    return [](double a, double b, double) -> double { return !(a >= b); };
  case P::OLE:
    return [](double a, double b, double) -> double { return a <= b; };
  case P::ULE:
    return [](double a, double b, double) -> double { return !(a > b); };
  case P::OGT:
    return [](double a, double b, double) -> double { return a > b; };
  case P::UGT:
    return [](double a, double b, double) -> double { return !(a <= b); };
  case P::OGE:
    return [](double a, double b, double) -> double { return a >= b; };
  case P::UGE:
    return [](double a, double b, double) -> double { return !(a < b); };
  case P::ORD:
    return [](double a, double b, double) -> double { return !std::isnan(a) && !std::isnan(b); };
  case P::UNO:
    return [](double a, double b, double) -> double { return std::isnan(a) || std::isnan(b); };
  case P::AlwaysFalse:
    return [](double, double, double) -> double { return 0; };
  case P::AlwaysTrue:
    return [](double, double, double) -> double { return 1; };
  }
  return nullptr;
}

/// i32 signed; of i1 only eq and ne keep their meaning, which is all that 0 and 1 need.
static Compute compareInts(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::eq:
    return [](double a, double b, double) -> double { return a == b; };
  case P::ne:
    return [](double a, double b, double) -> double { return a != b; };
  case P::slt:
    return [](double a, double b, double) -> double { return a < b; };
  case P::sle:
    return [](double a, double b, double) -> double { return a <= b; };
  case P::sgt:
    return [](double a, double b, double) -> double { return a > b; };
  case P::sge:
    return [](double a, double b, double) -> double { return a >= b; };
  case P::ult:
    return [](double a, double b, double) -> double { return uint32_t(toInt(a)) < uint32_t(toInt(b)); };
  case P::ule:
    return [](double a, double b, double) -> double { return uint32_t(toInt(a)) <= uint32_t(toInt(b)); };
  case P::ugt:
    return [](double a, double b, double) -> double { return uint32_t(toInt(a)) > uint32_t(toInt(b)); };
  case P::uge:
    return [](double a, double b, double) -> double { return uint32_t(toInt(a)) >= uint32_t(toInt(b)); };
  }
  return nullptr;
}

static Compute mathMeaning(Operation *op) {
  return llvm::TypeSwitch<Operation *, Compute>(op)
      .Case([](math::ExpOp) { return [](double x, double, double) { return std::exp(x); }; })
      .Case([](math::Exp2Op) { return [](double x, double, double) { return std::exp2(x); }; })
      .Case([](math::ExpM1Op) { return [](double x, double, double) { return std::expm1(x); }; })
      .Case([](math::LogOp) { return [](double x, double, double) { return std::log(x); }; })
      .Case([](math::Log2Op) { return [](double x, double, double) { return std::log2(x); }; })
      .Case([](math::Log1pOp) { return [](double x, double, double) { return std::log1p(x); }; })
      .Case([](math::SqrtOp) { return [](double x, double, double) { return std::sqrt(x); }; })
      .Case([](math::RsqrtOp) { return [](double x, double, double) { return 1 / std::sqrt(x); }; })
      .Case([](math::ErfOp) { return [](double x, double, double) { return std::erf(x); }; })
      .Case([](math::TanhOp) { return [](double x, double, double) { return std::tanh(x); }; })
      .Case([](math::SinOp) { return [](double x, double, double) { return std::sin(x); }; })
      .Case([](math::CosOp) { return [](double x, double, double) { return std::cos(x); }; })
      .Case([](math::AbsFOp) { return [](double x, double, double) { return std::fabs(x); }; })
      .Case([](math::AbsIOp) { return [](double x, double, double) { return wrap32(std::abs(toInt(x))); }; })
      .Case([](math::FloorOp) { return [](double x, double, double) { return std::floor(x); }; })
      .Case([](math::CeilOp) { return [](double x, double, double) { return std::ceil(x); }; })
      .Case([](math::RoundOp) { return [](double x, double, double) { return std::round(x); }; })
      .Case([](math::RoundEvenOp) { return [](double x, double, double) { return std::nearbyint(x); }; })
      .Case([](math::TruncOp) { return [](double x, double, double) { return std::trunc(x); }; })
      .Case([](math::PowFOp) { return [](double x, double y, double) { return std::pow(x, y); }; })
      .Case([](math::CopySignOp) { return [](double x, double y, double) { return std::copysign(x, y); }; })
      .Case([](math::FmaOp) { return [](double x, double y, double z) { return x * y + z; }; })
      .Default([](Operation *) -> Compute { return nullptr; });
}

static Compute intMeaning(Operation *op) {
  return llvm::TypeSwitch<Operation *, Compute>(op)
      .Case([](arith::AddIOp) { return [](double a, double b, double) { return wrap32(toInt(a) + toInt(b)); }; })
      .Case([](arith::SubIOp) { return [](double a, double b, double) { return wrap32(toInt(a) - toInt(b)); }; })
      .Case([](arith::MulIOp) { return [](double a, double b, double) { return wrap32(toInt(a) * toInt(b)); }; })
      // A zero divisor has no meaning; 0 keeps the interpreter alive where a select discards it.
      .Case([](arith::FloorDivSIOp) {
        return [](double a, double b, double) { return b == 0 ? 0 : wrap32(floorQuotient(toInt(a), toInt(b))); };
      })
      .Case([](arith::DivSIOp) {
        return [](double a, double b, double) { return b == 0 ? 0 : wrap32(toInt(a) / toInt(b)); };
      })
      .Case([](arith::RemSIOp) {
        return [](double a, double b, double) { return b == 0 ? 0 : wrap32(toInt(a) % toInt(b)); };
      })
      .Case([](arith::MaxSIOp) { return [](double a, double b, double) { return std::max(a, b); }; })
      .Case([](arith::MinSIOp) { return [](double a, double b, double) { return std::min(a, b); }; })
      .Case([](arith::AndIOp) { return [](double a, double b, double) { return wrap32(toInt(a) & toInt(b)); }; })
      .Case([](arith::OrIOp) { return [](double a, double b, double) { return wrap32(toInt(a) | toInt(b)); }; })
      .Case([](arith::XOrIOp) { return [](double a, double b, double) { return wrap32(toInt(a) ^ toInt(b)); }; })
      .Case(
          [](arith::ShLIOp) { return [](double a, double b, double) { return wrap32(toInt(a) << (toInt(b) & 31)); }; })
      .Case(
          [](arith::ShRSIOp) { return [](double a, double b, double) { return wrap32(toInt(a) >> (toInt(b) & 31)); }; })
      .Case([](arith::ExtUIOp) { return [](double a, double, double) { return a; }; })
      .Case([](arith::ExtSIOp) { return [](double a, double, double) { return -a; }; })
      .Case([](arith::TruncIOp) { return [](double a, double, double) { return double(toInt(a) & 1); }; })
      .Case([](arith::SIToFPOp cast) -> Compute {
        // The signed i1 that is true is -1.
        if (cast.getIn().getType().isInteger(1))
          return [](double a, double, double) { return -a; };
        return [](double a, double, double) { return a; };
      })
      .Case([](arith::UIToFPOp) { return [](double a, double, double) { return double(uint32_t(toInt(a))); }; })
      .Case([](arith::FPToSIOp) { return [](double a, double, double) { return truncateToInt(a); }; })
      .Case([](arith::CmpIOp compare) { return compareInts(compare.getPredicate()); })
      .Default([](Operation *) -> Compute { return nullptr; });
}

static Compute realMeaning(Operation *op) {
  return llvm::TypeSwitch<Operation *, Compute>(op)
      .Case([](arith::AddFOp) { return [](double a, double b, double) { return a + b; }; })
      .Case([](arith::SubFOp) { return [](double a, double b, double) { return a - b; }; })
      .Case([](arith::MulFOp) { return [](double a, double b, double) { return a * b; }; })
      .Case([](arith::DivFOp) { return [](double a, double b, double) { return a / b; }; })
      .Case([](arith::RemFOp) { return [](double a, double b, double) { return std::fmod(a, b); }; })
      .Case([](arith::NegFOp) { return [](double a, double, double) { return -a; }; })
      .Case([](arith::MaximumFOp) { return [](double a, double b, double) { return maximumOf(a, b); }; })
      .Case([](arith::MinimumFOp) { return [](double a, double b, double) { return minimumOf(a, b); }; })
      .Case([](arith::MaxNumFOp) { return [](double a, double b, double) { return std::fmax(a, b); }; })
      .Case([](arith::MinNumFOp) { return [](double a, double b, double) { return std::fmin(a, b); }; })
      .Case([](arith::SelectOp) { return [](double c, double a, double b) { return c != 0 ? a : b; }; })
      .Case([](arith::CmpFOp compare) { return compareReals(compare.getPredicate()); })
      .Default([](Operation *) -> Compute { return nullptr; });
}

Compute ScalarProgram::meaning(Operation *op) {
  if (Compute compute = realMeaning(op))
    return compute;
  Compute compute = intMeaning(op);
  return compute ? compute : mathMeaning(op);
}

static std::optional<double> constantValue(Operation &op) {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  if (!constant)
    return std::nullopt;
  if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
    return real.getValueAsDouble();
  auto integer = dyn_cast<IntegerAttr>(constant.getValue());
  if (!integer)
    return std::nullopt;
  // A true i1 is 1 here, not -1.
  return integer.getType().isInteger(1) ? double(integer.getValue().getZExtValue())
                                        : double(integer.getValue().getSExtValue());
}

FailureOr<ScalarProgram> ScalarProgram::create(const Frame &frame, Block &block) {
  ScalarProgram program;
  DenseMap<Value, unsigned> slotOf;
  auto newSlot = [&](Value value, double initial) {
    slotOf[value] = program.slots.size();
    program.slots.push_back(initial);
    return slotOf[value];
  };
  for (BlockArgument argument : block.getArguments())
    newSlot(argument, 0);
  program.numArguments = program.slots.size();
  for (Operation &op : block.without_terminator()) {
    if (std::optional<double> value = constantValue(op)) {
      newSlot(op.getResult(0), *value);
      continue;
    }
    if (auto size = dyn_cast<kernel::SizeOp>(op)) {
      auto sizes = frame.numbersOf(&op, size.getDim().getDim());
      if (failed(sizes))
        return failure();
      newSlot(size.getResult(), sizes->front());
      continue;
    }
    Step step{nullptr, 0, 0, 0, 0, 0};
    if (auto index = dyn_cast<kernel::IndexOp>(op)) {
      step.axis = index.getAxis();
    } else {
      step.compute = meaning(&op);
      if (!step.compute || op.getNumResults() != 1 || op.getNumOperands() > 3)
        return frame.fail(&op, "the reference interpreter knows no meaning of " + op.getName().getStringRef());
    }
    unsigned *places[] = {&step.a, &step.b, &step.c};
    for (auto [i, operand] : llvm::enumerate(op.getOperands()))
      *places[i] = slotOf.at(operand);
    step.target = newSlot(op.getResult(0), 0);
    program.steps.push_back(step);
  }
  for (Value value : block.getTerminator()->getOperands())
    program.yields.push_back(slotOf.at(value));
  return program;
}

void ScalarProgram::run(ArrayRef<int64_t> index) {
  for (const Step &step : steps)
    slots[step.target] = step.compute ? step.compute(slots[step.a], slots[step.b], slots[step.c])
                                      : static_cast<double>(index[step.axis]);
}

} // namespace sinter::ir
