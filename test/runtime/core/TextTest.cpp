// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text through the C API: ids, limits, truncation, embeddings. The toy's tokenizer: [CLS] 1, [SEP] 2, every word 3.

#include "ToyArtifact.h"

#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

struct Tokens {
  sinter_status status;
  std::vector<int32_t> ids;
  uint64_t count = 0;
  sinter_error error = {};
};

Tokens tokenize(const sinter_artifact *artifact, const char *text, size_t room, bool truncate = false) {
  Tokens tokens;
  tokens.ids.resize(room);
  sinter_text_options options = {truncate, 0};
  tokens.status = sinter_tokenize(artifact, text, strlen(text), &options, room ? tokens.ids.data() : nullptr, room,
                                  &tokens.count, &tokens.error);
  return tokens;
}

TEST(Text, Tokens) {
  toy::Opened opened(toy::build());
  ASSERT_EQ(opened.status, SINTER_OK) << opened.error.message;
  Tokens tokens = tokenize(opened.artifact, "one two", 4);
  ASSERT_EQ(tokens.status, SINTER_OK) << tokens.error.message;
  EXPECT_EQ(tokens.ids, (std::vector<int32_t>{1, 3, 3, 2}));
  EXPECT_EQ(tokens.count, 4u);
  EXPECT_EQ(tokenize(opened.artifact, "one two", 0).count, 4u);
  EXPECT_EQ(tokenize(opened.artifact, "", 2).ids, (std::vector<int32_t>{1, 2}));
}

TEST(Text, TooLongIsAnErrorUnlessTruncated) {
  toy::Opened opened(toy::build());
  Tokens tokens = tokenize(opened.artifact, "a b c d e f g", 0);
  EXPECT_EQ(tokens.status, SINTER_REFUSED);
  EXPECT_STREQ(tokens.error.message,
               "the text has 9 tokens, but the model takes at most 5 (truncate keeps the first ones)");
  EXPECT_EQ(tokenize(opened.artifact, "a b c d e f g", 5, true).ids, (std::vector<int32_t>{1, 3, 3, 3, 2}));
  toy::Settings settings;
  settings.embedTokens = 4;
  toy::Opened shorter(toy::build(settings));
  EXPECT_STREQ(tokenize(shorter.artifact, "a b c", 0).error.message,
               "the text has 5 tokens, but the model takes at most 4 (truncate keeps the first ones)");
}

TEST(Text, Embeds) {
  toy::Opened opened(toy::build());
  sinter_session *session = nullptr;
  sinter_error error;
  ASSERT_EQ(sinter_session_create(opened.artifact, nullptr, &session, &error), SINTER_OK) << error.message;
  const float *vector = nullptr;
  uint64_t width = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(sinter_embed_text(session, "a b", 3, nullptr, &vector, &width, &error), SINTER_OK) << error.message;
    ASSERT_EQ(width, 4u);
    EXPECT_EQ(vector[0], 90); // rows 1, 3, 3, 2
    EXPECT_EQ(vector[3], 102);
    ASSERT_EQ(sinter_embed_text(session, nullptr, 0, nullptr, &vector, &width, &error), SINTER_OK) << error.message;
    EXPECT_EQ(vector[0], 30);
  }
  EXPECT_EQ(sinter_embed_text(session, "a b c d e", 9, nullptr, &vector, &width, &error), SINTER_REFUSED);
  sinter_session_destroy(session);
}

