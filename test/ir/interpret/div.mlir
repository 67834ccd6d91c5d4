// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xf32: -3.5 -3 0 -0.5 2.666666667

func.func @main() -> (!sinter.tensor<[5], f32>) {
  %a0 = sinter.constant [-7.0, -1.5, 0.0, 2.0, 8.0] : !sinter.tensor<[5], f32>
  %b0 = sinter.constant [2.0, 0.5, 3.0, -4.0, 3.0] : !sinter.tensor<[5], f32>
  %c0 = sinter.div %a0, %b0 : !sinter.tensor<[5], f32>
  return %c0 : !sinter.tensor<[5], f32>
}
