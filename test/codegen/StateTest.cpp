// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cache that calls extend in place: two layers in a repeat, keys and values in stacked pools, compiled and run step
// by step; the same numbers as the interpreter says, and for chunks and single tokens the same bits.
#include "test/codegen/Compiled.h"

#include "codegen/cpu/LowerKernel.h"
#include "codegen/artifact/Print.h"
#include "ir/kernel/Kernel.h"

#include "mlir/Parser/Parser.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace sinter;
using namespace sinter::test;
using ir::RefTensor;

namespace {

/// x attends to itself and to what was there: keys [L, Q, 8, 16], values [L, Q, 16, 8].
constexpr const char *tower = R"(
func.func @extend(%x: !kernel.buffer<[B, N, 8], f32>, %count: !kernel.buffer<[B], i32>, %length: !kernel.buffer<[B], i32>,
    %pages: !kernel.buffer<[B, P], i32>, %k: !kernel.buffer<[2, Q, 8, 16], POOL> {sinter.state = 1 : i64},
    %v: !kernel.buffer<[2, Q, 16, 8], POOL> {sinter.state = 2 : i64})
    -> (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 8, 16], POOL>, !kernel.buffer<[2, Q, 16, 8], POOL>) {
  %y:3 = kernel.repeat 2 carried(%x) stacked(%k, %v) {
  ^bb0(%c: !kernel.buffer<[B, N, 8], f32>, %ks: !kernel.buffer<[Q, 8, 16], POOL>, %vs: !kernel.buffer<[Q, 16, 8], POOL>):
    %k1 = kernel.append %ks[%pages] axis 2 over [N] %c at <(d0, d1, d2) -> (d0, d1, d2)> length %length count %count : (!kernel.buffer<[Q, 8, 16], POOL>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], POOL>
    %v1 = kernel.append %vs[%pages] axis 1 over [N] %c at <(d0, d1, d2) -> (d0, d1, 7 - d2)> length %length count %count : (!kernel.buffer<[Q, 16, 8], POOL>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 16, 8], POOL>
    %kg = kernel.gather %k1[%pages] : !kernel.buffer<[Q, 8, 16], POOL>, !kernel.buffer<[B, P], i32> -> !kernel.buffer<[B, P, 8, 16], f32>
    %vg = kernel.gather %v1[%pages] : !kernel.buffer<[Q, 16, 8], POOL>, !kernel.buffer<[B, P], i32> -> !kernel.buffer<[B, P, 16, 8], f32>
    %kv = kernel.move %kg at <(d0, d1, d2) -> (d0, d1 floordiv 16, d2, d1 mod 16)> : !kernel.buffer<[B, P, 8, 16], f32> -> !kernel.buffer<[B, 16 * P, 8], f32>
    %vv = kernel.move %vg at <(d0, d1, d2) -> (d0, d1 floordiv 16, d1 mod 16, d2)> : !kernel.buffer<[B, P, 16, 8], f32> -> !kernel.buffer<[B, 16 * P, 8], f32>
    %o = kernel.attention batch 1 over [16 * P, 8] %c at <(d0, d1, d2) -> (d0, d1, d2)>, %kv at <(d0, d1, d2) -> (d0, d1, d2)>, %vv at <(d0, d1, d2) -> (d0, d1, d2)> extras(%length at <(d0, d1, d2) -> (d0)>) score {
    ^bb0(%s: f32, %0: i32):
      kernel.yield %s : f32
    } mask {
    ^bb0(%0: i32):
      %n = kernel.index 1 : i32
      %j = kernel.index 2 : i32
      %p = arith.addi %0, %n : i32
      %seen = arith.cmpi sle, %j, %p : i32
      kernel.yield %seen : i1
    } : (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B, 16 * P, 8], f32>, !kernel.buffer<[B, 16 * P, 8], f32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[B, N, 8], f32>
    kernel.yield %o, %k1, %v1 : !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[Q, 8, 16], POOL>, !kernel.buffer<[Q, 16, 8], POOL>
  } : (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 8, 16], POOL>, !kernel.buffer<[2, Q, 16, 8], POOL>) -> (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 8, 16], POOL>, !kernel.buffer<[2, Q, 16, 8], POOL>)
  return %y#0, %y#1, %y#2 : !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 8, 16], POOL>, !kernel.buffer<[2, Q, 16, 8], POOL>
})";

