# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The page of `sinter graph` and its scripts, as bytes inside the compiler. The three names are their paths.
  .section .rodata
  .globl sinterGraphPageBegin
  .globl sinterGraphPageEnd
  .globl sinterGraphLayoutBegin
  .globl sinterGraphLayoutEnd
  .globl sinterGraphDrawBegin
  .globl sinterGraphDrawEnd
sinterGraphPageBegin:
  .incbin SINTER_GRAPH_PAGE
sinterGraphPageEnd:
  .byte 0
sinterGraphLayoutBegin:
  .incbin SINTER_GRAPH_LAYOUT
sinterGraphLayoutEnd:
  .byte 0
sinterGraphDrawBegin:
  .incbin SINTER_GRAPH_DRAW
sinterGraphDrawEnd:
  .byte 0
  .section .note.GNU-stack,"",@progbits
