// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which settings are refused, with which sentence, and which are not.

#include "runtime/sample/Settings.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

using namespace sinter::sample;

namespace {

std::string check(const std::function<void(Settings &)> &change, uint32_t vocabulary = 100) {
  Settings settings;
  settings.maxNewTokens = 20;
  change(settings);
  sinter_error error = {};
  sinter_status status = checkSettings(settings, vocabulary, &error);
  EXPECT_EQ(status == SINTER_OK, error.message[0] == 0);
  EXPECT_TRUE(status == SINTER_OK || status == SINTER_INVALID_ARGUMENT);
  return error.message;
}

const int32_t stops[] = {5, 99, 100};

} // namespace

TEST(Settings, WhatWorks) {
  EXPECT_EQ(check([](Settings &) {}), "");
  EXPECT_EQ(check([](Settings &s) {
              s.sampling = true, s.temperature = 0.7f, s.topK = 1000, s.topP = 0, s.minP = 1, s.epsilonCutoff = 0.1f;
              s.etaCutoff = 0.1f, s.repetitionPenalty = 1.1f, s.presencePenalty = -1, s.frequencyPenalty = 2;
              s.noRepeatNgram = 3, s.minNewTokens = 20, s.samples = 8, s.topLogProbs = 100, s.logProbs = true;
              s.stopTokens = stops, s.stopTokenCount = 2;
            }),
            "");
  EXPECT_EQ(check([](Settings &s) {
              s.beams = 4, s.returned = 4, s.lengthPenalty = -1, s.earlyStopping = EarlyStopping::Never;
              s.repetitionPenalty = 1.1f, s.noRepeatNgram = 2, s.logProbs = true, s.minNewTokens = 2;
            }),
            "");
  static const StopString text = {"\n", 1};
  EXPECT_EQ(check([](Settings &s) { s.stopStrings = &text, s.stopStringCount = 1, s.beams = 2; }), "");
}

