// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions: what is refused, what values they have, how they are shown.

#include "runtime/core/Expr.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace sinter::runtime;

namespace {

struct Case {
  std::vector<int64_t> words;
  std::string wrong() const {
    const char *message = checkExpr(code(), expr(), 2);
    return message ? message : "";
  }
  Code code() const { return {words.data(), words.size()}; }
  SinterExpr expr() const { return {0, static_cast<uint32_t>(words.size())}; }
  /// The value for symbols (7, -3), or "overflow".
  std::string value(std::vector<int64_t> symbols = {7, -3}) const {
    int64_t out;
    return evaluate(code(), expr(), symbols.data(), &out) ? std::to_string(out) : "overflow";
  }
  std::string shown() const {
    const char *names[] = {"B", "T"};
    char buffer[200];
    TextBuffer text(buffer, sizeof(buffer));
    addExpr(text, code(), expr(), names);
    return buffer;
  }
};

constexpr int64_t push = SINTER_PUSH, symbol = SINTER_SYMBOL, add = SINTER_ADD, mul = SINTER_MUL,
                  floorDiv = SINTER_FLOORDIV, min = SINTER_MIN;

TEST(Expr, Values) {
  EXPECT_EQ((Case{{push, 42}}.value()), "42");
  EXPECT_EQ((Case{{symbol, 0, symbol, 1, mul}}.value()), "-21");
  EXPECT_EQ((Case{{symbol, 0, push, 1, add, push, 2, mul}}.value()), "16");
  EXPECT_EQ((Case{{symbol, 0, push, 2, floorDiv}}.value()), "3");
  EXPECT_EQ((Case{{symbol, 1, push, 2, floorDiv}}.value()), "-2");
  EXPECT_EQ((Case{{symbol, 0, symbol, 1, floorDiv}}.value()), "-3");
  EXPECT_EQ((Case{{push, -6, push, -3, floorDiv}}.value()), "2");
  EXPECT_EQ((Case{{symbol, 0, symbol, 1, min}}.value()), "-3");
}

TEST(Expr, OverflowIsNoticed) {
  EXPECT_EQ((Case{{push, INT64_MAX, push, 1, add}}.value()), "overflow");
  EXPECT_EQ((Case{{push, int64_t(1) << 32, push, int64_t(1) << 32, mul}}.value()), "overflow");
  EXPECT_EQ((Case{{push, INT64_MIN, push, -1, mul}}.value()), "overflow");
  EXPECT_EQ((Case{{push, INT64_MIN, push, -1, floorDiv}}.value()), "overflow");
  EXPECT_EQ((Case{{push, 1, push, 0, floorDiv}}.value()), "overflow");
  EXPECT_EQ((Case{{push, INT64_MAX, push, 0, mul}}.value()), "0");
}

TEST(Expr, MalformedIsRefused) {
  EXPECT_EQ((Case{{push, 1}}.wrong()), "");
  EXPECT_EQ((Case{{}}.wrong()), "an expression is empty");
  EXPECT_EQ((Case{{push}}.wrong()), "an expression ends inside an operation");
  EXPECT_EQ((Case{{symbol, 2}}.wrong()), "an expression uses a symbol that does not exist");
  EXPECT_EQ((Case{{symbol, -1}}.wrong()), "an expression uses a symbol that does not exist");
  EXPECT_EQ((Case{{push, 1, add}}.wrong()), "an expression lacks operands");
  EXPECT_EQ((Case{{push, 1, push, 2}}.wrong()), "an expression leaves more than one number");
  EXPECT_EQ((Case{{push, 1, push, 2, 7}}.wrong()), "an expression has an unknown operation");
  EXPECT_EQ((Case{{push, 1, push, 2, 0}}.wrong()), "an expression has an unknown operation");
  EXPECT_EQ((Case{{push, 1, push, 2, INT64_MIN}}.wrong()), "an expression has an unknown operation");
  Case one{{push, 1}};
  EXPECT_STREQ(checkExpr(one.code(), {1, 2}, 0), "an expression lies outside the code");
  EXPECT_STREQ(checkExpr(one.code(), {0xffffffff, 2}, 0), "an expression lies outside the code");
  EXPECT_STREQ(checkExpr(one.code(), {0, 0xffffffff}, 0), "an expression lies outside the code");
}

TEST(Expr, DepthIsBounded) {
  Case deep;
  for (unsigned i = 0; i < SINTER_MAX_STACK; ++i)
    deep.words.insert(deep.words.end(), {push, 1});
  Case tooDeep = deep;
  tooDeep.words.insert(tooDeep.words.end(), {push, 1});
  deep.words.insert(deep.words.end(), SINTER_MAX_STACK - 1, add);
  tooDeep.words.insert(tooDeep.words.end(), SINTER_MAX_STACK, add);
  EXPECT_EQ(deep.wrong(), "");
  EXPECT_EQ(deep.value(), std::to_string(SINTER_MAX_STACK));
  EXPECT_EQ(deep.shown(), "...");
  EXPECT_EQ(tooDeep.wrong(), "an expression is nested too deep");
}

TEST(Expr, Shown) {
  EXPECT_EQ((Case{{symbol, 1}}.shown()), "T");
  EXPECT_EQ((Case{{push, 2, symbol, 1, mul, push, 1, add}}.shown()), "2 * T + 1");
  EXPECT_EQ((Case{{symbol, 0, symbol, 1, add, push, 2, mul}}.shown()), "(B + T) * 2");
  EXPECT_EQ((Case{{symbol, 1, push, 15, add, push, 16, floorDiv, symbol, 0, min}}.shown()), "min((T + 15) // 16, B)");
}

} // namespace
