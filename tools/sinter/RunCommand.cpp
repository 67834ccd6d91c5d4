// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter run`: .npy files -> one function -> .npy files, on the cpu through the runtime or on the interpreter.
#include "tools/sinter/Driver.h"
#include "tools/sinter/Profile.h"
#include "tools/sinter/Progress.h"
#include "tools/sinter/TraceNan.h"

#include "sinter/sinter.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <span>
#include <unistd.h>

namespace sinter::tool {
namespace {

using Arrays = std::map<std::string, format::NpyArray>;
using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

int readInputs(const NamedFiles &files, Arrays &arrays) {
  for (const auto &[name, path] : files) {
    std::string error;
    std::optional<format::NpyArray> array = format::readNpy(path, error);
    if (!array) // a file that is not there is the world's fault, one that is no .npy the user's
      return fail(access(path.c_str(), R_OK) ? exitWorld : exitUserError, error);
    if (!arrays.try_emplace(name, std::move(*array)).second)
      return fail(exitUsage, "--in " + name + " is given twice");
  }
  return exitOk;
}

std::string join(const std::vector<std::string> &words) {
  std::string out;
  for (const std::string &word : words)
    out += (out.empty() ? "" : ", ") + word;
  return out;
}

int unknownName(const char *flag, const std::string &name, const std::vector<std::string> &known) {
  return fail(exitUserError, std::string(flag) + " " + name + ": the function has no such name; it has " + join(known));
}

/// Every name given must exist; every one without a default must be given.
int checkNames(const RunOptions &options, const codegen::FunctionInfo &function) {
  std::vector<std::string> args, results;
  for (const auto &arg : function.args)
    args.push_back(arg.name);
  for (const auto &result : function.results)
    results.push_back(result.name);
  for (const auto &[name, path] : options.in)
    if (std::find(args.begin(), args.end(), name) == args.end())
      return unknownName("--in", name, args);
  for (const auto &[name, path] : options.out)
    if (std::find(results.begin(), results.end(), name) == results.end())
      return unknownName("--out", name, results);
  for (const auto &arg : function.args) {
    bool given = std::any_of(options.in.begin(), options.in.end(), [&](auto &pair) { return pair.first == arg.name; });
    if (!given && !arg.defaultValue)
      return fail(exitUserError, "argument '" + arg.name + "' has no default: give it with --in " + arg.name + "=FILE.npy");
  }
  return exitOk;
}

// ---- cpu ----

/// The typed copy of an array that a call reads.
struct Typed {
  std::vector<int32_t> ints;
  std::vector<float> floats;
  std::vector<uint8_t> bools;
};

int convert(const std::string &name, const format::NpyArray &array, uint32_t dtype, Typed &typed, sinter_input &input) {
  std::string error;
  if (array.elements() == 0)
    return fail(exitUserError, "--in " + name + " is empty: every axis has at least one element");
  if (dtype == SINTER_F32) {
    auto values = array.toFloat32(error);
    if (!values)
      return fail(exitUserError, "--in " + name + ": " + error);
    typed.floats = std::move(*values);
    input.data = typed.floats.data();
  } else {
    auto values = array.toInt32(error);
    if (!values)
      return fail(exitUserError, "--in " + name + ": " + error);
    typed.ints = std::move(*values);
    input.data = typed.ints.data();
    if (dtype == SINTER_BOOL) {
      for (int32_t value : typed.ints)
        typed.bools.push_back(value != 0);
      input.data = typed.bools.data();
    }
  }
  if (array.dims.size() > SINTER_TENSOR_RANK)
    return fail(exitUserError, "--in " + name + ": more than " + std::to_string(SINTER_TENSOR_RANK) + " axes");
  input.dtype = sinter_dtype(dtype);
  input.rank = uint32_t(array.dims.size());
  std::copy(array.dims.begin(), array.dims.end(), input.dims);
  return exitOk;
}

int writeResult(const std::string &path, const sinter_output &output) {
  std::span dims(output.dims, output.rank);
  size_t count = 1;
  for (int64_t dim : dims)
    count *= size_t(dim);
  std::string error;
  bool ok;
  if (output.dtype == SINTER_DTYPE_F32) {
    ok = format::writeNpy(path, dims, std::span(static_cast<const float *>(output.data), count), error);
  } else if (output.dtype == SINTER_DTYPE_I32) {
    ok = format::writeNpy(path, dims, std::span(static_cast<const int32_t *>(output.data), count), error);
  } else {
    const auto *bytes = static_cast<const uint8_t *>(output.data);
    std::vector<int32_t> values(bytes, bytes + count);
    ok = format::writeNpy(path, dims, std::span<const int32_t>(values), error);
  }
  return ok ? int(exitOk) : fail(exitWorld, error);
}

/// The sizes that the inputs given have fixed.
Sizes sizesOf(const codegen::FunctionInfo &function, const std::vector<sinter_input> &inputs) {
  Sizes sizes;
  for (size_t i = 0; i < inputs.size(); ++i)
    for (size_t axis = 0; inputs[i].data && axis < function.args[i].dims.size(); ++axis)
      if (auto symbol = function.args[i].dims[axis].symbolName())
        sizes.try_emplace(*symbol, inputs[i].dims[axis]);
  return sizes;
}

int callOnCpu(const RunOptions &options, Driver &driver, const Arrays &arrays, Clock::time_point start) {
  double compileMs = milliseconds(start);
  auto loadStart = Clock::now();
  if (int code = driver.prepareWeights())
    return code;
  sinter_artifact *artifact = nullptr;
  if (int code = driver.openArtifact(&artifact))
    return code;
  double loadMs = milliseconds(loadStart);

  const codegen::FunctionInfo &function = driver.artifact().functions.front();
  std::vector<Typed> typed(function.args.size());
  std::vector<sinter_input> inputs(function.args.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (auto found = arrays.find(function.args[i].name); found != arrays.end())
      if (int code = convert(found->first, found->second, function.args[i].dtype, typed[i], inputs[i]))
        return code;

  sinter_session *session = nullptr;
  sinter_error error;
  sinter_options sessionOptions{options.threads, options.allowNotFinite, 0};
  std::vector<sinter_output> outputs(function.results.size());
  sinter_status status = sinter_session_create(artifact, &sessionOptions, &session, &error);
  std::vector<double> latencies;
  const codegen::PlanFunction &plan = driver.artifact().variants.front().plans.front();
  Profile profile(plan);
  TraceNan trace(driver);
  if (!status && !options.traceNan.empty())
    trace.listen(session);
  for (unsigned pass = 0; !status && pass <= options.repeat; ++pass) {
    for (sinter_output &output : outputs)
      output = {};
    bool counted = pass || options.repeat == 0;
    if (options.profile && counted)
      profile.listen(session);
    auto passStart = Clock::now();
    status = sinter_call(session, 0, inputs.data(), outputs.data(), &error);
    double ms = milliseconds(passStart);
    if (pass)
      latencies.push_back(ms);
    if (options.profile && counted)
      profile.endPass(ms);
  }
  if (!options.traceNan.empty() && (!status || status == SINTER_NOT_FINITE))
    trace.report();
  int code = status ? fail(exitOf(status), error.message) : int(exitOk);
  nlohmann::ordered_json shapes;
  for (size_t i = 0; !code && i < outputs.size(); ++i) {
    shapes[function.results[i].name] = std::vector<int64_t>(outputs[i].dims, outputs[i].dims + outputs[i].rank);
    for (const auto &[name, path] : options.out)
      if (name == function.results[i].name && !code)
        code = writeResult(path, outputs[i]);
  }
  sinter_session_destroy(session);
  sinter_artifact_close(artifact);
  if (code)
    return code;
  Sizes sizes;
  bench::Roofs roofs;
  if (options.profile) {
    sizes = sizesOf(function, inputs);
    roofs = bench::measureRoofs(threadCount(options.threads), 0.05);
  }
  if (options.json) {
    nlohmann::ordered_json json{{"results", shapes}, {"compile_ms", compileMs}, {"load_ms", loadMs}, {"latency_ms", latencies}};
    if (options.profile) {
      json["roofs"] = roofsJson(roofs);
      json["profile"] = profileJson(profile, sizes, roofs);
    }
    std::printf("%s\n", json.dump().c_str());
    return exitOk;
  }
  if (options.repeat) {
    std::sort(latencies.begin(), latencies.end());
    std::printf("%u passes: median %.3f ms, fastest %.3f ms\n", options.repeat, latencies[latencies.size() / 2], latencies.front());
  }
  if (options.profile)
    std::printf("%s", profileTable(profile, sizes, roofs).c_str());
  return exitOk;
}

// ---- reference ----

int callOnReference(const RunOptions &options, Driver &driver, const std::string &name, const Arrays &arrays) {
  std::map<std::string, Values> inputs;
  for (const auto &[argument, array] : arrays) {
    std::string error;
    Values values{array.dims, {}};
    if (array.isFloat()) {
      auto floats = array.toFloat64(error);
      if (!floats)
        return fail(exitUserError, "--in " + argument + ": " + error);
      values.data = std::move(*floats);
    } else {
      auto ints = array.toInt32(error);
      if (!ints)
        return fail(exitUserError, "--in " + argument + ": " + error);
      values.data.assign(ints->begin(), ints->end());
    }
    inputs.emplace(argument, std::move(values));
  }
  std::vector<std::pair<std::string, Values>> results;
  if (int code = driver.interpret(name, inputs, results))
    return code;
  nlohmann::ordered_json shapes;
  for (const auto &[result, values] : results)
    shapes[result] = values.dims;
  for (const auto &[wanted, path] : options.out) {
    auto found = std::find_if(results.begin(), results.end(), [&](auto &pair) { return pair.first == wanted; });
    if (found == results.end()) {
      std::vector<std::string> known;
      for (const auto &pair : results)
        known.push_back(pair.first);
      return unknownName("--out", wanted, known);
    }
    std::string error;
    if (!format::writeNpy(path, found->second.dims, std::span<const double>(found->second.data), error))
      return fail(exitWorld, error);
  }
  if (options.json)
    std::printf("%s\n", nlohmann::ordered_json{{"results", shapes}}.dump().c_str());
  return exitOk;
}

} // namespace

int runRun(const RunOptions &options) {
  if (options.functions.size() > 1)
    return fail(exitUsage, "run calls one function: give --fn once");
  if (options.target == "reference" && (options.repeat || options.profile))
    return fail(exitUsage, std::string(options.repeat ? "--repeat" : "--profile") + " times compiled code; the reference is an interpreter");
  if (!options.traceNan.empty() && (options.target == "reference" || options.profile))
    return fail(exitUsage, options.profile ? "--trace-nan and --profile listen to the same launches: give one of them"
                                            : "--trace-nan looks at compiled kernels; the reference has none");
  if (options.target == "reference" && !(options.remarks + options.requireFused).empty())
    return fail(exitUsage, "--remarks and --require-fused are about kernels; the reference has none");
  std::string name = options.functions.empty() ? "forward" : options.functions.front();
  Arrays arrays;
  if (int code = readInputs(options.in, arrays))
    return code;
  auto start = Clock::now();
  Driver driver(options);
  if (int code = driver.loadText({name}))
    return code;
  if (int code = driver.findWeights())
    return code;
  if (options.target == "reference")
    return callOnReference(options, driver, name, arrays);
  {
    Progress progress("compiling");
    if (int code = driver.lower())
      return code;
    if (int code = driver.generate())
      return code;
  }
  if (int code = checkNames(options, driver.artifact().functions.front()))
    return code;
  return callOnCpu(options, driver, arrays, start);
}

} // namespace sinter::tool
