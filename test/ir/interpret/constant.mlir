// RUN: sinter-opt %s --sinter-interpret=sizes=T=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3x2xf32: 1.5 1.5 1.5 1.5 1.5 1.5
// CHECK: 2x2xi32: 1 2 3 4

func.func @main(%x: !sinter.tensor<[T], f32>) -> (!sinter.tensor<[T, 2], f32>, !sinter.tensor<[2, 2], i32>) {
  %a = sinter.constant [1.5] : !sinter.tensor<[T, 2], f32>
  %b = sinter.constant [1.0, 2.0, 3.0, 4.0] : !sinter.tensor<[2, 2], i32>
  return %a, %b : !sinter.tensor<[T, 2], f32>, !sinter.tensor<[2, 2], i32>
}
