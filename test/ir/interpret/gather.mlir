// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x2x2xf32: 6 7 0 1 2 3 6 7

func.func @main(%w: !sinter.tensor<[4, 2], f32>) -> !sinter.tensor<[2, 2, 2], f32> {
  %i = sinter.constant [3.0, 0.0, 1.0, 3.0] : !sinter.tensor<[2, 2], i32>
  %g = sinter.gather %w[%i] : !sinter.tensor<[4, 2], f32>, !sinter.tensor<[2, 2], i32> -> !sinter.tensor<[2, 2, 2], f32>
  return %g : !sinter.tensor<[2, 2, 2], f32>
}
