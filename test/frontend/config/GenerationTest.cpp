// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a folder says about generating: keys of generation_config.json, of config.json in its place, chat templates.
#include "frontend/config/HfFolder.h"
#include "test/frontend/ExpectGolden.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

/// A folder with these files.
struct Opened {
  TemporaryFolder place;
  DiagnosticEngine diags;
  std::unique_ptr<HfFolder> folder;
  explicit Opened(const std::vector<std::pair<std::string, std::string>> &files) {
    for (const auto &[name, text] : files)
      place.write("m/" + name, text);
    folder = HfFolder::open("m", diags);
    EXPECT_TRUE(folder);
  }
  GenerationConfig generation() {
    GenerationConfig config;
    EXPECT_TRUE(folder->readGeneration(config, diags)) << diags.render();
    return config;
  }
};

void golden(const std::string &name, const std::string &json) {
  Opened opened({{"config.json", "{}"}, {"generation_config.json", json}});
  GenerationConfig config;
  EXPECT_FALSE(opened.folder->readGeneration(config, opened.diags));
  expectGolden("diagnostics/" + name + ".expected", opened.diags.render());
}

} // namespace

TEST(Generation, OwnFile) {
  Opened opened({{"config.json", R"({"eos_token_id": 7, "num_beams": 9})"}, {"generation_config.json", R"({
    "_from_model_config": true, "bos_token_id": 1, "eos_token_id": [2, 3], "pad_token_id": 0, "forced_eos_token_id": 2,
    "do_sample": true, "temperature": 0.6, "top_p": 0.9, "top_k": 20, "num_beams": 1, "early_stopping": "never",
    "bad_words_ids": [[5], [6, 7]], "suppress_tokens": [8], "max_length": 512, "typical_p": 1.0, "guidance_scale": null,
    "renormalize_logits": false, "transformers_version": "5.23.0"})"}});
  GenerationConfig c = opened.generation();
  EXPECT_EQ(c.eos, (std::vector<int32_t>{2, 3}));
  EXPECT_EQ(c.bos, 1);
  EXPECT_EQ(c.pad, 0);
  EXPECT_EQ(c.decoderStart, 1); // the begin of a text, where no other is named
  EXPECT_EQ(c.forcedLast, 2);
  EXPECT_TRUE(c.sampling);
  EXPECT_DOUBLE_EQ(c.temperature, 0.6);
  EXPECT_DOUBLE_EQ(c.topP, 0.9);
  EXPECT_EQ(c.topK, 20u);
  EXPECT_EQ(c.beams, 1u);
  EXPECT_EQ(c.earlyStopping, 2u);
  EXPECT_EQ(c.badWords, (std::vector<std::vector<int32_t>>{{5}, {6, 7}}));
  EXPECT_EQ(c.suppressed, (std::vector<int32_t>{8}));
  EXPECT_EQ(c.maxLength, 512u);
}

TEST(Generation, KeysOfConfigWhereThereIsNoOwnFile) {
  Opened opened({{"config.json", R"({"hidden_size": 8, "bos_token_id": 0, "eos_token_id": 2, "forced_bos_token_id": 0,
    "decoder_start_token_id": 2, "num_beams": 4, "early_stopping": true, "no_repeat_ngram_size": 3})"}});
  GenerationConfig c = opened.generation();
  EXPECT_EQ(c.eos, (std::vector<int32_t>{2}));
  EXPECT_EQ(c.decoderStart, 2);
  EXPECT_EQ(c.forcedFirst, 0);
  EXPECT_EQ(c.beams, 4u);
  EXPECT_EQ(c.earlyStopping, 1u);
  EXPECT_EQ(c.noRepeatNgram, 3u);
}

TEST(Generation, Goldens) {
  golden("generation-key.E0513", "{\n  \"eos_token_id\": 2,\n  \"temprature\": 0.5\n}\n");
  golden("generation-value.E0514", "{\n  \"eos_token_id\": \"</s>\",\n  \"top_k\": -1,\n  \"early_stopping\": 1\n}\n");
  golden("generation-unsupported.E0515", "{\n  \"guidance_scale\": 1.5,\n  \"penalty_alpha\": 0.6\n}\n");
}

TEST(Generation, ChatTemplates) {
  Opened none({{"config.json", "{}"}, {"tokenizer_config.json", R"({"bos_token": "<s>"})"}});
  ChatText chat;
  EXPECT_TRUE(none.folder->readChat(chat, none.diags));
  EXPECT_TRUE(chat.file.empty());

  Opened inside({{"config.json", "{}"}, {"tokenizer_config.json", R"({"bos_token": {"content": "<s>\"", "lstrip": false},
    "eos_token": "</s>", "unk_token": null, "chat_template": "{{ messages }}"})"}});
  EXPECT_TRUE(inside.folder->readChat(chat, inside.diags));
  EXPECT_EQ(chat.jinja, "{{ messages }}");
  EXPECT_EQ(chat.variables, R"("bos_token":"<s>\"","eos_token":"</s>")");

  chat = {};
  Opened file({{"config.json", "{}"}, {"chat_template.jinja", "{{ 1 }}"}, {"tokenizer_config.json", R"({"chat_template": "{{ 2 }}"})"}});
  EXPECT_TRUE(file.folder->readChat(chat, file.diags));
  EXPECT_EQ(chat.jinja, "{{ 1 }}");

  Opened several({{"config.json", "{}"}, {"tokenizer_config.json",
    R"({"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]})"}});
  EXPECT_TRUE(several.folder->readChat(chat, several.diags));
  EXPECT_EQ(chat.jinja, "d");

  Opened unnamed({{"config.json", "{}"}, {"tokenizer_config.json", R"({"chat_template": [{"name": "x", "template": "t"}]})"}});
  EXPECT_FALSE(unnamed.folder->readChat(chat, unnamed.diags));
}
