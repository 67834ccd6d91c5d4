// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xf32: -9 -2 -3 6 5
// CHECK: 2xi32: 2147483647 -2

func.func @main() -> (!sinter.tensor<[5], f32>, !sinter.tensor<[2], i32>) {
  %a0 = sinter.constant [-7.0, -1.5, 0.0, 2.0, 8.0] : !sinter.tensor<[5], f32>
  %b0 = sinter.constant [2.0, 0.5, 3.0, -4.0, 3.0] : !sinter.tensor<[5], f32>
  %c0 = sinter.sub %a0, %b0 : !sinter.tensor<[5], f32>
  %a1 = sinter.constant [-2147483648.0, 5.0] : !sinter.tensor<[2], i32>
  %b1 = sinter.constant [1.0, 7.0] : !sinter.tensor<[2], i32>
  %c1 = sinter.sub %a1, %b1 : !sinter.tensor<[2], i32>
  return %c0, %c1 : !sinter.tensor<[5], f32>, !sinter.tensor<[2], i32>
}
