// RUN: sinter-opt --sinter-convert-to-kernels --split-input-file %s | FileCheck %s
// RUN: sinter-opt --sinter-convert-to-kernels --sinter-fuse-pointwise --split-input-file %s | FileCheck %s --check-prefix=FUSED
// RUN: sinter-opt --sinter-convert-to-kernels --split-input-file --remark-format=emitRemark --remarks-filter-missed=lower %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=WHY

// Heads are read where they lie; captures are extras; positions are indices. What the mask does not read, it does not see.
// CHECK-LABEL: func.func @masked(
// CHECK-NOT: kernel.move
// CHECK: kernel.attention batch 2 over [U, 64] %arg0 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>, %arg1 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>, %arg2 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> extras(%arg3 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
// CHECK-NEXT: ^bb0(%[[S:.*]]: f32, %{{.*}}: i32):
// CHECK-NEXT: %[[EIGHT:.*]] = arith.constant 8.000000e+00
// CHECK-NEXT: %[[SCALED:.*]] = arith.divf %[[S]], %[[EIGHT]]
// CHECK-NEXT: kernel.yield %[[SCALED]] : f32
// CHECK-NEXT: } mask {
// CHECK-NEXT: ^bb0(%[[M:.*]]: i32):
// CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-NEXT: %[[C:.*]] = arith.cmpi ne, %[[M]], %[[ZERO]]
// CHECK-NEXT: %[[J:.*]] = kernel.index 3 : i32
// CHECK-NEXT: %[[I:.*]] = kernel.index 2 : i32
// CHECK-NEXT: %[[D:.*]] = arith.cmpi sle, %[[J]], %[[I]]
// CHECK-NEXT: %[[B:.*]] = arith.andi %[[C]], %[[D]]
// CHECK-NEXT: kernel.yield %[[B]] : i1
// CHECK-NEXT: } :
// CHECK-NOT: kernel.{{row|contract}}
func.func @masked(%q: !sinter.tensor<[B, T, 768], f32>, %k: !sinter.tensor<[B, U, 768], f32>, %v: !sinter.tensor<[B, U, 768], f32>, %m: !sinter.tensor<[B, U], i32>) -> !sinter.tensor<[B, 12, T, 64], f32> {
  %qh = sinter.view %q at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> : !sinter.tensor<[B, T, 768], f32> -> !sinter.tensor<[B, 12, T, 64], f32>
  %kh = sinter.view %k at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> : !sinter.tensor<[B, U, 768], f32> -> !sinter.tensor<[B, 12, U, 64], f32>
  %vh = sinter.view %v at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)> : !sinter.tensor<[B, U, 768], f32> -> !sinter.tensor<[B, 12, U, 64], f32>
  %o = sinter.attention %qh, %kh, %vh captures(%m) score {
  ^bb0(%s: !sinter.tensor<[B, 12, T, U], f32>, %0: !sinter.tensor<[B, U], i32>):
    %eight = sinter.constant [8.0] : !sinter.tensor<[B, 12, T, U], f32>
    %a = sinter.div %s, %eight : !sinter.tensor<[B, 12, T, U], f32>
    sinter.yield %a : !sinter.tensor<[B, 12, T, U], f32>
  } mask empty(uniform) {
  ^bb0(%0: !sinter.tensor<[B, U], i32>):
    %a = sinter.view %0 at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, U], i32> -> !sinter.tensor<[B, 12, T, U], i32>
    %zero = sinter.constant [0.0] : !sinter.tensor<[B, 12, T, U], i32>
    %c = sinter.compare ne %a, %zero : !sinter.tensor<[B, 12, T, U], i32> -> !sinter.tensor<[B, 12, T, U], i1>
    %u = sinter.iota : !sinter.tensor<[U], i32>
    %t = sinter.iota : !sinter.tensor<[T], i32>
    %j = sinter.view %u at <(d0, d1, d2, d3) -> (d3)> : !sinter.tensor<[U], i32> -> !sinter.tensor<[B, 12, T, U], i32>
    %i = sinter.view %t at <(d0, d1, d2, d3) -> (d2)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, 12, T, U], i32>
    %d = sinter.compare le %j, %i : !sinter.tensor<[B, 12, T, U], i32> -> !sinter.tensor<[B, 12, T, U], i1>
    %b = sinter.and %c, %d : !sinter.tensor<[B, 12, T, U], i1>
    sinter.yield %b : !sinter.tensor<[B, 12, T, U], i1>
  } : (!sinter.tensor<[B, 12, T, 64], f32>, !sinter.tensor<[B, 12, U, 64], f32>, !sinter.tensor<[B, 12, U, 64], f32>, !sinter.tensor<[B, U], i32>) -> !sinter.tensor<[B, 12, T, 64], f32>
  return %o : !sinter.tensor<[B, 12, T, 64], f32>
}

