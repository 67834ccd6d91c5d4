// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opening artifacts: the three ways, what they say about themselves, variants, and refusals with a sentence.

#include "ToyArtifact.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

std::string temporary(const char *name) { return testing::TempDir() + "sinter-" + std::to_string(getpid()) + name; }

void write(const std::string &path, const std::vector<uint8_t> &bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// The message of opening these bytes.
std::string wrong(std::vector<uint8_t> bytes, bool fix = true) {
  if (fix)
    toy::fixDigests(bytes);
  toy::Opened opened(bytes);
  EXPECT_EQ(opened.artifact == nullptr, opened.status != SINTER_OK);
  return opened.artifact ? "" : opened.error.message;
}

template <typename T> T &at(std::vector<uint8_t> &bytes, size_t offset) {
  return *reinterpret_cast<T *>(bytes.data() + offset);
}
SinterSection &section(std::vector<uint8_t> &bytes, unsigned index) {
  return at<SinterSection>(bytes, sizeof(SinterHeader) + index * sizeof(SinterSection));
}

TEST(Artifact, TellsWhatItHolds) {
  toy::Opened opened(toy::build());
  ASSERT_EQ(opened.status, SINTER_OK) << opened.error.message;
  sinter_artifact_info info;
  sinter_artifact_get_info(opened.artifact, &info);
  EXPECT_STREQ(info.model, "ToyModel");
  EXPECT_STREQ(info.variant, "x86-64-first");
  EXPECT_EQ(info.parameters, 50u);
  EXPECT_EQ(info.weights_bytes, 200u);
  EXPECT_EQ(info.functions, 5u);
  EXPECT_EQ(info.has_tokenizer, 1u);
  uint32_t function = 99;
  ASSERT_EQ(sinter_find_function(opened.artifact, "forward", &function, nullptr), SINTER_OK);
  EXPECT_EQ(function, 1u);
  sinter_function_info about;
  sinter_function_get_info(opened.artifact, function, &about);
  EXPECT_STREQ(about.name, "forward");
  EXPECT_EQ(about.arguments, 2u);
  EXPECT_EQ(about.results, 1u);
  sinter_tensor_info tensor;
  sinter_argument_get_info(opened.artifact, function, 1, &tensor);
  EXPECT_STREQ(tensor.name, "k");
  EXPECT_EQ(tensor.dtype, SINTER_DTYPE_I32);
  EXPECT_EQ(tensor.has_default, 1u);
  EXPECT_EQ(tensor.default_value, 2);
  char shape[64];
  sinter_argument_shape(opened.artifact, 4, 1, shape, sizeof(shape));
  EXPECT_STREQ(shape, "[2 * N + 1]");
  sinter_result_shape(opened.artifact, function, 0, shape, sizeof(shape));
  EXPECT_STREQ(shape, "[N, 3]");
  sinter_result_shape(opened.artifact, function, 0, shape, 4);
  EXPECT_STREQ(shape, "[N,");
  sinter_error error;
  EXPECT_EQ(sinter_find_function(opened.artifact, "loss", &function, &error), SINTER_NOT_FOUND);
  EXPECT_STREQ(error.message, "ToyModel has no function 'loss'; it has: embed, forward, count, divide, broken");
}

TEST(Artifact, OpensFromAFile) {
  std::string path = temporary("toy.bin");
  write(path, toy::build());
  sinter_artifact *artifact = nullptr;
  sinter_error error;
  ASSERT_EQ(sinter_artifact_open(path.c_str(), &artifact, &error), SINTER_OK) << error.message;
  unlink(path.c_str());
  EXPECT_EQ(sinter_artifact_verify(artifact, &error), SINTER_OK);
  // Nothing of it is writable.
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find("toy.bin") != std::string::npos) {
      EXPECT_EQ(line.find(" rw"), std::string::npos) << line;
    }
  sinter_artifact_close(artifact);
}

TEST(Artifact, FilesThatAreNone) {
  sinter_artifact *artifact = nullptr;
  sinter_error error;
  EXPECT_EQ(sinter_artifact_open("/nonexistent/x", &artifact, &error), SINTER_IO);
  EXPECT_STREQ(error.message, "/nonexistent/x: No such file or directory");
  EXPECT_EQ(sinter_artifact_open("/", &artifact, &error), SINTER_IO);
  EXPECT_STREQ(error.message, "/: not a file");
  std::string path = temporary("short.bin");
  write(path, {1, 2, 3});
  EXPECT_EQ(sinter_artifact_open(path.c_str(), &artifact, &error), SINTER_BAD_ARTIFACT);
  EXPECT_EQ(error.message, path + ": 3 bytes are too few for an artifact");
  write(path, std::vector<uint8_t>(100, 'x'));
  EXPECT_EQ(sinter_artifact_open(path.c_str(), &artifact, &error), SINTER_BAD_ARTIFACT);
  EXPECT_EQ(error.message, path + ": this is not an artifact: it does not begin with \"SINTER\"");
  unlink(path.c_str());
  EXPECT_EQ(artifact, nullptr);
}

