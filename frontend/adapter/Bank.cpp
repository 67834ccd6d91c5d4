// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Bank.h.
#include "frontend/adapter/Bank.h"

#include <algorithm>
#include <fmt/format.h>

namespace sinter::frontend {

namespace {

/// A table of float64 zeros: a scale times a float is no float.
NamedTensor makeTable(const std::string &name, std::vector<int64_t> dims) {
  NamedTensor made;
  made.key = name;
  made.used = true;
  uint64_t count = sizeof(double);
  made.view.dtype = format::DType::F64;
  for (int64_t dim : dims)
    count *= uint64_t(dim);
  made.bytes.resize(count);
  made.view.name = name;
  made.view.dims = std::move(dims);
  made.view.byteSize = count;
  made.view.file = "the adapters";
  return made;
}

/// The adapter's tensor of a layer as floats [rows, columns]; empty after a report.
std::vector<float> take(const Adapter &adapter, NamedTensors &tensors, const ModuleSite &site, const char *end,
                        std::vector<int64_t> dims, DiagnosticEngine &diags) {
  NamedTensor *found = nullptr;
  for (const std::string &name : site.names)
    if (auto known = tensors.find(name + end); known != tensors.end() && !found)
      found = &known->second;
  if (!found && !site.isReached)
    return {};
  if (!found) {
    diags.report(DiagId::AdapterTensorMissing, {}, {adapter.config.folder, "base_model.model." + site.names[0] + end});
    return {};
  }
  found->used = true;
  bool real = found->view.dtype == format::DType::F32 || found->view.dtype == format::DType::F16 ||
              found->view.dtype == format::DType::BF16;
  if (found->view.dims != dims) {
    diags.report(DiagId::TensorShape, {},
                 {site.path + end, fmt::format("[{}]", fmt::join(dims, ", ")), found->key,
                  fmt::format("[{}]", fmt::join(found->view.dims, ", "))})
        .note("in " + found->view.file);
    return {};
  }
  if (!real) {
    diags.report(DiagId::TensorType, {}, {found->key, format::dtypeName(found->view.dtype)});
    return {};
  }
  return toFloats(*found);
}

} // namespace

bool fillBank(AdapterPlan &plan, const std::map<size_t, int64_t> &ranks, std::vector<NamedTensors> &tensors,
              DiagnosticEngine &diags) {
  size_t before = diags.errorCount();
  int64_t count = plan.slots;
  for (const auto &[number, rank] : ranks) {
    const ModuleSite &site = plan.sites.modules[number];
    NamedTensor down = makeTable(site.path + ".lora_A", {count, rank, site.in});
    NamedTensor up = makeTable(site.path + ".lora_B", {count, site.out, rank});
    for (size_t i = 0; i < plan.adapters.size(); ++i)
      for (const AdapterTarget &target : plan.adapters[i].targets) {
        if (target.site != number)
          continue;
        std::vector<float> a =
            take(plan.adapters[i], tensors[i], site, ".lora_A.weight", {target.rank, site.in}, diags);
        std::vector<float> b =
            take(plan.adapters[i], tensors[i], site, ".lora_B.weight", {site.out, target.rank}, diags);
        if (a.empty() || b.empty())
          continue;
        auto *toA = reinterpret_cast<double *>(down.bytes.data()) + int64_t(i) * rank * site.in;
        auto *toB = reinterpret_cast<double *>(up.bytes.data()) + int64_t(i) * site.out * rank;
        std::copy(a.begin(), a.end(), toA);
        for (int64_t row = 0; row < site.out; ++row)
          for (int64_t column = 0; column < target.rank; ++column)
            toB[row * rank + column] = target.scale * b[row * target.rank + column];
      }
    plan.overlay->add(std::move(down));
    plan.overlay->add(std::move(up));
  }
  for (size_t i = 0; i < tensors.size(); ++i)
    for (const auto &[name, tensor] : tensors[i])
      if (!tensor.used)
        diags.report(DiagId::AdapterTensorUnexpected, {}, {plan.adapters[i].config.folder, tensor.key});
  return diags.errorCount() == before;
}

} // namespace sinter::frontend