std::string withPools(std::string text, const std::string &type) {
  for (size_t at; (at = text.find("POOL")) != std::string::npos;)
    text.replace(at, 4, type);
  return text;
}

class State : public testing::Test {
protected:
  State() {
    context.loadDialect<func::FuncDialect, ir::SinterDialect, ir::kernel::KernelDialect>();
    cpu::loadCodeDialects(context);
  }
  OwningOpRef<ModuleOp> parse(const std::string &text) { return parseSourceString<ModuleOp>(text, &context); }

  RefTensor numbers(const std::string &element, std::vector<int64_t> shape) {
    RefTensor tensor = tensorOf(context, element, std::move(shape), {});
    for (double &value : tensor.data)
      value = int64_t(random() % 129) / 64.0 - 1;
    return tensor;
  }
  RefTensor zeros(const std::string &element, std::vector<int64_t> shape) {
    return tensorOf(context, element, std::move(shape), {});
  }
  RefTensor ints(std::vector<int64_t> shape, std::vector<double> data) {
    return tensorOf(context, "i32", std::move(shape), std::move(data));
  }

  void expectClose(const RefTensor &actual, const RefTensor &expected, double bound) {
    ASSERT_EQ(actual.shape, expected.shape);
    for (size_t i = 0; i < actual.data.size(); ++i)
      ASSERT_NEAR(actual.data[i], expected.data[i], bound) << "at " << i;
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  std::mt19937_64 random{7};
};


TEST_F(State, StepsAreWhatTheInterpreterSays) {
  for (std::string type : {"f32", "bf16", "f16"}) {
    OwningOpRef<ModuleOp> module = parse(withPools(tower, type));
    ASSERT_TRUE(module);
    auto function = module->lookupSymbol<func::FuncOp>("extend");
    RefTensor k = zeros(type, {2, 5, 8, 16}), v = zeros(type, {2, 5, 16, 8}), pages = ints({2, 2}, {3, 1, 4, 2});
    Stored keys(k), values(v);
    Compiled compiled(*module, 2);
    std::vector<double> lengths = {0, 0};
    for (auto [news, counts] : std::vector<std::pair<int64_t, std::vector<double>>>{
             {5, {5, 3}}, {1, {1, 1}}, {12, {12, 11}}, {1, {1, 1}}, {2, {0, 2}}}) {
      RefTensor x = numbers("f32", {2, news, 8});
      std::vector<RefTensor> given = {x, ints({2}, counts), ints({2}, lengths), pages, k, v};
      auto expected = ir::evaluateFunction(function, given, {});
      ASSERT_TRUE(succeeded(expected));
      std::vector<Stored> stored;
      for (size_t i = 0; i < 4; ++i)
        stored.emplace_back(given[i]);
      stored.push_back(std::move(keys));
      stored.push_back(std::move(values));
      std::vector<RefTensor> actual = compiled.call("extend", stored);
      keys = std::move(stored[4]);
      values = std::move(stored[5]);
      ASSERT_EQ(actual.size(), 1u);
      double bound = type == "f32" ? 1e-5 : type == "bf16" ? 2e-2 : 4e-3;
      expectClose(actual[0], (*expected)[0], bound);
      expectClose(keys.load(), (*expected)[1], bound);
      expectClose(values.load(), (*expected)[2], bound);
      k = keys.load();
      v = values.load();
      for (int row : {0, 1})
        lengths[row] += counts[row];
    }
  }
}

TEST_F(State, NothingIsCopied) {
  OwningOpRef<ModuleOp> module = parse(withPools(tower, "f32"));
  ASSERT_TRUE(module);
  Compiled compiled(*module, 1);
  ASSERT_TRUE(compiled.artifact());
  const codegen::FunctionInfo &info = compiled.artifact()->functions.front();
  EXPECT_EQ(info.results.size(), 1u);
  EXPECT_EQ(info.args[4].state, uint32_t(SINTER_STATE_PAGED));
  for (const codegen::Record &record : compiled.artifact()->variants.front().plans.front().records)
    for (const codegen::Operand &operand : record.operands)
      EXPECT_FALSE(record.kind == SINTER_COPY && operand.space == SINTER_SPACE_INPUT && operand.index >= 4);
}

/// One append to %pool[%pages], then `rest`; what compiling says.
std::string refusalOf(MLIRContext &context, const std::string &rest) {
  const std::string pool = "!kernel.buffer<[Q, 16, 8], f32>", table = "!kernel.buffer<[B, P], i32>",
                    numbers = "!kernel.buffer<[B], i32>", rows = "!kernel.buffer<[B, N, 8], f32>",
                    all = "!kernel.buffer<[B, P, 16, 8], f32>";
  std::string text = "func.func @extend(%x: " + rows + ", %n: " + numbers + ", %pages: " + table + ", %pool: " + pool +
                     " {sinter.state = 1 : i64}) -> (" + all + ", " + pool +
                     ") {\n  %next = kernel.append %pool[%pages] axis 1 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> "
                     "length %n count %n : (" +
                     pool + ", " + table + ", " + rows + ", " + numbers + ", " + numbers + ") -> " + pool + "\n" + rest +
                     " : " + all + ", " + pool + "\n}";
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return "no module";
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str() + "\n";
    return success();
  });
  auto target = cpu::hostTarget();
  bool isFine = target && succeeded(codegen::compileModel(*module, {{*target}, "test"}));
  return isFine ? "fine" : message;
}

