// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 1x4xf32: -0.894427191 -0.4472135955 0.4472135955 0.894427191
// CHECK-NEXT: 1x4xf32: -0.894427191 -0.894427191 1.341640786 3.577708764

func.func @main() -> (!sinter.tensor<[1, 4], f32>, !sinter.tensor<[1, 4], f32>) {
  %x = sinter.constant [-4.0, -2.0, 2.0, 4.0] : !sinter.tensor<[1, 4], f32>
  %w = sinter.constant [1.0, 2.0, 3.0, 4.0] : !sinter.tensor<[4], f32>
  %y0 = sinter.rms_norm %x eps 10.0 : !sinter.tensor<[1, 4], f32>
  %y1 = sinter.rms_norm %x weight(%w : !sinter.tensor<[4], f32>) eps 10.0 : !sinter.tensor<[1, 4], f32>
  return %y0, %y1 : !sinter.tensor<[1, 4], f32>, !sinter.tensor<[1, 4], f32>
}
