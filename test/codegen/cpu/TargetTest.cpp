// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Targets by name, and what code for every target must be like whether or not this processor runs it.
#include "test/codegen/cpu/Harness.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

using namespace sinter;
using namespace sinter::test;

TEST(Target, ListsAreParsedBestFirst) {
  auto targets = cpu::parseTargets("cpu:x86-64-v3,x86-64-v4,x86-64-v3");
  ASSERT_TRUE(bool(targets));
  ASSERT_EQ(targets->size(), 2u);
  EXPECT_EQ((*targets)[0].name, "x86-64-v4");
  EXPECT_EQ((*targets)[1].name, "x86-64-v3");
}

TEST(Target, HostIsOneThatThisProcessorRuns) {
  for (const char *list : {"cpu", "cpu:host"}) {
    auto targets = cpu::parseTargets(list);
    ASSERT_TRUE(bool(targets));
    ASSERT_EQ(targets->size(), 1u);
    EXPECT_TRUE(cpu::hostRuns((*targets)[0]));
  }
}

TEST(Target, UnknownNamesListTheKnown) {
  auto targets = cpu::parseTargets("cpu:pentium");
  ASSERT_FALSE(bool(targets));
  EXPECT_EQ(llvm::toString(targets.takeError()), "unknown CPU target 'pentium'; known: host, x86-64-v3, x86-64-v4");
  auto other = cpu::parseTargets("cuda:sm_90");
  ASSERT_FALSE(bool(other));
  llvm::consumeError(other.takeError());
}

/// Lowers one skeleton to LLVM IR; "" after an error, whose text is in `error`.
static std::string lower(const std::string &text, const cpu::CpuTarget &target, std::string &error,
                         std::string *assembly = nullptr) {
  using namespace mlir;
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, func::FuncDialect, arith::ArithDialect,
                      math::MathDialect>();
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    error += diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(bool(module)) << error;
  if (!module)
    return "";
  Operation *skeleton = nullptr;
  module->walk([&](Operation *op) { skeleton = cpu::isSkeleton(op) ? op : skeleton; });
  OwningOpRef<ModuleOp> code = ModuleOp::create(UnknownLoc::get(&context));
  if (failed(cpu::lowerKernel(skeleton, {"M"}, "contract_3", target, *code)))
    return "";
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> ir = cpu::translateToLLVM(*code, target, llvmContext);
  if (!ir)
    return "";
  std::string result;
  llvm::raw_string_ostream(result) << *ir;
  if (assembly)
    *assembly = llvm::cantFail(cpu::emitAssembly(*ir, target));
  return result;
}

static const std::string product =
    function("%x: !kernel.buffer<[M, 64], f32>, %w: !kernel.buffer<[64, 64], f32, panels>", R"(
  %0 = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[M, 64], f32>, !kernel.buffer<[64, 64], f32, panels>) -> !kernel.buffer<[M, 64], f32>)");

TEST(Code, ContractionsAreTiledInRegisters) {
  for (const cpu::CpuTarget &target : cpu::knownTargets()) {
    std::string error, assembly, ir = lower(product, target, error, &assembly);
    ASSERT_EQ(error, "");
    size_t fused = 0, at = 0;
    while ((at = assembly.find("vfmadd231ps", at)) != std::string::npos) {
      ++fused;
      ++at;
    }
    // Forms for few rows take 8 steps of k and 1, those that share their weights 4 and 1. AVX2, a panel being two registers:
    // 1, 2 x 2 panels, and 2, 4, 6 x 1 shared; AVX-512: 1, 2, 4, 8 x 2, and 4, 8 x 2 shared.
    EXPECT_EQ(fused, target.vectorBits == 512 ? 9u * 2 * (1 + 2 + 4 + 8) + 5u * 2 * (4 + 8)
                                              : 2 * (9u * 2 * (1 + 2) + 5u * (2 + 4 + 6)))
        << target.name;
    EXPECT_NE(assembly.find(target.vectorBits == 512 ? "zmm" : "ymm"), std::string::npos);
    EXPECT_NE(ir.find("dso_local"), std::string::npos);
    EXPECT_EQ(ir.find("fast"), std::string::npos);
  }
}

TEST(Code, UnknownSizesAreNamed) {
  std::string error;
  std::string text = function("%x: !kernel.buffer<[M, T], f32>", R"(
  %0 = kernel.move %x at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[M, T], f32> -> !kernel.buffer<[T, M], f32>)");
  EXPECT_EQ(lower(text, cpu::knownTargets()[0], error), "");
  EXPECT_EQ(error, "the kernel needs the size 'T', which the function does not bind");
}

TEST(Code, OpsWithoutCodeAreNamed) {
  std::string error;
  std::string text = function("%x: !kernel.buffer<[M], f32>", R"(
  %0 = kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%a: f32):
    %r = math.atan %a : f32
    kernel.yield %r : f32
  } : (!kernel.buffer<[M], f32>) -> !kernel.buffer<[M], f32>)");
  EXPECT_EQ(lower(text, cpu::knownTargets()[0], error), "");
  EXPECT_EQ(error, "the CPU target has no code for 'math.atan' in a kernel's region");
}
