// RUN: sinter-opt %s --sinter-interpret=sizes=T=3 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3x2xf32: 0 1 2 3 4 5

func.func @main(%w: !kernel.buffer<[4, 2], f32, panels>, %i: !kernel.buffer<[T], i32>) -> !kernel.buffer<[T, 2], f32> {
  %g = kernel.gather %w[%i] : !kernel.buffer<[4, 2], f32, panels>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T, 2], f32>
  return %g : !kernel.buffer<[T, 2], f32>
}
