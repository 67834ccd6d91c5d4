// RUN: sinter-opt %s -o /dev/null
// Row kernels: their CUDA text is pinned in row.cu, compiled by NVRTC, and run on the host against the CPU backend (the
// same bits) and the interpreter (HostTest.cpp).

// One extra for each column, a mask.
func.func @softmax(%x: !kernel.buffer<[B, T], f32>, %m: !kernel.buffer<[T], i1>) -> !kernel.buffer<[B, T], f32> {
  %0 = kernel.row domain [B, T] reduced 1 [max, sum] (%x at <(d0, d1) -> (d0, d1)>, %m at <(d0, d1) -> (d1)>) stage {
  ^bb0(%a: f32, %keep: i1):
    %n = arith.constant -3.40282347E+38 : f32
    %v = arith.select %keep, %a, %n : f32
    kernel.yield %v : f32
  } stage {
  ^bb0(%a: f32, %keep: i1, %max: f32):
    %n = arith.constant -3.40282347E+38 : f32
    %v = arith.select %keep, %a, %n : f32
    %d = arith.subf %v, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  } finish {
  ^bb0(%a: f32, %keep: i1, %max: f32, %sum: f32):
    %n = arith.constant -3.40282347E+38 : f32
    %v = arith.select %keep, %a, %n : f32
    %d = arith.subf %v, %max : f32
    %e = math.exp %d : f32
    %q = arith.divf %e, %sum : f32
    kernel.yield %q : f32
  } : (!kernel.buffer<[B, T], f32>, !kernel.buffer<[T], i1>) -> !kernel.buffer<[B, T], f32>
  return %0 : !kernel.buffer<[B, T], f32>
}

// A constant width; residual before, weight and bias behind; two results.
func.func @layer_norm(%x: !kernel.buffer<[B, T, 40], f32>, %r: !kernel.buffer<[B, T, 40], f32>, %g: !kernel.buffer<[40], f32>, %b: !kernel.buffer<[40], f32>)
    -> (!kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[B, T, 40], f32>) {
  %0, %1 = kernel.row domain [B, T, 40] reduced 1 [sum, sum]
      (%x at <(d0, d1, d2) -> (d0, d1, d2)>, %r at <(d0, d1, d2) -> (d0, d1, d2)>, %g at <(d0, d1, d2) -> (d2)>, %b at <(d0, d1, d2) -> (d2)>) stage {
  ^bb0(%a: f32, %c: f32, %w: f32, %h: f32):
    %t = arith.addf %a, %c : f32
    kernel.yield %t : f32
  } stage {
  ^bb0(%a: f32, %c: f32, %w: f32, %h: f32, %s: f32):
    %t = arith.addf %a, %c : f32
    %n = kernel.size 40 : f32
    %mean = arith.divf %s, %n : f32
    %d = arith.subf %t, %mean : f32
    %q = arith.mulf %d, %d : f32
    kernel.yield %q : f32
  } finish {
  ^bb0(%a: f32, %c: f32, %w: f32, %h: f32, %s: f32, %v: f32):
    %t = arith.addf %a, %c : f32
    %n = kernel.size 40 : f32
    %mean = arith.divf %s, %n : f32
    %d = arith.subf %t, %mean : f32
    %var = arith.divf %v, %n : f32
    %eps = arith.constant 1.0e-5 : f32
    %p = arith.addf %var, %eps : f32
    %sd = math.sqrt %p : f32
    %z = arith.divf %d, %sd : f32
    %u = arith.mulf %z, %w : f32
    %y = arith.addf %u, %h : f32
    kernel.yield %y, %t : f32, f32
  } : (!kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[40], f32>, !kernel.buffer<[40], f32>)
      -> (!kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[B, T, 40], f32>)
  return %0, %1 : !kernel.buffer<[B, T, 40], f32>, !kernel.buffer<[B, T, 40], f32>
}

// A symbolic width; one extra for each row.
func.func @rms_norm(%x: !kernel.buffer<[B, 2, T], f32>, %w: !kernel.buffer<[T], f32>, %s: !kernel.buffer<[B], f32>) -> !kernel.buffer<[B, 2, T], f32> {
  %0 = kernel.row domain [B, 2, T] reduced 1 [sum] (%x at <(d0, d1, d2) -> (d0, d1, d2)>, %w at <(d0, d1, d2) -> (d2)>, %s at <(d0, d1, d2) -> (d0)>) stage {
  ^bb0(%a: f32, %c: f32, %k: f32):
    %q = arith.mulf %a, %a : f32
    kernel.yield %q : f32
  } finish {
  ^bb0(%a: f32, %c: f32, %k: f32, %sum: f32):
    %n = kernel.size T : f32
    %mean = arith.divf %sum, %n : f32
    %eps = arith.constant 1.0e-6 : f32
    %p = arith.addf %mean, %eps : f32
    %r = math.rsqrt %p : f32
    %y = arith.mulf %a, %r : f32
    %z = arith.mulf %y, %c : f32
    %o = arith.mulf %z, %k : f32
    kernel.yield %o : f32
  } : (!kernel.buffer<[B, 2, T], f32>, !kernel.buffer<[T], f32>, !kernel.buffer<[B], f32>) -> !kernel.buffer<[B, 2, T], f32>
  return %0 : !kernel.buffer<[B, 2, T], f32>
}

