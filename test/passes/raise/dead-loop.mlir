// RUN: sinter-opt %s --sinter-raise | FileCheck %s
// A loop that nothing reads goes whole, what is in it included.

// CHECK-LABEL: func.func @dead_loop
// CHECK-NOT: sinter.repeat
// CHECK: return %arg0
func.func @dead_loop(%x: !sinter.tensor<[B, 8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %y = sinter.repeat 3 carried(%x) stacked() {
  ^bb0(%c: !sinter.tensor<[B, 8], f32>):
    %e = sinter.exp %c : !sinter.tensor<[B, 8], f32>
    %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
    %t = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
    %d = sinter.div %e, %t : !sinter.tensor<[B, 8], f32>
    sinter.yield %d : !sinter.tensor<[B, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>) -> !sinter.tensor<[B, 8], f32>
  return %x : !sinter.tensor<[B, 8], f32>
}
