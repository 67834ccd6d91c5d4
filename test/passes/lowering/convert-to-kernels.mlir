// RUN: sinter-opt --sinter-convert-to-kernels %s | FileCheck %s

sinter.parameter @w ["w"] : !sinter.tensor<[8, 4], f32>

// A spread is an index map; names and defaults of arguments stay.
// CHECK-LABEL: func.func @bias(
// CHECK-SAME: %[[X:.*]]: !kernel.buffer<[B, 8], f32> {sinter.name = "x"}, %[[BIAS:.*]]: !kernel.buffer<[8], f32>
// CHECK-NEXT: kernel.pointwise(%[[X]] at <(d0, d1) -> (d0, d1)>, %[[BIAS]] at <(d0, d1) -> (d1)>) {
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[C:.*]]: f32):
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[A]], %[[C]] : f32
// CHECK-NEXT: kernel.yield %[[S]] : f32
func.func @bias(%x: !sinter.tensor<[B, 8], f32> {sinter.name = "x"}, %bias: !sinter.tensor<[8], f32>) -> (!sinter.tensor<[B, 8], f32> {sinter.name = "y"}) {
  %b = sinter.view %bias at <(d0, d1) -> (d1)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.add %x, %b : !sinter.tensor<[B, 8], f32>
  return %y : !sinter.tensor<[B, 8], f32>
}

// The parameter goes into panels [N, K], whichever side it stands on.
// CHECK-LABEL: func.func @linear(
// CHECK: %[[W:.*]] = kernel.read @w : !kernel.buffer<[8, 4], f32>
// CHECK: %[[P:.*]] = kernel.move %[[W]] at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[8, 4], f32> -> !kernel.buffer<[8, 4], f32, panels>
// CHECK: kernel.contract batch 0 %arg0 at <(d0, d1, d2) -> (d0, d1, d2)>, %[[P]] at <() -> ()> {
// CHECK-NEXT: ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[SUM]] : f32
// CHECK: %[[Q:.*]] = kernel.move %[[W]] at <(d0, d1) -> (d0, d1)>
// CHECK: kernel.contract batch 0 %arg0 at <(d0, d1, d2) -> (d0, d1, d2)>, %[[Q]] at <() -> ()>
func.func @linear(%x: !sinter.tensor<[B, T, 4], f32>) -> (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) {
  %w = sinter.read @w : !sinter.tensor<[8, 4], f32>
  %y = sinter.contract %x, %w "abc,dc->abd" : !sinter.tensor<[B, T, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, T, 8], f32>
  %z = sinter.contract %w, %x "dc,abc->abd" : !sinter.tensor<[8, 4], f32>, !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[B, T, 8], f32>
  return %y, %z : !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>
}

// Attention's products: heads are split by a linear map on the left and by the move into panels on the right; merged
// heads are no linear map, so they are moved.
// CHECK-LABEL: func.func @heads(
// CHECK: %[[K:.*]] = kernel.move %arg1 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !kernel.buffer<[B, T, 12], f32> -> !kernel.buffer<[B, 3, T, 4], f32, panels>
// CHECK: %[[S:.*]] = kernel.contract batch 2 %arg0 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %[[K]] at <(d0, d1) -> (d0, d1)>
// CHECK: %[[V:.*]] = kernel.move %arg1 at <(d0, d1, d2, d3) -> (d0, d3, d1 * 4 + d2)> : !kernel.buffer<[B, T, 12], f32> -> !kernel.buffer<[B, 3, 4, T], f32, panels>
// CHECK: %[[C:.*]] = kernel.contract batch 2 %[[S]] at <(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, %[[V]]
// CHECK: %[[M:.*]] = kernel.move %[[C]] at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)>
// CHECK: kernel.contract batch 0 %[[M]] at
func.func @heads(%q: !sinter.tensor<[B, T, 12], f32>, %k: !sinter.tensor<[B, T, 12], f32>, %o: !sinter.tensor<[8, 12], f32>) -> !sinter.tensor<[B, T, 8], f32> {
  %qh = sinter.view %q at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
  %kh = sinter.view %k at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
  %s = sinter.contract %qh, %kh "abcd,abed->abce" : !sinter.tensor<[B, 3, T, 4], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, T], f32>
  %c = sinter.contract %s, %kh "abcd,abde->abce" : !sinter.tensor<[B, 3, T, T], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
  %m = sinter.view %c at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
  %y = sinter.contract %m, %o "abc,dc->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[8, 12], f32> -> !sinter.tensor<[B, T, 8], f32>
  return %y : !sinter.tensor<[B, T, 8], f32>
}

