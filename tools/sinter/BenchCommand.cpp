// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter bench`: one function on made-up inputs: how long it takes, and how near that is to what the machine can do.
// The roofs are measured before, between and after the rounds; the best counts.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Profile.h"
#include "tools/sinter/Progress.h"
#include "tools/sinter/RandomValues.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/resource.h>

namespace sinter::tool {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// The numbers of --dim, which need no model to be wrong.
int readDims(const BenchOptions &options, Sizes &dims) {
  for (const auto &[name, text] : options.dims) {
    char *end = nullptr;
    long value = std::strtol(text.c_str(), &end, 10);
    if (*end || text.empty() || value < 1 || value > 1 << 24)
      return fail(exitUsage, "--dim " + name + "=" + text + ": a size is a whole number from 1 to 16777216");
    dims[name] = value;
  }
  return exitOk;
}

/// --batch is B, --tokens every other size, and --dim beats both.
int chooseSizes(const BenchOptions &options, const std::string &function, const std::vector<std::string> &symbols,
                const Sizes &dims, Sizes &sizes) {
  std::string known;
  for (const std::string &symbol : symbols) {
    sizes[symbol] = symbol == "B" ? options.batch : options.tokens;
    known += (known.empty() ? "" : ", ") + symbol;
  }
  for (const auto &[name, value] : dims) {
    if (!sizes.count(name))
      return fail(exitUserError, "--dim " + name + ": " + function + " has no such size; it has " +
                                     (known.empty() ? "none" : known));
    sizes[name] = value;
  }
  return exitOk;
}

/// One argument's numbers: ids below the table's rows, floats N(0, 1), ones for whatever else has no default.
struct Argument {
  std::vector<float> floats;
  std::vector<int32_t> ints;
  std::vector<uint8_t> bools;
};

int makeInput(const codegen::TensorInfo &info, int64_t limit, const Sizes &sizes, Argument &made, sinter_input &input) {
  if (info.defaultValue && !limit)
    return exitOk; // not given: the call fills it
  double count = 1;
  for (const Dim &dim : info.dims) {
    double size = valueAt(dim, sizes);
    input.dims[input.rank++] = int64_t(size);
    count *= size;
    if (size < 1 || count > double(1ull << 32))
      return fail(exitUserError, "argument '" + info.name + "' cannot have these sizes: its axis " + dim.str() +
                                     " is " + std::to_string(int64_t(size)));
  }
  size_t elements = size_t(count);
  input.dtype = sinter_dtype(info.dtype);
  if (info.dtype == SINTER_F32) {
    made.floats.resize(elements);
    fillNormal(made.floats.data(), elements, 1, info.name);
    input.data = made.floats.data();
  } else if (info.dtype == SINTER_BOOL) {
    made.bools.assign(elements, 1);
    input.data = made.bools.data();
  } else {
    made.ints.assign(elements, 1);
    if (limit)
      fillBelow(made.ints.data(), elements, limit, info.name);
    input.data = made.ints.data();
  }
  return exitOk;
}

struct Result {
  std::string model, function, variant;
  Sizes sizes;
  int threads = 1;
  double compileMs = 0, loadMs = 0;
  uint64_t weightBytes = 0, workingBytes = 0, peakBytes = 0;
  std::vector<double> latencies;
  Work work;
  bench::Roofs roofs;

