// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every committed input of every target, in every test run: seeds, and what fuzzing once found (finding-*).
#include "test/fuzz/Targets.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <vector>

TEST(Fuzz, CorporaReplay) {
  for (const sinter::fuzz::Target &target : sinter::fuzz::targets) {
    size_t count = 0;
    for (const auto &entry :
         std::filesystem::directory_iterator(std::string(SINTER_SOURCE_DIR "/test/fuzz/corpus/") + target.name)) {
      SCOPED_TRACE(entry.path().string());
      std::printf("%s\n", entry.path().c_str()); // a break names its input
      std::fflush(stdout);
      std::ifstream file(entry.path(), std::ios::binary);
      std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
      target.run(bytes);
      // Cut short and with a byte flipped, it is an input too.
      for (size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 16) {
        target.run({bytes.data(), at});
        bytes[at] ^= 0x21;
        target.run(bytes);
        bytes[at] ^= 0x21;
      }
      ++count;
    }
    EXPECT_GE(count, 4u) << target.name;
  }
}
