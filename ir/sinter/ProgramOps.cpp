// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters, repeats and checks: text, verifiers, canonicalization.
#include "ir/sinter/Repeat.h"
#include "ir/sinter/Sinter.h"

using namespace mlir;

namespace sinter::ir {

//===-- parameter, read --===//

LogicalResult ParameterOp::verify() {
  if (getNames().empty())
    return emitOpError("needs at least one name");
  auto type = cast<TensorType>(getType());
  if (!getStacked())
    return getNames().size() == 1 ? success() : emitOpError("has several names, but is not stacked");
  if (type.rank() == 0 || !type.getDim(0).isConstant(getNames().size()))
    return emitOpError() << "stacks " << getNames().size() << " tensors, but the leading axis of " << type
                         << " differs";
  return success();
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(*this, getNameAttr());
  if (!parameter)
    return emitOpError() << "names no sinter.parameter: " << getNameAttr();
  if (parameter.getType() == getResult().getType())
    return success();
  InFlightDiagnostic error = emitOpError()
                             << "gives " << getResult().getType() << ", but the parameter is " << parameter.getType();
  error.attachNote(parameter.getLoc()) << "declared here";
  return error;
}

//===-- repeat, of both dialects --===//

ParseResult parseRepeat(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  int64_t count;
  SMLoc place = parser.getCurrentLocation();
  int32_t numCarried = 0;
  if (parser.parseInteger(count))
    return failure();
  result.addAttribute("count", parser.getBuilder().getI64IntegerAttr(count));
  if (succeeded(parser.parseOptionalKeyword("carried")) &&
      parser.parseOperandList(operands, OpAsmParser::Delimiter::Paren))
    return failure();
  numCarried = operands.size();
  if (succeeded(parser.parseOptionalKeyword("stacked")) &&
      parser.parseOperandList(operands, OpAsmParser::Delimiter::Paren))
    return failure();
  int32_t numStacked = static_cast<int32_t>(operands.size()) - numCarried;
  result.addAttribute("operandSegmentSizes", parser.getBuilder().getDenseI32ArrayAttr({numCarried, numStacked}));
  FunctionType type;
  if (parser.parseRegion(*result.addRegion()) || parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonType(type) || parser.resolveOperands(operands, type.getInputs(), place, result.operands))
    return failure();
  result.addTypes(type.getResults());
  return success();
}

void printRepeat(OpAsmPrinter &printer, Operation *op, int64_t count, OperandRange carried, OperandRange stacked) {
  printer << ' ' << count;
  if (!carried.empty())
    printer << " carried(" << carried << ')';
  if (!stacked.empty())
    printer << " stacked(" << stacked << ')';
  printer << ' ';
  printer.printRegion(op->getRegion(0));
  printer.printOptionalAttrDict(op->getAttrs(), {"count", "operandSegmentSizes"});
  printer << " : ";
  printer.printFunctionalType(op);
}

void buildRepeatBody(OpBuilder &builder, OperationState &state, int64_t count, ValueRange carried, ValueRange stacked,
                     SliceFn slice) {
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(state.addRegion());
  for (Value value : carried)
    body->addArgument(value.getType(), value.getLoc());
  for (Value value : stacked)
    if (Type type = slice(value.getType(), count))
      body->addArgument(type, value.getLoc());
}

LogicalResult verifyRepeat(Operation *op, int64_t count, OperandRange carried, OperandRange stacked, SliceFn slice) {
  if (count < 1)
    return op->emitOpError() << "runs its body " << count << " times";
  Block &body = op->getRegion(0).front();
  if (body.getNumArguments() != op->getNumOperands())
    return op->emitOpError() << "has " << op->getNumOperands() << " operands, but its body " << body.getNumArguments()
                             << " arguments";
  for (auto [i, value] : llvm::enumerate(op->getOperands())) {
    Type expected = i < carried.size() ? value.getType() : slice(value.getType(), count);
    if (!expected)
      return op->emitOpError() << "the leading axis of " << value.getType() << " is not the count " << count;
    if (body.getArgument(i).getType() != expected)
      return op->emitOpError() << "argument " << i << " of the body is " << body.getArgument(i).getType()
                               << ", but should be " << expected;
  }
  Operation *yield = body.empty() ? nullptr : &body.back();
  if (!yield || !yield->hasTrait<OpTrait::IsTerminator>() ||
      yield->getName().getDialectNamespace() != op->getName().getDialectNamespace())
    return op->emitOpError("the body must end in a yield of its dialect");
  if (yield->getNumOperands() != op->getNumResults() || op->getNumResults() < carried.size())
    return op->emitOpError() << "yields " << yield->getNumOperands() << " values, carries " << carried.size()
                             << " and has " << op->getNumResults() << " results";
  for (auto [i, value] : llvm::enumerate(yield->getOperands())) {
    Type result = op->getResult(i).getType();
    Type expected = i < carried.size() ? result : slice(result, count);
    if (!expected)
      return op->emitOpError() << "the leading axis of " << result << " is not the count " << count;
    if (value.getType() != expected)
      return op->emitOpError() << "yields " << value.getType() << " for result " << i << ", but " << expected
                               << " is expected";
    if (i < carried.size() && carried[i].getType() != result)
      return op->emitOpError() << "carries " << carried[i].getType() << " in, but " << result << " out";
  }
  return success();
}

//===-- sinter.repeat --===//

static Type sliceTensor(Type stack, int64_t count) {
  auto type = dyn_cast<TensorType>(stack);
  if (!type || type.rank() == 0 || !type.getDim(0).isConstant(count))
    return nullptr;
  return TensorType::get(type.getContext(), type.getDims().drop_front(), type.getElementType());
}

ParseResult RepeatOp::parse(OpAsmParser &parser, OperationState &result) { return parseRepeat(parser, result); }
void RepeatOp::print(OpAsmPrinter &printer) { printRepeat(printer, *this, getCount(), getCarried(), getStacked()); }
LogicalResult RepeatOp::verify() { return verifyRepeat(*this, getCount(), getCarried(), getStacked(), sliceTensor); }

void RepeatOp::build(OpBuilder &builder, OperationState &state, int64_t count, ValueRange carried, ValueRange stacked,
                     TypeRange resultTypes) {
  state.addOperands(carried);
  state.addOperands(stacked);
  state.addTypes(resultTypes);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setCount(builder.getI64IntegerAttr(count));
  properties.setOperandSegmentSizes({static_cast<int32_t>(carried.size()), static_cast<int32_t>(stacked.size())});
  buildRepeatBody(builder, state, count, carried, stacked, sliceTensor);
}

//===-- check --===//

/// Whether the comparison holds for all sizes, for none, or depends on them.
static std::optional<bool> decide(const Dim &lhs, Predicate predicate, const Dim &rhs) {
  auto known = [](bool isTrue, bool isFalse) {
    return isTrue ? std::optional(true) : isFalse ? std::optional(false) : std::nullopt;
  };
  bool isLess = rhs.isAtLeast(lhs + Dim(1)), isGreater = lhs.isAtLeast(rhs + Dim(1));
  switch (predicate) {
  case Predicate::eq:
    return known(lhs == rhs, isLess || isGreater);
  case Predicate::ne:
    return known(isLess || isGreater, lhs == rhs);
  case Predicate::lt:
    return known(isLess, lhs.isAtLeast(rhs));
  case Predicate::le:
    return known(rhs.isAtLeast(lhs), isGreater);
  case Predicate::gt:
    return known(isGreater, rhs.isAtLeast(lhs));
  case Predicate::ge:
    return known(lhs.isAtLeast(rhs), isLess);
  }
  return std::nullopt;
}

ParseResult CheckOp::parse(OpAsmParser &parser, OperationState &result) {
  DimAttr lhs, rhs;
  StringRef word;
  StringAttr message;
  SmallVector<DimAttr> shown;
  SMLoc place;
  if (parseDim(parser, lhs) || parser.getCurrentLocation(&place) || parser.parseKeyword(&word))
    return failure();
  std::optional<Predicate> predicate = symbolizePredicate(word);
  if (!predicate)
    return parser.emitError(place, "expected one of eq, ne, lt, le, gt, ge");
  if (parseDim(parser, rhs) || parser.parseComma() || parser.parseAttribute(message) || parseDims(parser, shown) ||
      parser.parseOptionalAttrDict(result.attributes))
    return failure();
  Builder &builder = parser.getBuilder();
  result.addAttribute("lhs", lhs);
  result.addAttribute("rhs", rhs);
  result.addAttribute("predicate", builder.getI32IntegerAttr(static_cast<int32_t>(*predicate)));
  result.addAttribute("message", message);
  result.addAttribute("shown", builder.getArrayAttr(SmallVector<Attribute>(shown.begin(), shown.end())));
  return success();
}

void CheckOp::print(OpAsmPrinter &printer) {
  std::optional<Predicate> predicate = symbolizePredicate(getPredicate());
  printer << ' ' << getLhs().getText() << ' ' << (predicate ? stringifyPredicate(*predicate) : "?") << ' '
          << getRhs().getText() << ", " << getMessageAttr() << " [";
  llvm::interleaveComma(getShown().getAsRange<DimAttr>(), printer, [&](DimAttr dim) { printer << dim.getText(); });
  printer << ']';
  printer.printOptionalAttrDict((*this)->getAttrs(), {"lhs", "rhs", "predicate", "message", "shown"});
}

LogicalResult CheckOp::verify() {
  std::optional<Predicate> predicate = symbolizePredicate(getPredicate());
  if (!predicate)
    return emitOpError() << "has no such predicate: " << getPredicate();
  if (decide(getLhs().getDim(), *predicate, getRhs().getDim()) == false)
    return emitOpError() << "never holds: " << getLhs().getText() << ' ' << stringifyPredicate(*predicate) << ' '
                         << getRhs().getText();
  return success();
}

/// What always holds need not be checked.
LogicalResult CheckOp::canonicalize(CheckOp op, PatternRewriter &rewriter) {
  if (decide(op.getLhs().getDim(), static_cast<Predicate>(op.getPredicate()), op.getRhs().getDim()) != true)
    return rewriter.notifyMatchFailure(op, "depends on sizes");
  rewriter.eraseOp(op);
  return success();
}

} // namespace sinter::ir
