// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws: their distribution is the golden's (chi-square, fixed seeds), and the same seed gives the same tokens whatever
// the order, the batch and the threads. Greedy choices and log-probabilities.

#include "Support.h"

#include "runtime/sample/Philox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

constexpr uint32_t draws = 20000;

std::vector<double> softmax(const std::vector<float> &scores) {
  double best = *std::max_element(scores.begin(), scores.end()), total = 0;
  std::vector<double> p;
  for (float score : scores)
    p.push_back(std::exp(score - best)), total += p.back();
  for (double &value : p)
    value /= total;
  return p;
}

/// Draws at as many positions' worth of samples; counts of each token.
std::vector<uint32_t> histogram(const FilterCase &at, uint64_t seed) {
  Settings settings = at.settings;
  settings.seed = seed;
  uint32_t count = static_cast<uint32_t>(at.logits.size());
  OwnedWorkspace owned(count);
  std::vector<uint32_t> counts(count, 0);
  sinter_error error = {};
  for (uint32_t i = 0; i < draws; ++i) {
    Choice choice;
    if (chooseToken(settings, owned.ws, {at.logits.data(), historyOf(at), i}, &choice, nullptr, &error) != SINTER_OK)
      ADD_FAILURE() << error.message;
    else
      ++counts[choice.token];
  }
  return counts;
}

/// How many standard deviations chi-square lies above its mean, after Wilson and Hilferty. Rare tokens share a bin;
/// a token of probability 0 that was drawn is infinitely wrong.
double excess(const std::vector<uint32_t> &counts, const std::vector<double> &p) {
  double chi = 0, restExpected = 0, restSeen = 0;
  int bins = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    double expected = p[i] * draws;
    if (p[i] == 0 && counts[i])
      return 1e9;
    if (expected < 5) {
      restExpected += expected, restSeen += counts[i];
      continue;
    }
    chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    ++bins;
  }
  if (restExpected >= 1) {
    chi += (restSeen - restExpected) * (restSeen - restExpected) / restExpected;
    ++bins;
  }
  if (bins < 2)
    return 0;
  double dof = bins - 1, spread = 2 / (9 * dof);
  return (std::cbrt(chi / dof) - (1 - spread)) / std::sqrt(spread);
}

} // namespace

TEST(Philox, KnownAnswers) { // Random123's kat_vectors
  Philox zero = philox({{0, 0, 0, 0}}, 0, 0);
  EXPECT_EQ(zero.word[0], 0x6627e8d5u);
  EXPECT_EQ(zero.word[1], 0xe169c58du);
  EXPECT_EQ(zero.word[2], 0xbc57ac4cu);
  EXPECT_EQ(zero.word[3], 0x9b00dbd8u);
  Philox pi = philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0);
  EXPECT_EQ(pi.word[0], 0xd16cfe09u);
  EXPECT_EQ(pi.word[1], 0x94fdccebu);
  EXPECT_EQ(pi.word[2], 0x5001e420u);
  EXPECT_EQ(pi.word[3], 0x24126ea1u);
}

TEST(Draw, DistributionsOfTransformers) {
  int tested = 0;
  for (const auto &at : readFilterCases()) {
    if (!at->settings.sampling || at->logits.size() > 100)
      continue;
    SCOPED_TRACE(std::to_string(at->number) + ": " + at->name);
    // One in 30,000 right distributions lies above 4; the seeds are fixed.
    EXPECT_LT(excess(histogram(*at, 1234 + at->number), softmax(at->scores)), 4);
    ++tested;
  }
  EXPECT_GE(tested, 60);
}

TEST(Draw, ChiSquareSeesAWrongDistribution) {
  auto cases = readFilterCases();
  const FilterCase &at = *cases[0]; // temperature 0.7
  ASSERT_EQ(at.name, "temperature=0.7 ");
  std::vector<double> right = softmax(at.scores), unscaled = softmax(at.logits), swapped = right;
  std::vector<uint32_t> counts = histogram(at, 99);
  EXPECT_LT(excess(counts, right), 4);
  EXPECT_GT(excess(counts, unscaled), 20);
  std::vector<double> ordered = right;
  std::sort(ordered.rbegin(), ordered.rend());
  std::swap(*std::find(swapped.begin(), swapped.end(), ordered[3]),
            *std::find(swapped.begin(), swapped.end(), ordered[6]));
  EXPECT_GT(excess(counts, swapped), 10);
}

TEST(Draw, ManyBlocks) {
  // A row of several blocks, most of it impossible: draws come from its two ends alone, three to one.
  FilterCase at;
  at.settings.sampling = true;
  at.settings.maxNewTokens = 1;
  at.logits.assign(1000, -__builtin_inff());
  at.logits[0] = 0;
  at.logits[999] = std::log(3.0f);
  EXPECT_LT(excess(histogram(at, 5), softmax(at.logits)), 4);
}

