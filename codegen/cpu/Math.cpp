// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The polynomials behind Math.h. Every step is one IEEE operation, fused only where `fma` says so.
#include "codegen/cpu/Math.h"

using namespace mlir;

namespace sinter::cpu {

namespace {
/// Vector arithmetic that reads like the formulas.
struct Calc {
  Emitter &e;
  ImplicitLocOpBuilder &b;
  explicit Calc(Emitter &e) : e(e), b(e.b) {}

  Value f(float value) { return e.floatLanes(value); }
  Value d(double value) { return e.doubleLanes(value); }
  Value i(int32_t value) { return e.intLanes(value); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  /// math.fma, not vector.fma: the latter becomes an fmuladd, which is fused or not as it pleases.
  Value fma(Value x, Value y, Value z) { return math::FmaOp::create(b, x, y, z); }
  Value neg(Value x) { return arith::NegFOp::create(b, x); }
  Value abs(Value x) { return math::AbsFOp::create(b, x); }
  Value copySign(Value x, Value sign) { return math::CopySignOp::create(b, x, sign); }
  Value select(Value c, Value x, Value y) { return arith::SelectOp::create(b, c, x, y); }
  Value test(arith::CmpFPredicate p, Value x, Value y) { return arith::CmpFOp::create(b, p, x, y); }
  Value lt(Value x, Value y) { return test(arith::CmpFPredicate::OLT, x, y); }
  Value gt(Value x, Value y) { return test(arith::CmpFPredicate::OGT, x, y); }
  Value eq(Value x, Value y) { return test(arith::CmpFPredicate::OEQ, x, y); }
  Value testI(arith::CmpIPredicate p, Value x, Value y) { return arith::CmpIOp::create(b, p, x, y); }
  Value addI(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value subI(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mulI(Value x, Value y) { return arith::MulIOp::create(b, x, y); }
  Value andI(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value orI(Value x, Value y) { return arith::OrIOp::create(b, x, y); }
  Value xorI(Value x, Value y) { return arith::XOrIOp::create(b, x, y); }
  Value shl(Value x, Value y) { return arith::ShLIOp::create(b, x, y); }
  Value shr(Value x, Value y) { return arith::ShRSIOp::create(b, x, y); }
  Value bits(Value x) { return arith::BitcastOp::create(b, e.laneType(b.getIntegerType(elementBits(x))), x); }
  Value toF32(Value bits) { return arith::BitcastOp::create(b, e.laneType(b.getF32Type()), bits); }
  Value toF64(Value bits) { return arith::BitcastOp::create(b, e.laneType(b.getF64Type()), bits); }
  Value widen(Value x) { return arith::ExtFOp::create(b, e.laneType(b.getF64Type()), x); }
  Value narrow(Value x) { return arith::TruncFOp::create(b, e.laneType(b.getF32Type()), x); }
  Value floor(Value x) { return math::FloorOp::create(b, x); }
  /// c[0] + x (c[1] + x (c[2] + ...)).
  Value polynomial(Value x, ArrayRef<double> c) {
    Value sum = number(x, c.back());
    for (double next : llvm::reverse(c.drop_back()))
      sum = fma(sum, x, number(x, next));
    return sum;
  }

private:
  static unsigned elementBits(Value x) { return cast<VectorType>(x.getType()).getElementTypeBitWidth(); }
  Value number(Value like, double value) { return elementBits(like) == 64 ? d(value) : f(float(value)); }
};
} // namespace

//===-- Exponentials --===//

/// 2^(n + r) for t = n + 12582912 (the n in the low bits) and |r| <= 1/2.
static Value scaledExp2(Calc &c, Value t, Value r) {
  Value p = c.polynomial(
      r, {1.0, 0x1.62e430p-1, 0x1.ebfbdcp-3, 0x1.c6aee8p-5, 0x1.3b2d4cp-7, 0x1.5f3e52p-10, 0x1.41fbbcp-13});
  return c.toF32(c.addI(c.bits(p), c.shl(c.bits(t), c.i(23))));
}

/// +inf past `high`, NaN for NaN, 0 below `low`.
static Value exponentialEnds(Calc &c, Value x, Value inside, float low, float high) {
  Value above = c.add(x, c.f(INFINITY));
  Value result = c.select(c.lt(x, c.f(high)), inside, above);
  return c.select(c.lt(x, c.f(low)), c.f(0), result);
}

Value emitExp(Emitter &e, Value x) {
  Calc c(e);
  const float log2e = 0x1.715476p+0f, log2eRest = 0x1.4ae0c0p-26f;
  Value shift = c.f(12582912.0f);
  Value t = c.fma(x, c.f(log2e), shift);
  Value n = c.sub(t, shift);
  Value r = c.fma(x, c.f(log2eRest), c.fma(x, c.f(log2e), c.neg(n)));
  return exponentialEnds(c, x, scaledExp2(c, t, r), -87.33654f, 88.72283935546875f);
}

Value emitExpOfNegative(Emitter &e, Value x) {
  Calc c(e);
  // From -88 down n is -127, whose power of two is made of the bits 0. The order of the comparison keeps NaN.
  x = c.select(c.lt(x, c.f(-88)), c.f(-88), x);
  const float log2e = 0x1.715476p+0f;
  Value shift = c.f(12582912.0f + 127.0f); // n + 127 in the low bits
  Value t = c.fma(x, c.f(log2e), shift);
  Value r = c.fma(x, c.f(log2e), c.neg(c.sub(t, shift)));
  Value p = c.polynomial(r, {1.0, 0x1.62e42ap-1, 0x1.ebf9c2p-3, 0x1.c6b6d8p-5, 0x1.3ce8aep-7, 0x1.5bda54p-10});
  return c.mul(p, c.toF32(c.shl(c.bits(t), c.i(23)))); // a product, so that NaN stays
}

Value emitExp2(Emitter &e, Value x) {
  Calc c(e);
  Value shift = c.f(12582912.0f);
  Value t = c.add(x, shift);
  Value r = c.sub(x, c.sub(t, shift));
  return exponentialEnds(c, x, scaledExp2(c, t, r), -126.0f, 128.0f);
}

Value emitTanh(Emitter &e, Value x) {
  Calc c(e);
  Value a = c.abs(x), z = c.mul(x, x);
  // Near 0: x + x z P(z). Else 1 - 2 / (e^2|x| + 1).
  Value p =
      c.polynomial(z, {-3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3});
  Value near = c.fma(c.mul(p, z), a, a);
  Value grown = emitExp(e, c.add(a, a));
  Value far = c.sub(c.f(1), c.div(c.f(2), c.add(grown, c.f(1))));
  return c.copySign(c.select(c.lt(a, c.f(0.625f)), near, far), x);
}

Value emitErf(Emitter &e, Value x) {
  Calc c(e);
  Value a = c.abs(x), z = c.mul(x, x);
  Value p =
      c.polynomial(z, {1.28379166e-1, -3.76125336e-1, 1.12819925e-1, -2.67681349e-2, 4.99119423e-3, -5.96761703e-4});
  Value near = c.fma(p, x, x);
  // The minimum keeps NaN.
  Value t = c.select(c.gt(a, c.f(4)), c.f(4), a);
  Value q = c.polynomial(t, {-1.28717512e-1, -6.34846687e-1, -1.06777877e-1, 2.42546219e-2, -3.88396438e-3,
                             3.83197126e-4, -1.72853470e-5});
  Value far = c.sub(c.f(1), emitExp(e, c.fma(q, t, c.neg(t))));
  return c.select(c.gt(a, c.f(0.927734375f)), c.copySign(far, x), near);
}

//===-- Logarithm --===//

Value emitLog(Emitter &e, Value x) {
  Calc c(e);
  Value isSmall = c.lt(x, c.f(0x1p-126f));
  Value scaled = c.select(isSmall, c.mul(x, c.f(0x1p25f)), x);
  // scaled = m 2^n with sqrt(1/2) <= m < sqrt(2).
  Value word = c.subI(c.bits(scaled), c.i(0x3f3504f3));
  Value exponent = c.shr(word, c.i(23));
  Value m = c.toF32(c.addI(c.andI(word, c.i(0x007fffff)), c.i(0x3f3504f3)));
  Value n = arith::SIToFPOp::create(e.b, x.getType(), exponent);
  n = c.sub(n, c.select(isSmall, c.f(25), c.f(0)));
  // log(1 + r) = r - r^2 / 2 + r^3 P(r).
  Value r = c.sub(m, c.f(1)), square = c.mul(r, r);
  Value p = c.polynomial(r, {3.3333331174e-1, -2.4999993993e-1, 2.0000714765e-1, -1.6668057665e-1, 1.4249322787e-1,
                             -1.2420140846e-1, 1.1676998740e-1, -1.1514610310e-1, 7.0376836292e-2});
  Value tail = c.mul(c.mul(p, r), square);
  tail = c.fma(n, c.f(-2.12194440e-4f), tail);
  tail = c.fma(square, c.f(-0.5f), tail);
  Value result = c.fma(n, c.f(0.693359375f), c.add(r, tail));
  // inf and NaN stay; 0 is -inf; below is NaN.
  result = c.select(c.lt(x, c.f(INFINITY)), result, x);
  result = c.select(c.lt(x, c.f(0)), c.f(NAN), result);
  return c.select(c.eq(x, c.f(0)), c.f(-INFINITY), result);
}

//===-- Sine and cosine, in float64 --===//

/// x in quarter turns, n + fraction, for any finite x: 2/pi in pieces of 28 bits, so that each product with the 24 bits
/// of an f32 is exact in f64, and so is what four whole quarters leave of it. The pieces left out are below 2^-196: less
/// than 2^-68 of a quarter at the largest x, where no f32 comes nearer to a whole quarter than 2^-31. Gives n and r.
static std::pair<Value, Value> manyQuarters(Calc &c, Value wide) {
  Value high = c.d(0), low = c.d(0);
  for (double piece : {0xa2f9836p-28, 0xe4e4415p-56, 0x29fc275p-84, 0x7d1f534p-112, 0xddc0db6p-140, 0x295993cp-168,
                       0x439041fp-196}) {
    Value part = c.mul(wide, c.d(piece));
    part = c.fma(math::RoundEvenOp::create(c.b, c.mul(part, c.d(0.25))), c.d(-4), part);
    // high + part without loss: the rounding goes into `low`.
    Value sum = c.add(high, part), grown = c.sub(sum, high);
    low = c.add(low, c.add(c.sub(high, c.sub(sum, grown)), c.sub(part, grown)));
    high = sum;
  }
  Value n = math::RoundEvenOp::create(c.b, high);
  return {n, c.mul(c.add(c.sub(high, n), low), c.d(0x1.921fb54442d18p+0))};
}

/// x = n pi/2 + r: the number of the quadrant (0 to 3, as f64) and r.
static std::pair<Value, Value> quadrant(Calc &c, Value x) {
  Value wide = c.widen(x);
  Value n = math::RoundEvenOp::create(c.b, c.mul(wide, c.d(0x1.45f306dc9c883p-1)));
  Value r = c.fma(n, c.d(-0x1.921fb54442d18p+0), wide);
  r = c.fma(n, c.d(-0x1.1a62633145c07p-54), r);
  // Past 2^30 two parts of pi/2 are too few. Seldom, so a branch around it; by lane, so that neighbours change no bit.
  Value isLarge = c.gt(c.abs(x), c.f(0x1p30f));
  Value isAnyLarge = vector::ReductionOp::create(c.b, vector::CombiningKind::OR, isLarge);
  auto chosen = c.e.when(isAnyLarge, {n, r}, [&] {
    auto [manyN, manyR] = manyQuarters(c, wide);
    return Emitter::Values{c.select(isLarge, manyN, n), c.select(isLarge, manyR, r)};
  });
  n = chosen[0];
  r = chosen[1];
  Value whole = c.floor(c.mul(n, c.d(0.25)));
  return {c.fma(whole, c.d(-4), n), r};
}

/// Sine or cosine from the quadrant's.
static Value sineAt(Emitter &e, Value x, bool isCosine) {
  Calc c(e);
  auto [q, r] = quadrant(c, x);
  Value z = c.mul(r, r);
  Value sine = c.fma(c.mul(c.polynomial(z, {-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880}), z), r, r);
  Value cosine = c.polynomial(z, {1.0, -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800});
  Value isOne = c.eq(q, c.d(1)), isTwo = c.eq(q, c.d(2)), isThree = c.eq(q, c.d(3));
  Value isOdd = c.orI(isOne, isThree);
  Value value = isCosine ? c.select(isOdd, sine, cosine) : c.select(isOdd, cosine, sine);
  Value isNegative = isCosine ? c.orI(isOne, isTwo) : c.orI(isTwo, isThree);
  return c.narrow(c.select(isNegative, c.neg(value), value));
}

Value emitSin(Emitter &e, Value x) {
  Calc c(e);
  // -0 keeps its sign.
  return c.select(c.eq(x, c.f(0)), x, sineAt(e, x, false));
}
Value emitCos(Emitter &e, Value x) { return sineAt(e, x, true); }

//===-- Power, in float64 --===//

/// log2 of a positive f32 widened (so never subnormal); 0 and inf give -1e300 and 1e300, which times any f32 suffice.
static Value wideLog2(Calc &c, Value x) {
  Value low = c.e.longLanes(0x3fe6a09e667f3bcd); // sqrt(1/2)
  Value word = c.subI(c.bits(x), low);
  Value exponent = c.shr(word, c.e.longLanes(52));
  Value m = c.toF64(c.addI(c.andI(word, c.e.longLanes(0x000fffffffffffff)), low));
  Value n = arith::SIToFPOp::create(c.b, c.e.laneType(c.b.getF64Type()),
                                    arith::TruncIOp::create(c.b, c.e.laneType(c.b.getI32Type()), exponent));
  Value s = c.div(c.sub(m, c.d(1)), c.add(m, c.d(1)));
  const double k = 2.8853900817779268; // 2 / ln 2
  Value p = c.polynomial(c.mul(s, s), {k, k / 3, k / 5, k / 7, k / 9, k / 11, k / 13, k / 15});
  Value result = c.fma(s, p, n);
  result = c.select(c.eq(x, c.d(0)), c.d(-1e300), result);
  return c.select(c.eq(x, c.d(INFINITY)), c.d(1e300), result);
}

static Value wideExp2(Calc &c, Value x) {
  x = c.select(c.gt(x, c.d(200)), c.d(200), x);
  x = c.select(c.lt(x, c.d(-200)), c.d(-200), x);
  Value shift = c.d(0x1.8p52);
  Value t = c.add(x, shift);
  Value r = c.sub(x, c.sub(t, shift));
  SmallVector<double> taylor = {1.0};
  for (int i = 1; i <= 11; ++i)
    taylor.push_back(taylor.back() * 0.69314718055994531 / i);
  return c.toF64(c.addI(c.bits(c.polynomial(r, taylor)), c.shl(c.bits(t), c.e.longLanes(52))));
}

Value emitPow(Emitter &e, Value x, Value y) {
  Calc c(e);
  Value power = wideExp2(c, c.mul(c.widen(y), wideLog2(c, c.widen(c.abs(x)))));
  Value result = c.narrow(power);
  // A negative base: the sign of an odd whole exponent; NaN for one that is not whole.
  Value half = c.mul(y, c.f(0.5f));
  Value isWhole = c.eq(c.floor(y), y);
  Value isOdd = c.andI(isWhole, c.test(arith::CmpFPredicate::UNE, c.floor(half), half));
  result = c.select(isOdd, c.copySign(result, x), result);
  Value isWrong = c.andI(c.andI(c.lt(x, c.f(0)), c.gt(x, c.f(-INFINITY))),
                         c.xorI(isWhole, c.testI(arith::CmpIPredicate::eq, c.i(0), c.i(0))));
  result = c.select(isWrong, c.f(NAN), result);
  result = c.select(c.test(arith::CmpFPredicate::UNO, x, y), c.f(NAN), result);
  Value isOne = c.orI(c.eq(x, c.f(1)), c.eq(y, c.f(0)));
  Value isMinusOne = c.andI(c.eq(x, c.f(-1)), c.eq(c.abs(y), c.f(INFINITY)));
  return c.select(c.orI(isOne, isMinusOne), c.f(1), result);
}

//===-- Integers --===//

Value emitToInt(Emitter &e, Value x) {
  Calc c(e);
  // Only lanes that fit are converted: outside, the instruction's answer is the processor's own.
  Value fits = c.lt(c.abs(x), c.f(0x1p31f));
  Value whole = arith::FPToSIOp::create(e.b, e.laneType(e.b.getI32Type()), c.select(fits, x, c.f(0)));
  Value end = c.select(c.gt(x, c.f(0)), c.i(INT32_MAX), c.select(c.lt(x, c.f(0)), c.i(INT32_MIN), c.i(0)));
  return c.select(fits, whole, end);
}

Value emitDivide(Emitter &e, Value x, Value y, Rounding rounding) {
  Calc c(e);
  Value isZero = c.testI(arith::CmpIPredicate::eq, y, c.i(0)), isMinus = c.testI(arith::CmpIPredicate::eq, y, c.i(-1));
  Value divisor = c.select(c.orI(isZero, isMinus), c.i(1), y);
  Value quotient = arith::DivSIOp::create(e.b, x, divisor);
  if (rounding != Rounding::towardZero) {
    Value rest = c.subI(x, c.mulI(quotient, divisor));
    auto sign = rounding == Rounding::down ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sge;
    Value isInexact = c.testI(arith::CmpIPredicate::ne, rest, c.i(0));
    Value isOff = c.andI(isInexact, c.testI(sign, c.xorI(rest, divisor), c.i(0)));
    quotient = c.addI(quotient, c.select(isOff, c.i(rounding == Rounding::down ? -1 : 1), c.i(0)));
  }
  quotient = c.select(isMinus, c.subI(c.i(0), x), quotient);
  return c.select(isZero, c.i(0), quotient);
}

Value emitRemainder(Emitter &e, Value x, Value y) {
  Calc c(e);
  return c.subI(x, c.mulI(emitDivide(e, x, y, Rounding::towardZero), y));
}

} // namespace sinter::cpu
