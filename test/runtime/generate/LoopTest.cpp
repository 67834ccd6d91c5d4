// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop on a table: every strategy alone, in a batch, in any chunk; windows, sources, ends, cancelling, refusals.

#include "test/runtime/generate/FakeModel.h"

#include <cmath>

using namespace sinter::generate;
using namespace sinter::generate::test;
using sinter::sample::Settings;
using sinter::sample::TokenLogProb;

namespace {

constexpr uint32_t vocabulary = 32;
const int32_t stops[] = {2, 5};

std::vector<int32_t> promptOf(uint32_t number) {
  std::vector<int32_t> prompt(1 + number * 11 % 50);
  for (size_t i = 0; i < prompt.size(); ++i)
    prompt[i] = static_cast<int32_t>((i * 7 + number * 13) % vocabulary);
  return prompt;
}

std::vector<std::vector<int32_t>> prompts(uint32_t count) {
  std::vector<std::vector<int32_t>> all;
  for (uint32_t p = 0; p < count; ++p)
    all.push_back(promptOf(p));
  return all;
}

/// One of each strategy.
std::vector<Settings> strategies() {
  std::vector<Settings> all(12);
  for (Settings &s : all)
    s.maxNewTokens = 40;
  for (size_t i = 1; i < 8; ++i) {
    all[i].sampling = true;
    all[i].samples = 3;
    all[i].seed = 7 + i;
  }
  all[2].temperature = 0.7f;
  all[3].topK = 5;
  all[4].topP = 0.8f;
  all[5].minP = 0.1f;
  all[6].epsilonCutoff = 0.02f;
  all[7].etaCutoff = 0.05f;
  all[8].repetitionPenalty = 1.3f;
  all[9].frequencyPenalty = 0.4f;
  all[9].presencePenalty = 0.2f;
  all[10].noRepeatNgram = 2;
  all[10].minNewTokens = 20;
  all[11].beams = 3;
  all[11].returned = 2;
  all[11].lengthPenalty = 0.8f;
  for (size_t i = 0; i < all.size(); i += 2) {
    all[i].stopTokens = stops;
    all[i].stopTokenCount = 2;
  }
  return all;
}

} // namespace

TEST(Loop, EveryStrategyAloneInABatchAndInAnyChunk) {
  size_t number = 0;
  for (const Settings &settings : strategies()) {
    SCOPED_TRACE("strategy " + std::to_string(number++));
    FakeModel model(vocabulary);
    Asked batch;
    batch.prompts = prompts(8);
    batch.request.settings = settings;
    Found all = batch.run(model);
    size_t answers = all.tokens.size() / 8;
    for (uint32_t chunk : {1u, 7u, 100u}) {
      batch.request.chunk = chunk;
      EXPECT_EQ(batch.run(model).tokens, all.tokens) << "chunk " << chunk;
    }
    model.isPaged = false;
    EXPECT_EQ(batch.run(model).tokens, all.tokens);
    model.isPaged = true;
    for (size_t p = 0; p < 8; ++p) {
      Asked alone;
      alone.prompts = {batch.prompts[p]};
      alone.request.settings = settings;
      Found one = alone.run(model);
      for (size_t a = 0; a < answers; ++a)
        EXPECT_EQ(one.tokens[a], all.tokens[p * answers + a]) << "prompt " << p;
    }
  }
}

TEST(Loop, SamplesDifferByTheirNumberAlone) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = {promptOf(3)};
  asked.request.settings.sampling = true;
  asked.request.settings.maxNewTokens = 30;
  asked.request.settings.samples = 5;
  Found five = asked.run(model);
  EXPECT_GT(model.copies, 0u); // the prompt ends inside of a page
  EXPECT_NE(five.tokens[0], five.tokens[1]);
  asked.request.settings.samples = 2;
  Found two = asked.run(model);
  EXPECT_EQ(two.tokens[0], five.tokens[0]);
  EXPECT_EQ(two.tokens[1], five.tokens[1]);
  asked.request.settings.seed = 1;
  EXPECT_NE(asked.run(model).tokens, two.tokens);
}

TEST(Loop, SharesThePromptsPages) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = {std::vector<int32_t>(160, 3)};
  asked.request.settings.sampling = true;
  asked.request.settings.samples = 10;
  asked.request.settings.maxNewTokens = 16;
  asked.run(model);
  EXPECT_EQ(asked.stats.cachePages, 20u); // ten of the prompt, one of each sample
}

