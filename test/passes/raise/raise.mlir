// RUN: sinter-opt --sinter-raise --split-input-file %s | FileCheck %s
// RUN: sinter-opt --sinter-raise --split-input-file --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s --check-prefix=LOC
// RUN: sinter-opt --sinter-raise --split-input-file --remark-format=emitRemark --remarks-filter=raise %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// The op has the places of all that it replaces.
// CHECK-LABEL: func.func @softmax(
// CHECK-NEXT: %[[Y:.*]] = sinter.softmax %arg0 : !sinter.tensor<[B, 8], f32>
// CHECK-NEXT: return %[[Y]]
// LOC: sinter.softmax {{.*}} loc(fused["text":9:1, {{.*}}"text":5:1
// REMARK: remark: [Passed] softmax | Category:raise | Function=softmax | Remark=raised
func.func @softmax(%x: !sinter.tensor<[B, 8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %m = sinter.max %x axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32> loc("text":5:1)
  %n = sinter.view %m at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32> loc("text":6:1)
  %d = sinter.sub %x, %n : !sinter.tensor<[B, 8], f32> loc("text":7:1)
  %e = sinter.exp %d : !sinter.tensor<[B, 8], f32> loc("text":7:5)
  %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32> loc("text":8:1)
  %t = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.div %e, %t : !sinter.tensor<[B, 8], f32> loc("text":9:1)
  return %y : !sinter.tensor<[B, 8], f32>
}

// -----
// A part that is read by others stays, and is computed as it was.
// CHECK-LABEL: func.func @parts(
// CHECK: %[[E:.*]] = sinter.exp
// CHECK-NOT: sinter.sum
// CHECK: %[[Y:.*]] = sinter.softmax %arg0
// CHECK-NEXT: return %[[Y]], %[[E]]
func.func @parts(%x: !sinter.tensor<[B, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>) {
  %e = sinter.exp %x : !sinter.tensor<[B, 8], f32>
  %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
  %t = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.div %e, %t : !sinter.tensor<[B, 8], f32>
  return %y, %e : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>
}

// -----
// An axis that is not the last goes there and back; a weight may lie in any tensor.
// CHECK-LABEL: func.func @columns(
// CHECK-DAG: %[[X:.*]] = sinter.view %arg0 at <(d0, d1) -> (d1, d0)>
// CHECK-DAG: %[[W:.*]] = sinter.view %arg1 at <(d0) -> (d0, 0)> : !sinter.tensor<[8, 1], f32> -> !sinter.tensor<[8], f32>
// CHECK: %[[N:.*]] = sinter.rms_norm %[[X]] weight(%[[W]] : !sinter.tensor<[8], f32>) eps 1.000000e-01 : !sinter.tensor<[B, 8], f32>
// CHECK: %[[Y:.*]] = sinter.view %[[N]] at <(d0, d1) -> (d1, d0)>
// CHECK-NEXT: return %[[Y]]
func.func @columns(%x: !sinter.tensor<[8, B], f32>, %w: !sinter.tensor<[8, 1], f32>) -> !sinter.tensor<[8, B], f32> {
  %q = sinter.mul %x, %x : !sinter.tensor<[8, B], f32>
  %s = sinter.sum %q axes [0] : !sinter.tensor<[8, B], f32> -> !sinter.tensor<[1, B], f32>
  %c = sinter.constant [8.0] : !sinter.tensor<[1, B], f32>
  %m = sinter.div %s, %c : !sinter.tensor<[1, B], f32>
  %i = sinter.constant [0.1] : !sinter.tensor<[1, B], f32>
  %v = sinter.add %m, %i : !sinter.tensor<[1, B], f32>
  %r = sinter.sqrt %v : !sinter.tensor<[1, B], f32>
  %f = sinter.view %r at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, B], f32> -> !sinter.tensor<[8, B], f32>
  %d = sinter.div %x, %f : !sinter.tensor<[8, B], f32>
  %g = sinter.view %w at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[8, 1], f32> -> !sinter.tensor<[8, B], f32>
  %y = sinter.mul %d, %g : !sinter.tensor<[8, B], f32>
  return %y : !sinter.tensor<[8, B], f32>
}

// -----
// Inside a loop; the weight comes in as a slice.
// CHECK-LABEL: func.func @loop(
// CHECK: sinter.repeat 2
// CHECK-NEXT: ^bb0(%[[C:.*]]: !sinter.tensor<[B, 8], f32>, %[[L:.*]]: !sinter.tensor<[8], f32>)
// CHECK-NEXT: %[[N:.*]] = sinter.rms_norm %[[C]] weight(%[[L]] : !sinter.tensor<[8], f32>) eps 0.000000e+00
// CHECK-NEXT: sinter.yield %[[N]]
func.func @loop(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[2, 8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %o = sinter.repeat 2 carried(%x) stacked(%w) {
  ^bb0(%c: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8], f32>):
    %s = sinter.contract %c, %c "ab,ab->a" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B], f32>
    %n = sinter.constant [8.0] : !sinter.tensor<[B], f32>
    %m = sinter.div %s, %n : !sinter.tensor<[B], f32>
    %h = sinter.constant [-0.5] : !sinter.tensor<[B], f32>
    %r = sinter.pow %m, %h : !sinter.tensor<[B], f32>
    %f = sinter.view %r at <(d0, d1) -> (d0)> : !sinter.tensor<[B], f32> -> !sinter.tensor<[B, 8], f32>
    %g = sinter.view %l at <(d0, d1) -> (d1)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, 8], f32>
    %p = sinter.mul %f, %g : !sinter.tensor<[B, 8], f32>
    %y = sinter.mul %p, %c : !sinter.tensor<[B, 8], f32>
    sinter.yield %y : !sinter.tensor<[B, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8], f32>) -> !sinter.tensor<[B, 8], f32>
  return %o : !sinter.tensor<[B, 8], f32>
}

