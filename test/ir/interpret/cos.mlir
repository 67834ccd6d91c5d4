// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 6xf32: -0.4161468365 0.8775825619 1 0.9689124217 0.5403023059 -0.9899924966

func.func @main() -> (!sinter.tensor<[6], f32>) {
  %x0 = sinter.constant [-2.0, -0.5, 0.0, 0.25, 1.0, 3.0] : !sinter.tensor<[6], f32>
  %y0 = sinter.cos %x0 : !sinter.tensor<[6], f32>
  return %y0 : !sinter.tensor<[6], f32>
}
