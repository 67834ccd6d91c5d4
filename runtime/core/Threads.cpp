// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread pool; see Threads.h. The protocol has two words. `generation` is advanced by the caller to start a launch;
// `pending` counts down to 0 to end it. Whoever goes to sleep says so first (sleepers, callerSleeps) and looks at the
// word again inside the futex call; whoever changes the word looks at who sleeps afterwards. Both are sequentially
// consistent, so one of the two always notices the other.

#include "runtime/core/Threads.h"
#include "runtime/device/cpu/Features.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sinter::runtime {
namespace {

// linux/futex.h is not among every C library's headers.
constexpr int futexWaitPrivate = 0 | 128, futexWakePrivate = 1 | 128;
/// Stack of a thread: kernels may use 128 KiB (sinter/abi.h).
constexpr size_t stackSize = 512 << 10;
/// About 20 microseconds: longer than the gap between two launches, shorter than anybody notices.
constexpr uint32_t spinCount = 1500;

void futexWait(uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, futexWaitPrivate, expected, nullptr, nullptr, 0);
}
void futexWake(uint32_t *word) { syscall(SYS_futex, word, futexWakePrivate, INT_MAX, nullptr, nullptr, 0); }

uint32_t load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

} // namespace

uint32_t availableProcessors() {
  cpu_set_t set;
  int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
  return count < 1 ? 1 : count > static_cast<int>(maxThreads) ? maxThreads : static_cast<uint32_t>(count);
}

sinter_status ThreadPool::start(uint32_t threads, sinter_error *error) {
  uint32_t processors = availableProcessors();
  count = threads ? threads : processors;
  if (count > maxThreads) {
    count = 1;
    return fail(error, SINTER_INVALID_ARGUMENT, "%u threads were asked for, at most %u are possible", threads,
                maxThreads);
  }
  // A thread that spins while another waits for its processor only delays it.
  spins = count <= processors ? spinCount : 0;
  workers = static_cast<Worker *>(calloc(count, sizeof(Worker)));
  if (!workers)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u threads", count);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stackSize);
  // Signals are for the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  const int faults[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL};
  for (int fault : faults) // a thread's own faults are its own to report
    sigdelset(&all, fault);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failure = 0;
  for (uint32_t i = 1; i < count && !failure; ++i) {
    workers[i] = {this, i, 0, {}};
    failure = pthread_create(&workers[i].thread, &attributes, workerMain, &workers[i]);
    started += failure ? 0 : 1;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (!failure)
    return SINTER_OK;
  uint32_t wanted = count, got = started + 1;
  stop();
  return fail(error, SINTER_OUT_OF_MEMORY, "thread %u of %u cannot be started: %s", got + 1, wanted, strerror(failure));
}

void ThreadPool::stop() {
  if (started) {
    stopping = true;
    __atomic_add_fetch(&generation, 1, __ATOMIC_SEQ_CST);
    futexWake(&generation);
    for (uint32_t i = 1; i <= started; ++i)
      pthread_join(workers[i].thread, nullptr);
  }
  free(workers);
  workers = nullptr;
  started = 0;
  count = 1;
  stopping = false;
}

int32_t ThreadPool::runShare(uint32_t index) {
  // grid <= SINTER_MAX_GRID and count <= maxThreads: no product overflows.
  int64_t begin = grid * index / count, end = grid * (index + 1) / count;
  return begin < end ? kernel(buffers, symbols, begin, end) : 0;
}

void ThreadPool::waitForLaunch(uint32_t seen) {
  for (uint32_t i = 0; i < spins; ++i) {
    if (load(&generation) != seen)
      return;
    pause();
  }
  __atomic_add_fetch(&sleepers, 1, __ATOMIC_SEQ_CST);
  while (load(&generation) == seen)
    futexWait(&generation, seen);
  __atomic_sub_fetch(&sleepers, 1, __ATOMIC_SEQ_CST);
}

void *ThreadPool::workerMain(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
  ThreadPool &pool = *worker->pool;
  DefaultArithmetic arithmetic;
  // Every launch waits for every thread, so none can miss a generation.
  for (uint32_t seen = 0;; ++seen) {
    pool.waitForLaunch(seen);
    if (pool.stopping)
      return nullptr;
    worker->status = pool.runShare(worker->index);
    if (__atomic_sub_fetch(&pool.pending, 1, __ATOMIC_SEQ_CST) == 0 && load(&pool.callerSleeps))
      futexWake(&pool.pending);
  }
}

int32_t ThreadPool::run(SinterKernel theKernel, void *const *theBuffers, const int64_t *theSymbols, int64_t theGrid) {
  if (theGrid <= 0)
    return 0;
  if (theGrid == 1 || count == 1)
    return theKernel(theBuffers, theSymbols, 0, theGrid);
  kernel = theKernel;
  buffers = theBuffers;
  symbols = theSymbols;
  grid = theGrid;
  __atomic_store_n(&pending, count - 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&generation, 1, __ATOMIC_SEQ_CST);
  if (load(&sleepers))
    futexWake(&generation);
  int32_t status = runShare(0);
  uint32_t left = load(&pending);
  for (uint32_t i = 0; left && i < spins; ++i, left = load(&pending))
    pause();
  if (left) {
    __atomic_store_n(&callerSleeps, 1, __ATOMIC_SEQ_CST);
    while ((left = load(&pending)))
      futexWait(&pending, left);
    __atomic_store_n(&callerSleeps, 0, __ATOMIC_SEQ_CST);
  }
  for (uint32_t i = 1; status == 0 && i < count; ++i)
    status = workers[i].status;
  return status;
}

} // namespace sinter::runtime
