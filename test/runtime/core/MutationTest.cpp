// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spoiled artifacts: every word of every table replaced by awkward numbers, random bytes changed, every length cut.
// Each opens or is refused with a sentence; those that open are asked everything and resolved for several sizes, but
// not run: code that is not ours is not called. Meant for the sanitizers too.

#include "ToyArtifact.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace {

constexpr uint64_t features = 0;

/// Asks an opened artifact everything that reads its tables.
void ask(const sinter_artifact *artifact, uint64_t *resolved) {
  sinter_artifact_info info;
  sinter_artifact_get_info(artifact, &info);
  EXPECT_LE(strlen(info.model) + strlen(info.variant), 10000u);
  sinter_session *session = nullptr;
  sinter_options options = {1, 0, 0};
  ASSERT_EQ(sinter_session_create(artifact, &options, &session, nullptr), SINTER_OK);
  for (uint32_t f = 0; f < info.functions; ++f) {
    sinter_function_info function;
    sinter_function_get_info(artifact, f, &function);
    char shape[100];
    if (function.arguments > 1000 || function.results > 1000)
      continue;
    alignas(8) static const char data[8] = {};
    for (int64_t size : {1, 3, 1000}) {
      std::vector<sinter_input> inputs(function.arguments + 1);
      std::vector<sinter_output> outputs(function.results + 1);
      for (uint32_t i = 0; i < function.arguments; ++i) {
        sinter_tensor_info tensor;
        sinter_argument_get_info(artifact, f, i, &tensor);
        sinter_argument_shape(artifact, f, i, shape, sizeof(shape));
        inputs[i] = {data, tensor.dtype, tensor.rank, {}};
        for (auto &dim : inputs[i].dims)
          dim = size;
        if (f == 1 && i == 0)
          inputs[i].dims[1] = 3;
      }
      for (uint32_t i = 0; i < function.results; ++i)
        sinter_result_shape(artifact, f, i, shape, sizeof(shape));
      sinter_error error = {};
      uint64_t working;
      sinter_status status = sinter_call_sizes(session, f, inputs.data(), outputs.data(), &working, &error);
      *resolved += status == SINTER_OK;
      EXPECT_EQ(status == SINTER_OK, error.message[0] == 0);
    }
  }
  uint64_t count;
  if (info.has_tokenizer)
    sinter_tokenize(artifact, "a b", 3, nullptr, nullptr, 0, &count, nullptr);
  sinter_generate_options defaults;
  if (sinter_generate_defaults(artifact, SINTER_AS_CONFIGURED, &defaults, nullptr) == SINTER_OK) {
    sinter_generator *generator = nullptr;
    if (sinter_generator_create(session, &generator, nullptr) == SINTER_OK) {
      // A token of no vocabulary: options and sections are read, nothing is called.
      const int32_t token = 3, outside = INT32_MAX;
      sinter_prompt prompt = {&token, 1, nullptr, 0};
      defaults.stop_tokens = &outside;
      defaults.stop_token_count = 1;
      sinter_error error = {};
      EXPECT_NE(sinter_generate(generator, &prompt, 1, &defaults, nullptr, nullptr, nullptr, &error), SINTER_OK);
    }
    sinter_generator_destroy(generator);
    sinter_chat_tokens(artifact, "[]", 2, nullptr, 0, &count, nullptr);
  }
  sinter_session_destroy(session);
}

struct Tally {
  uint64_t opened = 0, refused = 0, resolved = 0;
  void open(const std::vector<uint8_t> &bytes) {
    toy::Opened result(bytes);
    if (result.artifact) {
      ++opened;
      ask(result.artifact, &resolved);
    } else {
      ++refused;
      EXPECT_NE(result.error.message[0], 0);
      EXPECT_EQ(result.error.status, result.status);
    }
  }
};

