// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// @prepare runs first; kernel.read finds what it wrote, and parameters.
// CHECK: 3x2xf32: 0 3 1 4 2 5
// CHECK: 2x3xf32: 0 1 2 3 4 5

sinter.parameter @w ["w"] : !sinter.tensor<[2, 3], f32>
kernel.prepared @t : !kernel.buffer<[3, 2], f32, panels>
func.func @prepare() {
  %w = kernel.read @w : !kernel.buffer<[2, 3], f32>
  %t = kernel.move %w at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[2, 3], f32> -> !kernel.buffer<[3, 2], f32, panels>
  kernel.write @t, %t : !kernel.buffer<[3, 2], f32, panels>
  return
}
func.func @main() -> (!kernel.buffer<[3, 2], f32, panels>, !kernel.buffer<[2, 3], f32>) {
  %t = kernel.read @t : !kernel.buffer<[3, 2], f32, panels>
  %w = kernel.read @w : !kernel.buffer<[2, 3], f32>
  return %t, %w : !kernel.buffer<[3, 2], f32, panels>, !kernel.buffer<[2, 3], f32>
}
