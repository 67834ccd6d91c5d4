// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The Loading rules on small files: alternatives, ties, stacks, ignores, and each error by name.
#include "frontend/weights/BindWeights.h"
#include "test/frontend/ExpectGolden.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

struct Stored {
  std::string name;
  std::string dtype;
  std::vector<int64_t> dims;
  std::string bytes;
};

std::string floats(std::vector<float> values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float)};
}
std::string halves(std::vector<uint16_t> values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(uint16_t)};
}

std::string safetensors(const std::vector<Stored> &tensors) {
  std::string header = "{", data;
  for (const Stored &tensor : tensors) {
    std::string dims;
    for (int64_t dim : tensor.dims)
      dims += (dims.empty() ? "" : ",") + std::to_string(dim);
    header += (header.size() > 1 ? "," : "") + ("\"" + tensor.name) + "\":{\"dtype\":\"" + tensor.dtype +
              "\",\"shape\":[" + dims + "],\"data_offsets\":[" + std::to_string(data.size()) + "," +
              std::to_string(data.size() + tensor.bytes.size()) + "]}";
    data += tensor.bytes;
  }
  header += "}";
  while (header.size() % 8)
    header += " ";
  uint64_t size = header.size();
  return std::string(reinterpret_cast<const char *>(&size), 8) + header + data;
}

/// A table over a text that declares `w` and `v`, and a file.
struct Binding {
  TemporaryFolder place;
  DiagnosticEngine diags;
  ParameterTable table;
  std::optional<sinter::format::SafetensorsSet> set;
  std::optional<WeightBinding> binding;
  FileId text = noFile;

  explicit Binding(const std::vector<Stored> &tensors) {
    text = diags.sources().add("m.sinter", "module M(d: int) {\n  w: param[2, d]\n  v: param[d]\n  ignore \"x\"\n}\n");
    place.write("model.safetensors", safetensors(tensors));
    std::string error;
    set = sinter::format::SafetensorsSet::open("model.safetensors", error);
    EXPECT_TRUE(set) << error;
  }
  ParameterEntry &add(const char *symbol, std::vector<int64_t> dims, std::vector<CandidateList> candidates) {
    Span span = std::string_view(symbol)[0] == 'v' ? Span{text, 38, 39} : Span{text, 21, 22};
    table.parameters.push_back({symbol, candidates[0][0], std::move(dims), std::move(candidates), {}, true, span});
    return table.parameters.back();
  }
  bool bind() {
    binding = bindWeights(table, *set, diags);
    return binding.has_value();
  }
  std::vector<float> read(std::string_view symbol) {
    const BoundParameter *parameter = binding->find(symbol);
    std::vector<float> out(parameter->layers.size() * elementsPerLayer(*parameter->entry));
    std::string error;
    EXPECT_TRUE(materialize(*parameter, *set, out.data(), error)) << error;
    return out;
  }
};

} // namespace

TEST(BindWeights, FirstAlternativeAndStacks) {
  Binding b({{"bert.l.0.w", "F32", {2, 2}, floats({1, 2, 3, 4})},
             {"bert.l.1.w", "F16", {2, 2}, halves({0x3C00, 0x0001, 0xFC00, 0xC000})},
             {"gamma", "BF16", {2}, halves({0x3F80, 0x4049})}});
  b.add("w", {2, 2}, {{"l.0.w", "bert.l.0.w"}, {"l.1.w", "bert.l.1.w"}});
  b.add("v", {2}, {{"beta", "gamma"}});
  ASSERT_TRUE(b.bind()) << b.diags.render();
  EXPECT_EQ(b.read("w"), (std::vector<float>{1, 2, 3, 4, 1, 0x1p-24f, -INFINITY, -2}));
  EXPECT_EQ(b.read("v"), (std::vector<float>{1.0f, 3.140625f}));
  std::vector<double> doubles(2);
  std::string error;
  ASSERT_TRUE(materialize(*b.binding->find("v"), *b.set, doubles.data(), error));
  EXPECT_EQ(doubles[1], 3.140625);
  EXPECT_EQ(b.binding->find("nothing"), nullptr);
}

TEST(BindWeights, TiesTakeWhicheverIsPresent) {
  for (const char *stored : {"head", "table"}) {
    Binding b({{stored, "F32", {1}, floats({7})}});
    b.add("w", {1}, {{"table"}}).tied = {{{"head"}}};
    ASSERT_TRUE(b.bind()) << b.diags.render();
    EXPECT_EQ(b.read("w"), std::vector<float>{7});
  }
  Binding both({{"head", "F32", {1}, floats({7})}, {"table", "F32", {1}, floats({7})}});
  both.add("w", {1}, {{"table"}}).tied = {{{"head"}}};
  EXPECT_TRUE(both.bind()) << both.diags.render();
}

