// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x4xf32: -0.894427191 -0.4472135955 0.4472135955 0.894427191 0 0 0 0
// CHECK-NEXT: 2x4xf32: 9.105572809 19.10557281 31.34164079 43.57770876 10 20 30 40
// CHECK-NEXT: 2x4xf32: 10 20 30 40 10 20 30 40
// CHECK-NEXT: 2x4xf32: -0.894427191 -0.894427191 1.341640786 3.577708764 0 0 0 0

func.func @main() -> (!sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>) {
  %x = sinter.constant [-4.0, -2.0, 2.0, 4.0, 7.0, 7.0, 7.0, 7.0] : !sinter.tensor<[2, 4], f32>
  %w = sinter.constant [1.0, 2.0, 3.0, 4.0] : !sinter.tensor<[4], f32>
  %b = sinter.constant [10.0, 20.0, 30.0, 40.0] : !sinter.tensor<[4], f32>
  %z = sinter.constant [0.0] : !sinter.tensor<[4], f32>
  %y0 = sinter.layer_norm %x eps 10.0 : !sinter.tensor<[2, 4], f32>
  %y1 = sinter.layer_norm %x weight(%w : !sinter.tensor<[4], f32>) bias(%b : !sinter.tensor<[4], f32>) eps 10.0 : !sinter.tensor<[2, 4], f32>
  %y2 = sinter.layer_norm %x weight(%z : !sinter.tensor<[4], f32>) bias(%b : !sinter.tensor<[4], f32>) eps 10.0 : !sinter.tensor<[2, 4], f32>
  %y3 = sinter.layer_norm %x weight(%w : !sinter.tensor<[4], f32>) eps 10.0 : !sinter.tensor<[2, 4], f32>
  return %y0, %y1, %y2, %y3 : !sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>, !sinter.tensor<[2, 4], f32>
}
