// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Beam search on a language model that is a table (make_sampling_golden.py): sequences and scores of transformers,
// prompts alone and together, threads, caches as parents, stop strings, errors.

#include "Support.h"

#include "runtime/sample/Beam.h"
#include "runtime/sample/Stop.h"

#include <gtest/gtest.h>

#include <thread>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

struct BeamCase {
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

std::vector<std::unique_ptr<BeamCase>> readCases() {
  std::ifstream in(SINTER_SOURCE_DIR "/test/golden/sampling/beams.golden");
  std::vector<std::unique_ptr<BeamCase>> cases;
  for (std::string word; in >> word;) {
    if (word == "case") {
      cases.push_back(std::make_unique<BeamCase>());
      BeamCase &at = *cases.back();
      Settings &s = at.settings;
      int early = 0;
      in >> at.seed >> at.vocabulary >> at.spread >> s.beams >> s.returned >> s.maxNewTokens >> s.minNewTokens >>
          s.lengthPenalty >> early >> s.padToken >> s.noRepeatNgram >> s.repetitionPenalty;
      s.earlyStopping = static_cast<EarlyStopping>(early);
      s.logProbs = true;
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
      cases.back()->scores.resize(cases.back()->sequences.size());
      for (float &score : cases.back()->scores)
        score = readFloat(in);
    }
  }
  return cases;
}

/// `hashed` of the script.
void tableRow(const BeamCase &at, uint32_t step, int32_t last, float *row) {
  for (uint32_t i = 0; i < at.vocabulary; ++i) {
    uint64_t wide = i + uint64_t{at.seed} * 1000003 + uint64_t{step} * 7919 + static_cast<uint64_t>(last) * 104729;
    uint32_t x = static_cast<uint32_t>(wide);
    x = (x ^ x >> 16) * 0x7FEB352Du;
    x = (x ^ x >> 15) * 0x846CA68Bu;
    x ^= x >> 16;
    row[i] = static_cast<float>((static_cast<double>(x >> 8) / 8388608.0 - 1) * at.spread);
  }
}

struct Found {
  std::vector<int32_t> tokens;
  float score;
  bool operator==(const Found &) const = default;
};

/// Runs the prompts of a case; a beam's "cache" is the list of its tokens, carried along parents alone.
struct Runner {
  const BeamCase &at;
  std::vector<uint32_t> numbers; ///< of the case's prompts
  BeamStop stop = {};
  sinter_status status = SINTER_OK;
  sinter_error error = {};

  std::vector<std::vector<Found>> run(uint32_t threads) {
    std::vector<const int32_t *> pointers;
    std::vector<uint32_t> lengths;
    BeamShape shape{at.vocabulary, static_cast<uint32_t>(numbers.size()), 0};
    for (uint32_t p : numbers) {
      pointers.push_back(at.prompts[p].data());
      lengths.push_back(static_cast<uint32_t>(at.prompts[p].size()));
      shape.longestPrompt = std::max(shape.longestPrompt, lengths.back());
    }
    uint64_t bytes = 0;
    EXPECT_TRUE(BeamSearch::bytes(at.settings, shape, &bytes));
    Memory memory(bytes);
    BeamSearch search;
    EXPECT_EQ(search.start(at.settings, shape, pointers.data(), lengths.data(), memory.data, bytes, &error), SINTER_OK);
    std::vector<std::thread> workers;
    for (uint32_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (uint32_t i = t; i < numbers.size(); i += threads)
          runPrompt(search, i);
      });
    for (std::thread &worker : workers)
      worker.join();
    EXPECT_TRUE(search.done());
    std::vector<std::vector<Found>> found(numbers.size());
    for (uint32_t p = 0; p < numbers.size(); ++p)
      for (uint32_t r = 0; r < at.settings.returned; ++r) {
        Hypothesis h = search.hypothesis(p, r);
        found[p].push_back({{h.tokens, h.tokens + h.count}, h.score});
        checkLogProbs(at.prompts[numbers[p]].back(), h);
      }
    return found;
  }

  void runPrompt(BeamSearch &search, uint32_t number) {
    uint32_t beams = at.settings.beams;
    OwnedWorkspace owned(at.vocabulary);
    std::vector<std::vector<int32_t>> caches(beams, at.prompts[numbers[number]]);
    std::vector<std::vector<float>> logits(beams, std::vector<float>(at.vocabulary));
    std::vector<const float *> rows(beams);
    std::vector<int32_t> tokens(beams);
    std::vector<uint32_t> parents(beams);
    for (uint32_t step = 0; !search.promptDone(number); ++step) {
      for (uint32_t b = 0; b < beams; ++b) {
        tableRow(at, step, caches[b].back(), logits[b].data());
        rows[b] = logits[step ? b : 0].data();
      }
      sinter_status now = search.stepPrompt(number, rows.data(), owned.ws, stop, tokens.data(), parents.data(), &error);
      if (now != SINTER_OK) {
        status = now;
        return;
      }
      std::vector<std::vector<int32_t>> before = caches;
      for (uint32_t b = 0; b < beams; ++b) {
        caches[b] = before[parents[b]];
        caches[b].push_back(tokens[b]);
      }
    }
  }

