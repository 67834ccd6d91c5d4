// RUN: sinter-opt --sinter-hoist-prepare --verify-diagnostics --split-input-file %s | FileCheck %s

// expected-error@+1 {{the name 'prepare' is kept for the function that prepares parameters}}
func.func @prepare(%x: !kernel.buffer<[B], f32>) -> !kernel.buffer<[B], f32> {
  return %x : !kernel.buffer<[B], f32>
}

// -----

sinter.parameter @b ["b"] : !sinter.tensor<[4], f32>

// What depends on an input's number of rows is not known before the call, however constant its shape.
// CHECK-LABEL: func.func @prepare() {
// CHECK-NOT: kernel.pointwise
// CHECK: return
// CHECK-LABEL: func.func @size(
// CHECK: kernel.pointwise
// CHECK: kernel.size T
func.func @size(%x: !kernel.buffer<[T], f32>) -> !kernel.buffer<[4], f32> {
  %b = kernel.read @b : !kernel.buffer<[4], f32>
  %y = kernel.pointwise(%b at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    %n = kernel.size T : f32
    %1 = arith.divf %0, %n : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[4], f32>) -> !kernel.buffer<[4], f32>
  return %y : !kernel.buffer<[4], f32>
}

// -----

sinter.parameter @table ["table"] : !sinter.tensor<[4, 4], f32>

// A transposed panel form cannot serve a gather of rows, and a table that others read as well is stored for them.
// CHECK-DAG: kernel.prepared @table.dense
// CHECK-DAG: kernel.prepared @table.panels
// CHECK-LABEL: func.func @transposed(
// CHECK: kernel.gather %{{.*}}[%arg0] : !kernel.buffer<[4, 4], f32>, !kernel.buffer<[T], i32>
func.func @transposed(%ids: !kernel.buffer<[T], i32>) -> !kernel.buffer<[T, 4], f32> {
  %t = kernel.read @table : !kernel.buffer<[4, 4], f32>
  %e = kernel.gather %t[%ids] : !kernel.buffer<[4, 4], f32>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T, 4], f32>
  %p = kernel.move %t at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[4, 4], f32> -> !kernel.buffer<[4, 4], f32, panels>
  %y = kernel.contract batch 0 %e at <(d0, d1) -> (d0, d1)>, %p at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 4], f32>, !kernel.buffer<[4, 4], f32, panels>) -> !kernel.buffer<[T, 4], f32>
  return %y : !kernel.buffer<[T, 4], f32>
}
