// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the JSON reader keeps (order, kinds, exact integers) and where it says
// that something is wrong.

#include "runtime/format/Json.h"

#include <gtest/gtest.h>

using namespace sinter::format;

TEST(Json, keepsOrderAndKinds) {
  JsonResult json = parseJson(R"({"z": 1, "a": -2.5, "m": [true, null, "x\u00e9\ud83d\ude00"], "o": {}})");
  ASSERT_TRUE(json.ok) << json.error;
  ASSERT_EQ(json.root.members().size(), 4u);
  EXPECT_EQ(json.root.members()[0].first, "z");
  EXPECT_EQ(json.root.members()[1].first, "a");
  EXPECT_EQ(json.root.find("z")->asInt(), 1);
  EXPECT_EQ(json.root.find("a")->asDouble(), -2.5);
  const JsonValue &list = *json.root.find("m");
  ASSERT_EQ(list.size(), 3u);
  EXPECT_TRUE(list.items()[0].asBool());
  EXPECT_TRUE(list.items()[1].isNull());
  EXPECT_EQ(list.items()[2].asString(), "x\u00e9\U0001F600");
  EXPECT_EQ(json.root.find("nothing"), nullptr);
}

TEST(Json, integersAreExact) {
  JsonResult json = parseJson("[9223372036854775807, -9223372036854775808, 18446744073709551615, 1e3, 2.0]");
  ASSERT_TRUE(json.ok) << json.error;
  const JsonValue::Items &items = json.root.items();
  EXPECT_EQ(items[0].asInt(), INT64_MAX);
  EXPECT_EQ(items[1].asInt(), INT64_MIN);
  EXPECT_EQ(items[2].kind(), JsonKind::UInt);
  EXPECT_EQ(items[2].asUInt(), UINT64_MAX);
  EXPECT_EQ(items[2].asInt(), 0) << "a value is never narrowed";
  EXPECT_EQ(items[3].kind(), JsonKind::Double);
  EXPECT_EQ(items[4].kind(), JsonKind::Double);
}

TEST(Json, wrongKindAnswersEmpty) {
  JsonValue text(std::string("7"));
  EXPECT_EQ(text.asInt(), 0);
  EXPECT_TRUE(text.items().empty());
  EXPECT_TRUE(text.members().empty());
  EXPECT_EQ(JsonValue(true).asString(), "");
}

TEST(Json, copiesAreIndependent) {
  JsonResult json = parseJson(R"({"a": [1, {"b": "text longer than a short string"}]})");
  JsonValue copy = json.root;
  copy.members()[0].second.items()[0] = JsonValue(std::string("changed"));
  EXPECT_EQ(json.root.find("a")->items()[0].asInt(), 1);
  JsonValue moved = std::move(copy);
  EXPECT_EQ(moved.find("a")->items()[0].asString(), "changed");
  EXPECT_EQ(moved.find("a")->items()[1].find("b")->asString(), "text longer than a short string");
  moved = moved.members()[0].second.items()[1]; // out of itself
  EXPECT_EQ(moved.find("b")->asString().size(), 31u);
}

TEST(Json, errorsSayWhere) {
  EXPECT_EQ(parseJson("{\n  \"a\": 1,\n  \"a\": 2\n}").error,
            "line 3, column 5 (byte 16): the key 'a' is given twice in one object");
  EXPECT_EQ(parseJson("[1,\n2,,3]").errorOffset, 6u);
  EXPECT_EQ(parseJson("{\"a\": 1,\n \"b\": tru}").error.substr(0, 26), "line 2, column 10 (byte 18");
  EXPECT_NE(parseJson("").error.find("line 1, column 1"), std::string::npos);
}

TEST(Json, limitsHold) {
  std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(parseJson(deep).ok);
  EXPECT_FALSE(parseJson("[" + deep + "]").ok);
  EXPECT_TRUE(parseJson("[1,2,3]", {100, 4, 4}).ok);
  EXPECT_FALSE(parseJson("[1,2,3,4]", {100, 4, 4}).ok);
  EXPECT_FALSE(parseJson("[1,2,3]", {6, 4, 4}).ok);
}

TEST(Json, nothingMayFollow) {
  EXPECT_FALSE(parseJson("{} {}").ok);
  EXPECT_FALSE(parseJson(std::string_view("{}\0{}", 5)).ok);
  EXPECT_TRUE(parseJson(" {} \n").ok);
}

TEST(Json, quoting) {
  EXPECT_EQ(quoteForMessage(std::string_view("a\n\x1b\xff", 4)), "'a\\x0A\\x1B\\xFF'");
  EXPECT_EQ(quoteForMessage(std::string(500, 'x')).size(), 85u);
  EXPECT_EQ(jsonQuote("a\"b\\\n"), "\"a\\\"b\\\\\\u000a\"");
  std::string all;
  for (int c = 0; c < 128; ++c)
    all += static_cast<char>(c);
  EXPECT_EQ(parseJson(jsonQuote(all)).root.asString(), all);
}
