// RUN: sinter-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// RUN: sinter-opt --help | FileCheck %s --check-prefix=HELP
// RUN: sinter-opt %s --pass-pipeline="builtin.module(func.func(canonicalize, cse))" --mlir-print-ir-after-all --mlir-disable-threading 2>&1 | FileCheck %s
// RUN: sinter-opt %s --inline --symbol-dce | FileCheck %s --check-prefix=INLINE
// sinter-opt is mlir-opt for our dialects: its standard flags, CSE and the inliner work on them.

// DIALECTS: func
// DIALECTS: kernel
// DIALECTS: llvm
// DIALECTS: sinter
// HELP: --sinter-interpret
// HELP: --split-input-file
// HELP: --verify-diagnostics

// CHECK: IR Dump After CSE
// CHECK: sinter.exp
// CHECK-NOT: sinter.exp
// CHECK: return
// INLINE-NOT: call
// INLINE: sinter.add
// INLINE-NOT: call
func.func private @twice(%x: !sinter.tensor<[B], f32>) -> !sinter.tensor<[B], f32> {
  %a = sinter.exp %x : !sinter.tensor<[B], f32>
  %b = sinter.exp %x : !sinter.tensor<[B], f32>
  %c = sinter.add %a, %b : !sinter.tensor<[B], f32>
  return %c : !sinter.tensor<[B], f32>
}
func.func @main(%x: !sinter.tensor<[B], f32>) -> !sinter.tensor<[B], f32> {
  %y = call @twice(%x) : (!sinter.tensor<[B], f32>) -> !sinter.tensor<[B], f32>
  return %y : !sinter.tensor<[B], f32>
}
