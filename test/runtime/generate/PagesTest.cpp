// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pages by number: who holds them, when they are copied and given back, how many a run may want.

#include "runtime/generate/Pages.h"

#include <gtest/gtest.h>

#include <vector>

using namespace sinter::generate;

namespace {

struct Copies {
  std::vector<std::pair<uint32_t, uint32_t>> list;
  void operator()(uint32_t from, uint32_t to) { list.emplace_back(from, to); }
};

bool own(Pages &pages, PageTable &table, uint32_t length, uint32_t count, Copies &copies) {
  return pages.own(&table, length, count, [&](uint32_t from, uint32_t to) { copies(from, to); });
}

} // namespace

TEST(Pages, SharedPagesAreCopiedByWhoWrites) {
  Pages pages;
  ASSERT_TRUE(pages.start(10));
  PageTable a, b;
  Copies copies;
  ASSERT_TRUE(own(pages, a, 0, 20, copies)); // pages 1, 2
  ASSERT_TRUE(pages.share(a, &b));
  EXPECT_EQ(pages.used(), 2u);
  ASSERT_TRUE(own(pages, b, 20, 1, copies)); // b writes into page 2
  ASSERT_EQ(copies.list.size(), 1u);
  EXPECT_EQ(copies.list[0], std::make_pair(2u, 3u));
  EXPECT_EQ(b.pages[0], 1);
  EXPECT_EQ(b.pages[1], 3);
  ASSERT_TRUE(own(pages, a, 20, 1, copies)); // a alone holds page 2 now
  EXPECT_EQ(copies.list.size(), 1u);
  EXPECT_EQ(pages.holdersOf(1), 2u);
  pages.clear(&a);
  EXPECT_EQ(pages.used(), 2u);
  pages.clear(&b);
  EXPECT_EQ(pages.used(), 0u);
  EXPECT_EQ(pages.mostUsed(), 3u);
}

TEST(Pages, BehindAWindowTheyComeBack) {
  Pages pages;
  ASSERT_TRUE(pages.start(4));
  PageTable table;
  Copies copies;
  for (uint32_t length = 0; length < 200; ++length) {
    ASSERT_TRUE(own(pages, table, length, 1, copies)) << length;
    if (length + 1 > 16)
      pages.forget(&table, length + 1 - 16);
  }
  EXPECT_EQ(table.pages[0], 0);
  EXPECT_EQ(pages.mostUsed(), 2u);
  EXPECT_TRUE(copies.list.empty());
}

TEST(Pages, NoneIsFree) {
  Pages pages;
  ASSERT_TRUE(pages.start(3));
  PageTable table;
  Copies copies;
  EXPECT_TRUE(own(pages, table, 0, 32, copies));
  EXPECT_FALSE(own(pages, table, 32, 1, copies));
}

TEST(Pages, HowManyAreWanted) {
  uint64_t count = 0;
  ASSERT_TRUE(pagesWanted(10, 20, 1, 0, 512, &count));
  EXPECT_EQ(count, 2u);
  ASSERT_TRUE(pagesWanted(40, 60, 4, 0, 512, &count)); // 2 whole pages are shared, each row has 2 of its own
  EXPECT_EQ(count, 10u);
  ASSERT_TRUE(pagesWanted(10, 100000, 2, 64, 32, &count));
  EXPECT_LT(count, 30u);
  EXPECT_FALSE(pagesWanted(0, UINT32_MAX, UINT32_MAX, 0, 512, &count) && count < UINT32_MAX);
}
