// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session's calls as steps; see ArtifactStepper.h.

#include "runtime/generate/ArtifactStepper.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace sinter::runtime;

namespace sinter::generate {
namespace {

/// Where the pages are in a state's shape: the first axis that is a symbol alone. Constants before it are layers.
sinter_status describePool(const sinter_artifact &artifact, const SinterTensor &tensor, Pool *pool,
                           sinter_error *error) {
  const auto *dims = artifact.metaSection.table<SinterExpr>(tensor.dims);
  const int64_t none[SINTER_MAX_SYMBOLS] = {};
  bool found = false;
  pool->pageBytes = elementSize(tensor.dtype);
  for (uint32_t axis = 0; axis < tensor.dims.count; ++axis) {
    if (!found && loneSymbol(artifact.code, dims[axis]) >= 0) {
      pool->axis = axis;
      found = true;
      continue;
    }
    int64_t size = 0;
    uint64_t *product = found ? &pool->pageBytes : &pool->layers;
    if (!evaluate(artifact.code, dims[axis], none, &size) || size < 1 ||
        !mulChecked(*product, static_cast<uint64_t>(size), product))
      return fail(error, SINTER_BAD_ARTIFACT, "the state '%.100s' has an axis of no fixed size",
                  artifact.string(tensor.name));
  }
  if (!found)
    return fail(error, SINTER_BAD_ARTIFACT, "the state '%.100s' has no axis of pages", artifact.string(tensor.name));
  return SINTER_OK;
}

uint64_t physicalMemory() {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(size) : UINT64_MAX;
}

sinter_input given(const void *data, sinter_dtype dtype, uint32_t rank, int64_t rows, int64_t columns) {
  return {data, dtype, rank, {rows, columns}};
}

} // namespace

uint64_t cacheBytesPerToken(const sinter_artifact &artifact) {
  if (!artifact.generation)
    return 0;
  const SinterFunction &function = artifact.functions[artifact.generation->extend];
  const auto *tensors = artifact.metaSection.table<SinterTensor>(function.args);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < function.args.count; ++i) {
    Pool pool;
    if (tensors[i].state == SINTER_STATE_PAGED && describePool(artifact, tensors[i], &pool, nullptr) == SINTER_OK)
      bytes += pool.layers * pool.pageBytes;
  }
  return bytes / pageTokens;
}

ArtifactStepper::~ArtifactStepper() {
  release();
  for (Kept &one : kept)
    free(one.data);
}

void ArtifactStepper::release() {
  for (Pool &pool : pools) {
    if (pool.data)
      munmap(pool.data, pool.bytes);
    pool.data = nullptr;
    pool.bytes = 0;
  }
  pages = 0;
}

const SinterTensor *ArtifactStepper::argumentsOf(uint32_t function) const {
  return session->artifact->metaSection.table<SinterTensor>(session->artifact->functions[function].args);
}

/// The argument that names each row's adapter.
uint32_t ArtifactStepper::adapterOf(uint32_t function) const {
  const sinter_artifact &artifact = *session->artifact;
  const SinterTensor *tensors = argumentsOf(function);
  for (uint32_t i = 0; i < artifact.functions[function].args.count; ++i)
    if (strcmp(artifact.string(tensors[i].name), "adapter") == 0 && tensors[i].dtype == SINTER_I32 &&
        tensors[i].dims.count == 1 && tensors[i].hasDefault && !tensors[i].state)
      return i;
  return SINTER_NONE;
}

sinter_status ArtifactStepper::openPool(uint32_t argument, sinter_error *error) {
  Pool pool;
  pool.argument = argument;
  SINTER_TRY(describePool(*session->artifact, argumentsOf(extendFunction)[argument], &pool, error));
  uint64_t all;
  if (!mulChecked(pool.layers, pool.pageBytes, &all) || !addChecked(shape.pageBytes, all, &shape.pageBytes))
    return fail(error, SINTER_BAD_ARTIFACT, "a page of the cache is too large for any memory");
  return pools.push(pool) ? SINTER_OK : fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a cache");
}

