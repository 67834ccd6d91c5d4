// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses, lowers, links (ORC) and calls kernels for the tests of the CPU leaf.
#include "test/codegen/cpu/Harness.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"

#include <sys/mman.h>

using namespace mlir;

namespace sinter::test {

Guarded::Guarded(size_t size) : length(size) {
  constexpr size_t page = 4096;
  mapSize = (size + page - 1) / page * page + page;
  map = mmap(nullptr, mapSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED || mprotect(static_cast<char *>(map) + mapSize - page, page, PROT_NONE))
    abort();
  start = static_cast<char *>(map) + mapSize - page - size;
}

Guarded::~Guarded() {
  if (map)
    munmap(map, mapSize);
}

struct Kernel::Loaded {
  std::unique_ptr<llvm::orc::LLJIT> jit;
};
Kernel::~Kernel() = default;

static MLIRContext &context() {
  static std::unique_ptr<MLIRContext> instance = [] {
    auto made = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    made->loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, func::FuncDialect, arith::ArithDialect,
                      math::MathDialect>();
    cpu::loadCodeDialects(*made);
    return made;
  }();
  return *instance;
}

static Operation *findSkeleton(ModuleOp module) {
  Operation *found = nullptr;
  module.walk([&](Operation *op) {
    if (cpu::isSkeleton(op))
      found = op;
  });
  return found;
}

std::unique_ptr<Kernel> Kernel::compile(const std::string &text, const cpu::CpuTarget &target) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context());
  if (!module) {
    ADD_FAILURE() << "not parsed: " << text;
    return nullptr;
  }
  auto function = *module->getOps<func::FuncOp>().begin();
  std::unique_ptr<Kernel> kernel(new Kernel);
  std::set<std::string> bound = ir::boundSymbols(function.getArgumentTypes());
  kernel->symbols.assign(bound.begin(), bound.end());
  OwningOpRef<ModuleOp> code = ModuleOp::create(UnknownLoc::get(&context()));
  FailureOr<cpu::KernelCode> lowered =
      cpu::lowerKernel(findSkeleton(*module), kernel->symbols, "kernel", target, *code);
  if (failed(lowered)) {
    ADD_FAILURE() << "not lowered";
    return nullptr;
  }
  kernel->gridDim = lowered->grid;
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> ir = cpu::translateToLLVM(*code, target, llvmContext);
  if (!ir) {
    ADD_FAILURE() << "not translated";
    return nullptr;
  }
  llvm::Expected<llvm::SmallVector<char>> object = cpu::emitObject(*ir, target);
  if (!object) {
    ADD_FAILURE() << llvm::toString(object.takeError());
    return nullptr;
  }
  static const bool isReady = !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
  if (!isReady)
    return nullptr;
  kernel->loaded = std::make_unique<Loaded>();
  kernel->loaded->jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
  llvm::cantFail(kernel->loaded->jit->addObjectFile(
      llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(object->data(), object->size()), "kernel")));
  kernel->entry = llvm::cantFail(kernel->loaded->jit->lookup("kernel")).toPtr<SinterKernel>();
  return kernel;
}

int64_t Kernel::grid(const Sizes &sizes) const {
  return *gridDim.evaluate(
      [&](std::string_view name) -> std::optional<int64_t> { return sizes.at(std::string(name)); });
}

int Kernel::run(const Sizes &sizes, const std::vector<const Guarded *> &buffers, bool isCut) const {
  std::vector<void *> pointers;
  for (const Guarded *buffer : buffers)
    pointers.push_back(buffer->as<void>());
  std::vector<int64_t> values;
  for (const std::string &symbol : symbols)
    values.push_back(sizes.at(symbol));
  int64_t items = grid(sizes);
  if (!isCut)
    return entry(pointers.data(), values.data(), 0, items);
  int status = 0;
  for (int64_t i = items; i-- > 0;)
    status |= entry(pointers.data(), values.data(), i, i + 1);
  return status;
}

EveryKernel::EveryKernel(const std::string &text) {
  for (const cpu::CpuTarget &target : cpu::knownTargets())
    if (cpu::hostRuns(target))
      if (std::unique_ptr<Kernel> kernel = Kernel::compile(text, target))
        kernels.push_back(std::move(kernel));
  EXPECT_FALSE(kernels.empty()) << "no target that this processor runs";
}

std::vector<Guarded> EveryKernel::run(const Sizes &sizes, const std::vector<const Guarded *> &inputs,
                                      const std::vector<size_t> &resultBytes, int expectedStatus) const {
  std::vector<Guarded> first;
  if (kernels.empty()) { // the constructor has said why
    for (size_t bytes : resultBytes)
      first.emplace_back(bytes);
    return first;
  }
  for (const std::unique_ptr<Kernel> &kernel : kernels)
    for (bool isCut : {false, true}) {
      std::vector<Guarded> results;
      std::vector<const Guarded *> buffers = inputs;
      for (size_t bytes : resultBytes)
        results.emplace_back(bytes);
      for (const Guarded &result : results) {
        std::memset(result.as<char>(), 0x5a, result.size()); // what is never written shows
        buffers.push_back(&result);
      }
      EXPECT_EQ(kernel->run(sizes, buffers, isCut), expectedStatus);
      if (first.empty())
        first = std::move(results);
      else
        for (size_t i = 0; i < results.size(); ++i)
          EXPECT_TRUE(results[i] == first[i]) << "result " << i << " depends on the target or on the cut of the grid";
    }
  return first;
}

std::vector<float> toPanels(const std::vector<float> &dense, int64_t leading, int64_t n, int64_t k) {
  int64_t panels = (n + 15) / 16;
  std::vector<float> result(leading * panels * k * 16, 0.0f);
  for (int64_t l = 0; l < leading; ++l)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t i = 0; i < k; ++i)
        result[((l * panels + j / 16) * k + i) * 16 + j % 16] = dense[(l * n + j) * k + i];
  return result;
}

std::vector<float> randomFloats(size_t count, unsigned seed, float range) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(-range, range);
  std::vector<float> values(count);
  for (float &value : values)
    value = distribution(generator);
  return values;
}

std::string function(const std::string &arguments, const std::string &body) {
  return "func.func @f(" + arguments + ") {\n" + body + "\n  return\n}\n";
}

} // namespace sinter::test
