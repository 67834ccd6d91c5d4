// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, folders and text of the ops of the `kernel` dialect without regions of scalar code.
#include "ir/kernel/Kernel.h"
#include "ir/sinter/IndexMap.h"
#include "ir/sinter/Repeat.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>

using namespace mlir;

namespace sinter::ir::kernel {

static BufferType bufferOf(Value value) { return cast<BufferType>(value.getType()); }

//===-- gather, move, constant --===//

LogicalResult kernel::GatherOp::verify() {
  BufferType table = bufferOf(getTable()), ids = bufferOf(getIds()), result = bufferOf(getResult());
  if (table.rank() == 0)
    return emitOpError("the table has no axis");
  if (table.isPanels() && table.rank() != 2)
    return emitOpError("a table in panels has two axes");
  if (!ids.getElementType().isInteger(32) || ids.isPanels())
    return emitOpError("ids are a dense buffer of i32");
  if (result.isPanels() || result.getElementType() != table.getScalarType())
    return emitOpError("the result is dense, with the table's element type (f32 for bf16 and f16)");
  SmallVector<DimAttr> expected(ids.getDims());
  llvm::append_range(expected, table.getDims().drop_front());
  if (result.getDims() != ArrayRef(expected))
    return emitOpError() << "gives shape " << dimsText(result.getDims()) << ", but " << dimsText(expected)
                         << " follows from the operands";
  return success();
}

LogicalResult MoveOp::verify() {
  BufferType input = bufferOf(getInput()), result = bufferOf(getResult());
  AffineMap map = getMap().getMap();
  if (map.getNumDims() != result.rank() || map.getNumResults() != input.rank())
    return emitOpError() << "maps " << map.getNumDims() << " indices to " << map.getNumResults() << ", but moves "
                         << input << " to " << result;
  if (input.getScalarType() != result.getScalarType())
    return emitOpError("changes the element type");
  return success();
}

LogicalResult kernel::ConstantOp::verify() {
  BufferType type = bufferOf(getResult());
  std::optional<int64_t> elements = productOf(type.getShapeDims()).constant();
  if (!elements || type.isPanels())
    return emitOpError("is dense, and its shape constant");
  ArrayRef<double> values = getValues();
  if (values.size() != 1 && *elements != static_cast<int64_t>(values.size()))
    return emitOpError() << "has " << values.size() << " values for shape " << dimsText(type.getDims())
                         << "; one, or one for each element, is expected";
  for (double value : values) {
    if (!std::isfinite(value))
      return emitOpError("has a value that is not finite");
    if (type.getElementType().isInteger(1) && value != 0 && value != 1)
      return emitOpError() << "has the value " << value << ", which is no i1";
    if (type.getElementType().isInteger(32) && (value != std::floor(value) || value < INT32_MIN || value > INT32_MAX))
      return emitOpError() << "has the value " << value << ", which is no i32";
  }
  return success();
}
OpFoldResult kernel::ConstantOp::fold(FoldAdaptor) { return getValuesAttr(); }

//===-- prepared, read, write --===//

/// The type of the sinter.parameter (as a dense buffer) or kernel.prepared of that name; null if there is none.
static BufferType declaredType(Operation *declaration) {
  if (auto prepared = dyn_cast_if_present<PreparedOp>(declaration))
    return cast<BufferType>(prepared.getType());
  if (auto parameter = dyn_cast_if_present<ParameterOp>(declaration)) {
    auto type = cast<TensorType>(parameter.getType());
    return BufferType::get(type.getContext(), type.getDims(), type.getElementType(), Layout::dense);
  }
  return nullptr;
}

static LogicalResult verifyDeclared(Operation *op, Operation *declaration, FlatSymbolRefAttr name, BufferType type) {
  BufferType declared = declaredType(declaration);
  if (!declared)
    return op->emitOpError() << "names neither a sinter.parameter nor a kernel.prepared: " << name;
  if (declared == type)
    return success();
  InFlightDiagnostic error = op->emitOpError() << "has " << type << ", but " << name << " is " << declared;
  error.attachNote(declaration->getLoc()) << "declared here";
  return error;
}

LogicalResult kernel::ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyDeclared(*this, symbols.lookupNearestSymbolFrom(*this, getNameAttr()), getNameAttr(),
                        bufferOf(getResult()));
}

LogicalResult WriteOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *declaration = symbols.lookupNearestSymbolFrom(*this, getNameAttr());
  if (!isa_and_present<PreparedOp>(declaration))
    return emitOpError() << "names no kernel.prepared: " << getNameAttr();
  auto function = (*this)->getParentOfType<func::FuncOp>();
  if (!function || function.getSymName() != "prepare")
    return emitOpError("may stand in @prepare alone");
  return verifyDeclared(*this, declaration, getNameAttr(), bufferOf(getValue()));
}

//===-- repeat --===//

static Type sliceBuffer(Type stack, int64_t count) {
  auto type = dyn_cast<BufferType>(stack);
  if (!type || type.rank() == 0 || !type.getDim(0).isConstant(count) || (type.isPanels() && type.rank() < 3))
    return nullptr;
  return BufferType::get(type.getContext(), type.getDims().drop_front(), type.getElementType(), type.getLayout());
}

ParseResult kernel::RepeatOp::parse(OpAsmParser &parser, OperationState &result) { return parseRepeat(parser, result); }
void kernel::RepeatOp::print(OpAsmPrinter &printer) {
  printRepeat(printer, *this, getCount(), getCarried(), getStacked());
}
LogicalResult kernel::RepeatOp::verify() {
  return verifyRepeat(*this, getCount(), getCarried(), getStacked(), sliceBuffer);
}
void kernel::RepeatOp::build(OpBuilder &builder, OperationState &state, int64_t count, ValueRange carried,
                             ValueRange stacked, TypeRange resultTypes) {
  state.addOperands(carried);
  state.addOperands(stacked);
  state.addTypes(resultTypes);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setCount(builder.getI64IntegerAttr(count));
  properties.setOperandSegmentSizes({static_cast<int32_t>(carried.size()), static_cast<int32_t>(stacked.size())});
  buildRepeatBody(builder, state, count, carried, stacked, sliceBuffer);
}

} // namespace sinter::ir::kernel
