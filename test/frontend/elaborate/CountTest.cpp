// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Published parameter counts, reproduced from the texts, and the time it takes.
#include "test/frontend/elaborate/ElaborateText.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
int64_t countOf(const std::string &text, const std::string &model,
                std::vector<std::pair<std::string, std::string>> sets = {}) {
  FrontendOptions options = modelOf(text, model);
  options.sets = std::move(sets);
  ElaboratedText made(options);
  EXPECT_TRUE(made.ok) << made.diags.render();
  return made.count();
}
} // namespace

TEST(Count, Published) {
  EXPECT_EQ(countOf("bert", "BertForMaskedLM"), 109'514'298);
  EXPECT_EQ(countOf("bert", "BertModel"), 109'482'240);
  EXPECT_EQ(countOf("gpt2", "GPT2LMHeadModel"), 124'439'808);
  EXPECT_EQ(countOf("t5", "T5ForConditionalGeneration"), 60'506'624);
  EXPECT_EQ(countOf("llama", "LlamaForCausalLM",
                    {{"vocab", "128256"},
                     {"d", "2048"},
                     {"ff", "8192"},
                     {"layers", "16"},
                     {"heads", "32"},
                     {"kv_heads", "8"},
                     {"tied", "true"},
                     {"ctx", "131072"},
                     {"rope.theta", "500000.0"},
                     {"rope.kind", "llama3"},
                     {"rope.factor", "32.0"}}),
            1'235'814'400);
  // A mixture of experts: shapes are checked and every expert counts.
  EXPECT_EQ(countOf("llama", "MixtralForCausalLM", {{"ff", "14336"}}), 46'702'792'704);
}

TEST(Count, LargerSiblings) {
  auto gpt2 = [](const char *layers, const char *width, const char *heads) {
    return countOf("gpt2", "GPT2LMHeadModel", {{"layers", layers}, {"d", width}, {"heads", heads}});
  };
  EXPECT_EQ(gpt2("24", "1024", "16"), 354'823'168);
  EXPECT_EQ(gpt2("36", "1280", "20"), 774'030'080);
  EXPECT_EQ(gpt2("48", "1600", "25"), 1'557'611'200);
  EXPECT_EQ(countOf("bert", "BertModel", {{"layers", "24"}, {"d", "1024"}, {"heads", "16"}, {"ff", "4096"}}),
            335'141'888);
}

TEST(Count, OnlyWhatIsReachedCounts) {
  // A masked-LM head needs no pooler.
  ElaboratedText text(modelOf("bert", "BertForMaskedLM"));
  int64_t pooler = -1;
  for (const ModuleCount &count : countParameters(*text.elaborator))
    if (count.path == "bert.pooler.dense")
      pooler = count.parameters;
  EXPECT_EQ(pooler, 0);
  EXPECT_EQ(text.elaborator->contextTokens(), 512);
}

TEST(Count, ElaborationIsQuick) {
  FrontendOptions options = modelOf("bert", "BertForPreTraining");
  options.sets = {{"layers", "24"}, {"d", "1024"}, {"heads", "16"}, {"ff", "4096"}};
  auto begin = std::chrono::steady_clock::now();
  ElaboratedText text(options);
  EXPECT_TRUE(text.ok);
  // Some 20 ms on an idle machine.
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 2.0);
}
