// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Penalties and filters: scores as transformers makes them (goldens), partial selection against plain sorting, edges.

#include "Support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

constexpr float infinity = __builtin_inff();

std::vector<float> process(const Settings &settings, const std::vector<float> &logits, History history = {}) {
  uint32_t count = static_cast<uint32_t>(logits.size());
  OwnedWorkspace owned(count);
  std::vector<float> scores(count);
  Candidates row;
  sinter_error error = {};
  EXPECT_EQ(processScores(settings, owned.ws, logits.data(), history, scores.data(), &row, &error), SINTER_OK)
      << error.message;
  return scores;
}

Settings sampling() {
  Settings settings;
  settings.sampling = true;
  settings.maxNewTokens = 10;
  return settings;
}

std::vector<uint32_t> survivors(const std::vector<float> &scores) {
  std::vector<uint32_t> ids;
  for (uint32_t i = 0; i < scores.size(); ++i)
    if (scores[i] != -infinity)
      ids.push_back(i);
  return ids;
}

} // namespace

TEST(Filters, GoldensOfTransformers) {
  auto cases = readFilterCases();
  ASSERT_GE(cases.size(), 80u);
  for (const auto &at : cases) {
    SCOPED_TRACE(std::to_string(at->number) + ": " + at->name);
    sinter_error error = {};
    uint32_t vocabulary = static_cast<uint32_t>(at->logits.size());
    ASSERT_EQ(checkSettings(at->settings, vocabulary, &error), SINTER_OK) << error.message;
    std::vector<float> scores = process(at->settings, at->logits, historyOf(*at));
    for (uint32_t i = 0; i < vocabulary; ++i) {
      if (at->scores[i] == -infinity || scores[i] == -infinity)
        ASSERT_EQ(scores[i], at->scores[i]) << "token " << i << " of logit " << at->logits[i];
      else
        ASSERT_NEAR(scores[i], at->scores[i], 1e-6) << "token " << i;
    }
  }
}

TEST(Filters, SelectionEqualsSorting) {
  for (uint32_t count : {1u, 2u, 15u, 257u, 5000u, 20000u})
    for (float spread : {0.0f, 0.01f, 1.0f, 12.0f}) {
      std::vector<float> logits = normalRow(count, spread, count + 7);
      for (uint32_t i = 0; i < count; i += 3) // many equal ones
        logits[i] = std::round(logits[i]);
      std::vector<uint32_t> order(count);
      std::iota(order.begin(), order.end(), 0u);
      // Equal tokens: the lower id first, as top-p keeps them.
      std::sort(order.begin(), order.end(),
                [&](uint32_t a, uint32_t b) { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; });
      for (uint32_t k : {1u, 3u, 40u, 256u, 4096u, 19999u}) {
        Settings settings = sampling();
        settings.topK = k;
        float last = logits[order[std::min(k, count) - 1]];
        std::vector<float> scores = process(settings, logits);
        for (uint32_t i = 0; i < count; ++i)
          ASSERT_EQ(scores[i] != -infinity, logits[i] >= last) << count << " " << spread << " " << k << " " << i;
      }
      std::vector<double> below(count + 1, 0);
      for (uint32_t i = 0; i < count; ++i)
        below[i + 1] = below[i] + std::exp(static_cast<double>(logits[order[i]]) - logits[order[0]]);
      for (float p : {0.003f, 0.2f, 0.61f, 0.937f, 0.9991f}) {
        Settings settings = sampling();
        settings.topP = p;
        std::vector<float> scores = process(settings, logits);
        size_t kept = survivors(scores).size();
        // At most the one token on the border may fall either way by rounding.
        double target = static_cast<double>(p) * below[count], slack = 1e-5 * below[count];
        ASSERT_LT(below[kept - 1], target + slack) << count << " " << spread << " " << p;
        ASSERT_GE(below[kept], target - slack) << count << " " << spread << " " << p;
        for (size_t i = 0; i < count; ++i)
          ASSERT_EQ(scores[order[i]] != -infinity, i < kept) << count << " " << spread << " " << p;
      }
    }
}

