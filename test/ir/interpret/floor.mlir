// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 6xf32: -2 -1 0 0 1 3

func.func @main() -> (!sinter.tensor<[6], f32>) {
  %x0 = sinter.constant [-2.0, -0.5, 0.0, 0.25, 1.0, 3.0] : !sinter.tensor<[6], f32>
  %y0 = sinter.floor %x0 : !sinter.tensor<[6], f32>
  return %y0 : !sinter.tensor<[6], f32>
}
