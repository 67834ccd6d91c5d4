// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3xf32: 0.5 0.5 0.5
// CHECK: 2xi32: 1 2

func.func @main() -> (!kernel.buffer<[3], f32>, !kernel.buffer<[2], i32>) {
  %a = kernel.constant [0.5] : !kernel.buffer<[3], f32>
  %b = kernel.constant [1.0, 2.0] : !kernel.buffer<[2], i32>
  return %a, %b : !kernel.buffer<[3], f32>, !kernel.buffer<[2], i32>
}
