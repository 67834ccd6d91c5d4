// RUN: sinter-opt %s --sinter-interpret=sizes=T=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 4xi32: 0 1 2 3

func.func @main(%x: !sinter.tensor<[T], f32>) -> !sinter.tensor<[T + 1], i32> {
  %a = sinter.iota : !sinter.tensor<[T + 1], i32>
  return %a : !sinter.tensor<[T + 1], i32>
}
