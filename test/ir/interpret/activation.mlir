// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 5xf32: -0.004049694095 -0.1542687694 0 0.1496765814 1.954499736
// CHECK-NEXT: 5xf32: -0.003637392082 -0.1542859902 0 0.1496753507 1.954597694
// CHECK-NEXT: 5xf32: -0.1422776195 -0.1887703344 0 0.1405441252 1.761594156

func.func @main() -> (!sinter.tensor<[5], f32>, !sinter.tensor<[5], f32>, !sinter.tensor<[5], f32>) {
  %x = sinter.constant [-3.0, -0.5, 0.0, 0.25, 2.0] : !sinter.tensor<[5], f32>
  %y0 = sinter.activation gelu %x : !sinter.tensor<[5], f32>
  %y1 = sinter.activation gelu_tanh %x : !sinter.tensor<[5], f32>
  %y2 = sinter.activation silu %x : !sinter.tensor<[5], f32>
  return %y0, %y1, %y2 : !sinter.tensor<[5], f32>, !sinter.tensor<[5], f32>, !sinter.tensor<[5], f32>
}
