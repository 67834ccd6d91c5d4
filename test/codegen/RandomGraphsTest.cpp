// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thousand random graphs compiled, planned, linked and run by the runtime: what the interpreter says of them, within
// a stated bound; with fusion and without; alike for one thread and two, bit by bit.
#include "test/passes/Meaning.h"
#include "test/passes/RandomGraph.h"

#include "codegen/Compile.h"
#include "codegen/cpu/LowerKernel.h"
#include "ir/sinter/Sinter.h"
#include "passes/Pipeline.h"
#include "sinter/sinter.h"

#include "mlir/Pass/PassManager.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;
using namespace sinter;
using namespace sinter::test;
using ir::RefTensor;

namespace {

/// Of numbers below 1, absolutely, and of larger ones relatively: 34 times 2^-23. A graph is up to a dozen ops and
/// blocks deep. Measured, the worst of the thousand is at 3.6e-7.
constexpr double bound = 4e-6;

/// 64-byte aligned bytes, as the runtime wants them.
struct Bytes {
  explicit Bytes(size_t size)
      : size(size), data(static_cast<uint8_t *>(std::aligned_alloc(64, (size + 64) / 64 * 64))) {
    std::memset(data.get(), 0, (size + 64) / 64 * 64);
  }
  struct Free {
    void operator()(uint8_t *pointer) const { std::free(pointer); }
  };
  size_t size;
  std::unique_ptr<uint8_t, Free> data;
};

sinter_dtype dtypeOf(Type element) {
  return element.isF32() ? SINTER_DTYPE_F32 : element.isInteger(32) ? SINTER_DTYPE_I32 : SINTER_DTYPE_BOOL;
}

/// A tensor's elements in the type that it is stored in.
std::vector<uint8_t> stored(const RefTensor &tensor) {
  std::vector<uint8_t> bytes;
  auto append = [&](auto value) {
    const auto *from = reinterpret_cast<const uint8_t *>(&value);
    bytes.insert(bytes.end(), from, from + sizeof(value));
  };
  for (double value : tensor.data)
    tensor.elementType.isF32()         ? append(static_cast<float>(value))
    : tensor.elementType.isInteger(32) ? append(static_cast<int32_t>(value))
                                       : append(static_cast<uint8_t>(value));
  return bytes;
}

RefTensor loaded(const sinter_output &output, Type element) {
  RefTensor tensor{{output.dims, output.dims + output.rank}, element, {}};
  int64_t count = 1;
  for (int64_t extent : tensor.shape)
    count *= extent;
  for (int64_t i = 0; i < count; ++i)
    tensor.data.push_back(output.dtype == SINTER_DTYPE_F32   ? static_cast<const float *>(output.data)[i]
                          : output.dtype == SINTER_DTYPE_I32 ? static_cast<const int32_t *>(output.data)[i]
                                                             : static_cast<const uint8_t *>(output.data)[i]);
  return tensor;
}

/// An artifact in memory and a session on it.
class Loaded {
public:
  Loaded(const codegen::Artifact &artifact, const Bytes &weights, uint32_t threads) {
    std::vector<uint8_t> made = codegen::serialize(artifact, 0, false);
    bytes.emplace(made.size());
    std::memcpy(bytes->data.get(), made.data(), made.size());
    sinter_options options{threads, 1, 0};
    if (sinter_artifact_from_memory(bytes->data.get(), made.size(), weights.data.get(), artifact.weightBytes, &opened,
                                    &error) ||
        sinter_session_create(opened, &options, &session, &error))
      ADD_FAILURE() << error.message;
  }
  ~Loaded() {
    sinter_session_destroy(session);
    sinter_artifact_close(opened);
  }
  Loaded(const Loaded &) = delete;

  bool call(uint32_t function, const std::vector<sinter_input> &inputs, std::vector<sinter_output> &outputs) {
    bool ok = session && !sinter_call(session, function, inputs.data(), outputs.data(), &error);
    EXPECT_TRUE(ok) << error.message;
    return ok;
  }

private:
  std::optional<Bytes> bytes;
  sinter_artifact *opened = nullptr;
  sinter_session *session = nullptr;
  sinter_error error = {};
};

sinter_input inputOf(const RefTensor &tensor, const std::vector<uint8_t> &bytes) {
  sinter_input input{bytes.data(), dtypeOf(tensor.elementType), static_cast<uint32_t>(tensor.shape.size()), {}};
  std::copy(tensor.shape.begin(), tensor.shape.end(), input.dims);
  return input;
}

/// What @prepare makes of the parameters: section WEIGHTS.
Bytes prepareWeights(const codegen::CompiledModel &model, const Meaning &meaning) {
  Bytes weights(model.main.weightBytes);
  if (model.prepare.functions.empty() || model.prepare.functions.front().results.empty())
    return weights;
  std::vector<std::vector<uint8_t>> bytes;
  std::vector<sinter_input> inputs;
  for (const codegen::TensorInfo &arg : model.prepare.functions.front().args) {
    const RefTensor &tensor = meaning.parameters.at(arg.name);
    bytes.push_back(stored(tensor));
    inputs.push_back(inputOf(tensor, bytes.back()));
  }
  std::vector<sinter_output> outputs;
  for (const codegen::PreparedWeight &weight : model.main.weights)
    outputs.push_back({weights.data.get() + weight.offset, weight.bytes, SINTER_DTYPE_F32, 0, {}});
  Bytes none(0);
  Loaded(model.prepare, none, 1).call(0, inputs, outputs);
  return weights;
}

class RandomGraphs : public testing::Test {
protected:
  RandomGraphs() {
    loadDialects(context);
    cpu::loadCodeDialects(context);
  }

