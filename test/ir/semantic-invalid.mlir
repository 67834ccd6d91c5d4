// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What the semantic ops refuse.

func.func @scalar(%x: !sinter.tensor<[], f32>) {
  // expected-error @+1 {{works along the last axis, but its operand is a scalar}}
  sinter.softmax %x : !sinter.tensor<[], f32>
  return
}
// -----
func.func @weight(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[4], f32>) {
  // expected-error @+1 {{has a weight of shape [4], but the last axis is 8}}
  sinter.layer_norm %x weight(%w : !sinter.tensor<[4], f32>) eps 1.0e-5 : !sinter.tensor<[B, 8], f32>
  return
}
// -----
func.func @bias(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{has a bias of shape [B, 8], but the last axis is 8}}
  sinter.layer_norm %x bias(%w : !sinter.tensor<[B, 8], f32>) eps 1.0e-5 : !sinter.tensor<[B, 8], f32>
  return
}
// -----
func.func @eps(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{needs an eps that is finite and not below 0}}
  sinter.rms_norm %x eps -1.0e-5 : !sinter.tensor<[B, 8], f32>
  return
}
// -----
func.func @element(%x: !sinter.tensor<[B, 8], i32>) {
  // expected-error @+1 {{must be a tensor of f32}}
  sinter.activation silu %x : !sinter.tensor<[B, 8], i32>
  return
}
// -----
func.func @labels(%x: !sinter.tensor<[B, T, 8], f32>, %l: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{has labels of shape [B], but rows [B, T]}}
  sinter.cross_entropy %x[%l] : !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @losses(%x: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{has a result of shape [B, 1], but rows [B]}}
  sinter.cross_entropy %x[%l] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B, 1], f32>
  return
}
// -----
func.func @nothing(%x: !sinter.tensor<[], f32>) {
  // expected-error @+1 {{works along the last axis, but its operand is a scalar}}
  sinter.log_softmax %x : !sinter.tensor<[], f32>
  return
}
// -----
func.func @zero(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{needs an eps above 0: a row of zeros has no length}}
  sinter.l2_normalize %x eps 0.0 : !sinter.tensor<[B, 8], f32>
  return
}
// -----
func.func @below(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{needs an eps that is finite and not below 0}}
  sinter.l2_normalize %x eps -1.0 : !sinter.tensor<[B, 8], f32>
  return
}
// -----
func.func @stack(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[2, 4, 8], f32>) {
  // expected-error @+1 {{needs a weight of two axes, not of shape [2, 4, 8]}}
  sinter.linear %x, %w : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 4, 8], f32> -> !sinter.tensor<[B, 4], f32>
  return
}
// -----
func.func @transposed(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[8, 4], f32>) {
  // expected-error @+1 {{has a weight of shape [8, 4], but rows of 8}}
  sinter.linear %x, %w : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 4], f32>
  return
}
// -----
func.func @columns(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[4, 8], f32>, %b: !sinter.tensor<[8], f32>) {
  // expected-error @+1 {{has a bias of shape [8], but 4 columns}}
  sinter.linear %x, %w bias(%b : !sinter.tensor<[8], f32>) : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 4], f32>
  return
}
// -----
func.func @result(%x: !sinter.tensor<[B, 8], f32>, %w: !sinter.tensor<[4, 8], f32>) {
  // expected-error @+1 {{has a result of shape [B, 8], expected [B, 4]}}
  sinter.linear %x, %w : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 8], f32>
  return
}
