// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread pool: every work item exactly once for any size, many launches in a row, sessions side by side.

#include "runtime/core/Threads.h"
#include "ToyArtifact.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

using namespace sinter::runtime;

namespace {

int32_t visit(void *const *buffers, const int64_t *, int64_t begin, int64_t end) {
  auto *visits = static_cast<std::atomic<uint32_t> *>(buffers[0]);
  for (int64_t i = begin; i < end; ++i)
    visits[i].fetch_add(1, std::memory_order_relaxed);
  return 0;
}

int32_t failFrom(void *const *, const int64_t *symbols, int64_t begin, int64_t end) {
  return end > symbols[0] ? static_cast<int32_t>(begin) + 1 : 0;
}

TEST(Threads, EveryItemOnce) {
  for (uint32_t threads : {1u, 2u, 3u, 8u}) {
    ThreadPool pool;
    ASSERT_EQ(pool.start(threads, nullptr), SINTER_OK);
    EXPECT_EQ(pool.size(), threads);
    for (int64_t grid : {0, 1, 2, 3, 7, 8, 9, 100, 1001}) {
      std::vector<std::atomic<uint32_t>> visits(1001);
      void *buffers[] = {visits.data()};
      EXPECT_EQ(pool.run(visit, buffers, nullptr, grid), 0);
      for (int64_t i = 0; i < 1001; ++i)
        ASSERT_EQ(visits[static_cast<size_t>(i)], i < grid ? 1u : 0u) << threads << " threads, item " << i;
    }
    pool.stop();
  }
}

TEST(Threads, ManyLaunches) {
  for (uint32_t threads : {2u, 4u}) {
    ThreadPool pool;
    ASSERT_EQ(pool.start(threads, nullptr), SINTER_OK);
    std::vector<std::atomic<uint32_t>> visits(16);
    void *buffers[] = {visits.data()};
    for (int i = 0; i < 20000; ++i) {
      ASSERT_EQ(pool.run(visit, buffers, nullptr, 16), 0);
      // Long enough, now and then, for everybody to fall asleep.
      if (i % 2000 == 1999)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (auto &count : visits)
      EXPECT_EQ(count, 20000u);
    pool.stop();
  }
}

TEST(Threads, TheFirstFailureWins) {
  ThreadPool pool;
  ASSERT_EQ(pool.start(4, nullptr), SINTER_OK);
  int64_t from = 50; // items above 50 fail: the third and fourth quarter of 100
  EXPECT_EQ(pool.run(failFrom, nullptr, &from, 100), 51);
  from = 0;
  EXPECT_EQ(pool.run(failFrom, nullptr, &from, 100), 1);
  from = 100;
  EXPECT_EQ(pool.run(failFrom, nullptr, &from, 100), 0);
  pool.stop();
}

/// Where item 0 is, nothing ends before all items of other pieces are done.
int32_t waitForTheRest(void *const *buffers, const int64_t *symbols, int64_t begin, int64_t end) {
  auto &done = *static_cast<std::atomic<int64_t> *>(buffers[0]);
  auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (begin == 0 && done < symbols[0] - end) {
    if (std::chrono::steady_clock::now() > limit)
      return 1;
    std::this_thread::yield();
  }
  done += end - begin;
  return 0;
}

TEST(Threads, OthersTakeOverTheShareOfABusyOne) {
  for (uint32_t threads : {2u, 3u, 5u}) {
    ThreadPool pool;
    ASSERT_EQ(pool.start(threads, nullptr), SINTER_OK);
    for (int64_t grid : {7, 100, 1000}) {
      std::atomic<int64_t> done = 0;
      void *buffers[] = {&done};
      EXPECT_EQ(pool.run(waitForTheRest, buffers, &grid, grid), 0) << threads << " threads, " << grid << " items";
      EXPECT_EQ(done, grid);
    }
    pool.stop();
  }
}

/// Launches of every size close behind each other, so that some thread is always late for one: what it finds then is
/// the next launch, or nothing, never a mixture.
TEST(Threads, LateThreadsFindAWholeLaunch) {
  struct Launch {
    std::atomic<int64_t> items{0};
    int64_t grid = 0;
  };
  auto count = +[](void *const *buffers, const int64_t *symbols, int64_t begin, int64_t end) -> int32_t {
    auto *launch = static_cast<Launch *>(buffers[0]);
    if (launch->grid != symbols[0] || begin < 0 || end > launch->grid || begin >= end)
      return 1;
    launch->items += end - begin;
    return 0;
  };
  ThreadPool pool;
  ASSERT_EQ(pool.start(6, nullptr), SINTER_OK);
  for (int64_t i = 0; i < 5000; ++i) {
    auto launch = std::make_unique<Launch>();
    launch->grid = 1 + i * 7 % 40;
    void *buffers[] = {launch.get()};
    ASSERT_EQ(pool.run(count, buffers, &launch->grid, launch->grid), 0);
    ASSERT_EQ(launch->items, launch->grid);
  }
  pool.stop();
}

TEST(Threads, StartsAndStops) {
  for (int i = 0; i < 200; ++i) {
    ThreadPool pool;
    ASSERT_EQ(pool.start(static_cast<uint32_t>(1 + i % 4), nullptr), SINTER_OK);
    pool.stop();
    pool.stop();
  }
  ThreadPool pool;
  sinter_error error;
  EXPECT_EQ(pool.start(257, &error), SINTER_INVALID_ARGUMENT);
  EXPECT_STREQ(error.message, "257 threads were asked for, at most 256 are possible");
}

TEST(Threads, SessionsSideBySide) {
  toy::Opened opened(toy::build());
  ASSERT_EQ(opened.status, SINTER_OK) << opened.error.message;
  auto work = [&](int seed) {
    sinter_session *session = nullptr;
    sinter_options options = {2, 0, 0};
    sinter_error error;
    ASSERT_EQ(sinter_session_create(opened.artifact, &options, &session, &error), SINTER_OK) << error.message;
    for (int i = 0; i < 300; ++i) {
      std::vector<int32_t> x(static_cast<size_t>(1 + (i * 7 + seed) % 50), seed + i);
      sinter_input input = {x.data(), SINTER_DTYPE_I32, 1, {static_cast<int64_t>(x.size())}};
      sinter_output output = {};
      ASSERT_EQ(sinter_call(session, 2, &input, &output, &error), SINTER_OK) << error.message;
      for (size_t j = 0; j < x.size(); ++j)
        ASSERT_EQ(static_cast<int32_t *>(output.data)[j], seed + i + 1);
    }
    sinter_session_destroy(session);
  };
  std::thread first(work, 1000), second(work, 5000);
  work(9000);
  first.join();
  second.join();
}

/// Two threads on one session: each call either gives its own answer or is refused as busy.
TEST(Threads, OneCallAtATime) {
  toy::Opened opened(toy::build());
  ASSERT_EQ(opened.status, SINTER_OK);
  sinter_session *session = nullptr;
  sinter_options options = {1, 0, 0};
  ASSERT_EQ(sinter_session_create(opened.artifact, &options, &session, nullptr), SINTER_OK);
  std::atomic<int> done = 0;
  auto work = [&](int32_t value) {
    std::vector<int32_t> x(1000, value), c(1000);
    sinter_input input = {x.data(), SINTER_DTYPE_I32, 1, {1000}};
    for (int i = 0; i < 2000; ++i) {
      sinter_output output = {c.data(), 4000, SINTER_DTYPE_I32, 0, {}};
      sinter_error error;
      sinter_status status = sinter_call(session, 2, &input, &output, &error);
      if (status == SINTER_BUSY) {
        EXPECT_STREQ(error.message, "the session is inside another call");
        continue;
      }
      ASSERT_EQ(status, SINTER_OK);
      ASSERT_EQ(c[999], value + 1);
      ++done;
    }
  };
  std::thread other(work, 7);
  work(8);
  other.join();
  EXPECT_GT(done, 0);
  sinter_session_destroy(session);
}

} // namespace
