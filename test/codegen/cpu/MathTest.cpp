// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The polynomials of Math.h against float64: the largest error in units in the last place, and the ends.
#include "test/codegen/cpu/Harness.h"

#include <cmath>
#include <functional>

using namespace sinter::test;

static std::string unary(const std::string &op) {
  return function(
      "%x: !kernel.buffer<[N], f32>",
      "  %0 = kernel.pointwise(%x at <(d0) -> (d0)>) {\n  ^bb0(%a: f32):\n    %r = " + op +
          " %a : f32\n    kernel.yield %r : f32\n  } : (!kernel.buffer<[N], f32>) -> !kernel.buffer<[N], f32>");
}

/// |actual - exact| in units of the last place of an f32 of that size.
static double ulps(float actual, double exact) {
  int exponent;
  std::frexp(exact, &exponent);
  return std::fabs(actual - exact) / std::ldexp(1.0, std::max(exponent, -125) - 24);
}

/// Every 2^shift-th float of [low, high] and of its mirror image.
static std::vector<float> samples(float low, float high, unsigned shift, bool bothSigns) {
  std::vector<float> values;
  uint32_t first, last;
  std::memcpy(&first, &low, 4);
  std::memcpy(&last, &high, 4);
  for (uint64_t bits = first; bits <= last; bits += uint64_t(1) << shift) {
    uint32_t word = bits;
    float value;
    std::memcpy(&value, &word, 4);
    values.push_back(value);
    if (bothSigns)
      values.push_back(-value);
  }
  return values;
}

static void expectUlps(const std::string &op, const std::vector<float> &x, double limit,
                       const std::function<double(double)> &exact) {
  EveryKernel kernel(unary(op));
  Guarded gx = guarded(x);
  auto results = kernel.run({{"N", int64_t(x.size())}}, {&gx}, {x.size() * 4});
  double worst = 0;
  float at = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    double error = ulps(results[0].as<float>()[i], exact(x[i]));
    if (!(error <= worst)) {
      worst = error;
      at = x[i];
    }
  }
  EXPECT_LE(worst, limit) << op << " at " << at;
  printf("%s: %.3f ulp at %a\n", op.c_str(), worst, at);
}

static double f(double (*function)(double), double x) { return function(x); }

TEST(Math, Exp) {
  expectUlps("math.exp", samples(1e-10f, 87.33f, 7, true), 1.15, [](double x) { return f(std::exp, x); });
}
TEST(Math, Exp2) {
  expectUlps("math.exp2", samples(1e-10f, 125.99f, 7, true), 1, [](double x) { return f(std::exp2, x); });
}
TEST(Math, Erf) {
  expectUlps("math.erf", samples(1e-30f, 6.0f, 8, true), 1.1, [](double x) { return f(std::erf, x); });
}
TEST(Math, Tanh) {
  expectUlps("math.tanh", samples(1e-30f, 12.0f, 8, true), 1.5, [](double x) { return f(std::tanh, x); });
}
TEST(Math, Log) {
  expectUlps("math.log", samples(1e-45f, 3.4e38f, 9, false), 0.9, [](double x) { return f(std::log, x); });
}
TEST(Math, SinCos) {
  expectUlps("math.sin", samples(1e-30f, 1.0e9f, 9, true), 0.6, [](double x) { return f(std::sin, x); });
  expectUlps("math.cos", samples(1e-30f, 1.0e9f, 9, true), 0.6, [](double x) { return f(std::cos, x); });
}
/// Every power of two, multiples of pi/2 at their nearest floats, and the values where a product with two parts of pi/2
/// was 1e14: past 2^30 the reduction is another one, right up to the largest float.
TEST(Math, SinCosOfLargeValues) {
  std::vector<float> x = samples(0x1p29f, 3.4e38f, 13, true);
  for (float value : {1e17f, 1e18f, 0x1.f37c8ap+95f /* the nearest to a whole quarter of all */, 0x1p30f, 0x1.000002p30f, 0x1.fffffep29f, 1e30f, 3.4028235e38f, 0x1.47d0fep+34f})
    x.push_back(value);
  for (double quarters = 0x1p30; quarters < 0x1p127; quarters *= 1.37)
    x.push_back(float(std::rint(quarters) * 1.5707963267948966));
  expectUlps("math.sin", x, 0.6, [](double x) { return f(std::sin, x); });
  expectUlps("math.cos", x, 0.6, [](double x) { return f(std::cos, x); });
}
TEST(Math, Rsqrt) {
  expectUlps("math.rsqrt", samples(1e-37f, 3.4e38f, 10, false), 1.5, [](double x) { return 1 / std::sqrt(x); });
}