  double at(double quantile) const {
    std::vector<double> sorted = latencies;
    std::sort(sorted.begin(), sorted.end());
    return sorted[size_t(std::ceil(quantile * double(sorted.size()))) - 1];
  }
  double gflops() const { return (work.products + work.scalars) / median(latencies) * 1e-6; }
  double gbs() const { return work.bytes / median(latencies) * 1e-6; }
  /// Of the matrices' and attention's multiply-adds alone.
  double shareOfFma() const { return roofs.gflops > 0 ? work.products / median(latencies) * 1e-6 / roofs.gflops : 0; }
  double shareOfRead() const { return roofs.readGbs > 0 ? gbs() / roofs.readGbs : 0; }
};

std::string sizesText(const Sizes &sizes) {
  std::string out;
  for (const auto &[name, value] : sizes)
    out += (out.empty() ? "" : " ") + name + "=" + std::to_string(value);
  return out;
}

void printText(const Result &r) {
  std::printf("%s.%s  %s  %s, %d thread%s\n", r.model.c_str(), r.function.c_str(), sizesText(r.sizes).c_str(),
              r.variant.c_str(), r.threads, r.threads == 1 ? "" : "s");
  std::printf("latency    %.3f ms median of %zu (fastest %.3f, p90 %.3f)\n", median(r.latencies), r.latencies.size(),
              r.at(0.001), r.at(0.9));
  std::printf("work       %.3f GFLOP: %.1f GFLOP/s, %.2f of the fma roof (%.1f GFLOP/s, %s)\n",
              (r.work.products + r.work.scalars) * 1e-9, r.gflops(), r.shareOfFma(), r.roofs.gflops,
              r.roofs.isa.c_str());
  std::printf("traffic    %.1f MB: %.1f GB/s, %.2f of the read roof (%.1f GB/s)\n", r.work.bytes * 1e-6, r.gbs(),
              r.shareOfRead(), r.roofs.readGbs);
  std::printf("memory     weights %.1f MB, working %.1f MB, peak of this process %.1f MB\n",
              double(r.weightBytes) * 1e-6, double(r.workingBytes) * 1e-6, double(r.peakBytes) * 1e-6);
  std::printf("before     text to code %.0f ms, weights %.0f ms\n", r.compileMs, r.loadMs);
}

Json toJson(const Result &r) {
  return {{"model", r.model},
          {"function", r.function},
          {"sizes", r.sizes},
          {"variant", r.variant},
          {"threads", r.threads},
          {"latency_ms",
           {{"median", median(r.latencies)}, {"fastest", r.at(0.001)}, {"p90", r.at(0.9)}, {"all", r.latencies}}},
          {"flops", r.work.products + r.work.scalars},
          {"matrix_flops", r.work.products},
          {"bytes", r.work.bytes},
          {"gflops", r.gflops()},
          {"gbs", r.gbs()},
          {"share_of_fma_roof", r.shareOfFma()},
          {"share_of_read_roof", r.shareOfRead()},
          {"roofs", roofsJson(r.roofs)},
          {"compile_ms", r.compileMs},
          {"load_ms", r.loadMs},
          {"weights_bytes", r.weightBytes},
          {"working_bytes", r.workingBytes},
          {"peak_rss_bytes", r.peakBytes}};
}

/// One session and the inputs of its calls.
struct Caller {
  sinter_artifact *artifact = nullptr;
  sinter_session *session = nullptr;
  std::vector<Argument> arguments;
  std::vector<sinter_input> inputs;
  std::vector<sinter_output> outputs;
  sinter_error error = {};

  ~Caller() {
    sinter_session_destroy(session);
    sinter_artifact_close(artifact);
  }
  /// Milliseconds, or less than 0 after a failure.
  double pass() {
    std::fill(outputs.begin(), outputs.end(), sinter_output{});
    auto start = Clock::now();
    return sinter_call(session, 0, inputs.data(), outputs.data(), &error) ? -1 : milliseconds(start);
  }
};

int runRounds(const BenchOptions &options, Caller &caller, Result &result, Profile *profile) {
  const double roofSeconds = 0.04;
  for (unsigned i = 0; i < 2; ++i) // not counted
    if (caller.pass() < 0)
      return fail(exitOf(caller.error.status), caller.error.message);
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage); // before the roofs, which take memory of their own
  result.peakBytes = uint64_t(usage.ru_maxrss) * 1024;
  result.roofs = bench::measureRoofs(result.threads, roofSeconds);
  for (unsigned i = 0; i < options.rounds; ++i) {
    if (i == options.rounds / 2)
      result.roofs.raise(bench::measureRoofs(result.threads, roofSeconds));
    double ms = caller.pass();
    if (ms < 0)
      return fail(exitOf(caller.error.status), caller.error.message);
    result.latencies.push_back(ms);
  }
  result.roofs.raise(bench::measureRoofs(result.threads, roofSeconds));
  if (!profile)
    return exitOk;
  profile->listen(caller.session);
  for (unsigned i = 0; i < std::max(3u, options.rounds / 3); ++i) {
    double ms = caller.pass();
    if (ms < 0)
      return fail(exitOf(caller.error.status), caller.error.message);
    profile->endPass(ms);
  }
  return exitOk;
}