// -----
// A constant that would swallow the rest does not hide a softmax behind it, nor make one where there is none.
// CHECK-LABEL: func.func @huge(
// CHECK: sinter.sub
// CHECK: sinter.softmax
// CHECK-NOT: sinter.softmax
// CHECK: return
func.func @huge(%x: !sinter.tensor<[B, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>) {
  %h = sinter.constant [1.0e38] : !sinter.tensor<[B, 8], f32>
  %one = sinter.constant [1.0] : !sinter.tensor<[B, 8], f32>
  %a = sinter.add %x, %h : !sinter.tensor<[B, 8], f32>
  %b = sinter.add %a, %one : !sinter.tensor<[B, 8], f32>
  %m = sinter.sub %b, %h : !sinter.tensor<[B, 8], f32>
  %e = sinter.exp %m : !sinter.tensor<[B, 8], f32>
  %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
  %t = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
  %y = sinter.div %e, %t : !sinter.tensor<[B, 8], f32>
  %f = sinter.exp %x : !sinter.tensor<[B, 8], f32>
  %z = sinter.div %f, %t : !sinter.tensor<[B, 8], f32>
  return %y, %z : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>
}

// -----
// The loss of rows; picked from another row or by another label than the sum's it is none.
// CHECK-LABEL: func.func @loss(
// CHECK: sinter.cross_entropy %arg0[%arg2]
// CHECK: sinter.pick
// CHECK-NOT: sinter.cross_entropy
// CHECK: return
func.func @loss(%x: !sinter.tensor<[B, 8], f32>, %y: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[B], i32>) -> (!sinter.tensor<[B], f32>, !sinter.tensor<[B], f32>) {
  %e = sinter.exp %x : !sinter.tensor<[B, 8], f32>
  %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
  %g = sinter.log %s : !sinter.tensor<[B, 1], f32>
  %r = sinter.view %g at <(d0) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B], f32>
  %p = sinter.pick %x[%l] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  %a = sinter.sub %r, %p : !sinter.tensor<[B], f32>
  %q = sinter.pick %y[%l] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  %b = sinter.sub %r, %q : !sinter.tensor<[B], f32>
  return %a, %b : !sinter.tensor<[B], f32>, !sinter.tensor<[B], f32>
}

// -----
// A weight of two axes beside rows, either way round; with its bias where nothing else reads the product.
// CHECK-LABEL: func.func @linear(
// CHECK: %[[A:.*]] = sinter.linear %arg0, %arg1 bias(%arg2 : !sinter.tensor<[4], f32>)
// CHECK: %[[W:.*]] = sinter.view %arg3 at <(d0, d1) -> (d1, d0)>
// CHECK: %[[B:.*]] = sinter.linear %[[A]], %[[W]] :
// CHECK: sinter.contract {{.*}} "abc,adc->abd"
// CHECK-NOT: sinter.linear
// CHECK: return
func.func @linear(%x: !sinter.tensor<[B, T, 8], f32>, %w: !sinter.tensor<[4, 8], f32>, %b: !sinter.tensor<[4], f32>, %v: !sinter.tensor<[4, 2], f32>) -> !sinter.tensor<[B, T, T], f32> {
  %p = sinter.contract %w, %x "dc,abc->abd" : !sinter.tensor<[4, 8], f32>, !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[B, T, 4], f32>
  %s = sinter.view %b at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[4], f32> -> !sinter.tensor<[B, T, 4], f32>
  %y = sinter.add %s, %p : !sinter.tensor<[B, T, 4], f32>
  %z = sinter.contract %y, %v "abc,cd->abd" : !sinter.tensor<[B, T, 4], f32>, !sinter.tensor<[4, 2], f32> -> !sinter.tensor<[B, T, 2], f32>
  %k = sinter.contract %z, %z "abc,adc->abd" : !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32> -> !sinter.tensor<[B, T, T], f32>
  return %k : !sinter.tensor<[B, T, T], f32>
}
