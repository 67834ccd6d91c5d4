// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sessions of the C API: memory, threads, and the order of a call: bind, resolve, reserve, fill defaults, walk, check.

#include "runtime/core/Session.h"
#include "runtime/device/cpu/Features.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

namespace sinter::runtime {

bool Memory::reserve(uint64_t bytes) {
  if (bytes <= capacity)
    return true;
  uint64_t rounded;
  if (!alignChecked(bytes, bytes >= 1u << 21 ? 1u << 21 : SINTER_PAGE, &rounded))
    return false;
  release();
  void *fresh = mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (fresh == MAP_FAILED)
    return false;
  if (rounded >= 1u << 21)
    madvise(fresh, rounded, MADV_HUGEPAGE); // only a wish
  data = fresh;
  capacity = rounded;
  return true;
}

void Memory::release() {
  if (data)
    munmap(data, capacity);
  data = nullptr;
  capacity = 0;
}

namespace {

/// Everything that can be wrong before the sizes are known, and then bind and resolve.
sinter_status prepareCall(sinter_session *session, uint32_t function, const sinter_input *inputs,
                          const sinter_output *outputs, sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  if (function >= artifact.numFunctions)
    return fail(error, SINTER_INVALID_ARGUMENT, "there is no function %u, only %u of them", function,
                artifact.numFunctions);
  if ((!inputs && artifact.functions[function].args.count) || !outputs)
    return fail(error, SINTER_INVALID_ARGUMENT, "a call needs inputs and outputs");
  SINTER_TRY(bind(session, function, inputs, error));
  return resolve(session, error);
}

const SinterTensor *argumentsOf(const sinter_session *session) {
  return session->artifact->metaSection.table<SinterTensor>(session->meta().args);
}
const SinterTensor *resultsOf(const sinter_session *session) {
  return session->artifact->metaSection.table<SinterTensor>(session->meta().results);
}

void fill(void *data, uint64_t bytes, const SinterTensor &tensor) {
  if (tensor.dtype == SINTER_BOOL) {
    memset(data, tensor.defaultValue != 0, bytes);
    return;
  }
  int32_t integer = 0;
  float real = static_cast<float>(tensor.defaultValue);
  if (tensor.dtype == SINTER_I32)
    integer = static_cast<int32_t>(tensor.defaultValue);
  else
    memcpy(&integer, &real, sizeof(integer));
  for (uint64_t i = 0; i < bytes / 4; ++i)
    static_cast<int32_t *>(data)[i] = integer;
}

/// Memory in one block for the tensors that `wanted` picks, 64-byte aligned each.
template <typename Wanted> bool placeTensors(Memory *memory, BoundTensor *tensors, uint32_t count, Wanted wanted) {
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t rounded;
    if (wanted(i) && (!alignChecked(tensors[i].bytes, SINTER_ALIGN, &rounded) || !addChecked(total, rounded, &total)))
      return false;
  }
  if (!memory->reserve(total))
    return false;
  auto *next = static_cast<uint8_t *>(memory->data);
  for (uint32_t i = 0; i < count; ++i) {
    if (!wanted(i))
      continue;
    tensors[i].data = next;
    next += (tensors[i].bytes + SINTER_ALIGN - 1) & ~static_cast<uint64_t>(SINTER_ALIGN - 1);
  }
  return true;
}

/// The arena, the arguments that were not given, the results that are ours.
sinter_status reserveMemory(sinter_session *session, const sinter_input *inputs, const sinter_output *outputs,
                            sinter_error *error) {
  if (!session->arena.reserve(session->arenaBytes))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory: this call needs %" PRIu64 " MiB to work in",
                (session->arenaBytes >> 20) + 1);
  const SinterFunction &function = session->meta();
  if (!placeTensors(&session->defaults, session->arguments.data(), function.args.count,
                    [&](uint32_t i) { return !inputs[i].data; }) ||
      !placeTensors(&session->owned, session->results.data(), function.results.count,
                    [&](uint32_t i) { return !outputs[i].data; }))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the results or the defaults of a call");
  for (uint32_t i = 0; i < function.args.count; ++i)
    if (!inputs[i].data)
      fill(session->arguments[i].data, session->arguments[i].bytes, argumentsOf(session)[i]);
  for (uint32_t i = 0; i < function.results.count; ++i) {
    if (!outputs[i].data)
      continue;
    const SinterTensor &tensor = resultsOf(session)[i];
    if (outputs[i].bytes < session->results[i].bytes)
      return fail(error, SINTER_INVALID_ARGUMENT,
                  "result '%.100s' has %" PRIu64 " bytes, but the memory given for it only %" PRIu64,
                  session->artifact->string(tensor.name), session->results[i].bytes, outputs[i].bytes);
    if (reinterpret_cast<uintptr_t>(outputs[i].data) % elementSize(tensor.dtype))
      return fail(error, SINTER_INVALID_ARGUMENT, "the memory given for result '%.100s' is not aligned",
                  session->artifact->string(tensor.name));
    session->results[i].data = outputs[i].data;
  }
  return SINTER_OK;
}

