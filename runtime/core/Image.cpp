// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The section IMAGE of the chosen variant: bytes enter; executable code leaves, with every entry proved to lie in it.
// Constants are mapped readable, code readable and executable; neither is ever writable once it is executable.

#include "runtime/core/Artifact.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Linux's numbers, for C libraries whose headers lack them.
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1u
#endif
#ifndef MFD_ALLOW_SEALING
#define MFD_ALLOW_SEALING 2u
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 16u
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_SEAL_SEAL 1
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#define F_SEAL_WRITE 8
#endif

namespace sinter::runtime {

/// Everything about an image that its bytes alone can say.
static sinter_status checkImage(const uint8_t *bytes, uint64_t size, sinter_error *error) {
  const auto *image = reinterpret_cast<const SinterImage *>(bytes);
  if (size < sizeof(SinterImage) || memcmp(image->magic, SINTER_IMAGE_MAGIC, sizeof(image->magic)) != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "the section IMAGE does not hold an image");
  if (image->size != size || image->text % SINTER_PAGE || image->text > size)
    return fail(error, SINTER_BAD_ARTIFACT, "the image's code does not lie inside it");
  if (image->align == 0 || (image->align & (image->align - 1)) || image->align > SINTER_PAGE)
    return fail(error, SINTER_BAD_ARTIFACT, "the image wants an alignment of %u", image->align);
  uint64_t tableSize = static_cast<uint64_t>(image->entries) * sizeof(SinterImageEntry);
  if (!inside(sizeof(SinterImage), tableSize, image->text))
    return fail(error, SINTER_BAD_ARTIFACT, "the image's %u entries do not lie before its code", image->entries);
  // The end of the last name that is certainly terminated: names must begin before it.
  uint64_t named = image->text;
  while (named > 0 && bytes[named - 1] != 0)
    --named;
  const auto *entries = reinterpret_cast<const SinterImageEntry *>(image + 1);
  for (uint32_t i = 0; i < image->entries; ++i) {
    if (entries[i].name < sizeof(SinterImage) + tableSize || entries[i].name >= named)
      return fail(error, SINTER_BAD_ARTIFACT, "the name of the image's entry %u lies outside its names", i);
    if (entries[i].offset < image->text || entries[i].offset >= size)
      return fail(error, SINTER_BAD_ARTIFACT, "the image's entry %u lies outside its code", i);
  }
  return SINTER_OK;
}

/// Two mappings of the file side by side: constants, then code.
static sinter_status mapFromFile(int descriptor, uint64_t offset, const SinterImage &header, Mapping *out,
                                 sinter_error *error) {
  uint64_t text = header.text, size = header.size;
  void *reserved = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, static_cast<off_t>(offset));
  if (reserved == MAP_FAILED)
    return fail(error, SINTER_IO, "the image cannot be mapped: %s", strerror(errno));
  *out = {reserved, size};
  if (size > text && mmap(static_cast<uint8_t *>(reserved) + text, size - text, PROT_READ | PROT_EXEC,
                          MAP_PRIVATE | MAP_FIXED, descriptor, static_cast<off_t>(offset + text)) == MAP_FAILED)
    return fail(error, SINTER_IO, "the image's code cannot be mapped executable: %s", strerror(errno));
  return SINTER_OK;
}

static bool writeWhole(int descriptor, const uint8_t *bytes, uint64_t size) {
  while (size) {
    ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes += written;
    size -= static_cast<uint64_t>(written);
  }
  return true;
}

/// A sealed memory file holding the bytes; -1 where the system has or allows none.
static int sealedFile(const uint8_t *bytes, uint64_t size) {
  int descriptor = memfd_create("sinter", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (descriptor < 0)
    descriptor = memfd_create("sinter", MFD_CLOEXEC | MFD_ALLOW_SEALING); // before Linux 6.3
  if (descriptor < 0)
    return -1;
  if (writeWhole(descriptor, bytes, size) &&
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

/// Without a memory file: ordinary memory, written and then closed for writing.
static sinter_status copyAnonymous(const uint8_t *bytes, const SinterImage &header, Mapping *out, sinter_error *error) {
  void *memory = mmap(nullptr, header.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the image: %s", strerror(errno));
  *out = {memory, header.size};
  memcpy(memory, bytes, header.size);
  uint8_t *text = static_cast<uint8_t *>(memory) + header.text;
  if ((header.text && mprotect(memory, header.text, PROT_READ) != 0) ||
      (header.size > header.text && mprotect(text, header.size - header.text, PROT_READ | PROT_EXEC) != 0))
    return fail(error, SINTER_IO, "the system does not let the image's code be executable: %s", strerror(errno));
  return SINTER_OK;
}

static sinter_status mapFromMemory(const uint8_t *bytes, const SinterImage &header, Mapping *out, sinter_error *error) {
  int descriptor = sealedFile(bytes, header.size);
  if (descriptor >= 0) {
    sinter_status status = mapFromFile(descriptor, 0, header, out, nullptr);
    close(descriptor);
    if (status == SINTER_OK)
      return status;
    if (out->address)
      munmap(out->address, out->size);
    *out = {};
  }
  return copyAnonymous(bytes, header, out, error);
}

sinter_status readImage(sinter_artifact *artifact, CodeFrom from, int descriptor, sinter_error *error) {
  const SinterSection *section = findSection(*artifact, SINTER_SECTION_IMAGE, artifact->variant);
  if (!section)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact has no image for its variant %u", artifact->variant);
  const uint8_t *bytes = artifact->bytes.data + section->offset;
  SINTER_TRY(checkImage(bytes, section->size, error));
  const auto &header = *reinterpret_cast<const SinterImage *>(bytes);
  if (from == CodeFrom::File)
    SINTER_TRY(mapFromFile(descriptor, section->offset, header, &artifact->executable, error));
  else if (from == CodeFrom::Memory)
    SINTER_TRY(mapFromMemory(bytes, header, &artifact->executable, error));
  else
    artifact->executable = {}; // in place; the kernel mapped it
  const void *code = from == CodeFrom::Place ? bytes : artifact->executable.address;
  artifact->image = static_cast<const SinterImage *>(code);
  artifact->entries = reinterpret_cast<const SinterImageEntry *>(artifact->image + 1);
  return SINTER_OK;
}

} // namespace sinter::runtime
