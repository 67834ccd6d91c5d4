// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every half and every bfloat16 against its definition, and checked arithmetic
// at its edges.

#include "runtime/format/Half.h"
#include "runtime/format/Checked.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace sinter::format;

TEST(Half, everyF16IsItsDefinition) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
    double sign = bits & 0x8000 ? -1 : 1;
    float value = f16ToFloat(static_cast<uint16_t>(bits));
    if (exponent == 31 && mantissa != 0) {
      EXPECT_TRUE(std::isnan(value)) << bits;
      EXPECT_EQ(std::bit_cast<uint32_t>(value) & 0x7FFFFF, static_cast<uint32_t>(mantissa) << 13);
      continue;
    }
    double expected = exponent == 31  ? sign * HUGE_VAL
                      : exponent == 0 ? sign * std::ldexp(mantissa, -24)
                                      : sign * std::ldexp(1024 + mantissa, exponent - 25);
    ASSERT_EQ(value, expected) << bits;
    ASSERT_EQ(std::signbit(value), (bits & 0x8000) != 0) << bits;
  }
}

TEST(Half, bf16IsTheUpperHalfOfAFloat) {
  EXPECT_EQ(bf16ToFloat(0x3F80), 1.0f);
  EXPECT_EQ(bf16ToFloat(0xC049), -3.140625f);
  EXPECT_EQ(bf16ToFloat(0x0001), std::ldexp(1.0f, -133));
  EXPECT_TRUE(std::isnan(bf16ToFloat(0x7FC1)));
}

TEST(Half, bulkReadsUnalignedBytes) {
  unsigned char bytes[] = {0xFF, 0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00};
  float out[3];
  f16ToFloat(bytes + 1, out, 3);
  EXPECT_EQ(out[0], 1.0f);
  EXPECT_EQ(out[1], -2.0f);
  EXPECT_EQ(out[2], std::ldexp(1.0f, -24));
  unsigned char wide[] = {0xFF, 0x80, 0x3F};
  bf16ToFloat(wide + 1, out, 1);
  EXPECT_EQ(out[0], 1.0f);
}

TEST(Checked, refusesWhatDoesNotFit) {
  EXPECT_EQ(checkedAdd<uint64_t>(UINT64_MAX, 1), std::nullopt);
  EXPECT_EQ(checkedAdd<uint64_t>(UINT64_MAX - 1, 1), UINT64_MAX);
  EXPECT_EQ(checkedSub<uint64_t>(0, 1), std::nullopt);
  EXPECT_EQ(checkedMul<int64_t>(INT64_MIN, -1), std::nullopt);
  EXPECT_EQ(checkedMul<uint64_t>(1ull << 32, 1ull << 32), std::nullopt);
}

TEST(Checked, elementsOfDimensions) {
  using Dims = std::vector<int64_t>;
  EXPECT_EQ(checkedElements(Dims{}), 1u);
  EXPECT_EQ(checkedElements(Dims{3, 0, 5}), 0u);
  EXPECT_EQ(checkedElements(Dims{1ll << 40, 1ll << 40, 0}), std::nullopt) << "a zero hides nothing";
  EXPECT_EQ(checkedElements(Dims{2, -1}), std::nullopt);
  EXPECT_EQ(checkedElements(Dims{INT64_MAX, 2}), UINT64_MAX - 1);
}
