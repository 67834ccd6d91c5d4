// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 6xf32: 2 0.5 0 -0.25 -1 -3
// CHECK: 3xi32: 3 -5 -2147483648

func.func @main() -> (!sinter.tensor<[6], f32>, !sinter.tensor<[3], i32>) {
  %x0 = sinter.constant [-2.0, -0.5, 0.0, 0.25, 1.0, 3.0] : !sinter.tensor<[6], f32>
  %y0 = sinter.neg %x0 : !sinter.tensor<[6], f32>
  %x1 = sinter.constant [-3.0, 5.0, -2147483648.0] : !sinter.tensor<[3], i32>
  %y1 = sinter.neg %x1 : !sinter.tensor<[3], i32>
  return %y0, %y1 : !sinter.tensor<[6], f32>, !sinter.tensor<[3], i32>
}
