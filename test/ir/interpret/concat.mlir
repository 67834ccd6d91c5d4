// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x5xf32: 0 1 0 1 2 2 3 3 4 5

func.func @main(%x: !sinter.tensor<[B, 2], f32>, %y: !sinter.tensor<[B, T], f32>) -> !sinter.tensor<[B, T + 2], f32> {
  %c = sinter.concat %x, %y axis 1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, T + 2], f32>
  return %c : !sinter.tensor<[B, T + 2], f32>
}
