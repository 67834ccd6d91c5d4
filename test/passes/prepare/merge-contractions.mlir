// RUN: sinter-opt --sinter-merge-contractions --split-input-file %s | FileCheck %s
// RUN: sinter-opt --sinter-merge-contractions --split-input-file --remarks-filter=fuse --remark-format=emitRemark %s 2>&1 | FileCheck %s --check-prefix=REMARK
// Contractions of one operand with several parameters become one; what would store a parameter twice, or compute
// something else, stays as it is.

// In a loop, over slices; of unequal widths; read by attention at offsets.
// REMARK: remark: [Passed] merge {{.*}}3 contractions of one operand
// CHECK-LABEL: func.func @layers
// CHECK: kernel.repeat 2
// CHECK: ^bb0(%[[X:.*]]: !kernel.buffer<[T, 32], f32>, %[[WQ:.*]]: !kernel.buffer<[32, 32], f32>, %[[WK:.*]]: !kernel.buffer<[16, 32], f32>, %[[WV:.*]]: !kernel.buffer<[16, 32], f32>, %[[BQ:.*]]: !kernel.buffer<[32], f32>, %[[BK:.*]]: !kernel.buffer<[16], f32>, %[[BV:.*]]: !kernel.buffer<[16], f32>):
// CHECK: %[[W:.*]] = kernel.pointwise(%[[WQ]] at <(d0, d1) -> (d0 mod 32, d1)>, %[[WK]] at <(d0, d1) -> (d0 mod 16, d1)>, %[[WV]] at <(d0, d1) -> (d0 mod 16, d1)>) {
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[C:.*]]: f32):
// CHECK: %[[N:.*]] = kernel.index 0 : i32
// CHECK: arith.constant 48 : i32
// CHECK: %[[SECOND:.*]] = arith.select %{{.*}}, %[[B]], %[[C]] : f32
// CHECK: arith.constant 32 : i32
// CHECK: arith.select %{{.*}}, %[[A]], %[[SECOND]] : f32
// CHECK: -> !kernel.buffer<[64, 32], f32>
// CHECK: %[[P:.*]] = kernel.move %[[W]] at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[64, 32], f32> -> !kernel.buffer<[64, 32], f32, panels>
// CHECK: %[[BIAS:.*]] = kernel.pointwise(%[[BQ]] at <(d0) -> (d0 mod 32)>, %[[BK]] at <(d0) -> (d0 mod 16)>, %[[BV]] at <(d0) -> (d0 mod 16)>)
// CHECK: %[[QKV:.*]] = kernel.contract batch 0 %[[X]] at <(d0, d1) -> (d0, d1)>, %[[P]] at <() -> ()> extras(%[[BIAS]] at <(d0, d1) -> (d1)>)
// CHECK: -> !kernel.buffer<[T, 64], f32>
// CHECK-NOT: kernel.contract
// CHECK: kernel.attention batch 1 over [T, 16] %[[QKV]] at <(d0, d1, d2) -> (d1, d0 * 16 + d2)>, %[[QKV]] at <(d0, d1, d2) -> (d1, d2 + 32)>, %[[QKV]] at <(d0, d1, d2) -> (d1, d2 + 48)>
sinter.parameter @q stacked ["q0", "q1"] : !sinter.tensor<[2, 32, 32], f32>
sinter.parameter @k stacked ["k0", "k1"] : !sinter.tensor<[2, 16, 32], f32>
sinter.parameter @v stacked ["v0", "v1"] : !sinter.tensor<[2, 16, 32], f32>
sinter.parameter @qb stacked ["a0", "a1"] : !sinter.tensor<[2, 32], f32>
sinter.parameter @kb stacked ["b0", "b1"] : !sinter.tensor<[2, 16], f32>
sinter.parameter @vb stacked ["c0", "c1"] : !sinter.tensor<[2, 16], f32>
func.func @layers(%x: !kernel.buffer<[T, 32], f32>) -> !kernel.buffer<[T, 32], f32> {
  %q = kernel.read @q : !kernel.buffer<[2, 32, 32], f32>
  %k = kernel.read @k : !kernel.buffer<[2, 16, 32], f32>
  %v = kernel.read @v : !kernel.buffer<[2, 16, 32], f32>
  %qb = kernel.read @qb : !kernel.buffer<[2, 32], f32>
  %kb = kernel.read @kb : !kernel.buffer<[2, 16], f32>
  %vb = kernel.read @vb : !kernel.buffer<[2, 16], f32>
  %r = kernel.repeat 2 carried(%x) stacked(%q, %k, %v, %qb, %kb, %vb) {
  ^bb0(%c: !kernel.buffer<[T, 32], f32>, %wq: !kernel.buffer<[32, 32], f32>, %wk: !kernel.buffer<[16, 32], f32>, %wv: !kernel.buffer<[16, 32], f32>, %bq: !kernel.buffer<[32], f32>, %bk: !kernel.buffer<[16], f32>, %bv: !kernel.buffer<[16], f32>):
    %pq = kernel.move %wq at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[32, 32], f32> -> !kernel.buffer<[32, 32], f32, panels>
    %cq = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %pq at <() -> ()> extras(%bq at <(d0, d1) -> (d1)>) {
    ^bb0(%sum: f32, %0: f32):
      %1 = arith.addf %sum, %0 : f32
      kernel.yield %1 : f32
    } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[32, 32], f32, panels>, !kernel.buffer<[32], f32>) -> !kernel.buffer<[T, 32], f32>
    %pk = kernel.move %wk at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
    %ck = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %pk at <() -> ()> extras(%bk at <(d0, d1) -> (d1)>) {
    ^bb0(%sum: f32, %0: f32):
      %1 = arith.addf %sum, %0 : f32
      kernel.yield %1 : f32
    } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>, !kernel.buffer<[16], f32>) -> !kernel.buffer<[T, 16], f32>
    %pv = kernel.move %wv at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
    %cv = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %pv at <() -> ()> extras(%bv at <(d0, d1) -> (d1)>) {
    ^bb0(%sum: f32, %0: f32):
      %1 = arith.addf %sum, %0 : f32
      kernel.yield %1 : f32
    } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>, !kernel.buffer<[16], f32>) -> !kernel.buffer<[T, 16], f32>
    %o = kernel.attention batch 1 over [T, 16] %cq at <(d0, d1, d2) -> (d1, d0 * 16 + d2)>, %ck at <(d0, d1, d2) -> (d1, d2)>, %cv at <(d0, d1, d2) -> (d1, d2)> score {
    ^bb0(%s: f32):
      kernel.yield %s : f32
    } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[2, T, 16], f32>
    %y = kernel.move %o at <(d0, d1) -> (d1 floordiv 16, d0, d1 mod 16)> : !kernel.buffer<[2, T, 16], f32> -> !kernel.buffer<[T, 32], f32>
    kernel.yield %y : !kernel.buffer<[T, 32], f32>
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[2, 32, 32], f32>, !kernel.buffer<[2, 16, 32], f32>, !kernel.buffer<[2, 16, 32], f32>, !kernel.buffer<[2, 32], f32>, !kernel.buffer<[2, 16], f32>, !kernel.buffer<[2, 16], f32>) -> !kernel.buffer<[T, 32], f32>
  return %r : !kernel.buffer<[T, 32], f32>
}

