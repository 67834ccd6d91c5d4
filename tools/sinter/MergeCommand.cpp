// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter merge`: a Hugging Face folder and an adapter -> a plain folder whose weights hold the change. Shards, order and
// types of the tensors stay; nothing of the folder is there before all of it is.
#include "tools/sinter/Report.h"

#include "frontend/adapter/MergedTensor.h"
#include "frontend/elaborate/OpenModel.h"
#include "runtime/format/AtomicWrite.h"

#include <nlohmann/json.hpp>

#include <cstring>
#include <filesystem>
#include <set>
#include <unistd.h>

namespace sinter::tool {
namespace {

namespace fs = std::filesystem;
using format::SafetensorsSet;
using format::TensorView;
using frontend::DiagId;
using frontend::NamedTensor;

/// What becomes of a tensor of the base; neither: it is copied.
struct Change {
  std::optional<frontend::LowRankChange> lowRank;
  const NamedTensor *replaced = nullptr;
};

class Merger {
public:
  explicit Merger(const MergeOptions &options) : options(options) {}

  int run() {
    if (options.adapters.size() != 1)
      return fail(exitUsage, "merge takes one --adapter");
    std::error_code status;
    if (fs::exists(options.output, status) && !(fs::is_directory(options.output, status) && fs::is_empty(options.output, status)))
      return fail(exitUsage, options.output + " exists: merge writes a new folder");
    frontend::FrontendOptions wanted;
    wanted.input = options.input;
    if (!options.weights.empty())
      wanted.weights = options.weights;
    wanted.model = options.model;
    wanted.sets = options.sets;
    wanted.adapters.folders = options.adapters;
    auto opened = frontend::openModel(wanted, diags);
    if (!opened)
      return report();
    if (opened->folder.empty())
      return fail(exitUsage, "parameters are needed: give --weights DIR");
    frontend::Elaborator elaborator(*opened->program, frontend::elaborateOptions(*opened, wanted), nullptr, diags);
    if (!elaborator.run())
      return report();
    std::string error;
    base = SafetensorsSet::open(opened->folder, error);
    if (!base)
      return fail(exitUserError, error);
    table = frontend::makeParameterTable(elaborator, {});
    auto binding = frontend::bindWeights(table, *base, diags);
    if (!binding || !plan(*opened->adapters, *binding))
      return report();
    return write(opened->folder);
  }

private:
  /// Prints what the frontend reported; at least one error was.
  int report() {
    std::string text = errorFormat() == ErrorFormat::Json ? diags.renderJson() : diags.render(isatty(2));
    std::fputs(text.c_str(), stderr);
    return diags.hasErrors() ? exitUserError : exitInternal;
  }

  const NamedTensor *find(const frontend::ModuleSite &site, std::initializer_list<const char *> ends) {
    for (const std::string &name : site.names)
      for (const char *end : ends)
        if (auto found = table.overlay->tensors.find(name + end); found != table.overlay->tensors.end())
          return &found->second;
    return nullptr;
  }

