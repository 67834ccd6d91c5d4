// RUN: sinter-opt %s | sinter-opt | FileCheck %s
// RUN: sinter-opt %s --mlir-print-op-generic | sinter-opt | FileCheck %s
// RUN: sinter-opt %s --emit-bytecode | sinter-opt | FileCheck %s
// Text of types, attributes and the ops with formats of their own (the others: examples.test).

// CHECK-LABEL: func.func private @types(
// CHECK-SAME: !sinter.tensor<[B*T + 2*T + 768, T - 1, floordiv(T + 15, 16), min(512, T)], f32>,
// CHECK-SAME: !sinter.tensor<[], i1>,
// CHECK-SAME: !kernel.buffer<[B, 768], i32>,
// CHECK-SAME: !kernel.buffer<[12, 256, 64], f32, panels>)
func.func private @types(!sinter.tensor<[T*(2 + B) + 768, -1 + T, floordiv(15 + T, 16), min(T, 512)], f32>,
                         !sinter.tensor<[], i1>, !kernel.buffer<[B, 768], i32>, !kernel.buffer<[12, 256, 64], f32, panels>)

// CHECK-LABEL: func.func private @attributes
// CHECK-SAME: dim = #sinter.dim<2*T>
// CHECK-SAME: map = #sinter.map<(d0, d1)[s0] -> (d1, d0 + s0), [T]>
func.func private @attributes() attributes {dim = #sinter.dim<T + T>, map = #sinter.map<(d0, d1)[s0] -> (d1, d0 + s0), [T]>}

// CHECK: sinter.parameter @"layer.*.w" stacked ["layer.0.w", "layer.1.w"] : !sinter.tensor<[2, 4], f32>
sinter.parameter @"layer.*.w" stacked ["layer.0.w", "layer.1.w"] : !sinter.tensor<[2, 4], f32>

// CHECK-LABEL: func.func @ops
func.func @ops(%x: !sinter.tensor<[B, 4], f32>) -> (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, B], f32>) {
  // CHECK: sinter.check T le 512, "{0} tokens" [T]
  sinter.check T le 512, "{0} tokens" [T]
  // CHECK: %[[W:.*]] = sinter.read @"layer.*.w"
  %w = sinter.read @"layer.*.w" : !sinter.tensor<[2, 4], f32>
  // CHECK: %[[R:.*]]:2 = sinter.repeat 2 carried(%{{.*}}) stacked(%[[W]]) {
  // CHECK-NEXT: ^bb0(%[[C:.*]]: !sinter.tensor<[B, 4], f32>, %[[L:.*]]: !sinter.tensor<[4], f32>):
  // CHECK: sinter.view %[[L]] at <(d0, d1) -> (d1)> : !sinter.tensor<[4], f32> -> !sinter.tensor<[B, 4], f32>
  // CHECK: sinter.yield %{{.*}}, %{{.*}} : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[B], f32>
  // CHECK: } : (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, 4], f32>) -> (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, B], f32>)
  %r:2 = sinter.repeat 2 carried(%x) stacked(%w) {
  ^bb0(%c: !sinter.tensor<[B, 4], f32>, %l: !sinter.tensor<[4], f32>):
    %v = sinter.view %l at <(d0, d1) -> (d1)> : !sinter.tensor<[4], f32> -> !sinter.tensor<[B, 4], f32>
    %d = sinter.add %c, %v : !sinter.tensor<[B, 4], f32>
    %first = sinter.view %d at <(d0) -> (d0, 0)> : !sinter.tensor<[B, 4], f32> -> !sinter.tensor<[B], f32>
    sinter.yield %d, %first : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[B], f32>
  } : (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, 4], f32>) -> (!sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, B], f32>)
  return %r#0, %r#1 : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[2, B], f32>
}

// CHECK-LABEL: func.func @row
func.func @row(%x: !kernel.buffer<[B, T, 4], f32>) -> (!kernel.buffer<[B, 1, T], i32>) {
  // CHECK: kernel.row domain [B, T, 4] reduced 1 [argmax] per_row (%{{.*}} at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
  // CHECK: } finish {
  // CHECK: } : (!kernel.buffer<[B, T, 4], f32>) -> !kernel.buffer<[B, 1, T], i32>
  %r = kernel.row domain [B, T, 4] reduced 1 [argmax] per_row (%x at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: i32):
    kernel.yield %0 : i32
  } : (!kernel.buffer<[B, T, 4], f32>) -> !kernel.buffer<[B, 1, T], i32>
  return %r : !kernel.buffer<[B, 1, T], i32>
}

// CHECK-LABEL: func.func @contract
func.func @contract(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>, %b: !kernel.buffer<[4], f32>) -> !kernel.buffer<[B, 4], f32> {
  // CHECK: kernel.contract batch 0 %{{.*}} at <(d0, d1) -> (d0, d1)>, %{{.*}} at <() -> ()> extras(%{{.*}} at <(d0, d1) -> (d1)>) {
  %y = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> extras(%b at <(d0, d1) -> (d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>, !kernel.buffer<[4], f32>) -> !kernel.buffer<[B, 4], f32>
  return %y : !kernel.buffer<[B, 4], f32>
}
