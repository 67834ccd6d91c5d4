// RUN: sinter-opt --sinter-raise --split-input-file %s | FileCheck %s
// RUN: sinter-opt --sinter-raise --split-input-file --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s --check-prefix=LOC
// RUN: sinter-opt --sinter-raise --split-input-file --remark-format=emitRemark --remarks-filter=raise %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: sinter-opt --sinter-raise --sinter-decompose --sinter-raise --split-input-file %s | FileCheck %s

// Keys that are laid out otherwise, scores that are transposed, the sum taken out of the values' product: all of it is
// maps and algebra. The op has the places of all that it replaces, the last first; the remark that of the last.
// CHECK-LABEL: func.func @elsewhere(
// CHECK-NEXT: %[[K:.*]] = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, 8, S], f32> -> !sinter.tensor<[B, S, 8], f32>
// CHECK-NEXT: %[[O:.*]] = sinter.attention %arg0, %[[K]], %arg2 score {
// CHECK-NEXT: ^bb0(%[[S:.*]]: !sinter.tensor<[B, T, S], f32>):
// CHECK-NEXT: %[[C:.*]] = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, S], f32>
// CHECK-NEXT: %[[A:.*]] = sinter.mul %[[S]], %[[C]] : !sinter.tensor<[B, T, S], f32>
// CHECK-NEXT: sinter.yield %[[A]] : !sinter.tensor<[B, T, S], f32>
// CHECK-NEXT: } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, S, 8], f32>, !sinter.tensor<[B, S, 4], f32>) -> !sinter.tensor<[B, T, 4], f32>
// CHECK-NEXT: return %[[O]]
// LOC: sinter.attention
// LOC: loc(fused["text":9:1, {{.*}}"text":5:1
// REMARK: text:9:1: remark: [Passed] attention | Category:raise | Function=elsewhere | Remark=raised
func.func @elsewhere(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, 8, S], f32>, %v: !sinter.tensor<[B, S, 4], f32>) -> !sinter.tensor<[B, T, 4], f32> {
  %s = sinter.contract %k, %q "abc,adb->acd" : !sinter.tensor<[B, 8, S], f32>, !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[B, S, T], f32> loc("text":5:1)
  %c = sinter.constant [0.5] : !sinter.tensor<[B, S, T], f32>
  %a = sinter.mul %s, %c : !sinter.tensor<[B, S, T], f32> loc("text":6:1)
  %e = sinter.exp %a : !sinter.tensor<[B, S, T], f32> loc("text":7:1)
  %z = sinter.sum %e axes [1] : !sinter.tensor<[B, S, T], f32> -> !sinter.tensor<[B, 1, T], f32> loc("text":8:1)
  %o = sinter.contract %e, %v "abc,abd->acd" : !sinter.tensor<[B, S, T], f32>, !sinter.tensor<[B, S, 4], f32> -> !sinter.tensor<[B, T, 4], f32> loc("text":8:5)
  %w = sinter.view %z at <(d0, d1, d2) -> (d0, 0, d1)> : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, T, 4], f32>
  %y = sinter.div %o, %w : !sinter.tensor<[B, T, 4], f32> loc("text":9:1)
  return %y : !sinter.tensor<[B, T, 4], f32>
}

