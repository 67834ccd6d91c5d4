// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading of config.json by fields: paths, counts, nulls, alternatives, unread keys, other files.
#include "frontend/config/HfFolder.h"
#include "frontend/syntax/Parser.h"
#include "test/frontend/ExpectGolden.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

/// A folder and a config text that reads it, as elaboration would: each field in order, then `ignore`s.
struct Reading {
  TemporaryFolder place;
  DiagnosticEngine diags;
  std::map<std::string, FieldResult> fields;
  std::unique_ptr<HfFolder> folder;

  Reading(const std::string &json, const std::string &members, bool unread = true) {
    place.write("m/config.json", json);
    File file = parseFile(diags.sources().add("c.sinter", "config C {\n" + members + "\n}\n"), diags);
    EXPECT_FALSE(diags.hasErrors()) << diags.render();
    folder = HfFolder::open("m", diags);
    if (!folder)
      return;
    std::vector<std::string> known;
    for (const Member &member : file.decls[0].as<Config>()->members) {
      if (const auto *field = member.as<Field>()) {
        std::vector<std::string> outside;
        for (const ExprPtr &name : field->outside.alternatives)
          outside.push_back(name->as<StringLiteral>()->value);
        if (outside.empty())
          outside.push_back(field->name.text);
        known.insert(known.end(), outside.begin(), outside.end());
        fields[field->name.text] = folder->readField(field->name.text, field->name.span, field->type,
                                                     field->defaultValue != nullptr, outside, diags);
      } else if (const auto *ignore = member.as<Ignore>()) {
        for (const ExprPtr &glob : ignore->globs)
          folder->ignoreKeys(glob->as<StringLiteral>()->value);
      }
    }
    if (unread)
      folder->reportUnread(known, diags);
  }

  template <typename T> T value(const std::string &name) {
    EXPECT_EQ(fields[name].kind, FieldResult::Kind::Value) << name;
    const T *found = std::get_if<T>(&fields[name].value.node);
    EXPECT_TRUE(found) << name;
    return found ? *found : T();
  }
  bool usesDefault(const std::string &name) { return fields[name].kind == FieldResult::Kind::UseDefault; }
};

void golden(const std::string &name, const std::string &json, const std::string &members) {
  SCOPED_TRACE(name);
  std::string text;
  {
    Reading reading(json, members);
    text = reading.diags.render();
  }
  expectGolden("diagnostics/" + name + ".expected", text);
  EXPECT_NE(text.find("[" + name.substr(name.find('.') + 1) + "]"), std::string::npos) << text;
}

/// A safetensors file with two tensors of one byte pair each.
std::string twoTensors(const std::string &first, const std::string &second, const std::string &bytes) {
  std::string header = "{\"" + first + R"(":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},")" + second +
                       R"(":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}})";
  std::string text(8, '\0');
  text[0] = static_cast<char>(header.size());
  return text + header + bytes;
}

} // namespace

TEST(HfFolder, FieldsOfAllTypes) {
  Reading r(R"({"i": 3, "f": 1e-12, "fi": 2, "b": true, "s": "gelu", "l": [1, 2], "nested": {"x": {"y": 7}},
               "n": null, "id2label": {"0": "a", "1": "b", "2": "c"}, "arr": [1, 1]})",
            R"(i: int  f: float  fi: float  b: bool  s: str  l: [int]  n: int?
               y: int as "nested.x.y"  labels: int = 2 as "num_labels" | "id2label.#"  count: int as "arr.#")");
  EXPECT_EQ(r.diags.render(), "");
  EXPECT_EQ(r.value<int64_t>("i"), 3);
  EXPECT_EQ(r.value<double>("f"), 1e-12);
  EXPECT_EQ(r.value<double>("fi"), 2.0);
  EXPECT_EQ(r.value<bool>("b"), true);
  EXPECT_EQ(r.value<std::string>("s"), "gelu");
  EXPECT_EQ(r.value<std::vector<ConfigValue>>("l").size(), 2u);
  EXPECT_EQ(r.value<int64_t>("y"), 7);
  EXPECT_EQ(r.value<int64_t>("labels"), 3);
  EXPECT_EQ(r.value<int64_t>("count"), 2);
  r.value<std::monostate>("n");
}

