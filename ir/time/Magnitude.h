// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of a number without computing it: enough to see that a masked score becomes a weight of 0. Assumed of
// arithmetic: what is ordinary stays finite and far from `lowest`; 0 times a finite number is 0; no denominator is 0.
#pragma once

#include "mlir/IR/Operation.h"

namespace sinter::ir {

class Magnitude {
public:
  enum class Kind : uint8_t {
    Constant, ///< one number
    Lowest,   ///< `lowest`, give or take something ordinary
    Highest,  ///< its negative
    Ordinary, ///< finite, and far from both
    NotAbove, ///< ordinary or lowest
    Any       ///< finite
  };

  /// Beyond this a constant counts as lowest or highest.
  static constexpr double farthest = 1e38;

  static Magnitude constant(double value) {
    return value <= -farthest ? lowest() : value >= farthest ? highest() : Magnitude(Kind::Constant, value);
  }
  static Magnitude lowest() { return Magnitude(Kind::Lowest); }
  static Magnitude highest() { return Magnitude(Kind::Highest); }
  static Magnitude ordinary() { return Magnitude(Kind::Ordinary); }
  static Magnitude notAbove() { return Magnitude(Kind::NotAbove); }
  static Magnitude any() { return Magnitude(Kind::Any); }

  Kind kind() const { return k; }
  bool is(Kind kind) const { return k == kind; }
  /// Of Constant.
  double value() const { return number; }
  bool isConstant() const { return k == Kind::Constant; }
  bool isConstant(double value) const { return isConstant() && number == value; }
  /// All such numbers behave as one.
  bool isFixed() const { return k <= Kind::Highest; }
  bool isOrdinary() const { return k == Kind::Constant || k == Kind::Ordinary; }
  /// Ordinary, or lowest.
  bool isAtMostOrdinary() const { return isOrdinary() || k == Kind::Lowest || k == Kind::NotAbove; }
  /// Neither one number nor surely ordinary.
  bool isVague() const { return k == Kind::NotAbove || k == Kind::Any; }
  /// Ordinary, but where it is one number.
  Magnitude unfixed() const { return isFixed() ? ordinary() : *this; }

  bool operator==(const Magnitude &other) const { return k == other.k && number == other.number; }
  bool operator!=(const Magnitude &other) const { return !(*this == other); }
  bool operator<(const Magnitude &other) const { return k != other.k ? k < other.k : number < other.number; }

private:
  explicit Magnitude(Kind kind, double number = 0) : k(kind), number(number) {}
  Kind k;
  double number;
};

/// What both are.
Magnitude join(Magnitude a, Magnitude b);

/// The result of an elementwise op for operands of these magnitudes.
Magnitude magnitudeOf(mlir::Operation *op, llvm::ArrayRef<Magnitude> operands);

} // namespace sinter::ir
