// RUN: sinter-opt --sinter-interpret=sizes=B=3 %s -o /dev/null | FileCheck %s
// RUN: sinter-opt --sinter-simplify --sinter-convert-to-kernels %s | sinter-opt --sinter-interpret=sizes=B=3 -o /dev/null | FileCheck %s
// The backward pass of docs/decisions/0012 against finite differences, in today's ops: the loss's change along a
// direction e, divided by the step, and the sum of gradient * e.
// CHECK: 1x1xf32: 0.05362
// CHECK: 1x1x1xf32: 0.05362
func.func @main(%x0: !sinter.tensor<[B, 8], f32>, %w0: !sinter.tensor<[2, 8, 8], f32>) -> (!sinter.tensor<[1, 1], f32>, !sinter.tensor<[1, 1, 1], f32>) {
  %cx = sinter.constant [0.37] : !sinter.tensor<[B, 8], f32>
  %mx = sinter.mul %x0, %cx : !sinter.tensor<[B, 8], f32>
  %x = sinter.sin %mx : !sinter.tensor<[B, 8], f32>
  %cw = sinter.constant [0.71] : !sinter.tensor<[2, 8, 8], f32>
  %mw = sinter.mul %w0, %cw : !sinter.tensor<[2, 8, 8], f32>
  %w = sinter.sin %mw : !sinter.tensor<[2, 8, 8], f32>
  %cy = sinter.constant [1.13] : !sinter.tensor<[B, 8], f32>
  %my = sinter.mul %x0, %cy : !sinter.tensor<[B, 8], f32>
  %y = sinter.sin %my : !sinter.tensor<[B, 8], f32>
  %ce = sinter.constant [2.3] : !sinter.tensor<[2, 8, 8], f32>
  %me = sinter.mul %w0, %ce : !sinter.tensor<[2, 8, 8], f32>
  %e = sinter.sin %me : !sinter.tensor<[2, 8, 8], f32>
  // Forward: h' = tanh(h W^T). What the backward pass reads leaves as output stacks: h, and tanh's result.
  %last, %hs, %ts = sinter.repeat 2 carried(%x) stacked(%w) {
  ^bb0(%h: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8, 8], f32>):
    %p = sinter.contract %h, %l "ab,cb->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 8], f32> -> !sinter.tensor<[B, 8], f32>
    %t = sinter.tanh %p : !sinter.tensor<[B, 8], f32>
    sinter.yield %t, %h, %t : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, B, 8], f32>, !sinter.tensor<[2, B, 8], f32>)
  // loss = sum (last - y)^2 / 2.
  %g = sinter.sub %last, %y : !sinter.tensor<[B, 8], f32>
  // Backward: the same repeat over reversed stacks; its output stack is the gradient of the parameter's stack.
  %wr = sinter.view %w at <(d0, d1, d2) -> (-d0 + 1, d1, d2)> : !sinter.tensor<[2, 8, 8], f32> -> !sinter.tensor<[2, 8, 8], f32>
  %hr = sinter.view %hs at <(d0, d1, d2) -> (-d0 + 1, d1, d2)> : !sinter.tensor<[2, B, 8], f32> -> !sinter.tensor<[2, B, 8], f32>
  %tr = sinter.view %ts at <(d0, d1, d2) -> (-d0 + 1, d1, d2)> : !sinter.tensor<[2, B, 8], f32> -> !sinter.tensor<[2, B, 8], f32>
  %gx, %gwr = sinter.repeat 2 carried(%g) stacked(%wr, %hr, %tr) {
  ^bb0(%d: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8, 8], f32>, %h: !sinter.tensor<[B, 8], f32>, %t: !sinter.tensor<[B, 8], f32>):
    %one = sinter.constant [1.0] : !sinter.tensor<[B, 8], f32>
    %tt = sinter.mul %t, %t : !sinter.tensor<[B, 8], f32>
    %s = sinter.sub %one, %tt : !sinter.tensor<[B, 8], f32>
    %dp = sinter.mul %d, %s : !sinter.tensor<[B, 8], f32>
    %dh = sinter.contract %dp, %l "ac,cb->ab" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 8], f32> -> !sinter.tensor<[B, 8], f32>
    %dl = sinter.contract %dp, %h "ac,ab->cb" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[8, 8], f32>
    sinter.yield %dh, %dl : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8, 8], f32>, !sinter.tensor<[2, B, 8], f32>, !sinter.tensor<[2, B, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8, 8], f32>)
  %gw = sinter.view %gwr at <(d0, d1, d2) -> (-d0 + 1, d1, d2)> : !sinter.tensor<[2, 8, 8], f32> -> !sinter.tensor<[2, 8, 8], f32>
  %epsc = sinter.constant [1.0e-06] : !sinter.tensor<[2, 8, 8], f32>
  %ee = sinter.mul %e, %epsc : !sinter.tensor<[2, 8, 8], f32>
  %wp = sinter.add %w, %ee : !sinter.tensor<[2, 8, 8], f32>
  %wm = sinter.sub %w, %ee : !sinter.tensor<[2, 8, 8], f32>
  %lastp, %hsp, %tsp = sinter.repeat 2 carried(%x) stacked(%wp) {
  ^bb0(%h: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8, 8], f32>):
    %p = sinter.contract %h, %l "ab,cb->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 8], f32> -> !sinter.tensor<[B, 8], f32>
    %t = sinter.tanh %p : !sinter.tensor<[B, 8], f32>
    sinter.yield %t, %h, %t : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, B, 8], f32>, !sinter.tensor<[2, B, 8], f32>)
  %gp = sinter.sub %lastp, %y : !sinter.tensor<[B, 8], f32>
  %qp = sinter.mul %gp, %gp : !sinter.tensor<[B, 8], f32>
  %lp = sinter.sum %qp axes [0, 1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[1, 1], f32>
  %lastm, %hsm, %tsm = sinter.repeat 2 carried(%x) stacked(%wm) {
  ^bb0(%h: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8, 8], f32>):
    %p = sinter.contract %h, %l "ab,cb->ac" : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[8, 8], f32> -> !sinter.tensor<[B, 8], f32>
    %t = sinter.tanh %p : !sinter.tensor<[B, 8], f32>
    sinter.yield %t, %h, %t : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B, 8], f32>
  } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, 8, 8], f32>) -> (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[2, B, 8], f32>, !sinter.tensor<[2, B, 8], f32>)
  %gm = sinter.sub %lastm, %y : !sinter.tensor<[B, 8], f32>
  %qm = sinter.mul %gm, %gm : !sinter.tensor<[B, 8], f32>
  %lm = sinter.sum %qm axes [0, 1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[1, 1], f32>
  %dl2 = sinter.sub %lp, %lm : !sinter.tensor<[1, 1], f32>
  %sc = sinter.constant [250000.0] : !sinter.tensor<[1, 1], f32>
  %fd = sinter.mul %dl2, %sc : !sinter.tensor<[1, 1], f32>
  %ge = sinter.mul %gw, %e : !sinter.tensor<[2, 8, 8], f32>
  %an = sinter.sum %ge axes [0, 1, 2] : !sinter.tensor<[2, 8, 8], f32> -> !sinter.tensor<[1, 1, 1], f32>
  return %fd, %an : !sinter.tensor<[1, 1], f32>, !sinter.tensor<[1, 1, 1], f32>
}
