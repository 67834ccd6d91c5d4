// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loading, imports, the embedded texts and their index, names across texts.
#include "frontend/resolve/Program.h"
#include "frontend/resolve/EmbeddedTexts.h"
#include "frontend/resolve/NameTables.h"
#include "test/frontend/ExpectGolden.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Program, EveryEmbeddedTextIsClean) {
  EXPECT_GE(embeddedTexts().size(), 14u);
  for (const EmbeddedText &text : embeddedTexts()) {
    DiagnosticEngine diags;
    EXPECT_TRUE(loadProgram(std::string(text.path), diags));
    EXPECT_EQ(diags.render(), "") << text.path;
  }
}

TEST(Program, EveryTextOnDiskIsClean) {
  InsideFolder inside(SINTER_SOURCE_DIR);
  for (std::string folder : {"models", "models/std", "test/frontend/valid"})
    for (const std::string &name : filesOf(folder, ".sinter")) {
      DiagnosticEngine diags;
      EXPECT_TRUE(loadProgram(folder + "/" + name, diags));
      EXPECT_EQ(diags.render(), "") << name;
    }
}

TEST(Program, EmbeddedTextsEqualTheFiles) {
  for (const EmbeddedText &text : embeddedTexts())
    EXPECT_TRUE(readWhole(std::string(SINTER_SOURCE_DIR) + "/models/" + std::string(text.path) + ".sinter") ==
                text.text)
        << text.path;
}

TEST(Program, IndexOfModels) {
  ASSERT_TRUE(findEmbeddedModel("BertForMaskedLM"));
  EXPECT_EQ(findEmbeddedModel("BertForMaskedLM")->path, "bert");
  EXPECT_EQ(findEmbeddedModel("MistralForCausalLM")->path, "llama");
  EXPECT_EQ(findEmbeddedModel("BertForMaskedLMWithLoRA")->path, "bert_lora");
  EXPECT_FALSE(findEmbeddedModel("BertConfig"));
  for (const EmbeddedModel &model : embeddedModels()) {
    DiagnosticEngine diags;
    std::unique_ptr<Program> program = loadProgram(std::string(model.path), diags);
    EXPECT_TRUE(program->findModel(model.name, diags)) << model.name;
  }
}

TEST(Program, AModelNameTwiceIsABuildError) {
  TemporaryFolder folder;
  folder.write("models/a.sinter", "model Same(c: C) {\n}\n");
  folder.write("models/std/b.sinter", "model Same = Other(C)\n");
  std::string command = std::string("cmake -DMODELS=$PWD/models -DOUTPUT=$PWD/out.cpp -P ") + SINTER_SOURCE_DIR +
                        "/frontend/resolve/EmbedTexts.cmake > log 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_NE(readWhole("log").find("Same is declared twice"), std::string::npos);
  folder.write("models/std/b.sinter", "model Different = Other(C)\n");
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(Program, ImportsBesideTheFileWinOverEmbeddedOnes) {
  TemporaryFolder folder;
  folder.write("own/std/nn.sinter", "import one from \"std/one\"\nmodule Linear(only: int) { k = one }\n");
  folder.write("own/std/one.sinter", "one = 1\n");
  folder.write("own/m.sinter", "import Linear from \"std/nn\"\nimport softmax from \"std/math\"\n"
                               "module M(d: int) { a: Linear(d)\n"
                               "  fn forward(x: f32[...]) -> f32[...] { return softmax(x) } }\n");
  DiagnosticEngine diags;
  std::unique_ptr<Program> program = loadProgram("own/m.sinter", diags);
  ASSERT_TRUE(program);
  EXPECT_EQ(diags.render(), "");
  // Both are found from the folder of the root, the rest among the built-in texts.
  ASSERT_EQ(program->texts().size(), 4u);
  EXPECT_FALSE(program->texts()[1]->embedded);
  EXPECT_TRUE(program->texts()[3]->embedded);
  const Scope *where = nullptr;
  const Module *linear = program->root().findAs<Module>("Linear", &where);
  ASSERT_TRUE(linear);
  EXPECT_EQ(linear->params.size(), 1u);
  EXPECT_EQ(where->path, "std/nn");
  EXPECT_EQ(program->scopeOf(where->file.id), where);
}

TEST(Program, ChainsOfImportsAreBounded) {
  TemporaryFolder folder;
  for (int i = 0; i < 100; ++i)
    folder.write("f" + std::to_string(i) + ".sinter", "import x" + std::to_string(i + 1) + " from \"f" +
                                                          std::to_string(i + 1) + "\"\nx" + std::to_string(i) + " = x" +
                                                          std::to_string(i + 1) + "\n");
  DiagnosticEngine diags;
  loadProgram("f0.sinter", diags);
  EXPECT_TRUE(diags.has(DiagId::TooDeep)) << diags.render();
}

TEST(Program, ErrorsOfSeveralTextsInOneRun) {
  TemporaryFolder folder;
  folder.write("other.sinter", "value = missing_one\n");
  folder.write("m.sinter", "import value from \"other\"\nmine = missing_two + value\n");
  DiagnosticEngine diags;
  loadProgram("m.sinter", diags);
  EXPECT_EQ(codes(diags), "E0201 E0201");
}

TEST(NameTables, ConfigsInherit) {
  DiagnosticEngine diags;
  std::unique_ptr<Program> program = loadProgram("llama", diags);
  const Scope &root = program->root();
  const Config *qwen3 = root.findAs<Config>("Qwen3Config");
  ConfigTable table = configTable(*qwen3, root);
  EXPECT_TRUE(table.complete);
  EXPECT_TRUE(table.entries.count("vocab"));
  EXPECT_TRUE(table.entries.count("max_window_layers"));
  EXPECT_EQ(table.entries.at("qkv_bias").type, nullptr);
  EXPECT_EQ(table.entries.at("rope").type->config.text, "Rope");
  EXPECT_TRUE(isConfigOrChild(*qwen3, root, *root.findAs<Config>("LlamaConfig")));
  EXPECT_FALSE(isConfigOrChild(*root.findAs<Config>("LlamaConfig"), root, *qwen3));
}
