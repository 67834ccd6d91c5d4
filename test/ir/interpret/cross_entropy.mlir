// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2xf32: 2.407605964 0.4076059644

func.func @main() -> !sinter.tensor<[2], f32> {
  %x = sinter.constant [1.0, 2.0, 3.0, 1001.0, 1002.0, 1003.0] : !sinter.tensor<[2, 3], f32>
  %l = sinter.constant [0.0, 2.0] : !sinter.tensor<[2], i32>
  %y = sinter.cross_entropy %x[%l] : !sinter.tensor<[2, 3], f32>, !sinter.tensor<[2], i32> -> !sinter.tensor<[2], f32>
  return %y : !sinter.tensor<[2], f32>
}
