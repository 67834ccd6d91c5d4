// RUN: sinter-opt --sinter-fuse-pointwise %s | FileCheck %s

// A row and what is done with its reduction over the same domain are one row.
// CHECK-LABEL: func.func @normalize(
// CHECK-NEXT: kernel.row domain [B, 8] reduced 1 [sum] (%arg0 at <(d0, d1) -> (d0, d1)>) stage {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[X]] : f32
// CHECK: finish {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %[[S:.*]]: f32):
// CHECK-NEXT: %[[Q:.*]] = arith.divf %[[X]], %[[S]] : f32
// CHECK-NEXT: kernel.yield %[[Q]] : f32
// CHECK-NOT: kernel.pointwise
// CHECK: return
func.func @normalize(%x: !kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 8], f32> {
  %s = kernel.row domain [B, 8] reduced 1 [sum] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 1], f32>
  %y = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %s at <(d0, d1) -> (d0, 0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.divf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[B, 1], f32>) -> !kernel.buffer<[B, 8], f32>
  return %y : !kernel.buffer<[B, 8], f32>
}

// The exponential of softmax is used twice; it is computed where it is used, and three kernels are one.
// CHECK-LABEL: func.func @softmax(
// CHECK-NEXT: kernel.row domain [B, T] reduced 1 [max, sum] (%arg0 at <(d0, d1) -> (d0, d1)>) stage {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[X]] : f32
// CHECK-NEXT: } stage {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %[[M:.*]]: f32):
// CHECK-NEXT: %[[D:.*]] = arith.subf %[[X]], %[[M]] : f32
// CHECK-NEXT: %[[E:.*]] = math.exp %[[D]] : f32
// CHECK-NEXT: kernel.yield %[[E]] : f32
// CHECK-NEXT: } finish {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %[[M:.*]]: f32, %[[S:.*]]: f32):
// CHECK-NEXT: %[[D:.*]] = arith.subf %[[X]], %[[M]] : f32
// CHECK-NEXT: %[[E:.*]] = math.exp %[[D]] : f32
// CHECK-NEXT: %[[Q:.*]] = arith.divf %[[E]], %[[S]] : f32
// CHECK-NEXT: kernel.yield %[[Q]] : f32
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @softmax(%x: !kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, T], f32> {
  %m = kernel.row domain [B, T] reduced 1 [max] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32>
  %d = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %m at <(d0, d1) -> (d0, 0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.subf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, 1], f32>) -> !kernel.buffer<[B, T], f32>
  %e = kernel.pointwise(%d at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    %2 = math.exp %0 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, T], f32>
  %s = kernel.row domain [B, T] reduced 1 [sum] per_row (%e at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32>
  %y = kernel.pointwise(%e at <(d0, d1) -> (d0, d1)>, %s at <(d0, d1) -> (d0, 0)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.divf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, 1], f32>) -> !kernel.buffer<[B, T], f32>
  return %y : !kernel.buffer<[B, T], f32>
}

// Bias, activation and residual become the epilogue; the contraction moves down to where all of them are known.
// CHECK-LABEL: func.func @epilogue(
// CHECK: kernel.contract batch 0 %arg0 at <(d0, d1) -> (d0, d1)>, %arg1 at <() -> ()> extras(%arg2 at <(d0, d1) -> (d1)>, %[[R:.*]] at <(d0, d1) -> (d0, d1)>) {
// CHECK-NEXT: ^bb0(%[[SUM:.*]]: f32, %[[BIAS:.*]]: f32, %[[RES:.*]]: f32):
// CHECK-NEXT: %[[H:.*]] = arith.addf %[[SUM]], %[[BIAS]] : f32
// CHECK-NEXT: %[[A:.*]] = math.tanh %[[H]] : f32
// CHECK-NEXT: %[[Y:.*]] = arith.addf %[[RES]], %[[A]] : f32
// CHECK-NEXT: kernel.yield %[[Y]] : f32
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @epilogue(%x: !kernel.buffer<[B, 4], f32>, %w: !kernel.buffer<[8, 4], f32, panels>, %b: !kernel.buffer<[8], f32>, %t: !kernel.buffer<[9, 8], f32>, %i: !kernel.buffer<[B], i32>) -> !kernel.buffer<[B, 8], f32> {
  %y = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 4], f32>, !kernel.buffer<[8, 4], f32, panels>) -> !kernel.buffer<[B, 8], f32>
  %h = kernel.pointwise(%y at <(d0, d1) -> (d0, d1)>, %b at <(d0, d1) -> (d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[8], f32>) -> !kernel.buffer<[B, 8], f32>
  %r = kernel.gather %t[%i] : !kernel.buffer<[9, 8], f32>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B, 8], f32>
  %a = kernel.pointwise(%h at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    %2 = math.tanh %0 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 8], f32>
  %z = kernel.pointwise(%r at <(d0, d1) -> (d0, d1)>, %a at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 8], f32>
  return %z : !kernel.buffer<[B, 8], f32>
}

