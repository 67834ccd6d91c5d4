// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 1x2x3xf32: 101 202 303 103 204 307
// CHECK-NEXT: 2xf32: 1 3

func.func @main() -> (!sinter.tensor<[1, 2, 3], f32>, !sinter.tensor<[2], f32>) {
  %x = sinter.constant [1.0, 0.0, 3.0, 4.0] : !sinter.tensor<[1, 2, 2], f32>
  %w = sinter.constant [1.0, 0.0, 2.0, -0.5, 3.0, -0.5] : !sinter.tensor<[3, 2], f32>
  %b = sinter.constant [100.0, 200.0, 300.0] : !sinter.tensor<[3], f32>
  %y = sinter.linear %x, %w bias(%b : !sinter.tensor<[3], f32>) : !sinter.tensor<[1, 2, 2], f32>, !sinter.tensor<[3, 2], f32> -> !sinter.tensor<[1, 2, 3], f32>
  %r = sinter.constant [1.0, 2.0] : !sinter.tensor<[2], f32>
  %v = sinter.constant [1.0, 0.0, 1.0, 1.0] : !sinter.tensor<[2, 2], f32>
  %z = sinter.linear %r, %v : !sinter.tensor<[2], f32>, !sinter.tensor<[2, 2], f32> -> !sinter.tensor<[2], f32>
  return %y, %z : !sinter.tensor<[1, 2, 3], f32>, !sinter.tensor<[2], f32>
}
