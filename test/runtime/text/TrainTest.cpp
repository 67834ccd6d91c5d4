// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning tokenizers: the same merges and vocabularies as the Hugging Face
// tokenizers library where it is deterministic (test/golden/trained), the
// published example of byte-pair encoding, the likelihood of what Unigram
// learns, and what holds for any text.

#include "frontend/tokenizer/Train.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/format/Json.h"
#include "runtime/text/Tokenizer.h"
#include "test/runtime/text/Strings.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

using namespace sinter;
using namespace sinter::tokenizer;

namespace {

const std::string goldens = SINTER_SOURCE_DIR "/test/golden/trained";

std::string contents(const std::string &name) {
  std::stringstream text;
  text << std::ifstream(goldens + "/" + name, std::ios::binary).rdbuf();
  return text.str();
}

std::string learn(const TrainOptions &options, const std::string &text, size_t step = 1000) {
  Trainer trainer(options);
  std::string error;
  EXPECT_TRUE(trainer.start(error)) << error;
  for (size_t at = 0; at < text.size(); at += step)
    EXPECT_TRUE(trainer.add(std::string_view(text).substr(at, step)));
  std::string json = trainer.finish(error);
  EXPECT_NE(json, "") << error;
  return json;
}

format::JsonValue modelOf(const std::string &json) {
  format::JsonResult parsed = format::parseJson(json, {64 << 20, 64, 1 << 20});
  EXPECT_TRUE(parsed.ok) << parsed.error;
  return parsed.ok ? *parsed.root.find("model") : format::JsonValue();
}

std::vector<std::string> mergesOf(const std::string &json) {
  format::JsonValue model = modelOf(json);
  std::vector<std::string> out;
  for (const format::JsonValue &merge : model.find("merges")->items())
    out.push_back(merge.items()[0].asString() + " " + merge.items()[1].asString());
  return out;
}

std::map<std::string, int64_t> vocabularyOf(const std::string &json) {
  format::JsonValue model = modelOf(json);
  std::map<std::string, int64_t> out;
  for (const auto &[token, id] : model.find("vocab")->members())
    out[token] = id.asInt();
  return out;
}

struct Learned {
  std::string blob;
  SinterTokenizer view = {};

  explicit Learned(const std::string &json) {
    std::string error;
    auto compiled = compileTokenizerJson(json, "tokenizer.json", error);
    EXPECT_TRUE(compiled) << error;
    if (!compiled)
      return;
    blob = std::move(compiled->blob);
    EXPECT_EQ(sinterTokenizerOpen(&view, blob.data(), blob.size(), nullptr), SINTER_TOKENIZER_OK);
  }
  std::vector<std::string> encode(const std::string &text) const {
    std::vector<int32_t> ids(4 * text.size() + 16);
    SinterEncodeOptions options = {0, 0, 0, 1, nullptr, 0};
    SinterEncodeResult result;
    EXPECT_EQ(sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr,
                                    ids.size(), &result),
              SINTER_TOKENIZER_OK);
    std::vector<std::string> out;
    for (size_t i = 0; i < result.count; ++i) {
      size_t length = 0;
      const char *spelled = sinterTokenizerSpelling(&view, static_cast<uint32_t>(ids[i]), &length);
      out.emplace_back(spelled, length);
    }
    return out;
  }
};

} // namespace

TEST(Train, thePublishedExampleOfBytePairs) {
  std::string text;
  for (auto [word, count] : {std::pair("low_", 5), {"lowest_", 2}, {"newer_", 6}, {"wider_", 3}, {"new_", 2}})
    for (int i = 0; i < count; ++i)
      text += std::string(word) + " ";
  TrainOptions options;
  options.firstOfEquals = true;
  options.vocabularySize = 1 + 11 + 8; // the unknown token, the letters, eight merges
  std::string json = learn(options, text + "\n");
  EXPECT_EQ(mergesOf(json), (std::vector<std::string>{"e r", "er _", "n e", "ne w", "l o", "lo w", "new er_", "low _"}));
  Learned learned(json);
  EXPECT_EQ(learned.encode("newer_"), std::vector<std::string>{"newer_"});
  EXPECT_EQ(learned.encode("lower_"), (std::vector<std::string>{"low", "er_"}));
}

TEST(Train, bytePairsAsTheLibrary) {
  struct Case {
    const char *name;
    bool byteLevel;
    uint64_t minFrequency, maxTokenLength, size;
  };
  for (const Case &c : {Case{"bpe", false, 0, 0, 900}, {"bpe_bytes", true, 0, 0, 900}, {"bpe_min", false, 5, 4, 3000}}) {
    TrainOptions options;
    options.byteLevel = c.byteLevel;
    options.minFrequency = c.minFrequency;
    options.maxTokenLength = c.maxTokenLength;
    options.vocabularySize = c.size;
    options.special = c.byteLevel ? std::vector<std::string>{"<|endoftext|>"} : std::vector<std::string>{"<unk>", "<s>"};
    std::string mine = learn(options, contents("corpus.txt")), theirs = contents(std::string(c.name) + ".json");
    EXPECT_EQ(mergesOf(mine), mergesOf(theirs)) << c.name;
    EXPECT_EQ(vocabularyOf(mine), vocabularyOf(theirs)) << c.name;
  }
}

