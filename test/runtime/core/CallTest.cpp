// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls: results, shapes and their refusals, defaults, conditions, where results lie, ranges, numbers that are not.

#include "ToyArtifact.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

namespace {

enum Function : uint32_t { embed, forward, count, divide, broken };

class Call : public testing::Test {
protected:
  void SetUp() override { open(toy::build()); }
  void open(const std::vector<uint8_t> &bytes, sinter_options options = {1, 0, 0}) {
    TearDown();
    opened = std::make_unique<toy::Opened>(bytes);
    ASSERT_EQ(opened->status, SINTER_OK) << opened->error.message;
    ASSERT_EQ(sinter_session_create(opened->artifact, &options, &session, &error), SINTER_OK) << error.message;
  }
  void TearDown() override {
    sinter_session_destroy(session);
    session = nullptr;
    opened.reset();
  }
  /// The status's message, "" for success.
  std::string call(uint32_t function) {
    std::string before = error.message;
    return sinter_call(session, function, inputs, outputs, &error) == SINTER_OK ? "" : error.message;
  }
  static sinter_input ints(const std::vector<int32_t> &values, std::initializer_list<int64_t> dims) {
    return input(values.data(), SINTER_DTYPE_I32, dims);
  }
  static sinter_input floats(const std::vector<float> &values, std::initializer_list<int64_t> dims) {
    return input(values.data(), SINTER_DTYPE_F32, dims);
  }
  static sinter_input input(const void *data, sinter_dtype dtype, std::initializer_list<int64_t> dims) {
    sinter_input made = {data, dtype, static_cast<uint32_t>(dims.size()), {}};
    std::copy(dims.begin(), dims.end(), made.dims);
    return made;
  }
  std::vector<float> result() const {
    const auto *from = static_cast<const float *>(outputs[0].data);
    return std::vector<float>(from, from + outputs[0].bytes / 4);
  }

