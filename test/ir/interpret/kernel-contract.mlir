// RUN: sinter-opt %s --sinter-interpret=sizes=B=2,T=2 -o /dev/null | FileCheck %s --match-full-lines
// The lhs is read from its fourth column on.
// CHECK: 2x2x5xf32: 14 51 88 125 162 32 123 214 305 396 770 915 1060 1205 1350 1058 1257 1456 1655 1854

func.func @main(%x: !kernel.buffer<[B, T, 6], f32>, %w: !kernel.buffer<[B, 5, 3], f32, panels>, %b: !kernel.buffer<[5], f32>) -> !kernel.buffer<[B, T, 5], f32> {
  %y = kernel.contract batch 1 %x at <(d0, d1, d2) -> (d0, d1, d2 + 3)>, %w at <(d0) -> (d0)> extras(%b at <(d0, d1, d2) -> (d2)>) {
  ^bb0(%sum: f32, %0: f32):
    %1 = arith.addf %sum, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[B, T, 6], f32>, !kernel.buffer<[B, 5, 3], f32, panels>, !kernel.buffer<[5], f32>) -> !kernel.buffer<[B, T, 5], f32>
  return %y : !kernel.buffer<[B, T, 5], f32>
}
