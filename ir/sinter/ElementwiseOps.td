// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise ops: operands and results of one shape. Broadcasting is a `sinter.view` before them.
#ifndef SINTER_ELEMENTWISE_TD
#define SINTER_ELEMENTWISE_TD
include "ir/sinter/SinterBase.td"

// Types must be identical; upstream's SameOperandsAndResultType would let `B` pass for `T`.
class Sinter_Elementwise<string mnemonic, list<Trait> traits = []>
    : Sinter_Primitive<mnemonic, !listconcat([Elementwise], traits)>;

class Sinter_Unary<string mnemonic, Type type, string sum> : Sinter_Elementwise<mnemonic, [AllTypesMatch<["input", "result"]>]> {
  let summary = sum;
  let description = "Example: `%y = sinter." # mnemonic # " %x : !sinter.tensor<[B, 8], " # !cond(!eq(mnemonic, "not"): "i1", true: "f32") # ">`";
  let arguments = (ins type:$input);
  let results = (outs type:$result);
  let assemblyFormat = "$input attr-dict `:` qualified(type($result))";
  let hasFolder = 1;
}
def Sinter_ExpOp   : Sinter_Unary<"exp",   Sinter_Real, "e to the power of each element">;
def Sinter_LogOp   : Sinter_Unary<"log",   Sinter_Real, "natural logarithm">;
def Sinter_SqrtOp  : Sinter_Unary<"sqrt",  Sinter_Real, "square root">;
def Sinter_ErfOp   : Sinter_Unary<"erf",   Sinter_Real, "error function">;
def Sinter_TanhOp  : Sinter_Unary<"tanh",  Sinter_Real, "hyperbolic tangent">;
def Sinter_SinOp   : Sinter_Unary<"sin",   Sinter_Real, "sine">;
def Sinter_CosOp   : Sinter_Unary<"cos",   Sinter_Real, "cosine">;
def Sinter_AbsOp   : Sinter_Unary<"abs",   Sinter_Number, "absolute value">;
def Sinter_NegOp   : Sinter_Unary<"neg",   Sinter_Number, "negation">;
def Sinter_FloorOp : Sinter_Unary<"floor", Sinter_Real, "largest whole number not above">;
def Sinter_NotOp   : Sinter_Unary<"not",   Sinter_Bool, "logical negation">;

class Sinter_Binary<string mnemonic, Type type, string sum, list<Trait> traits = []>
    : Sinter_Elementwise<mnemonic, !listconcat([AllTypesMatch<["lhs", "rhs", "result"]>], traits)> {
  let summary = sum;
  let description = "Example: `%c = sinter." # mnemonic # " %a, %b : !sinter.tensor<[B, 8], " #
      !cond(!eq(mnemonic, "and"): "i1", !eq(mnemonic, "or"): "i1", !eq(mnemonic, "floordiv"): "i32", !eq(mnemonic, "mod"): "i32", true: "f32") # ">`";
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` qualified(type($result))";
  let hasFolder = 1;
}
def Sinter_AddOp      : Sinter_Binary<"add", Sinter_Number, "sum", [Commutative]>;
def Sinter_SubOp      : Sinter_Binary<"sub", Sinter_Number, "difference">;
def Sinter_MulOp      : Sinter_Binary<"mul", Sinter_Number, "product", [Commutative]>;
def Sinter_DivOp      : Sinter_Binary<"div", Sinter_Real, "quotient">;
def Sinter_FloorDivOp : Sinter_Binary<"floordiv", Sinter_Int, "quotient rounded toward minus infinity">;
def Sinter_ModOp      : Sinter_Binary<"mod", Sinter_Int, "remainder of floordiv; its sign is the divisor's">;
def Sinter_PowOp      : Sinter_Binary<"pow", Sinter_Real, "power">;
def Sinter_MaximumOp  : Sinter_Binary<"maximum", Sinter_Number, "larger one; NaN if either is", [Commutative]>;
def Sinter_MinimumOp  : Sinter_Binary<"minimum", Sinter_Number, "smaller one; NaN if either is", [Commutative]>;
def Sinter_AndOp      : Sinter_Binary<"and", Sinter_Bool, "logical and", [Commutative]>;
def Sinter_OrOp       : Sinter_Binary<"or", Sinter_Bool, "logical or", [Commutative]>;

def Sinter_Predicate : I32EnumAttr<"Predicate", "comparison", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::sinter::ir";
}
def Sinter_CompareOp : Sinter_Elementwise<"compare", [AllTypesMatch<["lhs", "rhs"]>]> {
  let summary = "comparison of numbers";
  let description = "Example: `%c = sinter.compare lt %a, %b : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T], i1>`";
  let arguments = (ins Sinter_Predicate:$predicate, Sinter_Number:$lhs, Sinter_Number:$rhs);
  let results = (outs Sinter_Bool:$result);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` qualified(type($lhs)) `->` qualified(type($result))";
  let builders = [OpBuilder<(ins "::sinter::ir::Predicate":$predicate, "::mlir::Value":$lhs, "::mlir::Value":$rhs)>];
  let hasVerifier = 1;
  let hasFolder = 1;
}
def Sinter_SelectOp : Sinter_Elementwise<"select", [AllTypesMatch<["onTrue", "onFalse", "result"]>]> {
  let summary = "`where(condition, onTrue, onFalse)`";
  let description = "Example: `%r = sinter.select %c, %a, %b : !sinter.tensor<[B, T], i1>, !sinter.tensor<[B, T], f32>`";
  let arguments = (ins Sinter_Bool:$condition, Sinter_Tensor:$onTrue, Sinter_Tensor:$onFalse);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$condition `,` $onTrue `,` $onFalse attr-dict `:` qualified(type($condition)) `,` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def Sinter_CastOp : Sinter_Elementwise<"cast"> {
  let summary = "another element type: reals to integers toward zero, numbers to booleans by `!= 0`";
  let description = "Example: `%r = sinter.cast %m : !sinter.tensor<[B, T], i32> to !sinter.tensor<[B, T], f32>`";
  let arguments = (ins Sinter_Tensor:$input);
  let results = (outs Sinter_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` qualified(type($input)) `to` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}
#endif // SINTER_ELEMENTWISE_TD
