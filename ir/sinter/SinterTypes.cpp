// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text, checks and helpers of `#sinter.dim`, `#sinter.map` and `!sinter.tensor`.
#include "ir/kernel/Kernel.h"
#include "ir/sinter/IndexMap.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#define GET_ATTRDEF_CLASSES
#include "ir/sinter/SinterOpsAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/sinter/SinterOpsTypes.cpp.inc"

namespace sinter::ir {

void SinterDialect::registerTypesAndAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ir/sinter/SinterOpsAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "ir/sinter/SinterOpsTypes.cpp.inc"
      >();
}

//===-- Values with maps as text --===//

ParseResult parseMapped(OpAsmParser &parser, OpAsmParser::UnresolvedOperand &operand, IndexMapAttr &map) {
  return failure(parser.parseOperand(operand) || parser.parseKeyword("at") ||
                 parser.parseCustomAttributeWithFallback(map));
}

void printMapped(OpAsmPrinter &printer, Operation *, Value operand, IndexMapAttr map) {
  printer << operand << " at ";
  printer.printStrippedAttrOrType(map);
}

ParseResult parseValues(OpAsmParser &parser, DenseF64ArrayAttr &values) {
  SmallVector<double> list;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     [&] { return parser.parseFloat(list.emplace_back()); }))
    return failure();
  values = parser.getBuilder().getDenseF64ArrayAttr(list);
  return success();
}

void printValues(OpAsmPrinter &printer, Operation *, DenseF64ArrayAttr values) {
  printer << '[';
  llvm::interleaveComma(values.asArrayRef(), printer, [&](double value) { printer << APFloat(value); });
  printer << ']';
}

//===-- Dimensions as text --===//

static ParseResult parseSum(AsmParser &parser, Dim &dim, int depth);

static ParseResult parseFactor(AsmParser &parser, Dim &dim, int depth) {
  SMLoc place = parser.getCurrentLocation();
  if (depth > 64)
    return parser.emitError(place, "dimension is nested too deeply");
  if (succeeded(parser.parseOptionalMinus())) {
    if (parseFactor(parser, dim, depth + 1))
      return failure();
    dim = dim * Dim(-1);
    return success();
  }
  if (succeeded(parser.parseOptionalLParen()))
    return failure(parseSum(parser, dim, depth + 1) || parser.parseRParen());
  int64_t number;
  if (OptionalParseResult result = parser.parseOptionalInteger(number); result.has_value()) {
    dim = Dim(number);
    return *result;
  }
  StringRef word;
  if (parser.parseOptionalKeyword(&word))
    return parser.emitError(place, "expected a dimension: a symbol, an integer, floordiv(a, b) or min(a, b)");
  if (word != "floordiv" && word != "min") {
    if (!Dim::isSymbolName(word))
      return parser.emitError(place) << "'" << word << "' is no name of a dimension";
    dim = Dim::symbol(word);
    return success();
  }
  Dim a, b;
  bool isMin = word == "min";
  if (parser.parseLParen() || parseSum(parser, a, depth + 1) || parser.parseComma() || parseSum(parser, b, depth + 1) ||
      parser.parseRParen())
    return failure();
  dim = isMin ? Dim::min(a, b) : Dim::floorDiv(a, b);
  return success();
}

static ParseResult parseTerm(AsmParser &parser, Dim &dim, int depth) {
  if (parseFactor(parser, dim, depth))
    return failure();
  while (succeeded(parser.parseOptionalStar())) {
    Dim next;
    if (parseFactor(parser, next, depth))
      return failure();
    dim = dim * next;
  }
  return success();
}

static ParseResult parseSum(AsmParser &parser, Dim &dim, int depth) {
  if (parseTerm(parser, dim, depth))
    return failure();
  while (true) {
    bool isPlus = succeeded(parser.parseOptionalPlus());
    if (!isPlus && failed(parser.parseOptionalMinus()))
      return success();
    Dim next;
    if (parseTerm(parser, next, depth))
      return failure();
    dim = isPlus ? dim + next : dim - next;
  }
}