TEST(Loop, PromptsShareCallsAndRowsThatEndLeave) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = {std::vector<int32_t>(4, 1), std::vector<int32_t>(3, 2), std::vector<int32_t>(100, 3)};
  asked.request.settings.maxNewTokens = 20;
  asked.request.chunk = 64;
  asked.run(model);
  // 64 + 36 tokens of the long one (the others do not fit beside 36 x 1), then 4 and 3 in one call, then steps of 3.
  ASSERT_GE(model.rowsOfCalls.size(), 4u);
  EXPECT_EQ(std::vector<uint32_t>(model.rowsOfCalls.begin(), model.rowsOfCalls.begin() + 4),
            (std::vector<uint32_t>{1, 1, 2, 3}));
  EXPECT_EQ(model.rowsOfCalls.size(), 3u + 19u);
  EXPECT_EQ(asked.stats.promptTokens, 107u);
  EXPECT_EQ(asked.stats.newTokens, 60u);
  EXPECT_EQ(asked.stats.decodedTokens, 57u);

  asked.request.settings.stopTokens = stops;
  asked.request.settings.stopTokenCount = 2;
  asked.request.settings.maxNewTokens = 200;
  model.rowsOfCalls.clear();
  Found found = asked.run(model);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found.finishes[i], Finish::StopToken);
    EXPECT_TRUE(found.tokens[i].back() == 2 || found.tokens[i].back() == 5);
  }
  EXPECT_EQ(model.rowsOfCalls.back(), 1u);
}

TEST(Loop, LargeBatchesAreCut) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = prompts(9);
  asked.request.settings.sampling = true;
  asked.request.settings.samples = 4;
  Found whole = asked.run(model);
  asked.request.chunk = 10;
  model.rowsOfCalls.clear();
  EXPECT_EQ(asked.run(model).tokens, whole.tokens);
  for (uint32_t rows : model.rowsOfCalls)
    EXPECT_LE(rows, 10u);
}

TEST(Loop, WindowsGivePagesBack) {
  FakeModel model(vocabulary);
  model.shape.window = 20;
  Asked asked;
  asked.prompts = {std::vector<int32_t>(300, 4), promptOf(2)};
  asked.request.settings.maxNewTokens = 300;
  asked.request.chunk = 32;
  Found found = asked.run(model);
  EXPECT_LE(asked.stats.cachePages, 10u);
  EXPECT_LT(model.pages, 30u);
  model.isPaged = false;
  EXPECT_EQ(asked.run(model).tokens, found.tokens);
}

TEST(Loop, SourcesOfDifferentLengths) {
  FakeModel model(vocabulary);
  model.hasSource = true;
  Asked asked;
  asked.prompts = prompts(5);
  asked.request.decoderStart = 1;
  for (uint32_t beams : {1u, 4u}) {
    asked.request.settings.beams = beams;
    asked.prompts = prompts(5);
    Found all = asked.run(model);
    EXPECT_EQ(model.rowsOfCalls[model.rowsOfCalls.size() - asked.request.settings.maxNewTokens], 5u);
    for (size_t p = 0; p < 5; ++p) {
      asked.prompts = {promptOf(static_cast<uint32_t>(p))};
      EXPECT_EQ(asked.run(model).tokens[0], all.tokens[p]);
    }
  }
  asked.request.decoderStart = -1;
  EXPECT_EQ(asked.status(model), SINTER_INVALID_ARGUMENT);
}

TEST(Loop, EachPromptHasItsAdapter) {
  for (bool hasSource : {false, true})
    for (uint32_t beams : {1u, 3u}) {
      FakeModel model(vocabulary);
      model.shape.adapters = true;
      model.hasSource = hasSource;
      Asked asked;
      asked.request.decoderStart = 1;
      asked.request.settings.beams = beams;
      asked.prompts = {promptOf(4), promptOf(4), promptOf(4)};
      asked.adapters = {1, -1, 0};
      Found all = asked.run(model);
      EXPECT_NE(all.tokens[0], all.tokens[1]);
      EXPECT_NE(all.tokens[1], all.tokens[2]);
      asked.prompts.resize(1);
      for (size_t p = 0; p < 3; ++p) {
        asked.adapters = {std::vector<int32_t>{1, -1, 0}[p]};
        EXPECT_EQ(asked.run(model).tokens[0], all.tokens[p]) << hasSource << beams << p;
      }
    }
}

TEST(Loop, LogProbabilitiesAreTheTables) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = {promptOf(1)};
  asked.request.settings.logProbs = true;
  asked.request.settings.topLogProbs = 4;
  struct Seen {
    std::vector<Piece> pieces;
    std::vector<std::vector<TokenLogProb>> top;
  } seen;
  asked.request.listener = {[](void *user, const Piece &piece) {
                              auto *to = static_cast<Seen *>(user);
                              to->pieces.push_back(piece);
                              to->top.emplace_back(piece.top, piece.top + piece.topCount);
                            },
                            &seen};
  Found found = asked.run(model);
  ASSERT_EQ(seen.pieces.size(), 8u);
  std::vector<int32_t> tokens = asked.prompts[0];
  for (size_t i = 0; i < 8; ++i) {
    double total = 0;
    uint64_t key = model.key(tokens, static_cast<uint32_t>(tokens.size()), {});
    for (uint32_t v = 0; v < vocabulary; ++v)
      total += std::exp(static_cast<double>(tableLogit(key, v, 4)));
    int32_t token = seen.pieces[i].token;
    EXPECT_EQ(token, found.tokens[0][i]);
    EXPECT_NEAR(seen.pieces[i].logProb, tableLogit(key, static_cast<uint32_t>(token), 4) - std::log(total), 1e-5);
    ASSERT_EQ(seen.top[i].size(), 4u);
    EXPECT_EQ(seen.top[i][0].token, token); // greedy
    EXPECT_EQ(seen.pieces[i].finish, i == 7 ? Finish::Length : Finish::Running);
    tokens.push_back(token);
  }
}