  bool plan(const frontend::AdapterPlan &adapters, const frontend::WeightBinding &binding) {
    std::map<std::string, const frontend::BoundParameter *> bound;
    for (const frontend::BoundParameter &parameter : binding.parameters)
      bound[parameter.entry->path] = &parameter;
    std::map<std::string, const frontend::ParameterSite *> sites;
    for (const frontend::ParameterSite &site : adapters.sites.parameters)
      sites[site.path] = &site;
    // A tensor that the file holds once cannot become two.
    auto isAlone = [&](const std::string &path) {
      for (const std::string &other : sites.count(path) ? sites[path]->tied : std::vector<std::string>())
        if (auto too = adapters.replaced.find(other); too == adapters.replaced.end()) {
          diags.report(DiagId::MergeTied, {}, {path, other});
          return false;
        }
      return true;
    };
    const frontend::Adapter &adapter = adapters.adapters.front();
    bool ok = true;
    for (const frontend::AdapterTarget &target : adapter.targets) {
      const frontend::ModuleSite &site = adapters.sites.modules[target.site];
      ok &= isAlone(site.path + ".weight");
      auto weight = bound.find(site.path + ".weight");
      const NamedTensor *down = find(site, {".lora_A.weight", ".lora_embedding_A"});
      const NamedTensor *up = find(site, {".lora_B.weight", ".lora_embedding_B"});
      const NamedTensor *lengths = find(site, {".lora_magnitude_vector", ".lora_magnitude_vector.weight"});
      if (!ok || !down || !up || weight == bound.end() || !weight->second->isBound())
        continue;
      const TensorView *tensor = weight->second->layers[0];
      Change &change = changes[tensor->name];
      change.lowRank = frontend::makeChange(site, target, *down, *up, lengths);
      if (weight->second->inMemory[0]) { // the adapter brings the table itself, too
        tensor = nullptr;
        for (const std::string &name : sites[site.path + ".weight"]->names)
          if (const TensorView *found = base->find(name))
            tensor = found;
        if (!tensor)
          continue;
        Change moved = std::move(change);
        changes.erase(weight->second->layers[0]->name);
        changes[tensor->name] = std::move(moved);
        changes[tensor->name].replaced = find(site, {".weight"});
      }
    }
    for (const auto &[path, must] : adapters.replaced) {
      auto site = sites.find(path);
      if (site == sites.end() || !must || !isAlone(path)) {
        ok &= site == sites.end() || !must;
        continue;
      }
      bool isStored = false;
      const NamedTensor *tensor = nullptr;
      for (const std::string &name : site->second->names)
        if (auto found = table.overlay->tensors.find(name); found != table.overlay->tensors.end() && !tensor)
          tensor = &found->second;
      for (const std::string &name : site->second->names)
        if (tensor && base->find(name)) {
          changes[name].replaced = tensor;
          isStored = true;
        }
      if (tensor && !isStored && site->second->tied.empty())
        added.emplace_back(site->second->names.front(), tensor);
    }
    return ok && !diags.hasErrors();
  }

  // ---- writing

  int write(const std::string &folder) {
    temporary = fs::path(options.output + ".tmp-" + std::to_string(getpid()));
    std::error_code status;
    fs::remove_all(temporary, status);
    if (!fs::create_directories(temporary, status))
      return fail(exitWorld, "cannot write " + temporary.string() + ": " + status.message());
    int code = copyOthers(folder);
    for (size_t i = 0; !code && i < base->files().size(); ++i)
      code = writeShard(*base->files()[i], i + 1 == base->files().size());
    if (!code) {
      fs::remove(options.output, status); // only an empty folder goes
      fs::rename(temporary, options.output, status);
      if (status)
        code = fail(exitWorld, "cannot write " + options.output + ": " + status.message());
    }
    if (code)
      fs::remove_all(temporary, status);
    else
      std::printf("%s: %zu tensors changed, %zu added\n", options.output.c_str(), changes.size(), added.size());
    return code;
  }

  int copyOthers(const std::string &folder) {
    std::error_code status;
    for (fs::recursive_directory_iterator at(folder, status), end; !status && at != end; at.increment(status)) {
      fs::path relative = fs::relative(at->path(), folder, status);
      std::string name = at->path().filename().string(), ending = at->path().extension().string();
      if (at->is_directory(status)) {
        if (fs::equivalent(at->path(), temporary, status) || name.starts_with("."))
          at.disable_recursion_pending();
        else
          fs::create_directories(temporary / relative, status);
      } else if (name == "model.safetensors.index.json") {
        if (int code = copyIndex(at->path()))
          return code;
      } else if (at->is_regular_file(status) && ending != ".safetensors" && ending != ".bin" && ending != ".pt") {
        fs::copy_file(at->path(), temporary / relative, status);
      }
    }
    return status ? fail(exitWorld, "cannot copy " + folder + ": " + status.message()) : int(exitOk);
  }

