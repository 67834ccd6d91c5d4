// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small pool of threads: one kernel launch enters, all its work items are done when run() returns. Thread i of t
// begins with items [n*i/t, n*(i+1)/t), in pieces that shrink, and then helps the others with theirs; no result depends
// on who did what. run() waits only for threads that have taken part: one whose processor is busy with something else
// delays nobody, its share is done by the others. Threads are started once, wait for the next launch by spinning
// shortly, then by sleeping in the kernel (futex).

#ifndef SINTER_RUNTIME_CORE_THREADS_H
#define SINTER_RUNTIME_CORE_THREADS_H

#include "runtime/core/Error.h"
#include "sinter/abi.h"

#include <pthread.h>

namespace sinter::runtime {

constexpr uint32_t maxThreads = 256;

/// Processors that this process may use, at least 1, at most maxThreads.
uint32_t availableProcessors();

/// Not movable once started: its threads hold its address. One run() at a time.
class ThreadPool {
public:
  /// Starts threads - 1 threads (0: availableProcessors()). On failure nothing is left running.
  sinter_status start(uint32_t threads, sinter_error *error);
  /// Ends and joins them; a pool that never started is fine.
  void stop();

  /// Runs the kernel over [0, grid), all of it in any case, and returns the status that is not 0 of the lowest items.
  /// The caller takes part.
  int32_t run(SinterKernel kernel, void *const *buffers, const int64_t *symbols, int64_t grid);

  uint32_t size() const { return count; }

private:
  /// One thread, and on a cache line of its own what it begins with and how it fared.
  struct Worker {
    ThreadPool *pool;
    uint32_t index;
    pthread_t thread;
    alignas(64) int64_t next; ///< of its share, taken by whoever comes first
    int64_t end;
    int32_t status;     ///< of the lowest piece that failed in its hands, or 0
    int64_t failedItem; ///< where that piece begins
  };
  static void *workerMain(void *worker);
  bool enter();
  void leave();
  void waitForLaunch(uint32_t seen);
  void waitForOthers();
  void takePart(Worker &worker);

  uint32_t count = 1;
  uint32_t started = 0; // threads beside the caller's
  uint32_t spins = 0;
  Worker *workers = nullptr; // [count]; [0] is the caller

  // The launch. Written by run() before the gate opens, read by those inside.
  SinterKernel kernel = nullptr;
  void *const *buffers = nullptr;
  const int64_t *symbols = nullptr;

  // Futex words, on cache lines of their own.
  alignas(64) uint32_t generation = 0; // launches so far
  uint32_t sleepers = 0;               // threads that may sleep on it
  uint32_t stopping = 0;
  alignas(64) uint32_t gate = 0; // how many threads are inside the launch, and whether more may come
  uint32_t callerSleeps = 0;
};

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_THREADS_H
