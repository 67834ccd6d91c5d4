// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables as untrusted bytes: whatever is damaged, opening refuses it or
// encoding stays inside it.

#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/text/Tokenizer.h"

#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>

using namespace sinter;

namespace {

std::string compile(const char *folder) {
  std::string error;
  std::optional<tokenizer::CompiledTokenizer> compiled =
      tokenizer::compileFolder(std::string(SINTER_SOURCE_DIR "/test/golden/tokenizer/") + folder, error);
  EXPECT_TRUE(compiled) << error;
  return compiled ? compiled->blob : std::string();
}

/// Opens a heap copy of exactly this size (so that the sanitizer sees every
/// step outside) and encodes with it if it opens.
bool survives(const std::string &blob) {
  std::unique_ptr<uint32_t[]> words(new uint32_t[(blob.size() + 3) / 4]);
  std::memcpy(words.get(), blob.data(), blob.size());
  SinterTokenizer view;
  const char *message = nullptr;
  if (sinterTokenizerOpen(&view, words.get(), blob.size(), &message) != SINTER_TOKENIZER_OK) {
    EXPECT_NE(message, nullptr);
    return false;
  }
  const char text[] =
      "The na\xc3\xafve [MASK] unable \xed\x95\x9c\xea\xb5\xad \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 "
      "a\xcc\x81\xcc\x96 \xc4\xb0 <code> \xff zzzzzzzzzzzzzzzzzzzzzzzz";
  SinterEncodeOptions options = {0, 0, 1, 0, nullptr, 0};
  SinterEncodeResult result;
  int32_t ids[256], types[256], mask[256];
  sinterTokenizerEncode(&view, text, sizeof(text) - 1, &options, ids, types, mask, 256, &result);
  size_t length = 0;
  for (uint32_t id = 0; id < 3000; id += 7)
    sinterTokenizerSpelling(&view, id, &length);
  return true;
}

} // namespace

TEST(Blob, sameInputSameBytes) { EXPECT_EQ(compile("mixed"), compile("mixed")); }

TEST(Blob, cutOrExtendedIsRefused) {
  std::string blob = compile("uncased");
  ASSERT_TRUE(survives(blob));
  EXPECT_FALSE(survives(""));
  EXPECT_FALSE(survives(blob + std::string(4, '\0')));
  for (size_t size = 0; size < blob.size(); size += 1 + size / 3)
    EXPECT_FALSE(survives(blob.substr(0, size))) << size;
}

TEST(Blob, misalignedIsRefused) {
  std::string blob = compile("uncased");
  alignas(8) static char bytes[1 << 20];
  ASSERT_LT(blob.size() + 1, sizeof(bytes));
  std::memcpy(bytes + 1, blob.data(), blob.size());
  SinterTokenizer view;
  EXPECT_EQ(sinterTokenizerOpen(&view, bytes + 1, blob.size(), nullptr), SINTER_TOKENIZER_BAD_BLOB);
}

TEST(Blob, everyHeaderWordIsChecked) {
  std::string blob = compile("mixed");
  for (size_t at = 0; at < sizeof(SinterTokenizerHeader); at += 4)
    for (uint32_t value : {0u, 1u, 2u, 3u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFCu, 0xFFFFFFFFu}) {
      std::string damaged = blob;
      std::memcpy(damaged.data() + at, &value, 4);
      bool opened = survives(damaged);
      if (at < 16 && std::memcmp(damaged.data() + at, blob.data() + at, 4) != 0)
        EXPECT_FALSE(opened) << "magic, version, kind and size at " << at;
    }
}

TEST(Blob, randomDamageIsContained) {
  std::string blob = compile("mixed");
  std::mt19937 random(20240229);
  unsigned refused = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string damaged = blob;
    for (unsigned n = 1 + random() % 8; n > 0; --n) {
      size_t at = random() % damaged.size();
      // Most damage to the tables, some to words of the header.
      if (random() % 4 == 0)
        at = random() % sizeof(SinterTokenizerHeader);
      damaged[at] = static_cast<char>(random());
    }
    refused += !survives(damaged);
  }
  EXPECT_GT(refused, 300u);
}
