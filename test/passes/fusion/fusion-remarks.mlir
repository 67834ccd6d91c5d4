// RUN: sinter-opt --sinter-simplify --sinter-raise --sinter-convert-to-kernels --sinter-fuse-pointwise --split-input-file --remark-format=emitRemark --remarks-filter=fuse %s -o /dev/null 2>&1 | FileCheck %s
// What joined what, and why two skeletons stay two.

// CHECK: remark: [Passed] epilogue | Category:fuse | {{.*}}Remark="computed where the product is stored"
func.func @epilogue(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[4, 8], f32>) -> !sinter.tensor<[B, 4], f32> {
  %p = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 4], f32>
  %y = sinter.tanh %p : !sinter.tensor<[B, 4], f32>
  return %y : !sinter.tensor<[B, 4], f32>
}

// -----
// The product is a result as well.
// CHECK: remark: [Missed] activation | Category:fuse | {{.*}}Remark="it is not computed where the product is stored: what it reads is read elsewhere, too"
func.func @twice(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[4, 8], f32>) -> (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[B, 4], f32>) {
  %p = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 4], f32>
  %y = sinter.tanh %p : !sinter.tensor<[B, 4], f32>
  return %p, %y : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[B, 4], f32>
}

// -----
// The sum is a result as well.
// CHECK: remark: [Missed] row | Category:fuse | {{.*}}Remark="it is not computed where the row is stored: what it reads is read elsewhere, too"
func.func @row(%x: !sinter.tensor<[B, 8], f32>) -> (!sinter.tensor<[B, 1], f32>, !sinter.tensor<[B, 8], f32>) {
  %s = sinter.sum %x axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
  %v = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.sub %x, %v : !sinter.tensor<[B, 8], f32>
  return %s, %y : !sinter.tensor<[B, 1], f32>, !sinter.tensor<[B, 8], f32>
}
