// RUN: sinter-opt %s --sinter-narrow-storage='weights=bf16 cache=f16' | FileCheck %s
// RUN: sinter-opt %s --sinter-narrow-storage | FileCheck %s --check-prefix=SAME
// RUN: sinter-opt %s --sinter-narrow-storage=weights=stored | FileCheck %s --check-prefix=SAME
// RUN: not sinter-opt %s --sinter-narrow-storage=weights=f64 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not sinter-opt %s --sinter-narrow-storage=cache=stored 2>&1 | FileCheck %s --check-prefix=CACHE
// Panels and the table become narrow, in the stack too; the bias, which the epilogue reads, does not. A pool does, with
// what appending makes of it.

// UNKNOWN: nothing is stored as 'f64': f32, bf16 or f16 is expected
// CACHE: nothing is stored as 'stored': f32, bf16 or f16 is expected
// SAME-NOT: bf16
// SAME-NOT: f16
// SAME: return

sinter.parameter @w ["w"] : !sinter.tensor<[2, 8, 8], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[8], f32>
sinter.parameter @t ["t"] : !sinter.tensor<[9, 8], f32>
// CHECK: kernel.prepared @w.panels : !kernel.buffer<[2, 8, 8], bf16, panels>
// CHECK: kernel.prepared @b.dense : !kernel.buffer<[8], f32>
// CHECK: kernel.prepared @t.dense : !kernel.buffer<[9, 8], bf16>
kernel.prepared @w.panels : !kernel.buffer<[2, 8, 8], f32, panels>
kernel.prepared @b.dense : !kernel.buffer<[8], f32>
kernel.prepared @t.dense : !kernel.buffer<[9, 8], f32>

// CHECK-LABEL: @prepare
// CHECK: kernel.move {{.*}} : !kernel.buffer<[2, 8, 8], f32> -> !kernel.buffer<[2, 8, 8], bf16, panels>
// CHECK: %[[T:.*]] = kernel.read @t
// CHECK: %[[N:.*]] = kernel.move %[[T]] at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[9, 8], f32> -> !kernel.buffer<[9, 8], bf16>
// CHECK: kernel.write @t.dense, %[[N]] : !kernel.buffer<[9, 8], bf16>
func.func @prepare() {
  %0 = kernel.read @w : !kernel.buffer<[2, 8, 8], f32>
  %1 = kernel.move %0 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 8, 8], f32> -> !kernel.buffer<[2, 8, 8], f32, panels>
  kernel.write @w.panels, %1 : !kernel.buffer<[2, 8, 8], f32, panels>
  %2 = kernel.read @b : !kernel.buffer<[8], f32>
  kernel.write @b.dense, %2 : !kernel.buffer<[8], f32>
  %3 = kernel.read @t : !kernel.buffer<[9, 8], f32>
  kernel.write @t.dense, %3 : !kernel.buffer<[9, 8], f32>
  return
}

// CHECK-LABEL: @extend
// CHECK-SAME: %{{.*}}: !kernel.buffer<[2, Q, 16, 8], f16> {sinter.state = 1 : i64}) -> (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 16, 8], f16>)
// CHECK: kernel.gather {{.*}} : !kernel.buffer<[9, 8], bf16>, !kernel.buffer<[B, N], i32> -> !kernel.buffer<[B, N, 8], f32>
// CHECK: kernel.append {{.*}} -> !kernel.buffer<[Q, 16, 8], f16>
// CHECK: kernel.gather {{.*}} : !kernel.buffer<[Q, 16, 8], f16>, !kernel.buffer<[B, P], i32> -> !kernel.buffer<[B, P, 16, 8], f32>
// CHECK: kernel.contract {{.*}}
// CHECK: !kernel.buffer<[8, 8], bf16, panels>, !kernel.buffer<[8], f32>
func.func @extend(%i: !kernel.buffer<[B, N], i32>, %c: !kernel.buffer<[B], i32>, %l: !kernel.buffer<[B], i32>, %p: !kernel.buffer<[B, P], i32>, %s: !kernel.buffer<[2, Q, 16, 8], f32> {sinter.state = 1 : i64}) -> (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 16, 8], f32>) {
  %w = kernel.read @w.panels : !kernel.buffer<[2, 8, 8], f32, panels>
  %b = kernel.read @b.dense : !kernel.buffer<[8], f32>
  %t = kernel.read @t.dense : !kernel.buffer<[9, 8], f32>
  %x = kernel.gather %t[%i] : !kernel.buffer<[9, 8], f32>, !kernel.buffer<[B, N], i32> -> !kernel.buffer<[B, N, 8], f32>
  %r:2 = kernel.repeat 2 carried(%x) stacked(%w, %s) {
  ^bb0(%h: !kernel.buffer<[B, N, 8], f32>, %m: !kernel.buffer<[8, 8], f32, panels>, %q: !kernel.buffer<[Q, 16, 8], f32>):
    %a = kernel.append %q[%p] axis 1 over [N] %h at <(d0, d1, d2) -> (d0, d1, d2)> length %l count %c : (!kernel.buffer<[Q, 16, 8], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 16, 8], f32>
    %g = kernel.gather %a[%p] : !kernel.buffer<[Q, 16, 8], f32>, !kernel.buffer<[B, P], i32> -> !kernel.buffer<[B, P, 16, 8], f32>
    %y = kernel.contract batch 0 %g at <(d0, d1, d2) -> (d0, 0, 0, d2)>, %m at <() -> ()> extras(%b at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%sum: f32, %0: f32):
      %1 = arith.addf %sum, %0 : f32
      kernel.yield %1 : f32
    } : (!kernel.buffer<[B, P, 16, 8], f32>, !kernel.buffer<[8, 8], f32, panels>, !kernel.buffer<[8], f32>) -> !kernel.buffer<[B, N, 8], f32>
    kernel.yield %y, %a : !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[Q, 16, 8], f32>
  } : (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, 8, 8], f32, panels>, !kernel.buffer<[2, Q, 16, 8], f32>) -> (!kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 16, 8], f32>)
  return %r#0, %r#1 : !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[2, Q, 16, 8], f32>
}
