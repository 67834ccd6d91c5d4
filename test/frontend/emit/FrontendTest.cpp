// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The face of the frontend: what options do to the module, and what comes beside it. What ops look
// like is pinned by the lit tests of this folder.
#include "frontend/Frontend.h"
#include "ir/sinter/Sinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Location.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace sinter::frontend;

namespace {
FrontendOptions tinyBert(const std::string &model) {
  FrontendOptions options;
  options.input = "bert";
  options.model = model;
  options.sets = {{"layers", "3"}, {"d", "12"}, {"heads", "3"}, {"ff", "20"}, {"vocab", "31"}, {"ctx", "16"}};
  return options;
}

struct Compiled {
  explicit Compiled(const FrontendOptions &options) : result(compileText(context, options, diags)) {}
  CompiledText &text() { return *result; }
  mlir::func::FuncOp function(const char *name) { return text().module->lookupSymbol<mlir::func::FuncOp>(name); }
  std::vector<std::string> arguments(const char *name) {
    std::vector<std::string> names;
    mlir::func::FuncOp op = function(name);
    for (unsigned i = 0; i < op.getNumArguments(); ++i)
      names.push_back(op.getArgAttrOfType<mlir::StringAttr>(i, "sinter.name").str());
    return names;
  }

  mlir::MLIRContext context;
  DiagnosticEngine diags;
  mlir::FailureOr<CompiledText> result;
};
using Names = std::vector<std::string>;
} // namespace

TEST(Frontend, FunctionsOfTheRootButLoss) {
  Compiled all(tinyBert("BertForMaskedLM"));
  ASSERT_TRUE(succeeded(all.result)) << all.diags.render();
  EXPECT_EQ(all.text().functions, (Names{"forward"}));
  EXPECT_EQ(all.text().model, "BertForMaskedLM");
  EXPECT_EQ(all.text().contextTokens, 16);
  EXPECT_EQ(all.text().folder, "");
  EXPECT_EQ(all.text().counts.front().what, "BertForMaskedLM");
  FrontendOptions options = tinyBert("BertForMaskedLM");
  options.functions = {"loss"};
  Compiled loss(options);
  ASSERT_TRUE(succeeded(loss.result)) << loss.diags.render();
  EXPECT_EQ(loss.arguments("loss"), (Names{"tokens", "mask", "types", "labels"}));
}

TEST(Frontend, DefaultsFold) {
  FrontendOptions options = tinyBert("BertModel");
  options.foldDefaults = true;
  Compiled folded(options);
  ASSERT_TRUE(succeeded(folded.result)) << folded.diags.render();
  EXPECT_EQ(folded.arguments("forward"), (Names{"tokens"}));
  options.given = {"types"};
  Compiled given(options);
  ASSERT_TRUE(succeeded(given.result)) << given.diags.render();
  EXPECT_EQ(given.arguments("forward"), (Names{"tokens", "types"}));
  Compiled plain(tinyBert("BertModel"));
  EXPECT_EQ(plain.arguments("forward"), (Names{"tokens", "mask", "types"}));
}

TEST(Frontend, TableAndModuleAgree) {
  Compiled all(tinyBert("BertModel"));
  ASSERT_TRUE(succeeded(all.result)) << all.diags.render();
  size_t declared = 0;
  for (auto parameter : all.text().module->getOps<sinter::ir::ParameterOp>()) {
    ++declared;
    const ParameterEntry *entry = nullptr;
    for (const ParameterEntry &candidate : all.text().parameters.parameters)
      if (candidate.symbol == parameter.getSymName())
        entry = &candidate;
    ASSERT_TRUE(entry) << parameter.getSymName().str();
    EXPECT_TRUE(entry->required);
    EXPECT_EQ(entry->candidates.size(), parameter.getNames().size());
    for (auto [names, first] : llvm::zip(entry->candidates, parameter.getNames()))
      EXPECT_EQ(names.front(), mlir::cast<mlir::StringAttr>(first).str());
  }
  EXPECT_EQ(declared, 5u + 16u + 2u);
  EXPECT_EQ(all.text().parameters.parameters.size(), declared);
}

TEST(Frontend, OpsHaveTheirPlace) {
  Compiled all(tinyBert("BertModel"));
  ASSERT_TRUE(succeeded(all.result)) << all.diags.render();
  size_t ops = 0, inStd = 0;
  all.text().module->walk([&](mlir::Operation *op) {
    if (op == all.text().module->getOperation())
      return;
    ++ops;
    auto place = mlir::dyn_cast<mlir::FileLineColLoc>(op->getLoc());
    ASSERT_TRUE(place) << op->getName().getStringRef().str();
    EXPECT_GT(place.getLine(), 0u);
    inStd += place.getFilename().getValue().contains("std/");
  });
  EXPECT_GT(ops, 300u);
  EXPECT_GT(inStd, 100u);
}

TEST(Frontend, ErrorsLeaveNothingBehind) {
  FrontendOptions options = tinyBert("BertModel");
  options.sets.push_back({"act", "mish"});
  Compiled bad(options);
  EXPECT_TRUE(failed(bad.result));
  EXPECT_TRUE(bad.diags.has(DiagId::CheckFailed)) << bad.diags.render();
}

TEST(Frontend, LargeModelsTakeMilliseconds) {
  FrontendOptions options;
  options.input = "bert";
  options.model = "BertModel";
  options.sets = {{"layers", "24"}, {"d", "1024"}, {"heads", "16"}, {"ff", "4096"}};
  auto begin = std::chrono::steady_clock::now();
  Compiled large(options);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(succeeded(large.result)) << large.diags.render();
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 3.0); // 0.1 on an idle machine
}
