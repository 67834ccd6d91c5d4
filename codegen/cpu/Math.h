// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mathematics on 16 lanes of f32, as polynomials in vector code: no library is called, and the bits are the same on
// every target. NaN stays NaN everywhere. The errors stated are the largest found against float64.
#pragma once

#include "codegen/cpu/Emit.h"

namespace sinter::cpu {

/// e^x: 1.15 ulp; +inf above 88.72; 0 where the result is below the smallest normal number.
Value emitExp(Emitter &e, Value x);
/// e^x for x <= 0, as weights of a softmax want it: 1 at 0; a relative error of at most 1.6e-7 + 2e-8 |x|; 0 from -88
/// down. A third cheaper than emitExp.
Value emitExpOfNegative(Emitter &e, Value x);
/// 2^x: 1 ulp; +inf from 128 on; 0 where the result is below the smallest normal number.
Value emitExp2(Emitter &e, Value x);
/// Natural logarithm: 0.9 ulp; -inf at 0, NaN below, subnormal numbers included.
Value emitLog(Emitter &e, Value x);
/// Error function: 1.1 ulp.
Value emitErf(Emitter &e, Value x);
/// Hyperbolic tangent: 1.5 ulp.
Value emitTanh(Emitter &e, Value x);
/// Sine, cosine: 0.6 ulp for every finite x (in float64 inside; past 2^30 with more of pi, in a branch); NaN at infinity.
Value emitSin(Emitter &e, Value x);
Value emitCos(Emitter &e, Value x);
/// x^y: 0.6 ulp (in float64 inside), with IEEE's special cases.
Value emitPow(Emitter &e, Value x, Value y);
/// Reals to integers toward zero; past the ends the nearest end, NaN is 0.
Value emitToInt(Emitter &e, Value x);

/// Integer division of vector<16xi32>, defined everywhere: x / 0 = 0 and x % 0 = x (a trap would take the process).
/// Truncated, rounded down, rounded up.
enum class Rounding { towardZero, down, up };
Value emitDivide(Emitter &e, Value x, Value y, Rounding rounding);
/// x - y * (x / y) with division toward zero.
Value emitRemainder(Emitter &e, Value x, Value y);

} // namespace sinter::cpu