TEST(Draw, SameTokensInAnyOrderBatchAndThread) {
  constexpr uint32_t vocabulary = 3000, rows = 8, steps = 40;
  Settings settings;
  settings.sampling = true;
  settings.maxNewTokens = steps;
  settings.temperature = 1.2f;
  settings.topK = 500;
  settings.topP = 0.95f;
  settings.repetitionPenalty = 1.1f;
  settings.seed = 0x123456789ABCDEFull;
  // Rows 0..3 are samples of one prompt, 4..7 of another.
  auto sequence = [&](uint32_t row) {
    OwnedWorkspace owned(vocabulary);
    std::vector<int32_t> tokens = {static_cast<int32_t>(row / 4), 5};
    for (uint32_t step = 0; step < steps; ++step) {
      std::vector<float> logits = normalRow(vocabulary, 2, static_cast<uint64_t>(tokens.back()) * 100 + step + 1);
      Choice choice;
      History history{tokens.data(), static_cast<uint32_t>(tokens.size()), 2};
      EXPECT_EQ(chooseToken(settings, owned.ws, {logits.data(), history, row % 4}, &choice, nullptr, nullptr),
                SINTER_OK);
      tokens.push_back(choice.token);
    }
    return tokens;
  };
  std::vector<std::vector<int32_t>> alone(rows), together(rows);
  for (uint32_t row = rows; row-- > 0;)
    alone[row] = sequence(row);
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (uint32_t row = t; row < rows; row += 3)
        together[row] = sequence(row);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(alone, together);
  EXPECT_NE(alone[0], alone[1]); // samples differ
  // Another seed, other tokens; the same again, the same.
  settings.seed += uint64_t{1} << 40;
  EXPECT_NE(sequence(0), alone[0]);
  settings.seed -= uint64_t{1} << 40;
  EXPECT_EQ(sequence(0), alone[0]);
}

TEST(Draw, PinnedTokens) {
  // The same on every machine and C library: nothing of libm is in them.
  Settings settings;
  settings.sampling = true;
  settings.maxNewTokens = 8;
  settings.seed = 42;
  settings.topP = 0.9f;
  std::vector<float> logits(512);
  for (uint32_t i = 0; i < 512; ++i)
    logits[i] = static_cast<float>((i * 2654435761u >> 20) % 1000) / 128;
  OwnedWorkspace owned(512);
  std::vector<int32_t> tokens;
  for (uint32_t sample = 0; sample < 6; ++sample) {
    Choice choice;
    ASSERT_EQ(chooseToken(settings, owned.ws, {logits.data(), {}, sample}, &choice, nullptr, nullptr), SINTER_OK);
    tokens.push_back(choice.token);
  }
  EXPECT_EQ(tokens, (std::vector<int32_t>{235, 61, 271, 222, 370, 207}));
}

TEST(Draw, VocabularyOfOne) {
  Settings settings;
  settings.maxNewTokens = 1;
  settings.topLogProbs = 1;
  float logit = -3;
  OwnedWorkspace owned(1);
  for (bool sampling : {false, true}) {
    settings.sampling = sampling;
    ASSERT_EQ(checkSettings(settings, 1, nullptr), SINTER_OK);
    Choice choice;
    TokenLogProb top;
    ASSERT_EQ(chooseToken(settings, owned.ws, {&logit, {}, 0}, &choice, &top, nullptr), SINTER_OK);
    EXPECT_EQ(choice.token, 0);
    EXPECT_EQ(choice.logProb, 0);
    EXPECT_EQ(top.token, 0);
  }
}

TEST(Draw, GreedyAndLogProbs) {
  Settings settings;
  settings.maxNewTokens = 1;
  settings.logProbs = true;
  settings.topLogProbs = 4;
  settings.repetitionPenalty = 5; // moves the choice, not the log-probabilities
  std::vector<float> logits = {1, 4, 3, 3, -__builtin_inff(), 2.5f, 1};
  int32_t history[] = {1};
  OwnedWorkspace owned(7);
  Choice choice;
  TokenLogProb top[4];
  ASSERT_EQ(chooseToken(settings, owned.ws, {logits.data(), {history, 1, 1}, 0}, &choice, top, nullptr), SINTER_OK);
  EXPECT_EQ(choice.token, 2); // of 2 and 3 the lower
  double total = 0;
  for (float logit : logits)
    total += std::exp(static_cast<double>(logit));
  EXPECT_NEAR(choice.logProb, 3 - std::log(total), 1e-6);
  ASSERT_EQ(choice.topCount, 4u);
  const int32_t expected[] = {1, 2, 3, 5};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(top[i].token, expected[i]);
    EXPECT_NEAR(top[i].logProb, logits[expected[i]] - std::log(total), 1e-6);
  }
}
