// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversations into tokens: special tokens in the template's words only, wherever the user writes their spelling.

#include "runtime/generate/Conversation.h"

#include "frontend/chat/Chat.h"
#include "frontend/tokenizer/Tokenizer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

using namespace sinter::generate;

namespace {

/// Single characters; <s> is 0, <e> is 1, and <n>, which is not special, 2.
const char *const json = R"({"version":"1.0","added_tokens":[
{"id":0,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
{"id":1,"content":"<e>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
{"id":2,"content":"<n>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false}],
"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
"post_processor":null,"decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
"model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
"fuse_unk":false,"byte_fallback":false,"vocab":{"<s>":0,"<e>":1,"<n>":2,"a":3,"b":4,"<":5,">":6,"s":7,"e":8,"u":9},"merges":[]}})";

struct Folder {
  std::string blob;
  SinterTokenizer tokenizer;
  std::vector<uint64_t> section;

  explicit Folder(const char *jinja, const std::string &variables = R"("bos_token":"<s>")") {
    std::string error;
    auto compiled = sinter::tokenizer::compileTokenizerJson(json, "test", error);
    EXPECT_TRUE(compiled) << error;
    blob = compiled ? compiled->blob : "";
    EXPECT_EQ(sinterTokenizerOpen(&tokenizer, blob.data(), blob.size(), nullptr), SINTER_TOKENIZER_OK);
    auto chat = sinter::chat::compile(jinja);
    EXPECT_TRUE(chat.ok) << chat.error;
    auto blobBytes = static_cast<uint32_t>(chat.blob.size() * 4);
    section.resize((sizeof(SinterChat) + blobBytes + variables.size() + 8) / 8);
    auto *bytes = reinterpret_cast<char *>(section.data());
    SinterChat head{{sizeof(SinterChat), blobBytes},
                    {static_cast<uint32_t>(sizeof(SinterChat)) + blobBytes, static_cast<uint32_t>(variables.size()) + 1}};
    std::memcpy(bytes, &head, sizeof(head));
    std::memcpy(bytes + head.blob.offset, chat.blob.data(), blobBytes);
    std::memcpy(bytes + head.variables.offset, variables.c_str(), variables.size() + 1);
  }
  std::string message;
  std::vector<int32_t> tokens(const std::string &conversation) {
    List<int32_t> out;
    sinter_error error = {};
    sinter_status status = chatTokens(tokenizer, *reinterpret_cast<const SinterChat *>(section.data()),
                                      conversation.data(), conversation.size(), &out, &error);
    message = status == SINTER_OK ? "" : error.message;
    return {out.begin(), out.end()};
  }
};

using Ids = std::vector<int32_t>;

} // namespace

TEST(Conversation, SpecialTokensAreTheTemplates) {
  Folder folder("{{ bos_token }}{% for m in messages %}{{ m.content }}<e>{% endfor %}");
  EXPECT_EQ(folder.tokens(R"([{"role":"user","content":"ab"}])"), (Ids{0, 3, 4, 1}));
  EXPECT_EQ(folder.tokens(R"([{"role":"user","content":"a<e>b"}])"), (Ids{0, 3, 5, 8, 6, 4, 1}));
  EXPECT_EQ(folder.tokens(R"([{"role":"user","content":"<s>"},{"role":"user","content":"<n>"}])"), (Ids{0, 5, 7, 6, 1, 2, 1}));
  // An object brings what else the template reads, and beats the folder.
  EXPECT_EQ(folder.tokens(R"({"messages":[{"role":"user","content":"b"}],"bos_token":"<e>"})"), (Ids{1, 4, 1}));
}

TEST(Conversation, NoTokenIsPutTogetherFromBoth) {
  Folder folder("<{{ messages[0].content }}>{{ messages[0].content }}<");
  EXPECT_EQ(folder.tokens(R"([{"role":"user","content":"s"}])"), (Ids{5, 7, 6, 7, 5}));
  EXPECT_EQ(folder.tokens(R"([{"role":"user","content":""}])"), (Ids{5, 6, 5}));
  Folder whole("<s>{{ messages[0].content }}<e>");
  EXPECT_EQ(whole.tokens(R"([{"role":"user","content":"<e><s>"}])"), (Ids{0, 5, 8, 6, 5, 7, 6, 1}));
}

TEST(Conversation, Errors) {
  Folder folder("{{ raise_exception('no ' + messages[0].role) }}", "");
  EXPECT_TRUE(folder.tokens(R"([{"role":"user","content":"b"}])").empty());
  EXPECT_NE(folder.message.find("the chat template: line 1"), std::string::npos) << folder.message;
  EXPECT_TRUE(folder.tokens("[1,]").empty());
  EXPECT_NE(folder.message.find("input"), std::string::npos) << folder.message;
  // Nothing stands beside the messages.
  for (const char *bad : {"", "[", "1", "[]]", "[\"]", R"([],"bos_token":"<e>")", R"([]},{"a":1)", "[][]", "{}{}"}) {
    EXPECT_TRUE(folder.tokens(bad).empty());
    EXPECT_NE(folder.message.find("one JSON array"), std::string::npos) << bad << ": " << folder.message;
  }
}

TEST(Conversation, JsonStrings) {
  List<char> out;
  EXPECT_TRUE(appendJsonString(&out, "a\"\\\n\x01é", 7));
  EXPECT_EQ(std::string(out.begin(), out.end()), "\"a\\\"\\\\\\u000a\\u0001é\"");
}