/// Many texts at once, and each alone.
void expectSameAsAlone(const std::vector<std::string> &texts, bool truncate) {
  toy::Opened opened(toy::build());
  sinter_session *session = nullptr;
  sinter_error error;
  ASSERT_EQ(sinter_session_create(opened.artifact, nullptr, &session, &error), SINTER_OK) << error.message;
  std::vector<sinter_text> all;
  for (const std::string &text : texts)
    all.push_back({text.data(), text.size()});
  sinter_text_options options = {truncate, 0};
  const float *vectors = nullptr, *vector = nullptr;
  uint64_t width = 0;
  ASSERT_EQ(sinter_embed_texts(session, all.data(), all.size(), &options, &vectors, &width, &error), SINTER_OK)
      << error.message;
  ASSERT_EQ(width, 4u);
  std::vector<float> together(vectors, vectors + width * all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(sinter_embed_text(session, all[i].data, all[i].length, &options, &vector, &width, &error), SINTER_OK);
    EXPECT_EQ(memcmp(vector, together.data() + 4 * i, 16), 0) << "text " << i;
  }
  sinter_session_destroy(session);
}

TEST(Text, ManyAreEachAloneInTheirOrder) {
  expectSameAsAlone({"a b", "", "a", "a b c", "b", "", "x y z", "a b"}, false);
  expectSameAsAlone({"a b c d e f g", "", "a b c d e"}, true);
  std::vector<std::string> texts; // of one length: more than one call holds
  for (int i = 0; i < 700; ++i)
    texts.push_back(i % 7 ? "a b" : "a b c");
  expectSameAsAlone(texts, false);
}

TEST(Text, ManyAreAllOrNothing) {
  toy::Opened opened(toy::build());
  sinter_session *session = nullptr;
  sinter_error error;
  ASSERT_EQ(sinter_session_create(opened.artifact, nullptr, &session, &error), SINTER_OK) << error.message;
  const float *vectors = nullptr;
  uint64_t width = 77;
  sinter_text texts[] = {{"a", 1}, {"a b c d e", 9}, {nullptr, 1}};
  EXPECT_EQ(sinter_embed_texts(session, texts, 2, nullptr, &vectors, &width, &error), SINTER_REFUSED);
  EXPECT_STREQ(error.message,
               "text 2: the text has 7 tokens, but the model takes at most 5 (truncate keeps the first ones)");
  EXPECT_EQ(sinter_embed_texts(session, texts + 2, 1, nullptr, &vectors, &width, &error), SINTER_INVALID_ARGUMENT);
  EXPECT_STREQ(error.message, "text 1 is a null pointer");
  EXPECT_EQ(sinter_embed_texts(session, texts, 0, nullptr, &vectors, &width, &error), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(vectors, nullptr);
  EXPECT_EQ(width, 77u);
  EXPECT_EQ(sinter_embed_texts(session, texts, 1, nullptr, &vectors, &width, &error), SINTER_OK) << error.message;
  sinter_session_destroy(session);
}

TEST(Text, ManyInACallThatIsRefused) {
  toy::Settings settings;
  settings.embedTokens = 8; // more than the function takes
  toy::Opened opened(toy::build(settings));
  sinter_session *session = nullptr;
  sinter_error error;
  ASSERT_EQ(sinter_session_create(opened.artifact, nullptr, &session, &error), SINTER_OK) << error.message;
  const float *vectors = nullptr;
  uint64_t width = 0;
  sinter_text texts[] = {{"a", 1}, {"a b c d e", 9}, {"b c d e f", 9}};
  EXPECT_EQ(sinter_embed_texts(session, texts, 3, nullptr, &vectors, &width, &error), SINTER_REFUSED);
  EXPECT_EQ(std::string(error.message).find("one of 2 texts of 7 tokens: "), 0u) << error.message;
  EXPECT_EQ(sinter_embed_texts(session, texts, 2, nullptr, &vectors, &width, &error), SINTER_REFUSED);
  EXPECT_EQ(std::string(error.message).find("text 2: "), 0u) << error.message;
  sinter_session_destroy(session);
}

TEST(Text, NoTokenizer) {
  toy::Settings settings;
  settings.tokenizer = false;
  toy::Opened opened(toy::build(settings));
  Tokens tokens = tokenize(opened.artifact, "a", 0);
  EXPECT_EQ(tokens.status, SINTER_NOT_FOUND);
  EXPECT_STREQ(tokens.error.message, "ToyModel was compiled without a tokenizer");
}

} // namespace