sinter_status ArtifactStepper::open(sinter_session *wanted, sinter_error *error) {
  session = wanted;
  const sinter_artifact &artifact = *session->artifact;
  if (!artifact.generation)
    return fail(error, SINTER_NOT_FOUND, "%.100s was not compiled for generating text: it has no function `extend`",
                artifact.string(artifact.meta->model));
  extendFunction = artifact.generation->extend;
  beginFunction = artifact.generation->begin;
  const SinterFunction &function = artifact.functions[extendFunction];
  const auto *result = artifact.metaSection.table<SinterTensor>(function.results);
  const int64_t none[SINTER_MAX_SYMBOLS] = {};
  int64_t vocabulary = 0;
  if (!evaluate(artifact.code, artifact.metaSection.table<SinterExpr>(result->dims)[1], none, &vocabulary) ||
      vocabulary < 1 || vocabulary > INT32_MAX)
    return fail(error, SINTER_BAD_ARTIFACT, "the result of `extend` has no vocabulary");
  shape.vocabulary = static_cast<uint32_t>(vocabulary);
  shape.context = artifact.meta->contextTokens;
  shape.window = artifact.generation->window;
  extendAdapter = adapterOf(extendFunction);
  uint32_t most = function.args.count, results = function.results.count;
  if (beginFunction != SINTER_NONE) {
    const SinterFunction &begin = artifact.functions[beginFunction];
    most = begin.args.count > most ? begin.args.count : most;
    results = begin.results.count > results ? begin.results.count : results;
    beginAdapter = adapterOf(beginFunction);
    if (!kept.resize(begin.results.count))
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the states of a source");
  }
  shape.adapters = extendAdapter != SINTER_NONE || beginAdapter != SINTER_NONE;
  if (!inputs.resize(most) || !outputs.resize(results))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a call");
  for (uint32_t i = 4; i < function.args.count; ++i) {
    const SinterTensor &argument = argumentsOf(extendFunction)[i];
    if (i == artifact.sourceArgument)
      continue;
    if (argument.state == SINTER_STATE_PAGED)
      SINTER_TRY(openPool(i, error));
    else if (!argument.state && !argument.hasDefault)
      return fail(error, SINTER_NOT_FOUND, "generation has nothing to give for the argument '%.100s' of %.100s",
                  artifact.string(argument.name), artifact.string(artifact.meta->model));
  }
  return SINTER_OK;
}

Stepper ArtifactStepper::stepper() {
  Stepper result;
  result.self = this;
  result.shape = shape;
  result.reserve = [](void *self, uint32_t count, sinter_error *error) {
    return static_cast<ArtifactStepper *>(self)->reserve(count, error);
  };
  result.copyPage = [](void *self, uint32_t from, uint32_t to) {
    static_cast<ArtifactStepper *>(self)->copyPage(from, to);
  };
  result.spoil = [](void *self) { static_cast<ArtifactStepper *>(self)->release(); };
  if (beginFunction != SINTER_NONE)
    result.begin = [](void *self, const Sources &sources, sinter_error *error) {
      return static_cast<ArtifactStepper *>(self)->begin(sources, error);
    };
  result.extend = [](void *self, const Step &step, const float **logits, sinter_error *error) {
    return static_cast<ArtifactStepper *>(self)->extend(step, logits, error);
  };
  return result;
}

