// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the printed text means, without a GPU: it is compiled as C++ behind HostCuda.h, run thread by thread, and
// compared with the CPU backend (the same bits) and with the float64 interpreter, at every size around the vector's.
#include "codegen/cuda/Print.h"
#include "ir/reference/Interpreter.h"
#include "test/codegen/cpu/Harness.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <cmath>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::test;
using ir::kernel::BufferType;

namespace {
using Launch = void (*)(void *const *buffers, const long long *sizes, unsigned blocks, unsigned rowsOfBlocks);

/// A kernel's text, compiled by the host's compiler and loaded.
class OnHost {
public:
  ~OnHost();
  /// Fails the test where the compiler does.
  void build(const std::string &text, const std::string &kernel, unsigned threads);
  Launch launch = nullptr;

private:
  std::string folder;
  void *library = nullptr;
};

/// A function with one skeleton: on the host as CUDA, on the CPU backend, in the interpreter.
class Case {
public:
  explicit Case(func::FuncOp function) : function(function) {}
  /// Prints, compiles and loads; to be called first.
  void build();
  enum class Data { plain, ties, special };
  /// `tolerance` is relative, against the interpreter; special numbers are compared with the CPU backend alone.
  void check(const Sizes &sizes, Data data, double tolerance);

private:
  int64_t number(const Dim &dim, const Sizes &sizes) {
    return *dim.evaluate([&](std::string_view name) -> std::optional<int64_t> { return sizes.at(std::string(name)); });
  }
  int64_t threads(const Sizes &sizes);
  static constexpr unsigned blockSize = 64;

  func::FuncOp function;
  OnHost host;
  std::unique_ptr<EveryKernel> compiled;
};
} // namespace

static std::string readSource(const std::string &path) {
  std::ifstream in(SINTER_SOURCE_DIR "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

static std::string textOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  op->print(stream);
  return text;
}

OnHost::~OnHost() {
  if (library)
    dlclose(library);
  if (!folder.empty())
    std::filesystem::remove_all(folder);
}

void OnHost::build(const std::string &text, const std::string &kernel, unsigned threads) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sinter-cuda-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder = pattern;
  std::ofstream(folder + "/kernel.cu")
      << text << "extern \"C\" void launch(void *const *buffers, const long long *sizes, unsigned x, unsigned y) {\n"
      << "  host_cuda::launch(" << kernel << ", buffers, sizes, {x, y}, " << threads << ");\n}\n";
  std::string command = SINTER_CXX " -x c++ -std=c++20 -O1 -ffp-contract=off -fPIC -shared -include " SINTER_SOURCE_DIR
                                   "/test/codegen/cuda/HostCuda.h -o " +
                        folder + "/kernel.so " + folder + "/kernel.cu";
  ASSERT_EQ(std::system(command.c_str()), 0) << text;
  library = dlopen((folder + "/kernel.so").c_str(), RTLD_NOW);
  ASSERT_NE(library, nullptr) << dlerror();
  launch = reinterpret_cast<Launch>(dlsym(library, "launch"));
}

void Case::build() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(function.getLoc());
  module->push_back(function.clone());
  bool isRow = !function.getOps<ir::kernel::RowOp>().empty();
  host.build(llvm::cantFail(cuda::printModule(*module, "cuda:sm_90")), isRow ? "row_0" : "pointwise_0", blockSize);
  compiled = std::make_unique<EveryKernel>(textOf(*module));
}

int64_t Case::threads(const Sizes &sizes) {
  int64_t count = 0;
  function.walk([&](ir::kernel::RowOp op) {
    count = 16 * number(ir::productOf(ArrayRef(ir::toDims(op.getDomain())).drop_back(op.getReduced())), sizes);
  });
  function.walk([&](ir::kernel::PointwiseOp op) {
    count = number(ir::productOf(cast<BufferType>(op.getResult(0).getType()).getShapeDims()), sizes);
  });
  return count;
}

static Guarded stored(Type element, const std::vector<double> &data) {
  if (element.isF32())
    return guarded(std::vector<float>(data.begin(), data.end()));
  if (element.isInteger(32))
    return guarded(std::vector<int32_t>(data.begin(), data.end()));
  return guarded(std::vector<uint8_t>(data.begin(), data.end()));
}

