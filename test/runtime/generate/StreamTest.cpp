// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text out of the loop: characters cut by tokens, stop strings over the borders of pieces, with and without beams.

#include "test/runtime/generate/FakeModel.h"

#include "frontend/tokenizer/Tokenizer.h"

using namespace sinter::generate;
using namespace sinter::generate::test;
using sinter::sample::StopString;

namespace {

/// Tokens 0 .. 7 are these; two of them are halves of one character.
const char *const json = R"({"version":"1.0","added_tokens":[{"id":0,"content":"<end>","single_word":false,"lstrip":false,
"rstrip":false,"normalized":false,"special":true}],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel",
"add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":null,"decoder":{"type":"ByteLevel",
"add_prefix_space":true,"trim_offsets":true,"use_regex":true},"model":{"type":"BPE","dropout":null,"unk_token":null,
"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
"vocab":{"<end>":0,"a":1,"b":2,"c":3,"d":4,"Ã":5,"©":6,"ab":7},"merges":["a b"]}})";

struct Text {
  Text() {
    std::string error;
    auto compiled = sinter::tokenizer::compileTokenizerJson(json, "test", error);
    EXPECT_TRUE(compiled) << error;
    blob = compiled ? compiled->blob : "";
    const char *message = nullptr;
    EXPECT_EQ(sinterTokenizerOpen(&tokenizer, blob.data(), blob.size(), &message), SINTER_TOKENIZER_OK);
  }
  std::string blob;
  SinterTokenizer tokenizer;
};

/// Answers a fixed list of tokens, whatever it is fed; other tokens are far behind in a fixed order.
FakeModel script(std::vector<int32_t> tokens, uint32_t prompt) {
  FakeModel model(8);
  model.spread = 1e-3;
  model.key = [=](auto &, uint32_t position, auto &) -> uint64_t {
    // A key for which the wanted token is the best.
    int32_t wanted = tokens[(position - prompt) % tokens.size()];
    for (uint64_t key = position * 1000;; ++key) {
      uint32_t best = 0;
      for (uint32_t v = 1; v < 8; ++v)
        if (tableLogit(key, v, 1) > tableLogit(key, best, 1))
          best = v;
      if (best == static_cast<uint32_t>(wanted))
        return key;
    }
  };
  return model;
}

struct Told {
  std::string text;
  std::vector<std::string> pieces;
  Finish finish = Finish::Running;
  static void piece(void *user, const Piece &piece) {
    auto *told = static_cast<Told *>(user);
    told->pieces.emplace_back(piece.text, piece.length);
    told->text += told->pieces.back();
    told->finish = piece.finish;
  }
};

} // namespace

TEST(Stream, HalfACharacterWaits) {
  Text text;
  FakeModel model = script({1, 5, 6, 2}, 1);
  Asked asked;
  Told told;
  asked.prompts = {{1}};
  asked.request.tokenizer = &text.tokenizer;
  asked.request.settings.maxNewTokens = 4;
  asked.request.listener = {Told::piece, &told};
  Found found = asked.run(model);
  EXPECT_EQ(found.texts[0], "aéb");
  EXPECT_EQ(told.pieces, (std::vector<std::string>{"a", "", "é", "b"}));
  asked.request.settings.maxNewTokens = 2; // what is left of it is a mark
  EXPECT_EQ(asked.run(model).texts[0], "a\xEF\xBF\xBD");
}

TEST(Stream, StopStringsOverPieces) {
  Text text;
  FakeModel model = script({1, 3, 7, 4, 7, 3, 2}, 1); // a c ab d ab c b
  Asked asked;
  Told told;
  asked.prompts = {{1}};
  asked.request.tokenizer = &text.tokenizer;
  asked.request.listener = {Told::piece, &told};
  StopString stop[] = {{"abc", 3}, {"zz", 2}};
  asked.request.settings.stopStrings = stop;
  asked.request.settings.stopStringCount = 2;
  asked.request.settings.maxNewTokens = 7;
  Found found = asked.run(model);
  EXPECT_EQ(found.texts[0], "acabd");
  EXPECT_EQ(found.tokens[0], (std::vector<int32_t>{1, 3, 7, 4, 7, 3}));
  EXPECT_EQ(found.finishes[0], Finish::StopString);
  EXPECT_EQ(told.text, "acabd");
  EXPECT_EQ(told.pieces, (std::vector<std::string>{"", "ac", "", "abd", "", ""}));
  asked.request.settings.maxNewTokens = 5; // the end gives back what was held
  found = asked.run(model);
  EXPECT_EQ(found.texts[0], "acabdab");
  EXPECT_EQ(found.finishes[0], Finish::Length);
}

TEST(Stream, StopTokensSayNothingWhereTheyAreSpecial) {
  Text text;
  FakeModel model = script({1, 2, 0, 3}, 1);
  Asked asked;
  const int32_t end = 0;
  asked.prompts = {{1}};
  asked.request.tokenizer = &text.tokenizer;
  asked.request.settings.stopTokens = &end;
  asked.request.settings.stopTokenCount = 1;
  Found found = asked.run(model);
  EXPECT_EQ(found.texts[0], "ab");
  EXPECT_EQ(found.finishes[0], Finish::StopToken);
  asked.request.showSpecial = true;
  EXPECT_EQ(asked.run(model).texts[0], "ab<end>");
}

TEST(Stream, StopStringsEndBeams) {
  Text text;
  FakeModel model = script({1, 3, 7, 4, 7, 3, 2}, 1);
  model.spread = 64; // the scripted token is far ahead
  Asked asked;
  asked.prompts = {{1}};
  asked.request.tokenizer = &text.tokenizer;
  StopString stop{"abc", 3};
  asked.request.settings.stopStrings = &stop;
  asked.request.settings.stopStringCount = 1;
  asked.request.settings.maxNewTokens = 7;
  asked.request.settings.beams = 2;
  Found found = asked.run(model);
  EXPECT_EQ(found.finishes[0], Finish::StopString);
  EXPECT_EQ(found.texts[0], "acabd");
  EXPECT_EQ(found.tokens[0], (std::vector<int32_t>{1, 3, 7, 4, 7, 3}));
}
