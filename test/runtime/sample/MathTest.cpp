// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exponential, logarithm and power against the C library's.

#include "runtime/sample/Math.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace sinter::sample;

TEST(Math, ExpNegative) {
  for (double x = 0; x > -87; x -= 0.00317) {
    float f = static_cast<float>(x);
    Float4 y = expNegative(Float4{f, 0, -__builtin_inff(), -88});
    double exact = std::exp(static_cast<double>(f));
    ASSERT_NEAR(y[0], exact, exact * 2.5e-7) << x;
    ASSERT_EQ(y[1], 1);
    ASSERT_EQ(y[2], 0);
    ASSERT_EQ(y[3], 0);
  }
}

TEST(Math, DoubleExpLogPow) {
  for (double x = -690; x < 690; x += 1.37)
    ASSERT_NEAR(expDouble(x) / std::exp(x), 1, 1e-14) << x;
  for (double x = 1e-300; x < 1e300; x *= 1.7)
    ASSERT_NEAR(logDouble(x), std::log(x), 1e-15 * std::abs(std::log(x)) + 1e-16) << x;
  for (double base = 1; base < 5000; base += 17)
    for (double exponent : {-2.0, -0.5, 0.0, 0.3, 1.0, 1.7, 3.0})
      ASSERT_NEAR(powDouble(base, exponent) / std::pow(base, exponent), 1, 1e-13) << base << " " << exponent;
}