// -----
// Keys whose map would not be linear are moved first; a capture that is computed becomes part of the score where that
// is cheap; a size is a number.
// CHECK-LABEL: func.func @repeated(
// CHECK: %[[K:.*]] = kernel.move %arg1 at <(d0, d1, d2, d3) -> (d0, d1 floordiv 2, d2, d3)>
// CHECK: kernel.attention batch 2 over [T, 8] %arg0 at <(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, %[[K]] at <(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK: kernel.size T : f32
// CHECK-NOT: mask
// FUSED-LABEL: func.func @repeated(
// FUSED-NOT: kernel.pointwise
// FUSED: kernel.attention {{.*}} extras(%arg2 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
// FUSED: arith.sitofp
func.func @repeated(%q: !sinter.tensor<[B, 4, T, 8], f32>, %k: !sinter.tensor<[B, 2, T, 8], f32>, %m: !sinter.tensor<[B, T], i32>) -> !sinter.tensor<[B, 4, T, 8], f32> {
  %kh = sinter.view %k at <(d0, d1, d2, d3) -> (d0, d1 floordiv 2, d2, d3)> : !sinter.tensor<[B, 2, T, 8], f32> -> !sinter.tensor<[B, 4, T, 8], f32>
  %f = sinter.cast %m : !sinter.tensor<[B, T], i32> to !sinter.tensor<[B, T], f32>
  %o = sinter.attention %q, %kh, %kh captures(%f) score {
  ^bb0(%s: !sinter.tensor<[B, 4, T, T], f32>, %0: !sinter.tensor<[B, T], f32>):
    %a = sinter.view %0 at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, 4, T, T], f32>
    %n = sinter.dim T : !sinter.tensor<[], f32>
    %nn = sinter.view %n at <(d0, d1, d2, d3) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, 4, T, T], f32>
    %b = sinter.div %a, %nn : !sinter.tensor<[B, 4, T, T], f32>
    %c = sinter.add %s, %b : !sinter.tensor<[B, 4, T, T], f32>
    sinter.yield %c : !sinter.tensor<[B, 4, T, T], f32>
  } : (!sinter.tensor<[B, 4, T, 8], f32>, !sinter.tensor<[B, 4, T, 8], f32>, !sinter.tensor<[B, 4, T, 8], f32>, !sinter.tensor<[B, T], f32>) -> !sinter.tensor<[B, 4, T, 8], f32>
  return %o : !sinter.tensor<[B, 4, T, 8], f32>
}

// -----
// What the kernel does not compute is right, but stores its scores.
// CHECK-LABEL: func.func @post(
// CHECK-NOT: kernel.attention
// CHECK: kernel.contract
// CHECK: kernel.row
// CHECK: kernel.contract
// WHY-DAG: attention | Category:lower | Remark="its scores are stored: something happens to the weights between softmax and values"
func.func @post(%x: !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32> {
  %o = sinter.attention %x, %x, %x score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } post {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    %a = sinter.mul %s, %s : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return %o : !sinter.tensor<[B, T, 8], f32>
}

// -----
// CHECK-LABEL: func.func @nan(
// CHECK-NOT: kernel.attention
// WHY-DAG: attention | Category:lower | Remark="its scores are stored: a row that sees no key must be NaN"
func.func @nan(%x: !sinter.tensor<[B, T, 8], f32>, %m: !sinter.tensor<[B, T, T], i1>) -> !sinter.tensor<[B, T, 8], f32> {
  %o = sinter.attention %x, %x, %x captures(%m) score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>, %0: !sinter.tensor<[B, T, T], i1>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } mask empty(nan) {
  ^bb0(%0: !sinter.tensor<[B, T, T], i1>):
    sinter.yield %0 : !sinter.tensor<[B, T, T], i1>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, T], i1>) -> !sinter.tensor<[B, T, 8], f32>
  return %o : !sinter.tensor<[B, T, 8], f32>
}

// -----
// CHECK-LABEL: func.func @wide(
// CHECK-NOT: kernel.attention
// WHY-DAG: attention | Category:lower | Remark="its scores are stored: the heads' width is not a constant of at most 256"
func.func @wide(%x: !sinter.tensor<[B, T, 300], f32>) -> !sinter.tensor<[B, T, 300], f32> {
  %o = sinter.attention %x, %x, %x score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 300], f32>, !sinter.tensor<[B, T, 300], f32>, !sinter.tensor<[B, T, 300], f32>) -> !sinter.tensor<[B, T, 300], f32>
  return %o : !sinter.tensor<[B, T, 300], f32>
}