/// Old contents stay: whatever they are, they are finite, and page 0 was never written.
sinter_status ArtifactStepper::reserve(uint32_t wanted, sinter_error *error) {
  if (wanted <= pages)
    return SINTER_OK;
  uint64_t total, most = physicalMemory();
  if (!mulChecked<uint64_t>(wanted, shape.pageBytes, &total) || total > most)
    return fail(error, SINTER_OUT_OF_MEMORY,
                "the cache may need %" PRIu64 " MiB (%u pages of %u tokens), this machine has %" PRIu64
                " MiB: ask for fewer rows or fewer tokens",
                (total >> 20) + 1, wanted, pageTokens, most >> 20);
  release();
  for (Pool &pool : pools) {
    pool.bytes = pool.layers * pool.pageBytes * wanted;
    void *data = mmap(nullptr, pool.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    pool.data = data == MAP_FAILED ? nullptr : data;
    if (!pool.data) {
      uint64_t bytes = pool.bytes;
      release();
      return fail(error, SINTER_OUT_OF_MEMORY, "no memory: a pool of the cache needs %" PRIu64 " MiB", (bytes >> 20) + 1);
    }
  }
  pages = wanted;
  return SINTER_OK;
}

void ArtifactStepper::copyPage(uint32_t from, uint32_t to) {
  for (const Pool &pool : pools)
    for (uint64_t layer = 0; layer < pool.layers; ++layer) {
      auto *first = static_cast<uint8_t *>(pool.data) + layer * pages * pool.pageBytes;
      memcpy(first + to * pool.pageBytes, first + from * pool.pageBytes, pool.pageBytes);
    }
}

sinter_status ArtifactStepper::call(uint32_t function, sinter_error *error) {
  for (sinter_output &output : outputs)
    output = sinter_output();
  bool before = session->allowNotFinite;
  session->allowNotFinite = true;
  sinter_status status = callWhileBusy(session, function, inputs.data, outputs.data, error);
  session->allowNotFinite = before;
  return status;
}

sinter_status ArtifactStepper::begin(const Sources &sources, sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  const SinterFunction &function = artifact.functions[beginFunction];
  int64_t rows = sources.rows, width = sources.width;
  bool hasMask = false;
  for (uint32_t i = 0; i < function.args.count; ++i) {
    const SinterTensor &argument = argumentsOf(beginFunction)[i];
    bool isMask = strcmp(artifact.string(argument.name), "mask") == 0 && argument.dtype == SINTER_I32 &&
                  argument.dims.count == 2;
    inputs[i] = isMask ? given(sources.mask, SINTER_DTYPE_I32, 2, rows, width) : sinter_input();
    hasMask |= isMask;
  }
  if (beginAdapter != SINTER_NONE)
    inputs[beginAdapter] = given(sources.adapter, SINTER_DTYPE_I32, 1, rows, 0);
  inputs[artifact.beginArgument] = given(sources.ids, SINTER_DTYPE_I32, 2, rows, width);
  if (sources.padded && !hasMask)
    return fail(error, SINTER_INVALID_ARGUMENT,
                "%.100s has no mask: its sources must be of one length, one call for each other",
                artifact.string(artifact.meta->model));
  SINTER_TRY(call(beginFunction, error));
  for (uint32_t i = 0; i < function.results.count; ++i) {
    Kept &one = kept[i];
    if (outputs[i].bytes > one.capacity) {
      free(one.data);
      one.data = nullptr;
      one.capacity = 0;
      if (posix_memalign(&one.data, SINTER_ALIGN, outputs[i].bytes) != 0)
        return fail(error, SINTER_OUT_OF_MEMORY, "no memory: a state of the sources needs %" PRIu64 " MiB",
                    (outputs[i].bytes >> 20) + 1);
      one.capacity = outputs[i].bytes;
    }
    memcpy(one.data, outputs[i].data, outputs[i].bytes);
    one.result = outputs[i];
  }
  return SINTER_OK;
}

sinter_status ArtifactStepper::extend(const Step &step, const float **logits, sinter_error *error) {
  const SinterFunction &function = session->artifact->functions[extendFunction];
  for (uint32_t i = 0; i < function.args.count; ++i) {
    uint32_t state = argumentsOf(extendFunction)[i].state;
    inputs[i] = sinter_input();
    if (state < SINTER_STATE_BEGIN)
      continue;
    const Kept &one = kept[state - SINTER_STATE_BEGIN];
    inputs[i] = {one.data, one.result.dtype, one.result.rank, {}};
    memcpy(inputs[i].dims, one.result.dims, sizeof(inputs[i].dims));
  }
  inputs[0] = given(step.ids, SINTER_DTYPE_I32, 2, step.rows, step.width);
  inputs[1] = given(step.count, SINTER_DTYPE_I32, 1, step.rows, 0);
  inputs[2] = given(step.length, SINTER_DTYPE_I32, 1, step.rows, 0);
  inputs[3] = given(step.pages, SINTER_DTYPE_I32, 2, step.rows, step.pagesPerRow);
  if (extendAdapter != SINTER_NONE)
    inputs[extendAdapter] = given(step.adapter, SINTER_DTYPE_I32, 1, step.rows, 0);
  if (beginFunction != SINTER_NONE)
    inputs[session->artifact->sourceArgument] = given(step.source, SINTER_DTYPE_I32, 1, step.rows, 0);
  for (const Pool &pool : pools) {
    const SinterTensor &tensor = argumentsOf(extendFunction)[pool.argument];
    const auto *dims = session->artifact->metaSection.table<SinterExpr>(tensor.dims);
    const int64_t none[SINTER_MAX_SYMBOLS] = {};
    sinter_input &input = inputs[pool.argument];
    input = {pool.data, static_cast<sinter_dtype>(tensor.dtype), tensor.dims.count, {}};
    for (uint32_t axis = 0; axis < tensor.dims.count; ++axis)
      if (axis == pool.axis)
        input.dims[axis] = pages;
      else
        (void)evaluate(session->artifact->code, dims[axis], none, &input.dims[axis]);
  }
  SINTER_TRY(call(extendFunction, error));
  if (outputs[0].dims[0] != step.rows || outputs[0].dims[1] != shape.vocabulary)
    return fail(error, SINTER_BAD_ARTIFACT, "`extend` does not give one row of logits for each row");
  *logits = static_cast<const float *>(outputs[0].data);
  return SINTER_OK;
}

} // namespace sinter::generate
