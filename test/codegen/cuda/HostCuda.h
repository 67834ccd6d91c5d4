// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As much of CUDA as printed kernels use, on the host: included before a kernel's text, which is then compiled as C++.
// The threads of a block are fibers that take turns; each turn ends at a shuffle or a barrier, so that all of them meet
// there. A shuffle that reads a lane outside its mask, or one that has left, ends the process with a message.
#pragma once

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define __global__
#define __device__
#define __shared__ static

namespace host_cuda {
constexpr unsigned mostThreads = 256;

struct Index {
  unsigned x, y;
};
struct Fiber {
  ucontext_t context;
  unsigned long shuffles; ///< so far
  bool hasLeft;
  char stack[32768];
};

inline Index blockIdx, blockDim, threadIdx;
inline Fiber fibers[mostThreads];
inline ucontext_t scheduler;
inline unsigned slots[2][mostThreads]; ///< what each thread brought to its last shuffles, even and odd ones
inline void (*body)();

/// Until every other thread has had its turn.
inline void yield() {
  unsigned self = threadIdx.x;
  swapcontext(&fibers[self].context, &scheduler);
  threadIdx.x = self;
}

inline void enter() {
  body();
  fibers[threadIdx.x].hasLeft = true;
  swapcontext(&fibers[threadIdx.x].context, &scheduler);
}

inline void require(bool condition, const char *message) {
  if (condition)
    return;
  fprintf(stderr, "block %u, thread %u: %s\n", blockIdx.x, threadIdx.x, message);
  abort();
}

/// The value that lane `source` of the warp brought to this shuffle.
template <typename T> T exchange(unsigned mask, T value, unsigned source) {
  static_assert(sizeof(T) == sizeof(unsigned));
  unsigned self = threadIdx.x, lane = self % 32, other = self - lane + source;
  require(mask >> lane & 1, "a lane shuffles that is not in its own mask");
  require(mask >> source & 1, "reads a lane that is not in the mask");
  unsigned long number = ++fibers[self].shuffles;
  memcpy(&slots[number % 2][self], &value, sizeof value);
  yield();
  require(fibers[other].shuffles >= number, "reads a lane that has left");
  T result;
  memcpy(&result, &slots[number % 2][other], sizeof result);
  return result;
}

inline void runBlock() {
  for (unsigned thread = 0; thread < blockDim.x; ++thread) {
    Fiber &fiber = fibers[thread];
    getcontext(&fiber.context);
    fiber.context.uc_stack = {.ss_sp = fiber.stack, .ss_flags = 0, .ss_size = sizeof fiber.stack};
    fiber.context.uc_link = nullptr;
    fiber.shuffles = 0;
    fiber.hasLeft = false;
    makecontext(&fiber.context, enter, 0);
  }
  for (bool isAnyLeft = true; isAnyLeft;) {
    isAnyLeft = false;
    for (unsigned thread = 0; thread < blockDim.x; ++thread) {
      if (fibers[thread].hasLeft)
        continue;
      isAnyLeft = true;
      threadIdx.x = thread;
      swapcontext(&scheduler, &fibers[thread].context);
    }
  }
}

template <typename T> T take(void *const *&buffers, const long long *&sizes) {
  if constexpr (__is_pointer(T))
    return static_cast<T>(*buffers++);
  else
    return *sizes++;
}

/// Runs a grid of blocks. Arguments are taken in order: pointers from `buffers`, sizes from `sizes`.
template <typename... A>
void launch(void (*kernel)(A...), void *const *buffers, const long long *sizes, Index grid, unsigned threads) {
  static void *const *allBuffers;
  static const long long *allSizes;
  static void (*called)(A...);
  allBuffers = buffers, allSizes = sizes, called = kernel;
  body = [] {
    void *const *b = allBuffers;
    const long long *s = allSizes;
    struct Call {
      Call(A... arguments) { called(arguments...); }
    };
    Call{take<A>(b, s)...}; // braces: from left to right
  };
  blockDim = {threads, 1};
  for (blockIdx.y = 0; blockIdx.y < grid.y; ++blockIdx.y)
    for (blockIdx.x = 0; blockIdx.x < grid.x; ++blockIdx.x)
      runBlock();
}
} // namespace host_cuda

using host_cuda::blockDim, host_cuda::blockIdx, host_cuda::threadIdx;

inline void __syncthreads() { host_cuda::yield(); }
inline float __int_as_float(int bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
inline int __float_as_int(float value) {
  int bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
template <typename T> T __shfl_sync(unsigned mask, T value, int source, int width) {
  return host_cuda::exchange(mask, value, threadIdx.x % 32 / width * width + source % width);
}
template <typename T> T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width) {
  unsigned lane = threadIdx.x % 32;
  return host_cuda::exchange(mask, value, lane % width + delta < unsigned(width) ? lane + delta : lane);
}
