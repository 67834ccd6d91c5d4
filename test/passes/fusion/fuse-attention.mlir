// RUN: sinter-opt --sinter-fuse-attention --split-input-file --verify-diagnostics %s | FileCheck %s
// Scores, softmax and weighted values become one kernel; what does not fit stays, and is said.

// CHECK-LABEL: func.func @masked
// CHECK-NOT: kernel.move
// CHECK: kernel.attention batch 2 over [U, 64] %arg0 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>, %arg1 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>, %arg2 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> extras(%arg3 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
// CHECK-NEXT: ^bb0(%[[S:.*]]: f32, %{{.*}}: i32):
// CHECK-NEXT: arith.constant 8.000000e+00
// CHECK-NEXT: %[[SCALED:.*]] = arith.divf %[[S]]
// CHECK-NEXT: kernel.yield %[[SCALED]] : f32
// CHECK-NEXT: } mask {
// CHECK-NEXT: ^bb0(%[[M:.*]]: i32):
// CHECK-NEXT: arith.constant 0 : i32
// CHECK-NEXT: %[[C:.*]] = arith.cmpi ne, %[[M]]
// CHECK-NEXT: kernel.yield %[[C]] : i1
// CHECK-NOT: kernel.row
// CHECK-NOT: kernel.contract
func.func @masked(%q: !kernel.buffer<[B, T, 768], f32>, %k: !kernel.buffer<[B, U, 768], f32>, %v: !kernel.buffer<[B, U, 768], f32>, %m: !kernel.buffer<[B, U], i32>) -> !kernel.buffer<[B, 12, T, 64], f32> {
  %kp = kernel.move %k at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> : !kernel.buffer<[B, U, 768], f32> -> !kernel.buffer<[B, 12, U, 64], f32, panels>
  %s = kernel.contract batch 2 %q at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>, %kp at <(d0, d1) -> (d0, d1)> extras(%m at <(d0, d1, d2, d3) -> (d0, d3)>) {
  ^bb0(%sum: f32, %0: i32):
    %low = arith.constant -3.40282347E+38 : f32
    %zero = arith.constant 0 : i32
    %c = arith.cmpi ne, %0, %zero : i32
    %eight = arith.constant 8.0 : f32
    %1 = arith.divf %sum, %eight : f32
    %2 = arith.select %c, %1, %low : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, T, 768], f32>, !kernel.buffer<[B, 12, U, 64], f32, panels>, !kernel.buffer<[B, U], i32>) -> !kernel.buffer<[B, 12, T, U], f32>
  %p = kernel.row domain [B, 12, T, U] reduced 1 [max, sum] (%s at <(d0, d1, d2, d3) -> (d0, d1, d2, d3)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } stage {
  ^bb0(%0: f32, %max: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    kernel.yield %2 : f32
  } finish {
  ^bb0(%0: f32, %max: f32, %total: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    %3 = arith.divf %2, %total : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[B, 12, T, U], f32>) -> !kernel.buffer<[B, 12, T, U], f32>
  %vp = kernel.move %v at <(d0, d1, d2, d3) -> (d0, d3, d1 * 64 + d2)> : !kernel.buffer<[B, U, 768], f32> -> !kernel.buffer<[B, 12, 64, U], f32, panels>
  %o = kernel.contract batch 2 %p at <(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, %vp at <(d0, d1) -> (d0, d1)> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[B, 12, T, U], f32>, !kernel.buffer<[B, 12, 64, U], f32, panels>) -> !kernel.buffer<[B, 12, T, 64], f32>
  return %o : !kernel.buffer<[B, 12, T, 64], f32>
}

// -----
// The condition depends on the product: it stays in the score. Nothing is masked.
// CHECK-LABEL: func.func @clipped
// CHECK: kernel.attention batch 0 over [K, 8]
// CHECK: arith.cmpf
// CHECK: arith.select
// CHECK-NOT: mask
func.func @clipped(%q: !kernel.buffer<[Q, 8], f32>, %k: !kernel.buffer<[K, 8], f32>, %v: !kernel.buffer<[K, 8], f32>) -> !kernel.buffer<[Q, 8], f32> {
  %kp = kernel.move %k at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[K, 8], f32> -> !kernel.buffer<[K, 8], f32, panels>
  %s = kernel.contract batch 0 %q at <(d0, d1) -> (d0, d1)>, %kp at <() -> ()> {
  ^bb0(%sum: f32):
    %low = arith.constant -3.40282347E+38 : f32
    %zero = arith.constant 0.0 : f32
    %c = arith.cmpf ogt, %sum, %zero : f32
    %1 = arith.select %c, %sum, %low : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[Q, 8], f32>, !kernel.buffer<[K, 8], f32, panels>) -> !kernel.buffer<[Q, K], f32>
  %p = kernel.row domain [Q, K] reduced 1 [max, sum] (%s at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } stage {
  ^bb0(%0: f32, %max: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    kernel.yield %2 : f32
  } finish {
  ^bb0(%0: f32, %max: f32, %total: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    %3 = arith.divf %2, %total : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[Q, K], f32>) -> !kernel.buffer<[Q, K], f32>
  %vp = kernel.move %v at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[K, 8], f32> -> !kernel.buffer<[8, K], f32, panels>
  %o = kernel.contract batch 0 %p at <(d0, d1) -> (d0, d1)>, %vp at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[Q, K], f32>, !kernel.buffer<[8, K], f32, panels>) -> !kernel.buffer<[Q, 8], f32>
  return %o : !kernel.buffer<[Q, 8], f32>
}

// -----
// The weights are a result, too.
// CHECK-LABEL: func.func @weights_wanted
// CHECK-NOT: kernel.attention
func.func @weights_wanted(%q: !kernel.buffer<[Q, 8], f32>, %k: !kernel.buffer<[K, 8], f32>, %v: !kernel.buffer<[K, 8], f32>) -> (!kernel.buffer<[Q, 8], f32>, !kernel.buffer<[Q, K], f32>) {
  %kp = kernel.move %k at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[K, 8], f32> -> !kernel.buffer<[K, 8], f32, panels>
  %s = kernel.contract batch 0 %q at <(d0, d1) -> (d0, d1)>, %kp at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[Q, 8], f32>, !kernel.buffer<[K, 8], f32, panels>) -> !kernel.buffer<[Q, K], f32>
  // expected-remark @+1 {{attention is not fused: its scores or weights are read elsewhere, too}}
  %p = kernel.row domain [Q, K] reduced 1 [max, sum] (%s at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } stage {
  ^bb0(%0: f32, %max: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    kernel.yield %2 : f32
  } finish {
  ^bb0(%0: f32, %max: f32, %total: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    %3 = arith.divf %2, %total : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[Q, K], f32>) -> !kernel.buffer<[Q, K], f32>
  %vp = kernel.move %v at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[K, 8], f32> -> !kernel.buffer<[8, K], f32, panels>
  %o = kernel.contract batch 0 %p at <(d0, d1) -> (d0, d1)>, %vp at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[Q, K], f32>, !kernel.buffer<[8, K], f32, panels>) -> !kernel.buffer<[Q, 8], f32>
  return %o, %p : !kernel.buffer<[Q, 8], f32>, !kernel.buffer<[Q, K], f32>
}
