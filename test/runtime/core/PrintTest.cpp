// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How embeddings are printed.

#include "runtime/api/Print.h"

#include <cstdlib>
#include <functional>
#include <gtest/gtest.h>

using namespace sinter::runtime;

namespace {

std::string printed(const std::function<void(FILE *)> &print) {
  char *data = nullptr;
  size_t size = 0;
  FILE *out = open_memstream(&data, &size);
  print(out);
  fclose(out);
  std::string text(data, size);
  free(data);
  return text;
}

std::string json(std::string_view text) {
  return printed([&](FILE *out) { printJsonString(out, text.data(), text.size()); });
}

TEST(Print, JsonStrings) {
  EXPECT_EQ(json("a \"b\" \\ c"), R"("a \"b\" \\ c")");
  EXPECT_EQ(json("tab\t nul\x01"), R"("tab\u0009 nul\u0001")");
  EXPECT_EQ(json("é 日 🙂"), "\"é 日 🙂\"");
  EXPECT_EQ(json("\xff \xc0\xaf \xed\xa0\x80 \xe6\x97"), R"("\ufffd \ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd")");
}

TEST(Print, VectorsReadBack) {
  double vector[] = {0.1f, -3, 1e-30f};
  std::string line = printed([&](FILE *out) { printVector(out, vector, 3, 9); });
  char *end = line.data();
  for (double value : vector)
    EXPECT_EQ(strtof(end, &end), static_cast<float>(value));
  EXPECT_STREQ(end, "\n");
}

TEST(Print, JsonAndSimilarities) {
  double a[] = {3, 4}, b[] = {0, 2}, zero[] = {0, 0};
  int32_t ids[] = {101, 102};
  EmbeddedText texts[] = {{"a\nb", 3, ids, 2, a}, {"b", 1, nullptr, 0, b}, {"z", 1, nullptr, 0, zero}};
  EXPECT_EQ(printed([&](FILE *out) { printJson(out, texts, 2, 2, 9); }),
            "[{\"text\": \"a\\u000ab\", \"ids\": [101, 102], \"embedding\": [3, 4]},\n"
            " {\"text\": \"b\", \"embedding\": [0, 2]}]\n");
  EXPECT_EQ(printed([&](FILE *out) { printSimilarities(out, texts, 2, 2); }), "            1       2\n"
                                                                              "    1  1.0000  0.8000  a?b\n"
                                                                              "    2  0.8000  1.0000  b\n");
  EXPECT_EQ(printed([&](FILE *out) { printSimilaritiesJson(out, texts, 3, 2); }),
            "{\"texts\": [\"a\\u000ab\", \"b\", \"z\"],\n \"similarities\": [[1, 0.8, 0],\n  [0.8, 1, 0],\n  [0, 0, "
            "0]]}\n");
}

} // namespace
