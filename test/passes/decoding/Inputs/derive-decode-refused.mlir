func.func @forward(%t: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}) -> !sinter.tensor<[B, T], i32> {
  return %t : !sinter.tensor<[B, T], i32>
}
// -----
func.func @forward(%t: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}) -> !sinter.tensor<[B, T], i32> attributes {sinter.causal = "T"} {
  return %t : !sinter.tensor<[B, T], i32>
}
func.func @extend() { return }
// -----
func.func @forward(%t: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}, %u: !sinter.tensor<[B, T], i32> {sinter.name = "kinds"}) -> !sinter.tensor<[B, T], i32> attributes {sinter.causal = "T"} {
  %s = sinter.add %t, %u : !sinter.tensor<[B, T], i32>
  return %s : !sinter.tensor<[B, T], i32>
}
// -----
func.func @forward(%t: !sinter.tensor<[T], i32> {sinter.name = "tokens"}) -> !sinter.tensor<[T], i32> attributes {sinter.causal = "T"} {
  return %t : !sinter.tensor<[T], i32>
}
// -----
func.func @forward(%t: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}) -> !sinter.tensor<[B, T], i32> attributes {sinter.causal = "T"} {
  %b = sinter.dim B : !sinter.tensor<[], i32>
  %n = sinter.view %b at <(d0, d1) -> ()> : !sinter.tensor<[], i32> -> !sinter.tensor<[B, T], i32>
  %s = sinter.add %t, %n : !sinter.tensor<[B, T], i32>
  return %s : !sinter.tensor<[B, T], i32>
}
// -----
func.func @other() { return }
