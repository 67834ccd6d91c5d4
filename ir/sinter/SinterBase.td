// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `sinter` dialect: its name, types, attributes and the base classes of its ops.
#ifndef SINTER_BASE_TD
#define SINTER_BASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "ir/interfaces/Evaluable.td"
include "ir/interfaces/TimeAware.td"

def Sinter_Dialect : Dialect {
  let name = "sinter";
  let cppNamespace = "::sinter::ir";
  let summary = "Transformer models as mathematics over tensors with symbolic shapes";
  let description = [{
    Values are `!sinter.tensor<[B, T, 768], f32>`: a shape of integer polynomials over named symbols, and an
    element type (`f32`, the nominal real; `i32`; `i1`). A function's symbols are those that stand alone in its
    arguments' shapes. Ops are pure, total in the reals, and never broadcast: a `sinter.view` says so.

    Attributes of the dialect on other ops: `sinter.model` (a module: the model's name), `sinter.causal` (a function:
    the symbol of its time axis), `sinter.name` (an argument or result: its name outside), `sinter.default` (an argument:
    the number that fills it if it is not given), `sinter.state` (an argument of a decode step: the number of the result
    that replaces it in the next call), `sinter.begin` (such an argument: the number of the result of `@begin` that it is),
    `sinter.window` (such a function: how many rows back any state is read). Any other is an error.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = "  void registerTypesAndAttributes();";
}

class Sinter_Attr<string name, string mnem, list<Trait> traits = []> : AttrDef<Sinter_Dialect, name, traits> {
  let mnemonic = mnem;
}

// One dimension; the parameter is the canonical text of a sinter::Dim.
def Sinter_DimAttr : Sinter_Attr<"Dim", "dim"> {
  let summary = "a dimension: an integer polynomial over symbols, in canonical text";
  let parameters = (ins StringRefParameter<"canonical text">:$text);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [AttrBuilder<(ins "const ::sinter::Dim &":$dim)>];
  let extraClassDeclaration = [{ ::sinter::Dim getDim() const; }];
}

// result index -> source index. `symbols` gives the dimensions that stand for s0, s1, ... in the map.
def Sinter_IndexMapAttr : Sinter_Attr<"IndexMap", "map"> {
  let summary = "a quasi-affine map of indices whose symbols are dimensions: `#sinter.map<(d0, d1)[s0] -> (d1, d0 + s0), [T]>`";
  let parameters = (ins "::mlir::AffineMap":$map, OptionalArrayRefParameter<"::sinter::ir::DimAttr">:$symbols);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static IndexMapAttr getIdentity(::mlir::MLIRContext *context, unsigned rank);
    bool isIdentity() const;
    /// Every result is a sum of dims with constant or symbolic factors plus a constant: no floordiv, no mod.
    bool isLinear() const;
  }];
}

class Sinter_Type<string name, string mnem, list<Trait> traits = []> : TypeDef<Sinter_Dialect, name, traits> {
  let mnemonic = mnem;
}

def Sinter_TensorType : Sinter_Type<"Tensor", "tensor", [ShapedTypeInterface]> {
  let summary = "a tensor with a symbolic shape: `!sinter.tensor<[B, T, 768], f32>`";
  // `shape` follows from `dims`; it is kept because a ShapedType hands out a reference to it.
  let parameters = (ins ArrayRefParameter<"::sinter::ir::DimAttr">:$dims, "::mlir::Type":$elementType,
                        ArrayRefParameter<"int64_t">:$shape);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    TypeBuilder<(ins "::llvm::ArrayRef<::sinter::ir::DimAttr>":$dims, "::mlir::Type":$elementType)>,
    TypeBuilder<(ins "::llvm::ArrayRef<::sinter::Dim>":$dims, "::mlir::Type":$elementType)>,
  ];
  let extraClassDeclaration = [{
    unsigned rank() const { return getDims().size(); }
    ::sinter::Dim getDim(unsigned axis) const { return getDims()[axis].getDim(); }
    ::llvm::SmallVector<::sinter::Dim> getShapeDims() const;
    /// ShapedType: `getShape` gives a constant dimension's size, and kDynamic for any other.
    bool hasRank() const { return true; }
    ::mlir::ShapedType cloneWith(std::optional<::llvm::ArrayRef<int64_t>> shape, ::mlir::Type elementType) const;
  }];
}

// Any / real / integer / boolean tensors.
def Sinter_Tensor : Type<CPred<"::llvm::isa<::sinter::ir::TensorType>($_self)">, "a sinter tensor", "::sinter::ir::TensorType">;
class Sinter_TensorOf<string what, string cond> : Type<And<[
    CPred<"::llvm::isa<::sinter::ir::TensorType>($_self)">,
    CPred<"[](::mlir::Type e) { return " # cond # "; }(::llvm::cast<::sinter::ir::TensorType>($_self).getElementType())">]>,
    what, "::sinter::ir::TensorType">;
def Sinter_Real    : Sinter_TensorOf<"a tensor of f32", "e.isF32()">;
def Sinter_Int     : Sinter_TensorOf<"a tensor of i32", "e.isInteger(32)">;
def Sinter_Bool    : Sinter_TensorOf<"a tensor of i1", "e.isInteger(1)">;
def Sinter_Number  : Sinter_TensorOf<"a tensor of f32 or i32", "e.isF32() || e.isInteger(32)">;

class Sinter_Op<string mnemonic, list<Trait> traits = []> : Op<Sinter_Dialect, mnemonic, traits>;
// A pure op on values, with a meaning in the reference interpreter.
class Sinter_ValueOp<string mnemonic, list<Trait> traits = []>
    : Sinter_Op<mnemonic, !listconcat([Pure, DeclareOpInterfaceMethods<Evaluable>], traits)>;

// A value op that texts are made of: it also says what it knows about time, and how to compute some rows of it.
class Sinter_Primitive<string mnemonic, list<Trait> traits = []>
    : Sinter_ValueOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<TimeAware, ["atRows"]>], traits)>;

#endif // SINTER_BASE_TD
