// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the driver keeps in the cache, and by which keys. Code is keyed by the kernels themselves, as the passes leave
// them, so nobody has to know which files and flags a text depends on; weights by @prepare and the checkpoint's files.
#include "tools/sinter/DriverState.h"

#include "codegen/artifact/Store.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/format/MappedFile.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>
#include <sys/stat.h>

using namespace mlir;

namespace sinter::tool {
namespace {

/// Every attribute is part of the generic form; places are, too, where the result names them.
std::string textOf(Operation *op, bool withPlaces) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.printGenericOpForm().enableDebugInfo(withPlaces);
  op->print(stream, flags);
  return text;
}

void addTarget(CacheKeyBuilder &key, const cpu::CpuTarget &target) {
  const auto &[name, llvmCpu, llvmFeatures, features, vectorBits, vectorRegisters, l1, l2, rows, panels] = target;
  key.add(name).add(llvmCpu).add(llvmFeatures).add(features);
  for (unsigned number : {vectorBits, vectorRegisters, l1, l2, rows, panels})
    key.add(uint64_t(number));
}

/// @prepare always runs here.
bool addHost(CacheKeyBuilder &key) {
  auto host = cpu::hostTarget();
  if (!host) {
    llvm::consumeError(host.takeError());
    return false;
  }
  addTarget(key, *host);
  return true;
}

/// A file by what changes when it does; false while it may change again without that.
bool addFile(CacheKeyBuilder &key, const format::SafetensorsFile &file) {
  struct stat info;
  if (stat(file.path().c_str(), &info))
    return false;
  constexpr time_t grain = 2; // of the clocks of file systems, generously
  if (std::max(info.st_mtim.tv_sec, info.st_ctim.tv_sec) + grain > time(nullptr))
    return false;
  for (uint64_t number : {uint64_t(info.st_dev), uint64_t(info.st_ino), uint64_t(info.st_size), uint64_t(info.st_mtim.tv_sec),
                          uint64_t(info.st_mtim.tv_nsec), uint64_t(info.st_ctim.tv_sec), uint64_t(info.st_ctim.tv_nsec)})
    key.add(number);
  return true;
}

/// Which tensors feed which parameters: where their bytes lie, or the bytes, and of what type they are.
bool addBinding(CacheKeyBuilder &key, const codegen::Artifact &prepare, const frontend::WeightBinding &binding,
                const format::SafetensorsSet &checkpoint) {
  std::map<std::string, uint64_t> numbers; // of the files, whatever they are called from here
  for (const auto &file : checkpoint.files())
    numbers.try_emplace(file->path(), numbers.size());
  for (const codegen::TensorInfo &arg : prepare.functions.front().args) {
    const frontend::BoundParameter *bound = binding.find(arg.name);
    if (!bound || !bound->isBound())
      return false;
    key.add(arg.name).add(uint64_t(bound->layers.size()));
    for (const format::TensorView *tensor : bound->layers) {
      key.add(format::dtypeName(tensor->dtype)).add(tensor->byteSize);
      if (auto number = numbers.find(tensor->file); number != numbers.end())
        key.add(number->second).add(tensor->fileOffset);
      else // what an adapter brings, in memory
        key.add(std::string_view(reinterpret_cast<const char *>(tensor->data), tensor->byteSize));
    }
  }
  return true;
}

/// Every file of a folder that a tokenizer may be made of: all that are not larger than it reads, but weights. False:
/// nothing is known of them.
bool addTexts(CacheKeyBuilder &key, const std::string &folder) {
  constexpr uint64_t largest = 64u << 20;
  std::error_code failure;
  std::vector<std::string> names;
  for (const auto &item : std::filesystem::directory_iterator(folder, failure)) {
    std::string name = item.path().filename();
    std::error_code unknown;
    bool isWeights = name.find(".safetensors") != std::string::npos || name.ends_with(".bin") || name.ends_with(".npy");
    if (!isWeights && item.is_regular_file(unknown) && item.file_size(unknown) <= largest)
      names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  for (const std::string &name : names) {
    std::string bytes, error;
    if (!format::readFile(folder + "/" + name, largest, bytes, error))
      return false;
    key.add(name).add(bytes);
  }
  return !failure;
}

} // namespace

Cache *Driver::State::openCache() {
  if (std::string folder = Cache::defaultFolder(); !cache && options.mayCache && !options.noCache && !folder.empty())
    cache.emplace(folder, Cache::defaultLimit());
  return cache ? &*cache : nullptr;
}

bool Driver::State::compileTokenizer(const std::string &folder, std::vector<uint8_t> &tables, std::string &error) {
  CacheKeyBuilder builder("tokenizer");
  std::optional<CacheKey> key;
  if (openCache() && addTexts(builder, folder))
    key = builder.finish();
  if (CacheEntry entry = key ? cache->find(*key) : CacheEntry()) {
    tables.assign(entry.data(), entry.data() + entry.size());
    return true;
  }
  auto compiled = tokenizer::compileFolder(folder, error);
  if (!compiled)
    return false;
  tables.assign(compiled->blob.begin(), compiled->blob.end());
  if (key)
    cache->keep(*key, tables);
  return true;
}

FailureOr<codegen::CompiledModel> Driver::State::compile(const codegen::CompileOptions &compileOptions) {
  CacheKeyBuilder builder("code");
  if (!openCache() || !addHost(builder))
    return codegen::compileModel(*text.module, compileOptions);
  builder.add(compileOptions.model).add(uint64_t(compileOptions.targets.size()));
  for (const cpu::CpuTarget &target : compileOptions.targets)
    addTarget(builder, target);
  CacheKey key = builder.add(textOf(*text.module, /*withPlaces=*/true)).finish();
  if (CacheEntry entry = cache->find(key)) {
    std::span<const uint8_t> bytes(entry.data(), entry.size());
    auto prepare = codegen::restore(bytes), main = codegen::restore(bytes);
    if (prepare && main && bytes.empty())
      return codegen::CompiledModel{std::move(*prepare), std::move(*main)};
  }
  auto made = codegen::compileModel(*text.module, compileOptions);
  if (succeeded(made)) {
    std::vector<uint8_t> bytes;
    codegen::store(made->prepare, bytes);
    codegen::store(made->main, bytes);
    cache->keep(key, bytes);
  }
  return made;
}

bool Driver::State::findPrepared() {
  weightsKey.reset();
  func::FuncOp prepare = text.module->lookupSymbol<func::FuncOp>("prepare");
  CacheKeyBuilder builder("weights");
  if (!cache || options.noWeightsCache || options.randomWeights || !prepare || !addHost(builder))
    return false;
  builder.add(textOf(prepare, /*withPlaces=*/false));
  for (const codegen::PreparedWeight &weight : compiled.main.weights)
    builder.add(weight.name).add(weight.offset).add(weight.bytes);
  for (const auto &file : checkpoint->files())
    if (!addFile(builder, *file))
      return false;
  if (!addBinding(builder, compiled.prepare, *binding, *checkpoint))
    return false;
  weightsKey = builder.finish();
  keptWeights = cache->find(*weightsKey);
  if (!keptWeights || keptWeights.size() != compiled.main.weightBytes)
    return false;
  weights.borrow(keptWeights.data(), keptWeights.size());
  return true;
}

bool Driver::State::allocateWeights() {
  if (weightsKey)
    keptWeights = cache->draft(*weightsKey, compiled.main.weightBytes);
  if (!keptWeights)
    return weights.allocate(compiled.main.weightBytes);
  weights.borrow(keptWeights.data(), keptWeights.size());
  return true;
}

void Driver::State::keepPrepared() {
  if (keptWeights)
    cache->keep(keptWeights);
}

} // namespace sinter::tool
