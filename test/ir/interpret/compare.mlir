// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3xi1: 0 1 0
// CHECK: 3xi1: 1 0 1
// CHECK: 3xi1: 1 0 0
// CHECK: 3xi1: 1 1 0
// CHECK: 3xi1: 0 0 1
// CHECK: 3xi1: 0 1 1

func.func @main() -> (!sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>) {
  %a = sinter.constant [1.0, 2.0, 3.0] : !sinter.tensor<[3], f32>
  %b = sinter.constant [2.0, 2.0, 2.0] : !sinter.tensor<[3], f32>
  %eq = sinter.compare eq %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  %ne = sinter.compare ne %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  %lt = sinter.compare lt %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  %le = sinter.compare le %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  %gt = sinter.compare gt %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  %ge = sinter.compare ge %a, %b : !sinter.tensor<[3], f32> -> !sinter.tensor<[3], i1>
  return %eq, %ne, %lt, %le, %gt, %ge : !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>, !sinter.tensor<[3], i1>
}
