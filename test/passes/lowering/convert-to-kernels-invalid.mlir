// Ops that no skeleton computes are named at their places, all of them.
// RUN: sinter-opt --sinter-convert-to-kernels --verify-diagnostics --split-input-file %s

func.func @both(%x: !sinter.tensor<[B, 8], f32>, %s: !sinter.tensor<[2, 8], i1>, %i: !sinter.tensor<[2], i32>) -> (!sinter.tensor<[B, 2], i32>, !sinter.tensor<[2], i1>) {
  // expected-error@+1 {{no kernel yet for sinter.top_k}}
  %v, %0 = sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, 2], i32>
  %1 = sinter.neg %0 : !sinter.tensor<[B, 2], i32>
  // expected-error@+1 {{no kernel yet for sinter.pick}}
  %2 = sinter.pick %s[%i] : !sinter.tensor<[2, 8], i1>, !sinter.tensor<[2], i32> -> !sinter.tensor<[2], i1>
  return %1, %2 : !sinter.tensor<[B, 2], i32>, !sinter.tensor<[2], i1>
}