// -----
// The second stands behind a reader of the first; a value that both epilogues read along the rows is no obstacle.
// CHECK-LABEL: func.func @readBetween
// CHECK: kernel.contract {{.*}} extras(%arg1 at <(d0, d1) -> (d0, 0)>)
// CHECK-NOT: kernel.contract
// CHECK: %[[M:.*]] = kernel.pointwise(%{{.*}} at <(d0, d1) -> (d0, d1)>)
// CHECK: kernel.pointwise(%[[M]] at <(d0, d1) -> (d0, d1)>, %{{.*}} at <(d0, d1) -> (d0, d1 + 16)>)
sinter.parameter @a ["a"] : !sinter.tensor<[16, 32], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[16, 32], f32>
func.func @readBetween(%x: !kernel.buffer<[T, 32], f32>, %m: !kernel.buffer<[T, 1], f32>) -> !kernel.buffer<[T, 16], f32> {
  %a = kernel.read @a : !kernel.buffer<[16, 32], f32>
  %pa = kernel.move %a at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %ca = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pa at <() -> ()> extras(%m at <(d0, d1) -> (d0, 0)>) {
  ^bb0(%sum: f32, %0: f32):
    %1 = arith.mulf %sum, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>, !kernel.buffer<[T, 1], f32>) -> !kernel.buffer<[T, 16], f32>
  %n = kernel.pointwise(%ca at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    %1 = arith.negf %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[T, 16], f32>
  %b = kernel.read @b : !kernel.buffer<[16, 32], f32>
  %pb = kernel.move %b at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %cb = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pb at <() -> ()> extras(%m at <(d0, d1) -> (d0, 0)>) {
  ^bb0(%sum: f32, %0: f32):
    %1 = arith.mulf %sum, %0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>, !kernel.buffer<[T, 1], f32>) -> !kernel.buffer<[T, 16], f32>
  %y = kernel.pointwise(%n at <(d0, d1) -> (d0, d1)>, %cb at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[T, 16], f32>
  return %y : !kernel.buffer<[T, 16], f32>
}

// -----
// A table that is gathered from, too, would be stored twice.
// REMARK: remark: [Missed] merge {{.*}}a parameter is read elsewhere, too
// CHECK-LABEL: func.func @tied
// CHECK-COUNT-2: kernel.contract
sinter.parameter @a ["a"] : !sinter.tensor<[16, 32], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[16, 32], f32>
func.func @tied(%ids: !kernel.buffer<[T], i32>) -> !kernel.buffer<[T, 16], f32> {
  %a = kernel.read @a : !kernel.buffer<[16, 32], f32>
  %x = kernel.gather %a[%ids] : !kernel.buffer<[16, 32], f32>, !kernel.buffer<[T], i32> -> !kernel.buffer<[T, 32], f32>
  %pa = kernel.move %a at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %ca = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pa at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %b = kernel.read @b : !kernel.buffer<[16, 32], f32>
  %pb = kernel.move %b at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %cb = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pb at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %y = kernel.pointwise(%ca at <(d0, d1) -> (d0, d1)>, %cb at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[T, 16], f32>
  return %y : !kernel.buffer<[T, 16], f32>
}

// -----
// One result is returned whole; one epilogue does more; one reads the number of its column.
// REMARK-DAG: remark: [Missed] merge {{.*}}a result is returned or passed on whole
// REMARK-DAG: remark: [Missed] merge {{.*}}their epilogues differ
// CHECK-LABEL: func.func @different
// CHECK-COUNT-3: kernel.contract
sinter.parameter @a ["a"] : !sinter.tensor<[16, 32], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[16, 32], f32>
sinter.parameter @c ["c"] : !sinter.tensor<[16, 32], f32>
func.func @different(%x: !kernel.buffer<[T, 32], f32>) -> (!kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) {
  %a = kernel.read @a : !kernel.buffer<[16, 32], f32>
  %pa = kernel.move %a at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %ca = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pa at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %b = kernel.read @b : !kernel.buffer<[16, 32], f32>
  %pb = kernel.move %b at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %cb = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pb at <() -> ()> {
  ^bb0(%sum: f32):
    %0 = arith.negf %sum : f32
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %c = kernel.read @c : !kernel.buffer<[16, 32], f32>
  %pc = kernel.move %c at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %cc = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pc at <() -> ()> {
  ^bb0(%sum: f32):
    %i = kernel.index 1 : i32
    %f = arith.sitofp %i : i32 to f32
    %0 = arith.addf %sum, %f : f32
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %y = kernel.pointwise(%cb at <(d0, d1) -> (d0, d1)>, %cc at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[T, 16], f32>
  return %ca, %y : !kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>
}

// -----
// Two functions that agree share the concatenation; a third that reads one parameter alone would need it once more.
// REMARK: remark: [Missed] merge {{.*}}a parameter is read elsewhere, too
// CHECK-LABEL: func.func @both
// CHECK-COUNT-2: kernel.contract
// CHECK-LABEL: func.func @alone
// CHECK-COUNT-1: kernel.contract
sinter.parameter @a ["a"] : !sinter.tensor<[16, 32], f32>
sinter.parameter @b ["b"] : !sinter.tensor<[16, 32], f32>
func.func @both(%x: !kernel.buffer<[T, 32], f32>) -> !kernel.buffer<[T, 16], f32> {
  %a = kernel.read @a : !kernel.buffer<[16, 32], f32>
  %pa = kernel.move %a at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %ca = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pa at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %b = kernel.read @b : !kernel.buffer<[16, 32], f32>
  %pb = kernel.move %b at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %cb = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pb at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  %y = kernel.pointwise(%ca at <(d0, d1) -> (d0, d1)>, %cb at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    kernel.yield %2 : f32
  } : (!kernel.buffer<[T, 16], f32>, !kernel.buffer<[T, 16], f32>) -> !kernel.buffer<[T, 16], f32>
  return %y : !kernel.buffer<[T, 16], f32>
}
func.func @alone(%x: !kernel.buffer<[T, 32], f32>) -> !kernel.buffer<[T, 16], f32> {
  %a = kernel.read @a : !kernel.buffer<[16, 32], f32>
  %pa = kernel.move %a at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[16, 32], f32> -> !kernel.buffer<[16, 32], f32, panels>
  %ca = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %pa at <() -> ()> {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  } : (!kernel.buffer<[T, 32], f32>, !kernel.buffer<[16, 32], f32, panels>) -> !kernel.buffer<[T, 16], f32>
  return %ca : !kernel.buffer<[T, 16], f32>
}
