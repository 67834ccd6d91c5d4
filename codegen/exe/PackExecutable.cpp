// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the three reserved PT_LOADs and the slot of the stub and points them at the artifact's parts.
#include "codegen/exe/PackExecutable.h"

#include "runtime/exe/Slots.h"

#include <cstring>
#include <elf.h>

extern "C" {
extern const unsigned char sinterStubBegin[], sinterStubEnd[]; // Stub.S
}

namespace sinter::codegen {

std::span<const uint8_t> builtinStub() { return {sinterStubBegin, sinterStubEnd}; }

namespace {

struct Range {
  uint64_t from = 0, to = 0;
};

/// The artifact's three parts: readable head, code, weights.
bool findParts(std::span<const uint8_t> head, Range (&parts)[3], std::string &error) {
  SinterHeader header;
  std::memcpy(&header, head.data(), sizeof header);
  bool first = true;
  for (uint32_t i = 0; i < header.numSections; ++i) {
    SinterSection section;
    std::memcpy(&section, head.data() + sizeof header + i * sizeof section, sizeof section);
    if (section.kind == SINTER_SECTION_IMAGE) {
      SinterImage image;
      std::memcpy(&image, head.data() + section.offset, sizeof image);
      if (first)
        parts[0] = {0, section.offset + image.text}, parts[1].from = parts[0].to;
      first = false;
      parts[1].to = section.offset + section.size;
    } else if (section.kind == SINTER_SECTION_WEIGHTS) {
      parts[2] = {section.offset, section.offset + section.size};
    }
  }
  if (first)
    error = "the artifact holds no code";
  return !first;
}

} // namespace

std::vector<uint8_t> packStub(std::span<const uint8_t> stub, std::span<const uint8_t> head, std::string &error) {
  Range parts[3];
  if (stub.size() < sizeof(Elf64_Ehdr)) {
    error = "this program was built without the stand-alone runtime";
    return {};
  }
  if (!findParts(head, parts, error))
    return {};
  std::vector<uint8_t> out(stub.begin(), stub.end());
  out.resize((out.size() + SINTER_PAGE - 1) / SINTER_PAGE * SINTER_PAGE);
  const uint64_t at = out.size(), base = SINTER_STUB_FIRST_ADDRESS;

  Elf64_Ehdr elf;
  std::memcpy(&elf, out.data(), sizeof elf);
  int next = 0;
  for (int i = 0; i < elf.e_phnum; ++i) {
    uint8_t *where = out.data() + elf.e_phoff + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment;
    std::memcpy(&segment, where, sizeof segment);
    if (segment.p_type != PT_LOAD || segment.p_vaddr < base || next == 3)
      continue;
    const Range &part = parts[next++];
    segment.p_type = part.from == part.to ? PT_NULL : PT_LOAD;
    segment.p_offset = at + part.from;
    segment.p_vaddr = segment.p_paddr = base + part.from;
    segment.p_filesz = segment.p_memsz = part.to - part.from;
    segment.p_align = SINTER_PAGE;
    std::memcpy(where, &segment, sizeof segment);
  }
  if (next != 3) {
    error = "the stand-alone runtime has no reserved segments";
    return {};
  }

  SinterHeader header;
  std::memcpy(&header, head.data(), sizeof header);
  for (size_t i = 0; i + sizeof(SinterStubSlot) <= stub.size(); i += 8)
    if (!std::memcmp(out.data() + i, SINTER_STUB_MAGIC, 16)) {
      SinterStubSlot slot;
      std::memcpy(&slot, out.data() + i, sizeof slot);
      slot.address = base;
      slot.size = header.fileSize;
      std::memcpy(out.data() + i, &slot, sizeof slot);
      return out;
    }
  error = "the stand-alone runtime has no slot for an artifact";
  return {};
}

} // namespace sinter::codegen
