// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file appears whole or not at all, and the old one outlives every failure.

#include "runtime/format/AtomicWrite.h"
#include "test/runtime/format/TemporaryFolder.h"

#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>

using namespace sinter::format;
using sinter::test::TemporaryFolder;

static long countFiles(const std::string &folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

TEST(AtomicWrite, replacesWhole) {
  TemporaryFolder folder;
  std::string path = folder.write("f", "old"), error;
  ASSERT_TRUE(writeFileAtomic(path, "new text", error)) << error;
  EXPECT_EQ(folder.read("f"), "new text");
  EXPECT_EQ(countFiles(folder.path), 1);
}

TEST(AtomicWrite, nothingBeforeCommit) {
  TemporaryFolder folder;
  std::string path = folder.write("f", "old"), error;
  {
    std::optional<AtomicFile> file = AtomicFile::create(path, error);
    ASSERT_TRUE(file) << error;
    ASSERT_TRUE(file->write("half", 4, error)) << error;
    EXPECT_EQ(folder.read("f"), "old");
    EXPECT_EQ(countFiles(folder.path), 2);
  }
  EXPECT_EQ(folder.read("f"), "old");
  EXPECT_EQ(countFiles(folder.path), 1) << "the temporary is gone";
}

TEST(AtomicWrite, holesReadAsZeros) {
  TemporaryFolder folder;
  std::string error;
  std::optional<AtomicFile> file = AtomicFile::create(folder.file("f"), error, 0755);
  ASSERT_TRUE(file) << error;
  ASSERT_TRUE(file->write("ab", 2, error) && file->writeAt(4, "e", 1, error) && file->write("c", 1, error)) << error;
  AtomicFile moved = std::move(*file);
  ASSERT_TRUE(moved.commit(error)) << error;
  EXPECT_EQ(folder.read("f"), std::string("abc\0e", 5));
  struct stat info;
  ASSERT_EQ(stat(folder.file("f").c_str(), &info), 0);
  EXPECT_NE(info.st_mode & 0100, 0u) << "the mode was asked for";
}

TEST(AtomicWrite, errorsNameThePath) {
  TemporaryFolder folder;
  std::string error;
  EXPECT_FALSE(writeFileAtomic(folder.file("none/f"), "x", error));
  EXPECT_EQ(error.rfind(folder.file("none/f") + ": cannot write", 0), 0u) << error;
  EXPECT_FALSE(writeFileAtomic("/dev/null", "x", error)) << "a device is not replaced";
}
