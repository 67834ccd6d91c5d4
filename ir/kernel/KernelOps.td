// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `kernel` dialect: a handful of skeletons, each carrying small regions of scalar code (arith and math on
// f32, i32, i1). Values are symbolic buffers; who stores them where is the planner's business, and nothing here
// knows a machine.
#ifndef KERNEL_OPS_TD
#define KERNEL_OPS_TD
include "ir/sinter/SinterBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::sinter::ir::kernel";
  let summary = "skeletons with regions: the contract between passes and backends";
  let dependentDialects = ["::sinter::ir::SinterDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

// Row-major (dense), or 16-column panels of the last two axes [N, K]: stored [..., ceil(N/16), K, 16], the
// columns beyond N filled with zeros. The same for every machine.
def Kernel_Layout : I32EnumAttr<"Layout", "how a buffer is stored", [
    I32EnumAttrCase<"dense", 0>, I32EnumAttrCase<"panels", 1>]> { let cppNamespace = "::sinter::ir::kernel"; }

def Kernel_BufferType : TypeDef<Kernel_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "a stored tensor: `!kernel.buffer<[B, T, 768], f32>`, `!kernel.buffer<[768, 3072], bf16, panels>`";
  let parameters = (ins ArrayRefParameter<"::sinter::ir::DimAttr">:$dims, "::mlir::Type":$elementType,
                        "::sinter::ir::kernel::Layout":$layout);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [TypeBuilder<(ins "::llvm::ArrayRef<::sinter::Dim>":$dims, "::mlir::Type":$elementType,
                                   CArg<"::sinter::ir::kernel::Layout", "::sinter::ir::kernel::Layout::dense">:$layout)>];
  let extraClassDeclaration = [{
    unsigned rank() const { return getDims().size(); }
    ::sinter::Dim getDim(unsigned axis) const { return getDims()[axis].getDim(); }
    ::llvm::SmallVector<::sinter::Dim> getShapeDims() const;
    bool isPanels() const { return getLayout() == Layout::panels; }
    /// Stored elements, padding of panels included.
    ::sinter::Dim storedElements() const;
    /// Stored bytes: f32 and i32 take 4, bf16 and f16 2, i1 takes 1.
    ::sinter::Dim storedBytes() const;
    /// What regions and results see of an element: f32 where bf16 or f16 are stored.
    ::mlir::Type getScalarType() const;
  }];
}
def Kernel_Buffer : Type<CPred<"::llvm::isa<::sinter::ir::kernel::BufferType>($_self)">, "a kernel buffer", "::sinter::ir::kernel::BufferType">;
def Kernel_Scalar : AnyTypeOf<[F32, I32, I1]>;
def Kernel_Maps : TypedArrayAttrBase<Sinter_IndexMapAttr, "index maps">;
def Kernel_Dims : TypedArrayAttrBase<Sinter_DimAttr, "dimensions">;

class Kernel_Op<string mnemonic, list<Trait> traits = []> : Op<Kernel_Dialect, mnemonic, traits>;
class Kernel_Skeleton<string mnemonic, list<Trait> traits = []>
    : Kernel_Op<mnemonic, !listconcat([Pure, DeclareOpInterfaceMethods<Evaluable>], traits)>;

