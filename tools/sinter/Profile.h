// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `--profile`: a session's launches in, a table by kernel out: time, work, bytes, share of the roof that binds it,
// lines of the text. The formulas are the plan's (codegen/plan/Cost.h), at the sizes of the call.
#pragma once

#include "bench/MeasureRoofs.h"
#include "codegen/artifact/Artifact.h"
#include "sinter/sinter.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace sinter::tool {

/// The number of each symbol of a function in one call.
using Sizes = std::map<std::string, int64_t>;

/// A polynomial's value there; 0 where it has none.
double valueAt(const Dim &dim, const Sizes &sizes);

/// The threads that `--threads N` means.
int threadCount(unsigned threads);

/// One record of the plan, over a pass.
struct KernelTime {
  uint32_t record = 0;
  std::string kernel;
  uint64_t calls = 0;
  double ms = 0;               ///< all its calls of a pass; the median over the passes
  double flops = 0, bytes = 0; ///< likewise
  const codegen::Cost *cost = nullptr;
};

/// What the whole function costs at some sizes.
struct Work {
  double products = 0, scalars = 0, bytes = 0;
};
Work workOf(const codegen::PlanFunction &plan, const Sizes &sizes);

/// Listens to one session; one call after another. Not thread-safe.
class Profile {
public:
  explicit Profile(const codegen::PlanFunction &plan) : plan(plan) {}

  /// From here on the session's launches are seen. The profile outlives the listening.
  void listen(sinter_session *session);
  /// A call of `ms` altogether has come back.
  void endPass(double ms);

  /// Longest first.
  std::vector<KernelTime> kernels(const Sizes &sizes) const;
  double passMs() const; ///< the median call

private:
  void see(const sinter_launch &launch);

  struct Seen {
    std::string kernel;
    uint64_t calls = 0; ///< of the pass so far
    double ms = 0;
    uint64_t callsOfPass = 0;
    std::vector<double> passes;
  };
  const codegen::PlanFunction &plan;
  std::map<uint32_t, Seen> seen;
  std::vector<double> calls;
  std::chrono::steady_clock::time_point begun;
};

double median(std::vector<double> values);

/// The table, and the same as JSON: [{"kernel", "record", "ms", "share", "calls", "flops", "bytes", "gflops", "gbs",
/// "roof", "share_of_roof", "lines", "weights"}].
std::string profileTable(const Profile &profile, const Sizes &sizes, const bench::Roofs &roofs);
nlohmann::ordered_json profileJson(const Profile &profile, const Sizes &sizes, const bench::Roofs &roofs);
nlohmann::ordered_json roofsJson(const bench::Roofs &roofs);

} // namespace sinter::tool
