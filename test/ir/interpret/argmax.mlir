// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// The first on ties.
// CHECK: 2x1xi32: 0 1
// CHECK: 1x3xi32: 0 1 1

func.func @main() -> (!sinter.tensor<[2, 1], i32>, !sinter.tensor<[1, 3], i32>) {
  %x = sinter.constant [3.0, -1.0, 2.0, -4.0, 5.0, 5.0] : !sinter.tensor<[2, 3], f32>
  %a = sinter.argmax %x axes [1] : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[2, 1], i32>
  %b = sinter.argmax %x axes [0] : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[1, 3], i32>
  return %a, %b : !sinter.tensor<[2, 1], i32>, !sinter.tensor<[1, 3], i32>
}