static std::vector<float> results(const std::string &op, const std::vector<float> &x) {
  EveryKernel kernel(unary(op));
  Guarded gx = guarded(x);
  auto result = kernel.run({{"N", int64_t(x.size())}}, {&gx}, {x.size() * 4});
  return std::vector<float>(result[0].as<float>(), result[0].as<float>() + x.size());
}

TEST(Math, Ends) {
  auto e = results("math.exp", {0.0f, 89.0f, INFINITY, -INFINITY, NAN, -104.0f, 88.72f});
  EXPECT_EQ(e[0], 1.0f);
  EXPECT_EQ(e[1], INFINITY);
  EXPECT_EQ(e[2], INFINITY);
  EXPECT_EQ(e[3], 0.0f);
  EXPECT_TRUE(std::isnan(e[4]));
  EXPECT_EQ(e[5], 0.0f);
  EXPECT_TRUE(std::isfinite(e[6]));
  auto t = results("math.tanh", {INFINITY, -INFINITY, NAN, -0.0f, 20.0f});
  EXPECT_EQ(t[0], 1.0f);
  EXPECT_EQ(t[1], -1.0f);
  EXPECT_TRUE(std::isnan(t[2]));
  EXPECT_TRUE(std::signbit(t[3]));
  EXPECT_EQ(t[4], 1.0f);
  auto r = results("math.erf", {INFINITY, -INFINITY, NAN});
  EXPECT_EQ(r[0], 1.0f);
  EXPECT_EQ(r[1], -1.0f);
  EXPECT_TRUE(std::isnan(r[2]));
  auto l = results("math.log", {0.0f, -0.0f, -1.0f, INFINITY, NAN, 1.0f});
  EXPECT_EQ(l[0], -INFINITY);
  EXPECT_EQ(l[1], -INFINITY);
  EXPECT_TRUE(std::isnan(l[2]));
  EXPECT_EQ(l[3], INFINITY);
  EXPECT_TRUE(std::isnan(l[4]));
  EXPECT_EQ(l[5], 0.0f);
  for (const char *op : {"math.sin", "math.cos"})
    for (float value : results(op, {INFINITY, -INFINITY, NAN}))
      EXPECT_TRUE(std::isnan(value)) << op;
  // A large neighbour changes no bit: lanes are chosen one by one.
  EXPECT_EQ(results("math.sin", {0.7f, 1e30f})[0], results("math.sin", {0.7f, 0.7f})[0]);
}