// Every kind of reduction; one scalar a row, with the row's indices.
func.func @reductions(%x: !kernel.buffer<[B, 2, T], f32>)
    -> (!kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], i32>, !kernel.buffer<[B, 2, 1], i32>) {
  %0, %1, %2, %3 = kernel.row domain [B, 2, T] reduced 1 [sum, max, min, argmax] per_row (%x at <(d0, d1, d2) -> (d0, d1, d2)>)
    stage { ^bb0(%a: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32, %m: f32): kernel.yield %a : f32 }
    stage { ^bb0(%a: f32, %s: f32, %m: f32, %n: f32): kernel.yield %a : f32 }
    finish {
    ^bb0(%s: f32, %m: f32, %n: f32, %i: i32):
      %j = kernel.index 1 : i32
      %k = kernel.index 0 : i32
      %p = arith.addi %j, %k : i32
      %d = arith.subf %m, %n : f32
      kernel.yield %s, %d, %i, %p : f32, f32, i32, i32
    }
    : (!kernel.buffer<[B, 2, T], f32>) -> (!kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], i32>, !kernel.buffer<[B, 2, 1], i32>)
  return %0, %1, %2, %3 : !kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], f32>, !kernel.buffer<[B, 2, 1], i32>, !kernel.buffer<[B, 2, 1], i32>
}

func.func @log_sum_exp(%x: !kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32> {
  %0 = kernel.row domain [B, T] reduced 1 [max, sum] per_row (%x at <(d0, d1) -> (d0, d1)>)
    stage { ^bb0(%a: f32): kernel.yield %a : f32 }
    stage {
    ^bb0(%a: f32, %m: f32):
      %d = arith.subf %a, %m : f32
      %e = math.exp %d : f32
      kernel.yield %e : f32
    } finish {
    ^bb0(%m: f32, %s: f32):
      %l = math.log %s : f32
      %r = arith.addf %l, %m : f32
      kernel.yield %r : f32
    } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, 1], f32>
  return %0 : !kernel.buffer<[B, 1], f32>
}

// Mean over an axis in the middle, read through a map, masked.
func.func @mean_pool(%x: !kernel.buffer<[B, T, 5], f32>, %m: !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, 1, 5], f32> {
  %0 = kernel.row domain [B, 5, T] reduced 1 [sum, sum] per_row (%x at <(d0, d1, d2) -> (d0, d2, d1)>, %m at <(d0, d1, d2) -> (d0, d2)>)
    stage {
    ^bb0(%a: f32, %keep: i1):
      %z = arith.constant 0.0 : f32
      %v = arith.select %keep, %a, %z : f32
      kernel.yield %v : f32
    } stage {
    ^bb0(%a: f32, %keep: i1, %s: f32):
      %v = arith.uitofp %keep : i1 to f32
      kernel.yield %v : f32
    } finish {
    ^bb0(%s: f32, %n: f32):
      %one = arith.constant 1.0 : f32
      %c = arith.maximumf %n, %one : f32
      %r = arith.divf %s, %c : f32
      kernel.yield %r : f32
    } : (!kernel.buffer<[B, T, 5], f32>, !kernel.buffer<[B, T], i1>) -> !kernel.buffer<[B, 1, 5], f32>
  return %0 : !kernel.buffer<[B, 1, 5], f32>
}

// Integers over two reduced axes.
func.func @two_axes(%x: !kernel.buffer<[B, 3, T], i32>) -> !kernel.buffer<[B, 3, T], i32> {
  %0 = kernel.row domain [B, 3, T] reduced 2 [sum, argmax, max, min] (%x at <(d0, d1, d2) -> (d0, d1, d2)>)
    stage { ^bb0(%a: i32): kernel.yield %a : i32 }
    stage { ^bb0(%a: i32, %s: i32): kernel.yield %a : i32 }
    stage { ^bb0(%a: i32, %s: i32, %i: i32): kernel.yield %a : i32 }
    stage { ^bb0(%a: i32, %s: i32, %i: i32, %m: i32): kernel.yield %a : i32 }
    finish {
    ^bb0(%a: i32, %s: i32, %i: i32, %m: i32, %n: i32):
      %j = kernel.index 1 : i32
      %k = kernel.index 2 : i32
      %p = arith.addi %s, %j : i32
      %q = arith.muli %p, %i : i32
      %r = arith.subi %q, %k : i32
      %t = arith.subi %m, %n : i32
      %u = arith.addi %r, %t : i32
      kernel.yield %u : i32
    } : (!kernel.buffer<[B, 3, T], i32>) -> !kernel.buffer<[B, 3, T], i32>
  return %0 : !kernel.buffer<[B, 3, T], i32>
}