// A mask is cheap: both readers compute it. Its index follows the maps through which it is read.
// CHECK-LABEL: func.func @mask(
// CHECK-NEXT: kernel.pointwise(%arg0 at <(d0, d1) -> (d0, d1)>) {
// CHECK: %[[J:.*]] = kernel.index 1 : i32
// CHECK: %[[I:.*]] = kernel.index 0 : i32
// CHECK: arith.cmpi sle, %[[I]], %[[J]]
// CHECK: kernel.pointwise(%arg0 at <(d0, d1) -> (d0, d1)>) {
// CHECK: %[[I:.*]] = kernel.index 0 : i32
// CHECK: %[[J:.*]] = kernel.index 1 : i32
// CHECK: arith.cmpi sle, %[[J]], %[[I]]
func.func @mask(%x: !kernel.buffer<[T, T], f32>) -> (!kernel.buffer<[T, T], f32>, !kernel.buffer<[T, T], f32>) {
  %m = kernel.pointwise() {
    %0 = kernel.index 0 : i32
    %1 = kernel.index 1 : i32
    %2 = arith.cmpi sle, %1, %0 : i32
    kernel.yield %2 : i1
  } : () -> !kernel.buffer<[T, T], i1>
  %y = kernel.pointwise(%m at <(d0, d1) -> (d1, d0)>, %x at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: i1, %1: f32):
    %2 = arith.negf %1 : f32
    %3 = arith.select %0, %1, %2 : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[T, T], i1>, !kernel.buffer<[T, T], f32>) -> !kernel.buffer<[T, T], f32>
  %z = kernel.pointwise(%m at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: i1, %1: f32):
    %2 = math.absf %1 : f32
    %3 = arith.select %0, %1, %2 : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[T, T], i1>, !kernel.buffer<[T, T], f32>) -> !kernel.buffer<[T, T], f32>
  return %y, %z : !kernel.buffer<[T, T], f32>, !kernel.buffer<[T, T], f32>
}

// A reduction of a pointwise loads what the pointwise read; one that is scaled is scaled in the finish.
// CHECK-LABEL: func.func @mean(
// CHECK-NEXT: kernel.row domain [B, 8] reduced 1 [sum] per_row (%arg0 at <(d0, d1) -> (d0, d1)>) stage {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: arith.mulf %[[X]], %[[X]] : f32
// CHECK: finish {
// CHECK-NEXT: ^bb0(%[[S:.*]]: f32):
// CHECK: arith.divf %[[S]]
// CHECK-NOT: kernel.pointwise
// CHECK: return
func.func @mean(%x: !kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 1], f32> {
  %q = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    %1 = arith.mulf %0, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 8], f32>
  %s = kernel.row domain [B, 8] reduced 1 [sum] per_row (%q at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 1], f32>
  %y = kernel.pointwise(%s at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    %c = arith.constant 8.0 : f32
    %1 = arith.divf %0, %c : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[B, 1], f32>) -> !kernel.buffer<[B, 1], f32>
  return %y : !kernel.buffer<[B, 1], f32>
}
