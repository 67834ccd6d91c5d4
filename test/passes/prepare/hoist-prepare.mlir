// RUN: sinter-opt --sinter-hoist-prepare --split-input-file %s | FileCheck %s

sinter.parameter @w ["w"] : !sinter.tensor<[256, 64], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[256], f32>

// The weight in panels and the bias as it is; both functions read the same buffers.
// CHECK-DAG: kernel.prepared @w.panels : !kernel.buffer<[256, 64], f32, panels>
// CHECK-DAG: kernel.prepared @b.dense : !kernel.buffer<[256], f32>
// CHECK-NOT: kernel.prepared
// CHECK-LABEL: func.func @prepare() {
// CHECK-DAG: %[[W:.*]] = kernel.read @w : !kernel.buffer<[256, 64], f32>
// CHECK-DAG: %[[B:.*]] = kernel.read @b : !kernel.buffer<[256], f32>
// CHECK-DAG: %[[P:.*]] = kernel.move %[[W]] at <(d0, d1) -> (d0, d1)>
// CHECK-DAG: kernel.write @w.panels, %[[P]]
// CHECK-DAG: kernel.write @b.dense, %[[B]]
// CHECK: return
// CHECK-LABEL: func.func @forward(
// CHECK-DAG: %[[P:.*]] = kernel.read @w.panels : !kernel.buffer<[256, 64], f32, panels>
// CHECK-DAG: %[[B:.*]] = kernel.read @b.dense : !kernel.buffer<[256], f32>
// CHECK: kernel.contract batch 0 %arg0 at <(d0, d1) -> (d0, d1)>, %[[P]] at <() -> ()> extras(%[[B]] at
// CHECK-LABEL: func.func @again(
// CHECK-NEXT: %[[P:.*]] = kernel.read @w.panels
// CHECK-NEXT: kernel.contract batch 0 %arg0 at <(d0, d1) -> (d0, d1)>, %[[P]] at <() -> ()> {
func.func @forward(%x: !kernel.buffer<[B, 64], f32>) -> !kernel.buffer<[B, 256], f32> {
  %w = kernel.read @w : !kernel.buffer<[256, 64], f32>
  %b = kernel.read @b : !kernel.buffer<[256], f32>
  %p = kernel.move %w at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[256, 64], f32> -> !kernel.buffer<[256, 64], f32, panels>
  %y = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %p at <() -> ()> extras(%b at <(d0, d1) -> (d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[B, 64], f32>, !kernel.buffer<[256, 64], f32, panels>, !kernel.buffer<[256], f32>) -> !kernel.buffer<[B, 256], f32>
  return %y : !kernel.buffer<[B, 256], f32>
}
func.func @again(%x: !kernel.buffer<[B, 64], f32>) -> !kernel.buffer<[B, 256], f32> {
  %w = kernel.read @w : !kernel.buffer<[256, 64], f32>
  %p = kernel.move %w at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[256, 64], f32> -> !kernel.buffer<[256, 64], f32, panels>
  %y = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %p at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 64], f32>, !kernel.buffer<[256, 64], f32, panels>) -> !kernel.buffer<[B, 256], f32>
  return %y : !kernel.buffer<[B, 256], f32>
}

// -----

sinter.parameter @"layer.*.w" stacked ["layer.0.w", "layer.1.w"] : !sinter.tensor<[2, 4, 4], f32>
sinter.parameter @"layer.*.s" stacked ["layer.0.s", "layer.1.s"] : !sinter.tensor<[2, 4], f32>
sinter.parameter @scale ["scale"] : !sinter.tensor<[4], f32>

