// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model as adapters see it, and adapters as a model sees them: a variant of its text, and tensors that
// stand before those of the checkpoint.
#include "frontend/elaborate/OpenModel.h"

namespace sinter::frontend {

namespace {

int64_t sizeOf(const Instance &instance, const char *name) {
  auto slot = instance.slots.find(name);
  const int64_t *value = slot == instance.slots.end() ? nullptr : slot->second.value.as<int64_t>();
  return value ? *value : 0;
}

ModuleSite siteOf(const Instance &instance) {
  ModuleSite site;
  site.path = instance.path;
  site.names = instance.prefixes;
  site.what = instance.what;
  const std::string &module = instance.module->name.text;
  for (const Parameter *parameter : instance.parameters)
    site.isReached |= parameter->reached || (parameter->tiedTo && parameter->tiedTo->reached);
  bool isTable = module == "Embedding";
  site.in = sizeOf(instance, isTable ? "count" : "d_in");
  site.out = sizeOf(instance, isTable ? "d" : "d_out");
  if (site.in <= 0 || site.out <= 0)
    return site;
  if (module == "Linear")
    site.kind = ModuleSite::Kind::Linear;
  else if (module == "Conv1D")
    site.kind = ModuleSite::Kind::Conv1D;
  else if (isTable)
    site.kind = ModuleSite::Kind::Embedding;
  return site;
}

} // namespace

ModelSites modelSites(const Elaborator &elaborator) {
  ModelSites sites;
  for (const Instance &instance : elaborator.instances())
    if (instance.parent && !instance.madeBy)
      sites.modules.push_back(siteOf(instance));
  for (const Parameter &parameter : elaborator.parameters()) {
    ParameterSite &site = sites.parameters.emplace_back();
    site.path = parameter.path;
    site.names = parameter.candidates;
    for (const Parameter *other : parameter.tied)
      site.tied.push_back(other->path);
    if (parameter.tiedTo)
      site.tied.push_back(parameter.tiedTo->path);
  }
  return sites;
}

bool applyAdapters(OpenedModel &opened, const FrontendOptions &options, DiagnosticEngine &diags) {
  ModelSites sites;
  {
    Elaborator base(*opened.program, elaborateOptions(opened, options), nullptr, diags);
    if (!base.run())
      return false;
    sites = modelSites(base);
  }
  opened.adapters = planAdapters(options.adapters, std::move(sites), diags);
  if (!opened.adapters)
    return false;
  // One name for all: places are part of what code is kept by.
  const Scope *scope = addText(*opened.program, "<adapter>", opened.adapters->text, diags);
  if (!scope)
    return false;
  opened.variants.push_back({scope, scope->findAs<Variant>("adapter"), nullptr});
  return true;
}

bool Elaborator::isReplaced(const Parameter &parameter) const {
  if (!options.adapters)
    return false;
  auto replaced = options.adapters->replaced.find(parameter.path);
  return replaced != options.adapters->replaced.end() && replaced->second;
}

OverlayRule Elaborator::overlayRule(const Parameter &parameter) const {
  if (!options.adapters)
    return OverlayRule::None;
  auto replaced = options.adapters->replaced.find(parameter.path);
  if (replaced != options.adapters->replaced.end())
    return replaced->second && parameter.reached ? OverlayRule::Must : OverlayRule::May;
  const Scope *own = options.variants.empty() ? nullptr : options.variants.back().scope;
  for (const Instance *at = parameter.owner; at; at = at->parent)
    if (at->madeBy && at->madeBy->scope == own)
      return parameter.reached ? OverlayRule::Must : OverlayRule::May;
  return OverlayRule::None;
}

} // namespace sinter::frontend
