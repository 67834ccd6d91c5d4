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
