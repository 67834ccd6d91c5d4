// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters, loops and checks: what makes a page of mathematics a program. Functions are `func.func`.
#ifndef SINTER_PROGRAM_TD
#define SINTER_PROGRAM_TD
include "ir/sinter/SinterBase.td"

def Sinter_ParameterOp : Sinter_Op<"parameter", [Symbol]> {
  let summary = "a parameter of the model, or a family of them stacked along a leading axis";
  let description = [{
    `names` are first-choice outside names, one for each layer of a stack (a single one, and no leading axis, when
    `stacked` is absent). Which tensors of a checkpoint fill it is settled when weights are bound, by the frontend's table.

    Example: `sinter.parameter @"layer.*.up.weight" stacked ["layer.0.up.weight", "layer.1.up.weight"] : !sinter.tensor<[2, 64, 16], f32>`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, UnitAttr:$stacked, StrArrayAttr:$names, TypeAttrOf<Sinter_Tensor>:$type);
  let assemblyFormat = "$sym_name (`stacked` $stacked^)? $names attr-dict `:` $type";
  let hasVerifier = 1;
}
def Sinter_ReadOp : Sinter_Primitive<"read", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a parameter";
  let description = "Example: `%w = sinter.read @\"embeddings.word\" : !sinter.tensor<[30522, 768], f32>`";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` qualified(type($result))";
}
def Sinter_RepeatOp : Sinter_Op<"repeat", [AttrSizedOperandSegments, SingleBlock, DeclareOpInterfaceMethods<Evaluable>,
                                        DeclareOpInterfaceMethods<TimeAware>,
                                        RecursiveMemoryEffects]> {
  let summary = "runs a body a fixed number of times: a scan";
  let description = [{
    The body's arguments are the carried values, then one slice of each stack (its leading axis, of extent `count`,
    dropped). It yields the next carried values, then one slice of each output stack. Values from outside are invariants.
    Results: the last carried values, then the output stacks.

    Example:
    ```
    %y = sinter.repeat 12 carried(%x) stacked(%w) {
    ^bb0(%c: !sinter.tensor<[B, 8], f32>, %l: !sinter.tensor<[8], f32>):
      %s = sinter.view %l at <(d0, d1) -> (d1)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, 8], f32>
      %d = sinter.mul %c, %s : !sinter.tensor<[B, 8], f32>
      sinter.yield %d : !sinter.tensor<[B, 8], f32>
    } : (!sinter.tensor<[B, 8], f32>, !sinter.tensor<[12, 8], f32>) -> !sinter.tensor<[B, 8], f32>
    ```
  }];
  let arguments = (ins I64Attr:$count, Variadic<Sinter_Tensor>:$carried, Variadic<Sinter_Tensor>:$stacked);
  let results = (outs Variadic<Sinter_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = "  ::mlir::Block &getBlock() { return getBody().front(); }";
  let builders = [OpBuilder<(ins "int64_t":$count, "::mlir::ValueRange":$carried, "::mlir::ValueRange":$stacked, "::mlir::TypeRange":$resultTypes)>];
}
def Sinter_YieldOp : Sinter_Op<"yield", [Pure, Terminator, ParentOneOf<["RepeatOp", "AttentionOp"]>]> {
  let summary = "ends the body of a repeat, or a region of attention";
  let description = "Example: `sinter.yield %d : !sinter.tensor<[B, 8], f32>`";
  let arguments = (ins Variadic<Sinter_Tensor>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` qualified(type($operands)))?";
}
def Sinter_CheckOp : Sinter_Op<"check", [DeclareOpInterfaceMethods<Evaluable>]> {
  let summary = "a condition on dimensions that is checked at the call";
  let description = [{
    `{0}`, `{1}`, ... in the message stand for the numbers of `shown`. A check that is decided by constants is folded, or refused.

    Example: `sinter.check T le 512, "{0} tokens, but this model has 512 positions" [T]`
  }];
  let arguments = (ins Sinter_DimAttr:$lhs, I32Attr:$predicate, Sinter_DimAttr:$rhs, StrAttr:$message,
                       TypedArrayAttrBase<Sinter_DimAttr, "dimensions">:$shown);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}
#endif // SINTER_PROGRAM_TD
