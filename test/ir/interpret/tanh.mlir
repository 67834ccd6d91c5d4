// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 6xf32: -0.9640275801 -0.4621171573 0 0.2449186624 0.761594156 0.9950547537

func.func @main() -> (!sinter.tensor<[6], f32>) {
  %x0 = sinter.constant [-2.0, -0.5, 0.0, 0.25, 1.0, 3.0] : !sinter.tensor<[6], f32>
  %y0 = sinter.tanh %x0 : !sinter.tensor<[6], f32>
  return %y0 : !sinter.tensor<[6], f32>
}
