// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PEFT folders: what they name, the variant that is written for them, and one clear message for each that is wrong.
#include "frontend/adapter/KeyPattern.h"
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include "frontend/weights/BindWeights.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

constexpr const char *modelText = R"(import Linear, Conv1D, Embedding, LayerNorm from "std/nn"
config C { d: int = 8  layers: int = 3 }
module Layer(d: int) {
  query: Linear(d, d) as "self.query"
  value: Linear(d, d, biased = false) as "self.value"
  out:   Conv1D(d, d)
  norm:  LayerNorm(d, 1e-5)
  fn forward(x: f32[..., d]) -> f32[..., d] { return norm(out(query(x) + value(x))) }
}
model M(c: C) as "" | "base" {
  table: Embedding(10, c.d)
  layer: [Layer(c.d) for i in 0..c.layers]
  head:  Linear(c.d, 10, biased = false)
  tie head.weight = table.weight
  fn forward(tokens: i32[B, T]) -> f32[B, T, 10] {
    x = table(tokens)
    for l in layer { x = l(x) }
    return head(x)
  }
}
)";

using Tensors = std::vector<std::pair<std::string, std::vector<int64_t>>>;

std::string safetensors(const Tensors &tensors) {
  std::string header = "{", data;
  for (const auto &[name, dims] : tensors) {
    int64_t count = 4;
    std::string shape;
    for (int64_t dim : dims) {
      count *= dim;
      shape += (shape.empty() ? "" : ",") + std::to_string(dim);
    }
    header += (header.size() > 1 ? "," : "") + ("\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(data.size()) + "," + std::to_string(data.size() + count) + "]}");
    data.append(size_t(count), '\0');
  }
  header += "}";
  uint64_t length = header.size();
  return std::string(reinterpret_cast<const char *>(&length), 8) + header + data;
}

Tensors baseTensors() {
  Tensors tensors{{"table.weight", {10, 8}}};
  for (int i = 0; i < 3; ++i) {
    std::string layer = "layer." + std::to_string(i) + ".";
    for (const auto &[name, dims] : Tensors{{"self.query.weight", {8, 8}}, {"self.query.bias", {8}},
                                            {"self.value.weight", {8, 8}}, {"out.weight", {8, 8}}, {"out.bias", {8}},
                                            {"norm.weight", {8}}, {"norm.bias", {8}}})
      tensors.emplace_back(layer + name, dims);
  }
  return tensors;
}

Tensors loraTensors(const std::string &module, int64_t rank, std::initializer_list<int> layers) {
  Tensors tensors;
  for (int i : layers) {
    std::string path = "base_model.model.layer." + std::to_string(i) + "." + module;
    tensors.emplace_back(path + ".lora_A.weight", std::vector<int64_t>{rank, 8});
    tensors.emplace_back(path + ".lora_B.weight", std::vector<int64_t>{8, rank});
  }
  return tensors;
}

std::string config(const std::string &fields) {
  return "{\"peft_type\": \"LORA\", \"r\": 2" + std::string(fields.empty() ? "" : ", ") + fields + "}";
}

/// A model with adapters, opened and bound in a folder of its own.
struct Adapted {
  TemporaryFolder place;
  DiagnosticEngine diags;
  std::optional<OpenedModel> opened;
  std::optional<WeightBinding> binding;

  explicit Adapted(const std::vector<std::pair<std::string, std::string>> &files, std::vector<std::string> folders) {
    place.write("m.sinter", modelText);
    place.write("base.safetensors", safetensors(baseTensors()));
    for (const auto &[name, content] : files)
      place.write(name, content);
    FrontendOptions options = modelOf("m.sinter", "M");
    options.adapters.folders = std::move(folders);
    opened = openModel(options, diags);
    if (!opened)
      return;
    Elaborator elaborator(*opened->program, elaborateOptions(*opened, options), nullptr, diags);
    if (!elaborator.run())
      return;
    table = makeParameterTable(elaborator, {});
    std::string error;
    set = sinter::format::SafetensorsSet::open("base.safetensors", error);
    EXPECT_TRUE(set) << error;
    if (set)
      binding = bindWeights(table, *set, diags);
  }

  ParameterTable table;
  std::optional<sinter::format::SafetensorsSet> set;
};

void refused(const std::string &name, const std::string &json, const std::optional<Tensors> &tensors) {
  SCOPED_TRACE(name);
  std::vector<std::pair<std::string, std::string>> files{{"a/README.md", ""}};
  if (!json.empty())
    files.emplace_back("a/adapter_config.json", json);
  if (tensors)
    files.emplace_back("a/adapter_model.safetensors", safetensors(*tensors));
  Adapted adapted(files, {"a"});
  EXPECT_FALSE(adapted.binding);
  EXPECT_EQ(adapted.diags.errorCount(), 1u) << adapted.diags.render();
  expectGolden("adapter/" + name + ".expected", adapted.diags.render());
}

