// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// Two sequences of 1 and 3 tokens get two new rows and one, in pages of 2 rows: positions 1 and 2 of the first (pages
// 1 and 3), position 3 of the second (page 2). Rows of tokens are innermost in %k, second in %v.
// CHECK: 4x1x2xf32: 0 1 2 10 4 12 11 7
// CHECK: 4x2x1xf32: 0 1 2 10 4 12 11 7

func.func @main(%k: !sinter.tensor<[4, 1, 2], f32>, %v: !sinter.tensor<[4, 2, 1], f32>) -> (!sinter.tensor<[4, 1, 2], f32>, !sinter.tensor<[4, 2, 1], f32>) {
  %pages = sinter.constant [1.0, 3.0, 0.0, 2.0] : !sinter.tensor<[2, 2], i32>
  %length = sinter.constant [1.0, 3.0] : !sinter.tensor<[2], i32>
  %count = sinter.constant [2.0, 1.0] : !sinter.tensor<[2], i32>
  %new = sinter.constant [10.0, 11.0, 12.0, 13.0] : !sinter.tensor<[2, 2, 1], f32>
  %a = sinter.append %k[%pages], %new at %length count %count axis 2 : !sinter.tensor<[4, 1, 2], f32>, !sinter.tensor<[2, 2], i32>, !sinter.tensor<[2, 2, 1], f32>, !sinter.tensor<[2], i32>
  %b = sinter.append %v[%pages], %new at %length count %count axis 1 : !sinter.tensor<[4, 2, 1], f32>, !sinter.tensor<[2, 2], i32>, !sinter.tensor<[2, 2, 1], f32>, !sinter.tensor<[2], i32>
  return %a, %b : !sinter.tensor<[4, 1, 2], f32>, !sinter.tensor<[4, 2, 1], f32>
}
