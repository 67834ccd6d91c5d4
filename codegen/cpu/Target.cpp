// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of CPU targets, and the choice among them by name or by what the host has.
#include "codegen/cpu/Target.h"

#include "sinter/abi.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace sinter::cpu {

static constexpr uint64_t v3Features = SINTER_FEATURE_AVX2 | SINTER_FEATURE_FMA | SINTER_FEATURE_BMI1 |
                                       SINTER_FEATURE_BMI2 | SINTER_FEATURE_F16C | SINTER_FEATURE_LZCNT |
                                       SINTER_FEATURE_MOVBE;
static constexpr uint64_t v4Features = v3Features | SINTER_FEATURE_AVX512F | SINTER_FEATURE_AVX512BW |
                                       SINTER_FEATURE_AVX512CD | SINTER_FEATURE_AVX512DQ | SINTER_FEATURE_AVX512VL;

ArrayRef<CpuTarget> knownTargets() {
  // 6 x 16 fills AVX2's 16 registers (12 sums, 2 of the panel, 1 broadcast); with AVX-512, 8 x 32 keeps
  // the pointers to its rows in registers, which taller tiles do not.
  static const CpuTarget table[] = {
      {"x86-64-v3", "x86-64-v3", "", v3Features, 256, 16, 32 << 10, 512 << 10, 6, 1},
      {"x86-64-v4", "x86-64-v4", "-prefer-256-bit", v4Features, 512, 32, 32 << 10, 1 << 20, 8, 2},
  };
  return table;
}

bool hostRuns(const CpuTarget &target) {
  static const struct {
    uint64_t bit;
    StringRef name;
  } names[] = {
      {SINTER_FEATURE_AVX2, "avx2"},         {SINTER_FEATURE_FMA, "fma"},
      {SINTER_FEATURE_BMI1, "bmi"},          {SINTER_FEATURE_BMI2, "bmi2"},
      {SINTER_FEATURE_F16C, "f16c"},         {SINTER_FEATURE_LZCNT, "lzcnt"},
      {SINTER_FEATURE_MOVBE, "movbe"},       {SINTER_FEATURE_AVX512F, "avx512f"},
      {SINTER_FEATURE_AVX512BW, "avx512bw"}, {SINTER_FEATURE_AVX512CD, "avx512cd"},
      {SINTER_FEATURE_AVX512DQ, "avx512dq"}, {SINTER_FEATURE_AVX512VL, "avx512vl"},
  };
  static const StringMap<bool> host = sys::getHostCPUFeatures();
  return all_of(names,
                [&](const auto &feature) { return !(target.features & feature.bit) || host.lookup(feature.name); });
}

Expected<CpuTarget> hostTarget() {
  for (const CpuTarget &target : reverse(knownTargets()))
    if (hostRuns(target))
      return target;
  return createStringError("this processor (%s) runs none of the CPU targets: it lacks AVX2 or FMA",
                           sys::getHostCPUName().str().c_str());
}

Expected<CpuTarget> findTarget(StringRef name) {
  if (name == "host")
    return hostTarget();
  std::string known = "host";
  for (const CpuTarget &target : knownTargets()) {
    if (target.name == name)
      return target;
    known += ", " + target.name;
  }
  return createStringError("unknown CPU target '" + name.str() + "'; known: " + known);
}

Expected<SmallVector<CpuTarget>> parseTargets(StringRef list) {
  StringRef names = list;
  if (!names.consume_front("cpu") || !(names.empty() || names.consume_front(":")))
    return createStringError("'" + list.str() +
                             "' is not a CPU target; write cpu, cpu:host or cpu:x86-64-v3,x86-64-v4");
  SmallVector<StringRef> parts;
  if (names.empty())
    parts.push_back("host");
  else
    names.split(parts, ',');
  SmallVector<CpuTarget> targets;
  for (StringRef part : parts) {
    Expected<CpuTarget> target = findTarget(part.trim());
    if (!target)
      return target.takeError();
    if (none_of(targets, [&](const CpuTarget &other) { return other.name == target->name; }))
      targets.push_back(std::move(*target));
  }
  sort(targets, [](const CpuTarget &a, const CpuTarget &b) { return a.features > b.features; });
  return targets;
}

} // namespace sinter::cpu