def Kernel_PointwiseOp : Kernel_Skeleton<"pointwise", [IsolatedFromAbove, SingleBlock]> {
  let summary = "a fused elementwise graph; each input is read through an index map";
  let description = [{
    The domain is the shape of the results (all alike, dense). The body's arguments are one scalar for each input,
    `input[map(domain index)]`; it yields one scalar for each result.

    Example:
    ```
    %r = kernel.pointwise(%x at <(d0, d1) -> (d0, d1)>, %b at <(d0, d1) -> (d1)>) {
    ^bb0(%0: f32, %1: f32):
      %2 = arith.addf %0, %1 : f32
      kernel.yield %2 : f32
    } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[8], f32>) -> !kernel.buffer<[B, 8], f32>
    ```
  }];
  let arguments = (ins Variadic<Kernel_Buffer>:$inputs, Kernel_Maps:$maps);
  let results = (outs Variadic<Kernel_Buffer>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}
def Kernel_RowOp : Kernel_Skeleton<"row", [IsolatedFromAbove]> {
  let summary = "reductions over rows, in stages, and what follows from them";
  let description = [{
    `domain` lists the free dimensions, then the last `reduced` ones that make a row. Stage i's region sees the inputs'
    scalars and the reductions of the stages before, and yields the element that kind i (`sum max min argmax`) reduces.
    Without `per_row`, `finish` sees inputs and reductions and yields one scalar an element; results have the domain's
    shape. With `per_row`, `finish` sees the reductions alone (and `kernel.index` of free dimensions) and yields one scalar
    a row for each result, whose shape is the domain with reduced dimensions replaced by 1, in any place. Sums use 16
    partial sums by the index in the last dimension mod 16, folded 8, 4, 2, 1, on every target.

    Example, softmax:
    ```
    %y = kernel.row domain [B, T] reduced 1 [max, sum] (%x at <(d0, d1) -> (d0, d1)>) stage {
    ^bb0(%0: f32):
      kernel.yield %0 : f32
    } stage {
    ^bb0(%0: f32, %max: f32):
      %1 = arith.subf %0, %max : f32
      %2 = math.exp %1 : f32
      kernel.yield %2 : f32
    } finish {
    ^bb0(%0: f32, %max: f32, %sum: f32):
      %1 = arith.subf %0, %max : f32
      %2 = math.exp %1 : f32
      %3 = arith.divf %2, %sum : f32
      kernel.yield %3 : f32
    } : (!kernel.buffer<[B, T], f32>) -> !kernel.buffer<[B, T], f32>
    ```
  }];
  let arguments = (ins Variadic<Kernel_Buffer>:$inputs, Kernel_Maps:$maps, Kernel_Dims:$domain, I64Attr:$reduced,
                       StrArrayAttr:$kinds, UnitAttr:$perRow);
  let results = (outs Variadic<Kernel_Buffer>:$results);
  let regions = (region SizedRegion<1>:$finish, VariadicRegion<SizedRegion<1>>:$stages);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}
def Kernel_ContractOp : Kernel_Skeleton<"contract", [IsolatedFromAbove, SingleBlock]> {
  let summary = "batched matrix product with an epilogue";
  let description = [{
    Domain: `batch` dims, then the rows' dims, then n, then k. `lhs` is dense and read through a linear map from
    (batch..., rows..., k). `rhs` is in panels, [..., N, K]; its leading coordinates come from `rhsMap` of (batch...).
    The result is dense, of shape (batch..., rows..., n). The epilogue sees the sum and one scalar for each extra, read
    through `extraMaps` from the result's index. k ascends in one chain of fused multiply-adds that starts at 0.

    Example:
    ```
    %y = kernel.contract batch 0 %x at <(d0, d1, d2) -> (d0, d1, d2)>, %w at <() -> ()>
        extras(%b at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%sum: f32, %0: f32):
      %1 = arith.addf %sum, %0 : f32
      kernel.yield %1 : f32
    } : (!kernel.buffer<[B, T, 64], f32>, !kernel.buffer<[256, 64], f32, panels>, !kernel.buffer<[256], f32>) -> !kernel.buffer<[B, T, 256], f32>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$lhs, Kernel_Buffer:$rhs, Variadic<Kernel_Buffer>:$extras, I64Attr:$batch,
                       Sinter_IndexMapAttr:$lhsMap, Sinter_IndexMapAttr:$rhsMap, Kernel_Maps:$extraMaps);
  let results = (outs Kernel_Buffer:$result);
  let regions = (region SizedRegion<1>:$epilogue);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}
def Kernel_AttentionOp : Kernel_Skeleton<"attention", [IsolatedFromAbove, AttrSizedOperandSegments]> {
  let summary = "softmax-weighted sums of values; the scores are never stored";
  let description = [{
    `over [K, E]` are the number of keys and the depth of queries and keys. All three operands are dense and read
    through linear maps: query from (batch..., q, e), key from (batch..., k, e), value from (batch..., k, d). The result
    is dense, of shape (batch..., Q, D). `score` sees the product of query and key (e ascends in one chain of fused
    multiply-adds) and one scalar for each extra, read through `extraMaps` from (batch..., q, k), whose indices
    `kernel.index` gives. `mask`, if there, sees the extras and says which keys a query sees; the others have the score
    `lowest`, -3.40282347E+38, so a row that sees nothing averages all values. Then, over k:
    result[q, d] = sum(exp(score - max(score)) * value[k, d]) / sum(exp(score - max(score))). Keys are taken in ascending
    order in blocks of 64 by position; the sums so far are rescaled between blocks.

    With `pages(%table)`, key and value are pools, whose first axis counts pages, and are read as if through
    `kernel.gather %key[%table]`: their maps lead to the table's axes, then to the pool's axes behind the first. Such a
    map is linear but for the keys' index k: it may stand as `k floordiv R` (in the table) and `k mod R` (in the page),
    with the same R, 4, 8, 16, 32 or 64, for both.

    Example:
    ```
    %o = kernel.attention batch 1 over [T, 8] %q at <(d0, d1, d2) -> (d0, d1, d2)>, %k at <(d0, d1, d2) -> (d0, d1, d2)>,
        %v at <(d0, d1, d2) -> (d0, d1, d2)> extras(%m at <(d0, d1, d2) -> (d0, d2)>) score {
    ^bb0(%s: f32, %0: i32):
      %scale = arith.constant 0.5 : f32
      %1 = arith.mulf %s, %scale : f32
      kernel.yield %1 : f32
    } mask {
    ^bb0(%0: i32):
      %zero = arith.constant 0 : i32
      %1 = arith.cmpi ne, %0, %zero : i32
      kernel.yield %1 : i1
    } : (!kernel.buffer<[B, T, 8], f32>, !kernel.buffer<[B, T, 8], f32>, !kernel.buffer<[B, T, 8], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, T, 8], f32>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$query, Kernel_Buffer:$key, Kernel_Buffer:$value, Variadic<Kernel_Buffer>:$extras,
                       Optional<Kernel_Buffer>:$pages, I64Attr:$batch, Sinter_DimAttr:$keys, Sinter_DimAttr:$depth, Sinter_IndexMapAttr:$queryMap,
                       Sinter_IndexMapAttr:$keyMap, Sinter_IndexMapAttr:$valueMap, Kernel_Maps:$extraMaps);
  let results = (outs Kernel_Buffer:$result);
  let regions = (region SizedRegion<1>:$score, VariadicRegion<SizedRegion<1>>:$masks);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Null where every query sees every key.
    ::mlir::Region *getMask() { return getMasks().empty() ? nullptr : &getMasks().front(); }
    /// (batch..., q, k): what extras' maps take, and kernel.index counts.
    ::llvm::SmallVector<::sinter::Dim> getDomain();
  }];
}
def Kernel_GatherOp : Kernel_Skeleton<"gather"> {
  let summary = "rows of a table (dense, or in panels): result[i..., j...] = table[ids[i...], j...]";
  let description = [{
    An id out of range is a run-time error. From a table of bf16 or f16 comes f32.

    Example: `%e = kernel.gather %w[%ids] : !kernel.buffer<[100, 64], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 64], f32>`
  }];
  let arguments = (ins Kernel_Buffer:$table, Kernel_Buffer:$ids);
  let results = (outs Kernel_Buffer:$result);
  let assemblyFormat = "$table `[` $ids `]` attr-dict `:` qualified(type($table)) `,` qualified(type($ids)) `->` qualified(type($result))";
  let hasVerifier = 1;
}
def Kernel_AppendOp : Kernel_Skeleton<"append"> {
  let summary = "a pool of pages with new rows of tokens put behind those that are there, in place";
  let description = [{
    As `sinter.append`: position p of sequence b is row p mod R of page `pages[b, p floordiv R]`, R being the extent of
    the pool's `axis`; for n < count[b], position length[b] + n becomes the row that `map` reads at (b, n, the pool's
    other axes in order). `over [N]` says how many n there are. Rows are rounded to what the pool stores. A page or a
    position out of range is a run-time error, and so is writing to page 0.

    The result is the pool's own memory: nothing may read the pool after the append, which the planner checks.

    Example: `%p = kernel.append %pool[%pages] axis 2 over [N] %k at <(d0, d1, d2) -> (d0, d1, d2)> length %length count %count : (!kernel.buffer<[Q, 64, 16], f32>, !kernel.buffer<[B, P], i32>, !kernel.buffer<[B, N, 64], f32>, !kernel.buffer<[B], i32>, !kernel.buffer<[B], i32>) -> !kernel.buffer<[Q, 64, 16], f32>`
  }];
  let arguments = (ins Kernel_Buffer:$pool, Kernel_Buffer:$pages, Kernel_Buffer:$rows, Kernel_Buffer:$length, Kernel_Buffer:$count,
                       I64Attr:$axis, Sinter_DimAttr:$tokens, Sinter_IndexMapAttr:$map);
  let results = (outs Kernel_Buffer:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// (B, N, the pool's axes but the first and `axis`): what the map takes.
    ::llvm::SmallVector<::sinter::Dim> getDomain();
  }];
}
def Kernel_MoveOp : Kernel_Skeleton<"move"> {
  let summary = "another layout: result[i] = input[map(i)], stored as the result's type says (floats rounded to nearest, ties to even)";
  let description = "Example: `%p = kernel.move %w at <(d0, d1) -> (d1, d0)> : !kernel.buffer<[64, 256], f32> -> !kernel.buffer<[256, 64], f32, panels>`";
  let arguments = (ins Kernel_Buffer:$input, Sinter_IndexMapAttr:$map);
  let results = (outs Kernel_Buffer:$result);
  let assemblyFormat = "custom<Mapped>($input, $map) attr-dict `:` qualified(type($input)) `->` qualified(type($result))";
  let hasVerifier = 1;
}
def Kernel_ConstantOp : Kernel_Skeleton<"constant", [ConstantLike]> {
  let summary = "a constant buffer of constant shape; one value is spread over it";
  let description = "Example: `%c = kernel.constant [1.0, 2.0] : !kernel.buffer<[2], f32>`";
  let arguments = (ins DenseF64ArrayAttr:$values);
  let results = (outs Kernel_Buffer:$result);
  let assemblyFormat = "custom<Values>($values) attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def Kernel_PreparedOp : Kernel_Op<"prepared", [Symbol]> {
  let summary = "a weight in the form that kernels read; made once by @prepare";
  let description = "Example: `kernel.prepared @up : !kernel.buffer<[12, 256, 64], f32, panels>`";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Kernel_Buffer>:$type);
  let assemblyFormat = "$sym_name attr-dict `:` $type";
}
def Kernel_ReadOp : Kernel_Skeleton<"read", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the buffer of a sinter.parameter (dense), or of a kernel.prepared";
  let description = "Example: `%w = kernel.read @up : !kernel.buffer<[12, 256, 64], f32, panels>`";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs Kernel_Buffer:$result);
  let assemblyFormat = "$name attr-dict `:` qualified(type($result))";
}
def Kernel_WriteOp : Kernel_Op<"write", [DeclareOpInterfaceMethods<Evaluable>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "stores a kernel.prepared; in @prepare alone, once each";
  let description = "Example: `kernel.write @up, %p : !kernel.buffer<[12, 256, 64], f32, panels>`";
  let arguments = (ins FlatSymbolRefAttr:$name, Kernel_Buffer:$value);
  let assemblyFormat = "$name `,` $value attr-dict `:` qualified(type($value))";
}
def Kernel_RepeatOp : Kernel_Op<"repeat", [AttrSizedOperandSegments, SingleBlock, DeclareOpInterfaceMethods<Evaluable>,
                                        RecursiveMemoryEffects]> {
  let summary = "sinter.repeat on buffers: carried values, slices of stacks, invariants from outside";
  let description = [{
    As `sinter.repeat`; slices of a stack in panels are in panels.

    Example:
    ```
    %y = kernel.repeat 12 carried(%x) stacked(%w) {
    ^bb0(%c: !kernel.buffer<[B, 8], f32>, %l: !kernel.buffer<[8, 8], f32, panels>):
      %d = kernel.contract batch 0 %c at <(d0, d1) -> (d0, d1)>, %l at <() -> ()> {
      ^bb0(%sum: f32):
        kernel.yield %sum : f32
      } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[8, 8], f32, panels>) -> !kernel.buffer<[B, 8], f32>
      kernel.yield %d : !kernel.buffer<[B, 8], f32>
    } : (!kernel.buffer<[B, 8], f32>, !kernel.buffer<[12, 8, 8], f32, panels>) -> !kernel.buffer<[B, 8], f32>
    ```
  }];
  let arguments = (ins I64Attr:$count, Variadic<Kernel_Buffer>:$carried, Variadic<Kernel_Buffer>:$stacked);
  let results = (outs Variadic<Kernel_Buffer>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = "  ::mlir::Block &getBlock() { return getBody().front(); }";
  let builders = [OpBuilder<(ins "int64_t":$count, "::mlir::ValueRange":$carried, "::mlir::ValueRange":$stacked, "::mlir::TypeRange":$resultTypes)>];
}
def Kernel_YieldOp : Kernel_Op<"yield", [Pure, Terminator]> {
  let summary = "ends a region";
  let description = "Example: `kernel.yield %d : f32`";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` qualified(type($operands)))?";
}
// In regions.
def Kernel_IndexOp : Kernel_Op<"index", [Pure]> {
  let summary = "the position along one dimension of the skeleton's domain (contract: of the result)";
  let description = "Example: `%i = kernel.index 2 : i32`";
  let arguments = (ins I64Attr:$axis);
  let results = (outs I32:$result);
  let assemblyFormat = "$axis attr-dict `:` qualified(type($result))";
}
def Kernel_SizeOp : Kernel_Op<"size", [Pure]> {
  let summary = "the number of a dimension";
  let description = "Example: `%n = kernel.size T : f32`";
  let arguments = (ins Sinter_DimAttr:$dim);
  let results = (outs AnyTypeOf<[F32, I32]>:$result);
  let assemblyFormat = "custom<Dim>($dim) attr-dict `:` qualified(type($result))";
}
#endif // KERNEL_OPS_TD
