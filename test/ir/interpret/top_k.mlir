// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x2xf32: 7 7 -1 -1
// CHECK: 2x2xi32: 1 2 1 3

func.func @main() -> (!sinter.tensor<[2, 2], f32>, !sinter.tensor<[2, 2], i32>) {
  %x = sinter.constant [3.0, 7.0, 7.0, 1.0, -2.0, -1.0, -3.0, -1.0] : !sinter.tensor<[2, 4], f32>
  %v, %i = sinter.top_k %x : !sinter.tensor<[2, 4], f32> -> !sinter.tensor<[2, 2], f32>, !sinter.tensor<[2, 2], i32>
  return %v, %i : !sinter.tensor<[2, 2], f32>, !sinter.tensor<[2, 2], i32>
}
