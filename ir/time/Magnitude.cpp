// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on magnitudes.
#include "ir/time/Magnitude.h"
#include "ir/sinter/Sinter.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace sinter::ir {
using Kind = Magnitude::Kind;

Magnitude join(Magnitude a, Magnitude b) {
  if (a == b)
    return a;
  if (a.isOrdinary() && b.isOrdinary())
    return Magnitude::ordinary();
  return a.isAtMostOrdinary() && b.isAtMostOrdinary() ? Magnitude::notAbove() : Magnitude::any();
}

static bool isExtreme(Magnitude m) { return m.is(Kind::Lowest) || m.is(Kind::Highest); }

static Magnitude negated(Magnitude m) {
  switch (m.kind()) {
  case Kind::Constant:
    return Magnitude::constant(-m.value());
  case Kind::Lowest:
    return Magnitude::highest();
  case Kind::Highest:
    return Magnitude::lowest();
  case Kind::NotAbove:
    return Magnitude::any();
  default:
    return m;
  }
}

/// Of a sum with an operand that is not ordinary.
static Magnitude sum(Magnitude a, Magnitude b) {
  if (a.isOrdinary())
    return b;
  if (b.isOrdinary() || a == b)
    return a;
  // Neither is ordinary any more.
  return a.isAtMostOrdinary() && b.isAtMostOrdinary() ? Magnitude::notAbove() : Magnitude::any();
}

/// Of a * b, or a / b, with an operand that is not ordinary.
static Magnitude scaled(Magnitude a, Magnitude b) {
  if (!b.isConstant() || b.value() == 0)
    return Magnitude::any();
  if (isExtreme(a))
    return b.value() > 0 ? a : negated(a);
  return a.is(Kind::NotAbove) && b.value() > 0 ? a : Magnitude::any();
}

static Magnitude maximum(Magnitude a, Magnitude b) {
  if (a.is(Kind::Lowest))
    return b;
  if (b.is(Kind::Lowest) || a == b)
    return a;
  auto isOr = [&](Magnitude x, Magnitude y) { return x.is(Kind::NotAbove) && y.isOrdinary(); };
  return isOr(a, b) || isOr(b, a) ? Magnitude::ordinary() : Magnitude::any();
}

static Magnitude minimum(Magnitude a, Magnitude b) {
  if (a.is(Kind::Highest))
    return b;
  return b.is(Kind::Highest) || a == b ? a : Magnitude::any();
}

/// The op's own folder, on constants that are spread over the shape.
static std::optional<Magnitude> folded(Operation *op, ArrayRef<Magnitude> x) {
  SmallVector<Attribute> constants;
  for (Magnitude m : x)
    constants.push_back(DenseF64ArrayAttr::get(op->getContext(), {m.value()}));
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(constants, results)) || results.size() != 1)
    return std::nullopt;
  // A folder may say which operand it is.
  if (auto same = dyn_cast_if_present<Value>(results[0])) {
    auto operands = op->getOperands();
    auto it = llvm::find(operands, same);
    return it == operands.end() ? std::nullopt : std::optional(x[it - operands.begin()]);
  }
  auto value = dyn_cast_if_present<Attribute>(results[0]);
  auto numbers = dyn_cast_if_present<DenseF64ArrayAttr>(value);
  if (!numbers || numbers.size() != 1)
    return std::nullopt;
  return Magnitude::constant(numbers[0]);
}

Magnitude magnitudeOf(Operation *op, ArrayRef<Magnitude> x) {
  if (llvm::all_of(x, [](Magnitude m) { return m.isConstant(); }))
    return folded(op, x).value_or(Magnitude::ordinary());
  bool allOrdinary = llvm::all_of(x, [](Magnitude m) { return m.isOrdinary(); });
  return llvm::TypeSwitch<Operation *, Magnitude>(op)
      .Case([&](SelectOp) {
        return x[0].isConstant() ? (x[0].value() != 0 ? x[1] : x[2]) : join(x[1], x[2]);
      })
      .Case([&](AndOp) {
        return x[0].isConstant(0) || x[1].isConstant(0) ? Magnitude::constant(0) : Magnitude::ordinary();
      })
      .Case([&](OrOp) {
        return x[0].isConstant(1) || x[1].isConstant(1) ? Magnitude::constant(1) : Magnitude::ordinary();
      })
      .Case<NotOp, CompareOp>([](Operation *) { return Magnitude::ordinary(); })
      .Case([&](CastOp cast) {
        return cast.getType().getElementType().isF32() ? x[0] : Magnitude::ordinary();
      })
      .Case([&](MulOp) {
        if (x[0].isConstant(0) || x[1].isConstant(0))
          return Magnitude::constant(0);
        if (allOrdinary)
          return Magnitude::ordinary();
        return x[1].isConstant() ? scaled(x[0], x[1]) : scaled(x[1], x[0]);
      })
      .Case([&](DivOp) {
        if (x[0].isConstant(0))
          return x[0];
        return allOrdinary ? Magnitude::ordinary() : scaled(x[0], x[1]);
      })
      .Case([&](AddOp) { return allOrdinary ? Magnitude::ordinary() : sum(x[0], x[1]); })
      .Case([&](SubOp) { return allOrdinary ? Magnitude::ordinary() : sum(x[0], negated(x[1])); })
      .Case([&](NegOp) { return allOrdinary ? Magnitude::ordinary() : negated(x[0]); })
      .Case([&](ExpOp) {
        if (x[0].is(Kind::Lowest))
          return Magnitude::constant(0);
        return x[0].isAtMostOrdinary() ? Magnitude::ordinary() : Magnitude::any();
      })
      .Case([&](TanhOp) {
        return isExtreme(x[0]) ? Magnitude::constant(x[0].is(Kind::Lowest) ? -1 : 1) : Magnitude::ordinary();
      })
      .Case([&](MaximumOp) { return allOrdinary ? Magnitude::ordinary() : maximum(x[0], x[1]); })
      .Case([&](MinimumOp) { return allOrdinary ? Magnitude::ordinary() : minimum(x[0], x[1]); })
      .Default([&](Operation *) { return allOrdinary ? Magnitude::ordinary() : Magnitude::any(); });
}

} // namespace sinter::ir
