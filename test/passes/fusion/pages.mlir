// RUN: sinter-opt %s --sinter-pipeline=until=fuse | FileCheck %s
// A step of decoding: new keys and values are appended, and attention reads all of them where they lie; no gather and no
// move of the cache is left. What a query sees is known from the sequence's length.

// CHECK-LABEL: @extend
// CHECK-NOT: kernel.gather
// CHECK-NOT: kernel.move
// CHECK: %[[K:.*]] = kernel.append %{{.*}}[%[[P:.*]]] axis 3 over [N] %{{.*}} at <(d0, d1, d2, d3) -> (d0, d1, d2 * 8 + d3)> length
// CHECK: %[[V:.*]] = kernel.append %{{.*}}[%[[P]]] axis 1 over [N] %{{.*}} at <(d0, d1, d2, d3) -> (d0, d1, d2 * 8 + d3)> length
// CHECK: kernel.attention batch 2 over [16*P, 8]
// CHECK-SAME: %[[K]] at <(d0, d1, d2, d3) -> (d0, d2 floordiv 16, d1, d3, d2 mod 16)>
// CHECK-SAME: %[[V]] at <(d0, d1, d2, d3) -> (d0, d2 floordiv 16, d2 mod 16, d1, d3)> pages(%[[P]])
// CHECK-SAME: extras(%{{.*}} at <(d0, d1, d2, d3) -> (d0)>)
// CHECK-NOT: kernel.gather
func.func @extend(%q: !sinter.tensor<[B, N, 16], f32>, %k: !sinter.tensor<[B, N, 16], f32>, %v: !sinter.tensor<[B, N, 16], f32>, %count: !sinter.tensor<[B], i32>, %length: !sinter.tensor<[B], i32>, %pages: !sinter.tensor<[B, P], i32>, %ks: !sinter.tensor<[Q, 2, 8, 16], f32> {sinter.state = 1 : i64}, %vs: !sinter.tensor<[Q, 16, 2, 8], f32> {sinter.state = 2 : i64}) -> (!sinter.tensor<[B, 2, N, 8], f32>, !sinter.tensor<[Q, 2, 8, 16], f32>, !sinter.tensor<[Q, 16, 2, 8], f32>) {
  %qh = sinter.view %q at <(d0, d1, d2, d3) -> (d0, d2, d1 * 8 + d3)> : !sinter.tensor<[B, N, 16], f32> -> !sinter.tensor<[B, 2, N, 8], f32>
  %kh = sinter.view %k at <(d0, d1, d2, d3) -> (d0, d1, d2 * 8 + d3)> : !sinter.tensor<[B, N, 16], f32> -> !sinter.tensor<[B, N, 2, 8], f32>
  %vh = sinter.view %v at <(d0, d1, d2, d3) -> (d0, d1, d2 * 8 + d3)> : !sinter.tensor<[B, N, 16], f32> -> !sinter.tensor<[B, N, 2, 8], f32>
  %k1 = sinter.append %ks[%pages], %kh at %length count %count axis 3 : !sinter.tensor<[Q, 2, 8, 16], f32>, !sinter.tensor<[B, P], i32>, !sinter.tensor<[B, N, 2, 8], f32>, !sinter.tensor<[B], i32>
  %v1 = sinter.append %vs[%pages], %vh at %length count %count axis 1 : !sinter.tensor<[Q, 16, 2, 8], f32>, !sinter.tensor<[B, P], i32>, !sinter.tensor<[B, N, 2, 8], f32>, !sinter.tensor<[B], i32>
  %kg = sinter.gather %k1[%pages] : !sinter.tensor<[Q, 2, 8, 16], f32>, !sinter.tensor<[B, P], i32> -> !sinter.tensor<[B, P, 2, 8, 16], f32>
  %vg = sinter.gather %v1[%pages] : !sinter.tensor<[Q, 16, 2, 8], f32>, !sinter.tensor<[B, P], i32> -> !sinter.tensor<[B, P, 16, 2, 8], f32>
  %ka = sinter.view %kg at <(d0, d1, d2, d3) -> (d0, d2 floordiv 16, d1, d3, d2 mod 16)> : !sinter.tensor<[B, P, 2, 8, 16], f32> -> !sinter.tensor<[B, 2, 16 * P, 8], f32>
  %va = sinter.view %vg at <(d0, d1, d2, d3) -> (d0, d2 floordiv 16, d2 mod 16, d1, d3)> : !sinter.tensor<[B, P, 16, 2, 8], f32> -> !sinter.tensor<[B, 2, 16 * P, 8], f32>
  %n = sinter.iota : !sinter.tensor<[N], i32>
  %nb = sinter.view %n at <(d0, d1) -> (d1)> : !sinter.tensor<[N], i32> -> !sinter.tensor<[B, N], i32>
  %lb = sinter.view %length at <(d0, d1) -> (d0)> : !sinter.tensor<[B], i32> -> !sinter.tensor<[B, N], i32>
  %at = sinter.add %lb, %nb : !sinter.tensor<[B, N], i32>
  %o = sinter.attention %qh, %ka, %va captures(%at) score {
  ^bb0(%s: !sinter.tensor<[B, 2, N, 16 * P], f32>, %p: !sinter.tensor<[B, N], i32>):
    sinter.yield %s : !sinter.tensor<[B, 2, N, 16 * P], f32>
  } mask empty(uniform) {
  ^bb0(%p: !sinter.tensor<[B, N], i32>):
    %j = sinter.iota : !sinter.tensor<[16 * P], i32>
    %jj = sinter.view %j at <(d0, d1, d2, d3) -> (d3)> : !sinter.tensor<[16 * P], i32> -> !sinter.tensor<[B, 2, N, 16 * P], i32>
    %pp = sinter.view %p at <(d0, d1, d2, d3) -> (d0, d2)> : !sinter.tensor<[B, N], i32> -> !sinter.tensor<[B, 2, N, 16 * P], i32>
    %m = sinter.compare le %jj, %pp : !sinter.tensor<[B, 2, N, 16 * P], i32> -> !sinter.tensor<[B, 2, N, 16 * P], i1>
    sinter.yield %m : !sinter.tensor<[B, 2, N, 16 * P], i1>
  } : (!sinter.tensor<[B, 2, N, 8], f32>, !sinter.tensor<[B, 2, 16 * P, 8], f32>, !sinter.tensor<[B, 2, 16 * P, 8], f32>, !sinter.tensor<[B, N], i32>) -> !sinter.tensor<[B, 2, N, 8], f32>
  return %o, %k1, %v1 : !sinter.tensor<[B, 2, N, 8], f32>, !sinter.tensor<[Q, 2, 8, 16], f32>, !sinter.tensor<[Q, 16, 2, 8], f32>
}
