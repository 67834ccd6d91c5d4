// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Profile.h.
#include "tools/sinter/Profile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace sinter::tool {

using Json = nlohmann::ordered_json;

double valueAt(const Dim &dim, const Sizes &sizes) {
  auto value = dim.evaluate([&](std::string_view name) -> std::optional<int64_t> {
    auto found = sizes.find(std::string(name));
    return found == sizes.end() ? std::nullopt : std::optional(found->second);
  });
  return double(value.value_or(0));
}

int threadCount(unsigned threads) {
  return threads ? int(threads) : std::clamp(int(std::thread::hardware_concurrency()), 1, 256);
}

double median(std::vector<double> values) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

namespace {

void addWork(const codegen::PlanFunction &plan, size_t first, size_t last, double times, const Sizes &sizes,
             Work &work) {
  for (size_t i = first; i < last; ++i) {
    const codegen::Record &record = plan.records[i];
    if (record.kind == SINTER_REPEAT) {
      addWork(plan, i + 1, i + 1 + record.length, times * double(record.count), sizes, work);
      i += record.length;
      continue;
    }
    work.products += times * valueAt(record.cost.products, sizes);
    work.scalars += times * valueAt(record.cost.scalars, sizes);
    work.bytes += times * valueAt(record.cost.bytes, sizes);
  }
}

/// The roof that a kernel meets first, and how near it came: 1 is as fast as the machine can.
struct Bound {
  const char *roof = "-";
  double share = 0;
};
Bound boundOf(const KernelTime &kernel, const bench::Roofs &roofs) {
  if (roofs.gflops <= 0 || roofs.readGbs <= 0 || kernel.ms <= 0)
    return {};
  double byWork = kernel.flops / roofs.gflops * 1e-6, byBytes = kernel.bytes / roofs.readGbs * 1e-6;
  return byWork >= byBytes ? Bound{"fma", byWork / kernel.ms} : Bound{"read", byBytes / kernel.ms};
}

/// At most three lines, and the weight that tells alike kernels apart.
std::string whereOf(const codegen::Cost &cost) {
  std::string out;
  for (size_t i = 0; i < cost.lines.size() && i < 3; ++i)
    out += (i ? ", " : "") + cost.lines[i];
  if (cost.lines.size() > 3)
    out += " +" + std::to_string(cost.lines.size() - 3);
  if (!cost.weights.empty())
    out += "  " + cost.weights.front();
  return out;
}

} // namespace

Work workOf(const codegen::PlanFunction &plan, const Sizes &sizes) {
  Work work;
  addWork(plan, 0, plan.records.size(), 1, sizes, work);
  return work;
}

void Profile::listen(sinter_session *session) {
  sinter_session_profile(
      session, [](void *user, const sinter_launch *launch) { static_cast<Profile *>(user)->see(*launch); }, this);
}

void Profile::see(const sinter_launch &launch) {
  if (!launch.done) {
    begun = std::chrono::steady_clock::now();
    return;
  }
  double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
  Seen &kernel = seen[launch.record];
  if (kernel.kernel.empty())
    kernel.kernel = launch.kernel;
  kernel.ms += ms;
  ++kernel.calls;
}

void Profile::endPass(double ms) {
  calls.push_back(ms);
  for (auto &[record, kernel] : seen) {
    kernel.passes.push_back(kernel.ms);
    kernel.callsOfPass = kernel.calls;
    kernel.ms = 0;
    kernel.calls = 0;
  }
}

double Profile::passMs() const { return median(calls); }

std::vector<KernelTime> Profile::kernels(const Sizes &sizes) const {
  std::vector<KernelTime> out;
  for (const auto &[record, kernel] : seen) {
    const codegen::Cost &cost = plan.records[record].cost;
    double times = double(kernel.callsOfPass);
    out.push_back({record, kernel.kernel, kernel.callsOfPass, median(kernel.passes),
                   times * (valueAt(cost.products, sizes) + valueAt(cost.scalars, sizes)),
                   times * valueAt(cost.bytes, sizes), &cost});
  }
  std::sort(out.begin(), out.end(),
            [](const KernelTime &a, const KernelTime &b) { return a.ms != b.ms ? a.ms > b.ms : a.record < b.record; });
  return out;
}

std::string profileTable(const Profile &profile, const Sizes &sizes, const bench::Roofs &roofs) {
  std::string out = "\n        ms   share  calls     GFLOP  GFLOP/s        MB    GB/s    of roof  kernel\n";
  char line[200];
  double inside = 0, whole = profile.passMs();
  for (const KernelTime &kernel : profile.kernels(sizes)) {
    Bound bound = boundOf(kernel, roofs);
    inside += kernel.ms;
    std::snprintf(line, sizeof line, "%10.3f  %5.1f%%  %5llu  %8.3f  %7.1f  %8.2f  %6.1f  %4.2f %-4s  %-14s ",
                  kernel.ms, 100 * kernel.ms / whole, static_cast<unsigned long long>(kernel.calls),
                  kernel.flops * 1e-9, kernel.flops / kernel.ms * 1e-6, kernel.bytes * 1e-6,
                  kernel.bytes / kernel.ms * 1e-6, bound.share, bound.roof, kernel.kernel.c_str());
    out += line + whereOf(*kernel.cost) + "\n";
  }
  std::snprintf(line, sizeof line, "%10.3f  %5.1f%%  outside kernels: inputs, checks, the plan\n",
                std::max(0.0, whole - inside), 100 * std::max(0.0, whole - inside) / whole);
  return out + line;
}

Json profileJson(const Profile &profile, const Sizes &sizes, const bench::Roofs &roofs) {
  Json out = Json::array();
  for (const KernelTime &kernel : profile.kernels(sizes)) {
    Bound bound = boundOf(kernel, roofs);
    out.push_back({{"kernel", kernel.kernel},
                   {"record", kernel.record},
                   {"ms", kernel.ms},
                   {"share", kernel.ms / profile.passMs()},
                   {"calls", kernel.calls},
                   {"flops", kernel.flops},
                   {"bytes", kernel.bytes},
                   {"gflops", kernel.flops / kernel.ms * 1e-6},
                   {"gbs", kernel.bytes / kernel.ms * 1e-6},
                   {"roof", bound.roof},
                   {"share_of_roof", bound.share},
                   {"lines", kernel.cost->lines},
                   {"weights", kernel.cost->weights}});
  }
  return out;
}

Json roofsJson(const bench::Roofs &roofs) {
  return {{"isa", roofs.isa}, {"gflops", roofs.gflops}, {"read_gbs", roofs.readGbs}};
}

} // namespace sinter::tool
