// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// What sinter.attention refuses.

func.func @ranks(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[T, 8], f32>) {
  // expected-error @+1 {{needs queries, keys, values and a result of one rank, at least 2}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @batch(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[C, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has operands whose batch axes differ}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[C, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @depth(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 4], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has queries of depth 8, but keys of depth 4}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 4], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @keys(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, S, 8], f32>) {
  // expected-error @+1 {{has T keys, but S values}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, S, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @result(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{gives [..., T, 8]}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 4], f32>
  return
}
// -----
func.func @score_argument(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has a region 'score' whose arguments are not a tensor of the scores' shape and the captures}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, 8], f32>):
    %a = sinter.constant [1.0] : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @score_result(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has a region 'score' that does not yield}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    %a = sinter.constant [1.0] : !sinter.tensor<[B, T, 8], f32>
    sinter.yield %a : !sinter.tensor<[B, T, 8], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @mask_result(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has a region 'mask' that does not yield}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } mask empty(uniform) {
    %a = sinter.constant [1.0] : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @mask_argument(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has a region 'mask' whose arguments are not the captures}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } mask empty(uniform) {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    %a = sinter.constant [1.0] : !sinter.tensor<[B, T, T], i1>
    sinter.yield %a : !sinter.tensor<[B, T, T], i1>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @post_result(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+1 {{has a region 'post' that does not yield}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } post {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    %a = sinter.constant [1.0] : !sinter.tensor<[B, T, T], i1>
    sinter.yield %a : !sinter.tensor<[B, T, T], i1>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @softmax_inside(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    // expected-error @+1 {{is not elementwise, but stands in a region of attention}}
    %a = sinter.softmax %s : !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @moved(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    // expected-error @+1 {{in a region of attention moves what the region computes}}
    %a = sinter.view %s at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    sinter.yield %a : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @row(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  %o = sinter.attention %q, %k, %v captures(%v) score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>, %c: !sinter.tensor<[B, T, 8], f32>):
    // expected-error @+1 {{has another shape than the scores, [B, T, T]}}
    %e = sinter.exp %c : !sinter.tensor<[B, T, 8], f32>
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @constants(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    // expected-error @+1 {{in a region of attention needs one value}}
    %c = sinter.constant [1.0, 2.0] : !sinter.tensor<[2], f32>
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
// -----
func.func @empty(%q: !sinter.tensor<[B, T, 8], f32>, %k: !sinter.tensor<[B, T, 8], f32>, %v: !sinter.tensor<[B, T, 8], f32>) {
  // expected-error @+4 {{expected uniform or nan}}
  %o = sinter.attention %q, %k, %v score {
  ^bb0(%s: !sinter.tensor<[B, T, T], f32>):
    sinter.yield %s : !sinter.tensor<[B, T, T], f32>
  } mask empty(zero) {
  } : (!sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>, !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32>
  return
}
