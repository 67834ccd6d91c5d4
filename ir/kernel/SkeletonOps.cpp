// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The skeletons with regions (pointwise, row, contract): text and verifiers.
#include "ir/kernel/SkeletonChecks.h"
#include "ir/sinter/IndexMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace sinter::ir::kernel {

//===-- Text --===//

/// `%x at <...>`.
ParseResult parseMapped(OpAsmParser &parser, Operands &operands, SmallVectorImpl<Attribute> &maps) {
  IndexMapAttr map;
  if (ir::parseMapped(parser, operands.emplace_back(), map))
    return failure();
  maps.push_back(map);
  return success();
}

/// `(%x at <...>, %y at <...>)`.
ParseResult parseMappedList(OpAsmParser &parser, Operands &operands, SmallVectorImpl<Attribute> &maps) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren,
                                        [&] { return parseMapped(parser, operands, maps); });
}

void printMappedList(OpAsmPrinter &printer, OperandRange operands, ArrayAttr maps) {
  printer << '(';
  llvm::interleaveComma(llvm::zip_equal(operands, maps), printer, [&](auto pair) {
    auto [operand, map] = pair;
    printMapped(printer, nullptr, operand, cast<IndexMapAttr>(map));
  });
  printer << ')';
}

ParseResult parseTypes(OpAsmParser &parser, ArrayRef<OpAsmParser::UnresolvedOperand> operands, OperationState &result) {
  SMLoc place = parser.getCurrentLocation();
  FunctionType type;
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type) ||
      parser.resolveOperands(operands, type.getInputs(), place, result.operands))
    return failure();
  result.addTypes(type.getResults());
  return success();
}

void printTypes(OpAsmPrinter &printer, Operation *op, ArrayRef<StringRef> hidden) {
  printer.printOptionalAttrDict(op->getAttrs(), hidden);
  printer << " : ";
  printer.printFunctionalType(op);
}

//===-- Checks that skeletons share --===//

LogicalResult verifyMap(Operation *op, Value input, IndexMapAttr map, unsigned domainRank) {
  if (map.getMap().getNumDims() == domainRank && map.getMap().getNumResults() == bufferOf(input).rank())
    return success();
  return op->emitOpError() << "maps " << map.getMap().getNumDims() << " indices to " << map.getMap().getNumResults()
                           << ", but the domain has rank " << domainRank << " and the input " << bufferOf(input);
}

LogicalResult verifyMaps(Operation *op, OperandRange inputs, ArrayAttr maps, unsigned domainRank) {
  if (inputs.size() != maps.size())
    return op->emitOpError() << "has " << inputs.size() << " inputs, but " << maps.size() << " maps";
  for (auto [input, map] : llvm::zip_equal(inputs, maps)) {
    if (bufferOf(input).isPanels())
      return op->emitOpError("reads panels through a map; only dense buffers can be read so");
    if (failed(verifyMap(op, input, cast<IndexMapAttr>(map), domainRank)))
      return failure();
  }
  return success();
}

LogicalResult verifyDense(Operation *op) {
  for (Value result : op->getResults())
    if (bufferOf(result).isPanels())
      return op->emitOpError("gives panels; only a kernel.move does");
  return success();
}

/// The region's arguments and what it yields; only scalar code stands between.
LogicalResult verifyRegion(Operation *op, Region &region, StringRef name, ArrayRef<Type> arguments,
                           unsigned domainRank) {
  Block &block = region.front();
  if (block.getArgumentTypes() != TypeRange(arguments)) {
    InFlightDiagnostic error = op->emitOpError() << "the " << name << " takes (";
    llvm::interleaveComma(block.getArgumentTypes(), error);
    error << "), but (";
    llvm::interleaveComma(arguments, error);
    return error << ") is expected";
  }
  if (block.empty() || !isa<kernel::YieldOp>(block.back()))
    return op->emitOpError() << "the " << name << " must end in kernel.yield";
  for (Operation &inner : block.without_terminator()) {
    if (!isa_and_present<arith::ArithDialect, math::MathDialect>(inner.getDialect()) && !isa<IndexOp, SizeOp>(inner))
      return inner.emitOpError() << "is no scalar code for the " << name << " of a " << op->getName();
    for (Type type : inner.getResultTypes())
      if (!type.isF32() && !type.isInteger(32) && !type.isInteger(1))
        return inner.emitOpError() << "gives " << type << " in a region, where scalars are f32, i32 or i1";
    if (auto index = dyn_cast<IndexOp>(inner); index && (index.getAxis() < 0 || index.getAxis() >= domainRank))
      return index.emitOpError() << "axis " << index.getAxis() << " is not below the rank " << domainRank
                                 << " of the domain";
  }
  return success();
}

LogicalResult verifyYields(Operation *op, Region &region, StringRef name, ArrayRef<Type> expected) {
  TypeRange yielded = region.front().back().getOperandTypes();
  if (yielded == TypeRange(expected))
    return success();
  InFlightDiagnostic error = op->emitOpError() << "the " << name << " yields (";
  llvm::interleaveComma(yielded, error);
  error << "), but (";
  llvm::interleaveComma(expected, error);
  return error << ") is expected";
}

