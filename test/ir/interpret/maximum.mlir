// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xf32: 2 0.5 3 2 8
// CHECK: 5xi32: 2 7 -2 7 2147483647

func.func @main() -> (!sinter.tensor<[5], f32>, !sinter.tensor<[5], i32>) {
  %a0 = sinter.constant [-7.0, -1.5, 0.0, 2.0, 8.0] : !sinter.tensor<[5], f32>
  %b0 = sinter.constant [2.0, 0.5, 3.0, -4.0, 3.0] : !sinter.tensor<[5], f32>
  %c0 = sinter.maximum %a0, %b0 : !sinter.tensor<[5], f32>
  %a1 = sinter.constant [-7.0, 7.0, -7.0, 7.0, 2147483647.0] : !sinter.tensor<[5], i32>
  %b1 = sinter.constant [2.0, -2.0, -2.0, 2.0, 2.0] : !sinter.tensor<[5], i32>
  %c1 = sinter.maximum %a1, %b1 : !sinter.tensor<[5], i32>
  return %c0, %c1 : !sinter.tensor<[5], f32>, !sinter.tensor<[5], i32>
}
