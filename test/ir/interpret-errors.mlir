// RUN: sinter-opt %s --sinter-interpret=sizes=B=3,T=4 --split-input-file --verify-diagnostics
// What the interpreter refuses at run time, and where it says so.

func.func @main(%w: !sinter.tensor<[2, 8], f32>, %i: !sinter.tensor<[B], i32>) -> !sinter.tensor<[B, 8], f32> {
  // expected-error @+1 {{index 2 is out of range: the table has 2 rows}}
  %g = sinter.gather %w[%i] : !sinter.tensor<[2, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B, 8], f32>
  return %g : !sinter.tensor<[B, 8], f32>
}
// -----
func.func @main(%x: !sinter.tensor<[B, 2], f32>, %i: !sinter.tensor<[B], i32>) -> !sinter.tensor<[B], f32> {
  // expected-error @+1 {{index 2 is out of range: a row has 2 entries}}
  %g = sinter.pick %x[%i] : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  return %g : !sinter.tensor<[B], f32>
}
// -----
func.func @main(%w: !kernel.buffer<[2, 8], f32>, %i: !kernel.buffer<[B], i32>) -> !kernel.buffer<[B, 8], f32> {
  // expected-error @+1 {{index 2 is out of range: the table has 2 rows}}
  %g = kernel.gather %w[%i] : !kernel.buffer<[2, 8], f32>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B, 8], f32>
  return %g : !kernel.buffer<[B, 8], f32>
}
// -----
func.func @main(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{4 tokens, but 3 rows}}
  sinter.check T le B, "{0} tokens, but {1} rows" [T, B]
  return
}
// -----
func.func @main(%x: !sinter.tensor<[B], f32>) -> !sinter.tensor<[T], f32> {
  // expected-error @+1 {{dimension T has no value: an input must bind its symbols}}
  %c = sinter.constant [1.0] : !sinter.tensor<[T], f32>
  return %c : !sinter.tensor<[T], f32>
}
// -----
// expected-error @+1 {{no input binds the symbols of 2*N, axis 0 of input 'x'}}
func.func @main(%x: !sinter.tensor<[2*N], f32> {sinter.name = "x"}) {
  return
}
// -----
func.func @main(%x: !sinter.tensor<[B], f32>, %y: !sinter.tensor<[T], f32>) -> !sinter.tensor<[T], f32> {
  // expected-error @+1 {{reads axis 0 of extent 3 from 0 to 3}}
  %c = sinter.view %x at <(d0) -> (d0)> : !sinter.tensor<[B], f32> -> !sinter.tensor<[T], f32>
  return %c : !sinter.tensor<[T], f32>
}
// -----
func.func @main(%x: !sinter.tensor<[B], i32>) -> !sinter.tensor<[B], i32> {
  // expected-error @+1 {{divides by zero}}
  %c = sinter.mod %x, %x : !sinter.tensor<[B], i32>
  return %c : !sinter.tensor<[B], i32>
}
// -----
func.func @main(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{dimension B - T is -1}}
  %c = sinter.constant [1.0] : !sinter.tensor<[B - T], f32>
  return
}
// -----
func.func @main(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{a value of this shape is too large for the interpreter}}
  %c = sinter.constant [1.0] : !sinter.tensor<[100000*T, 100000*B], f32>
  return
}
// -----
func.func @main(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{the reference interpreter knows no meaning of arith.constant}}
  %c = arith.constant 1 : i32
  return
}
