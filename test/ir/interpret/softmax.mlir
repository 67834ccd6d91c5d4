// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// The second row is shifted by a thousand, the third has one entry that stands for all; the last is one long.
// CHECK: 3x3xf32: 0.09003057317 0.2447284711 0.6652409558 0.09003057317 0.2447284711 0.6652409558 0 1 0
// CHECK-NEXT: 2x1xf32: 1 1

func.func @main() -> (!sinter.tensor<[3, 3], f32>, !sinter.tensor<[2, 1], f32>) {
  %x0 = sinter.constant [1.0, 2.0, 3.0, 1001.0, 1002.0, 1003.0, -3.0e38, 0.0, -3.0e38] : !sinter.tensor<[3, 3], f32>
  %y0 = sinter.softmax %x0 : !sinter.tensor<[3, 3], f32>
  %x1 = sinter.constant [5.0] : !sinter.tensor<[2, 1], f32>
  %y1 = sinter.softmax %x1 : !sinter.tensor<[2, 1], f32>
  return %y0, %y1 : !sinter.tensor<[3, 3], f32>, !sinter.tensor<[2, 1], f32>
}
