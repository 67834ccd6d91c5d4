// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Profiles: every launch and copy of a call is seen, before and after, with its kernel and its place; none without one.

#include "ToyArtifact.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace {

enum Function : uint32_t { embed, forward };

class Profile : public testing::Test {
protected:
  void SetUp() override {
    opened = std::make_unique<toy::Opened>(toy::build());
    ASSERT_EQ(opened->status, SINTER_OK) << opened->error.message;
    sinter_options options = {2, 0, 0};
    ASSERT_EQ(sinter_session_create(opened->artifact, &options, &session, &error), SINTER_OK) << error.message;
  }
  void TearDown() override {
    sinter_session_destroy(session);
    session = nullptr;
    opened.reset();
  }
  void listen() {
    sinter_session_profile(
        session, [](void *user, const sinter_launch *launch) { static_cast<Profile *>(user)->seen.push_back(*launch); },
        this);
  }
  sinter_status callEmbed(int32_t id) {
    int32_t tokens[2] = {id, 1};
    sinter_input inputs[3] = {};
    inputs[0] = {tokens, SINTER_DTYPE_I32, 2, {1, 2}};
    sinter_output outputs[1] = {};
    return sinter_call(session, embed, inputs, outputs, &error);
  }
  sinter_status callForward() {
    float x[6] = {1, 2, 3, 4, 5, 6};
    sinter_input inputs[2] = {};
    inputs[0] = {x, SINTER_DTYPE_F32, 2, {2, 3}};
    sinter_output outputs[1] = {};
    return sinter_call(session, forward, inputs, outputs, &error);
  }

  std::unique_ptr<toy::Opened> opened;
  sinter_session *session = nullptr;
  sinter_error error = {};
  std::vector<sinter_launch> seen;
};

TEST_F(Profile, SeesEveryLaunchBeforeAndAfter) {
  listen();
  ASSERT_EQ(callForward(), SINTER_OK) << error.message;
  ASSERT_FALSE(seen.empty());
  ASSERT_EQ(seen.size() % 2, 0u);
  bool copies = false, launches = false;
  std::vector<unsigned> times(64);
  for (size_t i = 0; i < seen.size(); i += 2) {
    EXPECT_EQ(seen[i].done, 0u);
    EXPECT_EQ(seen[i + 1].done, 1u);
    EXPECT_EQ(seen[i].record, seen[i + 1].record);
    EXPECT_EQ(seen[i].function, uint32_t(forward));
    ASSERT_LT(seen[i].record, times.size());
    ++times[seen[i].record];
    (std::string(seen[i].kernel) == "copy" ? copies : launches) = true;
    EXPECT_NE(seen[i].site, nullptr);
  }
  EXPECT_TRUE(copies && launches);
  // Inside the repeats records come again, once an iteration.
  EXPECT_GT(*std::max_element(times.begin(), times.end()), 1u);
}

TEST_F(Profile, SeesNothingWhenItIsOff) {
  ASSERT_EQ(callForward(), SINTER_OK) << error.message;
  EXPECT_TRUE(seen.empty());
  listen();
  ASSERT_EQ(callForward(), SINTER_OK) << error.message;
  size_t once = seen.size();
  EXPECT_GT(once, 0u);
  sinter_session_profile(session, nullptr, nullptr);
  ASSERT_EQ(callForward(), SINTER_OK) << error.message;
  EXPECT_EQ(seen.size(), once);
}

TEST_F(Profile, ALaunchThatFailsIsNotDone) {
  listen();
  ASSERT_EQ(callEmbed(100), SINTER_REFUSED);
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().done, 0u);
}

} // namespace