TEST(Filters, Edges) {
  std::vector<float> logits = {0.5f, -infinity, 2.0f, 2.0f, -1.0f};
  Settings settings = sampling();
  settings.topK = 100; // more than there are
  EXPECT_EQ(survivors(process(settings, logits)), (std::vector<uint32_t>{0, 2, 3, 4}));
  settings.topK = 1; // ties stay together
  EXPECT_EQ(survivors(process(settings, logits)), (std::vector<uint32_t>{2, 3}));
  settings = sampling();
  settings.topP = 0; // the best token alone, of equals the lower id
  EXPECT_EQ(survivors(process(settings, logits)), (std::vector<uint32_t>{2}));
  settings.topP = 1;
  EXPECT_EQ(survivors(process(settings, logits)), (std::vector<uint32_t>{0, 2, 3, 4}));
  settings = sampling();
  settings.minP = 1;
  EXPECT_EQ(survivors(process(settings, logits)), (std::vector<uint32_t>{2, 3}));
  settings = sampling();
  settings.topK = 2;
  std::vector<float> zeros = {-0.0f, 0.0f, -0.0f, -1.0f}; // equal, whatever the sign
  EXPECT_EQ(survivors(process(settings, zeros)), (std::vector<uint32_t>{0, 1, 2}));
  settings = sampling();
  settings.topP = 0.5f;
  std::vector<float> huge = {3e38f, -3e38f, 3e38f};
  EXPECT_EQ(survivors(process(settings, huge)), (std::vector<uint32_t>{0}));
}

TEST(Filters, HistoryOutsideTheVocabularyChangesNothing) {
  std::vector<float> logits = {1, 2, 3};
  std::vector<int32_t> history = {-1, 7, INT32_MAX, -1, 7, INT32_MAX, -1};
  Settings settings = sampling();
  settings.repetitionPenalty = 2;
  settings.presencePenalty = 1;
  settings.frequencyPenalty = 1;
  settings.noRepeatNgram = 2;
  EXPECT_EQ(process(settings, logits, {history.data(), 7, 2}), logits);
}

TEST(Filters, Errors) {
  OwnedWorkspace owned(3);
  sinter_error error = {};
  Choice choice;
  Settings settings = sampling();
  auto run = [&](std::vector<float> logits, History history = {}) {
    return chooseToken(settings, owned.ws, {logits.data(), history, 0}, &choice, nullptr, &error);
  };
  EXPECT_EQ(run({0, __builtin_nanf(""), 1}), SINTER_NOT_FINITE);
  EXPECT_STREQ(error.message, "the logit of token 1 is NaN");
  EXPECT_EQ(run({0, 1, infinity}), SINTER_NOT_FINITE);
  EXPECT_STREQ(error.message, "the logit of token 2 is infinite");
  EXPECT_EQ(run({-infinity, -infinity, -infinity}), SINTER_NOT_FINITE);
  EXPECT_STREQ(error.message, "every logit of a row is -inf: no token is possible");
  settings.temperature = 1e-38f;
  EXPECT_EQ(run({0, 1, 20}), SINTER_NOT_FINITE);
  EXPECT_STREQ(error.message, "the scores over the temperature: a score is no longer a finite number");
  settings = sampling();
  settings.noRepeatNgram = 1;
  std::vector<int32_t> all = {0, 1, 2};
  EXPECT_EQ(run({0, 1, 2}, {all.data(), 3, 0}), SINTER_REFUSED);
  EXPECT_STREQ(error.message, "the penalties leave no token that may follow");
  EXPECT_FALSE(owned.ws.bind(owned.memory.data, owned.memory.size - 1, 3));
  EXPECT_FALSE(owned.ws.bind(nullptr, owned.memory.size, 3));
}
