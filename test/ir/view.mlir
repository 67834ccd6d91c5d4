// RUN: sinter-opt %s --canonicalize --split-input-file | FileCheck %s
// Views of views, identities, views of constants, and the canonical form of maps.

// Heads split and joined again.
// CHECK-LABEL: func.func @split_and_join
// CHECK-SAME: %[[X:.*]]: !sinter.tensor<[B, T, 768], f32>
// CHECK-NEXT: return %[[X]] :
func.func @split_and_join(%x: !sinter.tensor<[B, T, 768], f32>) -> !sinter.tensor<[B, T, 768], f32> {
  %h = sinter.view %x at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> : !sinter.tensor<[B, T, 768], f32> -> !sinter.tensor<[B, 12, T, 64], f32>
  %y = sinter.view %h at <(d0, d1, d2) -> (d0, d2 floordiv 64, d1, d2 mod 64)> : !sinter.tensor<[B, 12, T, 64], f32> -> !sinter.tensor<[B, T, 768], f32>
  return %y : !sinter.tensor<[B, T, 768], f32>
}
// -----
// B and T merged, then split again: symbolic divisors.
// CHECK-LABEL: func.func @merge_and_split
// CHECK-SAME: %[[X:.*]]: !sinter.tensor<[B, T, 4], f32>
// CHECK-NEXT: return %[[X]] :
func.func @merge_and_split(%x: !sinter.tensor<[B, T, 4], f32>) -> !sinter.tensor<[B, T, 4], f32> {
  %m = sinter.view %x at <(d0, d1)[s0] -> (d0 floordiv s0, d0 mod s0, d1), [T]> : !sinter.tensor<[B, T, 4], f32> -> !sinter.tensor<[B*T, 4], f32>
  %y = sinter.view %m at <(d0, d1, d2)[s0] -> (d0 * s0 + d1, d2), [T]> : !sinter.tensor<[B*T, 4], f32> -> !sinter.tensor<[B, T, 4], f32>
  return %y : !sinter.tensor<[B, T, 4], f32>
}
// -----
// (3 * 4 * 8) read back through another split: c*(x floordiv c) + x mod c = x on three levels.
// CHECK-LABEL: func.func @rejoin
// CHECK: sinter.view %{{.*}} at <(d0) -> (d0)> : !sinter.tensor<[96], f32> -> !sinter.tensor<[90], f32>
func.func @rejoin(%x: !sinter.tensor<[96], f32>) -> !sinter.tensor<[90], f32> {
  %y = sinter.view %x at <(d0) -> ((d0 floordiv 32) * 32 + ((d0 floordiv 8) mod 4) * 8 + d0 mod 8)> : !sinter.tensor<[96], f32> -> !sinter.tensor<[90], f32>
  return %y : !sinter.tensor<[90], f32>
}
// -----
// What the range does not decide stays.
// CHECK-LABEL: func.func @stays
// CHECK: sinter.view %{{.*}} at <(d0) -> (d0 floordiv 64, d0 mod 64)>
func.func @stays(%x: !sinter.tensor<[12, 64], f32>) -> !sinter.tensor<[768], f32> {
  %y = sinter.view %x at <(d0) -> (d0 floordiv 64, d0 mod 64)> : !sinter.tensor<[12, 64], f32> -> !sinter.tensor<[768], f32>
  return %y : !sinter.tensor<[768], f32>
}
// -----
// Split by 768 after a merge by 64: the common factor leaves the division.
// CHECK-LABEL: func.func @common_factor
// CHECK: sinter.view %{{.*}} at <(d0, d1) -> (d0 floordiv 12, d1 + (d0 mod 12) * 64)>
func.func @common_factor(%x: !sinter.tensor<[T, 768], f32>) -> !sinter.tensor<[12*T, 64], f32> {
  %a = sinter.view %x at <(d0) -> (d0 floordiv 768, d0 mod 768)> : !sinter.tensor<[T, 768], f32> -> !sinter.tensor<[768*T], f32>
  %b = sinter.view %a at <(d0, d1, d2) -> (d0 * 768 + d1 * 64 + d2)> : !sinter.tensor<[768*T], f32> -> !sinter.tensor<[T, 12, 64], f32>
  %y = sinter.view %b at <(d0, d1) -> (d0 floordiv 12, d0 mod 12, d1)> : !sinter.tensor<[T, 12, 64], f32> -> !sinter.tensor<[12*T, 64], f32>
  %m = sinter.view %y at <(d0, d1) -> (d0, d1)> : !sinter.tensor<[12*T, 64], f32> -> !sinter.tensor<[12*T, 64], f32>
  return %m : !sinter.tensor<[12*T, 64], f32>
}
// -----
// CHECK-LABEL: func.func @transpose_and_slice
// CHECK: sinter.view %{{.*}} at <(d0)[s0] -> (d0 + 1, s0), [T - 1]> : !sinter.tensor<[9, T], f32> -> !sinter.tensor<[8], f32>
func.func @transpose_and_slice(%x: !sinter.tensor<[9, T], f32>) -> !sinter.tensor<[8], f32> {
  %t = sinter.view %x at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[9, T], f32> -> !sinter.tensor<[T, 9], f32>
  %s = sinter.view %t at <(d0, d1)[s0] -> (s0, d1 + 1), [T - 1]> : !sinter.tensor<[T, 9], f32> -> !sinter.tensor<[1, 8], f32>
  %y = sinter.view %s at <(d0) -> (0, d0)> : !sinter.tensor<[1, 8], f32> -> !sinter.tensor<[8], f32>
  return %y : !sinter.tensor<[8], f32>
}
// -----
// CHECK-LABEL: func.func @constants
// CHECK-DAG: %[[A:.*]] = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T], f32>
// CHECK-DAG: %[[B:.*]] = sinter.constant [3.000000e+00, 6.000000e+00, 2.000000e+00, 5.000000e+00] : !sinter.tensor<[2, 2], f32>
// CHECK: return %[[A]], %[[B]]
func.func @constants() -> (!sinter.tensor<[B, T], f32>, !sinter.tensor<[2, 2], f32>) {
  %one = sinter.constant [1.0] : !sinter.tensor<[], f32>
  %a = sinter.view %one at <(d0, d1) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, T], f32>
  %c = sinter.constant [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] : !sinter.tensor<[2, 3], f32>
  %b = sinter.view %c at <(d0, d1) -> (d1, -d0 + 2)> : !sinter.tensor<[2, 3], f32> -> !sinter.tensor<[2, 2], f32>
  return %a, %b : !sinter.tensor<[B, T], f32>, !sinter.tensor<[2, 2], f32>
}
