// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What well-formed files give, and a file that shrinks while it is open.
// Malformed files are in test/robustness.

#include "runtime/format/Safetensors.h"
#include "test/runtime/format/TemporaryFolder.h"

#include <cstring>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sinter::format;
using sinter::test::TemporaryFolder;

namespace {

std::string pack(const std::string &header, const std::string &data) {
  uint64_t length = header.size();
  return std::string(reinterpret_cast<const char *>(&length), 8) + header + data;
}

const char *const header = R"({"__metadata__":{"format":"pt"},)"
                           R"("b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},)"
                           R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                           R"("e":{"dtype":"I64","shape":[0,3],"data_offsets":[12,12]}})";
const std::string data("\0\0\x80\x3f\0\0\0\x40\0\x3c\0\xc0", 12);

} // namespace

TEST(Safetensors, viewsPointIntoTheFile) {
  TemporaryFolder folder;
  std::string path = folder.write("model.safetensors", pack(header, data)), error;
  std::optional<SafetensorsSet> set = SafetensorsSet::open(folder.path, error);
  ASSERT_TRUE(set) << error;
  EXPECT_EQ(set->names(), (std::vector<std::string_view>{"a", "b", "e"}));
  EXPECT_EQ(set->totalBytes(), 12u);
  const TensorView *a = set->find("a"), *b = set->find("b");
  ASSERT_TRUE(a && b);
  float values[2];
  std::memcpy(values, a->data, 8);
  EXPECT_EQ(values[0], 1.0f);
  EXPECT_EQ(values[1], 2.0f);
  EXPECT_EQ(b->dtype, DType::F16);
  EXPECT_EQ(b->dims, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(b->elements(), 2u);
  EXPECT_EQ(b->file, path);
  EXPECT_EQ(b->fileOffset, 8 + std::strlen(header) + 8);
  EXPECT_EQ(set->find("e")->elements(), 0u);
  EXPECT_EQ(set->find("c"), nullptr);
  ASSERT_EQ(set->files().size(), 1u);
  EXPECT_EQ(set->files()[0]->metadata()[0].second, "pt");
}

TEST(Safetensors, viewsSurviveAMove) {
  TemporaryFolder folder;
  folder.write("model.safetensors", pack(header, data));
  std::string error;
  std::optional<SafetensorsSet> set = SafetensorsSet::open(folder.path, error);
  ASSERT_TRUE(set) << error;
  const TensorView *before = set->find("a");
  SafetensorsSet moved = std::move(*set);
  EXPECT_EQ(moved.find("a"), before);
  EXPECT_EQ(before->data[2], 0x80);
}

TEST(Safetensors, readsThroughTheDescriptor) {
  TemporaryFolder folder;
  std::string path = folder.write("model.safetensors", pack(header, data)), error;
  std::optional<SafetensorsSet> set = SafetensorsSet::open(path, error);
  ASSERT_TRUE(set) << error;
  const TensorView &b = *set->find("b");
  uint16_t half = 0;
  ASSERT_TRUE(set->read(b, 2, &half, 2, error)) << error;
  EXPECT_EQ(half, 0xC000);
  EXPECT_FALSE(set->read(b, 3, &half, 2, error)) << "leaves the tensor";
  set->release(b);
  // Reading the mapping now would be SIGBUS on the next page; read() says so.
  ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(b.fileOffset + 1)), 0);
  EXPECT_FALSE(set->read(b, 0, &half, 2, error));
  EXPECT_NE(error.find("truncated while in use"), std::string::npos) << error;
}

TEST(Safetensors, shardsAreOneSet) {
  TemporaryFolder folder;
  std::string one = R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  std::string two = R"({"y":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}})";
  folder.write("a.safetensors", pack(one, "A"));
  folder.write("b.safetensors", pack(two, "BB"));
  std::string index =
      folder.write("model.safetensors.index.json", R"({"metadata":{"total_size":3},)"
                                                   R"("weight_map":{"y":"b.safetensors","x":"a.safetensors"}})");
  std::string error;
  for (const std::string &path : {folder.path, index}) {
    std::optional<SafetensorsSet> set = SafetensorsSet::open(path, error);
    ASSERT_TRUE(set) << error;
    EXPECT_EQ(set->names(), (std::vector<std::string_view>{"x", "y"}));
    EXPECT_EQ(set->find("x")->data[0], 'A');
    EXPECT_EQ(set->find("y")->data[1], 'B');
  }
}

TEST(Safetensors, dtypeNamesComeBack) {
  for (unsigned i = 0; i <= static_cast<unsigned>(DType::C64); ++i) {
    DType type = static_cast<DType>(i);
    EXPECT_EQ(dtypeFromName(dtypeName(type)), type);
    EXPECT_GT(dtypeSize(type), 0u);
  }
}

TEST(MappedFile, onlyRegularFiles) {
  TemporaryFolder folder;
  std::string error, out;
  ASSERT_EQ(mkfifo(folder.file("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(MappedFile::open(folder.file("fifo"), error)) << "must not wait for a writer";
  EXPECT_NE(error.find("not a regular file"), std::string::npos);
  EXPECT_FALSE(MappedFile::open(folder.path, error));
  EXPECT_NE(error.find("is a folder"), std::string::npos);
  EXPECT_FALSE(MappedFile::open("/dev/zero", error));
  EXPECT_FALSE(MappedFile::open(folder.file("none"), error));
  std::string path = folder.write("f", "12345");
  EXPECT_FALSE(readFile(path, 4, out, error));
  ASSERT_TRUE(readFile(path, 5, out, error)) << error;
  EXPECT_EQ(out, "12345");
  std::optional<MappedFile> empty = MappedFile::open(folder.write("e", ""), error);
  ASSERT_TRUE(empty) << error;
  EXPECT_EQ(empty->size(), 0u);
}
