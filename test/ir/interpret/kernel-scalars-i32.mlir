// RUN: sinter-opt %s --sinter-interpret -o /dev/null | FileCheck %s --match-full-lines
// CHECK: 2xi32: -5 -2147483646
// CHECK: 2xi32: -9 2147483644
// CHECK: 2xi32: -14 2147483645
// CHECK: 2xi32: -4 715827882
// CHECK: 2xi32: -3 715827882
// CHECK: 2xi32: -1 1
// CHECK: 2xi32: 2 2147483647
// CHECK: 2xi32: -7 3
// CHECK: 2xi32: 0 3
// CHECK: 2xi32: -5 2147483647
// CHECK: 2xi32: -5 2147483644
// CHECK: 2xi32: 2 2147483647
// CHECK: 2xi32: 1 0

func.func @main() -> (!kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>) {
  %x = kernel.constant [-7.0, 2147483647.0] : !kernel.buffer<[2], i32>
  %y = kernel.constant [2.0, 3.0] : !kernel.buffer<[2], i32>
  %r:13 = kernel.pointwise(%x at <(d0) -> (d0)>, %y at <(d0) -> (d0)>) {
  ^bb0(%0: i32, %1: i32):
    %b0 = arith.addi %0, %1 : i32
    %b1 = arith.subi %0, %1 : i32
    %b2 = arith.muli %0, %1 : i32
    %b3 = arith.floordivsi %0, %1 : i32
    %b4 = arith.divsi %0, %1 : i32
    %b5 = arith.remsi %0, %1 : i32
    %b6 = arith.maxsi %0, %1 : i32
    %b7 = arith.minsi %0, %1 : i32
    %b8 = arith.andi %0, %1 : i32
    %b9 = arith.ori %0, %1 : i32
    %b10 = arith.xori %0, %1 : i32
    %lt = arith.cmpi slt, %0, %1 : i32
    %true = arith.constant true
    %ge = arith.xori %lt, %true : i1
    %s = arith.select %ge, %0, %1 : i32
    %e = arith.extui %lt : i1 to i32
    kernel.yield %b0, %b1, %b2, %b3, %b4, %b5, %b6, %b7, %b8, %b9, %b10, %s, %e : i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32
  } : (!kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>) -> (!kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>)
  return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7, %r#8, %r#9, %r#10, %r#11, %r#12 : !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>, !kernel.buffer<[2], i32>
}
