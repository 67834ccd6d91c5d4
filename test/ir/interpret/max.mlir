// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x1xf32: 3 5
// CHECK: 1x3xf32: 3 5 5
// CHECK: 1x1xf32: 5

func.func @main() -> (!sinter.tensor<[2, 1], f32>, !sinter.tensor<[1, 3], f32>, !sinter.tensor<[1, 1], f32>) {
  %x = sinter.constant [3.0, -1.0, 2.0, -4.0, 5.0, 5.0] : !sinter.tensor<[2, 3], f32>
  %a = sinter.max %x axes [1] : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[2, 1], f32>
  %b = sinter.max %x axes [0] : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[1, 3], f32>
  %c = sinter.max %x axes [0, 1] : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[1, 1], f32>
  return %a, %b, %c : !sinter.tensor<[2, 1], f32>, !sinter.tensor<[1, 3], f32>, !sinter.tensor<[1, 1], f32>
}