static double pickNumber(Type element, float random, size_t at, bool isTies, bool isSpecial) {
  static const float odd[] = {NAN,     INFINITY, -INFINITY, 0.0f,   -0.0f,      88.8f,  -87.4f, 1e-42f,
                              -1e-42f, 3e38f,    -3e38f,    200.0f, 0.9277344f, 0.625f, 1e-6f,  2147483648.0f};
  if (element.isInteger(1))
    return random > -1;
  if (element.isInteger(32))
    return std::floor(random * 20);
  if (isSpecial && at % 5 == 2)
    return odd[(at / 5) % std::size(odd)];
  return isTies ? std::floor(random) : random;
}

void Case::check(const Sizes &sizes, Data data, double tolerance) {
  std::vector<ir::RefTensor> inputs;
  std::vector<Guarded> buffers, results;
  std::vector<const Guarded *> pointers;
  unsigned seed = 300;
  for (Type argument : function.getArgumentTypes()) {
    auto type = cast<BufferType>(argument);
    ir::RefTensor tensor{{}, type.getElementType(), {}};
    int64_t count = 1;
    for (const Dim &dim : type.getShapeDims()) {
      tensor.shape.push_back(number(dim, sizes));
      count *= tensor.shape.back();
    }
    for (float random : randomFloats(count, seed++, 3))
      tensor.data.push_back(
          pickNumber(type.getElementType(), random, tensor.data.size(), data == Data::ties, data == Data::special));
    buffers.push_back(stored(type.getElementType(), tensor.data));
    inputs.push_back(std::move(tensor));
  }
  std::vector<size_t> bytes;
  for (const Guarded &buffer : buffers)
    pointers.push_back(&buffer);
  for (Type result : function.getResultTypes()) {
    bytes.push_back(number(cast<BufferType>(result).storedBytes(), sizes));
    results.emplace_back(bytes.back());
    std::memset(results.back().as<char>(), 0x5a, bytes.back());
  }
  std::vector<Guarded> onCpu = compiled->run(sizes, pointers, bytes);
  std::vector<void *> raw;
  for (const Guarded &buffer : buffers)
    raw.push_back(buffer.as<void>());
  for (const Guarded &result : results)
    raw.push_back(result.as<void>());
  std::vector<long long> symbols;
  for (const std::string &symbol : ir::boundSymbols(function.getArgumentTypes()))
    symbols.push_back(sizes.at(symbol));
  host.launch(raw.data(), symbols.data(), (threads(sizes) + blockSize - 1) / blockSize, 1);

  std::vector<ir::RefTensor> exact;
  if (data != Data::special) {
    auto evaluated = ir::evaluateFunction(function, inputs, [](StringRef) { return nullptr; });
    ASSERT_TRUE(succeeded(evaluated));
    exact = std::move(*evaluated);
  }
  for (size_t r = 0; r < results.size(); ++r) {
    Type element = cast<BufferType>(function.getResultTypes()[r]).getElementType();
    for (size_t i = 0; i < bytes[r] / (element.isInteger(1) ? 1 : 4); ++i) {
      if (element.isInteger(1)) {
        ASSERT_EQ(results[r].as<uint8_t>()[i], onCpu[r].as<uint8_t>()[i]) << "result " << r << " at " << i;
        continue;
      }
      float value = results[r].as<float>()[i];
      bool isBothNan = element.isF32() && std::isnan(value) && std::isnan(onCpu[r].as<float>()[i]);
      if (!isBothNan)
        ASSERT_EQ(results[r].as<int32_t>()[i], onCpu[r].as<int32_t>()[i])
            << "result " << r << " at " << i << ": " << value << ", on the CPU " << onCpu[r].as<float>()[i];
      if (exact.empty())
        continue;
      double wanted = exact[r].data[i], actual = element.isF32() ? value : double(results[r].as<int32_t>()[i]);
      ASSERT_LE(std::fabs(actual - wanted), tolerance * std::max(1.0, std::fabs(wanted)))
          << "result " << r << " at " << i;
    }
  }
}

static OwningOpRef<ModuleOp> parse(MLIRContext &context, const std::string &text) {
  context.loadDialect<ir::SinterDialect, ir::kernel::KernelDialect, func::FuncDialect, arith::ArithDialect,
                      math::MathDialect>();
  return parseSourceString<ModuleOp>(text, &context);
}