  /// Each token's log-probability is the table's.
  void checkLogProbs(int32_t last, const Hypothesis &h) {
    std::vector<float> row(at.vocabulary);
    for (uint32_t i = 0; i < h.count; ++i) {
      tableRow(at, i, last, row.data());
      double total = 0;
      for (float logit : row)
        total += std::exp(static_cast<double>(logit));
      last = h.tokens[i];
      EXPECT_NEAR(h.logProbs[i], row[last] - std::log(total), 2e-6);
    }
  }
};

std::vector<uint32_t> allPrompts(const BeamCase &at) {
  std::vector<uint32_t> numbers;
  for (uint32_t p = 0; p < at.prompts.size(); ++p)
    numbers.push_back(p);
  return numbers;
}

} // namespace

TEST(Beam, SequencesOfTransformers) {
  auto cases = readCases();
  ASSERT_GE(cases.size(), 40u);
  for (const auto &at : cases) {
    SCOPED_TRACE("case " + std::to_string(at->seed));
    sinter_error error = {};
    ASSERT_EQ(checkSettings(at->settings, at->vocabulary, &error), SINTER_OK) << error.message;
    auto found = Runner{*at, allPrompts(*at)}.run(1);
    uint32_t row = 0;
    size_t longest = 0;
    for (const auto &prompt : found)
      for (const Found &one : prompt) {
        longest = std::max(longest, one.tokens.size());
        std::vector<int32_t> padded = one.tokens;
        ASSERT_LE(padded.size(), at->sequences[row].size());
        padded.resize(at->sequences[row].size(), padding(at->settings));
        ASSERT_EQ(padded, at->sequences[row]) << "sequence " << row;
        ASSERT_NEAR(one.score, at->scores[row], 1e-5 * std::max(1.0f, std::abs(at->scores[row])));
        ++row;
      }
    ASSERT_EQ(longest, at->sequences[0].size());
  }
}

TEST(Beam, AloneAndTogetherOnAnyThreads) {
  for (const auto &at : readCases()) {
    if (at->prompts.size() < 3)
      continue;
    auto together = Runner{*at, allPrompts(*at)}.run(3);
    for (uint32_t p = 0; p < at->prompts.size(); ++p)
      EXPECT_EQ((Runner{*at, {p}}.run(1)[0]), together[p]) << "case " << at->seed << ", prompt " << p;
  }
}

TEST(Beam, PromptsOfDifferentLengths) {
  auto cases = readCases();
  BeamCase &at = **std::find_if(cases.begin(), cases.end(), [](auto &c) { return c->prompts.size() == 5; });
  auto before = Runner{at, allPrompts(at)}.run(1);
  // What stands before the last token is in nobody's table.
  at.prompts[1].insert(at.prompts[1].begin(), {3, 1, 4, 1, 5, 9});
  EXPECT_EQ(Runner(at, allPrompts(at)).run(1), before);
}

TEST(Beam, StopHook) {
  auto cases = readCases();
  BeamCase &at = *cases[0];
  // A stop token and a hook that ends at the same token find the same, but for how many continuations are looked at.
  auto byToken = Runner{at, allPrompts(at)}.run(1);
  int32_t token = at.stops[0];
  at.settings.stopTokenCount = 0;
  Runner runner{at, allPrompts(at)};
  runner.stop = {[](void *context, uint32_t, uint32_t, int32_t t) { return t == *static_cast<int32_t *>(context); },
                 &token};
  EXPECT_EQ(runner.run(1), byToken);
}

TEST(Beam, Errors) {
  BeamCase at;
  at.vocabulary = 6;
  at.prompts = {{1}};
  at.settings.beams = 2;
  at.settings.maxNewTokens = 9;
  at.settings.noRepeatNgram = 1; // five tokens later nothing is left
  Runner runner{at, {0}};
  runner.run(1);
  EXPECT_EQ(runner.status, SINTER_REFUSED);
  EXPECT_STREQ(runner.error.message, "the penalties leave no token that may follow any beam");
  at.settings.noRepeatNgram = 0;
  at.spread = __builtin_nan("");
  runner.run(1);
  EXPECT_EQ(runner.status, SINTER_NOT_FINITE);

  BeamSearch search;
  const int32_t *prompt = at.prompts[0].data();
  uint32_t length = 1;
  uint64_t bytes = 0;
  BeamShape shape{6, 1, 1};
  ASSERT_TRUE(BeamSearch::bytes(at.settings, shape, &bytes));
  Memory memory(bytes);
  EXPECT_EQ(search.start(at.settings, shape, &prompt, &length, memory.data, bytes - 1, nullptr),
            SINTER_INVALID_ARGUMENT);
  length = 2;
  EXPECT_EQ(search.start(at.settings, shape, &prompt, &length, memory.data, bytes, nullptr), SINTER_INVALID_ARGUMENT);
  shape.prompts = UINT32_MAX;
  at.settings.maxNewTokens = maxNewTokensLimit;
  at.settings.beams = maxBeams;
  shape.longestPrompt = UINT32_MAX;
  EXPECT_FALSE(BeamSearch::bytes(at.settings, shape, &bytes) && bytes < UINT32_MAX);
}
