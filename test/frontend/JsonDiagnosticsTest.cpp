// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A diagnostic as JSON: places in lines and columns (code points), all its parts, bytes that are not UTF-8.
#include "frontend/diagnostics/Diagnostics.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace sinter::frontend;

TEST(JsonDiagnostics, HasEveryPart) {
  DiagnosticEngine diags;
  FileId file = diags.sources().add("a.sinter", "# ä\nx = y\nz = x\n");
  diags.report(DiagId::UnknownName, {file, 9, 10}, {"y"})
      .at("here")
      .label({file, 11, 12}, "and here")
      .note("a note")
      .help("a remedy")
      .inside({{"encoder.layer.0", "Layer(c)", {file, 5, 6}}});
  auto json = nlohmann::json::parse(diags.renderJson(), nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << diags.renderJson();
  EXPECT_EQ(json["severity"], "error");
  EXPECT_EQ(json["code"], "E0201");
  EXPECT_EQ(json["message"], "`y` is not known here");
  auto at = [](int line, int column, int endLine, int endColumn, const char *text) {
    return nlohmann::json{{"file", "a.sinter"},      {"line", line}, {"column", column}, {"end_line", endLine},
                          {"end_column", endColumn}, {"text", text}};
  };
  EXPECT_EQ(json["primary"], at(2, 5, 2, 6, "here"));
  EXPECT_EQ(json["labels"], nlohmann::json::array({at(3, 1, 3, 2, "and here")}));
  EXPECT_EQ(json["notes"], nlohmann::json::array({"a note"}));
  EXPECT_EQ(json["helps"], nlohmann::json::array({"a remedy"}));
  EXPECT_EQ(json["chain"][0]["path"], "encoder.layer.0");
  EXPECT_EQ(json["chain"][0]["what"], "Layer(c)");
  EXPECT_EQ(json["chain"][0]["place"]["line"], 2);
}

TEST(JsonDiagnostics, AnyBytesMakeOneLineOfJson) {
  DiagnosticEngine diags;
  diags.report(DiagId::UnknownName, {}, {std::string("a\n\"\xff\x01")}).note("\xc3");
  std::string line = diags.renderJson();
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  auto json = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << line;
  EXPECT_TRUE(json["primary"].is_null());
}
