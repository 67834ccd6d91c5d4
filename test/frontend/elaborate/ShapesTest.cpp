// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Invalid programs on values, instances, shapes and loops: each ../shapes/<slug>.<code>.sinter is
// checked and what is said about it compared with its golden. The built-in texts are valid.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include "frontend/resolve/EmbeddedTexts.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Shapes, InvalidPrograms) {
  InsideFolder inside(testFolder() + "/shapes");
  std::vector<std::string> names = filesOf(".", ".sinter");
  EXPECT_GE(names.size(), 100u);
  for (const std::string &name : names) {
    SCOPED_TRACE(name);
    DiagnosticEngine diags;
    EXPECT_FALSE(checkText(modelOf(name), diags));
    std::string text = diags.render();
    expectGolden("shapes/" + name.substr(0, name.size() - 7) + ".expected", text);
    size_t dot = name.find('.');
    EXPECT_NE(text.find("error[" + name.substr(dot + 1, 5) + "]"), std::string::npos) << text;
  }
}

TEST(Shapes, BuiltInTextsAreValid) {
  size_t models = 0;
  for (const EmbeddedText &text : embeddedTexts()) {
    SCOPED_TRACE(std::string(text.path));
    DiagnosticEngine diags;
    checkText(modelOf(std::string(text.path)), diags);
    EXPECT_TRUE(diags.diagnostics().empty()) << diags.render();
  }
  for (const EmbeddedModel &model : embeddedModels()) {
    SCOPED_TRACE(std::string(model.name));
    ElaboratedText text(modelOf(std::string(model.path), std::string(model.name)));
    EXPECT_TRUE(text.ok) << text.diags.render();
    EXPECT_GT(text.count(), 1'000'000);
    ++models;
  }
  EXPECT_GE(models, 20u);
}

TEST(Shapes, WhatOnlyACommandLineCanGetWrong) {
  FrontendOptions options = modelOf("bert", "BertModel");
  options.functions = {"embedd", "forward"};
  ElaboratedText function(options);
  EXPECT_FALSE(function.ok);
  expectGolden("shapes/no-function.E0319.expected", function.diags.render());

  ElaboratedText which(modelOf("gpt2"));
  expectGolden("shapes/which-model.E0330.expected", which.diags.render());

  options = modelOf("llama", "LlamaForCausalLM");
  options.sets = {{"rope.thetta", "1e6"}};
  expectGolden("shapes/unknown-setting.E0511.expected", ElaboratedText(options).diags.render());
  options.sets = {{"rope.theta", "large"}};
  expectGolden("shapes/bad-setting.E0512.expected", ElaboratedText(options).diags.render());
}
