# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The stand-alone runtime, as bytes inside the compiler. SINTER_STUB is its path.
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
  .section .note.GNU-stack,"",@progbits
