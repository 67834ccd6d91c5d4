// RUN: sinter-opt %s --sinter-interpret=sizes=B=2 -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-pipeline=until=prepare --sinter-interpret=sizes=B=2 -o /dev/null | FileCheck %s --match-full-lines
// RUN: not sinter-opt %s --sinter-pipeline=until=prepare --sinter-interpret=sizes=B=4 -o /dev/null 2>&1 | FileCheck %s --check-prefix=BAD
// The entry of a row whose index is the id: a gather judges the ids, a row finds the entry.
// CHECK: 2xf32: 0 4
// CHECK: 1xf32: 2
// BAD: error: {{.*}}3

func.func @main(%x: !sinter.tensor<[B, 3], f32>) -> (!sinter.tensor<[B], f32>, !sinter.tensor<[1], f32>) {
  %ids = sinter.iota : !sinter.tensor<[B], i32>
  %a = sinter.pick %x[%ids] : !sinter.tensor<[B, 3], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  %c = sinter.constant [1.0, 3.0, 2.0] : !sinter.tensor<[1, 3], f32>
  %two = sinter.constant [2.0] : !sinter.tensor<[1], i32>
  %b = sinter.pick %c[%two] : !sinter.tensor<[1, 3], f32>, !sinter.tensor<[1], i32> -> !sinter.tensor<[1], f32>
  return %a, %b : !sinter.tensor<[B], f32>, !sinter.tensor<[1], f32>
}
