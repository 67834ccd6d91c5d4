// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How an executable is made from the prebuilt runtime (build/bin/sinter-stub)
// and an artifact, without a linker. Both sides include this file: the packer
// (codegen/exe) writes by it, the stub's main reads by it. Plain C.
//
// The stub is a static-PIE ELF file with three PT_LOADs too many: dummy
// sections linked at SINTER_STUB_FIRST_ADDRESS and above, in this order and
// with these flags: R, R+X, R. The packer
//
//   1. writes the stub's bytes, pads with zeros to a page, and appends the
//      artifact exactly as it is in a file (say at file offset `at`);
//   2. finds its three program headers (PT_LOAD with p_vaddr >=
//      SINTER_STUB_FIRST_ADDRESS) and sets, with base = SINTER_STUB_FIRST_ADDRESS:
//
//        segment  flags  artifact bytes [from, to)
//        0        R      [0, image0 + text0)         header, META ... constants of the first image
//        1        R X    [image0 + text0, imageEnd)  its code, and the images of further variants
//        2        R      [weights, end)              prepared weights
//
//        p_offset = at + from; p_vaddr = p_paddr = base + from;
//        p_filesz = p_memsz = to - from; p_align = SINTER_PAGE
//
//      where image0 is the offset of the first IMAGE section, text0 its
//      SinterImage.text, imageEnd the end of the last IMAGE section, weights the
//      offset of WEIGHTS and end the artifact's fileSize. A segment that is
//      empty (no weights) becomes PT_NULL;
//   3. finds SINTER_STUB_MAGIC (it occurs once in the stub; 8-byte aligned) and
//      writes SinterStubSlot.address = base and SinterStubSlot.size = fileSize;
//   4. leaves everything else alone, and sets mode 0755.
//
// So the artifact lies in memory as it lies in its file, mapped by the kernel
// at exec: addresses are ordinary numbers relative to __ehdr_start, no path and
// no /proc is needed, and all processes share the pages. The artifact's IMAGE
// sections must be consecutive and WEIGHTS must be last (see sinter/abi.h).
// Section headers of the stub may be moved or extended by the packer (for gdb
// and perf); nothing at run time reads them.

#ifndef SINTER_RUNTIME_EXE_SLOTS_H
#define SINTER_RUNTIME_EXE_SLOTS_H

#include <stdint.h>

#define SINTER_STUB_MAGIC "SINTER-STUB-SLOT" /* 16 bytes, no terminator */
#define SINTER_STUB_FIRST_ADDRESS 0x10000000ull

typedef struct SinterStubSlot {
  char magic[16];
  uint64_t address; /* of the artifact, relative to __ehdr_start; 0: none */
  uint64_t size;    /* of the artifact in bytes */
} SinterStubSlot;

#endif /* SINTER_RUNTIME_EXE_SLOTS_H */
