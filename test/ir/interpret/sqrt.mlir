// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 4xf32: 0.5 1 1.414213562 3

func.func @main() -> (!sinter.tensor<[4], f32>) {
  %x0 = sinter.constant [0.25, 1.0, 2.0, 9.0] : !sinter.tensor<[4], f32>
  %y0 = sinter.sqrt %x0 : !sinter.tensor<[4], f32>
  return %y0 : !sinter.tensor<[4], f32>
}
