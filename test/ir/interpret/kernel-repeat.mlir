// RUN: sinter-opt %s --sinter-interpret=sizes=B=2 -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2x3xf32: 438 564 690 1572 2022 2472

func.func @main(%x: !kernel.buffer<[B, 3], f32>, %w: !kernel.buffer<[2, 3, 3], f32, panels>) -> !kernel.buffer<[B, 3], f32> {
  %y = kernel.repeat 2 carried(%x) stacked(%w) {
  ^bb0(%c: !kernel.buffer<[B, 3], f32>, %l: !kernel.buffer<[3, 3], f32, panels>):
    %d = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %l at <() -> ()> {
    ^bb0(%sum: f32):
      kernel.yield %sum : f32
    } : (!kernel.buffer<[B, 3], f32>, !kernel.buffer<[3, 3], f32, panels>) -> !kernel.buffer<[B, 3], f32>
    kernel.yield %d : !kernel.buffer<[B, 3], f32>
  } : (!kernel.buffer<[B, 3], f32>, !kernel.buffer<[2, 3, 3], f32, panels>) -> !kernel.buffer<[B, 3], f32>
  return %y : !kernel.buffer<[B, 3], f32>
}
