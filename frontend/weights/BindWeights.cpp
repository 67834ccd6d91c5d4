// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The Loading rules: the first candidate present is taken, all present ones agree bit for bit, and
// every tensor of the file is claimed by a parameter or named by an `ignore`.
#include "frontend/weights/BindWeights.h"

#include "frontend/weights/Glob.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <unordered_map>

namespace sinter::frontend {

namespace {

/// Unexpected tensors named one by one before the rest is only counted.
constexpr size_t maxNamedTensors = 20;
constexpr size_t compareChunk = 1u << 20;

std::string shapeText(const std::vector<int64_t> &dims) { return fmt::format("[{}]", fmt::join(dims, ", ")); }

class Binder {
public:
  Binder(const ParameterTable &table, const format::SafetensorsSet &set, DiagnosticEngine &diags)
      : table(table), set(set), diags(diags) {}

  std::optional<WeightBinding> run() {
    size_t before = diags.errorCount();
    for (const ParameterEntry &entry : table.parameters)
      bind(entry);
    reportMissing();
    reportUnexpected();
    if (diags.errorCount() != before)
      return std::nullopt;
    return std::move(binding);
  }

private:
  struct Missing {
    const ParameterEntry *entry;
    size_t layer;
  };
  struct ActiveIgnore {
    Glob glob;
    std::vector<std::string> anchors;
  };

  void bind(const ParameterEntry &entry) {
    BoundParameter bound;
    bound.entry = &entry;
    bool whole = true;
    for (size_t layer = 0; layer < entry.candidates.size(); ++layer) {
      const format::TensorView *taken = nullptr;
      if (bool complete = true; takeOverlay(entry, layer, taken, complete)) {
        whole &= complete;
        bound.layers.push_back(taken);
        bound.inMemory.push_back(true);
        continue;
      }
      take(entry, entry.candidates[layer], taken);
      if (layer < entry.tied.size())
        for (const CandidateList &names : entry.tied[layer])
          take(entry, names, taken);
      if (!taken) {
        whole = false;
        if (entry.required)
          missing.push_back({&entry, layer});
        continue;
      }
      checkTensor(entry, *taken);
      bound.layers.push_back(taken);
      bound.inMemory.push_back(false);
    }
    if (!whole)
      bound.layers.clear();
    binding.parameters.push_back(std::move(bound));
  }

  /// True where the overlay decides; then `taken` is null and `complete` false if it lacks the tensor.
  bool takeOverlay(const ParameterEntry &entry, size_t layer, const format::TensorView *&taken, bool &complete) {
    OverlayRule rule = table.overlay && layer < entry.overlay.size() ? entry.overlay[layer] : OverlayRule::None;
    if (rule == OverlayRule::None)
      return false;
    std::vector<const CandidateList *> lists{&entry.candidates[layer]};
    if (layer < entry.tied.size())
      for (const CandidateList &names : entry.tied[layer])
        lists.push_back(&names);
    for (const CandidateList *names : lists)
      for (const std::string &name : *names)
        if (auto found = table.overlay->tensors.find(name); found != table.overlay->tensors.end()) {
          found->second.used = true;
          if (!taken)
            taken = &found->second.view;
        }
    if (!taken && rule == OverlayRule::May)
      return false;
    // What the checkpoint has under these names is replaced.
    for (const CandidateList *names : lists)
      for (const std::string &name : *names)
        if (const format::TensorView *hidden = set.find(name))
          claimed.try_emplace(hidden, &entry);
    complete = taken != nullptr;
    if (taken)
      checkTensor(entry, *taken, /*wide=*/true);
    else
      diags.report(DiagId::AdapterTensorMissing, entry.declared,
                   {table.overlay->folder, "base_model.model." + entry.candidates[layer].front()})
          .at(shapeText(entry.dims));
    return true;
  }

