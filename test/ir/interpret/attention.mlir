// RUN: sinter-opt %s --sinter-interpret=sizes=B=1,T=3 -o /dev/null | FileCheck %s --match-full-lines
// RUN: sinter-opt %s --sinter-decompose --sinter-interpret=sizes=B=1,T=3 -o /dev/null | FileCheck %s --match-full-lines
// Scores are 0, so weights are equal: over the keys that the mask shows, or over all where it shows none. Query 0 sees
// keys 0 and 1, query 1 none, query 2 key 2. Then the same with `nan`, and with weights that are doubled.
// CHECK: 1x3x2xf32: 1 2 2 3 4 5
// CHECK-NEXT: 1x3x2xf32: 1 2 {{-?}}nan {{-?}}nan 4 5
// CHECK-NEXT: 1x3x2xf32: 4 6 4 6 4 6

func.func @main(%x: !sinter.tensor<[B, T, 2], f32>) -> (!sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>) {
  %m = sinter.constant [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0] : !sinter.tensor<[3, 3], i32>
  %y = sinter.attention %x, %x, %x captures(%m) score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>, %0: !sinter.tensor<[3, 3], i32>):
    %zero = sinter.constant [0.0] : !sinter.tensor<[B, T, T], f32>
    %a = sinter.mul %s, %zero : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } mask empty(uniform) {
  ^bb0(%0: !sinter.tensor<[3, 3], i32>):
    %a = sinter.view %0 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[3, 3], i32> -> !sinter.tensor<[B, T, T], i32>
    %b = sinter.cast %a : !sinter.tensor<[B, T, T], i32> to !sinter.tensor<[B, T, T], i1>
    sinter.yield %b : !sinter.tensor<[B, T, T], i1>
  } : (!sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[3, 3], i32>) -> !sinter.tensor<[B, T, 2], f32>
  %z = sinter.attention %x, %x, %x captures(%m) score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>, %0: !sinter.tensor<[3, 3], i32>):
    %zero = sinter.constant [0.0] : !sinter.tensor<[B, T, T], f32>
    %a = sinter.mul %s, %zero : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } mask empty(nan) {
  ^bb0(%0: !sinter.tensor<[3, 3], i32>):
    %a = sinter.view %0 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[3, 3], i32> -> !sinter.tensor<[B, T, T], i32>
    %b = sinter.cast %a : !sinter.tensor<[B, T, T], i32> to !sinter.tensor<[B, T, T], i1>
    sinter.yield %b : !sinter.tensor<[B, T, T], i1>
  } : (!sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[3, 3], i32>) -> !sinter.tensor<[B, T, 2], f32>
  %w = sinter.attention %x, %x, %x score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    %zero = sinter.constant [0.0] : !sinter.tensor<[B, T, T], f32>
    %a = sinter.mul %s, %zero : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } post {
  ^bb0(%p: !sinter.tensor<[B, T, T], f32>):
    %a = sinter.add %p, %p : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>) -> !sinter.tensor<[B, T, 2], f32>
  return %y, %z, %w : !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>, !sinter.tensor<[B, T, 2], f32>
}
