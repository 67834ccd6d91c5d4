// What must stay as it is.
// RUN: sinter-opt --sinter-simplify %s | FileCheck %s

// A slice of a weight is not the weight in another order.
// CHECK-LABEL: func.func @slice
// CHECK: sinter.view
// CHECK: "ab,cb->ac"
func.func @slice(%x: !sinter.tensor<[B, 4], f32>, %w: !sinter.tensor<[9, 4], f32>) -> !sinter.tensor<[B, 8], f32> {
  %t = sinter.view %w at <(d0, d1) -> (d0, d1)> : !sinter.tensor<[9, 4], f32> -> !sinter.tensor<[8, 4], f32>
  %y = sinter.contract %x, %t "ab,cb->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 8], f32>
  return %y : !sinter.tensor<[B, 8], f32>
}

// A label that is summed, or that stands in one operand alone, cannot lose its axis.
// CHECK-LABEL: func.func @spread_sum
// CHECK: sinter.view
// CHECK: "ab,cb->ac"
func.func @spread_sum(%x: !sinter.tensor<[B, 4], f32>, %w: !sinter.tensor<[8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %t = sinter.view %w at <(d0, d1) -> (d0)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[8, 4], f32>
  %y = sinter.contract %x, %t "ab,cb->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 8], f32>
  return %y : !sinter.tensor<[B, 8], f32>
}

// A result that somebody else reads keeps its order.
// CHECK-LABEL: func.func @two_readers
// CHECK: "ab,cb->ac"
// CHECK: sinter.view
func.func @two_readers(%x: !sinter.tensor<[B, 4], f32>, %w: !sinter.tensor<[8, 4], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, B], f32>) {
  %y = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 8], f32>
  %t = sinter.view %y at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[8, B], f32>
  return %y, %t : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, B], f32>
}

// A check on sizes is made at the call.
// CHECK-LABEL: func.func @open_check
// CHECK: sinter.check T le 512
func.func @open_check(%x: !sinter.tensor<[T], f32>) -> !sinter.tensor<[T], f32> {
  sinter.check T le 512, "{0} is too many" [T]
  return %x : !sinter.tensor<[T], f32>
}