TEST(HfFolder, NullAndAbsent) {
  Reading r(R"({"a": null, "rope_scaling": null, "c": null})",
            R"(a: int = 1  b: int = 2  kind: str = "d" as "rope_scaling.type"  c: int? = 4  d: int? = 5)");
  EXPECT_EQ(r.diags.render(), "");
  EXPECT_TRUE(r.usesDefault("a"));
  EXPECT_TRUE(r.usesDefault("b"));
  EXPECT_TRUE(r.usesDefault("kind")); // and the key counts as read
  r.value<std::monostate>("c");
  EXPECT_TRUE(r.usesDefault("d"));
}

TEST(HfFolder, AlternativesThatAgree) {
  Reading r(R"({"x": 5, "y": {"x": 5}, "z": null})", R"(x: int = 1 as "x" | "y.x" | "z")");
  EXPECT_EQ(r.diags.render(), "");
  EXPECT_EQ(r.value<int64_t>("x"), 5);
}

TEST(HfFolder, IgnoredKeys) {
  Reading r(R"({"a": 1, "summary_type": "x", "summary_use": true, "id2label": {"0": "a"}, "deep": {"er": {"x": 1}}})",
            R"(ignore "a", "summary_*", "id2label", "deep.er")");
  EXPECT_EQ(r.diags.render(), "");
}

TEST(HfFolder, OtherFilesOfTheFolder) {
  TemporaryFolder place;
  place.write("m/config.json", R"({"architectures": ["BertModel", "Other"]})");
  place.write("m/sentence_bert_config.json", R"({"max_seq_length": 256, "do_lower_case": false})");
  place.write("m/modules.json",
              R"([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                  {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                  {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}])");
  place.write(
      "m/1_Pooling/config.json",
      R"({"word_embedding_dimension": 384, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true})");
  DiagnosticEngine diags;
  auto folder = HfFolder::open("m", diags);
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->architecture(), "BertModel");
  EXPECT_EQ(folder->maxSequenceLength(diags), 256);
  PoolingInfo pooling = folder->pooling(diags);
  EXPECT_TRUE(pooling.present && pooling.mean && pooling.normalize);
  EXPECT_TRUE(folder->checkPooling(diags));
  HyperType type;
  FieldResult width =
      folder->readField("w", {}, type, false, {"1_Pooling/config.json:word_embedding_dimension"}, diags);
  EXPECT_EQ(std::get<int64_t>(width.value.node), 384);
  EXPECT_EQ(diags.render(), "");
}

TEST(HfFolder, AsksAboutTensors) {
  Reading none("{}", R"(head: bool = true as "weights:lm_head.weight")");
  EXPECT_TRUE(none.usesDefault("head")) << "without weights nobody knows";

  TemporaryFolder place;
  place.write("m/config.json", "{}");
  place.write("m/model.safetensors", twoTensors("shared", "head", "abab"));
  place.write("other/model.safetensors", twoTensors("shared", "head", "abac"));
  HyperType type;
  type.kind = HyperType::Kind::Bool;
  auto ask = [&](const std::string &weights, const std::vector<std::string> &names) {
    DiagnosticEngine diags;
    std::unique_ptr<HfFolder> folder = HfFolder::open("m", diags);
    if (!weights.empty())
      folder->weightsLieAt(weights);
    FieldResult found = folder->readField("f", {}, type, true, names, diags);
    EXPECT_FALSE(diags.hasErrors()) << diags.render();
    EXPECT_EQ(found.kind, FieldResult::Kind::Value);
    return std::get<bool>(found.value.node);
  };
  EXPECT_TRUE(ask("", {"weights:head"}));
  EXPECT_FALSE(ask("", {"weights:bias"}));
  EXPECT_TRUE(ask("", {"weights:bias", "weights:shared"}));
  EXPECT_FALSE(ask("", {"weights:head != shared"}));
  EXPECT_TRUE(ask("other", {"weights:head != shared"}));
  EXPECT_FALSE(ask("other", {"weights:head != bias"}));
  EXPECT_TRUE(ask("other", {"weights:head != bias", "weights:shared != head"}));
}

TEST(HfFolder, PoolingOfAnotherKind) {
  TemporaryFolder place;
  place.write("m/config.json", "{}");
  place.write("m/modules.json", R"([{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                                    {"path": "2", "type": "sentence_transformers.models.Normalize"}])");
  place.write("m/1_Pooling/config.json",
              "{\n  \"pooling_mode_cls_token\": true,\n  \"pooling_mode_mean_tokens\": false\n}\n");
  DiagnosticEngine diags;
  auto folder = HfFolder::open("m", diags);
  EXPECT_FALSE(folder->checkPooling(diags));
  expectGolden("diagnostics/pooling.E0510.expected", diags.render());
}