  std::unique_ptr<toy::Opened> opened;
  sinter_session *session = nullptr;
  sinter_input inputs[4] = {};
  sinter_output outputs[2] = {};
  sinter_error error = {};
  std::vector<int32_t> tokens = {1, 2, 3, 7, 0, 1};
};

TEST_F(Call, ComputesAndReportsShapes) {
  inputs[0] = ints(tokens, {2, 3});
  ASSERT_EQ(call(embed), "");
  EXPECT_EQ(outputs[0].rank, 2u);
  EXPECT_EQ(outputs[0].dims[0], 2);
  EXPECT_EQ(outputs[0].dims[1], 4);
  EXPECT_EQ(outputs[0].dtype, SINTER_DTYPE_F32);
  EXPECT_EQ(result(), (std::vector<float>{60, 63, 66, 69, 80, 83, 86, 89}));
  std::vector<int32_t> mask = {1, 0, 0, 0, 0, 0};
  inputs[1] = ints(mask, {2, 3});
  outputs[0] = {};
  ASSERT_EQ(call(embed), "");
  EXPECT_EQ(result(), (std::vector<float>{10, 11, 12, 13, 0, 0, 0, 0}));
}

TEST_F(Call, WalksCopiesRepeatsAndStrides) {
  // Some with a copy of the weights.
  for (uint32_t threads : {1u, 2u, 5u}) {
    open(toy::build(), {threads, 0, threads == 2});
    for (int64_t n : {1, 2, 7, 64}) {
      std::vector<float> x;
      std::vector<int32_t> k;
      std::vector<float> expected, expectedDefault;
      for (int64_t i = 0; i < 3 * n; ++i) {
        x.push_back(static_cast<float>(i));
        k.resize(static_cast<size_t>(n), 3);
        expected.push_back((static_cast<float>(i) + 15) * 3);
        expectedDefault.push_back((static_cast<float>(i) + 15) * 2);
      }
      inputs[0] = floats(x, {n, 3});
      inputs[1] = {};
      outputs[0] = {};
      ASSERT_EQ(call(forward), "");
      EXPECT_EQ(result(), expectedDefault);
      inputs[1] = ints(k, {n});
      outputs[0] = {};
      ASSERT_EQ(call(forward), "");
      EXPECT_EQ(result(), expected);
    }
  }
}

TEST_F(Call, ResultsInTheCallersMemory) {
  std::vector<int32_t> x = {1, 2, 3}, c(5, -9);
  inputs[0] = ints(x, {3});
  outputs[0] = {c.data(), 12, SINTER_DTYPE_F32, 0, {}};
  ASSERT_EQ(call(count), "");
  EXPECT_EQ(c, (std::vector<int32_t>{2, 3, 4, -9, -9}));
  EXPECT_EQ(outputs[0].data, c.data());
  EXPECT_EQ(outputs[0].bytes, 12u);
  outputs[0].bytes = 11;
  EXPECT_EQ(call(count), "result 'c' has 12 bytes, but the memory given for it only 11");
  EXPECT_EQ(error.status, SINTER_INVALID_ARGUMENT);
  outputs[0] = {reinterpret_cast<char *>(c.data()) + 1, 16, SINTER_DTYPE_F32, 0, {}};
  EXPECT_EQ(call(count), "the memory given for result 'c' is not aligned");
}

TEST_F(Call, SizesWithoutRunning) {
  std::vector<float> x(3);
  inputs[0] = floats(x, {1000000, 3}); // the data is not read
  uint64_t working = 0;
  ASSERT_EQ(sinter_call_sizes(session, forward, inputs, outputs, &working, &error), SINTER_OK) << error.message;
  EXPECT_EQ(outputs[0].bytes, 12000000u);
  EXPECT_EQ(outputs[0].dims[0], 1000000);
  EXPECT_EQ(working, 12000000u + 128);
}

TEST_F(Call, ShapesThatDoNotFit) {
  EXPECT_EQ(call(embed), "argument 'tokens': i32 [B, T] is not given, and it has no default");
  inputs[0] = floats(std::vector<float>(6), {2, 3});
  EXPECT_EQ(call(embed), "argument 'tokens' is i32, not f32");
  uint32_t none = 77; // as a program in C could say
  memcpy(&inputs[0].dtype, &none, sizeof(none));
  EXPECT_EQ(call(embed), "argument 'tokens' is i32, not ?");
  inputs[0] = ints(tokens, {6});
  EXPECT_EQ(call(embed), "argument 'tokens' has the shape [B, T]: 2 axes, not 1");
  inputs[0] = ints(tokens, {2, 0});
  EXPECT_EQ(call(embed), "argument 'tokens' has the shape [2, 0]: every size must be at least 1");
  inputs[0] = ints(tokens, {2, -3});
  EXPECT_EQ(call(embed), "argument 'tokens' has the shape [2, -3]: every size must be at least 1");
  inputs[0] = ints(tokens, {2, 3});
  inputs[1] = ints(tokens, {2, 2});
  EXPECT_EQ(call(embed), "argument 'mask' has the shape [2, 2], but its axis 1 must be T = 3 (B is axis 0 of 'tokens', "
                         "T is axis 1 of 'tokens')");
  inputs[1] = {};
  inputs[0].data = reinterpret_cast<const char *>(tokens.data()) + 1;
  EXPECT_EQ(call(embed), "argument 'tokens' is not aligned to its elements");
  std::vector<float> x(8);
  inputs[0] = floats(x, {2, 4});
  EXPECT_EQ(call(forward), "argument 'x' has the shape [2, 4], but its axis 1 must be 3 = 3 (N is axis 0 of 'x')");
  EXPECT_EQ(call(17), "there is no function 17, only 5 of them");
  // The session is still good.
  inputs[0] = ints(tokens, {2, 3});
  EXPECT_EQ(call(embed), "");
}

TEST_F(Call, SizesThatOverflow) {
  float x = 0;
  inputs[0] = input(&x, SINTER_DTYPE_F32, {INT64_MAX / 4, 3});
  EXPECT_EQ(call(forward), "'x', of shape [N, 3], is too large for any memory");
  inputs[0] = input(&x, SINTER_DTYPE_F32, {INT64_MAX / 16, 3});
  EXPECT_NE(call(forward), "");
  inputs[0] = input(&x, SINTER_DTYPE_F32, {int64_t(1) << 58, 3});
  EXPECT_EQ(call(forward), "toy.sinter:9:3: the number of work items is out of range for these sizes");
}

TEST_F(Call, ConditionsOfTheText) {
  inputs[0] = ints(tokens, {1, 6});
  EXPECT_EQ(call(embed), "toy.sinter:3:5: 6 tokens, but this model has 5 positions");
  EXPECT_EQ(error.status, SINTER_REFUSED);
}

TEST_F(Call, IndexOutOfRangeNamesItsPlace) {
  for (int32_t bad : {8, -1, INT32_MIN, INT32_MAX}) {
    tokens[4] = bad;
    for (uint32_t threads : {1u, 2u}) {
      open(toy::build(), {threads, 0, 0});
      inputs[0] = ints(tokens, {2, 3});
      EXPECT_EQ(call(embed), "toy.sinter:4:7: an index is out of range (a token id, a position or an adapter beyond its table)");
      EXPECT_EQ(error.status, SINTER_REFUSED);
    }
  }
}

TEST_F(Call, BoolsAndUnknownStatuses) {
  std::vector<int32_t> x = {1};
  uint8_t flags[] = {0, 1, 1};
  inputs[0] = ints(x, {1});
  inputs[1] = input(flags, SINTER_DTYPE_BOOL, {3});
  EXPECT_EQ(call(broken), "toy.sinter:20:1: a kernel failed with the unknown status 77");
  flags[2] = 2;
  EXPECT_EQ(call(broken), "argument 'flag' is bool, but its element 2 is 2");
  inputs[1] = input(flags, SINTER_DTYPE_BOOL, {2});
  EXPECT_EQ(call(broken),
            "argument 'flag' has the shape [2], but its axis 0 must be 2 * N + 1 = 3 (N is axis 0 of 'x')");
}

TEST_F(Call, NumbersThatAreNotFinite) {
  std::vector<float> x = {1, 2, 0, 3};
  inputs[0] = floats(x, {4});
  EXPECT_EQ(call(divide), "result 'y' is NaN at [2]");
  EXPECT_EQ(error.status, SINTER_NOT_FINITE);
  open(toy::build(), {1, 1, 0});
  ASSERT_EQ(call(divide), "");
  EXPECT_TRUE(std::isnan(result()[2]));
}

TEST_F(Call, OneNumberAmongManyIsNotFinite) {
  for (size_t at : {0, 63, 64, 130, 199}) {
    std::vector<float> x(200, 1.0f);
    x[at] = 0;
    inputs[0] = floats(x, {200});
    EXPECT_EQ(call(divide), "result 'y' is NaN at [" + std::to_string(at) + "]");
  }
}

TEST_F(Call, WeightsThatAreMissing) {
  toy::Settings settings;
  settings.weights = false;
  open(toy::build(settings));
  inputs[0] = ints(tokens, {2, 3});
  EXPECT_EQ(call(embed), "this artifact was opened without the weights that it needs");
  EXPECT_EQ(call(count), "argument 'x' has the shape [N]: 1 axes, not 2");
  inputs[0] = ints(tokens, {6});
  EXPECT_EQ(call(count), "");
}

/// An operand that leaves its space is refused before anything runs, whatever iteration it is in.
TEST_F(Call, RangesAreProvedForEveryIteration) {
  auto bytes = toy::build();
  auto &section = reinterpret_cast<SinterSection *>(bytes.data() + sizeof(SinterHeader))[6];
  ASSERT_EQ(section.kind, static_cast<uint32_t>(SINTER_SECTION_WEIGHTS));
  section.size -= 4; // the last iteration's row ends 4 bytes behind the weights
  bytes.resize(bytes.size() - 4);
  reinterpret_cast<SinterHeader *>(bytes.data())->fileSize = bytes.size();
  toy::fixDigests(bytes);
  open(bytes);
  std::vector<float> x(3);
  inputs[0] = floats(x, {1, 3});
  EXPECT_EQ(call(forward), "toy.sinter:9:3: an operand reaches outside its buffer for these sizes");
  EXPECT_EQ(error.status, SINTER_BAD_ARTIFACT);
}

TEST_F(Call, NullsAreRefused) {
  EXPECT_EQ(sinter_call(nullptr, 0, inputs, outputs, nullptr), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(sinter_call(session, 0, nullptr, outputs, nullptr), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(sinter_call(session, 0, inputs, nullptr, nullptr), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(sinter_session_create(nullptr, nullptr, &session, nullptr), SINTER_INVALID_ARGUMENT);
  sinter_session_destroy(nullptr);
  sinter_artifact_close(nullptr);
}

} // namespace