TEST_F(State, WhatWasOverwrittenIsNotRead) {
  std::string gather = " : !kernel.buffer<[Q, 16, 8], f32>, !kernel.buffer<[B, P], i32> -> !kernel.buffer<[B, P, 16, 8], f32>\n";
  EXPECT_EQ(refusalOf(context, "  %g = kernel.gather %next[%pages]" + gather + "  return %g, %next"), "fine");
  EXPECT_NE(refusalOf(context, "  %g = kernel.gather %pool[%pages]" + gather + "  return %g, %next")
                .find("reads a pool after rows were appended to it in place"),
            std::string::npos);
  EXPECT_NE(refusalOf(context, "  %g = kernel.gather %next[%pages]" + gather + "  return %g, %pool")
                .find("reads a pool after rows were appended to it in place"),
            std::string::npos);
  EXPECT_NE(refusalOf(context, "  %m = kernel.move %next at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[Q, 16, 8], "
                               "f32> -> !kernel.buffer<[Q, 16, 8], f32>\n  %g = kernel.gather %m[%pages]" +
                                   gather + "  return %g, %m")
                .find("result 1 is the next value of argument 3, but is not made by appending to it"),
            std::string::npos);
}

TEST_F(State, WrongPlacesAreRefused) {
  OwningOpRef<ModuleOp> module = parse(withPools(tower, "f32"));
  ASSERT_TRUE(module);
  Compiled compiled(*module, 1);
  auto call = [&](std::vector<double> count, std::vector<double> length, std::vector<double> pages,
                  sinter_status expected) {
    std::vector<Stored> given;
    given.emplace_back(numbers("f32", {2, 3, 8}));
    given.emplace_back(ints({2}, std::move(count)));
    given.emplace_back(ints({2}, std::move(length)));
    given.emplace_back(ints({2, 2}, std::move(pages)));
    given.emplace_back(zeros("f32", {2, 5, 8, 16}));
    given.emplace_back(zeros("f32", {2, 5, 16, 8}));
    compiled.call("extend", given, expected);
  };
  call({3, 1}, {0, 29}, {1, 2, 3, 4}, SINTER_OK);
  call({3, 3}, {0, 30}, {1, 2, 3, 4}, SINTER_REFUSED); // beyond the table
  call({3, 3}, {0, -1}, {1, 2, 3, 4}, SINTER_REFUSED);
  call({4, 3}, {0, 0}, {1, 2, 3, 4}, SINTER_REFUSED);
  call({3, 3}, {0, 0}, {1, 2, 0, 4}, SINTER_REFUSED); // page 0 is kept
  call({3, 3}, {0, 0}, {1, 2, 5, 4}, SINTER_REFUSED); // beyond the pool
  call({3, 0}, {0, 0}, {1, 0, 0, 0}, SINTER_OK);
  compiled.misplaced = 4;
  call({3, 0}, {0, 0}, {1, 0, 0, 0}, SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(compiled.message, "argument 'arg4' is not aligned to 64 bytes");
}

} // namespace
