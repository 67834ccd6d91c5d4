// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x3xf32: 0 0 0 6 9 12
// CHECK: 2x3xi1: 1 1 1 0 1 1

func.func @main(%x: !kernel.buffer<[B, T], f32>, %b: !kernel.buffer<[T], f32>, %i: !kernel.buffer<[B], i32>) -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i1>) {
  %r:2 = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %b at <(d0, d1) -> (d1)>, %i at <(d0, d1) -> (d0)>) {
  ^bb0(%0: f32, %1: f32, %2: i32):
    %two = arith.constant 2.0 : f32
    %column = kernel.index 1 : i32
    %size = kernel.size T : f32
    %row = arith.sitofp %2 : i32 to f32
    %3 = arith.mulf %1, %two : f32
    %4 = arith.addf %0, %3 : f32
    %5 = arith.addf %4, %size : f32
    %6 = arith.mulf %5, %row : f32
    %7 = arith.cmpi sge, %column, %2 : i32
    %8 = math.absf %6 : f32
    kernel.yield %8, %7 : f32, i1
  } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[T], f32>, !kernel.buffer<[B], i32>) -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i1>)
  return %r#0, %r#1 : !kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i1>
}
