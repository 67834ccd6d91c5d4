// RUN: sinter-opt %s --canonicalize --split-input-file | FileCheck %s
// Folding in float64, identities, and what must stay.

// CHECK-LABEL: func.func @constants
// CHECK-DAG: sinter.constant [3.500000e+00] : !sinter.tensor<[T], f32>
// CHECK-DAG: sinter.constant [-2.000000e+00, 3.000000e+00] : !sinter.tensor<[2], i32>
// CHECK-DAG: sinter.constant [1.000000e+00, 0.000000e+00] : !sinter.tensor<[2], i1>
// CHECK-NOT: sinter.add
// CHECK: return
func.func @constants() -> (!sinter.tensor<[T], f32>, !sinter.tensor<[2], i32>, !sinter.tensor<[2], i1>) {
  %a = sinter.constant [1.5] : !sinter.tensor<[T], f32>
  %b = sinter.constant [2.0] : !sinter.tensor<[T], f32>
  %c = sinter.add %a, %b : !sinter.tensor<[T], f32>
  %i = sinter.constant [-7.0, 10.0] : !sinter.tensor<[2], i32>
  %three = sinter.constant [4.0, 3.0] : !sinter.tensor<[2], i32>
  %q = sinter.floordiv %i, %three : !sinter.tensor<[2], i32>
  %p = sinter.compare lt %i, %three : !sinter.tensor<[2], i32> -> !sinter.tensor<[2], i1>
  return %c, %q, %p : !sinter.tensor<[T], f32>, !sinter.tensor<[2], i32>, !sinter.tensor<[2], i1>
}
// -----
// CHECK-LABEL: func.func @unary
// CHECK-DAG: %[[A:.*]] = sinter.constant [1.000000e+00]
// CHECK-DAG: %[[B:.*]] = sinter.constant [1.3862943611198906]
// CHECK-DAG: %[[C:.*]] = sinter.constant [2.000000e+00]
// CHECK-DAG: %[[D:.*]] = sinter.constant [0.000000e+00]
// CHECK-DAG: %[[E:.*]] = sinter.constant [-1.000000e+00]
// CHECK-DAG: %[[F:.*]] = sinter.constant [7.000000e+00]
// CHECK: sinter.concat %[[A]], %[[B]], %[[C]], %[[D]], %[[E]], %[[F]] axis 0
func.func @unary() -> !sinter.tensor<[6], f32> {
  %zero = sinter.constant [0.0] : !sinter.tensor<[1], f32>
  %four = sinter.constant [4.0] : !sinter.tensor<[1], f32>
  %low = sinter.constant [-0.5] : !sinter.tensor<[1], f32>
  %seven = sinter.constant [-7.0] : !sinter.tensor<[1], f32>
  %a = sinter.exp %zero : !sinter.tensor<[1], f32>
  %b = sinter.log %four : !sinter.tensor<[1], f32>
  %c = sinter.sqrt %four : !sinter.tensor<[1], f32>
  %d = sinter.erf %zero : !sinter.tensor<[1], f32>
  %e = sinter.floor %low : !sinter.tensor<[1], f32>
  %f = sinter.abs %seven : !sinter.tensor<[1], f32>
  %r = sinter.concat %a, %b, %c, %d, %e, %f axis 0 : !sinter.tensor<[1], f32>, !sinter.tensor<[1], f32>, !sinter.tensor<[1], f32>, !sinter.tensor<[1], f32>, !sinter.tensor<[1], f32>, !sinter.tensor<[1], f32> -> !sinter.tensor<[6], f32>
  return %r : !sinter.tensor<[6], f32>
}
// -----
// A result that is not finite, or no i32, is left alone.
// CHECK-LABEL: func.func @not_finite
// CHECK: sinter.div
// CHECK: sinter.log
// CHECK: sinter.exp
// CHECK: sinter.floordiv
// CHECK: sinter.mul
// CHECK: sinter.cast
func.func @not_finite() -> (!sinter.tensor<[], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[], i32>, !sinter.tensor<[], i32>, !sinter.tensor<[], i32>) {
  %zero = sinter.constant [0.0] : !sinter.tensor<[], f32>
  %one = sinter.constant [1.0] : !sinter.tensor<[], f32>
  %big = sinter.constant [1.0e5] : !sinter.tensor<[], f32>
  %huge = sinter.constant [1.0e38] : !sinter.tensor<[], f32>
  %izero = sinter.constant [0.0] : !sinter.tensor<[], i32>
  %ibig = sinter.constant [2147483647.0] : !sinter.tensor<[], i32>
  %a = sinter.div %one, %zero : !sinter.tensor<[], f32>
  %b = sinter.log %zero : !sinter.tensor<[], f32>
  %c = sinter.exp %big : !sinter.tensor<[], f32>
  %d = sinter.floordiv %ibig, %izero : !sinter.tensor<[], i32>
  %e = sinter.mul %ibig, %ibig : !sinter.tensor<[], i32>
  %f = sinter.cast %huge : !sinter.tensor<[], f32> to !sinter.tensor<[], i32>
  return %a, %b, %c, %d, %e, %f : !sinter.tensor<[], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[], f32>, !sinter.tensor<[], i32>, !sinter.tensor<[], i32>, !sinter.tensor<[], i32>
}
// -----
// CHECK-LABEL: func.func @identities
// CHECK-SAME: %[[X:.*]]: !sinter.tensor<[T], f32>
// CHECK-NEXT: return %[[X]] :
func.func @identities(%x: !sinter.tensor<[T], f32>) -> !sinter.tensor<[T], f32> {
  %zero = sinter.constant [0.0] : !sinter.tensor<[T], f32>
  %one = sinter.constant [1.0] : !sinter.tensor<[T], f32>
  %true = sinter.constant [1.0] : !sinter.tensor<[T], i1>
  %0 = sinter.add %zero, %x : !sinter.tensor<[T], f32>
  %1 = sinter.sub %0, %zero : !sinter.tensor<[T], f32>
  %2 = sinter.mul %one, %1 : !sinter.tensor<[T], f32>
  %3 = sinter.div %2, %one : !sinter.tensor<[T], f32>
  %4 = sinter.pow %3, %one : !sinter.tensor<[T], f32>
  %5 = sinter.neg %4 : !sinter.tensor<[T], f32>
  %6 = sinter.neg %5 : !sinter.tensor<[T], f32>
  %7 = sinter.maximum %6, %6 : !sinter.tensor<[T], f32>
  %8 = sinter.minimum %7, %7 : !sinter.tensor<[T], f32>
  %9 = sinter.select %true, %8, %zero : !sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>
  return %9 : !sinter.tensor<[T], f32>
}
// -----
// CHECK-LABEL: func.func @booleans
// CHECK-SAME: %[[P:.*]]: !sinter.tensor<[T], i1>, %[[X:.*]]: !sinter.tensor<[T], f32>
// CHECK: %[[FALSE:.*]] = sinter.constant [0.000000e+00] : !sinter.tensor<[T], i1>
// CHECK: return %[[P]], %[[P]], %[[FALSE]], %[[X]], %[[P]] :
func.func @booleans(%p: !sinter.tensor<[T], i1>, %x: !sinter.tensor<[T], f32>) -> (!sinter.tensor<[T], i1>, !sinter.tensor<[T], i1>, !sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>, !sinter.tensor<[T], i1>) {
  %true = sinter.constant [1.0] : !sinter.tensor<[T], i1>
  %false = sinter.constant [0.0] : !sinter.tensor<[T], i1>
  %a = sinter.and %p, %true : !sinter.tensor<[T], i1>
  %b = sinter.or %false, %p : !sinter.tensor<[T], i1>
  %c = sinter.and %false, %p : !sinter.tensor<[T], i1>
  %d = sinter.select %p, %x, %x : !sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>
  %n = sinter.not %p : !sinter.tensor<[T], i1>
  %e = sinter.not %n : !sinter.tensor<[T], i1>
  return %a, %b, %c, %d, %e : !sinter.tensor<[T], i1>, !sinter.tensor<[T], i1>, !sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>, !sinter.tensor<[T], i1>
}
// -----
// A wider type between keeps integers and booleans; a narrower one does not keep reals.
// CHECK-LABEL: func.func @casts
// CHECK-SAME: %[[P:.*]]: !sinter.tensor<[T], i1>, %[[X:.*]]: !sinter.tensor<[T], f32>
// CHECK: %[[B:.*]] = sinter.cast %[[P]] : !sinter.tensor<[T], i1> to !sinter.tensor<[T], f32>
// CHECK: %[[I:.*]] = sinter.cast %[[X]] : !sinter.tensor<[T], f32> to !sinter.tensor<[T], i32>
// CHECK: %[[C:.*]] = sinter.cast %[[I]] : !sinter.tensor<[T], i32> to !sinter.tensor<[T], f32>
// CHECK: return %[[P]], %[[B]], %[[C]] :
func.func @casts(%p: !sinter.tensor<[T], i1>, %x: !sinter.tensor<[T], f32>) -> (!sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>, !sinter.tensor<[T], f32>) {
  %0 = sinter.cast %p : !sinter.tensor<[T], i1> to !sinter.tensor<[T], i32>
  %a = sinter.cast %0 : !sinter.tensor<[T], i32> to !sinter.tensor<[T], i1>
  %b = sinter.cast %0 : !sinter.tensor<[T], i32> to !sinter.tensor<[T], f32>
  %1 = sinter.cast %x : !sinter.tensor<[T], f32> to !sinter.tensor<[T], i32>
  %c = sinter.cast %1 : !sinter.tensor<[T], i32> to !sinter.tensor<[T], f32>
  return %a, %b, %c : !sinter.tensor<[T], i1>, !sinter.tensor<[T], f32>, !sinter.tensor<[T], f32>
}
// -----
// CHECK-LABEL: func.func @sizes
// CHECK-DAG: sinter.dim T
// CHECK-DAG: sinter.constant [7.680000e+02]
// CHECK: sinter.check T le 512
// CHECK-NOT: sinter.check
func.func @sizes(%x: !sinter.tensor<[T], f32>) -> (!sinter.tensor<[], f32>, !sinter.tensor<[], f32>) {
  %0 = sinter.dim 768 : !sinter.tensor<[], f32>
  %1 = sinter.dim T : !sinter.tensor<[], f32>
  sinter.check 3 le 512, "always" []
  sinter.check T ge 1, "always" []
  sinter.check T lt T + 1, "always" []
  sinter.check T ne 0, "always" []
  sinter.check T le 512, "sometimes" []
  return %0, %1 : !sinter.tensor<[], f32>, !sinter.tensor<[], f32>
}
