// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model folder's weights: which files they are, and that the index and the
// shards tell the same story. Shard names are names of files beside the index
// and nothing else. Pickles are recognized by name only and never opened.

#include "runtime/format/Json.h"
#include "runtime/format/Safetensors.h"

#include <algorithm>
#include <cstring>

namespace sinter::format {

namespace {

constexpr uint64_t maxIndexBytes = 100'000'000;
constexpr uint64_t maxIndexNodes = 600'000;
constexpr size_t maxShards = 4096;
constexpr std::string_view indexName = "model.safetensors.index.json";

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string join(const std::string &folder, std::string_view name) {
  std::string path = folder.empty() ? "." : folder;
  if (path.back() != '/')
    path += '/';
  return path.append(name);
}

/// A plain file name: no separator, no way up, nothing hidden in it.
bool isPlainName(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && name.find('\\') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

bool isPickleName(std::string_view path) {
  for (std::string_view end : {".bin", ".pt", ".pth", ".ckpt", ".pkl"})
    if (endsWith(path, end))
      return true;
  return false;
}

std::string pickleRemedy(const std::string &path) {
  return path + ": is a pickle, which may run code when it is read, so it never is; "
                "convert it with safetensors: python3 -c \"import torch, "
                "safetensors.torch as s; s.save_file({k: v.contiguous().clone() for "
                "k, v in torch.load('pytorch_model.bin', weights_only=True).items()}, "
                "'model.safetensors')\"";
}

} // namespace

std::optional<SafetensorsSet> SafetensorsSet::open(const std::string &path, std::string &error) {
  SafetensorsSet set;
  if (!isFolder(path)) {
    if (isPickleName(path)) {
      error = pickleRemedy(path);
      return std::nullopt;
    }
    bool ok = endsWith(path, ".index.json") ? set.openIndex(path, error) : set.addFile(path, error);
    return ok ? std::optional(std::move(set)) : std::nullopt;
  }
  std::string single = join(path, "model.safetensors");
  std::string index = join(path, indexName);
  if (isRegularFile(single)) {
    if (!set.addFile(single, error))
      return std::nullopt;
    return set;
  }
  if (isRegularFile(index)) {
    if (!set.openIndex(index, error))
      return std::nullopt;
    return set;
  }
  for (std::string_view name : {"pytorch_model.bin", "pytorch_model.bin.index.json"})
    if (std::string pickle = join(path, name); isRegularFile(pickle)) {
      error = pickleRemedy(pickle);
      return std::nullopt;
    }
  error = path + ": holds neither model.safetensors nor " + std::string(indexName);
  return std::nullopt;
}

bool SafetensorsSet::addFile(const std::string &path, std::string &error) {
  std::optional<SafetensorsFile> file = SafetensorsFile::open(path, error);
  if (!file)
    return false;
  shards.push_back(std::make_unique<SafetensorsFile>(std::move(*file)));
  for (const TensorView &tensor : shards.back()->tensors()) {
    auto [at, fresh] = index.emplace(tensor.name, &tensor);
    if (!fresh) {
      error = path + ": tensor " + quoteForMessage(tensor.name) + " is in " + at->second->file + " as well";
      return false;
    }
  }
  return true;
}

bool SafetensorsSet::openIndex(const std::string &path, std::string &error) {
  auto refuse = [&](const std::string &message) {
    error = path + ": " + message;
    return false;
  };
  JsonResult json = parseJsonFile(path, {maxIndexBytes, 8, maxIndexNodes});
  if (!json.ok) {
    error = json.error;
    return false;
  }
  for (const auto &[key, value] : json.root.members())
    if (key != "metadata" && key != "weight_map")
      return refuse("unknown key " + quoteForMessage(key));
  const JsonValue *map = json.root.find("weight_map");
  if (!map || !map->isObject())
    return refuse("'weight_map' is missing or no object");
  std::vector<std::string_view> names;
  for (const auto &[tensor, shard] : map->members()) {
    if (!shard.isString() || !isPlainName(shard.asString()))
      return refuse("the shard of " + quoteForMessage(tensor) + " must be the name of a file in the same folder, not " +
                    (shard.isString() ? quoteForMessage(shard.asString()) : std::string(jsonKindName(shard.kind()))));
    if (isPickleName(shard.asString()))
      return refuse("the shard " + quoteForMessage(shard.asString()) + " is a pickle, which is never read");
    names.push_back(shard.asString());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() > maxShards)
    return refuse("names " + std::to_string(names.size()) + " shards");
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  for (std::string_view name : names)
    if (!addFile(join(folder, name), error))
      return false;
  for (const auto &[tensor, shard] : map->members()) {
    const TensorView *found = find(tensor);
    if (!found || found->file != join(folder, shard.asString()))
      return refuse("says that tensor " + quoteForMessage(tensor) + " is in " + quoteForMessage(shard.asString()) +
                    (found ? ", but it is in " + found->file : ", which does not hold it"));
  }
  // All mapped tensors were found, so a larger count means an unmapped one.
  if (index.size() != map->members().size())
    for (const auto &shard : shards)
      for (const TensorView &tensor : shard->tensors())
        if (!map->find(tensor.name))
          return refuse("'weight_map' does not name tensor " + quoteForMessage(tensor.name) + " of " + tensor.file);
  return true;
}

std::vector<std::string_view> SafetensorsSet::names() const {
  std::vector<std::string_view> out;
  out.reserve(index.size());
  for (const auto &[name, tensor] : index)
    out.push_back(name);
  std::sort(out.begin(), out.end());
  return out;
}

const TensorView *SafetensorsSet::find(std::string_view name) const {
  auto at = index.find(name);
  return at == index.end() ? nullptr : at->second;
}

uint64_t SafetensorsSet::totalBytes() const {
  uint64_t sum = 0;
  for (const auto &shard : shards)
    for (const TensorView &tensor : shard->tensors())
      sum += tensor.byteSize; // at most the sizes of the mapped files
  return sum;
}

const SafetensorsFile *SafetensorsSet::owner(const TensorView &tensor) const {
  for (const auto &shard : shards)
    if (shard->path() == tensor.file)
      return shard.get();
  return nullptr;
}

bool SafetensorsSet::read(const TensorView &tensor, uint64_t offset, void *destination, size_t count,
                          std::string &error) const {
  const SafetensorsFile *file = owner(tensor);
  if ((!file && !tensor.data) || offset > tensor.byteSize || count > tensor.byteSize - offset) {
    error = tensor.file + ": a read leaves tensor " + quoteForMessage(tensor.name);
    return false;
  }
  if (!file) { // in memory, as what an adapter brings
    std::memcpy(destination, tensor.data + offset, count);
    return true;
  }
  return file->mapping().readAt(tensor.fileOffset + offset, destination, count, error);
}

void SafetensorsSet::release(const TensorView &tensor) const {
  if (const SafetensorsFile *file = owner(tensor))
    file->mapping().release(tensor.fileOffset, tensor.byteSize);
}

} // namespace sinter::format