  /// Claims every candidate present; the first becomes `taken`, the others must equal it.
  void take(const ParameterEntry &entry, const CandidateList &names, const format::TensorView *&taken) {
    for (const std::string &name : names) {
      const format::TensorView *found = set.find(name);
      if (!found || found == taken)
        continue;
      auto [it, fresh] = claimed.try_emplace(found, &entry);
      if (!fresh && it->second != &entry)
        diags.report(DiagId::TensorClaimedTwice, entry.declared, {name})
            .at(fmt::format("as `{}`", entry.path))
            .label(it->second->declared, fmt::format("and as `{}`", it->second->path));
      if (!taken)
        taken = found;
      else if (!equal(*taken, *found))
        diags.report(DiagId::TensorsDisagree, entry.declared, {taken->name, found->name})
            .note(fmt::format("`{}` is {} {}, `{}` is {} {}", taken->name, format::dtypeName(taken->dtype),
                              shapeText(taken->dims), found->name, format::dtypeName(found->dtype),
                              shapeText(found->dims)));
    }
  }

  bool equal(const format::TensorView &a, const format::TensorView &b) {
    std::string error;
    bool same = equalTensors(set, a, b, error);
    if (!error.empty())
      diags.report(DiagId::WeightsUnreadable, {}, {error});
    return same;
  }

  /// `wide`: float64 is welcome, too.
  void checkTensor(const ParameterEntry &entry, const format::TensorView &tensor, bool wide = false) {
    bool real = tensor.dtype == format::DType::F32 || tensor.dtype == format::DType::F16 ||
                tensor.dtype == format::DType::BF16 || (wide && tensor.dtype == format::DType::F64);
    if (!real)
      diags.report(DiagId::TensorType, entry.declared, {tensor.name, format::dtypeName(tensor.dtype)});
    if (tensor.dims == entry.dims)
      return;
    Diagnostic &diag = diags.report(DiagId::TensorShape, entry.declared,
                                    {entry.path, shapeText(entry.dims), tensor.name, shapeText(tensor.dims)});
    diag.at(shapeText(entry.dims) + " here").note("in " + tensor.file);
    if (tensor.dims.size() == 2 && entry.dims.size() == 2 && tensor.dims[0] == entry.dims[1] &&
        tensor.dims[1] == entry.dims[0])
      diag.help("the file stores it transposed, as GPT-2's `Conv1D` in std/nn does");
  }

  void reportMissing() {
    std::vector<std::string> unclaimed;
    for (std::string_view name : set.names())
      if (!claimed.count(set.find(name)))
        unclaimed.emplace_back(name);
    for (const Missing &one : missing) {
      if (diags.full())
        return;
      CandidateList names = one.entry->candidates[one.layer];
      if (one.layer < one.entry->tied.size())
        for (const CandidateList &more : one.entry->tied[one.layer])
          names.insert(names.end(), more.begin(), more.end());
      std::string own = names.empty() ? one.entry->path : names.front();
      Diagnostic &diag = diags.report(DiagId::TensorMissing, one.entry->declared, {own});
      diag.at(shapeText(one.entry->dims));
      if (names.size() > 1)
        diag.note(fmt::format("it may also be called `{}`{}",
                              fmt::join(names.begin() + 1, names.begin() + std::min<size_t>(names.size(), 5), "`, `"),
                              names.size() > 5 ? " …" : ""));
      if (std::string near = diags.wantsSuggestions() ? didYouMean(own, unclaimed) : ""; !near.empty())
        diag.help(near);
    }
  }

  /// A glob holds under the alternatives of its path that were taken; where none was, under any.
  std::vector<ActiveIgnore> activeIgnores() {
    std::vector<std::string_view> taken;
    for (const auto &entry : claimed)
      taken.push_back(entry.first->name);
    std::sort(taken.begin(), taken.end());
    auto isPrefix = [&](const std::string &anchor) {
      std::string prefix = anchor + ".";
      auto it = std::lower_bound(taken.begin(), taken.end(), prefix);
      return it != taken.end() && it->substr(0, prefix.size()) == prefix;
    };
    std::vector<ActiveIgnore> result;
    for (const IgnoreEntry &entry : table.ignores) {
      std::string error;
      size_t at = 0;
      std::optional<Glob> glob = Glob::compile(entry.glob, error, at);
      if (!glob) {
        diags.report(DiagId::BadGlob, entry.span, {error});
        continue;
      }
      std::vector<std::string> anchors;
      for (const std::string &anchor : entry.anchors)
        if (!anchor.empty() && isPrefix(anchor))
          anchors.push_back(anchor);
      result.push_back({std::move(*glob), anchors.empty() ? entry.anchors : anchors});
    }
    return result;
  }

