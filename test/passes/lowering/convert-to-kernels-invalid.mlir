// Ops that no skeleton computes are named at their places, all of them.
// RUN: sinter-opt --sinter-convert-to-kernels --verify-diagnostics --split-input-file %s

func.func @cumsum(%x: !sinter.tensor<[B, T], i32>, %s: !sinter.tensor<[2, 8], f32>, %i: !sinter.tensor<[2], i32>) -> (!sinter.tensor<[B, T], i32>, !sinter.tensor<[2], f32>) {
  // expected-error@+1 {{no kernel yet for sinter.cumsum}}
  %0 = sinter.cumsum %x axis 1 : !sinter.tensor<[B, T], i32>
  %1 = sinter.neg %0 : !sinter.tensor<[B, T], i32>
  // expected-error@+1 {{no kernel yet for sinter.pick}}
  %2 = sinter.pick %s[%i] : !sinter.tensor<[2, 8], f32>, !sinter.tensor<[2], i32> -> !sinter.tensor<[2], f32>
  return %1, %2 : !sinter.tensor<[B, T], i32>, !sinter.tensor<[2], f32>
}

// -----

func.func @top_k(%x: !sinter.tensor<[B, 8], f32>) -> !sinter.tensor<[B, 2], i32> {
  // expected-error@+1 {{no kernel yet for sinter.top_k}}
  %v, %i = sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, 2], i32>
  return %i : !sinter.tensor<[B, 2], i32>
}