TEST(OnTheHost, RowsGiveTheBitsOfTheCpu) {
  std::string text = readSource("test/codegen/cuda/row.mlir");
  MLIRContext context(MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parse(context, text);
  ASSERT_TRUE(bool(module));
  int count = 0;
  for (auto function : module->getOps<func::FuncOp>()) {
    SCOPED_TRACE(function.getName().str());
    Case rows(function);
    rows.build();
    if (HasFatalFailure())
      return;
    for (int64_t length : trickySizes)
      rows.check({{"B", 3}, {"T", length}}, Case::Data::plain, 1e-5);
    rows.check({{"B", 9}, {"T", 101}}, Case::Data::plain, 1e-5);
    rows.check({{"B", 3}, {"T", 75}}, Case::Data::ties, 1e-5);
    rows.check({{"B", 3}, {"T", 37}}, Case::Data::special, 0);
    ++count;
  }
  EXPECT_EQ(count, 7);
}

TEST(OnTheHost, MathematicsGivesTheBitsOfTheCpu) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string type = "!kernel.buffer<[B, T], f32>";
  OwningOpRef<ModuleOp> module =
      parse(context, "func.func @f(%x: " + type + ") -> (" + type + ", " + type + ", " + type + ", " + type + ", " +
                         type + ", !kernel.buffer<[B, T], i32>, !kernel.buffer<[B, T], i1>) {\n" + R"(
    %r:7 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>) {
    ^bb0(%a: f32):
      %k = arith.constant 30.0 : f32
      %b = arith.mulf %a, %k : f32
      %e = math.exp %b : f32
      %f = math.exp2 %b : f32
      %l = math.log %a : f32
      %g = math.erf %a : f32
      %t = math.tanh %a : f32
      %i = arith.fptosi %b : f32 to i32
      %p = arith.cmpf ult, %a, %e : f32
      kernel.yield %e, %f, %l, %g, %t, %i, %p : f32, f32, f32, f32, f32, i32, i1
    } : ()" + type + ") -> (" +
                         type + ", " + type + ", " + type + ", " + type + ", " + type +
                         R"(, !kernel.buffer<[B, T], i32>, !kernel.buffer<[B, T], i1>)
    return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6 : )" +
                         type + ", " + type + ", " + type + ", " + type + ", " + type +
                         R"(, !kernel.buffer<[B, T], i32>, !kernel.buffer<[B, T], i1>
  })");
  ASSERT_TRUE(bool(module));
  Case pointwise(*module->getOps<func::FuncOp>().begin());
  pointwise.build();
  if (HasFatalFailure())
    return;
  pointwise.check({{"B", 7}, {"T", 1001}}, Case::Data::special, 0);
}

/// The first block of that kind on a page.
static std::string blockOf(const std::string &page, const std::string &kind) {
  std::string fence = "```" + kind + "\n";
  size_t begin = page.find(fence);
  if (begin == std::string::npos)
    return "";
  begin += fence.size();
  return page.substr(begin, page.find("```", begin) - begin);
}

TEST(OnTheHost, TheSketchOfAContractGivesTheBitsOfTheCpu) {
  std::string page = readSource("docs/decisions/0016-sketch-cuda-contract.md");
  OnHost host;
  host.build(blockOf(page, "text"), "contract_0", 256);
  if (HasFatalFailure())
    return;
  EveryKernel compiled(blockOf(page, "mlir"));
  const int64_t rows = 67, n = 3072, k = 768;
  auto x = randomFloats(rows * k, 1), w = randomFloats(n * k, 2), b = randomFloats(n, 3);
  Guarded gx = guarded(x), gw = guarded(toPanels(w, 1, n, k)), gb = guarded(b), result(rows * n * 4);
  std::vector<Guarded> onCpu = compiled.run({{"B", 1}, {"T", rows}}, {&gx, &gw, &gb}, {result.size()});
  void *buffers[] = {gx.as<void>(), gw.as<void>(), gb.as<void>(), result.as<void>()};
  long long sizes[] = {1, rows};
  host.launch(buffers, sizes, n / 64, (rows + 63) / 64);
  EXPECT_TRUE(result == onCpu[0]);
}