ParseResult parseDim(AsmParser &parser, DimAttr &dim) {
  SMLoc place = parser.getCurrentLocation();
  Dim value;
  if (parseSum(parser, value, 0))
    return failure();
  if (value.overflowed())
    return parser.emitError(place, "dimension is too large, or divides by a number below 1");
  dim = DimAttr::get(parser.getContext(), value);
  return success();
}
void printDim(AsmPrinter &printer, DimAttr dim) { printer << dim.getText(); }

ParseResult parseDims(AsmParser &parser, SmallVectorImpl<DimAttr> &dims) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                        [&] { return parseDim(parser, dims.emplace_back()); });
}
void printDims(AsmPrinter &printer, ArrayRef<DimAttr> dims) { printer << dimsText(dims); }

std::string dimsText(ArrayRef<DimAttr> dims) {
  std::string text = "[";
  for (DimAttr dim : dims)
    text += (text.size() > 1 ? ", " : "") + dim.getText().str();
  return text + "]";
}

SmallVector<DimAttr> toAttrs(MLIRContext *context, ArrayRef<Dim> dims) {
  return llvm::map_to_vector(dims, [&](const Dim &dim) { return DimAttr::get(context, dim); });
}
SmallVector<Dim> toDims(ArrayRef<DimAttr> dims) {
  return llvm::map_to_vector(dims, [](DimAttr dim) { return dim.getDim(); });
}
SmallVector<Dim> toDims(ArrayAttr dims) {
  return llvm::map_to_vector(dims, [](Attribute dim) { return cast<DimAttr>(dim).getDim(); });
}
Dim productOf(ArrayRef<Dim> dims) {
  Dim product(1);
  for (const Dim &dim : dims)
    product = product * dim;
  return product;
}

std::set<std::string> boundSymbols(TypeRange inputs) {
  std::set<std::string> bound;
  for (Type type : inputs) {
    ArrayRef<DimAttr> dims;
    if (auto tensor = dyn_cast<TensorType>(type))
      dims = tensor.getDims();
    else if (auto buffer = dyn_cast<kernel::BufferType>(type))
      dims = buffer.getDims();
    for (DimAttr dim : dims)
      if (std::optional<std::string> name = dim.getDim().symbolName())
        bound.insert(*name);
  }
  return bound;
}

//===-- #sinter.dim --===//

DimAttr DimAttr::get(MLIRContext *context, const Dim &dim) { return get(context, StringRef(dim.str())); }

Dim DimAttr::getDim() const { return Dim::parse(getText()).value_or(Dim::floorDiv(1, 0)); }

LogicalResult DimAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef text) {
  std::optional<Dim> dim = Dim::parse(text);
  if (!dim || dim->str() != text)
    return emitError() << "'" << text << "' is not the canonical text of a dimension";
  return success();
}

Attribute DimAttr::parse(AsmParser &parser, Type) {
  DimAttr dim;
  if (parser.parseLess() || parseDim(parser, dim) || parser.parseGreater())
    return {};
  return dim;
}
void DimAttr::print(AsmPrinter &printer) const { printer << '<' << getText() << '>'; }

//===-- #sinter.map --===//

IndexMapAttr IndexMapAttr::getIdentity(MLIRContext *context, unsigned rank) {
  return get(context, AffineMap::getMultiDimIdentityMap(rank, context), {});
}
bool IndexMapAttr::isIdentity() const { return getMap().isIdentity(); }
bool IndexMapAttr::isLinear() const { return linearCoefficients(*this).has_value(); }

