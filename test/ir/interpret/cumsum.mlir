// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// Integers wrap, as machines do.
// CHECK: 2x3x2xf32: 0 1 2 4 6 9 6 7 14 16 24 27
// CHECK: 3xi32: 2147483647 -2147483648 -2147483647

func.func @main(%x: !sinter.tensor<[B, T, 2], f32>) -> (!sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[3], i32>) {
  %a = sinter.cumsum %x axis 1 : !sinter.tensor<[B, T, 2], f32>
  %i = sinter.constant [2147483647.0, 1.0, 1.0] : !sinter.tensor<[3], i32>
  %b = sinter.cumsum %i axis 0 : !sinter.tensor<[3], i32>
  return %a, %b : !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[3], i32>
}