  static bool isIgnored(const std::vector<ActiveIgnore> &ignores, std::string_view name) {
    for (const ActiveIgnore &ignore : ignores)
      for (const std::string &anchor : ignore.anchors) {
        std::string_view rest = name;
        if (!anchor.empty()) {
          bool under =
              name.size() > anchor.size() && name.compare(0, anchor.size(), anchor) == 0 && name[anchor.size()] == '.';
          if (!under)
            continue;
          rest = name.substr(anchor.size() + 1);
        }
        if (ignore.glob.matches(rest))
          return true;
      }
    return false;
  }

  void reportUnexpected() {
    std::vector<ActiveIgnore> ignores = activeIgnores();
    std::vector<std::string> wanted;
    for (const Missing &one : missing)
      for (const std::string &name : one.entry->candidates[one.layer])
        if (wanted.size() < 1000)
          wanted.push_back(name);
    size_t count = 0;
    Diagnostic *last = nullptr;
    for (std::string_view name : set.names()) {
      const format::TensorView *tensor = set.find(name);
      if (claimed.count(tensor) || isIgnored(ignores, name) || ++count > maxNamedTensors)
        continue;
      last = &diags.report(DiagId::TensorUnexpected, {}, {name});
      last->note(fmt::format("{} {} in {}", format::dtypeName(tensor->dtype), shapeText(tensor->dims), tensor->file));
      if (std::string near = didYouMean(name, wanted); !near.empty())
        last->help(near);
    }
    if (count > maxNamedTensors)
      last->note(fmt::format("and {} more tensors", count - maxNamedTensors));
    if (table.overlay)
      for (const auto &[name, tensor] : table.overlay->tensors)
        if (!tensor.used)
          diags.report(DiagId::AdapterTensorUnexpected, {}, {table.overlay->folder, tensor.key})
              .note(fmt::format("{} {}", format::dtypeName(tensor.view.dtype), shapeText(tensor.view.dims)));
  }

  const ParameterTable &table;
  const format::SafetensorsSet &set;
  DiagnosticEngine &diags;
  WeightBinding binding;
  std::unordered_map<const format::TensorView *, const ParameterEntry *> claimed;
  std::vector<Missing> missing;
};

} // namespace

bool equalTensors(const format::SafetensorsSet &set, const format::TensorView &a, const format::TensorView &b,
                  std::string &error) {
  if (a.dtype != b.dtype || a.dims != b.dims)
    return false;
  std::vector<uint8_t> left(std::min<uint64_t>(compareChunk, a.byteSize)), right(left.size());
  for (uint64_t at = 0; at < a.byteSize; at += left.size()) {
    size_t count = std::min<uint64_t>(left.size(), a.byteSize - at);
    if (!set.read(a, at, left.data(), count, error) || !set.read(b, at, right.data(), count, error))
      return true;
    if (std::memcmp(left.data(), right.data(), count) != 0)
      return false;
  }
  return true;
}

const BoundParameter *WeightBinding::find(std::string_view symbol) const {
  for (const BoundParameter &parameter : parameters)
    if (parameter.entry->symbol == symbol)
      return &parameter;
  return nullptr;
}

std::optional<WeightBinding> bindWeights(const ParameterTable &table, const format::SafetensorsSet &set,
                                         DiagnosticEngine &diags) {
  return Binder(table, set, diags).run();
}

} // namespace sinter::frontend
