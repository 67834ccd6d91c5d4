// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decode step by hand: bench_step FILE.mlir [B] [N] [PAGES] [THREADS] runs the function `extend` of a module of kernels
// on weights and caches of noise, and tells what each kernel took and how near the memory's speed the whole is.
//   sinter-opt gpt2.mlir --sinter-derive-decode=alone --sinter-pipeline='weights=bf16' -o step.mlir
#include "bench/MeasureRoofs.h"
#include "codegen/Compile.h"
#include "codegen/cpu/LowerKernel.h"
#include "ir/kernel/Kernel.h"
#include "sinter/sinter.h"

#include "mlir/Parser/Parser.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <sys/mman.h>

using namespace mlir;
using namespace sinter;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Times {
  double start = 0;
  std::map<std::string, std::pair<int, double>> of;
};

void onLaunch(void *user, const sinter_launch *launch) {
  auto *times = static_cast<Times *>(user);
  if (!launch->done) {
    times->start = now();
    return;
  }
  auto &[count, seconds] = times->of[std::string(launch->kernel) + " " + launch->site];
  ++count;
  seconds += now() - times->start;
}

/// Large pages of noise that is finite in every type: words of 0.01 or so.
uint8_t *noise(uint64_t bytes, bool isZero) {
  uint64_t rounded = (bytes + (2 << 20)) >> 21 << 21;
  auto *memory = static_cast<uint8_t *>(std::aligned_alloc(2 << 20, rounded));
  madvise(memory, rounded, MADV_HUGEPAGE);
  auto *words = reinterpret_cast<uint32_t *>(memory);
  for (uint64_t i = 0; i < rounded / 4; ++i)
    words[i] = isZero ? 0 : 0x3c003c00u + (uint32_t(i * 2654435761u) >> 9 & 0x00ff00ffu);
  return memory;
}

} // namespace

int main(int argc, char **argv) {
  auto number = [&](int i, long otherwise) { return argc > i ? std::atol(argv[i]) : otherwise; };
  if (argc < 2) {
    std::fprintf(stderr, "bench_step FILE.mlir [B] [N] [PAGES] [THREADS]\n");
    return 2;
  }
  long sequences = number(2, 1), news = number(3, 1), turns = number(4, 8);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<func::FuncDialect, ir::SinterDialect, ir::kernel::KernelDialect>();
  cpu::loadCodeDialects(context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(argv[1], &context);
  auto target = cpu::hostTarget();
  if (!module || !target)
    return 1;
  auto model = codegen::compileModel(*module, {{*target}, "bench"});
  if (failed(model))
    return 1;
  const codegen::Artifact &main = model->main;
  std::vector<uint8_t> made = codegen::serialize(main, 0, false);
  auto *bytes = static_cast<uint8_t *>(std::aligned_alloc(64, (made.size() + 64) / 64 * 64));
  std::memcpy(bytes, made.data(), made.size());
  uint8_t *weights = noise(main.weightBytes, false);
  sinter_error error;
  sinter_artifact *artifact = nullptr;
  sinter_session *session = nullptr;
  sinter_options options{uint32_t(number(5, 2)), 1, 0};
  if (sinter_artifact_from_memory(bytes, made.size(), weights, main.weightBytes, &artifact, &error) ||
      sinter_session_create(artifact, &options, &session, &error)) {
    std::fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  auto found = std::find_if(main.functions.begin(), main.functions.end(),
                            [](const codegen::FunctionInfo &info) { return info.name == "extend"; });
  if (found == main.functions.end())
    return 1;
  std::map<std::string, int64_t> sizes = {{"B", sequences}, {"N", news}, {"P", turns}, {"Q", sequences * turns + 1},
                                          {"R", sequences}, {"S", 16 * turns}};
  std::vector<sinter_input> inputs;
  uint64_t cacheBytes = 0;
  for (const codegen::TensorInfo &info : found->args) {
    sinter_input input{nullptr, sinter_dtype(info.dtype), uint32_t(info.dims.size()), {}};
    uint64_t count = 1;
    for (size_t axis = 0; axis < info.dims.size(); ++axis) {
      auto size = info.dims[axis].evaluate([&](std::string_view name) -> std::optional<int64_t> {
        auto known = sizes.find(std::string(name));
        return known == sizes.end() ? 1 : known->second;
      });
      input.dims[axis] = *size;
      count *= uint64_t(*size);
    }
    uint64_t width = info.dtype == SINTER_BF16 || info.dtype == SINTER_F16 ? 2 : 4;
    uint8_t *data = noise(count * width, !info.state);
    cacheBytes += info.state ? count * width : 0;
    auto *integers = reinterpret_cast<int32_t *>(data);
    for (uint64_t i = 0; i < count && !info.state; ++i)
      integers[i] = info.name == "count"    ? int32_t(news)
                    : info.name == "length" ? int32_t(16 * turns - news)
                    : info.name == "pages"  ? int32_t(i + 1)
                                            : 0;
    input.data = data;
    inputs.push_back(input);
  }
  std::vector<sinter_output> outputs(found->results.size());
  auto call = [&] {
    for (sinter_output &output : outputs)
      output = {};
    if (!sinter_call(session, uint32_t(found - main.functions.begin()), inputs.data(), outputs.data(), &error))
      return;
    std::fprintf(stderr, "%s\n", error.message);
    std::exit(1);
  };
  double best = 1e9;
  std::vector<double> all;
  for (int i = 0; i < 12; ++i) {
    double start = now();
    call();
    all.push_back(now() - start);
    best = std::min(best, all.back());
  }
  std::sort(all.begin(), all.end());
  double roof = bench::measureRoofs(int(options.threads), 0.1).readGbs * 1e9;
  double read = double(main.weightBytes + cacheBytes);
  std::printf("step: median %.2f ms, best %.2f ms; weights %.1f MB, cache %.1f MB; %.1f GB/s, of the read roof (%.1f GB/s) %.2f\n",
              all[all.size() / 2] * 1e3, best * 1e3, main.weightBytes * 1e-6, cacheBytes * 1e-6, read / best * 1e-9,
              roof * 1e-9, read / best / roof);
  Times times;
  sinter_session_profile(session, onLaunch, &times);
  for (int i = 0; i < 5; ++i)
    call();
  std::vector<std::pair<double, std::string>> rows;
  for (auto &[name, entry] : times.of)
    rows.push_back({entry.second / 5, name});
  std::sort(rows.rbegin(), rows.rend());
  for (auto &[seconds, name] : rows)
    std::printf("  %-44s %4d x %8.1f us = %7.2f ms\n", name.c_str(), times.of[name].first / 5,
                seconds * 1e6 / (times.of[name].first / 5.0), seconds * 1e3);
  return 0;
}