TEST(Artifact, VerifyReadsTheWeights) {
  auto bytes = toy::build();
  bytes.back() ^= 1;
  toy::Opened opened(bytes);
  ASSERT_EQ(opened.status, SINTER_OK) << "the weights' digest is not read by opening";
  EXPECT_EQ(sinter_artifact_verify(opened.artifact, &opened.error), SINTER_BAD_ARTIFACT);
  EXPECT_STREQ(opened.error.message, "the weights do not have the digest that the artifact says");
}

TEST(Artifact, WeightsBesideIt) {
  toy::Settings settings;
  settings.weights = false;
  auto bytes = toy::build(settings);
  toy::PagedBytes weights(toy::weights());
  toy::Opened opened(bytes, weights.data(), weights.size());
  EXPECT_EQ(opened.status, SINTER_OK) << opened.error.message;
  toy::Opened twice(toy::build(), weights.data(), weights.size());
  EXPECT_EQ(twice.status, SINTER_INVALID_ARGUMENT);
  toy::Opened crooked(bytes, weights.data() + 4, 100);
  EXPECT_EQ(crooked.status, SINTER_INVALID_ARGUMENT);
  EXPECT_STREQ(crooked.error.message, "an artifact and its weights must be 64-byte aligned");
}

TEST(Artifact, PicksTheFirstVariantThatRuns) {
  toy::Settings settings;
  settings.features = uint64_t(1) << 63;
  settings.secondVariant = true;
  toy::Opened second(toy::build(settings));
  ASSERT_EQ(second.status, SINTER_OK) << second.error.message;
  sinter_artifact_info info;
  sinter_artifact_get_info(second.artifact, &info);
  EXPECT_STREQ(info.variant, "x86-64-second");
  settings.secondVariant = false;
  toy::Opened none(toy::build(settings));
  EXPECT_EQ(none.status, SINTER_UNSUPPORTED_MACHINE);
  std::string message = none.error.message;
  EXPECT_EQ(message.find("this artifact has code for x86-64-first (missing here: feature-63); this processor has"), 0u)
      << message;
}

TEST(Artifact, DigestsAreChecked) {
  auto bytes = toy::build();
  uint64_t code = section(bytes, 2).offset;
  bytes[code] ^= 64;
  EXPECT_EQ(wrong(bytes, false), "section 2, CODE, does not have the digest that its table says");
  bytes = toy::build();
  section(bytes, 0).digest ^= 1;
  EXPECT_EQ(wrong(bytes, false), "the section table does not have the digest that the header says");
}

TEST(Artifact, FramesThatAreWrong) {
  const auto good = toy::build();
  EXPECT_EQ(wrong(good), "");
  auto bytes = good;
  at<SinterHeader>(bytes, 0).version = 2;
  EXPECT_EQ(wrong(bytes), "the artifact has version 2, this runtime reads version 1");
  bytes = good;
  bytes.pop_back();
  EXPECT_NE(wrong(bytes).find("the artifact says it has"), std::string::npos);
  // Padding behind the last section is less than a page.
  for (size_t padding : {64, 4095, 4096, 100000}) {
    bytes = good;
    bytes.resize(bytes.size() + padding);
    at<SinterHeader>(bytes, 0).fileSize = bytes.size();
    EXPECT_EQ(wrong(bytes).substr(0, 16), padding < 4096 ? "" : "the last section") << padding;
  }
  bytes = good;
  at<SinterHeader>(bytes, 0).numSections = 0x10000000;
  EXPECT_NE(wrong(bytes).find("too many"), std::string::npos);
  bytes = good;
  section(bytes, 6).size = ~uint64_t(0) - 100;
  EXPECT_NE(wrong(bytes).find("section 6, WEIGHTS, reaches beyond the end"), std::string::npos);
  bytes = good;
  section(bytes, 1).offset = section(bytes, 0).offset;
  EXPECT_NE(wrong(bytes).find("section 1, STRINGS, lies at"), std::string::npos);
  bytes = good;
  section(bytes, 1).kind = SINTER_SECTION_META;
  EXPECT_EQ(wrong(bytes), "section 1, META, is there twice");
  bytes = good;
  section(bytes, 4).kind = 11;
  EXPECT_EQ(wrong(bytes), "section 4 has the unknown kind 11");
  bytes = good;
  bytes[section(bytes, 1).offset + section(bytes, 1).size - 1] = 'x';
  EXPECT_EQ(wrong(bytes), "the section STRINGS does not begin and end with a zero");
}

