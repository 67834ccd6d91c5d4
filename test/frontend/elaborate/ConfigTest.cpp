// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a hyperparameter comes from: --set, the folder, the default; inheritance; values by need.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
/// The sizes of the one parameter `w` of the one model of a text.
std::vector<int64_t> sizes(const FrontendOptions &options) {
  ElaboratedText text(options);
  EXPECT_TRUE(text.ok) << text.diags.render();
  if (!text.ok)
    return {};
  return makeParameterTable(*text.elaborator, {}).parameters.front().dims;
}

const char *const shape = "model M(c: Child) {\n  w: param[c.d, c.half, c.inner.size]\n"
                          "  fn forward(x: f32[B]) -> f32[B] { return x * sum(w) }\n}\n";
const char *const configs = "config Inner { size: int = 3 as \"inner_size\" | \"nested.size\" }\n"
                            "config Parent {\n  d: int = 8 as \"hidden\"\n  half = d // 2\n  inner: Inner\n}\n"
                            "config Child : Parent { d: int = 20 as \"hidden\" }\n";
} // namespace

TEST(Config, DefaultsAndInheritance) {
  TemporaryFolder folder;
  folder.write("m.sinter", std::string(configs) + shape);
  // `half` of the parent follows the redeclared `d`.
  EXPECT_EQ(sizes(modelOf("m.sinter")), (std::vector<int64_t>{20, 10, 3}));
}

TEST(Config, SettingsBeatTheFolderWhichBeatsDefaults) {
  TemporaryFolder folder;
  folder.write("m.sinter", std::string(configs) + shape);
  folder.write("hf/config.json", "{\"architectures\": [\"M\"], \"hidden\": 32, \"nested\": {\"size\": 5}}");
  folder.write("m.sinter", "config Child : Parent { d: int = 20 as \"hidden\"  ignore \"architectures\" }\n" +
                               std::string(configs).substr(0, std::string(configs).find("config Child")) + shape);
  FrontendOptions options = modelOf("m.sinter");
  options.weights = "hf";
  EXPECT_EQ(sizes(options), (std::vector<int64_t>{32, 16, 5}));
  options.sets = {{"d", "6"}, {"inner.size", "7"}};
  EXPECT_EQ(sizes(options), (std::vector<int64_t>{6, 3, 7}));
}

TEST(Config, UnreadKeysAreErrors) {
  TemporaryFolder folder;
  folder.write("m.sinter", std::string(configs) + shape);
  folder.write("hf/config.json", "{\"hidden\": 32, \"hiden_act\": \"gelu\"}");
  FrontendOptions options = modelOf("m.sinter");
  options.weights = "hf";
  ElaboratedText text(options);
  EXPECT_FALSE(text.ok);
  EXPECT_TRUE(text.diags.has(DiagId::UnreadKey)) << text.diags.render();
}

TEST(Config, FolderNamesItsModel) {
  std::string golden = std::string(SINTER_SOURCE_DIR) + "/test/golden/bert/";
  ElaboratedText masked(modelOf(golden + "mlm-20x5-tied"));
  EXPECT_TRUE(masked.ok) << masked.diags.render();
  EXPECT_EQ(masked.opened->model, "BertForMaskedLM");
  EXPECT_EQ(masked.opened->folder, golden + "mlm-20x5-tied");
  // Another model of the same text, on the same folder.
  ElaboratedText base(modelOf(golden + "mlm-20x5-tied", "BertModel"));
  EXPECT_TRUE(base.ok) << base.diags.render();
  EXPECT_EQ(base.opened->model, "BertModel");
  ElaboratedText none(modelOf(golden + "mlm-20x5-tied", "GPT2Model"));
  EXPECT_FALSE(none.ok);
  EXPECT_TRUE(none.diags.has(DiagId::UnknownModel));
}

