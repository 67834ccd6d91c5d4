// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xf32: 8 3 0.25 1 4

func.func @main() -> (!sinter.tensor<[5], f32>) {
  %a0 = sinter.constant [2.0, 9.0, 4.0, 0.0, -2.0] : !sinter.tensor<[5], f32>
  %b0 = sinter.constant [3.0, 0.5, -1.0, 0.0, 2.0] : !sinter.tensor<[5], f32>
  %c0 = sinter.pow %a0, %b0 : !sinter.tensor<[5], f32>
  return %c0 : !sinter.tensor<[5], f32>
}
