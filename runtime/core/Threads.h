// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small pool of threads: one kernel launch enters, all its work items are done when run() returns. Thread i of t does
// items [n*i/t, n*(i+1)/t), which no result depends on. Threads are started once, wait for the next launch by spinning
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

  /// Runs the kernel over [0, grid) and returns the first thread's status that is not 0. The caller takes part.
  int32_t run(SinterKernel kernel, void *const *buffers, const int64_t *symbols, int64_t grid);

  uint32_t size() const { return count; }

private:
  struct Worker {
    ThreadPool *pool;
    uint32_t index;
    int32_t status;
    pthread_t thread;
  };
  static void *workerMain(void *worker);
  void waitForLaunch(uint32_t seen);
  int32_t runShare(uint32_t index);

  uint32_t count = 1;
  uint32_t started = 0; // threads beside the caller's
  uint32_t spins = 0;
  Worker *workers = nullptr; // [count]; [0] is the caller

  // The launch. Written by run() before `generation` is advanced.
  SinterKernel kernel = nullptr;
  void *const *buffers = nullptr;
  const int64_t *symbols = nullptr;
  int64_t grid = 0;
  bool stopping = false;

  // Futex words, on cache lines of their own.
  alignas(64) uint32_t generation = 0; // launches so far
  uint32_t sleepers = 0;               // threads that may sleep on it
  alignas(64) uint32_t pending = 0;    // threads that have not finished this launch
  uint32_t callerSleeps = 0;
};

} // namespace sinter::runtime

#endif // SINTER_RUNTIME_CORE_THREADS_H
