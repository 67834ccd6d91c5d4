// RUN: sinter-opt %s --sinter-interpret=sizes=B=2 -o /dev/null | FileCheck %s --match-full-lines
// A carried value, a stack, an invariant, and a stack of outputs.
// CHECK: 2x2xf32: 306 310 308 312
// CHECK: 3x2xf32: 1 3 506 516 1833 1851

func.func @main(%x: !sinter.tensor<[B, 2], f32>, %w: !sinter.tensor<[3, 2], f32>) -> (!sinter.tensor<[B, 2], f32>, !sinter.tensor<[3, B], f32>) {
  %hundred = sinter.constant [100.0] : !sinter.tensor<[B, 2], f32>
  %r:2 = sinter.repeat 3 carried(%x) stacked(%w) {
  ^bb0(%c: !sinter.tensor<[B, 2], f32>, %l: !sinter.tensor<[2], f32>):
    %v = sinter.view %l at <(d0, d1) -> (d1)> : !sinter.tensor<[2], f32> -> !sinter.tensor<[B, 2], f32>
    %o = sinter.contract %c, %l "ab,b->a" : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[2], f32> -> !sinter.tensor<[B], f32>
    %d = sinter.add %c, %v : !sinter.tensor<[B, 2], f32>
    %e = sinter.add %d, %hundred : !sinter.tensor<[B, 2], f32>
    sinter.yield %e, %o : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B], f32>
  } : (!sinter.tensor<[B, 2], f32>, !sinter.tensor<[3, 2], f32>) -> (!sinter.tensor<[B, 2], f32>, !sinter.tensor<[3, B], f32>)
  return %r#0, %r#1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[3, B], f32>
}