// Several n or k labels are merged, and the result is split again.
// CHECK-LABEL: func.func @several(
// CHECK: kernel.move %arg1 at <(d0, d1) -> (d1 floordiv 3, d0 floordiv 2, d1 mod 3, d0 mod 2)> : !kernel.buffer<[4, 5, 3, 2], f32> -> !kernel.buffer<[10, 12], f32, panels>
// CHECK: kernel.move %arg0 at <(d0, d1) -> (d0, d1 floordiv 3, d1 mod 3)> : !kernel.buffer<[B, 4, 3], f32> -> !kernel.buffer<[B, 12], f32>
// CHECK: kernel.contract batch 0
// CHECK: -> !kernel.buffer<[B, 10], f32>
// CHECK: kernel.move %{{.*}} at <(d0, d1, d2) -> (d0, d1 * 2 + d2)> : !kernel.buffer<[B, 10], f32> -> !kernel.buffer<[B, 5, 2], f32>
func.func @several(%x: !sinter.tensor<[B, 4, 3], f32>, %w: !sinter.tensor<[4, 5, 3, 2], f32>) -> !sinter.tensor<[B, 5, 2], f32> {
  %y = sinter.contract %x, %w "abc,bdce->ade" : !sinter.tensor<[B, 4, 3], f32>, !sinter.tensor<[4, 5, 3, 2], f32> -> !sinter.tensor<[B, 5, 2], f32>
  return %y : !sinter.tensor<[B, 5, 2], f32>
}

// Without n there is one column; a product without a sum has K = 1.
// CHECK-LABEL: func.func @vector(
// CHECK: !kernel.buffer<[4], f32> -> !kernel.buffer<[1, 4], f32, panels>
// CHECK: kernel.move {{.*}} : !kernel.buffer<[B, 1], f32> -> !kernel.buffer<[B], f32>
// CHECK: !kernel.buffer<[4], f32> -> !kernel.buffer<[4, 1], f32, panels>
// CHECK: kernel.contract {{.*}} at <(d0, d1, d2) -> (d0, d1)>
func.func @vector(%x: !sinter.tensor<[B, 4], f32>, %v: !sinter.tensor<[4], f32>) -> (!sinter.tensor<[B], f32>, !sinter.tensor<[B, 4, 4], f32>) {
  %y = sinter.contract %x, %v "ab,b->a" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[4], f32> -> !sinter.tensor<[B], f32>
  %z = sinter.contract %x, %v "ab,c->abc" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[4], f32> -> !sinter.tensor<[B, 4, 4], f32>
  return %y, %z : !sinter.tensor<[B], f32>, !sinter.tensor<[B, 4, 4], f32>
}

// Reduced axes go last through the map; the result keeps its 1 where it stood.
// CHECK-LABEL: func.func @reductions(
// CHECK: kernel.row domain [B, 8, T] reduced 1 [sum] per_row (%arg0 at <(d0, d1, d2) -> (d0, d2, d1)>)
// CHECK: -> !kernel.buffer<[B, 1, 8], f32>
// CHECK: kernel.row domain [T, B, 8] reduced 2 [max] per_row (%arg0 at <(d0, d1, d2) -> (d1, d0, d2)>)
// CHECK: -> !kernel.buffer<[1, T, 1], f32>
// CHECK: [argmax] per_row
// CHECK: ^bb0(%{{.*}}: i32):
// CHECK: -> !kernel.buffer<[B, T, 1], i32>
func.func @reductions(%x: !sinter.tensor<[B, T, 8], f32>) -> (!sinter.tensor<[B, 1, 8], f32>, !sinter.tensor<[1, T, 1], f32>, !sinter.tensor<[B, T, 1], i32>) {
  %0 = sinter.sum %x axes [1] : !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[B, 1, 8], f32>
  %1 = sinter.max %x axes [0, 2] : !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[1, T, 1], f32>
  %2 = sinter.argmax %x axes [2] : !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[B, T, 1], i32>
  return %0, %1, %2 : !sinter.tensor<[B, 1, 8], f32>, !sinter.tensor<[1, T, 1], f32>, !sinter.tensor<[B, T, 1], i32>
}

// Constants, indices and sizes are scalar code; several values are a buffer.
// CHECK-LABEL: func.func @sources(
// CHECK: arith.constant -3.40282347E+38 : f32
// CHECK: kernel.constant [1.000000e+00, 2.000000e+00] : !kernel.buffer<[2], f32>
// CHECK: kernel.index 0 : i32
// CHECK: kernel.size T : f32
func.func @sources(%x: !sinter.tensor<[T], f32>) -> (!sinter.tensor<[T], f32>, !sinter.tensor<[2], f32>, !sinter.tensor<[T], i32>, !sinter.tensor<[], f32>) {
  %0 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[T], f32>
  %1 = sinter.constant [1.0, 2.0] : !sinter.tensor<[2], f32>
  %2 = sinter.iota : !sinter.tensor<[T], i32>
  %3 = sinter.dim T : !sinter.tensor<[], f32>
  return %0, %1, %2, %3 : !sinter.tensor<[T], f32>, !sinter.tensor<[2], f32>, !sinter.tensor<[T], i32>, !sinter.tensor<[], f32>
}

