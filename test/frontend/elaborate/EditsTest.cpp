// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What edits leave behind: names beside the old ones, frozen and newly begun parameters, who wins, how many are trained.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

namespace {

/// The model N of a text, elaborated.
struct Edited {
  TemporaryFolder place;
  ElaboratedText text;
  explicit Edited(const std::string &body, const std::string &model = "N")
      : text(modelOf(place.write("m.sinter", body), model)) {
    EXPECT_TRUE(text.ok) << text.diags.render();
  }
  const Parameter *find(const std::string &path) const {
    for (const Parameter &parameter : text.elaborator->parameters())
      if (parameter.path == path)
        return &parameter;
    return nullptr;
  }
  std::string initial(const std::string &path) const {
    const Parameter *found = find(path);
    return found && found->initial ? spelling(*found->initial) : "";
  }
  int64_t trained() const {
    int64_t total = 0;
    for (const Parameter &parameter : text.elaborator->parameters())
      if (!parameter.tiedTo && parameter.reached && !parameter.frozen)
        total += parameter.count();
    return total;
  }
};

const std::string two = R"(import Linear from "std/nn"
import LoRA, lora from "lora"
config C { d: int = 8 }
module Half(d: int) {
  scale = 0.25
  up:   Linear(d, 2 * d)
  down: Linear(2 * d, d)
  init "up.weight" with normal(0.5)
  fn forward(x: f32[..., d]) -> f32[..., d] { return scale * down(up(x)) }
  fn width() -> int { return 2 * d }
}
model M(c: C) {
  a: Half(c.d)
  b: Half(c.d)
  tie a.up.weight = b.up.weight
  fn forward(x: f32[B, c.d]) -> f32[B, c.d] {
    check a.up.d_out == a.width(), "both see through a replacement"
    return b(a(x)) * a.scale
  }
}
)";

} // namespace

TEST(Edits, MembersStandBeside) {
  Edited edited(two + "model N = M(C) with lora(rank = 2, on = \"*.up\")\n");
  ASSERT_TRUE(edited.find("a.up.lora_A.weight"));
  EXPECT_EQ(edited.find("a.up.lora_B.weight")->axes[0].extent, Extent(16));
  EXPECT_TRUE(edited.find("a.up.weight")->frozen);
  EXPECT_FALSE(edited.find("a.up.lora_A.weight")->frozen);
  EXPECT_EQ(edited.find("a.up.weight")->tiedTo, edited.find("b.up.weight")); // `tie` looks through
  EXPECT_EQ(edited.initial("a.up.lora_B.weight"), "zeros");
  EXPECT_EQ(edited.initial("b.up.lora_A.weight"), "uniform(0.35355339059327373)");
  EXPECT_EQ(edited.trained(), 2 * 2 * (8 + 16));
}

TEST(Edits, ReplacedAsAWholeAnswersForItsNames) {
  Edited edited(two + R"(
module Twice(base: module) {
  scale = 100.0
  gain: param[1] = ones
  fn forward(x: f32[..., 8]) -> f32[..., 8] { return base(base(x)) * gain }
}
variant twice() { replace "a" with Twice() }
model N = M(C) with twice()
)");
  ASSERT_TRUE(edited.find("a.gain"));
  EXPECT_TRUE(edited.find("a.gain")->reached);
  EXPECT_TRUE(edited.find("a.down.weight")->reached);
}

TEST(Edits, TheOutermostThenTheLastWins) {
  Edited edited(two + R"(
variant begin() { init "*.up.weight" with ones  init "a.up.*" with zeros }
variant freezing() { freeze "a.**" }
variant more(all: bool = false) { if all { freeze "b.**" } else { freeze "b.up.**" except "**.bias" } }
model N = M(C) with begin(), freezing(), more()
)");
  EXPECT_EQ(edited.initial("a.up.weight"), "zeros");
  EXPECT_EQ(edited.initial("b.up.weight"), "ones");
  EXPECT_EQ(edited.initial("b.down.weight"), "normal(0.02)");
  EXPECT_TRUE(edited.find("a.down.bias")->frozen);
  EXPECT_TRUE(edited.find("b.up.weight")->frozen);
  EXPECT_FALSE(edited.find("b.up.bias")->frozen);
  EXPECT_FALSE(edited.find("b.down.weight")->frozen);
}

TEST(Edits, InAModuleAndOneUponAnother) {
  Edited edited(two + R"(
module Outer(d: int) {
  half: Half(d)
  replace "half.up" with LoRA(2, 4.0)
  fn forward(x: f32[..., d]) -> f32[..., d] { return half(x) }
}
module Scaled(base: module) {
  gain: param[base.d_out] = ones
  fn forward(x: f32[..., base.d_in]) -> f32[..., base.d_out] { return base(x) * gain }
}
model K(c: C) {
  inner: Outer(c.d)
  fn forward(x: f32[B, c.d]) -> f32[B, c.d] { return inner(x) }
}
variant scaled() { replace "**.up" with Scaled()  replace "**.lora_A" with Scaled() }
model N = K(C) with scaled()
)");
  EXPECT_TRUE(edited.find("inner.half.up.gain"));
  EXPECT_TRUE(edited.find("inner.half.up.lora_A.gain")); // a later edit meets what an earlier one has put there
  EXPECT_TRUE(edited.find("inner.half.up.lora_A.weight")->reached);
}

TEST(Edits, LoRAIsAsSmallAsPublished) {
  // Hu et al. 2021: rank 8 on queries and values, 0.3 M for RoBERTa base, 0.8 M for large.
  std::string text = "import RobertaConfig, RobertaForMaskedLM from \"roberta\"\nimport lora from \"lora\"\n"
                     "config Large: RobertaConfig { d: int = 1024  layers: int = 24  heads: int = 16 }\n"
                     "model N = RobertaForMaskedLM(RobertaConfig) with lora(rank = 8)\n"
                     "model L = RobertaForMaskedLM(Large) with lora(rank = 8)\n";
  EXPECT_EQ(Edited(text).trained(), 294'912);
  EXPECT_EQ(Edited(text, "L").trained(), 786'432);
}
