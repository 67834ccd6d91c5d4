// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C API of generation on the toy: an artifact's `extend` with a cache of pages, strategies, threads, what is told
// while it happens, what is refused. The toy's arithmetic is written a second time here, on whole sequences.

#include "ToyArtifact.h"

#include "runtime/generate/ArtifactStepper.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace {

using Tokens = std::vector<int32_t>;

toy::Settings generating() {
  toy::Settings settings;
  settings.generates = true;
  return settings;
}

/// The best token behind a whole sequence; 6 is a bad word, and so is 3 behind 3.
int32_t bestAfter(const Tokens &sequence) {
  uint32_t mixed = 1;
  for (int32_t token : sequence)
    mixed = mixed * 31 + static_cast<uint32_t>(token);
  float best = -1;
  int32_t chosen = -1;
  for (uint32_t v = 0; v < 8; ++v) {
    auto logit = static_cast<float>((mixed ^ v * 0x9E3779B9u) * 0x85EBCA6Bu >> 20) / 1024;
    bool isBad = v == 6 || (v == 3 && sequence.size() > 1 && sequence.back() == 3);
    if (!isBad && logit > best) {
      best = logit;
      chosen = static_cast<int32_t>(v);
    }
  }
  return chosen;
}

struct Generator {
  toy::Opened opened{toy::build(generating())};
  sinter_session *session = nullptr;
  sinter_generator *generator = nullptr;
  sinter_generate_options options;
  sinter_error error = {};

  explicit Generator(uint32_t threads = 1, sinter_strategy strategy = SINTER_GREEDY) {
    sinter_options sessionOptions = {threads, 0, 0};
    EXPECT_EQ(sinter_session_create(opened.artifact, &sessionOptions, &session, &error), SINTER_OK) << error.message;
    EXPECT_EQ(sinter_generator_create(session, &generator, &error), SINTER_OK) << error.message;
    EXPECT_EQ(sinter_generate_defaults(opened.artifact, strategy, &options, &error), SINTER_OK);
    options.max_new_tokens = 40;
    options.ignore_eos = 1;
  }
  ~Generator() {
    sinter_generator_destroy(generator);
    sinter_session_destroy(session);
  }
  sinter_status status(const std::vector<Tokens> &prompts, sinter_on_piece piece = nullptr, void *user = nullptr,
                       const volatile int *cancel = nullptr) {
    std::vector<sinter_prompt> views;
    for (const Tokens &prompt : prompts)
      views.push_back({prompt.data(), prompt.size(), nullptr, 0});
    return sinter_generate(generator, views.data(), static_cast<uint32_t>(views.size()), &options, piece, user, cancel,
                           &error);
  }
  std::vector<Tokens> run(const std::vector<Tokens> &prompts) {
    EXPECT_EQ(status(prompts), SINTER_OK) << error.message;
    std::vector<Tokens> all;
    for (uint32_t i = 0; i < sinter_generator_sequences(generator); ++i) {
      sinter_sequence sequence;
      sinter_generator_sequence(generator, i, &sequence);
      all.emplace_back(sequence.tokens, sequence.tokens + sequence.count);
    }
    return all;
  }
};

const std::vector<Tokens> prompts = {{1, 2, 3}, {4}, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, {0, 2}};

} // namespace

TEST(Generate, GreedyIsTheArithmeticOfWholeSequences) {
  for (uint32_t threads : {1u, 2u}) {
    Generator g(threads);
    std::vector<Tokens> found = g.run(prompts);
    for (size_t p = 0; p < prompts.size(); ++p) {
      Tokens sequence = prompts[p];
      for (int32_t token : found[p]) {
        EXPECT_EQ(token, bestAfter(sequence)) << "prompt " << p << ", position " << sequence.size();
        sequence.push_back(token);
      }
      EXPECT_EQ(found[p].size(), 40u);
    }
    g.options.chunk = 5;
    EXPECT_EQ(g.run(prompts), found);
    g.options.max_tokens = 60; // the pool is used again, what was there before does not matter
    EXPECT_EQ(g.run({prompts[1]})[0], found[1]);
    sinter_generate_stats stats;
    sinter_generator_get_stats(g.generator, &stats);
    EXPECT_EQ(stats.new_tokens, 40u);
    EXPECT_EQ(stats.cache_bytes_per_token, 8u); // a float in each of two layers
    EXPECT_EQ(stats.cache_bytes, 3 * 16 * 8u);
    EXPECT_EQ(sinter::generate::cacheBytesPerToken(*g.opened.artifact), 8u);
  }
}

TEST(Generate, SamplesAndBeamsShareAndPart) {
  for (sinter_strategy strategy : {SINTER_SAMPLING, SINTER_BEAMS}) {
    Generator g(2, strategy), alone(1, strategy);
    for (sinter_generate_options *options : {&g.options, &alone.options}) {
      options->samples = strategy == SINTER_SAMPLING ? 3 : 1;
      options->beams = options->returned = strategy == SINTER_BEAMS ? 3 : 1;
    }
    EXPECT_EQ(g.options.temperature, strategy == SINTER_SAMPLING ? 0.5f : 1.0f); // the folder's, where it means something
    std::vector<Tokens> found = g.run(prompts);
    ASSERT_EQ(found.size(), 12u);
    EXPECT_NE(found[0], found[1]);
    for (size_t p = 0; p < prompts.size(); ++p) {
      std::vector<Tokens> own = alone.run({prompts[p]});
      for (size_t i = 0; i < 3; ++i)
        EXPECT_EQ(own[i], found[3 * p + i]);
    }
  }
}