SmallVector<Type> elementsOf(ValueRange values) {
  return llvm::map_to_vector(values, [](Value value) { return bufferOf(value).getScalarType(); });
}

//===-- pointwise --===//

ParseResult PointwiseOp::parse(OpAsmParser &parser, OperationState &result) {
  Operands inputs;
  SmallVector<Attribute> maps;
  if (parseMappedList(parser, inputs, maps) || parser.parseRegion(*result.addRegion()))
    return failure();
  result.addAttribute("maps", parser.getBuilder().getArrayAttr(maps));
  return parseTypes(parser, inputs, result);
}

void PointwiseOp::print(OpAsmPrinter &printer) {
  printMappedList(printer, getInputs(), getMaps());
  printer << ' ';
  printer.printRegion(getBody());
  printTypes(printer, *this, {"maps"});
}

LogicalResult PointwiseOp::verify() {
  if (getResults().empty())
    return emitOpError("needs a result");
  BufferType first = bufferOf(getResults().front());
  for (Value result : getResults())
    if (bufferOf(result).getDims() != first.getDims())
      return emitOpError() << "results differ in shape: " << dimsText(first.getDims()) << " and "
                           << dimsText(bufferOf(result).getDims());
  if (failed(verifyDense(*this)) || failed(verifyMaps(*this, getInputs(), getMaps(), first.rank())) ||
      failed(verifyRegion(*this, getBody(), "body", elementsOf(getInputs()), first.rank())))
    return failure();
  return verifyYields(*this, getBody(), "body", elementsOf(getResults()));
}

//===-- row --===//

ParseResult RowOp::parse(OpAsmParser &parser, OperationState &result) {
  Operands inputs;
  SmallVector<Attribute> maps, kinds;
  SmallVector<DimAttr> domain;
  int64_t reduced;
  Builder &builder = parser.getBuilder();
  auto parseKind = [&]() -> ParseResult {
    StringRef kind;
    if (parser.parseKeyword(&kind))
      return failure();
    kinds.push_back(builder.getStringAttr(kind));
    return success();
  };
  if (parser.parseKeyword("domain") || parseDims(parser, domain) || parser.parseKeyword("reduced") ||
      parser.parseInteger(reduced) || parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseKind))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("per_row")))
    result.addAttribute("perRow", builder.getUnitAttr());
  if (parseMappedList(parser, inputs, maps))
    return failure();
  Region *finish = result.addRegion();
  for (size_t i = 0; i < kinds.size(); ++i)
    if (parser.parseKeyword("stage") || parser.parseRegion(*result.addRegion()))
      return failure();
  if (parser.parseKeyword("finish") || parser.parseRegion(*finish))
    return failure();
  result.addAttribute("maps", builder.getArrayAttr(maps));
  result.addAttribute("domain", builder.getArrayAttr(SmallVector<Attribute>(domain.begin(), domain.end())));
  result.addAttribute("reduced", builder.getI64IntegerAttr(reduced));
  result.addAttribute("kinds", builder.getArrayAttr(kinds));
  return parseTypes(parser, inputs, result);
}

void RowOp::print(OpAsmPrinter &printer) {
  printer << " domain ";
  printDims(printer, llvm::to_vector(getDomain().getAsRange<DimAttr>()));
  printer << " reduced " << getReduced() << " [";
  llvm::interleaveComma(getKinds().getAsValueRange<StringAttr>(), printer);
  printer << ']' << (getPerRow() ? " per_row " : " ");
  printMappedList(printer, getInputs(), getMaps());
  for (Region &stage : getStages()) {
    printer << " stage ";
    printer.printRegion(stage);
  }
  printer << " finish ";
  printer.printRegion(getFinish());
  printTypes(printer, *this, {"maps", "domain", "reduced", "kinds", "perRow"});
}

/// `per_row` results: the free dimensions in order, and as many 1s between them as dimensions are reduced.
static bool isReducedShape(ArrayRef<DimAttr> shape, ArrayRef<DimAttr> free, int64_t reduced) {
  if (shape.size() != free.size() + reduced)
    return false;
  size_t next = 0;
  for (DimAttr dim : shape) {
    if (next < free.size() && dim == free[next])
      ++next;
    else if (!dim.getDim().isConstant(1))
      return false;
  }
  return next == free.size();
}

