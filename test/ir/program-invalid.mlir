// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What parameters, repeats and checks refuse.

// expected-error @+1 {{has several names, but is not stacked}}
sinter.parameter @p ["a", "b"] : !sinter.tensor<[2], f32>
// -----
// expected-error @+1 {{needs at least one name}}
sinter.parameter @p [] : !sinter.tensor<[2], f32>
// -----
// expected-error @+1 {{stacks 2 tensors, but the leading axis of '!sinter.tensor<[3], f32>' differs}}
sinter.parameter @p stacked ["a", "b"] : !sinter.tensor<[3], f32>
// -----
func.func @f() {
  // expected-error @+1 {{names no sinter.parameter: @p}}
  sinter.read @p : !sinter.tensor<[2], f32>
  return
}
// -----
// expected-note @+1 {{declared here}}
sinter.parameter @p ["a"] : !sinter.tensor<[2], f32>
func.func @f() {
  // expected-error @+1 {{gives '!sinter.tensor<[3], f32>', but the parameter is '!sinter.tensor<[2], f32>'}}
  sinter.read @p : !sinter.tensor<[3], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{runs its body 0 times}}
  sinter.repeat 0 carried(%x) {
  ^bb0(%c: !sinter.tensor<[2], f32>):
    sinter.yield %c : !sinter.tensor<[2], f32>
  } : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[2], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{has 1 operands, but its body 0 arguments}}
  sinter.repeat 3 carried(%x) {
    sinter.yield %x : !sinter.tensor<[2], f32>
  } : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[2], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{the leading axis of '!sinter.tensor<[2], f32>' is not the count 3}}
  sinter.repeat 3 stacked(%x) {
  ^bb0(%c: !sinter.tensor<[], f32>):
    sinter.yield
  } : (!sinter.tensor<[2], f32>) -> ()
  return
}
// -----
func.func @f(%x: !sinter.tensor<[3], f32>) {
  // expected-error @+1 {{argument 0 of the body is '!sinter.tensor<[3], f32>', but should be '!sinter.tensor<[], f32>'}}
  sinter.repeat 3 stacked(%x) {
  ^bb0(%c: !sinter.tensor<[3], f32>):
    sinter.yield
  } : (!sinter.tensor<[3], f32>) -> ()
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{yields 0 values, carries 1 and has 1 results}}
  sinter.repeat 3 carried(%x) {
  ^bb0(%c: !sinter.tensor<[2], f32>):
    sinter.yield
  } : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[2], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>, %y: !sinter.tensor<[3], f32>) {
  // expected-error @+1 {{yields '!sinter.tensor<[3], f32>' for result 0, but '!sinter.tensor<[2], f32>' is expected}}
  sinter.repeat 3 carried(%x) {
  ^bb0(%c: !sinter.tensor<[2], f32>):
    sinter.yield %y : !sinter.tensor<[3], f32>
  } : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[2], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>, %y: !sinter.tensor<[3], f32>) {
  // expected-error @+1 {{carries '!sinter.tensor<[2], f32>' in, but '!sinter.tensor<[3], f32>' out}}
  sinter.repeat 3 carried(%x) {
  ^bb0(%c: !sinter.tensor<[2], f32>):
    sinter.yield %y : !sinter.tensor<[3], f32>
  } : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[3], f32>
  return
}
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{the body must end in a yield of its dialect}}
  "sinter.repeat"(%x) <{count = 3 : i64, operandSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%c: !sinter.tensor<[2], f32>):
    "kernel.yield"(%c) : (!sinter.tensor<[2], f32>) -> ()
  }) : (!sinter.tensor<[2], f32>) -> !sinter.tensor<[2], f32>
  return
}
// -----
// expected-error @+1 {{never holds: 600 le 512}}
sinter.check 600 le 512, "too long" []
// -----
// expected-error @+1 {{expected one of eq, ne, lt, le, gt, ge}}
sinter.check T than 512, "too long" []
// -----
func.func @f(%x: !sinter.tensor<[2], f32>) {
  // expected-error @+1 {{expects parent op to be one of 'sinter.repeat, sinter.attention'}}
  sinter.yield %x : !sinter.tensor<[2], f32>
}
