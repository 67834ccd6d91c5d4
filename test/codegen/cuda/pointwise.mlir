// RUN: sinter-opt %s -o /dev/null
// Elementwise kernels whose CUDA text is pinned in pointwise.cu (PrintTest.cpp).
func.func @f(%x: !kernel.buffer<[B, T, 384], f32>, %b: !kernel.buffer<[384], f32>, %m: !kernel.buffer<[B, T], i1>,
             %h: !kernel.buffer<[B, 12, T, 32], f32>, %i: !kernel.buffer<[B, T], i32>) {
  // Bias and GELU; masked elements are zero.
  %0 = kernel.pointwise(%x at <(d0, d1, d2) -> (d0, d1, d2)>, %b at <(d0, d1, d2) -> (d2)>, %m at <(d0, d1, d2) -> (d0, d1)>) {
  ^bb0(%a: f32, %c: f32, %keep: i1):
    %s = arith.addf %a, %c : f32
    %half = arith.constant 5.000000e-01 : f32
    %root = arith.constant 0.707106769 : f32
    %one = arith.constant 1.0 : f32
    %zero = arith.constant 0.0 : f32
    %p = arith.mulf %s, %root : f32
    %e = math.erf %p : f32
    %q = arith.addf %e, %one : f32
    %r = arith.mulf %s, %half : f32
    %g = arith.mulf %r, %q : f32
    %y = arith.select %keep, %g, %zero : f32
    kernel.yield %y : f32
  } : (!kernel.buffer<[B, T, 384], f32>, !kernel.buffer<[384], f32>, !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, T, 384], f32>
  // Heads joined.
  %1 = kernel.pointwise(%h at <(d0, d1, d2) -> (d0, d2 floordiv 32, d1, d2 mod 32)>) {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  } : (!kernel.buffer<[B, 12, T, 32], f32>) -> !kernel.buffer<[B, T, 384], f32>
  // Reversed, with indices and sizes; two results.
  %2, %3 = kernel.pointwise(%i at <(d0, d1)[s0] -> (d0, s0 - d1 - 1), [T]>) {
  ^bb0(%a: i32):
    %t = kernel.index 1 : i32
    %n = kernel.size B*T + 2*T : f32
    %k = arith.constant -3 : i32
    %q = arith.floordivsi %a, %k : i32
    %s = arith.addi %q, %t : i32
    %f = arith.sitofp %s : i32 to f32
    %d = arith.divf %f, %n : f32
    %w = arith.maximumf %d, %f : f32
    %c = arith.cmpf uge, %w, %n : f32
    kernel.yield %w, %c : f32, i1
  } : (!kernel.buffer<[B, T], i32>) -> (!kernel.buffer<[B, T], f32>, !kernel.buffer<[B, T], i1>)
  // The same as the second: printed once.
  %4 = kernel.pointwise(%h at <(d0, d1, d2) -> (d0, d2 floordiv 32, d1, d2 mod 32)>) {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  } : (!kernel.buffer<[B, 12, T, 32], f32>) -> !kernel.buffer<[B, T, 384], f32>
  // Every op of the table, in one chain.
  %5 = kernel.pointwise(%x at <(d0, d1, d2) -> (d0, (d1 - 1) mod 7, (d2 - d1) floordiv 2)>) {
  ^bb0(%a: f32):
    %v1 = math.exp %a : f32
    %v2 = math.log %v1 : f32
    %v3 = math.tanh %v2 : f32
    %v4 = math.sin %v3 : f32
    %v5 = math.cos %v4 : f32
    %v6 = math.absf %v5 : f32
    %v7 = math.sqrt %v6 : f32
    %v8 = math.powf %v7, %v6 : f32
    %v9 = math.floor %v8 : f32
    %v10 = arith.fptosi %v9 : f32 to i32
    %v11 = arith.subi %v10, %v10 : i32
    %v12 = arith.muli %v11, %v10 : i32
    %v13 = arith.cmpi slt, %v12, %v10 : i32
    %v14 = arith.extui %v13 : i1 to i32
    %v15 = arith.maxsi %v14, %v10 : i32
    %v16 = arith.remsi %v15, %v14 : i32
    %v17 = arith.sitofp %v16 : i32 to f32
    %v18 = arith.negf %v17 : f32
    %v19 = arith.minimumf %v18, %v8 : f32
    %v20 = math.fma %v19, %v18, %v17 : f32
    kernel.yield %v20 : f32
  } : (!kernel.buffer<[B, T, 384], f32>) -> !kernel.buffer<[B, T, 384], f32>
  return
}