LogicalResult RowOp::verify() {
  auto domain = llvm::to_vector(getDomain().getAsRange<DimAttr>());
  int64_t rank = domain.size(), reduced = getReduced();
  if (reduced < 1 || reduced > rank)
    return emitOpError() << "reduces " << reduced << " of " << rank << " dimensions";
  if (getResults().empty())
    return emitOpError("needs a result");
  if (getStages().size() != getKinds().size())
    return emitOpError() << "has " << getKinds().size() << " kinds, but " << getStages().size() << " stages";
  if (failed(verifyDense(*this)) || failed(verifyMaps(*this, getInputs(), getMaps(), rank)))
    return failure();

  SmallVector<Type> inputs = elementsOf(getInputs()), reductions;
  for (auto [kind, stage] : llvm::zip_equal(getKinds().getAsValueRange<StringAttr>(), getStages())) {
    SmallVector<Type> arguments = inputs;
    llvm::append_range(arguments, reductions);
    if (failed(verifyRegion(*this, stage, "stage", arguments, rank)))
      return failure();
    TypeRange yielded = stage.front().back().getOperandTypes();
    if (yielded.size() != 1 || yielded[0].isInteger(1))
      return emitOpError("a stage yields one number");
    if (!llvm::is_contained({"sum", "max", "min", "argmax"}, kind))
      return emitOpError() << "knows sum, max, min and argmax, but not " << kind;
    reductions.push_back(kind == "argmax" ? IntegerType::get(getContext(), 32) : yielded[0]);
  }

  SmallVector<Type> arguments = getPerRow() ? reductions : inputs;
  if (!getPerRow())
    llvm::append_range(arguments, reductions);
  for (Value result : getResults()) {
    ArrayRef<DimAttr> shape = bufferOf(result).getDims();
    bool fits =
        getPerRow() ? isReducedShape(shape, ArrayRef(domain).drop_back(reduced), reduced) : shape == ArrayRef(domain);
    if (!fits)
      return emitOpError() << "gives shape " << dimsText(shape) << ", which does not follow from the domain "
                           << dimsText(domain) << " with " << reduced << " reduced";
  }
  // Where only reductions are known, so are only the row's indices.
  if (failed(verifyRegion(*this, getFinish(), "finish", arguments, getPerRow() ? rank - reduced : rank)))
    return failure();
  return verifyYields(*this, getFinish(), "finish", elementsOf(getResults()));
}

//===-- contract --===//

ParseResult kernel::ContractOp::parse(OpAsmParser &parser, OperationState &result) {
  Operands operands;
  SmallVector<Attribute> maps, extraMaps;
  int64_t batch;
  if (parser.parseKeyword("batch") || parser.parseInteger(batch) || parseMapped(parser, operands, maps) ||
      parser.parseComma() || parseMapped(parser, operands, maps))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("extras")) && parseMappedList(parser, operands, extraMaps))
    return failure();
  if (parser.parseRegion(*result.addRegion()))
    return failure();
  result.addAttribute("batch", parser.getBuilder().getI64IntegerAttr(batch));
  result.addAttribute("lhsMap", maps[0]);
  result.addAttribute("rhsMap", maps[1]);
  result.addAttribute("extraMaps", parser.getBuilder().getArrayAttr(extraMaps));
  return parseTypes(parser, operands, result);
}

void kernel::ContractOp::print(OpAsmPrinter &printer) {
  printer << " batch " << getBatch() << ' ';
  printMapped(printer, *this, getLhs(), getLhsMap());
  printer << ", ";
  printMapped(printer, *this, getRhs(), getRhsMap());
  if (!getExtras().empty()) {
    printer << " extras";
    printMappedList(printer, getExtras(), getExtraMaps());
  }
  printer << ' ';
  printer.printRegion(getEpilogue());
  printTypes(printer, *this, {"batch", "lhsMap", "rhsMap", "extraMaps"});
}

LogicalResult kernel::ContractOp::verify() {
  BufferType lhs = bufferOf(getLhs()), rhs = bufferOf(getRhs()), result = bufferOf(getResult());
  int64_t batch = getBatch(), rank = result.rank();
  if (batch < 0 || batch > rank - 1)
    return emitOpError() << "has " << batch << " batch dimensions and a result of rank " << rank;
  if (lhs.isPanels() || !rhs.isPanels() || !lhs.getElementType().isF32())
    return emitOpError("multiplies a dense lhs of f32 with an rhs in panels");
  if (failed(verifyDense(*this)) || failed(verifyMap(*this, getLhs(), getLhsMap(), rank)))
    return failure();
  if (!getLhsMap().isLinear() || !getRhsMap().isLinear())
    return emitOpError("the maps of lhs and rhs must be linear");
  AffineMap rhsMap = getRhsMap().getMap();
  if (rhsMap.getNumDims() != batch || rhsMap.getNumResults() + 2 != rhs.rank())
    return emitOpError() << "the rhs map leads from " << rhsMap.getNumDims() << " to " << rhsMap.getNumResults()
                         << " indices, but there are " << batch << " batch dimensions and the rhs is " << rhs;
  if (rhs.getDim(rhs.rank() - 2) != result.getDim(rank - 1))
    return emitOpError() << "the rhs has " << rhs.getDim(rhs.rank() - 2).str() << " columns, the result "
                         << result.getDim(rank - 1).str();
  if (failed(verifyMaps(*this, getExtras(), getExtraMaps(), rank)))
    return failure();
  SmallVector<Type> arguments = {Float32Type::get(getContext())};
  llvm::append_range(arguments, elementsOf(getExtras()));
  if (failed(verifyRegion(*this, getEpilogue(), "epilogue", arguments, rank)))
    return failure();
  return verifyYields(*this, getEpilogue(), "epilogue", elementsOf((*this)->getResults()));
}

} // namespace sinter::ir::kernel
