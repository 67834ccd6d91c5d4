// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frame of an artifact: header and section table. Bytes enter; where each section lies leaves, with its digest
// checked (but the weights'). Nothing inside a section is looked at here.

#include "runtime/core/Artifact.h"

#include <inttypes.h>
#include <string.h>

namespace sinter::runtime {

const char *sectionName(uint32_t kind) {
  static const char *const names[] = {"?",     "META",      "STRINGS", "CODE",     "PLAN",
                                      "IMAGE", "CONSTANTS", "WEIGHTS", "TOKENIZER", "GENERATION", "CHAT"};
  return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

const SinterSection *findSection(const sinter_artifact &artifact, uint32_t kind, uint32_t variant) {
  for (uint32_t i = 0; i < artifact.numSections; ++i)
    if (artifact.sections[i].kind == kind && artifact.sections[i].variant == variant)
      return &artifact.sections[i];
  return nullptr;
}

static sinter_status readHeader(sinter_artifact *artifact, sinter_error *error) {
  const Bytes &bytes = artifact->bytes;
  if (bytes.size < sizeof(SinterHeader))
    return fail(error, SINTER_BAD_ARTIFACT, "%" PRIu64 " bytes are too few for an artifact", bytes.size);
  const auto *header = reinterpret_cast<const SinterHeader *>(bytes.data);
  if (memcmp(header->magic, SINTER_ABI_MAGIC, sizeof(header->magic)) != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "this is not an artifact: it does not begin with \"SINTER\"");
  if (header->version != SINTER_ABI_VERSION)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact has version %u, this runtime reads version %u",
                header->version, SINTER_ABI_VERSION);
  if (header->fileSize != bytes.size)
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact says it has %" PRIu64 " bytes, but there are %" PRIu64,
                header->fileSize, bytes.size);
  uint64_t tableSize = static_cast<uint64_t>(header->numSections) * sizeof(SinterSection);
  if (header->numSections > SINTER_MAX_SECTIONS || !inside(sizeof(SinterHeader), tableSize, bytes.size))
    return fail(error, SINTER_BAD_ARTIFACT, "the artifact has %u sections: too many", header->numSections);
  artifact->sections = reinterpret_cast<const SinterSection *>(header + 1);
  artifact->numSections = header->numSections;
  if (sinter_digest(artifact->sections, tableSize) != header->digest)
    return fail(error, SINTER_BAD_ARTIFACT, "the section table does not have the digest that the header says");
  return SINTER_OK;
}

/// One section, in its place in the file: `*end` is where the one before ended.
static sinter_status readSection(sinter_artifact *artifact, uint32_t index, uint64_t *end, sinter_error *error) {
  const SinterSection &section = artifact->sections[index];
  const char *name = sectionName(section.kind);
  if (section.kind < SINTER_SECTION_META || section.kind > SINTER_SECTION_CHAT)
    return fail(error, SINTER_BAD_ARTIFACT, "section %u has the unknown kind %u", index, section.kind);
  bool varies = section.kind == SINTER_SECTION_PLAN || section.kind == SINTER_SECTION_IMAGE;
  if (!varies && section.variant != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "section %u, %s, has a variant", index, name);
  bool paged = section.kind == SINTER_SECTION_IMAGE || section.kind == SINTER_SECTION_WEIGHTS;
  uint64_t align = paged ? SINTER_PAGE : SINTER_ALIGN;
  if (section.offset % align || section.offset < *end || section.offset - *end >= SINTER_PAGE)
    return fail(error, SINTER_BAD_ARTIFACT,
                "section %u, %s, lies at %" PRIu64 ", not at the next multiple of %" PRIu64 " after %" PRIu64, index,
                name, section.offset, align, *end);
  if (!inside(section.offset, section.size, artifact->bytes.size))
    return fail(error, SINTER_BAD_ARTIFACT,
                "section %u, %s, reaches beyond the end: offset %" PRIu64 ", %" PRIu64 " bytes", index, name,
                section.offset, section.size);
  *end = section.offset + section.size;
  for (uint32_t i = 0; i < index; ++i)
    if (artifact->sections[i].kind == section.kind && artifact->sections[i].variant == section.variant)
      return fail(error, SINTER_BAD_ARTIFACT, "section %u, %s, is there twice", index, name);
  if (section.kind == SINTER_SECTION_WEIGHTS && index + 1 != artifact->numSections)
    return fail(error, SINTER_BAD_ARTIFACT, "section %u, WEIGHTS, is not the last", index);
  if (section.kind != SINTER_SECTION_WEIGHTS &&
      sinter_digest(artifact->bytes.data + section.offset, section.size) != section.digest)
    return fail(error, SINTER_BAD_ARTIFACT, "section %u, %s, does not have the digest that its table says", index,
                name);
  return SINTER_OK;
}

static Bytes bytesOf(const sinter_artifact &artifact, uint32_t kind) {
  const SinterSection *section = findSection(artifact, kind, 0);
  return section ? Bytes{artifact.bytes.data + section->offset, section->size} : Bytes{};
}

sinter_status readSections(sinter_artifact *artifact, sinter_error *error) {
  SINTER_TRY(readHeader(artifact, error));
  uint64_t end = sizeof(SinterHeader) + artifact->numSections * sizeof(SinterSection);
  for (uint32_t i = 0; i < artifact->numSections; ++i)
    SINTER_TRY(readSection(artifact, i, &end, error));
  if (artifact->bytes.size - end >= SINTER_PAGE)
    return fail(error, SINTER_BAD_ARTIFACT, "the last section ends at %" PRIu64 ", the artifact at %" PRIu64, end,
                artifact->bytes.size);
  for (uint32_t kind = SINTER_SECTION_META; kind <= SINTER_SECTION_CODE; ++kind)
    if (!findSection(*artifact, kind, 0))
      return fail(error, SINTER_BAD_ARTIFACT, "the artifact has no section %s", sectionName(kind));
  artifact->metaSection = bytesOf(*artifact, SINTER_SECTION_META);
  artifact->strings = bytesOf(*artifact, SINTER_SECTION_STRINGS);
  artifact->constants = bytesOf(*artifact, SINTER_SECTION_CONSTANTS);
  artifact->weights = bytesOf(*artifact, SINTER_SECTION_WEIGHTS);
  artifact->tokenizerSection = bytesOf(*artifact, SINTER_SECTION_TOKENIZER);
  artifact->generationSection = bytesOf(*artifact, SINTER_SECTION_GENERATION);
  artifact->chatSection = bytesOf(*artifact, SINTER_SECTION_CHAT);
  Bytes code = bytesOf(*artifact, SINTER_SECTION_CODE);
  if (code.size % sizeof(int64_t))
    return fail(error, SINTER_BAD_ARTIFACT, "the section CODE is not made of whole words");
  artifact->code = {reinterpret_cast<const int64_t *>(code.data), code.size / sizeof(int64_t)};
  const Bytes &strings = artifact->strings;
  if (strings.size == 0 || strings.data[0] != 0 || strings.data[strings.size - 1] != 0)
    return fail(error, SINTER_BAD_ARTIFACT, "the section STRINGS does not begin and end with a zero");
  return SINTER_OK;
}

} // namespace sinter::runtime