// In a loop, what depends on slices is made for the whole stack: one more dimension in front of maps and shapes, and
// indices move by one. What is used as it is stays a slice of the stack.
// CHECK-DAG: kernel.prepared @"layer.*.w.panels" : !kernel.buffer<[2, 4, 4], f32, panels>
// CHECK-DAG: kernel.prepared @"layer.*.s.dense" : !kernel.buffer<[2, 4], f32>
// CHECK-LABEL: func.func @prepare() {
// CHECK-DAG: %[[W:.*]] = kernel.read @"layer.*.w"
// CHECK-DAG: %[[SCALE:.*]] = kernel.read @scale
// CHECK: %[[M:.*]] = kernel.pointwise(%[[W]] at <(d0, d1, d2) -> (d0, d1, d2)>, %[[SCALE]] at <(d0, d1, d2) -> (d2)>) {
// CHECK: kernel.index 1 : i32
// CHECK: (!kernel.buffer<[2, 4, 4], f32>, !kernel.buffer<[4], f32>) -> !kernel.buffer<[2, 4, 4], f32>
// CHECK: %[[P:.*]] = kernel.move %[[M]] at <(d0, d1, d2) -> (d0, d2, d1)> : !kernel.buffer<[2, 4, 4], f32> -> !kernel.buffer<[2, 4, 4], f32, panels>
// CHECK: kernel.write @"layer.*.w.panels", %[[P]]
// CHECK-LABEL: func.func @forward(
// CHECK-DAG: %[[S:.*]] = kernel.read @"layer.*.s.dense"
// CHECK-DAG: %[[P:.*]] = kernel.read @"layer.*.w.panels"
// CHECK: kernel.repeat 2 carried(%arg0) stacked(%[[S]], %[[P]]) {
// CHECK-NEXT: ^bb0(%[[X:.*]]: !kernel.buffer<[B, 4], f32>, %[[SS:.*]]: !kernel.buffer<[4], f32>, %[[PS:.*]]: !kernel.buffer<[4, 4], f32, panels>):
// CHECK-NEXT: kernel.contract batch 0 %[[X]] at <(d0, d1) -> (d0, d1)>, %[[PS]] at <() -> ()> extras(%[[SS]] at
// CHECK-NOT: kernel.move
// CHECK: return
func.func @forward(%x: !kernel.buffer<[B, 4], f32>) -> !kernel.buffer<[B, 4], f32> {
  %ws = kernel.read @"layer.*.w" : !kernel.buffer<[2, 4, 4], f32>
  %ss = kernel.read @"layer.*.s" : !kernel.buffer<[2, 4], f32>
  %scale = kernel.read @scale : !kernel.buffer<[4], f32>
  %r = kernel.repeat 2 carried(%x) stacked(%ws, %ss) {
  ^bb0(%c: !kernel.buffer<[B, 4], f32>, %w: !kernel.buffer<[4, 4], f32>, %s: !kernel.buffer<[4], f32>):
    %m = kernel.pointwise(%w at <(d0, d1) -> (d0, d1)>, %scale at <(d0, d1) -> (d1)>) {
    ^bb0(%0: f32, %1: f32):
      %i = kernel.index 0 : i32
      %f = arith.sitofp %i : i32 to f32
      %2 = arith.mulf %0, %1 : f32
      %3 = arith.mulf %2, %f : f32
      kernel.yield %3 : f32
    } : (!kernel.buffer<[4, 4], f32>, !kernel.buffer<[4], f32>) -> !kernel.buffer<[4, 4], f32>
    %p = kernel.move %m at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[4, 4], f32> -> !kernel.buffer<[4, 4], f32, panels>
    %y = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %p at <() -> ()> extras(%s at <(d0, d1) -> (d1)>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.mulf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[B, 4], f32>, !kernel.buffer<[4, 4], f32, panels>, !kernel.buffer<[4], f32>) -> !kernel.buffer<[B, 4], f32>
    kernel.yield %y : !kernel.buffer<[B, 4], f32>
  } : (!kernel.buffer<[B, 4], f32>, !kernel.buffer<[2, 4, 4], f32>, !kernel.buffer<[2, 4], f32>) -> !kernel.buffer<[B, 4], f32>
  return %r : !kernel.buffer<[B, 4], f32>
}

// -----

sinter.parameter @table ["table"] : !sinter.tensor<[37, 4], f32>

// A tied table is stored once, in panels, and gathered from there.
// CHECK: kernel.prepared @table.panels
// CHECK-NOT: kernel.prepared
// CHECK-LABEL: func.func @tied(
// CHECK-NEXT: %[[P:.*]] = kernel.read @table.panels : !kernel.buffer<[37, 4], f32, panels>
// CHECK-NEXT: %[[E:.*]] = kernel.gather %[[P]][%arg0] : !kernel.buffer<[37, 4], f32, panels>
// CHECK-NEXT: kernel.contract batch 0 %[[E]] at <(d0, d1) -> (d0, d1)>, %[[P]] at
func.func @tied(%ids: !kernel.buffer<[T], i32>) -> !kernel.buffer<[T, 37], f32> {
  %t = kernel.read @table : !kernel.buffer<[37, 4], f32>
  %e = kernel.gather %t[%ids] : !kernel.buffer<[37, 4], f32>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T, 4], f32>
  %p = kernel.move %t at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[37, 4], f32> -> !kernel.buffer<[37, 4], f32, panels>
  %y = kernel.contract batch 0 %e at <(d0, d1) -> (d0, d1)>, %p at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 4], f32>, !kernel.buffer<[37, 4], f32, panels>) -> !kernel.buffer<[T, 37], f32>
  return %y : !kernel.buffer<[T, 37], f32>
}
