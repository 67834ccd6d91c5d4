// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What the kernel dialect refuses.

func.func @pointwise_results(%x: !kernel.buffer<[B], f32>) {
  // expected-error @+1 {{results differ in shape: [B] and [T]}}
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    kernel.yield %0, %0 : f32, f32
  } : (!kernel.buffer<[B], f32>) -> (!kernel.buffer<[B], f32>, !kernel.buffer<[T], f32>)
  return
}
// -----
func.func @pointwise_none(%x: !kernel.buffer<[B], f32>) {
  // expected-error @+1 {{needs a result}}
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    kernel.yield
  } : (!kernel.buffer<[B], f32>) -> ()
  return
}
// -----
func.func @pointwise_map(%x: !kernel.buffer<[B, 2], f32>) {
  // expected-error @+1 {{maps 1 indices to 1, but the domain has rank 1 and the input '!kernel.buffer<[B, 2], f32>'}}
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 2], f32>) -> !kernel.buffer<[B], f32>
  return
}
// -----
func.func @pointwise_arguments(%x: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{the body takes ('f32'), but ('i32') is expected}}
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B], i32>) -> !kernel.buffer<[B], f32>
  return
}
// -----
func.func @pointwise_yields(%x: !kernel.buffer<[B], f32>) {
  // expected-error @+1 {{the body yields ('f32'), but ('i32') is expected}}
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B], f32>) -> !kernel.buffer<[B], i32>
  return
}
// -----
func.func @pointwise_maps(%x: !kernel.buffer<[B], f32>) {
  // expected-error @+1 {{has 1 inputs, but 0 maps}}
  "kernel.pointwise"(%x) <{maps = []}> ({
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  }) : (!kernel.buffer<[B], f32>) -> !kernel.buffer<[B], f32>
  return
}
// -----
func.func @pointwise_panels(%x: !kernel.buffer<[8, 8], f32, panels>) {
  // expected-error @+1 {{reads panels through a map; only dense buffers can be read so}}
  kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8, 8], f32, panels>) -> !kernel.buffer<[8, 8], f32>
  return
}
// -----
func.func @pointwise_gives_panels(%x: !kernel.buffer<[8, 8], f32>) {
  // expected-error @+1 {{gives panels; only a kernel.move does}}
  kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>) {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8, 8], f32>) -> !kernel.buffer<[8, 8], f32, panels>
  return
}
// -----
func.func @pointwise_code(%x: !kernel.buffer<[8], f32>) {
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    // expected-error @+1 {{is no scalar code for the body of a kernel.pointwise}}
    %c = kernel.constant [1.0] : !kernel.buffer<[1], f32>
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @pointwise_scalar(%x: !kernel.buffer<[8], f32>) {
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    // expected-error @+1 {{gives 'f64' in a region, where scalars are f32, i32 or i1}}
    %1 = arith.extf %0 : f32 to f64
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @index_axis(%x: !kernel.buffer<[8], f32>) {
  kernel.pointwise(%x at <(d0) -> (d0)>) {
  ^bb0(%0: f32):
    // expected-error @+1 {{axis 1 is not below the rank 1 of the domain}}
    %1 = kernel.index 1 : i32
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @no_yield(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{the body must end in kernel.yield}}
  "kernel.pointwise"(%x) <{maps = [#sinter.map<(d0) -> (d0)>]}> ({
  ^bb0(%0: f32):
    %1 = arith.addf %0, %0 : f32
  }) : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_reduced(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{reduces 2 of 1 dimensions}}
  kernel.row domain [8] reduced 2 [] (%x at <(d0) -> (d0)>) finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_kind(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{knows sum, max, min and argmax, but not mean}}
  kernel.row domain [8] reduced 1 [mean] (%x at <(d0) -> (d0)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32, %1: f32):
    kernel.yield %1 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_stage(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{a stage yields one number}}
  kernel.row domain [8] reduced 1 [sum] (%x at <(d0) -> (d0)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0, %0 : f32, f32
  } finish {
  ^bb0(%0: f32, %1: f32):
    kernel.yield %1 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_finish(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{the finish takes ('f32', 'f32'), but ('f32', 'i32') is expected}}
  kernel.row domain [8] reduced 1 [argmax] (%x at <(d0) -> (d0)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32, %1: f32):
    kernel.yield %1 : f32
  } : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_shape(%x: !kernel.buffer<[B, 8], f32>) {
  // expected-error @+1 {{gives shape [B], which does not follow from the domain [B, 8] with 1 reduced}}
  kernel.row domain [B, 8] reduced 1 [sum] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } finish {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B], f32>
  return
}
// -----
func.func @row_stages(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{has 1 kinds, but 0 stages}}
  "kernel.row"(%x) <{maps = [#sinter.map<(d0) -> (d0)>], domain = [#sinter.dim<8>], reduced = 1 : i64, kinds = ["sum"]}> ({
  ^bb0(%0: f32, %1: f32):
    kernel.yield %1 : f32
  }) : (!kernel.buffer<[8], f32>) -> !kernel.buffer<[8], f32>
  return
}
// -----
func.func @row_no_result(%x: !kernel.buffer<[8], f32>) {
  // expected-error @+1 {{needs a result}}
  kernel.row domain [8] reduced 1 [] (%x at <(d0) -> (d0)>) finish {
  ^bb0(%0: f32):
    kernel.yield
  } : (!kernel.buffer<[8], f32>) -> ()
  return
}
// -----
func.func @contract_layout(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32>) {
  // expected-error @+1 {{multiplies a dense lhs of f32 with an rhs in panels}}
  kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32>) -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @contract_batch(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>) {
  // expected-error @+1 {{has 2 batch dimensions and a result of rank 2}}
  kernel.contract batch 2 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>) -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @contract_linear(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>) {
  // expected-error @+1 {{the maps of lhs and rhs must be linear}}
  kernel.contract batch 0 %x at <(d0, d1) -> (d0 mod 3, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>) -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @contract_rhs(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>) {
  // expected-error @+1 {{the rhs map leads from 1 to 0 indices, but there are 0 batch dimensions}}
  kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <(d0) -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>) -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @contract_columns(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>) {
  // expected-error @+1 {{the rhs has 4 columns, the result 5}}
  kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>) -> !kernel.buffer<[B, 5], f32>
  return
}
// -----
func.func @contract_epilogue(%x: !kernel.buffer<[B, 8], f32>, %w: !kernel.buffer<[4, 8], f32, panels>) {
  // expected-error @+1 {{the epilogue takes ('f32', 'f32'), but ('f32') is expected}}
  kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %w at <() -> ()> {
  ^bb0(%0: f32, %1: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[4, 8], f32, panels>) -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @gather_ids(%w: !kernel.buffer<[9, 4], f32>, %i: !kernel.buffer<[B], f32>) {
  // expected-error @+1 {{ids are a dense buffer of i32}}
  kernel.gather %w[%i] : !kernel.buffer<[9, 4], f32>, !kernel.buffer<[B], f32> -> !kernel.buffer<[B, 4], f32>
  return
}
// -----
func.func @gather_shape(%w: !kernel.buffer<[9, 4], f32>, %i: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{gives shape [B, 5], but [B, 4] follows from the operands}}
  kernel.gather %w[%i] : !kernel.buffer<[9, 4], f32>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B, 5], f32>
  return
}
// -----
func.func @gather_scalar(%w: !kernel.buffer<[], f32>, %i: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{the table has no axis}}
  kernel.gather %w[%i] : !kernel.buffer<[], f32>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B], f32>
  return
}
// -----
func.func @gather_panels(%w: !kernel.buffer<[2, 9, 4], f32, panels>, %i: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{a table in panels has two axes}}
  kernel.gather %w[%i] : !kernel.buffer<[2, 9, 4], f32, panels>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B, 9, 4], f32>
  return
}
// -----
func.func @gather_element(%w: !kernel.buffer<[9, 4], f32>, %i: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{the result is dense, with the table's element type}}
  kernel.gather %w[%i] : !kernel.buffer<[9, 4], f32>, !kernel.buffer<[B], i32> -> !kernel.buffer<[B, 4], i32>
  return
}
// -----
func.func @move_rank(%x: !kernel.buffer<[9, 4], f32>) {
  // expected-error @+1 {{maps 1 indices to 2, but moves}}
  kernel.move %x at <(d0) -> (d0, d0)> : !kernel.buffer<[9, 4], f32> -> !kernel.buffer<[4, 9], f32>
  return
}
// -----
func.func @move_element(%x: !kernel.buffer<[9], f32>) {
  // expected-error @+1 {{changes the element type}}
  kernel.move %x at <(d0) -> (d0)> : !kernel.buffer<[9], f32> -> !kernel.buffer<[9], i32>
  return
}
// -----
func.func @constant_shape() {
  // expected-error @+1 {{is dense, and its shape constant}}
  kernel.constant [1.0] : !kernel.buffer<[T], f32>
  return
}
// -----
func.func @constant_count() {
  // expected-error @+1 {{has 2 values for shape [3]}}
  kernel.constant [1.0, 2.0] : !kernel.buffer<[3], f32>
  return
}
// -----
func.func @constant_i32() {
  // expected-error @+1 {{has the value 3.000000e+09, which is no i32}}
  kernel.constant [3.0e9] : !kernel.buffer<[], i32>
  return
}
// -----
func.func @constant_i1() {
  // expected-error @+1 {{which is no i1}}
  kernel.constant [3.0] : !kernel.buffer<[], i1>
  return
}
// -----
func.func @constant_nan() {
  // expected-error @+1 {{has a value that is not finite}}
  kernel.constant [0x7FF8000000000000] : !kernel.buffer<[], f32>
  return
}
// -----
func.func @read_nothing() {
  // expected-error @+1 {{names neither a sinter.parameter nor a kernel.prepared: @p}}
  kernel.read @p : !kernel.buffer<[2], f32>
  return
}
// -----
// expected-note @+1 {{declared here}}
sinter.parameter @p ["p"] : !sinter.tensor<[2, 2], f32>
func.func @read_layout() {
  // expected-error @+1 {{has '!kernel.buffer<[2, 2], f32, panels>', but @p is '!kernel.buffer<[2, 2], f32>'}}
  kernel.read @p : !kernel.buffer<[2, 2], f32, panels>
  return
}
// -----
kernel.prepared @p : !kernel.buffer<[2], f32>
func.func @main(%x: !kernel.buffer<[2], f32>) {
  // expected-error @+1 {{may stand in @prepare alone}}
  kernel.write @p, %x : !kernel.buffer<[2], f32>
  return
}
// -----
sinter.parameter @p ["p"] : !sinter.tensor<[2], f32>
func.func @prepare() {
  %x = kernel.constant [1.0] : !kernel.buffer<[2], f32>
  // expected-error @+1 {{names no kernel.prepared: @p}}
  kernel.write @p, %x : !kernel.buffer<[2], f32>
  return
}
// -----
// expected-note @+1 {{declared here}}
kernel.prepared @p : !kernel.buffer<[3], f32>
func.func @prepare() {
  %x = kernel.constant [1.0] : !kernel.buffer<[2], f32>
  // expected-error @+1 {{has '!kernel.buffer<[2], f32>', but @p is '!kernel.buffer<[3], f32>'}}
  kernel.write @p, %x : !kernel.buffer<[2], f32>
  return
}
// -----
func.func @repeat(%x: !kernel.buffer<[2, 2], f32, panels>) {
  // expected-error @+1 {{the leading axis of '!kernel.buffer<[2, 2], f32, panels>' is not the count 2}}
  kernel.repeat 2 stacked(%x) {
  ^bb0(%c: !kernel.buffer<[2], f32>):
    kernel.yield
  } : (!kernel.buffer<[2, 2], f32, panels>) -> ()
  return
}
// -----
func.func @attention_batch(%x: !kernel.buffer<[T, 8], f32>) {
  // expected-error @+1 {{has 1 batch dimensions and a result of rank 2}}
  kernel.attention batch 1 over [T, 8] %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)> score {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>) -> !kernel.buffer<[T, 8], f32>
  return
}
// -----
func.func @attention_linear(%x: !kernel.buffer<[T, 8], f32>) {
  // expected-error @+1 {{the maps of query, key and value must be linear}}
  kernel.attention batch 0 over [T, 8] %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0 mod 3, d1)>, %x at <(d0, d1) -> (d0, d1)> score {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>) -> !kernel.buffer<[T, 8], f32>
  return
}
// -----
func.func @attention_mask(%x: !kernel.buffer<[T, 8], f32>) {
  // expected-error @+1 {{the mask yields ('f32'), but ('i1') is expected}}
  kernel.attention batch 0 over [T, 8] %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)> score {
  ^bb0(%0: f32):
    kernel.yield %0 : f32
  } mask {
    %0 = arith.constant 1.0 : f32
    kernel.yield %0 : f32
  } : (!kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>) -> !kernel.buffer<[T, 8], f32>
  return
}
// -----
func.func @attention_score(%x: !kernel.buffer<[T, 8], f32>) {
  // expected-error @+1 {{the score takes ('i32'), but ('f32') is expected}}
  kernel.attention batch 0 over [T, 8] %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)>, %x at <(d0, d1) -> (d0, d1)> score {
  ^bb0(%0: i32):
    %1 = arith.constant 1.0 : f32
    kernel.yield %1 : f32
  } : (!kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>, !kernel.buffer<[T, 8], f32>) -> !kernel.buffer<[T, 8], f32>
  return
}
// -----
func.func @append_axis(%p: !kernel.buffer<[Q, 8, 16], f32>, %t: !kernel.buffer<[B, P], i32>, %x: !kernel.buffer<[B, N, 8], f32>, %n: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{axis 3 is not one of a page}}
  kernel.append %p[%t] axis 3 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], f32>
  return
}
// -----
func.func @append_pool(%p: !kernel.buffer<[Q, 8, 16], i32>, %t: !kernel.buffer<[B, P], i32>, %x: !kernel.buffer<[B, N, 8], f32>, %n: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{changes a dense pool of floats, and gives the same}}
  kernel.append %p[%t] axis 2 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], i32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], i32>
  return
}
// -----
func.func @append_rows(%p: !kernel.buffer<[Q, 8, 16], f32>, %t: !kernel.buffer<[B, P], i32>, %x: !kernel.buffer<[B, N, 8], i32>, %n: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{appends rows of floats from a dense buffer}}
  kernel.append %p[%t] axis 2 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], i32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], f32>
  return
}
// -----
func.func @append_table(%p: !kernel.buffer<[Q, 8, 16], f32>, %t: !kernel.buffer<[B], i32>, %x: !kernel.buffer<[B, N, 8], f32>, %n: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{the pages are a table of i32, one row for each sequence}}
  kernel.append %p[%t] axis 2 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], f32>
  return
}
// -----
func.func @append_length(%p: !kernel.buffer<[Q, 8, 16], f32>, %t: !kernel.buffer<[B, P], i32>, %x: !kernel.buffer<[B, N, 8], f32>, %n: !kernel.buffer<[N], i32>) {
  // expected-error @+1 {{length and count are one i32 for each of B sequences}}
  kernel.append %p[%t] axis 2 over [N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[N], i32>, !kernel.buffer<[N], i32>) -> !kernel.buffer<[Q, 8, 16], f32>
  return
}
// -----
func.func @append_over(%p: !kernel.buffer<[Q, 8, 16], f32>, %t: !kernel.buffer<[B, P], i32>, %x: !kernel.buffer<[B, N, 8], f32>, %n: !kernel.buffer<[B], i32>) {
  // expected-error @+1 {{the number of new tokens is expected}}
  kernel.append %p[%t] axis 2 over [N, N] %x at <(d0, d1, d2) -> (d0, d1, d2)> length %n count %n : (!kernel.buffer<[Q, 8, 16], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 8], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 8, 16], f32>
  return
}
// -----
func.func @attention_pages(%x: !kernel.buffer<[B, N, 2], f32>, %p: !kernel.buffer<[Q, 16, 2], f32>, %t: !kernel.buffer<[B, P], f32>) {
  // expected-error @+1 {{the pages are a dense buffer of i32}}
  kernel.attention batch 1 over [16 * P, 2] %x at <(d0, d1, d2) -> (d0, d1, d2)>, %p at <(d0, d1, d2) -> (d0, d1 floordiv 16, d1 mod 16, d2)>, %p at <(d0, d1, d2) -> (d0, d1 floordiv 16, d1 mod 16, d2)> pages(%t) score {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  } : (!kernel.buffer<[B, N, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[B, P], f32>) -> !kernel.buffer<[B, N, 2], f32>
  return
}
// -----
func.func @attention_through(%x: !kernel.buffer<[B, N, 2], f32>, %p: !kernel.buffer<[Q, 16, 2], f32>, %t: !kernel.buffer<[B, P], i32>) {
  // expected-error @+1 {{but 3 to 4 lead through the pages to}}
  kernel.attention batch 1 over [16 * P, 2] %x at <(d0, d1, d2) -> (d0, d1, d2)>, %p at <(d0, d1, d2) -> (d0, d1, d2)>, %p at <(d0, d1, d2) -> (d0, d1 floordiv 16, d1 mod 16, d2)> pages(%t) score {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  } : (!kernel.buffer<[B, N, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[B, P], i32>) -> !kernel.buffer<[B, N, 2], f32>
  return
}
// -----
func.func @attention_rows(%x: !kernel.buffer<[B, N, 2], f32>, %p: !kernel.buffer<[Q, 16, 2], f32>, %t: !kernel.buffer<[B, P], i32>) {
  // expected-error @+1 {{linear but for k floordiv R in the table and k mod R in the page}}
  kernel.attention batch 1 over [16 * P, 2] %x at <(d0, d1, d2) -> (d0, d1, d2)>, %p at <(d0, d1, d2) -> (d0, d1 floordiv 8, d1 mod 16, d2)>, %p at <(d0, d1, d2) -> (d0, d1 floordiv 16, d1 mod 16, d2)> pages(%t) score {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  } : (!kernel.buffer<[B, N, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[Q, 16, 2], f32>, !kernel.buffer<[B, P], i32>) -> !kernel.buffer<[B, N, 2], f32>
  return
}
