// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dimensions: canonical text, what folds, bounds, evaluation, and what must be refused.
#include "ir/dim/Dim.h"

#include <gtest/gtest.h>

#include <random>

using sinter::Dim;

namespace {

Dim parse(std::string_view text) {
  std::optional<Dim> dim = Dim::parse(text);
  EXPECT_TRUE(dim) << text;
  return dim.value_or(Dim(-12345));
}

TEST(Dim, PrintsCanonically) {
  const std::pair<const char *, const char *> cases[] = {
      {"768", "768"},
      {"0", "0"},
      {"T", "T"},
      {"T*B + 768 + T*2", "B*T + 2*T + 768"},
      {"(T + 1)*(T - 1)", "T*T - 1"},
      {"T - T", "0"},
      {"3 - T", "-1*T + 3"},
      {"-(B - 2*T)", "-1*B + 2*T"},
      {"floordiv(T + 15, 16)", "floordiv(T + 15, 16)"},
      {"floordiv(T + 31, 16)", "floordiv(T + 15, 16) + 1"},
      {"floordiv(4*T + 5, 2)", "2*T + 2"},
      {"floordiv(2*T + 6, 4)", "floordiv(T + 1, 2) + 1"},
      {"floordiv(17*T, 16)", "T + floordiv(T, 16)"},
      {"floordiv(floordiv(T, 4) + 1, 8)", "floordiv(T + 4, 32)"},
      {"floordiv(B*T + 3*B, T + 3)", "B"},
      {"floordiv(B*T + 1, T)", "B + floordiv(1, T)"},
      {"floordiv(-1*T, 16)", "-1*T + floordiv(15*T, 16)"},
      {"min(512, T)", "min(512, T)"},
      {"min(T + 1, T)", "T"},
      {"min(B*T, T)", "T"},
      {"min(7, 5)", "5"},
  };
  for (auto [text, canonical] : cases) {
    EXPECT_EQ(parse(text).str(), canonical) << text;
    EXPECT_EQ(parse(canonical), parse(text)) << text;
  }
}

TEST(Dim, EqualityIsIdentity) {
  Dim b = Dim::symbol("B"), t = Dim::symbol("T");
  EXPECT_EQ(b * t, t * b);
  EXPECT_NE(b, t);
  EXPECT_EQ((b + t) * (b + t), b * b + Dim(2) * b * t + t * t);
  EXPECT_EQ(Dim::min(b, t), Dim::min(t, b));
}

TEST(Dim, RefusesWhatIsNoDimension) {
  for (const char *text : {"", "+", "T +", "T T", "2T", "T/2", "floordiv(T)", "floordiv(T, 0)", "floordiv(T, -1)",
                           "floordiv", "min", "(T", "T)", "T ** 2", "9223372036854775808", "1.5", "<overflow>", "T,"})
    EXPECT_FALSE(Dim::parse(text)) << text;
  EXPECT_FALSE(Dim::parse(std::string(100000, '(')));
  EXPECT_FALSE(Dim::parse(std::string(100000, '-') + "T"));
}

TEST(Dim, OverflowIsStickyAndHasNoValue) {
  Dim big(INT64_MAX), over = big + Dim(1);
  EXPECT_TRUE(over.overflowed());
  EXPECT_TRUE((over * Dim(0)).overflowed());
  EXPECT_FALSE(over.constant());
  EXPECT_NE(over, Dim(0));
  EXPECT_TRUE((big * Dim::symbol("T") * Dim(2)).overflowed());
  EXPECT_TRUE((Dim(INT64_MIN) * Dim(-1)).overflowed());
  Dim sum, power(1);
  for (char c = 'A'; c <= 'Z'; ++c)
    sum = sum + Dim::symbol(std::string(1, c));
  for (int i = 0; i < 8; ++i)
    power = power * sum;
  EXPECT_TRUE(power.overflowed());
}

TEST(Dim, DividesExactly) {
  EXPECT_EQ(Dim::exactDiv(parse("T*T - 1"), parse("T + 1")), parse("T - 1"));
  EXPECT_EQ(Dim::exactDiv(parse("12*B*T"), parse("4*T")), parse("3*B"));
  EXPECT_EQ(Dim::exactDiv(parse("0"), parse("T")), Dim(0));
  EXPECT_FALSE(Dim::exactDiv(parse("T + 1"), parse("T")));
  EXPECT_FALSE(Dim::exactDiv(parse("3*T"), parse("2")));
  EXPECT_FALSE(Dim::exactDiv(parse("T"), Dim(0)));
  EXPECT_FALSE(Dim::exactDiv(Dim(INT64_MIN), Dim(-1)));
}

TEST(Dim, KnowsBoundsForSizesOfAtLeastOne) {
  EXPECT_EQ(parse("T").lowerBound(), 1);
  EXPECT_EQ(parse("B*T - T").lowerBound(), 0);
  EXPECT_EQ(parse("floordiv(T + 15, 16)").lowerBound(), 1);
  EXPECT_EQ(parse("min(T, 512)").lowerBound(), 1);
  EXPECT_EQ(parse("2*T - 7").lowerBound(), -5);
  EXPECT_FALSE(parse("B - T").lowerBound());
  EXPECT_FALSE(parse("-1*T").lowerBound());
  EXPECT_TRUE(parse("T + 1").isAtLeast(parse("T")));
  EXPECT_FALSE(parse("T").isAtLeast(parse("2")));
}

TEST(Dim, EvaluatesAndSubstitutes) {
  auto value = [](std::string_view name) -> std::optional<int64_t> {
    if (name == "B")
      return 3;
    if (name == "T")
      return 17;
    return std::nullopt;
  };
  EXPECT_EQ(parse("B*T + 2*T + 768").evaluate(value), 3 * 17 + 34 + 768);
  EXPECT_EQ(parse("floordiv(T + 15, 16)").evaluate(value), 2);
  EXPECT_EQ(parse("min(T, 5*B)").evaluate(value), 15);
  EXPECT_FALSE(parse("N").evaluate(value));
  EXPECT_FALSE(parse("floordiv(T, B - 3)").evaluate(value));
  EXPECT_FALSE((parse("T") * Dim(INT64_MAX)).evaluate(value));
  EXPECT_EQ(parse("floordiv(T + 15, 16)*B").substitute({{"T", parse("16*N")}}), parse("B*N"));
  EXPECT_EQ(parse("floordiv(T + N, min(B, 4))").symbols(), (std::set<std::string>{"B", "N", "T"}));
  EXPECT_EQ(parse("T").symbolName(), "T");
  EXPECT_FALSE(parse("floordiv(T, 2)").symbolName());
  EXPECT_FALSE(parse("2*T").symbolName());
}

// Random expressions: the canonical form evaluates to what the expression means.
TEST(Dim, CanonicalFormKeepsTheValue) {
  std::mt19937 random(7);
  auto pick = [&](int n) { return static_cast<int>(random() % n); };
  int64_t b = 0, t = 0;
  std::function<std::pair<Dim, int64_t>(int)> make = [&](int depth) -> std::pair<Dim, int64_t> {
    if (depth == 0) {
      int64_t number = pick(9) - 2;
      return pick(2)   ? std::pair(Dim(number), number)
             : pick(2) ? std::pair(Dim::symbol("B"), b)
                       : std::pair(Dim::symbol("T"), t);
    }
    auto [x, xv] = make(depth - 1);
    auto [y, yv] = make(depth - 1);
    auto floorDivide = [](int64_t p, int64_t q) { return p / q - (p % q != 0 && (p % q < 0) != (q < 0)); };
    switch (pick(5)) {
    case 0:
      return {x + y, xv + yv};
    case 1:
      return {x - y, xv - yv};
    case 2:
      return {x * y, xv * yv};
    case 3:
      return {Dim::min(x, y), std::min(xv, yv)};
    default: {
      int64_t divisor = 1 + pick(12);
      return {Dim::floorDiv(x, Dim(divisor)), floorDivide(xv, divisor)};
    }
    }
  };
  for (int i = 0; i < 20000; ++i) {
    b = 1 + pick(5), t = 1 + pick(40);
    auto [dim, expected] = make(1 + pick(3));
    if (dim.overflowed())
      continue;
    auto value = [&](std::string_view name) -> std::optional<int64_t> { return name == "B" ? b : t; };
    ASSERT_EQ(dim.evaluate(value), expected) << dim.str();
    ASSERT_EQ(Dim::parse(dim.str()), dim) << dim.str();
    if (std::optional<int64_t> bound = dim.lowerBound())
      ASSERT_LE(*bound, expected) << dim.str();
  }
}

} // namespace
