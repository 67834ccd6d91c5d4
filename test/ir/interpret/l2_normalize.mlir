// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// The last row is shorter than eps.
// CHECK: 3x2xf32: 0.6 0.8 -1 0 0 0.5

func.func @main() -> !sinter.tensor<[3, 2], f32> {
  %x = sinter.constant [3.0, 4.0, -7.0, 0.0, 0.0, 0.25] : !sinter.tensor<[3, 2], f32>
  %y = sinter.l2_normalize %x eps 0.5 : !sinter.tensor<[3, 2], f32>
  return %y : !sinter.tensor<[3, 2], f32>
}
