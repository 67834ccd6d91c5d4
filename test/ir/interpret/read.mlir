// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x2xf32: 0 1 2 3
// CHECK: 2x1xf32: 0 1

sinter.parameter @"a.w" ["a.w"] : !sinter.tensor<[2, 2], f32>
sinter.parameter @"layer.*.w" stacked ["layer.0.w", "layer.1.w"] : !sinter.tensor<[2, 1], f32>
func.func @main() -> (!sinter.tensor<[2, 2], f32>, !sinter.tensor<[2, 1], f32>) {
  %a = sinter.read @"a.w" : !sinter.tensor<[2, 2], f32>
  %b = sinter.read @"layer.*.w" : !sinter.tensor<[2, 1], f32>
  return %a, %b : !sinter.tensor<[2, 2], f32>, !sinter.tensor<[2, 1], f32>
}
