# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The stand-alone and the shared runtime, as bytes inside the compiler. SINTER_STUB and SINTER_LIBRARY are their paths.
  .section .rodata
  .balign 16
  .globl sinterStubBegin
  .globl sinterStubEnd
sinterStubBegin:
#ifdef SINTER_STUB
  .incbin SINTER_STUB
#endif
sinterStubEnd:
  .byte 0
  .balign 16
  .globl sinterLibraryBegin
  .globl sinterLibraryEnd
sinterLibraryBegin:
#ifdef SINTER_LIBRARY
  .incbin SINTER_LIBRARY
#endif
sinterLibraryEnd:
  .byte 0
  .section .note.GNU-stack,"",@progbits
