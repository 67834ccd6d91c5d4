// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ids against those of the Hugging Face tokenizers library
// (test/golden/tokenizer), and what encoding promises about limits, special
// tokens, broken bytes and time.

#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/format/Json.h"
#include "runtime/text/Tokenizer.h"

#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace sinter;

namespace {

const std::string goldens = SINTER_SOURCE_DIR "/test/golden/tokenizer";

struct Loaded {
  std::string blob;
  SinterTokenizer view;

  explicit Loaded(const std::string &folder) {
    std::string error;
    std::optional<tokenizer::CompiledTokenizer> compiled = tokenizer::compileFolder(goldens + "/" + folder, error);
    EXPECT_TRUE(compiled) << error;
    blob = compiled ? std::move(compiled->blob) : std::string();
    const char *message = nullptr;
    EXPECT_EQ(sinterTokenizerOpen(&view, blob.data(), blob.size(), &message), SINTER_TOKENIZER_OK)
        << (message ? message : "");
  }

  std::vector<int32_t> encode(const std::string &text, SinterEncodeOptions options = {}) const {
    SinterEncodeResult result;
    SinterTokenizerStatus status =
        sinterTokenizerEncode(&view, text.data(), text.size(), &options, nullptr, nullptr, nullptr, 0, &result);
    std::vector<int32_t> ids(result.count);
    if (status == SINTER_TOKENIZER_SMALL_BUFFER)
      status = sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr,
                                     ids.size(), &result);
    EXPECT_EQ(status, SINTER_TOKENIZER_OK) << sinterTokenizerStatusText(status);
    return ids;
  }

  std::string spell(const std::vector<int32_t> &ids) const {
    std::string out;
    for (int32_t id : ids) {
      size_t length = 0;
      const char *text = sinterTokenizerSpelling(&view, static_cast<uint32_t>(id), &length);
      out += (out.empty() ? "" : " ") + (text ? std::string(text, length) : "?");
    }
    return out;
  }
};

std::vector<int32_t> integers(const format::JsonValue &list) {
  std::vector<int32_t> out;
  for (const format::JsonValue &item : list.items())
    out.push_back(static_cast<int32_t>(item.asInt()));
  return out;
}

void replay(const std::string &folder, const std::string &column) {
  Loaded tokenizer(folder);
  format::JsonResult cases = format::parseJsonFile(goldens + "/cases.json");
  ASSERT_TRUE(cases.ok) << cases.error;
  ASSERT_GE(cases.root.size(), 300u);
  for (const format::JsonValue &entry : cases.root.items()) {
    const std::string &text = entry.find("text")->asString();
    EXPECT_EQ(tokenizer.encode(text), integers(*entry.find(column))) << format::quoteForMessage(text, 400);
    const format::JsonValue *special = entry.find(column + "_special");
    EXPECT_EQ(tokenizer.encode(text, {0, 0, 1, 0, nullptr, 0}), integers(special ? *special : *entry.find(column)))
        << format::quoteForMessage(text, 400);
  }
}

} // namespace

TEST(WordPiece, goldenUncased) { replay("uncased", "uncased"); }
TEST(WordPiece, goldenCased) { replay("cased", "cased"); }
TEST(WordPiece, goldenMixedOptions) { replay("mixed", "mixed"); }
TEST(WordPiece, goldenFromVocabulary) { replay("vocabulary", "uncased"); }

TEST(WordPiece, specialTokensInTextAreText) {
  Loaded tokenizer("uncased");
  EXPECT_EQ(tokenizer.spell(tokenizer.encode("the [SEP]")), "[CLS] the [ s ##e ##p ] [SEP]");
  EXPECT_EQ(tokenizer.spell(tokenizer.encode("the [SEP]", {0, 0, 1, 0, nullptr, 0})), "[CLS] the [SEP] [SEP]");
  EXPECT_EQ(tokenizer.spell(tokenizer.encode("the", {0, 0, 0, 1, nullptr, 0})), "the");
}

