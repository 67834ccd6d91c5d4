// RUN: sinter-opt %s --sinter-interpret=sizes=B=1,T=3 -o /dev/null | FileCheck %s --match-full-lines
// Scores are 0, so weights are equal: over the keys that the mask shows, or over all where it shows none. Query 0 sees
// keys 0 and 1, query 1 none, query 2 key 2.
// CHECK: 1x3x2xf32: 1 2 2 3 4 5

func.func @main(%x: !kernel.buffer<[B, T, 2], f32>) -> !kernel.buffer<[B, T, 2], f32> {
  %y = kernel.attention batch 1 over [T, 2] %x at <(d0, d1, d2) -> (d0, d1, d2)>, %x at <(d0, d1, d2) -> (d0, d1, d2)>, %x at <(d0, d1, d2) -> (d0, d1, d2)> score {
  ^bb0(%s: f32):
    %zero = arith.constant 0.0 : f32
    %0 = arith.mulf %s, %zero : f32
    kernel.yield %0 : f32
  } mask {
    %q = kernel.index 1 : i32
    %k = kernel.index 2 : i32
    %zero = arith.constant 0 : i32
    %two = arith.constant 2 : i32
    %isFirst = arith.cmpi eq, %q, %zero : i32
    %isLast = arith.cmpi eq, %q, %two : i32
    %isEarly = arith.cmpi slt, %k, %two : i32
    %isThird = arith.cmpi eq, %k, %two : i32
    %0 = arith.andi %isFirst, %isEarly : i1
    %1 = arith.andi %isLast, %isThird : i1
    %2 = arith.ori %0, %1 : i1
    kernel.yield %2 : i1
  } : (!kernel.buffer<[B, T, 2], f32>, !kernel.buffer<[B, T, 2], f32>, !kernel.buffer<[B, T, 2], f32>) -> !kernel.buffer<[B, T, 2], f32>
  return %y : !kernel.buffer<[B, T, 2], f32>
}