/// Where tables are: everything before the image's code but the tokenizer, which has tests of its own.
std::vector<std::pair<uint64_t, uint64_t>> tables(const std::vector<uint8_t> &bytes) {
  SinterHeader header;
  memcpy(&header, bytes.data(), sizeof(header));
  std::vector<std::pair<uint64_t, uint64_t>> ranges = {
      {0, sizeof(header) + header.numSections * sizeof(SinterSection)}};
  for (uint32_t i = 0; i < header.numSections; ++i) {
    SinterSection section;
    memcpy(&section, bytes.data() + sizeof(header) + i * sizeof(section), sizeof(section));
    if (section.kind == SINTER_SECTION_IMAGE)
      ranges.push_back({section.offset, section.offset + 160});
    else if (section.kind != SINTER_SECTION_TOKENIZER && section.kind != SINTER_SECTION_WEIGHTS)
      ranges.push_back({section.offset, section.offset + section.size});
  }
  return ranges;
}

void everyWord(const std::vector<uint8_t> &good) {
  const uint32_t awkward[] = {0, 1, 2, 5, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0};
  Tally tally;
  uint64_t tried = 0;
  for (auto [begin, end] : tables(good))
    for (uint64_t at = begin; at + 4 <= end; at += 4) {
      uint32_t original;
      memcpy(&original, good.data() + at, 4);
      for (uint32_t value : awkward) {
        auto bytes = good;
        memcpy(bytes.data() + at, &value, 4);
        toy::fixDigests(bytes);
        tally.open(bytes);
        ++tried;
      }
      for (uint32_t delta : {1u, ~0u, 8u, 0x1000u}) {
        auto bytes = good;
        uint32_t value = original + delta;
        memcpy(bytes.data() + at, &value, 4);
        toy::fixDigests(bytes);
        tally.open(bytes);
        ++tried;
      }
    }
  EXPECT_GE(tried, 2000u);
  // Both sides were really reached.
  EXPECT_GT(tally.opened, 500u);
  EXPECT_GT(tally.refused, 1000u);
  EXPECT_GT(tally.resolved, 500u);
}

TEST(Mutation, EveryWord) { everyWord(toy::build({features, false, true, false, 0})); }
TEST(Mutation, EveryWordOfAGenerator) {
  toy::Settings settings;
  settings.generates = true;
  everyWord(toy::build(settings));
}

TEST(Mutation, RandomBytes) {
  const auto good = toy::build({features, true, true, false, 0});
  auto ranges = tables(good);
  std::mt19937 random(20240607);
  Tally tally;
  for (int i = 0; i < 3000; ++i) {
    auto bytes = good;
    for (unsigned n = random() % 4 + 1; n; --n) {
      auto [begin, end] = ranges[random() % ranges.size()];
      bytes[begin + random() % (end - begin)] ^= static_cast<uint8_t>(1u << random() % 8);
    }
    toy::fixDigests(bytes);
    tally.open(bytes);
  }
  EXPECT_GT(tally.opened, 100u);
  EXPECT_GT(tally.refused, 100u);
}

/// Without the digests put right, every change is refused.
TEST(Mutation, DigestsSeeEveryByte) {
  const auto good = toy::build({features, false, true, true, 0});
  std::mt19937 random(7);
  for (auto [begin, end] : tables(good)) {
    if (begin == 0)
      continue;
    for (int i = 0; i < 60; ++i) {
      auto bytes = good;
      bytes[begin + random() % (end - begin)] ^= static_cast<uint8_t>(1u << random() % 8);
      toy::Opened opened(bytes);
      EXPECT_EQ(opened.status, SINTER_BAD_ARTIFACT);
    }
  }
}

TEST(Mutation, EveryLength) {
  const auto good = toy::build({features, false, true, true, 0});
  for (size_t length = 0; length < good.size(); length += length < 600 ? 1 : 97) {
    std::vector<uint8_t> bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(toy::Opened(bytes).status, SINTER_BAD_ARTIFACT) << length;
    // A header that believes the cut is refused as well: a section reaches beyond the end.
    if (length >= sizeof(SinterHeader)) {
      uint64_t size = length;
      memcpy(bytes.data() + offsetof(SinterHeader, fileSize), &size, sizeof(size));
      toy::fixDigests(bytes);
      EXPECT_EQ(toy::Opened(bytes).status, SINTER_BAD_ARTIFACT) << length;
    }
  }
}

} // namespace
