// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The semantic level: row functions, activations and linear maps that passes raise out of primitives. Each says by `decompose()`
// which primitives it stands for.
#ifndef SINTER_SEMANTIC_TD
#define SINTER_SEMANTIC_TD
include "ir/sinter/SinterBase.td"
include "ir/interfaces/Decomposable.td"

class Sinter_SemanticOp<string mnemonic, list<Trait> traits = []>
    : Sinter_ValueOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<Decomposable>, AllTypesMatch<["input", "result"]>], traits)>;

def Sinter_SoftmaxOp : Sinter_SemanticOp<"softmax"> {
  let summary = "softmax of the last axis: exp(x - max x) / sum exp(x - max x)";
  let description = "Example: `%p = sinter.softmax %x : !sinter.tensor<[B, T], f32>`";
  let arguments = (ins Sinter_Real:$input);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$input attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}
def Sinter_LogSoftmaxOp : Sinter_SemanticOp<"log_softmax"> {
  let summary = "logarithm of the softmax of the last axis: x - max x - log sum exp(x - max x)";
  let description = "Example: `%p = sinter.log_softmax %x : !sinter.tensor<[B, T], f32>`";
  let arguments = (ins Sinter_Real:$input);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$input attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}
def Sinter_CrossEntropyOp : Sinter_ValueOp<"cross_entropy", [DeclareOpInterfaceMethods<Decomposable>]> {
  let summary = "loss of each row: log sum exp(x) - x[label], over the last axis of the logits";
  let description = [{
    A label names an entry of its row, as `pick` has it. Which rows count, and their mean, are ordinary ops around it.

    Example: `%l = sinter.cross_entropy %x[%labels] : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[B], i32> -> !sinter.tensor<[B], f32>`
  }];
  let arguments = (ins Sinter_Real:$input, Sinter_Int:$labels);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$input `[` $labels `]` attr-dict `:` qualified(type($input)) `,` qualified(type($labels)) `->` qualified(type($result))";
  // The result type follows from the operands.
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::mlir::Value":$labels)>];
  let hasVerifier = 1;
}
def Sinter_LinearOp : Sinter_ValueOp<"linear", [DeclareOpInterfaceMethods<Decomposable>]> {
  let summary = "rows times a weight: result[i..., n] = sum over k of input[i..., k] * weight[n, k], plus bias[n]";
  let description = [{
    What quantization and adapters look for. The bias may be absent.

    Example:
    ```
    %w = sinter.constant [0.5] : !sinter.tensor<[4, 8], f32>
    %b = sinter.constant [1.0] : !sinter.tensor<[4], f32>
    %y = sinter.linear %x, %w bias(%b : !sinter.tensor<[4], f32>) : !sinter.tensor<[B, 8], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 4], f32>
    ```
  }];
  let arguments = (ins Sinter_Real:$input, Sinter_Real:$weight, Optional<Sinter_Real>:$bias);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = [{
    $input `,` $weight (`bias` `(` $bias^ `:` qualified(type($bias)) `)`)? attr-dict `:` qualified(type($input)) `,` qualified(type($weight)) `->` qualified(type($result))
  }];
  // The result type follows from the operands; the bias may be null.
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::mlir::Value":$weight, "::mlir::Value":$bias)>];
  let hasVerifier = 1;
}
def Sinter_LayerNormOp : Sinter_SemanticOp<"layer_norm", [AttrSizedOperandSegments]> {
  let summary = "(x - m) / sqrt(v + eps) * weight + bias, with m and v the mean and the variance of the last axis";
  let description = [{
    The variance divides by the axis's extent. Weight and bias have the last axis's shape; either may be absent.

    Example:
    ```
    %w = sinter.constant [1.0] : !sinter.tensor<[8], f32>
    %b = sinter.constant [0.0] : !sinter.tensor<[8], f32>
    %y = sinter.layer_norm %x weight(%w : !sinter.tensor<[8], f32>) bias(%b : !sinter.tensor<[8], f32>) eps 1.000000e-05 : !sinter.tensor<[B, 8], f32>
    ```
  }];
  let arguments = (ins Sinter_Real:$input, Optional<Sinter_Real>:$weight, Optional<Sinter_Real>:$bias, F64Attr:$eps);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = [{
    $input (`weight` `(` $weight^ `:` qualified(type($weight)) `)`)? (`bias` `(` $bias^ `:` qualified(type($bias)) `)`)?
    `eps` $eps attr-dict `:` qualified(type($result))
  }];
  let hasVerifier = 1;
}
def Sinter_RmsNormOp : Sinter_SemanticOp<"rms_norm"> {
  let summary = "x / sqrt(mean(x * x) + eps) * weight over the last axis";
  let description = [{
    The weight has the last axis's shape; it may be absent.

    Example:
    ```
    %w = sinter.constant [1.0] : !sinter.tensor<[8], f32>
    %y = sinter.rms_norm %x weight(%w : !sinter.tensor<[8], f32>) eps 1.000000e-05 : !sinter.tensor<[B, 8], f32>
    ```
  }];
  let arguments = (ins Sinter_Real:$input, Optional<Sinter_Real>:$weight, F64Attr:$eps);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = [{
    $input (`weight` `(` $weight^ `:` qualified(type($weight)) `)`)? `eps` $eps attr-dict `:` qualified(type($result))
  }];
  let hasVerifier = 1;
}
def Sinter_L2NormalizeOp : Sinter_SemanticOp<"l2_normalize"> {
  let summary = "x / max(sqrt(sum(x * x)), eps) over the last axis: each row at length 1";
  let description = "Example: `%y = sinter.l2_normalize %x eps 1.000000e-12 : !sinter.tensor<[B, 8], f32>`";
  let arguments = (ins Sinter_Real:$input, F64Attr:$eps);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$input `eps` $eps attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}

def Sinter_ActivationKind : I32EnumAttr<"ActivationKind", "activation function", [
    I32EnumAttrCase<"gelu", 0>, I32EnumAttrCase<"gelu_tanh", 1>, I32EnumAttrCase<"silu", 2>]> {
  let cppNamespace = "::sinter::ir";
}
def Sinter_ActivationOp : Sinter_SemanticOp<"activation", [Elementwise]> {
  let summary = "an activation: gelu, gelu_tanh or silu";
  let description = [{
    `gelu` is x / 2 * (1 + erf(x / sqrt 2)), `gelu_tanh` x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), `silu` x / (1 + exp(-x)).

    Example: `%y = sinter.activation gelu %x : !sinter.tensor<[B, 8], f32>`
  }];
  let arguments = (ins Sinter_ActivationKind:$kind, Sinter_Real:$input);
  let results = (outs Sinter_Real:$result);
  let assemblyFormat = "$kind $input attr-dict `:` qualified(type($result))";
}
#endif // SINTER_SEMANTIC_TD
