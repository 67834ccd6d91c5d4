// RUN: sinter-opt --sinter-simplify %s | FileCheck %s

sinter.parameter @used ["used"] : !sinter.tensor<[8, 4], f32>
sinter.parameter @unused ["unused"] : !sinter.tensor<[8, 4], f32>
// CHECK: sinter.parameter @used
// CHECK-NOT: @unused

// A transposed weight is another order of labels.
// CHECK-LABEL: func.func @transposed_weight
// CHECK-NOT: sinter.view
// CHECK: sinter.contract %{{.*}}, %{{.*}} "ab,cb->ac"
func.func @transposed_weight(%x: !sinter.tensor<[B, 4], f32>, %w: !sinter.tensor<[8, 4], f32>) -> !sinter.tensor<[B, 8], f32> {
  %t = sinter.view %w at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[4, 8], f32>
  %y = sinter.contract %x, %t "ab,bc->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 8], f32>
  return %y : !sinter.tensor<[B, 8], f32>
}

// So is a transposed result, if nobody else reads it.
// CHECK-LABEL: func.func @transposed_result
// CHECK-NOT: sinter.view
// CHECK: sinter.contract %{{.*}}, %{{.*}} "ab,cb->ca"
func.func @transposed_result(%x: !sinter.tensor<[B, 4], f32>, %w: !sinter.tensor<[8, 4], f32>) -> !sinter.tensor<[8, B], f32> {
  %y = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 8], f32>
  %t = sinter.view %y at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[8, B], f32>
  return %t : !sinter.tensor<[8, B], f32>
}

// A weight that was spread over the batch is no batch of weights.
// CHECK-LABEL: func.func @spread_weight
// CHECK-NOT: sinter.view
// CHECK: sinter.contract %{{.*}}, %{{.*}} "abc,cd->abd"
func.func @spread_weight(%x: !sinter.tensor<[B, T, 4], f32>, %w: !sinter.tensor<[4, 8], f32>) -> !sinter.tensor<[B, T, 8], f32> {
  %s = sinter.view %w at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 4, 8], f32>
  %y = sinter.contract %x, %s "abc,acd->abd" : !sinter.tensor<[B, T, 4], f32>, !sinter.tensor<[B, 4, 8], f32> -> !sinter.tensor<[B, T, 8], f32>
  return %y : !sinter.tensor<[B, T, 8], f32>
}

// Splitting heads and merging them again is nothing.
// CHECK-LABEL: func.func @split_and_merge
// CHECK-NEXT: return %arg0
func.func @split_and_merge(%x: !sinter.tensor<[B, T, 12], f32>) -> !sinter.tensor<[B, T, 12], f32> {
  %h = sinter.view %x at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
  %m = sinter.view %h at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
  return %m : !sinter.tensor<[B, T, 12], f32>
}

// Equal reads are one; a view of an elementwise op stays where the text has it; a check that always holds goes.
// CHECK-LABEL: func.func @merged_reads
// CHECK-NOT: sinter.check
// CHECK-COUNT-1: sinter.read @used
// CHECK-NEXT: sinter.exp
// CHECK-NEXT: sinter.view
// CHECK-NEXT: return
func.func @merged_reads() -> (!sinter.tensor<[4, 8], f32>, !sinter.tensor<[8, 4], f32>) {
  sinter.check 4 le 8, "{0} is too many" [4]
  %0 = sinter.read @used : !sinter.tensor<[8, 4], f32>
  %1 = sinter.read @used : !sinter.tensor<[8, 4], f32>
  %2 = sinter.exp %0 : !sinter.tensor<[8, 4], f32>
  %3 = sinter.view %2 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[4, 8], f32>
  return %3, %1 : !sinter.tensor<[4, 8], f32>, !sinter.tensor<[8, 4], f32>
}

// One value spread over a shape stays one value.
// CHECK-LABEL: func.func @splat
// CHECK: sinter.constant [2.5{{0*}}{{(e\+00)?}}] : !sinter.tensor<[B, 8], f32>
// CHECK-NOT: sinter.view
func.func @splat(%x: !sinter.tensor<[B, 8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %c = sinter.constant [2.5] : !sinter.tensor<[], f32>
  %s = sinter.view %c at <(d0, d1) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.mul %x, %s : !sinter.tensor<[B, 8], f32>
  return %y : !sinter.tensor<[B, 8], f32>
}

// A stack whose slices the body ignores is not passed, and then not read.
// CHECK-LABEL: func.func @unused_stack
// CHECK: sinter.repeat 2 carried(%{{.*}}) {
func.func @unused_stack(%x: !sinter.tensor<[B], f32>, %s: !sinter.tensor<[2, 8], f32>) -> !sinter.tensor<[B], f32> {
  %y = sinter.repeat 2 carried(%x) stacked(%s) {
  ^bb0(%c: !sinter.tensor<[B], f32>, %l: !sinter.tensor<[8], f32>):
    %n = sinter.neg %c : !sinter.tensor<[B], f32>
    sinter.yield %n : !sinter.tensor<[B], f32>
  } : (!sinter.tensor<[B], f32>, !sinter.tensor<[2, 8], f32>) -> !sinter.tensor<[B], f32>
  return %y : !sinter.tensor<[B], f32>
}