TEST(Settings, WhatIsRefused) {
  const float nan = __builtin_nanf(""), inf = __builtin_inff();
  using S = Settings;
  struct {
    std::function<void(S &)> change;
    const char *message;
  } cases[] = {
      {[](S &s) { s.sampling = true, s.temperature = 0; },
       "temperature 0 is no distribution; for the best token at each step, turn sampling off"},
      {[](S &s) { s.sampling = true, s.temperature = -1; }, "temperature is -1; it must be above 0"},
      {[=](S &s) { s.sampling = true, s.temperature = nan; }, "temperature is nan; it must be above 0"},
      {[](S &s) { s.sampling = true, s.topP = 1.5f; }, "top-p is 1.5; it must lie in 0 .. 1"},
      {[=](S &s) { s.sampling = true, s.topP = nan; }, "top-p is nan; it must lie in 0 .. 1"},
      {[](S &s) { s.sampling = true, s.minP = -0.5f; }, "min-p is -0.5; it must lie in 0 .. 1"},
      {[](S &s) { s.sampling = true, s.epsilonCutoff = 1; },
       "the epsilon cutoff is 1; it must be at least 0 and below 1"},
      {[](S &s) { s.sampling = true, s.etaCutoff = 2; }, "the eta cutoff is 2; it must be at least 0 and below 1"},
      {[](S &s) { s.temperature = 0.5f; },
       "temperature changes nothing without sampling: turn sampling on or leave it out"},
      {[](S &s) { s.topK = 5; }, "top-k changes nothing without sampling: turn sampling on or leave it out"},
      {[](S &s) { s.topP = 0.5f; }, "top-p changes nothing without sampling: turn sampling on or leave it out"},
      {[](S &s) { s.samples = 3; }, "3 samples would all be the same without sampling"},
      {[](S &s) { s.samples = 0; }, "0 samples of each prompt were asked for; it must be 1 .. 4096"},
      {[](S &s) { s.repetitionPenalty = 0; }, "the repetition penalty is 0; it must be above 0 (1: none)"},
      {[=](S &s) { s.presencePenalty = inf; }, "the presence penalty is not a finite number"},
      {[=](S &s) { s.frequencyPenalty = nan; }, "the frequency penalty is not a finite number"},
      {[](S &s) { s.maxNewTokens = 0; }, "at most 0 new tokens were asked for; it must be 1 .. 16777216"},
      {[](S &s) { s.minNewTokens = 21; }, "at least 21 new tokens and at most 20 cannot both hold"},
      {[](S &s) { s.stopTokens = stops, s.stopTokenCount = 3; }, "stop token 100 is outside the vocabulary of 100"},
      {[](S &s) { s.stopTokens = stops, s.stopTokenCount = 65; }, "65 stop tokens were given; at most 64 are possible"},
      {[](S &s) {
         static const StopString empty;
         s.stopStrings = &empty, s.stopStringCount = 1;
       },
       "stop string 1 is empty"},
      {[](S &s) {
         static const StopString large = {"x", 5000};
         s.stopStrings = &large, s.stopStringCount = 1;
       },
       "stop string 1 has 5000 bytes; at most 1024 are possible"},
      {[](S &s) { s.topLogProbs = 101; }, "log-probabilities of 101 tokens were asked for; at most 100 are possible"},
      {[](S &s) { s.beams = 0; }, "0 beams were asked for; it must be 1 .. 64"},
      {[](S &s) { s.beams = 65; }, "65 beams were asked for; it must be 1 .. 64"},
      {[](S &s) { s.beams = 4, s.returned = 5; }, "5 hypotheses cannot be returned from 4 beams"},
      {[](S &s) { s.returned = 2; }, "2 hypotheses cannot be returned from 1 beam"},
      {[](S &s) { s.lengthPenalty = 2; }, "a length penalty changes nothing without beams"},
      {[=](S &s) { s.beams = 2, s.lengthPenalty = nan; }, "the length penalty is nan; it must lie in -100 .. 100"},
      {[](S &s) { s.earlyStopping = EarlyStopping::Yes; }, "early stopping changes nothing without beams"},
      {[](S &s) { s.beams = 2, s.earlyStopping = static_cast<EarlyStopping>(3); },
       "early stopping is none of no, yes and never"},
      {[](S &s) { s.beams = 2, s.sampling = true, s.topP = 0.9f; },
       "beams and sampling exclude each other: beam search keeps the best, sampling draws"},
      {[](S &s) { s.beams = 2, s.topK = 9; },
       "top-k changes nothing without sampling: turn sampling on or leave it out"},
      {[](S &s) { s.beams = 2, s.topLogProbs = 3; },
       "the most likely tokens are not listed with beams; the chosen tokens' can be"},
  };
  for (auto &one : cases)
    EXPECT_EQ(check(one.change), one.message);
  EXPECT_EQ(check([](S &s) { s.beams = 2; }, 1),
            "beam search with 0 stop tokens needs a vocabulary of at least 2, not 1");
  EXPECT_EQ(check([](S &) {}, 0), "a vocabulary of 0 tokens is not possible");
}

TEST(Settings, Ends) {
  Settings settings;
  settings.maxNewTokens = 3;
  EXPECT_EQ(padding(settings), -1);
  settings.stopTokens = stops;
  settings.stopTokenCount = 2;
  EXPECT_EQ(padding(settings), 5);
  settings.padToken = 0;
  EXPECT_EQ(padding(settings), 0);
  EXPECT_EQ(afterToken(settings, 1, 4), Finish::Running);
  EXPECT_EQ(afterToken(settings, 1, 99), Finish::StopToken);
  EXPECT_EQ(afterToken(settings, 3, 4), Finish::MaxTokens);
  EXPECT_EQ(afterToken(settings, 3, 5), Finish::StopToken);
}
