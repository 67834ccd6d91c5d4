// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// Two tokens behind the two that page 2 holds; the pool's second axis counts what a row has, its last the rows.
// CHECK: 3x2x4xf32: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 0 2 20 21 1 3

func.func @main(%pool: !kernel.buffer<[3, 2, 4], f32>, %rows: !kernel.buffer<[1, 2, 2], f32>) -> !kernel.buffer<[3, 2, 4], f32> {
  %pages = kernel.constant [2.0] : !kernel.buffer<[1, 1], i32>
  %two = kernel.constant [2.0] : !kernel.buffer<[1], i32>
  %p = kernel.append %pool[%pages] axis 2 over [2] %rows at <(d0, d1, d2) -> (d0, d1, d2)> length %two count %two : (!kernel.buffer<[3, 2, 4], f32>, !kernel.buffer<[1, 1], i32>, !kernel.buffer<[1, 2, 2], f32>, !kernel.buffer<[1], i32>, !kernel.buffer<[1], i32>) -> !kernel.buffer<[3, 2, 4], f32>
  return %p : !kernel.buffer<[3, 2, 4], f32>
}
