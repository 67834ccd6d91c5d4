// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every pass of the room: its flag, what it does in one example, its dialects. One file each, of the same stem.
#ifndef SINTER_PASSES_TD
#define SINTER_PASSES_TD
include "mlir/Pass/PassBase.td"

def DeriveDecode : Pass<"sinter-derive-decode", "::mlir::ModuleOp"> {
  let summary = "beside a function that is proven `causal T`: `extend`, its new rows from what is kept of the old ones";
  let description = [{
    In: a function `forward(tokens: i32[B, T], ...)` that says `causal T` and is proven so. Out, beside it:

    * `extend(tokens: i32[B, N], count: i32[B], length: i32[B], pages: i32[B, P], ..., state...)`: the result at each sequence's last
      row, where sequence b has length[b] rows and count[b] new ones. Rows that are wanted again are state: pools of pages of 16 rows,
      arguments with `sinter.state`, appended to (`sinter.append`) and read through the table of pages.
    * `begin(...)`, where the function has other inputs than rows: what they alone decide, such as an encoder's keys and values; its
      results are arguments of `extend` with `sinter.begin`, read through `source`, a row of them for each sequence.

    A window that is the same for all state is said by `sinter.window`. See docs/decisions/0019-extend.md.
  }];
  let options = [Option<"from", "from", "std::string", [{"forward"}], "the function to derive from">,
                 Option<"alone", "alone", "bool", "false", "drop every other function">];
  let dependentDialects = ["::sinter::ir::SinterDialect", "::mlir::func::FuncDialect"];
}

def Simplify : Pass<"sinter-simplify", "::mlir::ModuleOp"> {
  let summary = "canonical form of the primitive level: fewer views, one copy of each value, no dead parameters";
  let description = [{
    Runs every op's folders and canonicalizations, merges equal values, writes permutations around a contraction into
    its labels, and removes parameters that nothing reads. Elementwise ops and their order stay as the text has them.

    Before:
    ```
    %t = sinter.view %w at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[4, 8], f32>
    %y = sinter.contract %x, %t "ab,bc->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[4, 8], f32> -> !sinter.tensor<[B, 8], f32>
    ```
    After:
    ```
    %y = sinter.contract %x, %w "ab,cb->ac" : !sinter.tensor<[B, 4], f32>, !sinter.tensor<[8, 4], f32> -> !sinter.tensor<[B, 8], f32>
    ```
  }];
  let dependentDialects = ["::sinter::ir::SinterDialect"];
}

def ProveCausal : Pass<"sinter-prove-causal", "::mlir::ModuleOp"> {
  let summary = "functions that say `causal T` are proven to be so, or refused with the op that is not";
  let description = [{
    A function is causal T if row i of its result is the same however many rows follow: no later row is read, and the
    number T itself is not felt. Each primitive says which rows it reads (`ir/time/TimeFacts.h`); reductions and
    contractions over T want a mask of `lowest` or of zeros that hides the later rows. Changes nothing.

    Before, and after:
    ```
    func.func @f(%x: !sinter.tensor<[B, T, 8], f32>) -> !sinter.tensor<[B, T, 8], f32> attributes {sinter.causal = "T"} {
      %y = sinter.cumsum %x axis 1 : !sinter.tensor<[B, T, 8], f32>
      return %y : !sinter.tensor<[B, T, 8], f32>
    }
    ```
  }];
  let dependentDialects = ["::sinter::ir::SinterDialect"];
}

def Raise : Pass<"sinter-raise", "::mlir::ModuleOp"> {
  let summary = "attention, softmax, norms and activations found in the mathematics become one op each";
  let description = [{
    Builds the normal form of each value beside the IR (passes/raising/Term.h), guesses which semantic op it might be,
    constructs that op's normal form by the same constructors and compares: a wrong guess cannot raise, and how the
    text spells the formula does not matter. What is not raised keeps the text's operations in the text's order.
    Remarks (category `raise`) say what was raised, and for a sum of exponentials or the root of a mean square that
    was not, why.

    Before:
    ```
    %m = sinter.max %x axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
    %n = sinter.view %m at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
    %d = sinter.sub %x, %n : !sinter.tensor<[B, 8], f32>
    %e = sinter.exp %d : !sinter.tensor<[B, 8], f32>
    %s = sinter.sum %e axes [1] : !sinter.tensor<[B, 8], f32> -> !sinter.tensor<[B, 1], f32>
    %t = sinter.view %s at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 8], f32>
    %y = sinter.div %e, %t : !sinter.tensor<[B, 8], f32>
    ```
    After:
    ```
    %y = sinter.softmax %x : !sinter.tensor<[B, 8], f32>
    ```
  }];
  let dependentDialects = ["::sinter::ir::SinterDialect"];
  let options = [Option<"seed", "seed", "uint64_t", "0", "Seed of the structural hash; the result does not depend on it">];
  let statistics = [Statistic<"raised", "raised", "Semantic ops made">];
}

