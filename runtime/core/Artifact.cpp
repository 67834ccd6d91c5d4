// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Paths, memory and mappings enter; opened artifacts leave. The C API's first half.

#include "runtime/core/Artifact.h"
#include "runtime/device/cpu/Features.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sinter::runtime {

sinter_status chooseVariant(sinter_artifact *artifact, sinter_error *error) {
  uint64_t has = cpuFeatures();
  uint32_t count = artifact->meta->variants.count;
  for (uint32_t i = 0; i < count; ++i)
    if ((artifact->variants[i].features & ~has) == 0) {
      artifact->variant = i;
      return SINTER_OK;
    }
  char needs[640];
  TextBuffer text(needs, sizeof(needs));
  for (uint32_t i = 0; i < count && i < 4; ++i) {
    const SinterVariant &variant = artifact->variants[i];
    text.add("%s%.40s (missing here:", i ? ", or " : "", artifact->string(variant.name));
    addFeatures(text, variant.features & ~has);
    text.add(")");
  }
  char have[256];
  TextBuffer haveText(have, sizeof(have));
  addFeatures(haveText, has);
  return fail(error, SINTER_UNSUPPORTED_MACHINE, "this artifact has code for %s; this processor has%s", needs, have);
}

static sinter_status readTokenizer(sinter_artifact *artifact, sinter_error *error) {
  if (!artifact->tokenizerSection.data)
    return SINTER_OK;
  const char *message = "";
  if (sinterTokenizerOpen(&artifact->tokenizer, artifact->tokenizerSection.data, artifact->tokenizerSection.size,
                          &message) != SINTER_TOKENIZER_OK)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact's tokenizer is damaged: %s", message);
  artifact->hasTokenizer = true;
  return SINTER_OK;
}

sinter_status openArtifact(sinter_artifact *artifact, CodeFrom from, int descriptor, Bytes weights,
                           sinter_error *error) {
  SINTER_TRY(readSections(artifact, error));
  if (weights.data) {
    if (artifact->weights.data)
      return fail(error, SINTER_INVALID_ARGUMENT, "weights were given beside an artifact that holds its own");
    artifact->weights = weights;
  }
  SINTER_TRY(readMeta(artifact, error));
  SINTER_TRY(readGeneration(artifact, error));
  SINTER_TRY(chooseVariant(artifact, error));
  SINTER_TRY(readImage(artifact, from, descriptor, error));
  SINTER_TRY(readPlan(artifact, error));
  return readTokenizer(artifact, error);
}

static sinter_artifact *newArtifact() {
  auto *artifact = static_cast<sinter_artifact *>(malloc(sizeof(sinter_artifact)));
  if (artifact)
    *artifact = sinter_artifact();
  return artifact;
}

/// Opens, and gives the handle away or frees it.
static sinter_status finish(sinter_artifact *artifact, CodeFrom from, int descriptor, Bytes weights,
                            sinter_artifact **out, sinter_error *error) {
  sinter_status status = openArtifact(artifact, from, descriptor, weights, error);
  if (status == SINTER_OK)
    *out = artifact;
  else
    sinter_artifact_close(artifact);
  return status;
}

static sinter_status openBytes(const void *bytes, uint64_t size, Bytes weights, CodeFrom from, sinter_artifact **out,
                               sinter_error *error) {
  if (!bytes || !out)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where an artifact's bytes or its handle belong");
  if (reinterpret_cast<uintptr_t>(bytes) % SINTER_ALIGN || reinterpret_cast<uintptr_t>(weights.data) % SINTER_ALIGN)
    return fail(error, SINTER_INVALID_ARGUMENT, "an artifact and its weights must be %u-byte aligned", SINTER_ALIGN);
  sinter_artifact *artifact = newArtifact();
  if (!artifact)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for an artifact's handle");
  artifact->bytes = {static_cast<const uint8_t *>(bytes), size};
  return finish(artifact, from, -1, weights, out, error);
}

/// Maps `descriptor` and opens what is there.
static sinter_status openDescriptor(const char *path, int descriptor, sinter_artifact **out, sinter_error *error) {
  struct stat info;
  if (fstat(descriptor, &info) != 0)
    return fail(error, SINTER_IO, "%.400s: %s", path, strerror(errno));
  if (!S_ISREG(info.st_mode))
    return fail(error, SINTER_IO, "%.400s: not a file", path);
  uint64_t size = static_cast<uint64_t>(info.st_size);
  if (size < sizeof(SinterHeader))
    return fail(error, SINTER_BAD_ARTIFACT, "%.400s: %" PRIu64 " bytes are too few for an artifact", path, size);
  void *bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (bytes == MAP_FAILED)
    return fail(error, SINTER_IO, "%.400s: cannot be mapped: %s", path, strerror(errno));
  sinter_artifact *artifact = newArtifact();
  if (!artifact) {
    munmap(bytes, size);
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for an artifact's handle");
  }
  artifact->bytes = {static_cast<const uint8_t *>(bytes), size};
  artifact->file = {bytes, size};
  sinter_error inner;
  sinter_status status = finish(artifact, CodeFrom::File, descriptor, Bytes(), out, &inner);
  return status == SINTER_OK ? status : fail(error, status, "%.400s: %.600s", path, inner.message);
}

} // namespace sinter::runtime

using namespace sinter::runtime;

sinter_status sinter_artifact_open(const char *path, sinter_artifact **artifact, sinter_error *error) {
  if (!path || !artifact)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a path or a handle belongs");
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(error, SINTER_IO, "%.400s: %s", path, strerror(errno));
  sinter_status status = openDescriptor(path, descriptor, artifact, error);
  close(descriptor);
  return status;
}

sinter_status sinter_artifact_from_memory(const void *bytes, uint64_t size, const void *weights, uint64_t weightsSize,
                                          sinter_artifact **artifact, sinter_error *error) {
  Bytes given = {static_cast<const uint8_t *>(weights), weights ? weightsSize : 0};
  return openBytes(bytes, size, given, CodeFrom::Memory, artifact, error);
}

sinter_status sinter_artifact_from_mapping(const void *bytes, uint64_t size, sinter_artifact **artifact,
                                           sinter_error *error) {
  return openBytes(bytes, size, Bytes(), CodeFrom::Place, artifact, error);
}

sinter_status sinter_artifact_verify(const sinter_artifact *artifact, sinter_error *error) {
  const SinterSection *section = findSection(*artifact, SINTER_SECTION_WEIGHTS, 0);
  if (section && sinter_digest(artifact->bytes.data + section->offset, section->size) != section->digest)
    return fail(error, SINTER_BAD_ARTIFACT, "the weights do not have the digest that the artifact says");
  return SINTER_OK;
}

void sinter_artifact_close(sinter_artifact *artifact) {
  if (!artifact)
    return;
  if (artifact->executable.address)
    munmap(artifact->executable.address, artifact->executable.size);
  if (artifact->file.address)
    munmap(artifact->file.address, artifact->file.size);
  free(artifact);
}