TEST(HfFolder, Goldens) {
  golden("bad-json.E0502", "{\n  \"d\": 3,\n  \"d\": 4\n}\n", "d: int");
  golden("field-type.E0504", "{\n  \"hidden_size\": \"768\",\n  \"flag\": 1\n}\n",
         "  d: int = 1 as \"hidden_size\"\n  flag: bool = true");
  golden("field-missing.E0505", "{}\n", "  d: int as \"hidden_size\"");
  golden("fields-disagree.E0506", "{\n  \"a\": 1,\n  \"b\": {\"c\": 2}\n}\n", "  x: int = 0 as \"a\" | \"b.c\"");
  golden("unread-key.E0507", "{\n  \"hiden_size\": 3,\n  \"rope\": {\"base\": 1, \"list\": [{}]}\n}\n",
         "  d: int = 1 as \"hidden_size\"");
  golden("bad-outside-name.E0508", "{}\n",
         "  a: int = 1 as \"../secret.json:key\"\n  b: int = 1 as \"x..y\"\n  c: int = 1 as \"#\"");
  golden("null-without-default.E0509", "{\n  \"d\": null\n}\n", "  d: int");
  std::string many = "{\"k0\": 0";
  for (int i = 1; i < 100; ++i)
    many += ",\n\"k" + std::to_string(i) + "\": 0";
  Reading reading(many + "}", "");
  EXPECT_EQ(reading.diags.errorCount(), 20u);
  EXPECT_NE(reading.diags.render().find("and 80 more keys"), std::string::npos);
}

TEST(HfFolder, FoldersThatAreNone) {
  TemporaryFolder place;
  place.write("empty/x", "");
  DiagnosticEngine diags;
  EXPECT_FALSE(HfFolder::open("empty", diags));
  place.write("noarch/config.json", "{\n  \"architectures\": []\n}\n");
  place.write("list/config.json", "[1]");
  EXPECT_FALSE(HfFolder::open("list", diags));
  auto folder = HfFolder::open("noarch", diags);
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->requireArchitecture(diags), "");
  expectGolden("diagnostics/folders.E0501.E0503.expected", diags.render());
}

TEST(HfFolder, Settings) {
  auto type = [](HyperType::Kind kind, bool optional = false) {
    HyperType result;
    result.kind = kind;
    result.optional = optional;
    return result;
  };
  EXPECT_EQ(convertSetting("12", type(HyperType::Kind::Int)), ConfigValue{int64_t{12}});
  EXPECT_FALSE(convertSetting("12x", type(HyperType::Kind::Int)));
  EXPECT_FALSE(convertSetting("1e6", type(HyperType::Kind::Int)));
  EXPECT_EQ(convertSetting("1e6", type(HyperType::Kind::Float)), ConfigValue{1e6});
  EXPECT_FALSE(convertSetting("inf", type(HyperType::Kind::Float)));
  EXPECT_EQ(convertSetting("true", type(HyperType::Kind::Bool)), ConfigValue{true});
  EXPECT_FALSE(convertSetting("1", type(HyperType::Kind::Bool)));
  EXPECT_EQ(convertSetting("none", type(HyperType::Kind::Int, true)), ConfigValue{});
  EXPECT_FALSE(convertSetting("none", type(HyperType::Kind::Int)));
  EXPECT_EQ(convertSetting("none", type(HyperType::Kind::Str)), ConfigValue{std::string("none")});
}

TEST(LocateJson, FindsMembers) {
  std::string text = R"({"a\"b": [1, {"c": "x,]}"}], "d" : -1.5e3 , "e":{}})";
  auto at = [&](std::vector<std::string> path) {
    Span span = locateJson(text, 0, path);
    return text.substr(span.begin, span.end - span.begin);
  };
  EXPECT_EQ(at({"a\"b", "1", "c"}), R"("c": "x,]}")");
  EXPECT_EQ(at({"a\"b", "0"}), "1");
  EXPECT_EQ(at({"d"}), R"("d" : -1.5e3)");
  EXPECT_EQ(at({"e"}), R"("e":{})");
  EXPECT_EQ(at({"nothing"}), "");
}
