// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What elementwise ops refuse.

func.func @symbols_differ(%a: !sinter.tensor<[B], f32>, %b: !sinter.tensor<[T], f32>) {
  // expected-error @+1 {{failed to verify that all of {lhs, rhs, result} have same type}}
  "sinter.add"(%a, %b) : (!sinter.tensor<[B], f32>, !sinter.tensor<[T], f32>) -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @element(%a: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{operand #0 must be a tensor of f32}}
  "sinter.exp"(%a) : (!sinter.tensor<[B], i32>) -> !sinter.tensor<[B], i32>
  return
}
// -----
func.func @unary(%a: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{failed to verify that all of {input, result} have same type}}
  "sinter.neg"(%a) : (!sinter.tensor<[B], f32>) -> !sinter.tensor<[2*B], f32>
  return
}
// -----
func.func @compare_shape(%a: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{shapes differ: [B] and [T]}}
  sinter.compare lt %a, %a : !sinter.tensor<[B], f32> -> !sinter.tensor<[T], i1>
  return
}
// -----
func.func @select_shape(%c: !sinter.tensor<[T], i1>, %a: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{shapes differ: [B] and [T]}}
  sinter.select %c, %a, %a : !sinter.tensor<[T], i1>, !sinter.tensor<[B], f32>
  return
}
// -----
func.func @cast_shape(%a: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{shapes differ: [B] and [B, 1]}}
  sinter.cast %a : !sinter.tensor<[B], f32> to !sinter.tensor<[B, 1], i32>
  return
}
