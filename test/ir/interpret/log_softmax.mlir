// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// The second row is shifted by a thousand.
// CHECK: 2x3xf32: -2.407605964 -1.407605964 -0.4076059644 -2.407605964 -1.407605964 -0.4076059644

func.func @main() -> !sinter.tensor<[2, 3], f32> {
  %x = sinter.constant [1.0, 2.0, 3.0, 1001.0, 1002.0, 1003.0] : !sinter.tensor<[2, 3], f32>
  %y = sinter.log_softmax %x : !sinter.tensor<[2, 3], f32>
  return %y : !sinter.tensor<[2, 3], f32>
}