/// Weights, artifact, session, inputs; what they cost in time and memory.
int load(const BenchOptions &options, Driver &driver, Caller &caller, Result &result) {
  auto start = Clock::now();
  if (int code = driver.prepareWeights())
    return code;
  if (int code = driver.openArtifact(&caller.artifact))
    return code;
  result.loadMs = milliseconds(start);
  const codegen::FunctionInfo &function = driver.artifact().functions.front();
  std::vector<int64_t> limits = driver.idLimits(function.name);
  caller.arguments.resize(function.args.size());
  caller.inputs.resize(function.args.size());
  caller.outputs.resize(function.results.size());
  for (size_t i = 0; i < function.args.size(); ++i)
    if (int code = makeInput(function.args[i], limits[i], result.sizes, caller.arguments[i], caller.inputs[i]))
      return code;
  sinter_options sessionOptions{options.threads, options.allowNotFinite || options.randomWeights, 0};
  if (sinter_session_create(caller.artifact, &sessionOptions, &caller.session, &caller.error) ||
      sinter_call_sizes(caller.session, 0, caller.inputs.data(), caller.outputs.data(), &result.workingBytes,
                        &caller.error))
    return fail(exitOf(caller.error.status), caller.error.message);
  sinter_artifact_info info;
  sinter_artifact_get_info(caller.artifact, &info);
  result.variant = info.variant;
  result.weightBytes = driver.artifact().weightBytes;
  return exitOk;
}

} // namespace

int runBench(const BenchOptions &options) {
  if (options.functions.size() > 1)
    return fail(exitUsage, "bench calls one function: give --fn once");
  if (options.target == "reference")
    return fail(exitUsage, "bench times compiled code; the reference is an interpreter");
  if (options.randomWeights && !options.weights.empty())
    return fail(exitUsage, "--weights names parameters and --random-weights makes them up: give one of them");
  Sizes dims;
  if (int code = readDims(options, dims))
    return code;
  Driver driver(options);
  Result result;
  auto start = Clock::now();
  {
    Progress progress("compiling");
    result.function = options.functions.empty() ? "forward" : options.functions.front();
    if (int code = driver.loadText({result.function}))
      return code;
    if (int code = chooseSizes(options, result.function, driver.sizeNames(result.function), dims, result.sizes))
      return code;
    if (int code = driver.findWeights())
      return code;
    if (int code = driver.lower())
      return code;
    if (int code = driver.generate())
      return code;
  }
  result.compileMs = milliseconds(start);
  const codegen::Artifact &artifact = driver.artifact();
  result.model = artifact.model;
  result.threads = threadCount(options.threads);
  Caller caller;
  if (int code = load(options, driver, caller, result))
    return code;
  const codegen::PlanFunction &plan = artifact.variants.front().plans.front();
  result.work = workOf(plan, result.sizes);
  Profile profile(plan);
  if (int code = runRounds(options, caller, result, options.profile ? &profile : nullptr))
    return code;
  if (!options.json) {
    printText(result);
    if (options.profile)
      std::printf("%s", profileTable(profile, result.sizes, result.roofs).c_str());
    return exitOk;
  }
  Json json = toJson(result);
  if (options.profile)
    json["profile"] = profileJson(profile, result.sizes, result.roofs);
  std::printf("%s\n", json.dump(2).c_str());
  return exitOk;
}

} // namespace sinter::tool
