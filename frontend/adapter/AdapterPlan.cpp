// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See AdapterPlan.h.
#include "frontend/adapter/AdapterPlan.h"

#include "frontend/adapter/Bank.h"
#include "frontend/adapter/Targets.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace sinter::frontend {

namespace {

constexpr std::string_view keyPrefix = "base_model.model.";

/// `base_model.model.encoder.layer.0.query.base_layer.bias` -> `encoder.layer.0.query.bias`
std::optional<std::string> modelName(std::string_view key) {
  if (!key.starts_with(keyPrefix))
    return std::nullopt;
  std::string name(key.substr(keyPrefix.size()));
  if (size_t at = name.rfind(".base_layer."); at != std::string::npos)
    name.erase(at, 11);
  return name;
}

/// The tensors of one folder under the names that the model's parameters have.
bool readTensors(const AdapterConfig &config, NamedTensors &into, DiagnosticEngine &diags) {
  std::string path = config.folder + "/adapter_model.safetensors", error;
  if (access(path.c_str(), F_OK) != 0) {
    Diagnostic &report =
        diags.report(DiagId::AdapterUnreadable, {}, {config.folder, "there is no adapter_model.safetensors in it"});
    if (access((config.folder + "/adapter_model.bin").c_str(), F_OK) == 0)
      report.help("adapter_model.bin is a pickle, which may run code; save the adapter as safetensors");
    return false;
  }
  auto set = format::SafetensorsSet::open(path, error);
  if (!set) {
    diags.report(DiagId::AdapterUnreadable, {}, {config.folder, error});
    return false;
  }
  bool ok = true;
  for (std::string_view key : set->names()) {
    const format::TensorView &tensor = *set->find(key);
    std::optional<std::string> name = modelName(key);
    if (!name) {
      diags.report(DiagId::AdapterTensorUnexpected, {}, {config.folder, std::string(key)})
          .note("names begin with `base_model.model.`");
      ok = false;
      continue;
    }
    NamedTensor &held = into[*name];
    if (!held.key.empty()) {
      diags.report(DiagId::AdapterUnreadable, {},
                   {config.folder, fmt::format("`{}` and `{}` are one tensor", held.key, key)});
      ok = false;
      continue;
    }
    held.key = key;
    held.view = tensor;
    held.view.name = key;
    held.bytes.resize(tensor.byteSize);
    if (!set->read(tensor, 0, held.bytes.data(), held.bytes.size(), error)) {
      diags.report(DiagId::AdapterUnreadable, {}, {config.folder, error});
      return false;
    }
    held.view.data = held.bytes.data();
  }
  return ok;
}

/// "model.layers.3.self_attn.q_proj" -> {"model.layers.", 3, ".self_attn.q_proj"} around its first number.
struct LayerPath {
  std::string before, number, behind;
};
LayerPath splitPath(const std::string &path) {
  for (size_t begin = 0; begin < path.size();) {
    size_t end = std::min(path.find('.', begin), path.size());
    std::string segment = path.substr(begin, end - begin);
    if (end < path.size() && begin > 0 && !segment.empty() &&
        std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; }))
      return {path.substr(0, begin), segment, path.substr(end)};
    begin = end + 1;
  }
  return {path, "", ""};
}

/// One `replace` for the layers that get the same module: `replace "layer.{0,1}.query" with LoRA(8, 16.0)`.
class VariantText {
public:
  void add(const std::string &path, const std::string &module, const std::string &call) {
    LayerPath parts = splitPath(path);
    Group &group = groups[{call, parts.before, parts.behind}];
    group.numbers.push_back(parts.number);
    if (std::find(modules.begin(), modules.end(), module) == modules.end())
      modules.push_back(module);
  }
  std::string str() const {
    std::string text = fmt::format("import {} from \"lora\"\n\nvariant adapter() {{\n", fmt::join(modules, ", "));
    for (const auto &[key, group] : groups)
      for (size_t at = 0; at < group.numbers.size(); at += most) {
        std::vector<std::string> some(group.numbers.begin() + at,
                                      group.numbers.begin() + std::min(at + most, group.numbers.size()));
        std::string numbers = some.size() == 1 ? some[0] : fmt::format("{{{}}}", fmt::join(some, ","));
        text += fmt::format("  replace \"{}{}{}\" with {}\n", key[1], numbers, key[2], key[0]);
      }
    return text + "}\n";
  }

private:
  static constexpr size_t most = 100; ///< a glob has a longest length
  struct Group {
    std::vector<std::string> numbers;
  };
  std::map<std::array<std::string, 3>, Group> groups;
  std::vector<std::string> modules;
};

bool isPlainPath(const std::string &path) {
  return std::all_of(path.begin(), path.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.';
  }) && path.size() < 400;
}