TEST(WordPiece, tooLongIsAnErrorUnlessTruncated) {
  Loaded tokenizer("uncased");
  const char text[] = "the the the the the";
  int32_t ids[8], types[8], mask[8];
  SinterEncodeResult result;
  auto encode = [&](size_t most, int truncate, size_t capacity) {
    SinterEncodeOptions options = {most, truncate, 0, 0, nullptr, 0};
    return sinterTokenizerEncode(&tokenizer.view, text, sizeof(text) - 1, &options, ids, types, mask, capacity,
                                 &result);
  };
  EXPECT_EQ(encode(7, 0, 8), SINTER_TOKENIZER_OK);
  EXPECT_EQ(result.count, 7u);
  EXPECT_EQ(encode(6, 0, 8), SINTER_TOKENIZER_TOO_LONG);
  EXPECT_EQ(result.fullCount, 7u);
  EXPECT_EQ(encode(4, 1, 8), SINTER_TOKENIZER_OK);
  EXPECT_EQ(result.count, 4u);
  EXPECT_EQ(result.fullCount, 7u);
  EXPECT_EQ(tokenizer.spell({ids, ids + 4}), "[CLS] the the [SEP]");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(types[i], 0);
    EXPECT_EQ(mask[i], 1);
  }
  EXPECT_EQ(encode(2, 1, 8), SINTER_TOKENIZER_OK);
  EXPECT_EQ(tokenizer.spell({ids, ids + 2}), "[CLS] [SEP]");
  EXPECT_EQ(encode(1, 1, 8), SINTER_TOKENIZER_BAD_LIMIT);
  EXPECT_EQ(encode(0, 0, 6), SINTER_TOKENIZER_SMALL_BUFFER);
  EXPECT_EQ(result.count, 7u);
}

TEST(WordPiece, smallBuffersAreNotOverrun) {
  Loaded tokenizer("uncased");
  std::string text = "unable unable unful <x> \u4E2D z\u0301";
  size_t full = tokenizer.encode(text).size();
  for (size_t capacity = 0; capacity <= full; ++capacity) {
    std::vector<int32_t> ids(full + 1, -7);
    SinterEncodeResult result;
    SinterTokenizerStatus status = sinterTokenizerEncode(&tokenizer.view, text.data(), text.size(), nullptr, ids.data(),
                                                         nullptr, nullptr, capacity, &result);
    EXPECT_EQ(status, capacity < full ? SINTER_TOKENIZER_SMALL_BUFFER : SINTER_TOKENIZER_OK);
    EXPECT_EQ(result.count, full);
    for (size_t i = capacity; i < ids.size(); ++i)
      EXPECT_EQ(ids[i], -7) << "capacity " << capacity << " at " << i;
  }
}

TEST(WordPiece, brokenBytesAreReplacementCharacters) {
  Loaded cleaned("uncased"), kept("mixed");
  // Cleaning removes U+FFFD; without it each broken sequence is one character.
  EXPECT_EQ(cleaned.encode("th\xff\xc3(e"), cleaned.encode("th(e"));
  const char *const broken[][2] = {
      {"\xff", "\uFFFD"},
      {"\xc3(", "\uFFFD("},
      {"\xe4\xb8", "\uFFFD"},
      {"\xe4\xb8\xe4\xb8\xad", "\uFFFD\u4E2D"},
      {"\xf0\x9f\x98 a", "\uFFFD a"},
      {"\xc0\xaf", "\uFFFD\uFFFD"},
      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\x80", "\uFFFD"},
  };
  for (const auto &[bytes, replaced] : broken) {
    EXPECT_EQ(kept.encode(bytes), kept.encode(replaced)) << format::quoteForMessage(bytes);
    // 20 characters are a word, 21 are unknown: counts each replacement.
    size_t count = std::string(replaced).size() / 3;
    if (std::string(replaced).find_first_of("( a\u4E2D") == std::string::npos)
      EXPECT_EQ(kept.encode("the" + std::string(bytes) + std::string(17 - count, 'a')),
                kept.encode("the" + std::string(replaced) + std::string(17 - count, 'a')));
  }
}

TEST(WordPiece, aMegabyteOfAnythingIsQuick) {
  Loaded tokenizer("uncased");
  std::string marks = "a", ideographs, words, brackets;
  while (marks.size() < (1 << 20)) {
    marks += "\u302E\U0001D165\u0316";
    ideographs += "\u4E2D";
    words += "unableunful";
    brackets += "[[MASK";
  }
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(tokenizer.encode(std::string(1 << 20, 'a')).size(), 3u);
  EXPECT_EQ(tokenizer.encode(marks).size(), 3u);
  EXPECT_EQ(tokenizer.encode(words).size(), 3u);
  EXPECT_GT(tokenizer.encode(ideographs).size(), 1000u);
  tokenizer.encode(brackets, {0, 0, 1, 0, nullptr, 0});
  tokenizer.encode(std::string(1 << 20, '\xff'));
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_LT(seconds, 10.0) << "a quadratic step takes hours";
}