/// Bools are 0 or 1: kernels count on it.
sinter_status checkBools(sinter_session *session, const sinter_input *inputs, sinter_error *error) {
  for (uint32_t i = 0; i < session->meta().args.count; ++i) {
    const SinterTensor &tensor = argumentsOf(session)[i];
    if (tensor.dtype != SINTER_BOOL || !inputs[i].data)
      continue;
    const auto *values = static_cast<const uint8_t *>(inputs[i].data);
    for (uint64_t j = 0; j < session->arguments[i].bytes; ++j)
      if (values[j] > 1)
        return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s' is bool, but its element %" PRIu64 " is %u",
                    session->artifact->string(tensor.name), j, values[j]);
  }
  return SINTER_OK;
}

/// How many numbers from `bits` on are surely finite: whole blocks, which compilers turn into vector code.
static uint64_t finiteBlocks(const uint32_t *bits, uint64_t count) {
  constexpr uint64_t block = 64;
  uint64_t done = 0;
  for (; count - done >= block; done += block) {
    uint32_t isAny = 0;
    for (uint64_t j = 0; j < block; ++j)
      isAny |= (bits[done + j] & 0x7f800000u) == 0x7f800000u;
    if (isAny)
      break;
  }
  return done;
}

sinter_status checkFinite(sinter_session *session, sinter_error *error) {
  for (uint32_t i = 0; i < session->meta().results.count; ++i) {
    const SinterTensor &tensor = resultsOf(session)[i];
    const BoundTensor &result = session->results[i];
    if (tensor.dtype != SINTER_F32)
      continue;
    const auto *bits = static_cast<const uint32_t *>(result.data);
    uint64_t count = result.bytes / 4;
    for (uint64_t j = finiteBlocks(bits, count); j < count; ++j) {
      if ((bits[j] & 0x7f800000u) != 0x7f800000u)
        continue;
      int64_t at[SINTER_TENSOR_RANK] = {};
      uint64_t rest = j;
      for (uint32_t axis = result.rank; axis-- > 0; rest /= static_cast<uint64_t>(result.dims[axis]))
        at[axis] = static_cast<int64_t>(rest % static_cast<uint64_t>(result.dims[axis]));
      char place[200];
      TextBuffer text(place, sizeof(place));
      addDims(text, at, result.rank);
      return fail(error, SINTER_NOT_FINITE, "result '%.100s' is %s at %s", session->artifact->string(tensor.name),
                  bits[j] & 0x7fffffu ? "NaN" : "infinite", place);
    }
  }
  return SINTER_OK;
}

void describe(const sinter_session *session, sinter_output *outputs) {
  for (uint32_t i = 0; i < session->meta().results.count; ++i) {
    const BoundTensor &result = session->results[i];
    outputs[i].bytes = result.bytes;
    outputs[i].dtype = static_cast<sinter_dtype>(resultsOf(session)[i].dtype);
    outputs[i].rank = result.rank;
    memcpy(outputs[i].dims, result.dims, sizeof(result.dims));
  }
}

} // namespace

