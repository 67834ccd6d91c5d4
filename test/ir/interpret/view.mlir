// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// Heads split, axes merged, a row reversed, one element.
// CHECK: 2x2x3x2xf32: 0 1 4 5 8 9 2 3 6 7 10 11 12 13 16 17 20 21 14 15 18 19 22 23
// CHECK: 6x4xf32: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
// CHECK: 3xf32: 23 19 15
// CHECK: f32: 6

func.func @main(%x: !sinter.tensor<[B, T, 4], f32>) -> (!sinter.tensor<[B, 2, T, 2], f32>, !sinter.tensor<[B*T, 4], f32>, !sinter.tensor<[T], f32>, !sinter.tensor<[], f32>) {
  %a = sinter.view %x at <(d0, d1, d2, d3) -> (d0, d2, d1 * 2 + d3)> : !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[B, 2, T, 2], f32>
  %b = sinter.view %x at <(d0, d1)[s0] -> (d0 floordiv s0, d0 mod s0, d1), [T]> : !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[B*T, 4], f32>
  %c = sinter.view %x at <(d0)[s0] -> (1, -d0 + s0, 3), [T - 1]> : !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[T], f32>
  %d = sinter.view %x at <() -> (0, 1, 2)> : !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[], f32>
  return %a, %b, %c, %d : !sinter.tensor<[B, 2, T, 2], f32>, !sinter.tensor<[B*T, 4], f32>, !sinter.tensor<[T], f32>, !sinter.tensor<[], f32>
}