TEST(Loop, CancellingKeepsWhatWasMade) {
  FakeModel model(vocabulary);
  Asked asked;
  asked.prompts = prompts(3);
  asked.request.settings.maxNewTokens = 50;
  Found whole = asked.run(model);
  volatile int cancel = 0;
  asked.request.cancel = &cancel;
  model.onCall = [&] {
    if (model.calls == 10)
      cancel = 1;
  };
  model.calls = 0;
  Found cut;
  EXPECT_EQ(asked.status(model, &cut), SINTER_CANCELLED);
  EXPECT_EQ(model.calls, 10u);
  for (size_t p = 0; p < 3; ++p) {
    EXPECT_EQ(cut.finishes[p], Finish::Cancelled);
    ASSERT_GE(cut.tokens[p].size(), 8u);
    EXPECT_TRUE(std::equal(cut.tokens[p].begin(), cut.tokens[p].end(), whole.tokens[p].begin()));
  }
  asked.request.settings.beams = 2; // beams have no answer before their end
  EXPECT_EQ(asked.status(model, &cut), SINTER_CANCELLED);
}

TEST(Loop, NotANumberNamesPromptAndPosition) {
  FakeModel model(vocabulary);
  model.nanAfter = 9;
  Asked asked;
  asked.prompts = {{1, 2, 3}, {4, 9}};
  EXPECT_EQ(asked.status(model), SINTER_NOT_FINITE);
  EXPECT_STREQ(asked.error.message, "prompt 2, position 2: the logit of token 3 is NaN");
  EXPECT_EQ(model.spoiled, 1u);
  asked.request.settings.beams = 3;
  EXPECT_EQ(asked.status(model), SINTER_NOT_FINITE);
  EXPECT_STREQ(asked.error.message, "prompt 2, position 2: the logit of token 3 is NaN");
}

TEST(Loop, Refusals) {
  FakeModel model(vocabulary);
  model.shape.context = 20;
  Asked asked;
  auto says = [&](const char *message) {
    sinter_status status = asked.status(model);
    EXPECT_STREQ(asked.error.message, message);
    EXPECT_EQ(model.calls, 0u);
    return status;
  };
  EXPECT_EQ(says("there is no prompt"), SINTER_INVALID_ARGUMENT);
  asked.prompts = {{1}, {}};
  EXPECT_EQ(says("prompt 2 has no tokens"), SINTER_INVALID_ARGUMENT);
  asked.prompts = {{1}, {1}};
  asked.adapters = {-1, 0};
  EXPECT_EQ(says("prompt 2 asks for adapter 0, but the model has no input `adapter`: it is no bank of several adapters"),
            SINTER_INVALID_ARGUMENT);
  asked.adapters = {-1, -2};
  EXPECT_EQ(says("prompt 2: there is no adapter -2"), SINTER_INVALID_ARGUMENT);
  asked.adapters = {};
  asked.prompts = {{1, 32}};
  EXPECT_EQ(says("prompt 1: token 32 at 1 is outside the vocabulary of 32"), SINTER_INVALID_ARGUMENT);
  asked.prompts = {{1}, std::vector<int32_t>(21, 1)};
  EXPECT_EQ(says("prompt 2 has 21 tokens, but the model takes at most 20"), SINTER_REFUSED);
  asked.prompts = {std::vector<int32_t>(14, 1)};
  EXPECT_EQ(says("prompt 1 has 14 tokens, and 8 new ones were asked for: 22, but the model takes at most 20"),
            SINTER_REFUSED);
  asked.request.maxTokens = 10;
  EXPECT_EQ(says("prompt 1 has 14 tokens, but the limit asked for is 10"), SINTER_REFUSED);
  asked.request.maxTokens = 0;
  asked.prompts = {std::vector<int32_t>(13, 1)}; // the last new token is not read
  EXPECT_EQ(asked.status(model), SINTER_OK);
  model.calls = 0;
  asked.request.chunk = 0;
  EXPECT_EQ(says("a chunk of no tokens reads nothing"), SINTER_INVALID_ARGUMENT);
  asked.request.chunk = 512;
  sinter::sample::StopString stop{"x", 1};
  asked.request.settings.stopStrings = &stop;
  asked.request.settings.stopStringCount = 1;
  EXPECT_EQ(says("stop strings want a tokenizer, and this model has none"), SINTER_INVALID_ARGUMENT);
}