/// Reading weights costs a walk through page tables for each page of the artifact's file; large pages have few.
sinter_status ownWeights(sinter_session *session, sinter_error *error) {
  Bytes from = session->artifact->weights;
  if (!from.size || session->ownWeights.data)
    return SINTER_OK;
  if (!session->ownWeights.reserve(from.size))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory: a copy of the weights needs %" PRIu64 " MiB",
                (from.size >> 20) + 1);
  memcpy(session->ownWeights.data, from.data, from.size);
  session->weights = static_cast<const uint8_t *>(session->ownWeights.data);
  return SINTER_OK;
}

} // namespace sinter::runtime

using namespace sinter::runtime;

sinter_status sinter_session_create(const sinter_artifact *artifact, const sinter_options *options,
                                    sinter_session **out, sinter_error *error) {
  if (!artifact || !out)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact or a handle belongs");
  // The pool keeps its futex words on cache lines of their own, so the session is aligned to them.
  void *memory = nullptr;
  if (posix_memalign(&memory, alignof(sinter_session), sizeof(sinter_session)) != 0)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for a session");
  auto *session = static_cast<sinter_session *>(memory);
  *session = sinter_session();
  session->artifact = artifact;
  session->allowNotFinite = options && options->allow_not_finite;
  session->weights = artifact->weights.data;
  sinter_status status = options && options->own_weights ? ownWeights(session, error) : SINTER_OK;
  if (status == SINTER_OK)
    status = session->pool.start(options ? options->threads : 0, error);
  if (status != SINTER_OK) {
    session->ownWeights.release();
    free(session);
    return status;
  }
  *out = session;
  return SINTER_OK;
}

void sinter_session_destroy(sinter_session *session) {
  if (!session)
    return;
  session->pool.stop();
  Memory *all[] = {&session->arguments.memory,
                   &session->results.memory,
                   &session->slotOffsets.memory,
                   &session->slotSizes.memory,
                   &session->records.memory,
                   &session->operands.memory,
                   &session->arena,
                   &session->defaults,
                   &session->owned,
                   &session->ownWeights,
                   &session->ids.memory,
                   &session->types.memory,
                   &session->mask.memory,
                   &session->textInputs.memory,
                   &session->textOutputs.memory,
                   &session->lengths.memory,
                   &session->vectors.memory};
  for (Memory *memory : all)
    memory->release();
  free(session);
}

void sinter_session_profile(sinter_session *session, sinter_profile profile, void *user) {
  session->profile = profile;
  session->profileUser = user;
}

sinter_status sinter_call_sizes(sinter_session *session, uint32_t function, const sinter_input *inputs,
                                sinter_output *outputs, uint64_t *workingBytes, sinter_error *error) {
  if (!session)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a session belongs");
  Busy busy(session);
  if (!busy)
    return fail(error, SINTER_BUSY, "the session is inside another call");
  SINTER_TRY(prepareCall(session, function, inputs, outputs, error));
  describe(session, outputs);
  if (workingBytes)
    *workingBytes = session->arenaBytes;
  return SINTER_OK;
}

sinter_status sinter_call(sinter_session *session, uint32_t function, const sinter_input *inputs,
                          sinter_output *outputs, sinter_error *error) {
  if (!session)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a session belongs");
  Busy busy(session);
  if (!busy)
    return fail(error, SINTER_BUSY, "the session is inside another call");
  return callWhileBusy(session, function, inputs, outputs, error);
}

sinter_status sinter::runtime::callWhileBusy(sinter_session *session, uint32_t function, const sinter_input *inputs,
                                             sinter_output *outputs, sinter_error *error) {
  SINTER_TRY(prepareCall(session, function, inputs, outputs, error));
  SINTER_TRY(checkBools(session, inputs, error));
  SINTER_TRY(reserveMemory(session, inputs, outputs, error));
  {
    DefaultArithmetic arithmetic;
    SINTER_TRY(walk(session, error));
  }
  if (!session->allowNotFinite)
    SINTER_TRY(checkFinite(session, error));
  describe(session, outputs);
  for (uint32_t i = 0; i < session->meta().results.count; ++i)
    outputs[i].data = session->results[i].data;
  return SINTER_OK;
}
