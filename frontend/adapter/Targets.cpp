// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "frontend/adapter/Targets.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sinter::frontend {

namespace {

/// Heads over the vocabulary, which "all-linear" leaves alone.
constexpr std::array outputHeads{"lm_head",           "lm_head.decoder",    "cls.predictions.decoder", "predictions.decoder",
                                 "generator_lm_head", "vocab_projector",    "embed_out"};
/// What PEFT adds to modules_to_save of classifiers, whichever of them the model has.
constexpr std::array usualHeads{"classifier", "score", "qa_outputs"};

template <size_t N> bool contains(const std::array<const char *, N> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> segmentsOf(std::string_view name) {
  std::vector<std::string_view> segments;
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = std::min(name.find('.', begin), name.size());
    segments.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::optional<int64_t> numberOf(std::string_view text) {
  int64_t value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return status == std::errc() && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The number of the layer that a module is in: the first one behind a name that the patterns admit.
std::optional<int64_t> layerOf(const AdapterConfig &config, std::string_view name) {
  std::vector<std::string_view> segments = segmentsOf(name);
  bool any = config.layerPatterns.empty();
  for (size_t i = any ? 2 : 1; i + 1 < segments.size(); ++i) {
    std::optional<int64_t> number = numberOf(segments[i]);
    if (!number)
      continue;
    std::string_view before = name.substr(0, segments[i].data() - name.data() - 1);
    for (const KeyPattern &pattern : config.layerPatterns)
      any |= pattern.matches(before);
    if (any)
      return number;
  }
  return std::nullopt;
}

/// The module of that name, or one inside it.
bool isWithin(std::string_view name, const std::string &module) {
  for (size_t at = 0; (at = name.find(module, at)) != std::string_view::npos; ++at) {
    size_t end = at + module.size();
    if ((at == 0 || name[at - 1] == '.') && (end == name.size() || name[end] == '.'))
      return true;
  }
  return false;
}

bool isSaved(const AdapterConfig &config, std::string_view name) {
  return std::any_of(config.saved.begin(), config.saved.end(),
                     [&](const std::string &module) { return isWithin(name, module); });
}

/// The alternative of a module's name under which the configuration means it; null if it does not.
const std::string *namedAs(const AdapterConfig &config, const ModuleSite &site) {
  for (const std::string &name : site.names) {
    if (config.excluded.match(name) || isSaved(config, name))
      return nullptr;
    if (config.allLinear) {
      bool isLinear = site.kind == ModuleSite::Kind::Linear || site.kind == ModuleSite::Kind::Conv1D;
      bool isHead = contains(outputHeads, name) || (config.classifies && (name == "score" || name == "classifier"));
      return isLinear && !isHead ? &name : nullptr;
    }
  }
  for (const std::string &name : site.names) {
    if (!config.targets.match(name))
      continue;
    if (config.layers.empty() || config.targets.pattern)
      return &name;
    std::optional<int64_t> layer = layerOf(config, name);
    if (layer && std::find(config.layers.begin(), config.layers.end(), *layer) != config.layers.end())
      return &name;
  }
  return nullptr;
}

} // namespace

bool findTargets(Adapter &adapter, const ModelSites &sites, DiagnosticEngine &diags) {
  const AdapterConfig &config = adapter.config;
  size_t before = diags.errorCount();
  for (size_t i = 0; i < sites.modules.size(); ++i) {
    const ModuleSite &site = sites.modules[i];
    const std::string *name = namedAs(config, site);
    if (!name)
      continue;
    if (site.kind == ModuleSite::Kind::Other) {
      diags.report(DiagId::AdapterTargetKind, config.spanOf("target_modules", diags), {site.path, site.what});
      continue;
    }
    AdapterTarget &target = adapter.targets.emplace_back();
    target.site = i;
    target.rank = patternValue(config.ranks, *name, config.rank);
    target.alpha = patternValue(config.alphas, *name, config.alpha);
    target.scale = target.alpha / (config.stabilized ? std::sqrt(double(target.rank)) : double(target.rank));
  }
  if (diags.errorCount() == before && adapter.targets.empty())
    diags.report(DiagId::AdapterNoTarget, config.spanOf("target_modules", diags), {"target_modules", config.folder});
  return diags.errorCount() == before;
}

bool findReplaced(const Adapter &adapter, const ModelSites &sites, std::map<std::string, bool> &replaced,
                  DiagnosticEngine &diags) {
  const AdapterConfig &config = adapter.config;
  bool ok = true;
  for (const std::string &module : config.saved) {
    bool found = false;
    for (const ParameterSite &parameter : sites.parameters) {
      bool isHere = std::any_of(parameter.names.begin(), parameter.names.end(), [&](std::string_view name) {
        size_t dot = name.rfind('.');
        return dot != std::string_view::npos && isWithin(name.substr(0, dot), module);
      });
      if (isHere)
        found = replaced[parameter.path] = true;
    }
    if (found || contains(usualHeads, module))
      continue;
    diags.report(DiagId::AdapterNoTarget, config.spanOf("modules_to_save", diags), {"modules_to_save", config.folder})
        .note("the model has no `" + module + "`");
    ok = false;
  }
  if (config.bias == AdapterConfig::Bias::All)
    for (const ParameterSite &parameter : sites.parameters)
      if (parameter.path.find("bias") != std::string::npos)
        replaced.try_emplace(parameter.path, true);
  // PEFT may store the bias of a changed layer, and the whole of a changed table.
  for (const AdapterTarget &target : adapter.targets) {
    const ModuleSite &site = sites.modules[target.site];
    if (config.bias == AdapterConfig::Bias::TargetsOnly)
      replaced.try_emplace(site.path + ".bias", true);
    if (site.kind == ModuleSite::Kind::Embedding)
      replaced.try_emplace(site.path + ".weight", false);
  }
  return ok;
}

} // namespace sinter::frontend
