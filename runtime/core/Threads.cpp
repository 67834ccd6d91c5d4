// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The thread pool; see Threads.h. run() writes the launch, opens the gate and advances `generation`. Threads that
// notice count themselves in at the gate while it is open, take pieces until there are none, and count themselves out.
// The caller, when it finds no more pieces, closes the gate and waits until nobody is inside: then every piece is done,
// and who comes late finds the gate closed and has read nothing of the launch. Whoever goes to sleep says so first
// (sleepers, callerSleeps) and looks at the word again inside the futex call; whoever changes the word looks at who
// sleeps afterwards. Both are sequentially consistent, so one of the two always notices the other.

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
/// In `gate`, above the number of threads inside.
constexpr uint32_t gateOpen = 1u << 31;

void futexWait(uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, futexWaitPrivate, expected, nullptr, nullptr, 0);
}
void futexWake(uint32_t *word, int threads = INT_MAX) {
  syscall(SYS_futex, word, futexWakePrivate, threads, nullptr, nullptr, 0);
}

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
  workers = static_cast<Worker *>(aligned_alloc(alignof(Worker), count * sizeof(Worker)));
  if (!workers)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for %u threads", count);
  for (uint32_t i = 0; i < count; ++i)
    workers[i] = {this, i, {}, 0, 0, 0, 0};
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
    __atomic_store_n(&stopping, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&generation, 1, __ATOMIC_SEQ_CST);
    futexWake(&generation);
    for (uint32_t i = 1; i <= started; ++i)
      pthread_join(workers[i].thread, nullptr);
  }
  free(workers);
  workers = nullptr;
  started = 0;
  count = 1;
  stopping = 0;
}

//===-- The launch --===//

/// A piece of a share: a third of what is left, so that the last ones are small. The pieces of a share are the same
/// whoever takes them. Returns where it begins, or `end` if nothing is left.
static int64_t takePiece(int64_t *next, int64_t end, int64_t *pieceEnd) {
  int64_t begin = __atomic_load_n(next, __ATOMIC_RELAXED);
  do {
    if (begin >= end)
      return end;
    *pieceEnd = begin + (end - begin + 2) / 3;
  } while (!__atomic_compare_exchange_n(next, &begin, *pieceEnd, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return begin;
}

/// Until no piece is left: its own share, then the others', the next thread's first.
void ThreadPool::takePart(Worker &worker) {
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t at = worker.index + i;
    Worker &owner = workers[at < count ? at : at - count];
    int64_t pieceEnd = 0;
    for (int64_t begin; (begin = takePiece(&owner.next, owner.end, &pieceEnd)) < owner.end;) {
      int32_t status = kernel(buffers, symbols, begin, pieceEnd);
      if (status != 0 && (worker.status == 0 || begin < worker.failedItem)) {
        worker.status = status;
        worker.failedItem = begin;
      }
    }
  }
}

bool ThreadPool::enter() {
  uint32_t inside = load(&gate);
  while (inside & gateOpen)
    if (__atomic_compare_exchange_n(&gate, &inside, inside + 1, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
      return true;
  return false;
}

void ThreadPool::leave() {
  if (__atomic_sub_fetch(&gate, 1, __ATOMIC_SEQ_CST) == 0 && load(&callerSleeps))
    futexWake(&gate);
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
  for (;;) {
    // In this order: what comes after the first line ends the wait.
    uint32_t seen = load(&pool.generation);
    if (load(&pool.stopping))
      return nullptr;
    if (pool.enter()) {
      pool.takePart(*worker);
      pool.leave();
    }
    pool.waitForLaunch(seen);
  }
}

/// Closes the gate and waits until nobody is inside.
void ThreadPool::waitForOthers() {
  uint32_t inside = __atomic_and_fetch(&gate, ~gateOpen, __ATOMIC_SEQ_CST);
  for (uint32_t i = 0; inside && i < spins; ++i, inside = load(&gate))
    pause();
  if (!inside)
    return;
  __atomic_store_n(&callerSleeps, 1, __ATOMIC_SEQ_CST);
  while ((inside = load(&gate)))
    futexWait(&gate, inside);
  __atomic_store_n(&callerSleeps, 0, __ATOMIC_SEQ_CST);
}

int32_t ThreadPool::run(SinterKernel theKernel, void *const *theBuffers, const int64_t *theSymbols, int64_t grid) {
  if (grid <= 0)
    return 0;
  if (grid == 1 || count == 1)
    return theKernel(theBuffers, theSymbols, 0, grid);
  kernel = theKernel;
  buffers = theBuffers;
  symbols = theSymbols;
  for (uint32_t i = 0; i < count; ++i) {
    // grid <= SINTER_MAX_GRID and count <= maxThreads: no product overflows.
    workers[i].next = grid * i / count;
    workers[i].end = grid * (i + 1) / count;
    workers[i].status = 0;
  }
  __atomic_store_n(&gate, gateOpen, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&generation, 1, __ATOMIC_SEQ_CST);
  if (load(&sleepers))
    futexWake(&generation, grid < count ? static_cast<int>(grid - 1) : INT_MAX);
  takePart(workers[0]);
  waitForOthers();
  const Worker *first = nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    const Worker &worker = workers[i];
    if (worker.status != 0 && (!first || worker.failedItem < first->failedItem))
      first = &worker;
  }
  return first ? first->status : 0;
}

} // namespace sinter::runtime
