// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file of adapter tables (abi.h) enters; a session's own copy of the weights has them afterwards. The file is proved
// against the artifact before a byte is changed.

#include "runtime/core/Session.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sinter::runtime {

static sinter_status apply(sinter_session *session, const char *path, Bytes file, sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  const auto *header = reinterpret_cast<const SinterAdapterHeader *>(file.data);
  if (file.size < sizeof(*header) || memcmp(header->magic, SINTER_ADAPTER_MAGIC, sizeof(header->magic)) != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "%.300s is not a file of adapter tables", path);
  uint64_t tables;
  if (header->version != SINTER_ADAPTER_VERSION || header->fileSize != file.size ||
      !mulChecked<uint64_t>(header->count, sizeof(SinterAdapterRange), &tables) ||
      !inside(sizeof(*header), tables, file.size) ||
      sinter_digest(header + 1, file.size - sizeof(*header)) != header->digest)
    return fail(error, SINTER_BAD_ARTIFACT, "%.300s is damaged, or of another version", path);
  if (header->identity != sinter_identity(artifact.sections, artifact.numSections))
    return fail(error, SINTER_INVALID_ARGUMENT,
                "%.300s was made for another model: targets, rank, number of adapters and --target must be the same", path);
  const auto *ranges = reinterpret_cast<const SinterAdapterRange *>(header + 1);
  uint64_t at = sizeof(*header) + tables;
  for (uint64_t i = 0; i < header->count; at += ranges[i++].bytes)
    if (!inside(ranges[i].offset, ranges[i].bytes, artifact.weights.size) || !inside(at, ranges[i].bytes, file.size))
      return fail(error, SINTER_BAD_ARTIFACT, "%.300s is damaged: table %" PRIu64 " lies outside of the weights", path, i);
  if (at != file.size)
    return fail(error, SINTER_BAD_ARTIFACT, "%.300s is damaged: it holds more than its tables", path);
  SINTER_TRY(ownWeights(session, error));
  auto *weights = static_cast<uint8_t *>(session->ownWeights.data);
  at = sizeof(*header) + tables;
  for (uint64_t i = 0; i < header->count; at += ranges[i++].bytes)
    memcpy(weights + ranges[i].offset, file.data + at, ranges[i].bytes);
  return SINTER_OK;
}

} // namespace sinter::runtime

using namespace sinter::runtime;

sinter_status sinter_session_load_adapters(sinter_session *session, const char *path, sinter_error *error) {
  if (!session || !path)
    return fail(error, SINTER_INVALID_ARGUMENT, "a null pointer where a session or a path belongs");
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (descriptor < 0 || fstat(descriptor, &info) != 0) {
    int code = errno;
    if (descriptor >= 0)
      close(descriptor);
    return fail(error, SINTER_INVALID_ARGUMENT, "cannot read %.300s: %s", path, strerror(code));
  }
  Bytes file{nullptr, static_cast<uint64_t>(info.st_size)};
  void *mapped = S_ISREG(info.st_mode) && file.size ? mmap(nullptr, file.size, PROT_READ, MAP_PRIVATE, descriptor, 0)
                                                    : MAP_FAILED;
  close(descriptor);
  if (mapped == MAP_FAILED)
    return fail(error, SINTER_INVALID_ARGUMENT, "cannot read %.300s", path);
  file.data = static_cast<const uint8_t *>(mapped);
  sinter_status status = apply(session, path, file, error);
  munmap(mapped, file.size);
  return status;
}
