// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What the ops refuse that make, move and combine tensors.

func.func @constant_count() {
  // expected-error @+1 {{has 2 values for shape [3]; one, or one for each element, is expected}}
  sinter.constant [1.0, 2.0] : !sinter.tensor<[3], f32>
  return
}
// -----
func.func @constant_symbolic() {
  // expected-error @+1 {{has 2 values for shape [T]}}
  sinter.constant [1.0, 2.0] : !sinter.tensor<[T], f32>
  return
}
// -----
func.func @constant_infinite() {
  // expected-error @+1 {{has a value that is not finite}}
  sinter.constant [0x7FF0000000000000] : !sinter.tensor<[], f32>
  return
}
// -----
func.func @constant_i32() {
  // expected-error @+1 {{has the value 1.500000e+00, which is no i32}}
  sinter.constant [1.5] : !sinter.tensor<[], i32>
  return
}
// -----
func.func @constant_i1() {
  // expected-error @+1 {{has the value 2.000000e+00, which is no i1}}
  sinter.constant [2.0] : !sinter.tensor<[], i1>
  return
}
// -----
func.func @dim_rank() {
  // expected-error @+1 {{gives a scalar}}
  sinter.dim T : !sinter.tensor<[1], f32>
  return
}
// -----
func.func @iota_rank() {
  // expected-error @+1 {{gives rank 1}}
  sinter.iota : !sinter.tensor<[2, 2], i32>
  return
}
// -----
func.func @view_rank(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{maps 1 indices to 2, but the result has rank 2 and the input rank 2}}
  sinter.view %x at <(d0) -> (d0, d0)> : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, T], f32>
  return
}
// -----
func.func @view_element(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{gives elements of 'i32', but the operands' are 'f32'}}
  sinter.view %x at <(d0) -> (d0)> : !sinter.tensor<[B], f32> -> !sinter.tensor<[B], i32>
  return
}
// -----
func.func @view_outside(%x: !sinter.tensor<[4], f32>) {
  // expected-error @+1 {{reads axis 0 of '!sinter.tensor<[4], f32>' from 1 to 4}}
  sinter.view %x at <(d0) -> (d0 + 1)> : !sinter.tensor<[4], f32> -> !sinter.tensor<[4], f32>
  return
}
// -----
func.func @view_outside_symbolic(%x: !sinter.tensor<[T], f32>) {
  // expected-error @+1 {{reads axis 0 of '!sinter.tensor<[T], f32>' from 0 to T}}
  sinter.view %x at <(d0) -> (d0)> : !sinter.tensor<[T], f32> -> !sinter.tensor<[T + 1], f32>
  return
}
// -----
func.func @view_below(%x: !sinter.tensor<[T], f32>) {
  // expected-error @+1 {{from -1 to T - 2}}
  sinter.view %x at <(d0) -> (d0 - 1)> : !sinter.tensor<[T], f32> -> !sinter.tensor<[T], f32>
  return
}
// -----
func.func @concat_axis(%x: !sinter.tensor<[T], f32>) {
  // expected-error @+1 {{axis 1 is not below the rank 1}}
  sinter.concat %x axis 1 : !sinter.tensor<[T], f32> -> !sinter.tensor<[T], f32>
  return
}
// -----
func.func @concat_other(%x: !sinter.tensor<[B, 2], f32>, %y: !sinter.tensor<[T, 2], f32>) {
  // expected-error @+1 {{shapes [B, 2] and [T, 2] differ outside axis 1}}
  sinter.concat %x, %y axis 1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[T, 2], f32> -> !sinter.tensor<[B, 4], f32>
  return
}
// -----
func.func @concat_sum(%x: !sinter.tensor<[B, 2], f32>) {
  // expected-error @+1 {{gives shape [B, 5], but [B, 4] follows from the operands}}
  sinter.concat %x, %x axis 1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, 2], f32> -> !sinter.tensor<[B, 5], f32>
  return
}
// -----
func.func @concat_element(%x: !sinter.tensor<[2], f32>, %y: !sinter.tensor<[2], i32>) {
  // expected-error @+1 {{gives elements of 'i32', but the operands' are 'f32'}}
  sinter.concat %x, %y axis 0 : !sinter.tensor<[2], f32>, !sinter.tensor<[2], i32> -> !sinter.tensor<[4], f32>
  return
}
// -----
func.func @concat_nothing() {
  // expected-error @+1 {{needs an input}}
  "sinter.concat"() <{axis = 0 : i64}> : () -> !sinter.tensor<[4], f32>
  return
}
// -----
func.func @gather_scalar(%w: !sinter.tensor<[], f32>, %i: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{the table has no axis}}
  sinter.gather %w[%i] : !sinter.tensor<[], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @gather_shape(%w: !sinter.tensor<[9, 4], f32>, %i: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{gives shape [B, 5], but [B, 4] follows from the operands}}
  sinter.gather %w[%i] : !sinter.tensor<[9, 4], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B, 5], f32>
  return
}
// -----
func.func @pick_rows(%x: !sinter.tensor<[B, 8], f32>, %i: !sinter.tensor<[T], i32>) {
  // expected-error @+1 {{the ids have shape [T], the input's rows [B]}}
  sinter.pick %x[%i] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[T], i32> -> !sinter.tensor<[T], f32>
  return
}
// -----
func.func @pick_scalar(%x: !sinter.tensor<[], f32>, %i: !sinter.tensor<[], i32>) {
  // expected-error @+1 {{the input has no axis}}
  sinter.pick %x[%i] : !sinter.tensor<[], f32>, !sinter.tensor<[], i32> -> !sinter.tensor<[], f32>
  return
}
// -----
func.func @sum_axis(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{axis 1 is not below the rank 1}}
  sinter.sum %x axes [1] : !sinter.tensor<[B], f32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @sum_no_axis(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{needs an axis}}
  sinter.sum %x axes [] : !sinter.tensor<[B], f32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @max_twice(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{axes must ascend, each once}}
  sinter.max %x axes [1, 1] : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, 1], f32>
  return
}
// -----
func.func @min_keeps(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{gives shape [B], but [B, 1] follows from the operands}}
  sinter.min %x axes [1] : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @sum_element(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{gives elements of 'i32', but the operands' are 'f32'}}
  sinter.sum %x axes [0] : !sinter.tensor<[B], f32> -> !sinter.tensor<[1], i32>
  return
}
// -----
func.func @argmax_axes(%x: !sinter.tensor<[B, T], f32>) {
  // expected-error @+1 {{takes one axis}}
  sinter.argmax %x axes [0, 1] : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[1, 1], i32>
  return
}
// -----
func.func @cumsum_axis(%x: !sinter.tensor<[B], f32>) {
  // expected-error @+1 {{axis -1 is not below the rank 1}}
  sinter.cumsum %x axis -1 : !sinter.tensor<[B], f32>
  return
}
// -----
func.func @top_k_shape(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{they may differ in the last axis from the input, not from each other}}
  sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, 3], i32>
  return
}
// -----
func.func @top_k_symbol(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{k must be constant}}
  sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, K], f32>, !sinter.tensor<[B, K], i32>
  return
}
// -----
func.func @top_k_many(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{takes 9 of 8}}
  sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 9], f32>, !sinter.tensor<[B, 9], i32>
  return
}
// -----
func.func @contract_form(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{labels must read "ab,bc->ac"}}
  sinter.contract %x, %x "ab,cb" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, B], f32>
  return
}
// -----
func.func @contract_rank(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{the rhs has rank 2 and the labels "b"; one letter for each axis is expected}}
  sinter.contract %x, %x "ab,b->a" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @contract_twice(%x: !sinter.tensor<[B, B], f32>) {
  // expected-error @+1 {{label a stands twice in the lhs}}
  sinter.contract %x, %x "aa,ab->ab" : !sinter.tensor<[B, B], f32>, !sinter.tensor<[B, B], f32> -> !sinter.tensor<[B, B], f32>
  return
}
// -----
func.func @contract_sizes(%x: !sinter.tensor<[B, 8], f32>, %y: !sinter.tensor<[7, N], f32>) {
  // expected-error @+1 {{label b is 8 and, in the rhs, 7}}
  sinter.contract %x, %y "ab,bc->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[7, N], f32> -> !sinter.tensor<[B, N], f32>
  return
}
// -----
func.func @contract_result(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{label d stands in the result alone}}
  sinter.contract %x, %x "ab,cb->acd" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, B, 2], f32>
  return
}
// -----
func.func @contract_sum(%x: !sinter.tensor<[B, 8], f32>) {
  // expected-error @+1 {{label a is summed over, but stands in one operand only}}
  sinter.contract %x, %x "ab,cb->c" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B], f32>
  return
}
// -----
func.func @append_axis(%pool: !sinter.tensor<[Q, 16, 8], f32>, %pages: !sinter.tensor<[B, P], i32>, %rows: !sinter.tensor<[B, N, 8], f32>, %at: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{axis 3 is not one of a page: the pool has rank 3}}
  sinter.append %pool[%pages], %rows at %at count %at axis 3 : !sinter.tensor<[Q, 16, 8], f32>, !sinter.tensor<[B, P], i32>, !sinter.tensor<[B, N, 8], f32>, !sinter.tensor<[B], i32>
  return
}
// -----
func.func @append_pages(%pool: !sinter.tensor<[Q, 16, 8], f32>, %pages: !sinter.tensor<[B], i32>, %rows: !sinter.tensor<[B, N, 8], f32>, %at: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{the pages have shape [B], not one row for each sequence}}
  sinter.append %pool[%pages], %rows at %at count %at axis 1 : !sinter.tensor<[Q, 16, 8], f32>, !sinter.tensor<[B], i32>, !sinter.tensor<[B, N, 8], f32>, !sinter.tensor<[B], i32>
  return
}
// -----
func.func @append_sequences(%pool: !sinter.tensor<[Q, 16, 8], f32>, %pages: !sinter.tensor<[B, P], i32>, %rows: !sinter.tensor<[N, 8], f32>, %at: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{the rows have shape [N, 8], but there are B sequences}}
  sinter.append %pool[%pages], %rows at %at count %at axis 1 : !sinter.tensor<[Q, 16, 8], f32>, !sinter.tensor<[B, P], i32>, !sinter.tensor<[N, 8], f32>, !sinter.tensor<[B], i32>
  return
}
// -----
func.func @append_rows(%pool: !sinter.tensor<[Q, 16, 8], f32>, %pages: !sinter.tensor<[B, P], i32>, %rows: !sinter.tensor<[B, N, 7], f32>, %at: !sinter.tensor<[B], i32>) {
  // expected-error @+1 {{[B, N, 8]}}
  sinter.append %pool[%pages], %rows at %at count %at axis 1 : !sinter.tensor<[Q, 16, 8], f32>, !sinter.tensor<[B, P], i32>, !sinter.tensor<[B, N, 7], f32>, !sinter.tensor<[B], i32>
  return
}