TEST(Math, Pow) {
  EveryKernel kernel(function("%x: !kernel.buffer<[N], f32>, %y: !kernel.buffer<[N], f32>", R"(
  %0 = kernel.pointwise(%x at <(d0) -> (d0)>, %y at <(d0) -> (d0)>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.powf %a, %b : f32
    kernel.yield %r : f32
  } : (!kernel.buffer<[N], f32>, !kernel.buffer<[N], f32>) -> !kernel.buffer<[N], f32>)"));
  std::vector<float> x, y, special = {0.0f, -0.0f, 1.0f,     -1.0f,     2.0f, -2.0f,  3.0f, -3.0f,
                                      0.5f, -0.5f, INFINITY, -INFINITY, NAN,  1e-40f, 1e38f};
  for (float a : special)
    for (float b : special) {
      x.push_back(a);
      y.push_back(b);
    }
  auto bases = samples(1e-30f, 1e30f, 12, false), exponents = randomFloats(bases.size(), 31, 5);
  x.insert(x.end(), bases.begin(), bases.end());
  y.insert(y.end(), exponents.begin(), exponents.end());
  Guarded gx = guarded(x), gy = guarded(y);
  auto results = kernel.run({{"N", int64_t(x.size())}}, {&gx, &gy}, {x.size() * 4});
  for (size_t i = 0; i < x.size(); ++i) {
    double exact = std::pow(double(x[i]), double(y[i]));
    float actual = results[0].as<float>()[i];
    if (std::isnan(exact) || std::isinf(float(exact)) || exact == 0) {
      EXPECT_TRUE((std::isnan(exact) && std::isnan(actual)) || actual == float(exact))
          << x[i] << "^" << y[i] << " = " << actual;
      EXPECT_TRUE(std::isnan(exact) || std::signbit(actual) == std::signbit(exact))
          << x[i] << "^" << y[i] << " = " << actual;
    } else {
      EXPECT_LE(ulps(actual, exact), 0.6) << x[i] << "^" << y[i] << " = " << actual;
    }
  }
}

TEST(Math, IntegersAreDefinedEverywhere) {
  EveryKernel kernel(
      function("%x: !kernel.buffer<[N], i32>, %y: !kernel.buffer<[N], i32>, %z: !kernel.buffer<[N], f32>", R"(
  %0, %1, %2, %3 = kernel.pointwise(%x at <(d0) -> (d0)>, %y at <(d0) -> (d0)>, %z at <(d0) -> (d0)>) {
  ^bb0(%a: i32, %b: i32, %c: f32):
    %q = arith.divsi %a, %b : i32
    %f = arith.floordivsi %a, %b : i32
    %r = arith.remsi %a, %b : i32
    %t = arith.fptosi %c : f32 to i32
    kernel.yield %q, %f, %r, %t : i32, i32, i32, i32
  } : (!kernel.buffer<[N], i32>, !kernel.buffer<[N], i32>, !kernel.buffer<[N], f32>)
      -> (!kernel.buffer<[N], i32>, !kernel.buffer<[N], i32>, !kernel.buffer<[N], i32>, !kernel.buffer<[N], i32>))"));
  std::vector<int32_t> x, y;
  std::vector<float> z;
  const std::vector<float> reals = {0.9f, -0.9f, 3e9f, -3e9f, NAN, 2147483520.0f, -2147483648.0f};
  for (int32_t a : {0, 1, -1, 7, -7, 8, -8, INT32_MAX, INT32_MIN})
    for (int32_t b : {0, 1, -1, 2, -2, 3, -3, INT32_MAX, INT32_MIN}) {
      z.push_back(reals[x.size() % reals.size()]);
      x.push_back(a);
      y.push_back(b);
    }
  Guarded gx = guarded(x), gy = guarded(y), gz = guarded(z);
  size_t bytes = x.size() * 4;
  auto results = kernel.run({{"N", int64_t(x.size())}}, {&gx, &gy, &gz}, {bytes, bytes, bytes, bytes});
  for (size_t i = 0; i < x.size(); ++i) {
    int64_t a = x[i], b = y[i], quotient = b ? a / b : 0, rest = b ? a % b : a;
    int64_t down = quotient - (b && rest != 0 && (rest < 0) != (b < 0));
    EXPECT_EQ(results[0].as<int32_t>()[i], int32_t(quotient)) << a << "/" << b;
    EXPECT_EQ(results[1].as<int32_t>()[i], int32_t(down)) << a << "//" << b;
    EXPECT_EQ(results[2].as<int32_t>()[i], int32_t(rest)) << a << "%" << b;
    double real = z[i];
    int32_t whole = std::isnan(real)        ? 0
                    : real >= 2147483647.0  ? INT32_MAX
                    : real <= -2147483648.0 ? INT32_MIN
                                            : int32_t(real);
    EXPECT_EQ(results[3].as<int32_t>()[i], whole) << real;
  }
}
