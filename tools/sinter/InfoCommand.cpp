// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter info`: parameters, stored bytes, work and memory of a model, as a table or JSON.
#include "tools/sinter/Driver.h"

#include "sinter/sinter.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace sinter::tool {
namespace {

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value), out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % 3 == 0)
      out += ',';
    out += digits[i];
  }
  return out;
}

/// Weights + arena at batch 1 and the given length, of one function; -1 where the function has other symbols.
int64_t memoryOf(const codegen::Artifact &artifact, size_t function, long tokens) {
  const auto &variant = artifact.variants.front();
  int64_t arena = 0;
  for (const Dim &slot : variant.plans[function].slots) {
    auto bytes = slot.evaluate([&](std::string_view name) -> std::optional<int64_t> { return name == "B" ? 1 : tokens; });
    if (!bytes)
      return -1;
    arena += *bytes;
  }
  return int64_t(artifact.weightBytes) + arena;
}

} // namespace

int runInfo(const InfoOptions &options) {
  Driver driver(options);
  if (int code = driver.loadText(options.functions))
    return code;
  std::optional<uint64_t> stored;
  if (int code = driver.storedBytes(stored))
    return code;
  Facts facts;
  if (int code = driver.facts(options.tokens, facts))
    return code;
  if (options.functions.empty())
    if (int code = driver.deriveDecode(/*alone=*/false))
      return code;
  if (int code = driver.lower())
    return code;
  if (int code = driver.generate())
    return code;
  const codegen::Artifact &artifact = driver.artifact();
  nlohmann::ordered_json json{{"model", facts.model}, {"parameters", facts.parameters}, {"context", facts.contextTokens},
                              {"checkpoint_bytes", nullptr}, {"weights_bytes", artifact.weightBytes},
                              {"tokens", options.tokens}};
  if (stored)
    json["checkpoint_bytes"] = *stored;
  int64_t cache = driver.cacheBytesPerToken();
  if (cache)
    json["cache_bytes_per_token"] = cache;
  for (const Facts::Module &module : facts.modules)
    json["modules"][module.path] = module.parameters;
  for (size_t i = 0; i < artifact.functions.size(); ++i) {
    const std::string &name = artifact.functions[i].name;
    json["functions"][name] = {{"flops", facts.flops[name]}, {"memory_bytes", memoryOf(artifact, i, options.tokens)}};
  }
  if (options.json) {
    std::printf("%s\n", json.dump(2).c_str());
    return exitOk;
  }
  std::printf("%-28s %s\n", "model", facts.model.c_str());
  std::printf("%-28s %s\n", "parameters", grouped(facts.parameters).c_str());
  for (const Facts::Module &module : facts.modules)
    if (module.depth <= 2)
      std::printf("%*s%-*s %s\n", int(2 * module.depth), "", int(28 - 2 * module.depth), module.path.c_str(),
                  grouped(module.parameters).c_str());
  std::printf("%-28s %s\n", "weights as stored",
              stored ? (grouped(int64_t(*stored)) + " bytes").c_str() : "no checkpoint");
  std::printf("%-28s %s bytes\n", "weights in memory", grouped(int64_t(artifact.weightBytes)).c_str());
  if (facts.contextTokens)
    std::printf("%-28s %s tokens\n", "context", grouped(facts.contextTokens).c_str());
  if (cache)
    std::printf("%-28s %s bytes\n", "cache per token", grouped(cache).c_str());
  std::printf("\nat batch 1, %ld tokens\n%-28s %20s %20s\n", options.tokens, "function", "FLOPs", "weights + arena");
  for (size_t i = 0; i < artifact.functions.size(); ++i) {
    const std::string &name = artifact.functions[i].name;
    std::printf("  %-26s %20s %20s\n", name.c_str(), grouped(facts.flops[name]).c_str(),
                grouped(memoryOf(artifact, i, options.tokens)).c_str());
  }
  return exitOk;
}

} // namespace sinter::tool
