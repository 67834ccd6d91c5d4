// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention at the semantic level: what --sinter-raise finds between two contractions, with the text's own operations
// on scores, visibility and weights as regions.
#ifndef SINTER_ATTENTION_TD
#define SINTER_ATTENTION_TD
include "ir/sinter/SinterBase.td"
include "ir/interfaces/Decomposable.td"

def Sinter_EmptyRow : I32EnumAttr<"EmptyRow", "what a query gets that sees no key", [
    I32EnumAttrCase<"uniform", 0>, I32EnumAttrCase<"nan", 1>]> {
  let cppNamespace = "::sinter::ir";
}
def Sinter_AttentionOp : Sinter_ValueOp<"attention", [IsolatedFromAbove, DeclareOpInterfaceMethods<Decomposable>]> {
  let summary = "post(softmax(where(mask, score(query key^T), lowest))) value";
  let description = [{
    Query [batch..., T, E], key [batch..., S, E], value [batch..., S, D]; the result is [batch..., T, D]. The regions
    compute tensors of [batch..., T, S], elementwise: `score` sees the products of queries and keys, `mask` (if there)
    says which keys a query sees, `post` (if there) sees the softmax's weights; all of them see the captures. A query that
    sees no key has the mean of all values with `empty(uniform)`, as with a score of `lowest`, and NaN, 0 / 0, with
    `empty(nan)`. In a region stand elementwise ops, constants of one value, `dim`, `iota`, and views of captures, `dim` and
    `iota` on the whole domain: whatever reads another place of the scores is no attention.

    Example:
    ```
    %o = sinter.attention %q, %k, %v captures(%m) score {
    ^bb0(%s: !sinter.tensor<[B, T, T], f32>, %0: !sinter.tensor<[B, T], i1>):
      %c = sinter.constant [0.125] : !sinter.tensor<[B, T, T], f32>
      %a = sinter.mul %s, %c : !sinter.tensor<[B, T, T], f32>
      sinter.yield %a : !sinter.tensor<[B, T, T], f32>
    } mask empty(uniform) {
    ^bb0(%0: !sinter.tensor<[B, T], i1>):
      %a = sinter.view %0 at <(d0, d1, d2) -> (d0, d2)> : !sinter.tensor<[B, T], i1> -> !sinter.tensor<[B, T, T], i1>
      sinter.yield %a : !sinter.tensor<[B, T, T], i1>
    } : (!sinter.tensor<[B, T, 64], f32>, !sinter.tensor<[B, T, 64], f32>, !sinter.tensor<[B, T, 64], f32>, !sinter.tensor<[B, T], i1>) -> !sinter.tensor<[B, T, 64], f32>
    ```
  }];
  let arguments = (ins Sinter_Real:$query, Sinter_Real:$key, Sinter_Real:$value, Variadic<Sinter_Tensor>:$captures,
                       Sinter_EmptyRow:$empty);
  let results = (outs Sinter_Real:$result);
  let regions = (region SizedRegion<1>:$score, AnyRegion:$mask, AnyRegion:$post);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// [batch..., T, S].
    ::llvm::SmallVector<::sinter::Dim> getDomain();
    bool hasMask() { return !getMask().empty(); }
    bool hasPost() { return !getPost().empty(); }
  }];
}
#endif // SINTER_ATTENTION_TD
