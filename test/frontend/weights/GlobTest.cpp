// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Globs: what each sign matches, what is malformed, and that no pair is slow.
#include "frontend/weights/Glob.h"

#include <chrono>
#include <gtest/gtest.h>

using sinter::frontend::Glob;

namespace {
bool match(std::string_view pattern, std::string_view path) {
  std::string error;
  size_t at = 0;
  auto glob = Glob::compile(pattern, error, at);
  EXPECT_TRUE(glob) << pattern << ": " << error;
  return glob && glob->matches(path);
}
std::string malformed(std::string_view pattern) {
  std::string error;
  size_t at = 0;
  return Glob::compile(pattern, error, at) ? "" : error + " at " + std::to_string(at);
}
} // namespace

TEST(Glob, OneSegment) {
  EXPECT_TRUE(match("a.*.c", "a.b.c"));
  EXPECT_TRUE(match("a.*.c", "a..c"));
  EXPECT_FALSE(match("a.*.c", "a.b.b.c"));
  EXPECT_TRUE(match("summary_*", "summary_type"));
  EXPECT_TRUE(match("*_embeddings.weight", "word_embeddings.weight"));
  EXPECT_FALSE(match("*", "a.b"));
  EXPECT_TRUE(match("h.*.*.c_proj.weight", "h.0.attn.c_proj.weight"));
}

TEST(Glob, AnySegments) {
  EXPECT_TRUE(match("**", ""));
  EXPECT_TRUE(match("**", "a.b.c"));
  EXPECT_TRUE(match("**.bias", "bias"));
  EXPECT_TRUE(match("**.bias", "a.b.bias"));
  EXPECT_FALSE(match("**.bias", "a.xbias"));
  EXPECT_TRUE(match("cls.**", "cls"));
  EXPECT_TRUE(match("cls.**", "cls.predictions.bias"));
  EXPECT_FALSE(match("cls.**", "clsx.bias"));
  EXPECT_TRUE(match("a.**.z", "a.z"));
  EXPECT_TRUE(match("a.**.z", "a.b.c.z"));
  EXPECT_TRUE(match("**.lora_*.**", "x.lora_A.weight"));
  EXPECT_TRUE(match("generator_*.**", "generator_lm_head.bias"));
}

TEST(Glob, Braces) {
  EXPECT_TRUE(match("**.self.{query,value}", "l.0.self.query"));
  EXPECT_TRUE(match("**.self.{query,value}", "l.0.self.value"));
  EXPECT_FALSE(match("**.self.{query,value}", "l.0.self.key"));
  EXPECT_TRUE(match("{a,b{c,d}*,}.x", "bdq.x"));
  EXPECT_TRUE(match("{a,}x", "x"));
  EXPECT_TRUE(match("a,b", "a,b"));
  EXPECT_FALSE(match("{a}", ""));
}

TEST(Glob, SpecialSignsOfOtherLanguagesAreText) {
  EXPECT_TRUE(match("a?[b]+(c)^$", "a?[b]+(c)^$"));
  EXPECT_FALSE(match("a.b", "axb"));
}

TEST(Glob, Malformed) {
  EXPECT_EQ(malformed("a{b"), "`{` is not closed at 1");
  EXPECT_EQ(malformed("ab}"), "`}` without `{` at 2");
  EXPECT_EQ(malformed("{{{{{{{{{a}}}}}}}}}"), "its braces are nested too deep at 8");
  EXPECT_EQ(malformed(std::string(2000, 'a')), "it is too long at 0");
}

TEST(Glob, HostilePairsAreFast) {
  std::string path(100'000, 'a');
  auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(match("*a*a*a*a*a*a*a*a*a*a*b", path));
  EXPECT_FALSE(match("**a**a**a**a**a**b", path));
  EXPECT_FALSE(match("{a,a}{a,a}{a,a}{a,a}{a,a}*b", path));
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_LT(seconds, 5.0);
}
