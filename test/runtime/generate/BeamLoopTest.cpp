// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Beams through the whole loop, with a cache in pages: the sequences of transformers (beams.golden).

#include "test/runtime/generate/FakeModel.h"

#include <cmath>
#include <fstream>
#include <memory>
#include <numeric>

using namespace sinter::generate;
using namespace sinter::generate::test;
using sinter::sample::EarlyStopping;
using sinter::sample::Settings;

namespace {

struct Case {
  uint32_t seed = 0, vocabulary = 0;
  double spread = 0;
  Settings settings;
  std::vector<int32_t> stops;
  std::vector<std::vector<int32_t>> prompts, sequences;
  std::vector<float> scores;
};

std::vector<std::vector<int32_t>> readRows(std::istream &in) {
  size_t rows = 0, columns = 0;
  in >> rows >> columns;
  std::vector<std::vector<int32_t>> result(rows, std::vector<int32_t>(columns));
  for (auto &row : result)
    for (int32_t &token : row)
      in >> token;
  return result;
}

std::vector<std::unique_ptr<Case>> readCases() {
  std::ifstream in(SINTER_SOURCE_DIR "/test/golden/sampling/beams.golden");
  std::vector<std::unique_ptr<Case>> cases;
  for (std::string word; in >> word;) {
    if (word == "case") {
      cases.push_back(std::make_unique<Case>());
      Case &at = *cases.back();
      Settings &s = at.settings;
      int early = 0;
      in >> at.seed >> at.vocabulary >> at.spread >> s.beams >> s.returned >> s.maxNewTokens >> s.minNewTokens >>
          s.lengthPenalty >> early >> s.padToken >> s.noRepeatNgram >> s.repetitionPenalty;
      s.earlyStopping = static_cast<EarlyStopping>(early);
    } else if (word == "stops") {
      size_t count = 0;
      in >> count;
      cases.back()->stops.resize(count);
      for (int32_t &token : cases.back()->stops)
        in >> token;
      cases.back()->settings.stopTokens = cases.back()->stops.data();
      cases.back()->settings.stopTokenCount = static_cast<uint32_t>(count);
    } else if (word == "prompts") {
      cases.back()->prompts = readRows(in);
    } else if (word == "sequences") {
      cases.back()->sequences = readRows(in);
    } else {
      for (size_t i = 0; i < cases.back()->sequences.size(); ++i) {
        in >> word;
        cases.back()->scores.push_back(std::strtof(word.c_str(), nullptr));
      }
    }
  }
  return cases;
}

FakeModel modelOf(const Case &at) {
  FakeModel model(at.vocabulary);
  model.spread = at.spread;
  auto prompt = static_cast<uint32_t>(at.prompts[0].size());
  uint64_t seed = at.seed;
  model.key = [prompt, seed](auto &seen, uint32_t position, auto &) {
    return seed * 1000003 + uint64_t{position - prompt} * 7919 + static_cast<uint64_t>(seen.back()) * 104729;
  };
  return model;
}

} // namespace

TEST(BeamLoop, SequencesOfTransformers) {
  auto cases = readCases();
  ASSERT_GE(cases.size(), 40u);
  uint32_t copies = 0;
  for (const auto &at : cases) {
    SCOPED_TRACE("case " + std::to_string(at->seed));
    FakeModel model = modelOf(*at);
    Asked asked;
    asked.prompts = at->prompts;
    asked.request.settings = at->settings;
    Found found = asked.run(model);
    copies += model.copies;
    ASSERT_EQ(found.tokens.size(), at->sequences.size());
    for (size_t i = 0; i < found.tokens.size(); ++i) {
      std::vector<int32_t> padded = found.tokens[i];
      ASSERT_LE(padded.size(), at->sequences[i].size());
      padded.resize(at->sequences[i].size(), padding(at->settings));
      ASSERT_EQ(padded, at->sequences[i]) << "sequence " << i;
      ASSERT_NEAR(found.scores[i], at->scores[i], 1e-5 * std::max(1.0f, std::abs(at->scores[i])));
    }
  }
  EXPECT_GT(copies, 100u); // beams part inside of pages
}

TEST(BeamLoop, AloneTogetherAndInAnyCut) {
  for (const auto &at : readCases()) {
    if (at->prompts.size() < 3)
      continue;
    SCOPED_TRACE("case " + std::to_string(at->seed));
    Asked together;
    together.prompts = at->prompts;
    together.request.settings = at->settings;
    FakeModel model = modelOf(*at);
    Found all = together.run(model);
    together.request.chunk = 3;
    EXPECT_EQ(together.run(model).tokens, all.tokens);
    model.isPaged = false;
    EXPECT_EQ(together.run(model).tokens, all.tokens);
    model.isPaged = true;
    uint32_t returned = at->settings.returned;
    for (size_t p = 0; p < at->prompts.size(); ++p) {
      Asked alone;
      alone.prompts = {at->prompts[p]};
      alone.request.settings = at->settings;
      Found one = alone.run(model);
      for (uint32_t r = 0; r < returned; ++r)
        EXPECT_EQ(one.tokens[r], all.tokens[p * returned + r]);
    }
  }
}

TEST(BeamLoop, LongSequencesKeepTheirPages) {
  FakeModel model(24);
  Asked asked;
  for (uint32_t p = 0; p < 4; ++p) {
    asked.prompts.emplace_back(5 + 17 * p);
    std::iota(asked.prompts.back().begin(), asked.prompts.back().end(), p);
    for (int32_t &token : asked.prompts.back())
      token %= 24;
  }
  asked.request.settings.beams = 5;
  asked.request.settings.returned = 5;
  asked.request.settings.maxNewTokens = 100;
  Found paged = asked.run(model);
  EXPECT_GT(model.copies, 0u);
  EXPECT_LE(asked.stats.cachePages, model.pages - 1);
  model.isPaged = false;
  EXPECT_EQ(asked.run(model).tokens, paged.tokens);
  model.isPaged = true;
  model.shape.window = 9;
  uint32_t all = model.pages;
  Found windowed = asked.run(model);
  EXPECT_LT(model.pages, all);
  model.isPaged = false;
  EXPECT_EQ(asked.run(model).tokens, windowed.tokens);
}