// Integers floor, and casts say what they do.
// CHECK-LABEL: func.func @scalars(
// CHECK: arith.floordivsi
// CHECK: %[[Q:.*]] = arith.floordivsi %[[A:.*]], %[[B:.*]] : i32
// CHECK: %[[M:.*]] = arith.muli %[[Q]], %[[B]]
// CHECK: arith.subi %[[A]], %[[M]]
// CHECK: arith.cmpi sle
// CHECK: arith.xori
// CHECK: arith.uitofp
// CHECK: math.powf
// CHECK: arith.fptosi
func.func @scalars(%x: !sinter.tensor<[T], i32>, %y: !sinter.tensor<[T], i32>) -> !sinter.tensor<[T], i32> {
  %0 = sinter.floordiv %x, %y : !sinter.tensor<[T], i32>
  %1 = sinter.mod %0, %y : !sinter.tensor<[T], i32>
  %2 = sinter.compare le %1, %x : !sinter.tensor<[T], i32> -> !sinter.tensor<[T], i1>
  %3 = sinter.not %2 : !sinter.tensor<[T], i1>
  %4 = sinter.cast %3 : !sinter.tensor<[T], i1> to !sinter.tensor<[T], f32>
  %5 = sinter.pow %4, %4 : !sinter.tensor<[T], f32>
  %6 = sinter.cast %5 : !sinter.tensor<[T], f32> to !sinter.tensor<[T], i32>
  return %6 : !sinter.tensor<[T], i32>
}

// Gathers and loops read what is stored: a view of ids or of a carried value is a move. A check stays.
// CHECK-LABEL: func.func @loop(
// CHECK: sinter.check T le 512
// CHECK: %[[IDS:.*]] = kernel.move %arg1 at <(d0, d1) -> (d1)>
// CHECK: kernel.gather %arg0[%[[IDS]]]
// CHECK: kernel.repeat 2 carried({{.*}}) stacked({{.*}}) {
// CHECK: ^bb0(%{{.*}}: !kernel.buffer<[B, T, 8], f32>, %{{.*}}: !kernel.buffer<[8], f32>):
// CHECK: kernel.yield %{{.*}} : !kernel.buffer<[B, T, 8], f32>
func.func @loop(%table: !sinter.tensor<[9, 8], f32>, %ids: !sinter.tensor<[T], i32>, %s: !sinter.tensor<[2, 8], f32>, %b: !sinter.tensor<[B], f32>) -> !sinter.tensor<[B, T, 8], f32> {
  sinter.check T le 512, "{0} is too many" [T]
  %i = sinter.view %ids at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, T], i32>
  %e = sinter.gather %table[%i] : !sinter.tensor<[9, 8], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 8], f32>
  %y = sinter.repeat 2 carried(%e) stacked(%s) {
  ^bb0(%c: !sinter.tensor<[B, T, 8], f32>, %l: !sinter.tensor<[8], f32>):
    %v = sinter.view %l at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, T, 8], f32>
    %n = sinter.mul %c, %v : !sinter.tensor<[B, T, 8], f32>
    sinter.yield %n : !sinter.tensor<[B, T, 8], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[2, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return %y : !sinter.tensor<[B, T, 8], f32>
}

// A concatenation reads each input inside its bounds and chooses.
// CHECK-LABEL: func.func @concat(
// CHECK: kernel.pointwise(%arg0 at <(d0, d1) -> (d0, d1 mod 2)>, %arg1 at <(d0, d1)[s0] -> (d0, (d1 - 2) mod s0), [T]>)
// CHECK: %[[I:.*]] = kernel.index 1 : i32
// CHECK: %[[C2:.*]] = arith.constant 2 : i32
// CHECK: %[[LESS:.*]] = arith.cmpi slt, %[[I]], %[[C2]]
// CHECK: arith.select %[[LESS]]
func.func @concat(%a: !sinter.tensor<[B, 2], f32>, %b: !sinter.tensor<[B, T], f32>) -> !sinter.tensor<[B, T + 2], f32> {
  %c = sinter.concat %a, %b axis 1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, T + 2], f32>
  return %c : !sinter.tensor<[B, T + 2], f32>
}