def Decompose : Pass<"sinter-decompose", "::mlir::ModuleOp"> {
  let summary = "semantic ops become the primitives that they stand for";
  let description = [{
    Before:
    ```
    %y = sinter.activation silu %x : !sinter.tensor<[B, 8], f32>
    ```
    After:
    ```
    %c = sinter.constant [1.0] : !sinter.tensor<[B, 8], f32>
    %n = sinter.neg %x : !sinter.tensor<[B, 8], f32>
    %e = sinter.exp %n : !sinter.tensor<[B, 8], f32>
    %a = sinter.add %c, %e : !sinter.tensor<[B, 8], f32>
    %d = sinter.constant [1.0] : !sinter.tensor<[B, 8], f32>
    %s = sinter.div %d, %a : !sinter.tensor<[B, 8], f32>
    %y = sinter.mul %x, %s : !sinter.tensor<[B, 8], f32>
    ```
  }];
  let dependentDialects = ["::sinter::ir::SinterDialect"];
}

def ConvertToKernels : Pass<"sinter-convert-to-kernels", "::mlir::ModuleOp"> {
  let summary = "one skeleton for each op; views become index maps";
  let description = [{
    Tensors become buffers and ops become skeletons, one for one. A view is read through the map of its consumer, or
    is a `kernel.move` where no map will do: for the result of a function, an operand of a gather or a repeat, the
    left side of a contraction whose map would not be linear. The right side of a contraction is always in panels. An
    op that no skeleton computes is an error at its place in the text; attention that its kernel does not compute is
    lowered in parts, with a remark (category `lower`) that says why.

    Before:
    ```
    %b = sinter.view %bias at <(d0, d1) -> (d1)> : !sinter.tensor<[8], f32> -> !sinter.tensor<[B, 8], f32>
    %y = sinter.add %x, %b : !sinter.tensor<[B, 8], f32>
    ```
    After:
    ```
    %y = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %bias at <(d0, d1) -> (d1)>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.addf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[8], f32>) -> !kernel.buffer<[B, 8], f32>
    ```
  }];
  let dependentDialects = ["::sinter::ir::kernel::KernelDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def FusePointwise : Pass<"sinter-fuse-pointwise", "::mlir::ModuleOp"> {
  let summary = "pointwise work moves into its consumers, epilogues and rows; rows over one domain become one";
  let description = [{
    A pointwise producer with one consumer (or one that only casts, compares or spreads a constant) is computed where
    it is read: in a pointwise, in a row's stages, among a contraction's extras. A pointwise over the result of a
    contraction becomes its epilogue, one over a row's domain its finish. A row that reads another row's reduction over
    the same domain takes its stages over, so softmax and layer norm are one row each. Scalars are computed by the
    text's own operations in the text's order; only equality of index maps is used as proof.

    Before:
    ```
    %s = kernel.row domain [B, 8] reduced 1 [sum] per_row (%x at <(d0, d1) -> (d0, d1)>) stage {
    ^bb0(%0: f32):
      kernel.yield %0 : f32
    } finish {
    ^bb0(%0: f32):
      kernel.yield %0 : f32
    } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 1], f32>
    %y = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %s at <(d0, d1) -> (d0, 0)>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.divf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[B, 1], f32>) -> !kernel.buffer<[B, 8], f32>
    ```
    After:
    ```
    %y = kernel.row domain [B, 8] reduced 1 [sum] (%x at <(d0, d1) -> (d0, d1)>) stage {
    ^bb0(%0: f32):
      kernel.yield %0 : f32
    } finish {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.divf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[B, 8], f32>) -> !kernel.buffer<[B, 8], f32>
    ```
  }];
  let dependentDialects = ["::sinter::ir::kernel::KernelDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def MergeContractions : Pass<"sinter-merge-contractions", "::mlir::ModuleOp"> {
  let summary = "contractions of one operand with several parameters become one with the parameters concatenated";
  let description = [{
    A layer's queries, keys and values are three contractions of the same activations: one contraction over the
    concatenated parameters makes them all, and their readers read its result at an offset along the last axis.
    Epilogues must be the same but for parameters along the columns (biases), which are concatenated, too. A parameter that
    anything else reads (a tied table, another function that reads it alone) is not concatenated, for it would be stored
    twice; nor one whose result is returned or passed on whole. Remarks (category `fuse`) say what was
    merged, and for contractions of one operand that were not, why. No result changes a bit.

    Before:
    ```
    %q = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %wq at <() -> ()> extras(%bq at <(d0, d1) -> (d1)>) { yields sum + bq } : ... -> !kernel.buffer<[T, 64], f32>
    %k = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %wk at <() -> ()> extras(%bk at <(d0, d1) -> (d1)>) { yields sum + bk } : ... -> !kernel.buffer<[T, 64], f32>
    %s = kernel.pointwise(%q at <(d0, d1) -> (d0, d1)>, %k at <(d0, d1) -> (d0, d1)>) ...
    ```
    After:
    ```
    %w = kernel.pointwise(%q.weight at <(d0, d1) -> (d0 mod 64, d1)>, %k.weight at <(d0, d1) -> ((d0 - 64) mod 64, d1)>) { yields d0 < 64 ? q : k } : ... -> !kernel.buffer<[128, 64], f32>
    ... its move into panels, and the biases alike
    %qk = kernel.contract batch 0 %x at <(d0, d1) -> (d0, d1)>, %wqk at <() -> ()> extras(%b at <(d0, d1) -> (d1)>) { yields sum + b } : ... -> !kernel.buffer<[T, 128], f32>
    %s = kernel.pointwise(%qk at <(d0, d1) -> (d0, d1)>, %qk at <(d0, d1) -> (d0, d1 + 64)>) ...
    ```
  }];
  let dependentDialects = ["::sinter::ir::kernel::KernelDialect", "::mlir::arith::ArithDialect"];
}

def HoistPrepare : Pass<"sinter-hoist-prepare", "::mlir::ModuleOp"> {
  let summary = "what depends on parameters alone is computed once, by @prepare";
  let description = [{
    Moves into panels, casts and mathematics of parameters and constants leave the functions for one function `@prepare`
    that writes `kernel.prepared` buffers; equal ones are shared by all functions. In a `kernel.repeat`, what depends
    on slices of stacked parameters is computed for the whole stack. A table that is stored in panels for a contraction
    is gathered from there: no parameter is stored twice.

    Before:
    ```
    func.func @forward(%x: !kernel.buffer<[B, 64], f32>) -> !kernel.buffer<[B, 256], f32> {
      %w = kernel.read @w : !kernel.buffer<[256, 64], f32>
      %p = kernel.move %w at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[256, 64], f32> -> !kernel.buffer<[256, 64], f32, panels>
      ...
    ```
    After:
    ```
    kernel.prepared @w.panels : !kernel.buffer<[256, 64], f32, panels>
    func.func @prepare() {
      %w = kernel.read @w : !kernel.buffer<[256, 64], f32>
      %p = kernel.move %w at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[256, 64], f32> -> !kernel.buffer<[256, 64], f32, panels>
      kernel.write @w.panels, %p : !kernel.buffer<[256, 64], f32, panels>
      return
    }
    func.func @forward(%x: !kernel.buffer<[B, 64], f32>) -> !kernel.buffer<[B, 256], f32> {
      %p = kernel.read @w.panels : !kernel.buffer<[256, 64], f32, panels>
      ...
    ```
  }];
  let dependentDialects = ["::sinter::ir::kernel::KernelDialect", "::mlir::func::FuncDialect"];
}

def NarrowStorage : Pass<"sinter-narrow-storage", "::mlir::ModuleOp"> {
  let summary = "weights and caches are stored in bf16 or f16; arithmetic stays in f32";
  let description = [{
    `weights`: prepared buffers that contractions and gathers alone read (panels and tables). `stored` means as the
    checkpoint has them, where that loses nothing: every number is a parameter's of that type. `cache`: the pools that
    functions append to (`sinter.state`). Numbers are rounded to the nearest, ties to even, when they are written.

    Before:
    ```
    kernel.prepared @w.panels : !kernel.buffer<[256, 64], f32, panels>
    ```
    After, with `weights=bf16`:
    ```
    kernel.prepared @w.panels : !kernel.buffer<[256, 64], bf16, panels>
    ```
  }];
  let dependentDialects = ["::sinter::ir::kernel::KernelDialect"];
  let options = [Option<"weights", "weights", "std::string", "\"f32\"", "f32, bf16, f16, or stored: as the checkpoint has them">,
                 Option<"cache", "cache", "std::string", "\"f32\"", "f32, bf16 or f16">];
}
#endif // SINTER_PASSES_TD
