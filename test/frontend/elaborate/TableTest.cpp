// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the weight binder is told: candidates, ties, what is required, stacks, ignores.
#include "test/frontend/elaborate/ElaborateText.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {
const ParameterEntry *find(const ParameterTable &table, const std::string &symbol) {
  for (const ParameterEntry &entry : table.parameters)
    if (entry.symbol == symbol)
      return &entry;
  return nullptr;
}
} // namespace

TEST(Table, CandidatesAreAllCombinations) {
  ElaboratedText text(modelOf("bert", "BertForMaskedLM"));
  ASSERT_TRUE(text.ok);
  ParameterTable table = makeParameterTable(*text.elaborator, {});
  const ParameterEntry *norm = find(table, "bert.embeddings.LayerNorm.weight");
  ASSERT_TRUE(norm);
  EXPECT_EQ(norm->candidates,
            (std::vector<CandidateList>{{"bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.gamma",
                                         "embeddings.LayerNorm.weight", "embeddings.LayerNorm.gamma"}}));
  EXPECT_EQ(norm->dims, (std::vector<int64_t>{768}));
  EXPECT_TRUE(norm->required);
  EXPECT_TRUE(norm->tied.empty());
  EXPECT_EQ(norm->declared.file, text.opened->program->root().find("LayerNorm")->scope->file.id);
}

TEST(Table, TiedParametersAreOne) {
  ElaboratedText text(modelOf("bert", "BertForMaskedLM"));
  ASSERT_TRUE(text.ok);
  ParameterTable table = makeParameterTable(*text.elaborator, {});
  const ParameterEntry *word = find(table, "bert.embeddings.word_embeddings.weight");
  ASSERT_TRUE(word);
  ASSERT_EQ(word->tied.size(), 1u);
  EXPECT_EQ(word->tied[0], (std::vector<CandidateList>{{"cls.predictions.decoder.weight"}}));
  EXPECT_FALSE(find(table, "cls.predictions.decoder.weight"));
  // T5 ties three to one.
  ElaboratedText t5(modelOf("t5", "T5ForConditionalGeneration"));
  ParameterTable more = makeParameterTable(*t5.elaborator, {});
  EXPECT_EQ(find(more, "shared.weight")->tied[0].size(), 3u);
}

TEST(Table, RequiredIsWhatACompiledFunctionReads) {
  FrontendOptions options = modelOf("bert", "BertModel");
  options.functions = {"forward"};
  ElaboratedText forward(options);
  ParameterTable table = makeParameterTable(*forward.elaborator, {});
  EXPECT_FALSE(find(table, "pooler.dense.weight")->required);
  EXPECT_TRUE(find(table, "encoder.layer.11.output.dense.weight")->required);
  // Without a choice, `pooled` is compiled too.
  ElaboratedText all(modelOf("bert", "BertModel"));
  EXPECT_TRUE(find(makeParameterTable(*all.elaborator, {}), "pooler.dense.weight")->required);
  // The prefix of a root stands before everything.
  EXPECT_EQ(find(table, "pooler.dense.bias")->candidates[0],
            (CandidateList{"pooler.dense.bias", "bert.pooler.dense.bias"}));
}

TEST(Table, StacksHaveOneEntry) {
  ElaboratedText text(modelOf("gpt2", "GPT2Model"));
  ASSERT_TRUE(text.ok);
  ParameterStack stack{"h.*.ln_1.weight", {}};
  for (const Parameter &parameter : text.elaborator->parameters())
    if (parameter.path.ends_with(".ln_1.weight"))
      stack.members.push_back(parameter.index);
  ASSERT_EQ(stack.members.size(), 12u);
  ParameterTable table = makeParameterTable(*text.elaborator, {stack});
  const ParameterEntry *entry = find(table, "h.*.ln_1.weight");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->candidates.size(), 12u);
  EXPECT_EQ(entry->candidates[11].front(), "h.11.ln_1.weight");
  EXPECT_EQ(entry->dims, (std::vector<int64_t>{768}));
  EXPECT_FALSE(find(table, "h.3.ln_1.weight"));
}

TEST(Table, IgnoresHangOnTheirPath) {
  ElaboratedText text(modelOf("bert", "BertForMaskedLM"));
  ParameterTable table = makeParameterTable(*text.elaborator, {});
  std::map<std::string, std::vector<std::string>> anchors;
  for (const IgnoreEntry &entry : table.ignores)
    anchors[entry.glob] = entry.anchors;
  EXPECT_EQ(anchors["cls.seq_relationship.*"], (std::vector<std::string>{""}));
  EXPECT_EQ(anchors["position_ids"], (std::vector<std::string>{"bert.embeddings", "embeddings"}));
  EXPECT_EQ(anchors["cls.**"], (std::vector<std::string>{"bert", ""}));
}