TEST(BindWeights, UnreachedParametersMayBeAbsentOrPresent) {
  Binding b({{"w", "F32", {1}, floats({7})}});
  b.add("w", {1}, {{"w"}}).required = false;
  b.add("v", {1}, {{"v"}}).required = false;
  ASSERT_TRUE(b.bind()) << b.diags.render();
  EXPECT_TRUE(b.binding->find("w")->isBound());
  EXPECT_FALSE(b.binding->find("v")->isBound());
}

TEST(BindWeights, IgnoresFollowTheAlternativeTaken) {
  std::vector<Stored> tensors = {{"bert.w", "F32", {1}, floats({1})},
                                 {"bert.position_ids", "I64", {1}, std::string(8, '\0')},
                                 {"cls.x.y", "BOOL", {1}, std::string(1, '\1')}};
  auto prepare = [](Binding &b) {
    b.add("w", {1}, {{"bert.w", "w"}});
    b.table.ignores.push_back({"position_ids", {"bert", ""}, {}});
    b.table.ignores.push_back({"cls.**", {""}, {}});
  };
  Binding fine(tensors);
  prepare(fine);
  EXPECT_TRUE(fine.bind()) << fine.diags.render();
  tensors.push_back({"position_ids", "F32", {1}, floats({1})}); // "bert" was taken, so this is no match
  Binding wrong(tensors);
  prepare(wrong);
  EXPECT_FALSE(wrong.bind());
  EXPECT_EQ(codes(wrong.diags), "E0602");
}

namespace {
void golden(const std::string &name, Binding &b) {
  EXPECT_FALSE(b.bind());
  expectGolden("diagnostics/" + name + ".expected", b.diags.render());
  EXPECT_TRUE(codes(b.diags).find(name.substr(name.find('.') + 1)) != std::string::npos) << codes(b.diags);
}
} // namespace

TEST(BindWeights, Goldens) {
  {
    Binding b({{"encoder.weigth", "F32", {2, 2}, floats({1, 2, 3, 4})}, {"stray", "F32", {1}, floats({0})}});
    b.add("w", {2, 2}, {{"encoder.weight", "bert.encoder.weight"}});
    golden("tensor-missing.E0601", b);
  }
  {
    Binding b({{"stray", "F32", {1, 3}, floats({0, 0, 0})}});
    golden("tensor-unexpected.E0602", b);
  }
  {
    Binding b({{"w", "F32", {3, 2}, std::string(24, '\0')}});
    b.add("w", {2, 3}, {{"w"}});
    golden("tensor-shape.E0603", b);
  }
  {
    Binding b({{"w", "I64", {1}, std::string(8, '\0')}});
    b.add("w", {1}, {{"w"}});
    golden("tensor-type.E0604", b);
  }
  {
    Binding b({{"w", "F32", {1}, floats({1})}, {"bert.w", "F32", {1}, floats({2})}});
    b.add("w", {1}, {{"w", "bert.w"}});
    golden("tensors-disagree.E0605", b);
  }
  {
    Binding b({});
    b.table.ignores.push_back({"a{b", {""}, Span{b.text, 59, 62}});
    golden("bad-glob.E0606", b);
  }
  {
    Binding b({{"w", "F32", {1}, floats({1})}});
    b.add("w", {1}, {{"w"}});
    b.add("v", {1}, {{"v", "w"}});
    golden("claimed-twice.E0607", b);
  }
  {
    Binding b({{"w", "F32", {1}, floats({1})}, {"x", "F32", {1}, floats({1})}});
    b.add("w", {1}, {{"w", "x"}});
    std::string file = readWhole("model.safetensors");
    b.place.write("model.safetensors", file.substr(0, file.size() - 6)); // shrinks while it is open
    golden("weights-unreadable.E0608", b);
  }
}

TEST(BindWeights, AFileThatShrinksIsAnErrorNotASignal) {
  Binding b({{"w", "F32", {2}, floats({1, 2})}});
  b.add("w", {2}, {{"w"}});
  ASSERT_TRUE(b.bind());
  b.place.write("model.safetensors", "");
  float out[2];
  std::string error;
  EXPECT_FALSE(materialize(*b.binding->find("w"), *b.set, out, error));
  EXPECT_NE(error, "");
}