  /// Lowers `module` for good and runs all functions; bits in `raw`, numbers returned.
  FailureOr<Outputs> runOnCpu(ModuleOp module, bool isFused, uint32_t threads, std::string &raw) {
    PassManager manager(&context);
    buildSimplifyPhase(manager);
    buildRaisePhase(manager);
    buildLowerPhase(manager);
    if (isFused)
      buildFusePhase(manager);
    buildPreparePhase(manager);
    llvm::Expected<cpu::CpuTarget> host = cpu::hostTarget();
    if (!host || failed(manager.run(module)))
      return failure();
    auto model = codegen::compileModel(module, {{*host}, "random"});
    if (failed(model))
      return failure();
    Bytes weights = prepareWeights(*model, meaning);
    Loaded runtime(model->main, weights, threads);
    Outputs results;
    for (auto [number, function] : llvm::enumerate(model->main.functions)) {
      std::vector<std::vector<uint8_t>> bytes;
      std::vector<sinter_input> inputs;
      for (const RefTensor &tensor : meaning.inputs.at(function.name)) {
        bytes.push_back(stored(tensor));
        inputs.push_back(inputOf(tensor, bytes.back()));
      }
      std::vector<sinter_output> outputs(function.results.size());
      if (!runtime.call(number, inputs, outputs))
        return failure();
      for (const sinter_output &output : outputs) {
        raw.append(static_cast<const char *>(output.data), output.bytes);
        results[function.name].push_back(loaded(output, Type()));
      }
    }
    return results;
  }

  void check(uint64_t seed, bool isFused) {
    auto module = randomModule(context, seed, {.functions = 8, .isSmall = true});
    meaning.choose(*module);
    FailureOr<Outputs> expected = meaning.run(*module);
    ASSERT_TRUE(succeeded(expected));
    std::string one, two, source = textOf(*module);
    OwningOpRef<ModuleOp> copy = module->clone();
    FailureOr<Outputs> actual = runOnCpu(*module, isFused, 1, one);
    ASSERT_TRUE(succeeded(actual)) << "seed " << seed << "\n" << source;
    for (auto &[name, values] : *expected) {
      double here = distance(values, actual->at(name));
      worst = std::max(worst, here);
      ASSERT_LE(here, bound) << "seed " << seed << " @" << name << "\n" << source << textOf(*module);
    }
    graphs += expected->size();
    if (seed % 10 != 0)
      return;
    ASSERT_TRUE(succeeded(runOnCpu(*copy, isFused, 2, two)));
    EXPECT_TRUE(one == two) << "seed " << seed << ": two threads give other bits";
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  Meaning meaning{{{"B", 2}, {"T", 3}}};
  double worst = 0;
  size_t graphs = 0;
};

TEST_F(RandomGraphs, CompiledIsInterpreted) {
  const char *more = std::getenv("SINTER_FUZZ"); // thousands of graphs, for a longer look
  uint64_t modules = more ? std::strtoull(more, nullptr, 10) : 125;
  for (uint64_t seed = 1; seed <= modules && !HasFatalFailure(); ++seed)
    check(seed, /*isFused=*/true);
  EXPECT_GE(graphs, 1000u);
  RecordProperty("graphs", static_cast<int>(graphs));
  RecordProperty("worst", std::to_string(worst * 1e9) + "e-9");
}

TEST_F(RandomGraphs, NotFusedIsTheSame) {
  for (uint64_t seed = 1; seed <= 12 && !HasFatalFailure(); ++seed)
    check(seed, /*isFused=*/false);
  RecordProperty("graphs", static_cast<int>(graphs));
}

/// A vector's width and one more, and rows of one.
TEST_F(RandomGraphs, OtherSizes) {
  for (uint64_t seed = 1001; seed <= 1012 && !HasFatalFailure(); ++seed) {
    meaning = Meaning({{"B", 1 + static_cast<int64_t>(seed % 3)}, {"T", seed % 2 ? 17 : 1}});
    check(seed, /*isFused=*/true);
  }
}

} // namespace
