// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 6xf32: -0.995322265 -0.5204998778 0 0.2763263902 0.8427007929 0.9999779095

func.func @main() -> (!sinter.tensor<[6], f32>) {
  %x0 = sinter.constant [-2.0, -0.5, 0.0, 0.25, 1.0, 3.0] : !sinter.tensor<[6], f32>
  %y0 = sinter.erf %x0 : !sinter.tensor<[6], f32>
  return %y0 : !sinter.tensor<[6], f32>
}