  int copyIndex(const fs::path &path) {
    frontend::FileId id = 0;
    if (diags.sources().addFile(path.string(), id) != frontend::SourceManager::ReadStatus::Ok)
      return fail(exitWorld, "cannot read " + path.string());
    auto index = nlohmann::ordered_json::parse(diags.sources().text(id), nullptr, /*allow_exceptions=*/false);
    if (!index.is_object() || !index.contains("weight_map"))
      return fail(exitUserError, path.string() + " is no index of shards");
    for (const auto &[name, tensor] : added) {
      index["weight_map"][name] = fs::path(base->files().back()->path()).filename().string();
      if (index.contains("metadata") && index["metadata"].contains("total_size"))
        index["metadata"]["total_size"] = index["metadata"]["total_size"].get<uint64_t>() + tensor->bytes.size();
    }
    std::string error;
    bool ok = format::writeFileAtomic((temporary / path.filename()).string(), index.dump(2) + "\n", error);
    return ok ? int(exitOk) : fail(exitWorld, error);
  }

  int writeShard(const format::SafetensorsFile &file, bool isLast) {
    nlohmann::ordered_json header;
    for (const auto &[key, value] : file.metadata())
      header["__metadata__"][key] = value;
    uint64_t end = 0;
    auto declare = [&](const std::string &name, const TensorView &tensor) {
      header[name] = {{"dtype", format::dtypeName(tensor.dtype)},
                      {"shape", tensor.dims},
                      {"data_offsets", {end, end + tensor.byteSize}}};
      end += tensor.byteSize;
    };
    for (const TensorView &tensor : file.tensors())
      declare(tensor.name, tensor);
    if (isLast)
      for (const auto &[name, tensor] : added)
        declare(name, tensor->view);
    std::string text = header.dump(), error;
    text.resize((text.size() + 7) / 8 * 8, ' ');
    uint64_t length = text.size();
    auto out = format::AtomicFile::create((temporary / fs::path(file.path()).filename()).string(), error);
    bool ok = out && out->write(&length, sizeof(length), error) && out->write(text.data(), text.size(), error);
    for (size_t i = 0; ok && i < file.tensors().size(); ++i)
      ok = writeTensor(file.tensors()[i], *out, error);
    if (isLast)
      for (size_t i = 0; ok && i < added.size(); ++i)
        ok = out->write(added[i].second->bytes.data(), added[i].second->bytes.size(), error);
    return ok && out->commit(error) ? int(exitOk) : fail(exitWorld, error);
  }

  bool writeTensor(const TensorView &tensor, format::AtomicFile &out, std::string &error) {
    auto emit = [&](const uint8_t *bytes, size_t count) { return out.write(bytes, count, error); };
    auto found = changes.find(tensor.name);
    const Change *change = found == changes.end() ? nullptr : &found->second;
    std::vector<uint8_t> replaced;
    if (change && change->replaced) {
      std::vector<float> values = frontend::toFloats(*change->replaced);
      replaced.resize(tensor.byteSize);
      frontend::storeAs(tensor.dtype, values.data(), values.size(), replaced.data());
    }
    auto read = [&](uint64_t offset, uint8_t *bytes, size_t count) {
      offset *= format::dtypeSize(tensor.dtype);
      if (replaced.empty())
        return base->read(tensor, offset, bytes, count, error);
      std::memcpy(bytes, replaced.data() + offset, count);
      return true;
    };
    bool ok = true;
    if (change && change->lowRank) {
      ok = frontend::mergeTensor(*change->lowRank, tensor.dtype, read, emit);
    } else if (!replaced.empty()) {
      ok = emit(replaced.data(), replaced.size());
    } else {
      std::vector<uint8_t> bytes(std::min<uint64_t>(tensor.byteSize, 1 << 22));
      for (uint64_t at = 0; ok && at < tensor.byteSize; at += bytes.size()) {
        size_t count = std::min<uint64_t>(bytes.size(), tensor.byteSize - at);
        ok = base->read(tensor, at, bytes.data(), count, error) && emit(bytes.data(), count);
      }
    }
    base->release(tensor);
    return ok;
  }

  const MergeOptions &options;
  frontend::DiagnosticEngine diags;
  frontend::ParameterTable table;
  std::optional<SafetensorsSet> base;
  std::map<std::string, Change> changes; ///< by the name of the base's tensor
  std::vector<std::pair<std::string, const NamedTensor *>> added;
  fs::path temporary;
};

} // namespace

int runMerge(const MergeOptions &options) { return Merger(options).run(); }

} // namespace sinter::tool