TEST(Train, wordPiecesAsTheLibrary) {
  TrainOptions options;
  options.kind = TrainOptions::WordPiece;
  options.vocabularySize = 130;
  options.special = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  // Which of equal pairs comes first is left to chance there: the corpus has none that matter.
  std::set<std::string> mine, theirs;
  for (const auto &[token, id] : vocabularyOf(learn(options, contents("words.txt"))))
    mine.insert(token);
  for (const auto &[token, id] : vocabularyOf(contents("wordpiece.json")))
    theirs.insert(token);
  EXPECT_EQ(mine, theirs);
}

static std::map<std::string, double> piecesOf(const std::string &json) {
  format::JsonValue model = modelOf(json);
  std::map<std::string, double> scores;
  for (const format::JsonValue &piece : model.find("vocab")->items())
    scores[piece.items()[0].asString()] = piece.items()[1].asDouble();
  return scores;
}

/// Minus the log-likelihood of the best cuts, a character.
static double lossOf(const std::string &json, const std::string &text) {
  Learned learned(json);
  std::map<std::string, double> scores = piecesOf(json);
  double sum = 0.0;
  std::stringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    for (const std::string &piece : learned.encode(line))
      sum -= scores[piece];
  return sum / static_cast<double>(text.size());
}

TEST(Train, unigramIsAsLikelyAsTheLibrarys) {
  TrainOptions options;
  options.kind = TrainOptions::Unigram;
  for (uint64_t size : {300u, 600u}) {
    options.vocabularySize = size;
    std::string text = contents("corpus.txt"), mine = learn(options, text);
    std::string theirs = contents("unigram_" + std::to_string(size) + ".json");
    std::map<std::string, double> a = piecesOf(mine), b = piecesOf(theirs);
    EXPECT_EQ(a.size(), b.size());
    double ours = lossOf(mine, text), others = lossOf(theirs, text);
    EXPECT_LT(std::fabs(ours / others - 1.0), 0.01) << ours << " and " << others;
    size_t both = 0;
    for (const auto &[piece, score] : a)
      both += b.count(piece);
    EXPECT_GT(both, a.size() * 9 / 10);
  }
}

TEST(Train, theSameTextTheSameBytes) {
  std::string text = contents("corpus.txt");
  for (auto kind : {TrainOptions::BytePairs, TrainOptions::WordPiece, TrainOptions::Unigram}) {
    TrainOptions options;
    options.kind = kind;
    options.vocabularySize = 500;
    options.limitAlphabet = kind == TrainOptions::Unigram ? 0 : 60;
    EXPECT_EQ(learn(options, text, 1000), learn(options, text, 17));
  }
}

TEST(Train, suffixesAreInOrder) {
  test::SplitMix random(7);
  for (uint32_t letters : {1u, 2u, 5u}) {
    std::vector<uint32_t> text(300), places, common;
    for (uint32_t &symbol : text)
      symbol = static_cast<uint32_t>(random.below(letters));
    sortSuffixes(text, places, common);
    for (size_t i = 1; i < places.size(); ++i) {
      auto a = text.begin() + places[i - 1], b = text.begin() + places[i];
      ASSERT_TRUE(std::lexicographical_compare(a, text.end(), b, text.end()));
      size_t shared = static_cast<size_t>(std::mismatch(a, text.end(), b, text.end()).first - a);
      ASSERT_EQ(common[i], shared);
    }
  }
}

TEST(Train, oddTextsAreLearnedFromQuickly) {
  std::string many;
  for (int i = 0; i < 1 << 18; ++i)
    many += "a";
  for (auto kind : {TrainOptions::BytePairs, TrainOptions::WordPiece, TrainOptions::Unigram})
    for (const std::string &text : {many, std::string("\xff\xfe\0\n\r \xe2\x96\x81", 8), std::string("x")}) {
      TrainOptions options;
      options.kind = kind;
      options.vocabularySize = 300;
      auto start = std::chrono::steady_clock::now();
      learn(options, text + " b\n");
      EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 20.0);
    }
}

TEST(Train, impossibleWishesAreNamed) {
  std::string error;
  TrainOptions options;
  options.vocabularySize = 1;
  EXPECT_FALSE(Trainer(options).start(error));
  EXPECT_EQ(error, "a vocabulary of 1 tokens is not possible, between 2 and 4194304 is");
  options.vocabularySize = 100;
  options.special = {"<s>", "<s>"};
  EXPECT_FALSE(Trainer(options).start(error));
  EXPECT_EQ(error, "the special token '<s>' is given twice");
  options.special = {};
  options.kind = TrainOptions::Unigram;
  options.byteLevel = true;
  EXPECT_FALSE(Trainer(options).start(error));
  EXPECT_EQ(error, "only BPE can be learned on bytes");
  options.byteLevel = false;
  Trainer nothing(options);
  EXPECT_TRUE(nothing.start(error));
  EXPECT_EQ(nothing.finish(error), "");
  EXPECT_EQ(error, "the texts hold no words to learn from");
}
