// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays written and read back, NumPy's own bytes, and conversions that never
// narrow. Malformed files are in test/robustness.

#include "runtime/format/Npy.h"
#include "test/runtime/format/TemporaryFolder.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace sinter::format;
using sinter::test::TemporaryFolder;

TEST(Npy, writesWhatNumPyWrites) {
  TemporaryFolder folder;
  std::string error;
  std::vector<int64_t> dims = {2, 3};
  std::vector<float> data = {1, 2, 3, 4, 5, 6};
  ASSERT_TRUE(writeNpy(folder.file("a.npy"), dims, std::span<const float>(data), error)) << error;
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  header.resize(117, ' ');
  std::string expected = std::string("\x93NUMPY\1\0\x76\0", 10) + header + "\n";
  expected.append(reinterpret_cast<const char *>(data.data()), 24);
  EXPECT_EQ(folder.read("a.npy"), expected);
}

TEST(Npy, shapesComeBack) {
  TemporaryFolder folder;
  std::string error;
  for (const std::vector<int64_t> &dims : {std::vector<int64_t>{}, {1}, {7}, {0, 4}, {1, 1, 2, 1}, {3, 2, 1}}) {
    size_t count = 1;
    for (int64_t dim : dims)
      count *= static_cast<size_t>(dim);
    std::vector<double> data(count, 0.1);
    ASSERT_TRUE(writeNpy(folder.file("a.npy"), dims, std::span<const double>(data), error)) << error;
    std::optional<NpyArray> array = readNpy(folder.file("a.npy"), error);
    ASSERT_TRUE(array) << error;
    EXPECT_EQ(array->dims, dims);
    EXPECT_EQ(array->toFloat64(error), data);
  }
}

TEST(Npy, integersOfAnyWidthWhereTheyFit) {
  TemporaryFolder folder;
  auto array = [](DType type, auto... values) {
    NpyArray result;
    result.dtype = type;
    result.dims = {static_cast<int64_t>(sizeof...(values))};
    (result.bytes.insert(result.bytes.end(), reinterpret_cast<const uint8_t *>(&values),
                         reinterpret_cast<const uint8_t *>(&values) + sizeof(values)),
     ...);
    return result;
  };
  std::string error;
  using Out = std::vector<int32_t>;
  EXPECT_EQ(array(DType::I8, int8_t(-3), int8_t(4)).toInt32(error), (Out{-3, 4}));
  EXPECT_EQ(array(DType::U8, uint8_t(200)).toInt32(error), (Out{200}));
  EXPECT_EQ(array(DType::I16, int16_t(-300)).toInt32(error), (Out{-300}));
  EXPECT_EQ(array(DType::U16, uint16_t(65535)).toInt32(error), (Out{65535}));
  EXPECT_EQ(array(DType::U32, uint32_t(7)).toInt32(error), (Out{7}));
  EXPECT_EQ(array(DType::I64, int64_t(INT32_MIN)).toInt32(error), (Out{INT32_MIN}));
  EXPECT_EQ(array(DType::U64, uint64_t(INT32_MAX)).toInt32(error), (Out{INT32_MAX}));
  EXPECT_EQ(array(DType::Bool, uint8_t(1), uint8_t(0)).toInt32(error), (Out{1, 0}));
  EXPECT_EQ(array(DType::I64, int64_t(1), int64_t(INT32_MIN) - 1).toInt32(error), std::nullopt);
  EXPECT_EQ(error, "the value -2147483649 at element 1 does not fit a 32-bit integer");
  EXPECT_EQ(array(DType::F32, 1.0f).toInt32(error), std::nullopt);
  EXPECT_EQ(error, "holds F32, integers were expected");
  EXPECT_EQ(array(DType::I32, 1).toFloat32(error), std::nullopt);
  EXPECT_EQ(array(DType::F64, 0.5).toFloat32(error), (std::vector<float>{0.5f}));
  EXPECT_EQ(array(DType::F64, 0.1).toFloat32(error), std::nullopt) << "float64 is not narrowed silently";
  ASSERT_TRUE(array(DType::F64, std::nan("")).toFloat32(error));
}

TEST(Npy, wrongCountIsNotWritten) {
  TemporaryFolder folder;
  std::string error;
  std::vector<int64_t> dims = {3};
  std::vector<int32_t> data = {1, 2};
  EXPECT_FALSE(writeNpy(folder.file("a.npy"), dims, std::span<const int32_t>(data), error));
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.npy")));
}
