// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that make, move and combine tensors: constants, indices, views, gathers, reductions, contractions.
#ifndef SINTER_TENSOR_TD
#define SINTER_TENSOR_TD
include "ir/sinter/SinterBase.td"

def Sinter_ConstantOp : Sinter_Primitive<"constant", [ConstantLike]> {
  let summary = "a constant; one value is spread over the shape";
  let description = [{
    Values are kept in float64 (exact integers for i32, 0 or 1 for i1), since `f32` is the nominal real. One value for
    any shape, or one for each element in row-major order (constant shape only). A value that is not finite is refused.

    Example: `%c = sinter.constant [1.0e-12] : !sinter.tensor<[], f32>`
  }];
  let arguments = (ins DenseF64ArrayAttr:$values);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "custom<Values>($values) attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def Sinter_DimOp : Sinter_Primitive<"dim"> {
  let summary = "the number of a dimension, as a scalar i32 or f32";
  let description = "Example: `%n = sinter.dim T : !sinter.tensor<[], f32>`";
  let arguments = (ins Sinter_DimAttr:$dim);
  let results = (outs Sinter_Number:$result);
  let assemblyFormat = "custom<Dim>($dim) attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def Sinter_IotaOp : Sinter_Primitive<"iota"> {
  let summary = "0, 1, 2, ... (rank 1)";
  let description = "Example: `%i = sinter.iota : !sinter.tensor<[T], i32>`";
  let results = (outs Sinter_Int:$result);
  let assemblyFormat = "attr-dict `:` qualified(type($result))";
  let builders = [OpBuilder<(ins "const ::sinter::Dim &":$size)>];
  let hasVerifier = 1;
}
def Sinter_ViewOp : Sinter_Primitive<"view"> {
  let summary = "result[i] = input[map(i)]: reshape, transpose, broadcast and slice in one";
  let description = [{
    Example, heads split: `%h = sinter.view %x at <(d0, d1, d2, d3) -> (d0, d2, d1 * 64 + d3)>
      : !sinter.tensor<[B, T, 768], f32> -> !sinter.tensor<[B, 12, T, 64], f32>`
  }];
  let arguments = (ins Sinter_Tensor:$input, Sinter_IndexMapAttr:$map);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "custom<Mapped>($input, $map) attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}
def Sinter_ConcatOp : Sinter_Primitive<"concat"> {
  let summary = "inputs one after another along an axis";
  let description = "Example: `%c = sinter.concat %a, %b axis 1 : !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, T + 2], f32>`";
  let arguments = (ins Variadic<Sinter_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$inputs `axis` $axis attr-dict `:` qualified(type($inputs)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$inputs, "int64_t":$axis)>];
  let hasVerifier = 1;
}
def Sinter_GatherOp : Sinter_Primitive<"gather"> {
  let summary = "rows of a table: result[i..., j...] = table[ids[i...], j...]";
  let description = [{
    An id below 0 or not below the table's first dimension is a run-time error that names this place.

    Example: `%e = sinter.gather %w[%ids] : !sinter.tensor<[30522, 768], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 768], f32>`
  }];
  let arguments = (ins Sinter_Tensor:$table, Sinter_Int:$ids);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$table `[` $ids `]` attr-dict `:` qualified(type($table)) `,` qualified(type($ids)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::Value":$table, "::mlir::Value":$ids)>];
  let hasVerifier = 1;
}
def Sinter_AppendOp : Sinter_Primitive<"append", [AllTypesMatch<["pool", "result"]>, AllTypesMatch<["length", "count"]>]> {
  let summary = "a pool of pages with new rows of tokens put behind those that are there";
  let description = [{
    The pool's first axis counts pages, and along `axis` each holds its rows of tokens. Position p of sequence b is row
    p mod R of page `pages[b, p floordiv R]`, R being the extent of `axis`. For n < count[b], position length[b] + n becomes
    rows[b, n]; all else stays. `rows` has the axes B, N, then the pool's other axes in order. A page or a position out of range
    is a run-time error; two sequences must not write the same row of the same page.

    Example: `%p = sinter.append %pool[%pages], %k at %length count %count axis 2 : !sinter.tensor<[Q, 64, 16], f32>, !sinter.tensor<[B, P], i32>,
      !sinter.tensor<[B, N, 64], f32>, !sinter.tensor<[B], i32>`
  }];
  let arguments = (ins Sinter_Tensor:$pool, Sinter_Int:$pages, Sinter_Tensor:$rows, Sinter_Int:$length, Sinter_Int:$count, I64Attr:$axis);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = [{
    $pool `[` $pages `]` `,` $rows `at` $length `count` $count `axis` $axis attr-dict `:` qualified(type($pool)) `,` qualified(type($pages)) `,`
    qualified(type($rows)) `,` qualified(type($length))
  }];
  let hasVerifier = 1;
}
def Sinter_PickOp : Sinter_Primitive<"pick"> {
  let summary = "one entry of the last axis per row: result[i...] = input[i..., ids[i...]]";
  let description = "Example: `%p = sinter.pick %x[%ids] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>`";
  let arguments = (ins Sinter_Tensor:$input, Sinter_Int:$ids);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$input `[` $ids `]` attr-dict `:` qualified(type($input)) `,` qualified(type($ids)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::mlir::Value":$ids)>];
  let hasVerifier = 1;
}

// Reductions keep the reduced axes as a literal 1.
class Sinter_Reduction<string mnemonic, Type type, string sum> : Sinter_Primitive<mnemonic> {
  let summary = sum;
  let description = "Example: `%r = sinter." # mnemonic # " %x axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], " #
      !cond(!eq(mnemonic, "argmax"): "i32", true: "f32") # ">`";
  let arguments = (ins type:$input, DenseI64ArrayAttr:$axes);
  let assemblyFormat = "$input `axes` $axes attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::llvm::ArrayRef<int64_t>":$axes)>];
  let hasVerifier = 1;
}
def Sinter_SumOp : Sinter_Reduction<"sum", Sinter_Number, "sum over axes"> { let results = (outs Sinter_Number:$result); }
def Sinter_MaxOp : Sinter_Reduction<"max", Sinter_Number, "largest over axes"> { let results = (outs Sinter_Number:$result); }
def Sinter_MinOp : Sinter_Reduction<"min", Sinter_Number, "smallest over axes"> { let results = (outs Sinter_Number:$result); }
def Sinter_ArgMaxOp : Sinter_Reduction<"argmax", Sinter_Number, "index of the largest along one axis, the first on ties"> {
  let results = (outs Sinter_Int:$result);
}
def Sinter_CumSumOp : Sinter_Primitive<"cumsum", [AllTypesMatch<["input", "result"]>]> {
  let summary = "running sum along an axis, the element itself included";
  let description = "Example: `%c = sinter.cumsum %x axis 1 : !sinter.tensor<[B, T], i32>`";
  let arguments = (ins Sinter_Number:$input, I64Attr:$axis);
  let results = (outs Sinter_Number:$result);
  let assemblyFormat = "$input `axis` $axis attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}
def Sinter_TopKOp : Sinter_Primitive<"top_k"> {
  let summary = "the k largest of the last axis, falling, the lower index first on ties";
  let description = "Example: `%v, %i = sinter.top_k %x : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 2], f32>, !sinter.tensor<[B, 2], i32>`";
  let arguments = (ins Sinter_Real:$input);
  let results = (outs Sinter_Real:$top, Sinter_Int:$indices);
  let assemblyFormat = "$input attr-dict `:` qualified(type($input)) `->` qualified(type($top)) `,` qualified(type($indices))";
  let hasVerifier = 1;
}
def Sinter_ContractOp : Sinter_Primitive<"contract"> {
  let summary = "sum of products over labelled axes";
  let description = [{
    Each axis of each operand and of the result has a label, a small integer. A label in the result is free; one that
    the result lacks is summed over and stands in both operands. A free label may stand in one or both operands.
    Printed as an einsum with letters by number (0 = a).

    Example: `%s = sinter.contract %q, %k "abcd,abed->abce"
      : !sinter.tensor<[B, 12, T, 64], f32>, !sinter.tensor<[B, 12, T, 64], f32> -> !sinter.tensor<[B, 12, T, T], f32>`
  }];
  let arguments = (ins Sinter_Real:$lhs, Sinter_Real:$rhs, StrAttr:$labels);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$lhs `,` $rhs $labels attr-dict `:` qualified(type($lhs)) `,` qualified(type($rhs)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::Value":$lhs, "::mlir::Value":$rhs, "::llvm::StringRef":$labels)>];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The three label strings, in order lhs, rhs, result.
    std::array<::llvm::StringRef, 3> getLabelParts();
  }];
}
#endif // SINTER_TENSOR_TD
