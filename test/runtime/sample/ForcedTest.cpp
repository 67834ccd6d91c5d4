// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a model's configuration forbids or demands: forced, suppressed and bad words, where and in which order.

#include "Support.h"

#include <gtest/gtest.h>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

constexpr uint32_t vocabulary = 8;
constexpr float infinity = __builtin_inff();

/// Which tokens may follow; the score of the forced one must be 0.
std::vector<int32_t> possible(const Settings &settings, const std::vector<int32_t> &history, uint32_t prompt) {
  OwnedWorkspace owned(vocabulary);
  std::vector<float> logits = {-1, 2, 3, -4, 5, 6, 7, 8}, scores(vocabulary);
  sinter_error error = {};
  EXPECT_EQ(checkSettings(settings, vocabulary, &error), SINTER_OK) << error.message;
  Candidates candidates;
  sinter_status status = processScores(settings, owned.ws, logits.data(),
                                       {history.data(), static_cast<uint32_t>(history.size()), prompt}, scores.data(),
                                       &candidates, &error);
  std::vector<int32_t> all;
  if (status != SINTER_OK)
    return all;
  for (uint32_t i = 0; i < vocabulary; ++i)
    if (scores[i] != -infinity)
      all.push_back(static_cast<int32_t>(i));
  return all;
}

Settings base() {
  Settings settings;
  settings.maxNewTokens = 4;
  return settings;
}

} // namespace

TEST(Forced, FirstAndLast) {
  Settings settings = base();
  settings.forcedFirst = 3;
  settings.forcedLast = 2;
  EXPECT_EQ(possible(settings, {7}, 1), (std::vector<int32_t>{3}));
  EXPECT_EQ(possible(settings, {7, 3}, 1).size(), vocabulary);
  EXPECT_EQ(possible(settings, {7, 3, 1, 1}, 1), (std::vector<int32_t>{2}));
  EXPECT_EQ(possible(settings, {7, 7}, 2).size(), vocabulary); // two tokens before: nothing is first
  // A minimum is below what is forced.
  const int32_t stop = 2;
  settings.stopTokens = &stop;
  settings.stopTokenCount = 1;
  settings.minNewTokens = 4;
  EXPECT_EQ(possible(settings, {7, 3, 1, 1}, 1), (std::vector<int32_t>{2}));
}

TEST(Forced, Suppressed) {
  const int32_t never[] = {5, 6}, first[] = {0};
  Settings settings = base();
  settings.suppressed = never;
  settings.suppressedCount = 2;
  settings.suppressedFirst = first;
  settings.suppressedFirstCount = 1;
  EXPECT_EQ(possible(settings, {1, 1}, 2), (std::vector<int32_t>{1, 2, 3, 4, 7}));
  EXPECT_EQ(possible(settings, {1, 1, 1}, 2), (std::vector<int32_t>{0, 1, 2, 3, 4, 7}));
  settings.forcedFirst = 4; // then the second one is the first that is chosen
  EXPECT_EQ(possible(settings, {1}, 1), (std::vector<int32_t>{4}));
  EXPECT_EQ(possible(settings, {1, 4}, 1), (std::vector<int32_t>{1, 2, 3, 4, 7}));
  settings.forcedFirst = 5; // demanded and forbidden
  EXPECT_TRUE(possible(settings, {1}, 1).empty());
}

TEST(Forced, BadWords) {
  const int32_t words[] = {1, 2, 2, 3, 4, 1, 6}, stop = 6;
  Settings settings = base();
  settings.badWords = words;
  settings.badWordsSize = 7;
  EXPECT_EQ(possible(settings, {1, 1}, 1), (std::vector<int32_t>{0, 1, 3, 4, 5, 7}));
  EXPECT_EQ(possible(settings, {1, 3}, 1), (std::vector<int32_t>{0, 1, 3, 5, 7}));
  EXPECT_EQ(possible(settings, {3}, 1), (std::vector<int32_t>{0, 1, 3, 4, 5, 7})); // longer than the history
  settings.stopTokens = &stop;
  settings.stopTokenCount = 1;
  EXPECT_EQ(possible(settings, {1, 1}, 1), (std::vector<int32_t>{0, 1, 3, 4, 5, 6, 7})); // it must be able to end
}

TEST(Forced, Refusals) {
  sinter_error error;
  Settings settings = base();
  auto says = [&](const char *message) {
    EXPECT_EQ(checkSettings(settings, vocabulary, &error), SINTER_INVALID_ARGUMENT);
    EXPECT_STREQ(error.message, message);
    settings = base();
  };
  settings.forcedFirst = 8;
  says("forced token 8 is outside the vocabulary of 8");
  settings.suppressedCount = 1;
  says("suppressed tokens are announced, but not given");
  const int32_t outside[] = {-1}, cut[] = {1, 2, 5}, none[] = {0};
  settings.suppressedFirst = outside;
  settings.suppressedFirstCount = 1;
  says("suppressed first tokens: -1 is outside the vocabulary of 8");
  settings.badWordsSize = 2;
  says("bad words are announced, but not given");
  settings.badWords = cut;
  settings.badWordsSize = 3;
  says("bad words: a sequence of 5 tokens cannot lie in the 0 that are left");
  settings.badWords = none;
  settings.badWordsSize = 1;
  says("bad words: a sequence of 0 tokens cannot lie in the 0 that are left");
}
