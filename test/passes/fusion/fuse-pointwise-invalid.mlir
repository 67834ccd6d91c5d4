// What must not be fused.
// RUN: sinter-opt --sinter-fuse-pointwise %s | FileCheck %s

// Two readers of something costly: it is computed once.
// CHECK-LABEL: func.func @two_readers(
// CHECK-COUNT-1: math.exp
// CHECK-NOT: math.exp
// CHECK: return
func.func @two_readers(%x: !kernel.buffer<[T], f32>) -> (!kernel.buffer<[T], f32>, !kernel.buffer<[T], f32>) {
  %e = kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %1 = math.exp %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  %y = kernel.pointwise(%e at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %1 = arith.negf %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  %z = kernel.pointwise(%e at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %1 = math.absf %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  return %y, %z : !kernel.buffer<[T], f32>, !kernel.buffer<[T], f32>
}

// A costly value that is spread: once a row, not once an element.
// CHECK-LABEL: func.func @spread(
// CHECK-COUNT-2: kernel.pointwise
// CHECK: return
func.func @spread(%x: !kernel.buffer<[T], f32>, %y: !kernel.buffer<[T, 8], f32>) -> !kernel.buffer<[T, 8], f32> {
  %e = kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %1 = math.exp %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  %z = kernel.pointwise(%y at <(d0, d1) -> (d0, d1)>, %e at <(d0, d1) -> (d0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.mulf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, 8], f32>, !kernel.buffer<[T], f32>) -> !kernel.buffer<[T, 8], f32>
  return %z : !kernel.buffer<[T, 8], f32>
}

// A row's sum that is read by another row's elements belongs to no one row.
// CHECK-LABEL: func.func @other_row(
// CHECK: kernel.row {{.*}} per_row
// CHECK: kernel.pointwise
func.func @other_row(%x: !kernel.buffer<[T, T], f32>) -> !kernel.buffer<[T, T], f32> {
  %s = kernel.row domain [T, T] reduced 1 [sum] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, T], f32>) -> !kernel.buffer<[T, 1], f32>
  %y = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %s at <(d0, d1) -> (d1, 0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.divf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, T], f32>, !kernel.buffer<[T, 1], f32>) -> !kernel.buffer<[T, T], f32>
  return %y : !kernel.buffer<[T, T], f32>
}

// A contraction that somebody else reads, or that is read in another order, keeps its own result.
// CHECK-LABEL: func.func @transposed(
// CHECK: kernel.contract
// CHECK-NEXT: ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[SUM]] : f32
// CHECK: kernel.pointwise
func.func @transposed(%x: !kernel.buffer<[8, 4], f32>, %w: !kernel.buffer<[8, 4], f32, panels>) -> !kernel.buffer<[8, 8], f32> {
  %y = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8, 4], f32>, !kernel.buffer<[8, 4], f32, panels>) -> !kernel.buffer<[8, 8], f32>
  %z = kernel.pointwise(%y at <(d0, d1) -> (d0, d1)>, %y at <(d0, d1) -> (d1, d0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[8, 8], f32>, !kernel.buffer<[8, 8], f32>) -> !kernel.buffer<[8, 8], f32>
  return %z : !kernel.buffer<[8, 8], f32>
}

// Work before a loop stays before the loop.
// CHECK-LABEL: func.func @before_loop(
// CHECK: arith.addf
// CHECK: kernel.repeat
// CHECK-NOT: arith.addf
func.func @before_loop(%x: !kernel.buffer<[T], f32>, %w: !kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32> {
  %d = kernel.pointwise(%w at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %1 = arith.addf %0, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  %y = kernel.repeat 2 carried(%x) {
  ^bb0(%c: !kernel.buffer<[T], f32>):
    %n = kernel.pointwise(%c at <(d0) -> (d0)>, %d at <(d0) -> (d0)>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.mulf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[T], f32>, !kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
    kernel.yield %n : !kernel.buffer<[T], f32>
  } : (!kernel.buffer<[T], f32>) -> !kernel.buffer<[T], f32>
  return %y : !kernel.buffer<[T], f32>
}