/// A module of models/lora.sinter and its arguments.
std::pair<std::string, std::string> moduleFor(const AdapterConfig &config, const ModuleSite &site,
                                              const AdapterTarget &target, bool merged) {
  bool isTable = site.kind == ModuleSite::Kind::Embedding;
  std::string module = isTable ? "EmbeddingLoRA" : "LoRA";
  if (config.decomposed)
    module = isTable ? "EmbeddingDoRA" : "DoRA";
  else if (merged)
    module = "Merged" + module;
  std::string alpha = fmt::format("{}", target.alpha);
  if (alpha.find_first_of(".e") == std::string::npos)
    alpha += ".0";
  return {module, fmt::format("{}({}, {}{})", module, target.rank, alpha, config.stabilized ? ", stabilized = true" : "")};
}

bool planOne(AdapterPlan &plan, NamedTensors tensors, bool merged, DiagnosticEngine &diags) {
  const Adapter &adapter = plan.adapters.front();
  VariantText text;
  for (const AdapterTarget &target : adapter.targets) {
    const ModuleSite &site = plan.sites.modules[target.site];
    auto [module, call] = moduleFor(adapter.config, site, target, merged);
    text.add(site.path, module, call);
  }
  plan.text = text.str();
  plan.overlay->tensors = std::move(tensors);
  plan.overlay->folder = adapter.config.folder;
  return findReplaced(adapter, plan.sites, plan.replaced, diags);
}

bool planBank(AdapterPlan &plan, const AdapterRequest &request, std::vector<NamedTensors> tensors,
              DiagnosticEngine &diags) {
  size_t before = diags.errorCount();
  auto refuse = [&](const AdapterConfig &config, const char *field, const char *what) {
    diags.report(DiagId::AdapterUnsupported, config.spanOf(field, diags), {std::string(what) + " among several adapters"})
        .help("give this adapter alone");
  };
  std::map<size_t, int64_t> ranks; // of the sites that any adapter changes
  for (const Adapter &adapter : plan.adapters) {
    if (adapter.config.decomposed)
      refuse(adapter.config, "use_dora", "use_dora");
    if (!adapter.config.saved.empty())
      refuse(adapter.config, "modules_to_save", "modules_to_save");
    if (adapter.config.bias != AdapterConfig::Bias::None)
      refuse(adapter.config, "bias", "a trained bias");
    for (const AdapterTarget &target : adapter.targets) {
      ranks[target.site] = std::max({ranks[target.site], target.rank, request.bankRank});
      if (request.bankRank && target.rank > request.bankRank)
        diags.report(DiagId::AdapterField, adapter.config.spanOf("r", diags),
                     {"r", std::to_string(target.rank), "at most --adapter-rank, " + std::to_string(request.bankRank)});
      if (plan.sites.modules[target.site].kind == ModuleSite::Kind::Embedding)
        refuse(adapter.config, "target_modules", "a table of rows");
    }
  }
  plan.slots = std::max(request.bankSlots, int64_t(plan.adapters.size()));
  if (request.bankSlots && int64_t(plan.adapters.size()) > request.bankSlots)
    diags.report(DiagId::AdapterUnsupported, {},
                 {fmt::format("a bank of {} for {} adapters", request.bankSlots, plan.adapters.size())});
  if (request.merged)
    diags.report(DiagId::AdapterUnsupported, {}, {"merging a bank of adapters"}).help("give one --adapter to merge");
  if (diags.errorCount() != before)
    return false;
  VariantText text;
  for (const auto &[site, rank] : ranks)
    text.add(plan.sites.modules[site].path, "LoRABank",
             fmt::format("LoRABank({}, {})", plan.slots, rank));
  plan.text = text.str();
  return fillBank(plan, ranks, tensors, diags);
}

} // namespace

std::shared_ptr<AdapterPlan> planAdapters(const AdapterRequest &request, ModelSites sites, DiagnosticEngine &diags) {
  auto plan = std::make_shared<AdapterPlan>();
  plan->isBank = request.folders.size() > 1 || request.bankSlots > 0 || request.bankRank > 0;
  plan->sites = std::move(sites);
  plan->overlay = std::make_shared<TensorOverlay>();
  std::vector<NamedTensors> tensors;
  bool ok = true;
  for (const std::string &folder : request.folders) {
    std::optional<AdapterConfig> config = readAdapterConfig(folder, diags);
    Adapter &adapter = plan->adapters.emplace_back();
    tensors.emplace_back();
    if (!config) {
      ok = false;
      continue;
    }
    adapter.config = std::move(*config);
    ok = findTargets(adapter, plan->sites, diags) && readTensors(adapter.config, tensors.back(), diags) && ok;
    for (const AdapterTarget &target : adapter.targets)
      if (const std::string &path = plan->sites.modules[target.site].path; !isPlainPath(path)) {
        diags.report(DiagId::AdapterUnsupported, {}, {"a module that is called `" + path + "`"});
        ok = false;
      }
  }
  if (!ok)
    return nullptr;
  ok = plan->isBank ? planBank(*plan, request, std::move(tensors), diags)
                    : planOne(*plan, std::move(tensors.front()), request.merged, diags);
  return ok ? plan : nullptr;
}

} // namespace sinter::frontend