TEST(Artifact, ImagesThatAreWrong) {
  const auto good = toy::build();
  auto image = [](std::vector<uint8_t> &bytes) -> SinterImage & {
    return at<SinterImage>(bytes, section(bytes, 5).offset);
  };
  auto bytes = good;
  image(bytes).text = 1;
  EXPECT_EQ(wrong(bytes), "the image's code does not lie inside it");
  bytes = good;
  image(bytes).entries = 0xffffffff;
  EXPECT_NE(wrong(bytes).find("entries do not lie before its code"), std::string::npos);
  bytes = good;
  image(bytes).entries = 5;
  EXPECT_EQ(wrong(bytes), "record 0 of the plan of broken: it launches a kernel that is not there");
  bytes = good;
  reinterpret_cast<SinterImageEntry *>(&image(bytes) + 1)[2].offset = 64;
  EXPECT_EQ(wrong(bytes), "the image's entry 2 lies outside its code");
  bytes = good;
  reinterpret_cast<SinterImageEntry *>(&image(bytes) + 1)[2].name = 0xfffffff0;
  EXPECT_EQ(wrong(bytes), "the name of the image's entry 2 lies outside its names");
  bytes = good;
  image(bytes).align = 3;
  EXPECT_EQ(wrong(bytes), "the image wants an alignment of 3");
}

TEST(Artifact, PlansThatAreWrong) {
  // The records of forward: copy, repeat, repeat, launch, launch.
  const auto good = toy::build();
  auto record = [](std::vector<uint8_t> &bytes, unsigned index) -> SinterRecord & {
    uint64_t plan = section(bytes, 3).offset;
    auto *functions = &at<SinterPlanFunction>(bytes, plan + at<SinterPlan>(bytes, plan).functions.offset);
    return (&at<SinterRecord>(bytes, plan + functions[1].records.offset))[index];
  };
  auto operand = [&](std::vector<uint8_t> &bytes, unsigned index, unsigned which) -> SinterOperand & {
    return (&at<SinterOperand>(bytes, section(bytes, 3).offset + record(bytes, index).operands.offset))[which];
  };
  auto bytes = good;
  record(bytes, 1).length = 4;
  EXPECT_EQ(wrong(bytes), "record 1 of the plan of forward: a repeat reaches beyond its end");
  bytes = good;
  record(bytes, 2).length = 0xffffffff;
  EXPECT_EQ(wrong(bytes), "record 2 of the plan of forward: a repeat reaches beyond its end");
  bytes = good;
  record(bytes, 1).count = 1u << 30;
  EXPECT_EQ(wrong(bytes), "record 1 of the plan of forward: a repeat has too many iterations");
  bytes = good;
  record(bytes, 1).count = record(bytes, 2).count = 1u << 20;
  EXPECT_EQ(wrong(bytes), "record 3 of the plan of forward: the plan repeats too much");
  bytes = good;
  record(bytes, 3).kind = 4;
  EXPECT_EQ(wrong(bytes), "record 3 of the plan of forward: unknown kind");
  bytes = good;
  operand(bytes, 0, 0).space = SINTER_SPACE_WEIGHT;
  operand(bytes, 0, 0).index = 0;
  EXPECT_EQ(wrong(bytes), "record 0 of the plan of forward: a copy goes to memory that is not writable");
  bytes = good;
  operand(bytes, 4, 1).stride[0] = operand(bytes, 3, 1).stride[0];
  EXPECT_EQ(wrong(bytes), "record 4 of the plan of forward: an operand has a stride for a repeat that is not there");
  bytes = good;
  operand(bytes, 4, 0).index = 2;
  EXPECT_EQ(wrong(bytes), "record 4 of the plan of forward: an operand names no buffer");
  bytes = good;
  operand(bytes, 4, 0).offset = ~uint64_t(0);
  EXPECT_EQ(wrong(bytes), "record 4 of the plan of forward: an operand's offset is too large");
}

} // namespace