const Tensors queries = loraTensors("self.query", 2, {0, 1, 2});
constexpr const char *query = "\"target_modules\": [\"query\"]";

Tensors with(Tensors tensors, const std::string &name, std::vector<int64_t> dims) {
  tensors.emplace_back(name, std::move(dims));
  return tensors;
}

} // namespace

TEST(KeyPattern, IsPythonsFullMatch) {
  auto matches = [](const char *spelling, const char *name) {
    std::string error;
    auto pattern = KeyPattern::compile(spelling, error);
    EXPECT_TRUE(pattern) << error;
    return pattern && pattern->matches(name);
  };
  EXPECT_TRUE(matches(R"(.*\.(q|v)_proj)", "model.layers.0.self_attn.v_proj"));
  EXPECT_FALSE(matches(R"(.*\.(q|v)_proj)", "model.layers.0.self_attn.k_proj"));
  EXPECT_FALSE(matches("query", "layer.0.query"));
  EXPECT_TRUE(matches(R"(^layer\.\d{1,2}\.query$)", "layer.11.query"));
  EXPECT_FALSE(matches(R"(layer\.\d\.query)", "layer.11.query"));
  EXPECT_TRUE(matches(R"((?:a|b)+?c?)", "abab"));
  EXPECT_TRUE(matches(R"([^.]*\.[a-z_]+)", "x0.y_z"));
  std::string error, name(200, 'a');
  auto slow = KeyPattern::compile("(a|aa)+(a|aa)+(a|aa)+b", error);
  ASSERT_TRUE(slow) << error;
  EXPECT_FALSE(slow->matches(name)); // soon
  EXPECT_FALSE(KeyPattern::compile("(", error));
  EXPECT_FALSE(KeyPattern::compile("(?!.*vision).*", error));
}

TEST(Adapter, WritesTheVariant) {
  Adapted list({{"a/adapter_config.json", config(query)}, {"a/adapter_model.safetensors", safetensors(queries)}}, {"a/"});
  EXPECT_TRUE(list.binding) << list.diags.render();
  ASSERT_TRUE(list.opened);
  EXPECT_EQ(list.opened->adapters->text, "import LoRA from \"lora\"\n\nvariant adapter() {\n"
                                         "  replace \"layer.{0,1,2}.self.query\" with LoRA(2, 8.0)\n}\n");

  std::string fields = R"("target_modules": ["query", "out", "table"], "layers_to_transform": [1], "layers_pattern": "layer",
    "use_rslora": true, "rank_pattern": {"out": 3}, "alpha_pattern": {"layer.1.self.query": 2.5}, "fan_in_fan_out": true)";
  Tensors tensors = loraTensors("self.query", 2, {1});
  for (const auto &one : loraTensors("out", 3, {1}))
    tensors.push_back(one);
  Adapted some({{"a/adapter_config.json", config(fields)}, {"a/adapter_model.safetensors", safetensors(tensors)}}, {"a"});
  EXPECT_TRUE(some.binding) << some.diags.render();
  ASSERT_TRUE(some.opened);
  EXPECT_EQ(some.opened->adapters->text,
            "import LoRA from \"lora\"\n\nvariant adapter() {\n"
            "  replace \"layer.1.self.query\" with LoRA(2, 2.5, stabilized = true)\n"
            "  replace \"layer.1.out\" with LoRA(3, 8.0, stabilized = true)\n}\n");

  Adapted bank({{"a/adapter_config.json", config(query)}, {"a/adapter_model.safetensors", safetensors(queries)},
                {"b/adapter_config.json", config("\"target_modules\": \"all-linear\", \"rank_pattern\": {\".*0.*\": 4}, "
                                                 "\"exclude_modules\": [\"value\", \"out\", \"head\"]")},
                {"b/adapter_model.safetensors",
                 safetensors([] {
                   Tensors all = loraTensors("self.query", 4, {0});
                   for (const auto &one : loraTensors("self.query", 2, {1, 2}))
                     all.push_back(one);
                   return all;
                 }())}},
               {"a", "b"});
  EXPECT_TRUE(bank.binding) << bank.diags.render();
  ASSERT_TRUE(bank.opened);
  EXPECT_EQ(bank.opened->adapters->text, "import LoRABank from \"lora\"\n\nvariant adapter() {\n"
                                         "  replace \"layer.{1,2}.self.query\" with LoRABank(2, 2)\n"
                                         "  replace \"layer.0.self.query\" with LoRABank(2, 4)\n}\n");
}