TEST(Config, UnknownArchitectureSaysWhatToWrite) {
  TemporaryFolder folder;
  folder.write("hf/config.json", R"({"architectures": ["GPTJForCausalLM"], "model_type": "gptj"})");
  ElaboratedText text(modelOf("hf"));
  EXPECT_FALSE(text.ok);
  std::string said = text.diags.render();
  EXPECT_NE(said.find("hf/config.json:1:"), std::string::npos) << said;
  EXPECT_NE(said.find("write gptj.sinter with `model GPTJForCausalLM(c: …) { … }`"), std::string::npos) << said;
  EXPECT_NE(said.find("`sinter run gptj.sinter --weights hf`"), std::string::npos) << said;
}

TEST(Config, WhatTheTextsRefuse) {
  const std::pair<const char *, const char *> refused[] = {
      {R"("LlamaForCausalLM"], "rope_scaling": {"type": "dynamic", "factor": 2.0})", "no row can be kept"},
      {R"("LlamaForCausalLM"], "rope_parameters": {"rope_type": "longrope", "short_factor": [1], "long_factor": [2]})",
       "no row can be kept"},
      {R"("LlamaForCausalLM"], "rope_scaling": {"rope_type": "ntk"})", "no rotary scaling is called \"ntk\""},
      {R"("LlamaForCausalLM"], "rope_interleaved": true)", "pairs other channels"},
      {R"("LlamaForCausalLM"], "head_dim": 5)", "5 of a head are odd"},
      {R"("Qwen2ForCausalLM"], "use_sliding_window": true, "layer_types": ["full_attention", "chunked_attention"])",
       "neither full_attention nor"},
      {R"("Qwen2ForCausalLM"], "layer_types": ["full_attention", "sliding_attention"])", "use_sliding_window is false"},
      {R"("GPT2LMHeadModel"], "add_cross_attention": true)", "is another model"},
      {R"("OpenAIGPTLMHeadModel"], "afn": "mish")", "no activation \"mish\""},
      {R"("OpenAIGPTLMHeadModel"], "n_inner": 5)", "no field reads the key `n_inner`"},
      {R"("T5ForConditionalGeneration"], "relative_attention_num_buckets": 2)", "leave none for the log scale"},
      {R"("BartForConditionalGeneration"], "normalize_before": true)", "make another model"},
      {R"("MarianMTModel"], "static_position_embeddings": false)", "makes another model"},
  };
  for (const auto &[config, message] : refused) {
    TemporaryFolder folder;
    std::string layers = std::string(config).find("Qwen2") == std::string::npos ? "" : ", \"num_hidden_layers\": 2";
    folder.write("hf/config.json", "{\"architectures\": [" + std::string(config) + layers + "}");
    ElaboratedText text(modelOf("hf"));
    EXPECT_FALSE(text.ok) << config;
    std::string said = text.diags.render();
    EXPECT_NE(said.find(message), std::string::npos) << config << "\n" << said;
    EXPECT_EQ(text.diags.errorCount(), 1u) << said;
  }
}

TEST(Config, FamiliesAreChildren) {
  // Mistral's window is absent: its default holds; null: there is none.
  TemporaryFolder folder;
  auto windowed = [&](const std::string &more) {
    folder.write("hf/config.json", "{\"architectures\": [\"MistralForCausalLM\"], \"hidden_size\": 64, "
                                   "\"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"num_hidden_layers\": 2, "
                                   "\"vocab_size\": 50, \"intermediate_size\": 96" +
                                       more + "}");
    ElaboratedText text(modelOf("hf"));
    EXPECT_TRUE(text.ok) << text.diags.render();
    const Instance &root = *text.elaborator->root();
    const Instance &layer = *root.children[0]->children[1];
    return describe(layer.slots.at("window").value);
  };
  EXPECT_EQ(windowed(""), "the int 4096");
  EXPECT_EQ(windowed(", \"sliding_window\": 7"), "the int 7");
  EXPECT_EQ(windowed(", \"sliding_window\": null"), "none");
}
