// RUN: sinter-opt %s --sinter-interpret=sizes=B=3,T=17 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: f32: 52
// CHECK: i32: 2

func.func @main(%x: !sinter.tensor<[B, T], f32>) -> (!sinter.tensor<[], f32>, !sinter.tensor<[], i32>) {
  %a = sinter.dim B*T + 1 : !sinter.tensor<[], f32>
  %b = sinter.dim floordiv(T + 15, 16) : !sinter.tensor<[], i32>
  return %a, %b : !sinter.tensor<[], f32>, !sinter.tensor<[], i32>
}