TEST(Adapter, ReplacesWhatItSaved) {
  Tensors tensors = with(with(queries, "base_model.model.layer.1.norm.weight", {8}), "base_model.model.layer.1.norm.bias", {8});
  Adapted adapted({{"a/adapter_config.json", config(std::string(query) + ", \"modules_to_save\": [\"layer.1.norm\", \"score\"]")},
                   {"a/adapter_model.safetensors", safetensors(tensors)}},
                  {"a"});
  ASSERT_TRUE(adapted.binding) << adapted.diags.render();
  EXPECT_TRUE(adapted.binding->find("layer.1.norm.weight")->inMemory[0]);
  EXPECT_FALSE(adapted.binding->find("layer.0.norm.weight")->inMemory[0]);

  // A head of its own is not tied any more.
  Adapted head({{"a/adapter_config.json", config(std::string(query) + ", \"modules_to_save\": [\"head\"]")},
                {"a/adapter_model.safetensors", safetensors(with(queries, "base_model.model.head.weight", {10, 8}))}},
               {"a"});
  ASSERT_TRUE(head.binding) << head.diags.render();
  EXPECT_TRUE(head.binding->find("head.weight")->inMemory[0]);
  EXPECT_FALSE(head.binding->find("table.weight")->inMemory[0]);
}

TEST(Adapter, MalformedFolders) {
  refused("no-config.E0530", "", queries);
  refused("not-json.E0502", "{\"r\": ", queries);
  refused("a-list.E0530", "[]", queries);
  refused("no-weights.E0530", config(query), std::nullopt);
  refused("other-method.E0531", "{\"peft_type\": \"IA3\"}", queries);
  refused("no-method.E0531", "{\"r\": 4}", queries);
  refused("unknown-field.E0532", config(std::string(query) + ", \"use_rslorra\": true"), queries);
  refused("alpha-is-text.E0533", config(std::string(query) + ", \"lora_alpha\": \"large\""), queries);
  refused("bias-unknown.E0533", config(std::string(query) + ", \"bias\": \"some\""), queries);
  refused("no-targets.E0533", config(""), queries);
  refused("rank-pattern.E0533", config(std::string(query) + ", \"rank_pattern\": {\"query\": 0}"), queries);
  refused("layers-negative.E0533", config(std::string(query) + ", \"layers_to_transform\": [-1]"), queries);
  refused("trained-tokens.E0534", config(std::string(query) + ", \"trainable_token_indices\": [1, 2]"), queries);
  refused("pissa.E0534", config(std::string(query) + ", \"init_lora_weights\": \"pissa\""), queries);
  refused("bad-pattern.E0535", config("\"target_modules\": \"(query\""), queries);
  refused("other-model.E0536", config("\"target_modules\": [\"c_attn\"]"), queries);
  refused("saved-unknown.E0536", config(std::string(query) + ", \"modules_to_save\": [\"pooler\"]"), queries);
  refused("norm-as-target.E0537", config("\"target_modules\": [\"1.norm\"]"), queries);
  refused("tensor-missing.E0538", config(query), Tensors(queries.begin(), queries.end() - 1));
  refused("saved-missing.E0538", config(std::string(query) + ", \"modules_to_save\": [\"head\"]"), queries);
  refused("tensor-unexpected.E0539", config(query), with(queries, "base_model.model.layer.0.out.lora_A.weight", {2, 8}));
  refused("other-prefix.E0539", config(query), with(queries, "model.layer.0.out.lora_A.weight", {2, 8}));
  refused("other-rank.E0603", config("\"target_modules\": [\"layer.0.self.query\"]"),
          Tensors{{"base_model.model.layer.0.self.query.lora_A.weight", {3, 8}},
                  {"base_model.model.layer.0.self.query.lora_B.weight", {8, 2}}});
}

TEST(Adapter, MalformedBanks) {
  auto both = [](const std::string &name, const std::string &second, const Tensors &tensors) {
    SCOPED_TRACE(name);
    Adapted adapted({{"a/adapter_config.json", config(query)}, {"a/adapter_model.safetensors", safetensors(queries)},
                     {"b/adapter_config.json", second}, {"b/adapter_model.safetensors", safetensors(tensors)}},
                    {"a", "b"});
    EXPECT_FALSE(adapted.binding);
    EXPECT_EQ(adapted.diags.errorCount(), 1u) << adapted.diags.render();
    expectGolden("adapter/bank-" + name + ".expected", adapted.diags.render());
  };
  both("dora.E0534", config(std::string(query) + ", \"use_dora\": true"), queries);
  both("saved.E0534", config(std::string(query) + ", \"modules_to_save\": [\"head\"]"), queries);
  both("missing.E0538", config("\"target_modules\": [\"value\"]"), [] {
         Tensors tensors = loraTensors("self.value", 2, {0, 1, 2});
         tensors.pop_back();
         return tensors;
       }());
  both("unexpected.E0539", config(query), with(queries, "base_model.model.head.weight", {10, 8}));
  both("shape.E0603", config("\"target_modules\": [\"layer.0.self.query\"]"),
       Tensors{{"base_model.model.layer.0.self.query.lora_A.weight", {2, 9}},
               {"base_model.model.layer.0.self.query.lora_B.weight", {8, 2}}});
}
