// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// Toward zero; what i32 cannot hold becomes its nearest.
// CHECK: 5xi32: -1 1 0 2147483647 0
// CHECK: 5xi1: 1 1 0 1 1
// CHECK: 2xf32: 0 1
// CHECK: 2xi1: 1 0

func.func @main() -> (!sinter.tensor<[5], i32>, !sinter.tensor<[5], i1>, !sinter.tensor<[2], f32>, !sinter.tensor<[2], i1>) {
  %x = sinter.constant [-1.7, 1.7, 0.0, 3.0e9, -0.2] : !sinter.tensor<[5], f32>
  %b = sinter.constant [0.0, 1.0] : !sinter.tensor<[2], i1>
  %i = sinter.constant [-5.0, 0.0] : !sinter.tensor<[2], i32>
  %0 = sinter.cast %x : !sinter.tensor<[5], f32> to !sinter.tensor<[5], i32>
  %1 = sinter.cast %x : !sinter.tensor<[5], f32> to !sinter.tensor<[5], i1>
  %2 = sinter.cast %b : !sinter.tensor<[2], i1> to !sinter.tensor<[2], f32>
  %3 = sinter.cast %i : !sinter.tensor<[2], i32> to !sinter.tensor<[2], i1>
  return %0, %1, %2, %3 : !sinter.tensor<[5], i32>, !sinter.tensor<[5], i1>, !sinter.tensor<[2], f32>, !sinter.tensor<[2], i1>
}
