// RUN: sinter-opt %s --sinter-interpret=sizes=B=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3xf32: 0 5 10

func.func @main(%x: !sinter.tensor<[B, 4], f32>, %i: !sinter.tensor<[B], i32>) -> !sinter.tensor<[B], f32> {
  %p = sinter.pick %x[%i] : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  return %p : !sinter.tensor<[B], f32>
}
