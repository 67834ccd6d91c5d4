// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What pipelines promise beyond equal ids: time, limits, pairs, special tokens
// in text, streams of whole characters, and safety on damaged tables.

#include "frontend/tokenizer/SentencePiece.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/format/Json.h"
#include "runtime/format/MappedFile.h"
#include "runtime/text/Tokenizer.h"
#include "test/runtime/text/Strings.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <random>

using namespace sinter;

namespace {

struct Loaded {
  std::string blob;
  SinterTokenizer view = {};

  Loaded() = default;
  explicit Loaded(const std::string &family) {
    std::string error;
    take(tokenizer::compileFolder(SINTER_SOURCE_DIR "/test/golden/pipelines/" + family, error), error);
  }
  Loaded(const std::string &json, int) {
    std::string error;
    take(tokenizer::compileTokenizerJson(json, "tokenizer.json", error), error);
  }
  void take(std::optional<tokenizer::CompiledTokenizer> compiled, const std::string &error) {
    ASSERT_TRUE(compiled) << error;
    blob = std::move(compiled->blob);
    const char *message = "";
    ASSERT_EQ(sinterTokenizerOpen(&view, blob.data(), blob.size(), &message), SINTER_TOKENIZER_OK) << message;
  }

  std::vector<int32_t> encode(const std::string &text, SinterEncodeOptions options = {0, 0, 0, 1, nullptr, 0}) const {
    SinterEncodeResult result;
    std::vector<int32_t> ids(3 * text.size() + 64);
    EXPECT_EQ(sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr, ids.size(),
                                    &result),
              SINTER_TOKENIZER_OK);
    ids.resize(result.count);
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

/// A tokenizer of letters cut by one pattern.
std::string byPattern(const std::string &pattern) {
  return R"({"model":{"type":"BPE","vocab":{"a":0,"b":1,"c":2," ":3,"aa":4,"\n":5},"merges":["a a"]},)"
         R"("pre_tokenizer":{"type":"Split","behavior":"Isolated","invert":false,"pattern":{"Regex":)" +
         format::jsonQuote(pattern) + "}}}";
}

double secondsFor(const Loaded &tokenizer, const std::string &text) {
  auto start = std::chrono::steady_clock::now();
  tokenizer.encode(text);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string repeated(const std::string &part, size_t bytes = 1 << 20) {
  std::string out;
  while (out.size() < bytes)
    out += part;
  return out;
}

/// Opens a copy of exactly this size and uses it if it opens.
bool survives(const std::string &blob) {
  std::unique_ptr<uint32_t[]> words(new uint32_t[(blob.size() + 3) / 4]);
  std::memcpy(words.get(), blob.data(), blob.size());
  SinterTokenizer view;
  if (sinterTokenizerOpen(&view, words.get(), blob.size(), nullptr) != SINTER_TOKENIZER_OK)
    return false;
  const std::string text =
      "The na\xc3\xafve <x> <s> word \xed\x95\x9c a\xcc\x81\xcc\x96 \xff zz 123 [MASK]  \n \xe2\x96\x81 don't";
  SinterEncodeOptions options = {0, 0, 1, 0, nullptr, 0};
  SinterEncodeResult result;
  std::vector<int32_t> ids(4096);
  sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr, ids.size(), &result);
  ids.resize(std::min<size_t>(result.count, ids.size()));
  sinterTokenizerEncodePair(&view, text.data(), 9, text.data(), text.size(), &options, nullptr, nullptr, nullptr, 0,
                            &result);
  SinterDecoder *decoder = sinterDecoderCreate(&view, 0);
  const char *out;
  size_t length;
  for (int32_t id : ids)
    sinterDecoderPut(decoder, id, &out, &length);
  sinterDecoderFinish(decoder, &out, &length);
  sinterDecoderDestroy(decoder);
  return true;
}

} // namespace

TEST(Pipeline, aMegabyteIsQuickWhateverItHolds) {
  for (const char *family :
       {"gpt2", "llama3", "deepseek", "llama2", "mistral", "gpt1", "clip", "possessive", "prefixed", "unigram_t5",
        "unigram_xlmr", "unigram_albert", "unigram_bytes", "spm_t5", "spm_llama", "spm_bpe", "spm_xlmr", "spm_marian"}) {
    Loaded tokenizer(family);
    for (const char *part : {"a", " ", "\n", "ab", "<", "<|", "\xff", "\xcc\x81\xcc\x96", "\xf0\x9f\x98\x80", " \n"})
      EXPECT_LT(secondsFor(tokenizer, repeated(part)), 10.0) << family << " on " << format::quoteForMessage(part);
  }
}

TEST(Pipeline, patternsThatLookFarAheadStayLinear) {
  // Each would look at the rest of the text again from every position.
  for (const char *pattern : {"a+b", "a+b|a", "(?:a|aa)+c|a", "a*?b|a", " +$|a"})
    EXPECT_LT(secondsFor(Loaded(byPattern(pattern), 0), repeated("a") + repeated(" ") + "a"), 10.0) << pattern;
}

TEST(Pipeline, patternsChooseAsASearchWould) {
  const char *const cases[][3] = {
      // pattern, text, pieces: letters merge only inside a piece
      {"a|aa", "aaaa", "a a a a"},    {"aa|a", "aaa", "aa a"},
      {"a+?", "aaa", "a a a"},        {"a{2}", "aaaaa", "aa aa a"},
      {"a(?!a)|b", "aaab", "aa a b"}, {"(?<=b)a", "baa", "b a a"},
      {"a??b", "aab", "a a b"},       {"(?:a(?=b))|(?:aa)", "aaab", "aa a b"},
      {"a$", "aa\na", "a a \n a"},    {"a^|\n^", "a\na\n", "a \n a \n"},
  };
  for (const auto &[pattern, text, pieces] : cases) {
    Loaded tokenizer(byPattern(pattern), 0);
    EXPECT_EQ(tokenizer.spell(tokenizer.encode(text)), pieces) << pattern;
  }
}

TEST(Pipeline, specialTokensInTextAreText) {
  Loaded tokenizer("gpt2");
  size_t plain = tokenizer.encode("<|endoftext|>").size();
  EXPECT_GT(plain, 1u);
  EXPECT_EQ(tokenizer.encode("<|endoftext|>", {0, 0, 1, 1, nullptr, 0}).size(), 1u);
  EXPECT_EQ(tokenizer.encode("<|endoftext|>", {0, 0, 1, 1, nullptr, 0}), std::vector<int32_t>{0});
}

TEST(Pipeline, pairsAreCutFromTheLonger) {
  Loaded tokenizer("mistral"); // <s> A </s> B </s>
  SinterEncodeResult result;
  int32_t ids[64], types[64];
  auto encode = [&](size_t most, int truncate, size_t capacity) {
    SinterEncodeOptions options = {most, truncate, 0, 0, nullptr, 0};
    return sinterTokenizerEncodePair(&tokenizer.view, "a", 1, "x y z x y z", 11, &options, ids, types, nullptr,
                                     capacity, &result);
  };
  ASSERT_EQ(encode(0, 0, 64), SINTER_TOKENIZER_OK);
  size_t full = result.count;
  EXPECT_EQ(ids[0], 1);
  EXPECT_EQ(ids[full - 1], 2);
  EXPECT_EQ(types[0], 0);
  EXPECT_EQ(types[full - 1], 1);
  EXPECT_EQ(encode(full - 1, 0, 64), SINTER_TOKENIZER_TOO_LONG);
  EXPECT_EQ(result.fullCount, full);
  EXPECT_EQ(encode(6, 1, 64), SINTER_TOKENIZER_OK);
  EXPECT_EQ(result.count, 6u);
  EXPECT_EQ(ids[5], 2);
  EXPECT_EQ(encode(2, 1, 64), SINTER_TOKENIZER_BAD_LIMIT);
  EXPECT_EQ(encode(0, 0, full - 1), SINTER_TOKENIZER_SMALL_BUFFER);
  EXPECT_EQ(result.count, full);
}

TEST(Pipeline, charactersLeaveWhole) {
  Loaded tokenizer("gpt2");
  std::string text = "\xf0\x9f\x98\x80";
  std::vector<int32_t> ids = tokenizer.encode(text);
  ASSERT_GT(ids.size(), 1u);
  SinterDecoder *decoder = sinterDecoderCreate(&tokenizer.view, 0);
  const char *out;
  size_t length;
  for (size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(sinterDecoderPut(decoder, ids[i], &out, &length), SINTER_TOKENIZER_OK);
    EXPECT_EQ(length, i + 1 < ids.size() ? 0u : 4u);
  }
  // What never becomes whole is U+FFFD at the end; ids beyond the table are nothing.
  ASSERT_EQ(sinterDecoderPut(decoder, ids[0], &out, &length), SINTER_TOKENIZER_OK);
  ASSERT_EQ(sinterDecoderPut(decoder, -1, &out, &length), SINTER_TOKENIZER_OK);
  ASSERT_EQ(sinterDecoderPut(decoder, 1 << 30, &out, &length), SINTER_TOKENIZER_OK);
  EXPECT_EQ(length, 0u);
  ASSERT_EQ(sinterDecoderFinish(decoder, &out, &length), SINTER_TOKENIZER_OK);
  EXPECT_EQ(std::string(out, length), "\xEF\xBF\xBD");
  sinterDecoderDestroy(decoder);
}

/// Decoding all ids at once.
static std::string decoded(const Loaded &tokenizer, const std::vector<int32_t> &ids) {
  SinterDecoder *decoder = sinterDecoderCreate(&tokenizer.view, 1);
  std::string out;
  const char *text;
  size_t length;
  for (int32_t id : ids) {
    EXPECT_EQ(sinterDecoderPut(decoder, id, &text, &length), SINTER_TOKENIZER_OK);
    out.append(text, length);
  }
  EXPECT_EQ(sinterDecoderFinish(decoder, &text, &length), SINTER_TOKENIZER_OK);
  out.append(text, length);
  sinterDecoderDestroy(decoder);
  return out;
}

TEST(Pipeline, whatLosesNothingComesBack) {
  test::Strings strings(SINTER_SOURCE_DIR "/test/golden/pipelines");
  ASSERT_TRUE(strings.ok);
  Loaded bytes("gpt2"), sentence("spm_llama");
  for (uint64_t index = 0; index < 3000; ++index) {
    std::string text = strings.make(index), again = decoded(bytes, bytes.encode(text));
    // Broken bytes are U+FFFD from then on.
    EXPECT_EQ(decoded(bytes, bytes.encode(again)), again);
    // U+2581 is a space for SentencePiece.
    std::string wanted;
    for (size_t at = 0; at < again.size(); ++at) {
      bool space = again.compare(at, 3, "\xe2\x96\x81") == 0;
      wanted += space ? ' ' : again[at];
      at += space ? 2 : 0;
    }
    EXPECT_EQ(decoded(sentence, sentence.encode(text)), wanted);
  }
}

TEST(Pipeline, sentencesAndTheirSpecialTokens) {
  Loaded tokenizer("spm_t5"); // <pad> </s> <unk> … <extra_id_4> … <extra_id_0>
  std::vector<int32_t> plain = tokenizer.encode("a</s>b", {0, 0, 0, 0, nullptr, 0}), special = tokenizer.encode("a</s>b", {0, 0, 1, 0, nullptr, 0});
  EXPECT_GT(plain.size(), special.size());
  EXPECT_EQ(std::count(special.begin(), special.end(), 1), 2);
  EXPECT_EQ(special.back(), 1);
  std::vector<int32_t> extra = tokenizer.encode("<extra_id_0><extra_id_4>", {0, 0, 1, 1, nullptr, 0});
  ASSERT_EQ(extra.size(), 2u);
  EXPECT_EQ(extra[0], static_cast<int32_t>(tokenizer.view.header->idCount) - 1);
  EXPECT_EQ(extra[1], extra[0] - 4);
  // Marian's code stands in front, known or not, and nowhere else.
  Loaded marian("spm_marian");
  auto known = marian.encode(">>fra<< a"), unknown = marian.encode(">>xx<< a"), inside = marian.encode("a >>fra<<");
  EXPECT_EQ(marian.spell(known).substr(0, 7), ">>fra<<");
  EXPECT_EQ(unknown[0], 1);
  EXPECT_EQ(std::vector<int32_t>(known.begin() + 1, known.end()), std::vector<int32_t>(unknown.begin() + 1, unknown.end()));
  EXPECT_EQ(std::count(inside.begin(), inside.end(), known[0]), 0);
}

TEST(Pipeline, plainRangesAreCountedFromTheLanguageCode) {
  Loaded marian("spm_marian");
  SinterTextRange behind = {8, 100}, front = {0, 8};
  auto ends = [&](const SinterTextRange &plain) {
    SinterEncodeOptions options = {0, 0, 1, 1, nullptr, 0};
    options.plain = &plain;
    options.plainCount = 1;
    std::vector<int32_t> ids = marian.encode(">>fra<< </s> a", options);
    return std::count(ids.begin(), ids.end(), 0);
  };
  EXPECT_EQ(ends(behind), 0);
  EXPECT_EQ(ends(front), 1);
}

TEST(Pipeline, aSpaceInFrontOfEveryStretchOrOfTheTextAlone) {
  std::string model, error;
  ASSERT_TRUE(format::readFile(SINTER_SOURCE_DIR "/test/golden/pipelines/spm_llama/tokenizer.model", 1 << 20, model, error));
  for (bool legacy : {true, false}) {
    Loaded tokenizer;
    tokenizer.take(tokenizer::compileSentenceModel(
                       {model, legacy ? "" : R"({"tokenizer_class":"LlamaTokenizer","legacy":false})",
                        R"({"model_type":"llama"})", ""},
                       "folder", "tokenizer.model", error),
                   error);
    EXPECT_EQ(tokenizer.spell(tokenizer.encode("a</s>a", {0, 0, 1, 0, nullptr, 0})),
              legacy ? "<s> \xe2\x96\x81""a </s> \xe2\x96\x81""a" : "<s> \xe2\x96\x81""a </s> a");
  }
}

TEST(Pipeline, pathologicalPiecesStayLinear) {
  // Pieces of a up to 16, 64 and 256 long: a walk is bounded by the longest.
  for (size_t longest : {16u, 64u, 256u}) {
    std::string vocabulary = "[\"<unk>\",0]";
    for (size_t length = 1; length <= longest; ++length)
      vocabulary += ",[\"" + std::string(length, 'a') + "\",-" + std::to_string(length) + ".5]";
    Loaded tokenizer(R"({"model":{"type":"Unigram","unk_id":0,"vocab":[)" + vocabulary + "]}}", 0);
    EXPECT_LT(secondsFor(tokenizer, repeated("a")), 10.0) << longest;
  }
}

TEST(Pipeline, sameInputSameBytes) { EXPECT_EQ(Loaded("llama2").blob, Loaded("llama2").blob); }

TEST(Pipeline, cutOrExtendedIsRefused) {
  std::string blob = Loaded("llama2").blob;
  ASSERT_TRUE(survives(blob));
  EXPECT_FALSE(survives(blob + std::string(4, '\0')));
  for (size_t size = 0; size < blob.size(); size += 1 + size / 3)
    EXPECT_FALSE(survives(blob.substr(0, size))) << size;
}

TEST(Pipeline, damageIsContained) {
  for (const char *family : {"llama2", "plain", "prefixed", "deepseek", "unigram_bytes", "spm_bpe", "spm_marian"}) {
    std::string blob = Loaded(family).blob;
    for (size_t at = 16; at < sizeof(SinterTokenizerHeader); at += 4)
      for (uint32_t value : {0u, 1u, 2u, 3u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFCu, 0xFFFFFFFFu}) {
        std::string damaged = blob;
        std::memcpy(damaged.data() + at, &value, 4);
        survives(damaged);
      }
    std::mt19937 random(20240229);
    unsigned refused = 0;
    for (int round = 0; round < 400; ++round) {
      std::string damaged = blob;
      for (unsigned n = 1 + random() % 6; n > 0; --n) {
        size_t at = random() % 3 == 0 ? random() % sizeof(SinterTokenizerHeader) : random() % damaged.size();
        damaged[at] = static_cast<char>(random());
      }
      refused += !survives(damaged);
    }
    EXPECT_GT(refused, 50u) << family;
  }
}
