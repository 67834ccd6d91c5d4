// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2xf32: 1.284025417 12.18249396
// CHECK: 2xf32: 0.5 1.58113883
// CHECK: 2xf32: 2 0.632455532
// CHECK: 2xf32: -1.386294361 0.9162907319
// CHECK: 2xf32: 0.2763263902 0.999593048
// CHECK: 2xf32: 0.2449186624 0.9866142982
// CHECK: 2xf32: 0.2474039593 0.5984721441
// CHECK: 2xf32: 0.9689124217 -0.8011436155
// CHECK: 2xf32: 0 2
// CHECK: 2xf32: 1 3
// CHECK: 2xf32: -0.25 -2.5
// CHECK: 2xf32: 2.25 -0.5
// CHECK: 2xf32: -1.75 5.5
// CHECK: 2xf32: 0.5 -7.5
// CHECK: 2xf32: 0.125 -0.8333333333
// CHECK: 2xf32: 2 2.5
// CHECK: 2xf32: 0.25 -3
// CHECK: 2xf32: 0.0625 0.064

func.func @main() -> (!kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>) {
  %x = kernel.constant [0.25, 2.5] : !kernel.buffer<[2], f32>
  %y = kernel.constant [2.0, -3.0] : !kernel.buffer<[2], f32>
  %r:18 = kernel.pointwise(%x at <(d0) -> (d0)>, %y at <(d0) -> (d0)>) {
  ^bb0(%0: f32, %1: f32):
    %u0 = math.exp %0 : f32
    %u1 = math.sqrt %0 : f32
    %u2 = math.rsqrt %0 : f32
    %u3 = math.log %0 : f32
    %u4 = math.erf %0 : f32
    %u5 = math.tanh %0 : f32
    %u6 = math.sin %0 : f32
    %u7 = math.cos %0 : f32
    %u8 = math.floor %0 : f32
    %u9 = math.ceil %0 : f32
    %u10 = arith.negf %0 : f32
    %b0 = arith.addf %0, %1 : f32
    %b1 = arith.subf %0, %1 : f32
    %b2 = arith.mulf %0, %1 : f32
    %b3 = arith.divf %0, %1 : f32
    %b4 = arith.maximumf %0, %1 : f32
    %b5 = arith.minimumf %0, %1 : f32
    %b6 = math.powf %0, %1 : f32
    kernel.yield %u0, %u1, %u2, %u3, %u4, %u5, %u6, %u7, %u8, %u9, %u10, %b0, %b1, %b2, %b3, %b4, %b5, %b6 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  } : (!kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>) -> (!kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>)
  return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7, %r#8, %r#9, %r#10, %r#11, %r#12, %r#13, %r#14, %r#15, %r#16, %r#17 : !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>, !kernel.buffer<[2], f32>
}
