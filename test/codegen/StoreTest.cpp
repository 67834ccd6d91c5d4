// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a cache keeps of an artifact: everything, and damaged bytes are refused or read as another artifact, never worse.
#include "codegen/artifact/Store.h"

#include <gtest/gtest.h>

namespace sinter::codegen {
namespace {

Artifact example() {
  Dim tokens = Dim::symbol("T"), rows = Dim::symbol("B");
  Artifact artifact;
  artifact.model = "Toy";
  FunctionInfo function;
  function.name = "forward";
  function.causal = "T";
  function.symbols = {"B", "T"};
  function.args.push_back({"tokens", SINTER_I32, {rows, tokens}, std::nullopt, SINTER_STATE_NONE});
  function.args.push_back({"mask", SINTER_I32, {rows, tokens}, 1.0, SINTER_STATE_PAGED});
  function.results.push_back({"logits", SINTER_F32, {rows, tokens, Dim(7)}, std::nullopt, SINTER_STATE_NONE});
  function.checks.push_back({tokens, Dim(16), SINTER_LE, "{0} tokens", {tokens}, "toy.sinter:1:2"});
  artifact.functions.push_back(function);
  Variant variant;
  variant.name = "x86-64-v3";
  variant.features = SINTER_FEATURE_AVX2;
  Record record;
  record.entry = 3;
  record.operands.push_back({SINTER_SPACE_ARENA, 1, 64, Dim::ceilDiv(tokens, 16) * rows, {Dim(4), Dim::min(tokens, Dim(9))}});
  record.grid = rows * tokens;
  record.count = 12;
  record.length = 2;
  record.site = "toy.sinter:3:4";
  record.cost = {rows, tokens, Dim(5), {"toy.sinter:3"}, {"h.weight"}, {true, false}, 1};
  variant.plans.push_back({{record, Record()}, {rows * tokens * Dim(4)}});
  variant.entries = {"contract_0", ""};
  variant.image = {'c', '\0', 'd'};
  artifact.variants.push_back(variant);
  artifact.constants = {1, 2, 3};
  artifact.tokenizer = {4};
  artifact.generation = {5, 6};
  artifact.weights.push_back({"h.weight", 128, 64});
  artifact.weightBytes = 192;
  artifact.contextTokens = 16;
  artifact.embedTokens = 8;
  artifact.parameters = 123456789012;
  return artifact;
}

std::vector<uint8_t> bytesOf(const Artifact &artifact) {
  std::vector<uint8_t> bytes;
  store(artifact, bytes);
  return bytes;
}

TEST(Store, KeepsEverything) {
  Artifact artifact = example();
  std::vector<uint8_t> bytes = bytesOf(artifact);
  std::span<const uint8_t> left = bytes;
  auto back = restore(left);
  ASSERT_TRUE(back);
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(bytesOf(*back), bytes);
  const Record &record = back->variants[0].plans[0].records[0];
  EXPECT_EQ(record.operands[0].strides[1], Dim::min(Dim::symbol("T"), Dim(9)));
  EXPECT_EQ(record.cost.lines, std::vector<std::string>{"toy.sinter:3"});
  EXPECT_EQ(record.cost.floats, (std::vector<bool>{true, false}));
  EXPECT_EQ(back->functions[0].args[1].defaultValue, 1.0);
  EXPECT_EQ(back->functions[0].args[1].state, uint32_t(SINTER_STATE_PAGED));
  EXPECT_EQ(back->parameters, 123456789012u);
  EXPECT_EQ(serialize(*back, 0), serialize(artifact, 0));
}

TEST(Store, SeveralInARow) {
  std::vector<uint8_t> bytes = bytesOf(example());
  store(Artifact(), bytes);
  std::span<const uint8_t> left = bytes;
  EXPECT_TRUE(restore(left));
  auto second = restore(left);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->model.empty() && left.empty());
  EXPECT_FALSE(restore(left));
}

TEST(Store, DamagedBytesAreRefusedOrReadAsWhatTheySay) {
  const std::vector<uint8_t> bytes = bytesOf(example());
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    std::span<const uint8_t> left(bytes.data(), cut);
    EXPECT_FALSE(restore(left)) << cut;
  }
  for (size_t at = 0; at < bytes.size(); ++at)
    for (uint8_t flip : {0x01, 0x80, 0xff}) {
      std::vector<uint8_t> damaged = bytes;
      damaged[at] ^= flip;
      std::span<const uint8_t> left = damaged;
      restore(left);
    }
}

} // namespace
} // namespace sinter::codegen
