// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// Keys and values of one sequence lie in pages 2 and 0, four rows each. All weights are equal; the mask shows keys 3 and 4.
// CHECK: 1x1x1xf32: 5.5

func.func @main(%q: !kernel.buffer<[1, 1, 1], f32>, %k: !kernel.buffer<[3, 1, 4], f32>, %v: !kernel.buffer<[3, 4, 1], f32>) -> !kernel.buffer<[1, 1, 1], f32> {
  %t = kernel.constant [2.0, 0.0] : !kernel.buffer<[1, 2], i32>
  %y = kernel.attention batch 1 over [8, 1] %q at <(d0, d1, d2) -> (d0, d1, d2)>, %k at <(d0, d1, d2) -> (d0, d1 floordiv 4, d2, d1 mod 4)>, %v at <(d0, d1, d2) -> (d0, d1 floordiv 4, d1 mod 4, d2)> pages(%t) score {
  ^bb0(%s: f32):
    %zero = arith.constant 0.0 : f32
    %0 = arith.mulf %s, %zero : f32
    kernel.yield %0 : f32
  } mask {
    %j = kernel.index 2 : i32
    %three = arith.constant 3 : i32
    %four = arith.constant 4 : i32
    %0 = arith.cmpi eq, %j, %three : i32
    %1 = arith.cmpi eq, %j, %four : i32
    %2 = arith.ori %0, %1 : i1
    kernel.yield %2 : i1
  } : (!kernel.buffer<[1, 1, 1], f32>, !kernel.buffer<[3, 1, 4], f32>, !kernel.buffer<[3, 4, 1], f32>, !kernel.buffer<[1, 2], i32>) -> !kernel.buffer<[1, 1, 1], f32>
  return %y : !kernel.buffer<[1, 1, 1], f32>
}