TEST(Generate, PiecesEndsAndCancelling) {
  Generator g;
  struct Heard {
    Generator *g;
    Tokens tokens;
    sinter_finish finish = SINTER_RUNNING;
    volatile int cancel = 0;
    size_t cancelAfter = 1000;
    static void piece(void *user, const sinter_piece *piece) {
      auto *heard = static_cast<Heard *>(user);
      if (piece->token >= 0)
        heard->tokens.push_back(piece->token);
      heard->finish = piece->finish;
      if (heard->tokens.size() == heard->cancelAfter)
        heard->cancel = 1;
      sinter_output output = {};
      EXPECT_EQ(sinter_call(heard->g->session, 0, nullptr, &output, nullptr), SINTER_BUSY);
    }
  } heard{&g, {}};
  g.options.ignore_eos = 0;
  ASSERT_EQ(g.status({{1, 2, 3}}, Heard::piece, &heard, &heard.cancel), SINTER_OK);
  EXPECT_EQ(heard.finish, SINTER_END_TOKEN);
  EXPECT_EQ(heard.tokens.back(), 7);
  EXPECT_EQ(std::count(heard.tokens.begin(), heard.tokens.end(), 7), 1);
  Tokens whole = heard.tokens;
  heard.tokens.clear();
  g.options.ignore_eos = 1;
  heard.cancelAfter = 4;
  EXPECT_EQ(g.status({{1, 2, 3}}, Heard::piece, &heard, &heard.cancel), SINTER_CANCELLED);
  EXPECT_EQ(heard.finish, SINTER_INTERRUPTED);
  EXPECT_EQ(heard.tokens.size(), 4u);
  sinter_sequence sequence;
  sinter_generator_sequence(g.generator, 0, &sequence);
  EXPECT_EQ(sequence.count, 4u);
  EXPECT_EQ(sequence.finish, SINTER_INTERRUPTED);
}

TEST(Generate, PromptsOfText) {
  Generator g;
  int32_t tokens[8];
  uint64_t count = 0;
  ASSERT_EQ(sinter_prompt_tokens(g.opened.artifact, "a b", 3, tokens, 8, &count, &g.error), SINTER_OK);
  EXPECT_EQ(Tokens(tokens, tokens + count), (Tokens{1, 3, 3, 2}));
  ASSERT_EQ(sinter_prompt_tokens(g.opened.artifact, "a b", 3, nullptr, 0, &count, &g.error), SINTER_OK);
  EXPECT_EQ(count, 4u);
  EXPECT_EQ(sinter_chat_tokens(g.opened.artifact, "[]", 2, tokens, 8, &count, &g.error), SINTER_BAD_ARTIFACT);
  EXPECT_EQ(std::string(g.error.message).substr(0, 18), "the chat template:");
}

TEST(Generate, Refusals) {
  Generator g;
  EXPECT_EQ(g.status({Tokens(101, 1)}), SINTER_REFUSED);
  EXPECT_STREQ(g.error.message, "prompt 1 has 101 tokens, but the model takes at most 100");
  EXPECT_EQ(g.status({{1}, Tokens(70, 1)}), SINTER_REFUSED);
  EXPECT_STREQ(g.error.message,
               "prompt 2 has 70 tokens, and 40 new ones were asked for: 110, but the model takes at most 100");
  EXPECT_EQ(g.status({{8}}), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(g.status({}), SINTER_INVALID_ARGUMENT);
  g.options.max_new_tokens = 0;
  g.options.max_length = 5;
  EXPECT_EQ(g.status({Tokens(5, 1)}), SINTER_REFUSED);
  EXPECT_EQ(g.run({{1, 2}})[0].size(), 3u);
  g.options.max_length = 0; // as many as fit
  EXPECT_EQ(g.run({Tokens(90, 1)})[0].size(), 11u);
  g.options.temperature = 2;
  EXPECT_EQ(g.status({{1}}), SINTER_INVALID_ARGUMENT);

  toy::Opened plain(toy::build());
  sinter_generate_options options;
  EXPECT_EQ(sinter_generate_defaults(plain.artifact, SINTER_GREEDY, &options, &g.error), SINTER_NOT_FOUND);
  EXPECT_STREQ(g.error.message, "ToyModel does not generate");
  sinter_session *session = nullptr;
  sinter_generator *generator = nullptr;
  ASSERT_EQ(sinter_session_create(plain.artifact, nullptr, &session, nullptr), SINTER_OK);
  EXPECT_EQ(sinter_generator_create(session, &generator, &g.error), SINTER_NOT_FOUND);
  EXPECT_EQ(generator, nullptr);
  sinter_session_destroy(session);
  sinter_generator_destroy(nullptr);
}