LogicalResult IndexMapAttr::verify(function_ref<InFlightDiagnostic()> emitError, AffineMap map,
                                   ArrayRef<DimAttr> symbols) {
  if (map.getNumSymbols() != symbols.size())
    return emitError() << "the map has " << map.getNumSymbols() << " symbols, but " << symbols.size()
                       << " dimensions stand for them";
  bool isPositive = true;
  map.walkExprs([&](AffineExpr expr) {
    auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
    if (!binary || expr.getKind() == AffineExprKind::Add || expr.getKind() == AffineExprKind::Mul)
      return;
    IndexSum divisor = IndexSimplifier({}).fromExpr(binary.getRHS(), {}, toDims(symbols));
    isPositive &= !divisor.constant.overflowed() && divisor.constant.constant().value_or(1) >= 1;
  });
  if (!isPositive)
    return emitError() << "the map divides by a number below 1";
  return success();
}

Attribute IndexMapAttr::parse(AsmParser &parser, Type) {
  AffineMap map;
  SmallVector<DimAttr> symbols;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseAffineMap(map))
    return {};
  if (succeeded(parser.parseOptionalComma()) && parseDims(parser, symbols))
    return {};
  if (parser.parseGreater())
    return {};
  return parser.getChecked<IndexMapAttr>(place, parser.getContext(), map, symbols);
}
void IndexMapAttr::print(AsmPrinter &printer) const {
  printer << '<' << getMap();
  if (!getSymbols().empty()) {
    printer << ", ";
    printDims(printer, getSymbols());
  }
  printer << '>';
}

//===-- !sinter.tensor --===//

TensorType TensorType::get(MLIRContext *context, ArrayRef<DimAttr> dims, Type elementType) {
  SmallVector<int64_t> shape;
  for (DimAttr dim : dims)
    shape.push_back(dim.getDim().constant().value_or(ShapedType::kDynamic));
  return Base::get(context, dims, elementType, shape);
}
TensorType TensorType::get(MLIRContext *context, ArrayRef<Dim> dims, Type elementType) {
  return get(context, ArrayRef<DimAttr>(toAttrs(context, dims)), elementType);
}

SmallVector<Dim> TensorType::getShapeDims() const { return toDims(getDims()); }

ShapedType TensorType::cloneWith(std::optional<ArrayRef<int64_t>> shape, Type elementType) const {
  if (!shape)
    return get(getContext(), getDims(), elementType);
  // A dynamic extent has no name of its own: it keeps the dimension that stood in its place.
  SmallVector<DimAttr> dims;
  for (auto [axis, size] : llvm::enumerate(*shape))
    dims.push_back(ShapedType::isDynamic(size) && axis < rank() ? getDims()[axis]
                                                                : DimAttr::get(getContext(), Dim(size)));
  return get(getContext(), dims, elementType);
}

/// Shared by tensors and buffers.
static LogicalResult verifyDims(function_ref<InFlightDiagnostic()> emitError, ArrayRef<DimAttr> dims,
                                Type elementType) {
  if (!elementType.isF32() && !elementType.isInteger(32) && !elementType.isInteger(1))
    return emitError() << "the element type must be f32, i32 or i1, but is " << elementType;
  for (DimAttr dim : dims)
    if (std::optional<int64_t> size = dim.getDim().constant(); size && *size < 1)
      return emitError() << "a dimension must be at least 1, but is " << *size;
  return success();
}

LogicalResult TensorType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<DimAttr> dims, Type elementType,
                                 ArrayRef<int64_t>) {
  return verifyDims(emitError, dims, elementType);
}

Type TensorType::parse(AsmParser &parser) {
  SmallVector<DimAttr> dims;
  Type elementType;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parseDims(parser, dims) || parser.parseComma() || parser.parseType(elementType) ||
      parser.parseGreater())
    return {};
  auto emitError = [&] { return parser.emitError(place); };
  if (failed(verifyDims(emitError, dims, elementType)))
    return {};
  return get(parser.getContext(), ArrayRef<DimAttr>(dims), elementType);
}
void TensorType::print(AsmPrinter &printer) const {
  printer << '<';
  printDims(printer, getDims());
  printer << ", " << getElementType() << '>';
}

} // namespace sinter::ir
