// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// Softmax; arg-max by row; two dimensions reduced.
// CHECK: 2x3xf32: 0.09003057317 0.2447284711 0.6652409558 0.09003057317 0.2447284711 0.6652409558
// CHECK: 2x1xi32: 2 12
// CHECK: 1x1xf32: 15

func.func @main(%x: !kernel.buffer<[B, T], f32>) -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, 1], i32>, !kernel.buffer<[1, 1], f32>) {
  %a = kernel.row domain [B, T] reduced 1 [max, sum] (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } stage {
  ^bb0(%0: f32, %max: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    kernel.yield %2 : f32
  } finish {
  ^bb0(%0: f32, %max: f32, %sum: f32):
    %1 = arith.subf %0, %max : f32
    %2 = math.exp %1 : f32
    %3 = arith.divf %2, %sum : f32
    kernel.yield %3 : f32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, T], f32>
  %b = kernel.row domain [B, T] reduced 1 [argmax] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: i32):
    %row = kernel.index 0 : i32
    %ten = arith.constant 10 : i32
    %1 = arith.muli %row, %ten : i32
    %2 = arith.addi %0, %1 : i32
    kernel.yield %2 : i32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], i32>
  %c = kernel.row domain [B, T] reduced 2 [sum, min] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } stage {
  ^bb0(%0: f32, %sum: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%sum: f32, %min: f32):
    %0 = arith.subf %sum, %min : f32
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[1, 1], f32>
  return %a, %b, %c : !kernel.buffer<[B, T], f32>, !kernel.buffer<[B, 1], i32>, !kernel.buffer<[1, 1], f32>
}
