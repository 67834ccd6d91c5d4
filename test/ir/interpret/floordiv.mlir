// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xi32: -4 -4 3 3 1073741823

func.func @main() -> (!sinter.tensor<[5], i32>) {
  %a0 = sinter.constant [-7.0, 7.0, -7.0, 7.0, 2147483647.0] : !sinter.tensor<[5], i32>
  %b0 = sinter.constant [2.0, -2.0, -2.0, 2.0, 2.0] : !sinter.tensor<[5], i32>
  %c0 = sinter.floordiv %a0, %b0 : !sinter.tensor<[5], i32>
  return %c0 : !sinter.tensor<[5], i32>
}
