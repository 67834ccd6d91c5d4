// RUN: sinter-opt %s --sinter-interpret=sizes=N=4 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 4xf32: 0 1 -2 3

func.func @main(%c: !sinter.tensor<[N], i1>, %a: !sinter.tensor<[N], f32>) -> !sinter.tensor<[N], f32> {
  %b = sinter.neg %a : !sinter.tensor<[N], f32>
  %r = sinter.select %c, %a, %b : !sinter.tensor<[N], i1>, !sinter.tensor<[N], f32>
  return %r : !sinter.tensor<[N], f32>
}