// -----
// In a loop: queries read a key of their group; the mask from outside is a capture, what it is compared with a copy.
// CHECK-LABEL: func.func @layers(
// CHECK: sinter.repeat 2
// CHECK: %[[Q:.*]] = sinter.view %{{.*}} at <(d0, d1, d2, d3) -> (d0, d2, d1 * 8 + d3)>
// CHECK: %[[K:.*]] = sinter.view %{{.*}} at <(d0, d1, d2, d3) -> (d0, d2, d3 + (d1 floordiv 2) * 8)>
// CHECK: sinter.attention %[[Q]], %[[K]], %[[K]] captures(%arg1) score {
// CHECK-NEXT: ^bb0(%[[S:.*]]: !sinter.tensor<[B, 4, T, T], f32>, %{{.*}}: !sinter.tensor<[B, T], i32>):
// CHECK-NEXT: sinter.yield %[[S]]
// CHECK-NEXT: } mask empty(uniform) {
// CHECK-NEXT: ^bb0(%[[M:.*]]: !sinter.tensor<[B, T], i32>):
// CHECK-NEXT: %[[V:.*]] = sinter.view %[[M]] at <(d0, d1, d2, d3) -> (d0, d3)>
// CHECK-NEXT: %[[B:.*]] = sinter.cast %[[V]]
// CHECK-NEXT: sinter.yield %[[B]]
// CHECK-NOT: sinter.{{exp|softmax|select|contract}}
func.func @layers(%x: !sinter.tensor<[B, T, 32], f32>, %m: !sinter.tensor<[B, T], i32>) -> !sinter.tensor<[B, T, 32], f32> {
  %b = sinter.cast %m : !sinter.tensor<[B, T], i32> to !sinter.tensor<[B, T], i1>
  %y = sinter.repeat 2 carried(%x) {
  ^bb0(%c: !sinter.tensor<[B, T, 32], f32>):
    %q = sinter.view %c at <(d0, d1, d2, d3) -> (d0, d2, d1 * 8 + d3)> : !sinter.tensor<[B, T, 32], f32> -> !sinter.tensor<[B, 4, T, 8], f32>
    %k = sinter.view %c at <(d0, d1, d2, d3) -> (d0, d2, d1 floordiv 2 * 8 + d3)> : !sinter.tensor<[B, T, 32], f32> -> !sinter.tensor<[B, 4, T, 8], f32>
    %s = sinter.contract %q, %k "abcd,abed->abce" : !sinter.tensor<[B, 4, T, 8], f32>, !sinter.tensor<[B, 4, T, 8], f32> -> !sinter.tensor<[B, 4, T, T], f32>
    %low = sinter.constant [-1.0e30] : !sinter.tensor<[B, 4, T, T], f32>
    %seen = sinter.view %b at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], i1> -> !sinter.tensor<[B, 4, T, T], i1>
    %a = sinter.select %seen, %s, %low : !sinter.tensor<[B, 4, T, T], i1>, !sinter.tensor<[B, 4, T, T], f32>
    %p = sinter.softmax %a : !sinter.tensor<[B, 4, T, T], f32>
    %o = sinter.contract %p, %k "abcd,abde->abce" : !sinter.tensor<[B, 4, T, T], f32>, !sinter.tensor<[B, 4, T, 8], f32> -> !sinter.tensor<[B, 4, T, 8], f32>
    %n = sinter.view %o at <(d0, d1, d2) -> (d0, d2 floordiv 8, d1, d2 mod 8)> : !sinter.tensor<[B, 4, T, 8], f32> -> !sinter.tensor<[B, T, 32], f32>
    sinter.yield %n : !sinter.tensor<[B, T, 32], f32>
  } : (!sinter.tensor<[B, T, 32], f32>) -> !sinter.tensor<[B, T, 32], f32>
  return %y : !sinter.tensor<[B, T, 32], f32>
}

// -----
// One query for each batch, and products that are written as a sum: axes of extent 1 are made.
// CHECK-LABEL: func.func @pooled(
// CHECK: %[[Q:.*]] = sinter.view %arg1 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, 1, 8], f32>
// CHECK: %[[O:.*]] = sinter.attention %[[Q]], %arg0, %arg0 score {
// CHECK: %[[Y:.*]] = sinter.view %[[O]] at <(d0, d1) -> (d0, 0, d1)> : !sinter.tensor<[B, 1, 8], f32> -> !sinter.tensor<[B, 8], f32>
// CHECK-NEXT: return %[[Y]]
func.func @pooled(%x: !sinter.tensor<[B, T, 8], f32>, %w: !sinter.tensor<[8], f32>) -> !sinter.tensor<[B, 8], f32> {
  %s = sinter.contract %x, %w "abc,c->ab" : !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[8], f32> -> !sinter.tensor<[B, T], f32>
  %p = sinter.softmax %s : !sinter.tensor<[B, T], f32>
  %o = sinter.contract %p, %x "ab,abc->ac" : !sinter.tensor<[B, T], f32>, !sinter.tensor<[B, T, 8], f32> -> !sinter.tensor<[B, 8], f32>
  return %o : !sinter.tensor<[B, 8], f32>
}
