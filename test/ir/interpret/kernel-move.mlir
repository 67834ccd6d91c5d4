// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 3x2xf32: 0 3 1 4 2 5

func.func @main(%x: !kernel.buffer<[2, 3], f32>) -> !kernel.buffer<[3, 2], f32, panels> {
  %y = kernel.move %x at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[2, 3], f32> -> !kernel.buffer<[3, 2], f32, panels>
  return %y : !kernel.buffer<[3, 2], f32, panels>
}
