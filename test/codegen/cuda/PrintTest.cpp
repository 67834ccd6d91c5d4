// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The CUDA text of elementwise and row kernels: pinned, refused with a reason, and compiled by NVRTC where that is at
// hand (loaded at run time: SINTER_NVRTC names a library or the folder of the PyPI package; no GPU is needed).
#include "codegen/cuda/Print.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <glob.h>
#include <sstream>

using namespace mlir;
using namespace sinter;

static std::string readFile(const std::string &name) {
  std::ifstream in(std::string(SINTER_SOURCE_DIR "/test/codegen/cuda/") + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

namespace {
struct Parsed {
  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  explicit Parsed(const std::string &text) {
    context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, func::FuncDialect, arith::ArithDialect,
                        math::MathDialect>();
    module = parseSourceString<ModuleOp>(text, &context);
  }
};
} // namespace

static std::string print(const std::string &text, const std::string &target = "cuda:sm_90") {
  Parsed parsed(text);
  EXPECT_TRUE(bool(parsed.module));
  if (!parsed.module)
    return "";
  llvm::Expected<std::string> printed = cuda::printModule(*parsed.module, target);
  return printed ? *printed : "error: " + llvm::toString(printed.takeError());
}

TEST(Print, TextIsPinned) {
  for (std::string stem : {"pointwise", "row"}) {
    std::string text = print(readFile(stem + ".mlir"));
    if (std::getenv("SINTER_BLESS"))
      std::ofstream(SINTER_SOURCE_DIR "/test/codegen/cuda/" + stem + ".cu") << text;
    EXPECT_EQ(text, readFile(stem + ".cu"));
  }
}

TEST(Print, RefusesWithAReason) {
  EXPECT_EQ(print("", "cuda:90"), "error: 'cuda:90' is not a CUDA target; write cuda:sm_90");
  EXPECT_EQ(print("", "cpu"), "error: 'cpu' is not a CUDA target; write cuda:sm_90");
  EXPECT_EQ(print(R"(func.func @f(%x: !kernel.buffer<[T], f32>) {
    %0 = kernel.pointwise(%x at <(d0) -> (d0)>) {
    ^bb0(%a: f32):
      %r = math.atan %a : f32
      kernel.yield %r : f32
    } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
    return
  })"),
            "error: the CUDA target has no text for 'math.atan' in a kernel's region");
  EXPECT_EQ(print(R"(func.func @f(%x: !kernel.buffer<[T], f32>) {
    %0 = kernel.row domain [T] reduced 1 [sum] per_row (%x at <(d0) -> (d0)>)
      stage { ^bb0(%a: f32): %r = math.atan %a : f32 kernel.yield %r : f32 }
      finish { ^bb0(%s: f32): kernel.yield %s : f32 }
      : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[1], f32>
    return
  })"),
            "error: the CUDA target has no text for 'math.atan' in a kernel's region");
}

//===-- NVRTC --===//

static void *loadNvrtc() {
  std::vector<std::string> patterns;
  if (const char *named = std::getenv("SINTER_NVRTC"))
    patterns = {named, std::string(named) + "/libnvrtc.so*", std::string(named) + "/lib/libnvrtc.so*",
                std::string(named) + "/nvidia/*/lib/libnvrtc.so*"};
  patterns.insert(patterns.end(), {"/usr/local/cuda/lib64/libnvrtc.so*", "/usr/local/cuda*/lib*/libnvrtc.so*"});
  for (const char *name : {"libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12"})
    if (void *library = dlopen(name, RTLD_NOW))
      return library;
  for (const std::string &pattern : patterns) {
    glob_t found;
    void *library = nullptr;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
      for (size_t i = 0; i < found.gl_pathc && !library; ++i)
        library = dlopen(found.gl_pathv[i], RTLD_NOW);
    globfree(&found);
    if (library)
      return library;
  }
  return nullptr;
}

/// Fails the test where NVRTC does not take the text.
static void compile(void *nvrtc, const std::string &text, ArrayRef<std::string> kernels) {
  auto create =
      reinterpret_cast<int (*)(void **, const char *, const char *, int, const char *const *, const char *const *)>(
          dlsym(nvrtc, "nvrtcCreateProgram"));
  auto compile = reinterpret_cast<int (*)(void *, int, const char *const *)>(dlsym(nvrtc, "nvrtcCompileProgram"));
  auto logSize = reinterpret_cast<int (*)(void *, size_t *)>(dlsym(nvrtc, "nvrtcGetProgramLogSize"));
  auto log = reinterpret_cast<int (*)(void *, char *)>(dlsym(nvrtc, "nvrtcGetProgramLog"));
  auto cubinSize = reinterpret_cast<int (*)(void *, size_t *)>(dlsym(nvrtc, "nvrtcGetCUBINSize"));
  auto cubin = reinterpret_cast<int (*)(void *, char *)>(dlsym(nvrtc, "nvrtcGetCUBIN"));
  ASSERT_TRUE(create && compile && logSize && log && cubinSize && cubin);
  void *program = nullptr;
  ASSERT_EQ(create(&program, text.c_str(), "kernels.cu", 0, nullptr, nullptr), 0);
  const char *options[] = {"--gpu-architecture=sm_90", "--fmad=false"};
  int status = compile(program, 2, options);
  size_t size = 0;
  logSize(program, &size);
  std::string message(size, '\0');
  log(program, message.data());
  ASSERT_EQ(status, 0) << message << "\n" << text;
  EXPECT_LE(size, 1u) << message; // no warning either
  ASSERT_EQ(cubinSize(program, &size), 0);
  std::string code(size, '\0');
  ASSERT_EQ(cubin(program, code.data()), 0);
  EXPECT_EQ(code.substr(0, 4), "\x7f"
                               "ELF");
  for (const std::string &name : kernels)
    EXPECT_NE(code.find(name), std::string::npos) << name;
}

TEST(Print, NvrtcCompilesTheText) {
  void *nvrtc = loadNvrtc();
  if (!nvrtc)
    GTEST_SKIP() << "no NVRTC here: set SINTER_NVRTC to the folder of the PyPI package nvidia-cuda-nvrtc";
  compile(nvrtc, print(readFile("pointwise.mlir")), {"pointwise_0", "pointwise_1", "pointwise_2", "pointwise_3"});
  compile(nvrtc, print(readFile("row.mlir")), {"row_0", "row_1", "row_2", "row_3", "row_4", "row_5", "row_6"});
}
