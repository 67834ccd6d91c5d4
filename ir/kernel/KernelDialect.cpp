// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers the `kernel` dialect, reads and writes `!kernel.buffer`, and holds the generated code of its ops.
#include "ir/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

using sinter::ir::parseDim;
using sinter::ir::parseMapped;
using sinter::ir::parseValues;
using sinter::ir::printDim;
using sinter::ir::printMapped;
using sinter::ir::printValues;

#include "ir/kernel/KernelOpsDialect.cpp.inc"
#include "ir/kernel/KernelOpsEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/kernel/KernelOpsTypes.cpp.inc"
#define GET_OP_CLASSES
#include "ir/kernel/KernelOps.cpp.inc"

namespace sinter::ir::kernel {

namespace {
struct KernelInliner : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void KernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/kernel/KernelOps.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "ir/kernel/KernelOpsTypes.cpp.inc"
      >();
  addInterfaces<KernelInliner>();
}

Operation *KernelDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location location) {
  if (auto values = dyn_cast<DenseF64ArrayAttr>(value); values && isa<BufferType>(type))
    return kernel::ConstantOp::create(builder, location, type, values);
  // Scalars of regions.
  auto typed = dyn_cast<TypedAttr>(value);
  return typed && typed.getType() == type && (type.isF32() || type.isSignlessInteger())
             ? arith::ConstantOp::create(builder, location, typed).getOperation()
             : nullptr;
}

//===-- !kernel.buffer --===//

BufferType BufferType::get(MLIRContext *context, ArrayRef<Dim> dims, Type elementType, Layout layout) {
  return get(context, ArrayRef<DimAttr>(toAttrs(context, dims)), elementType, layout);
}

SmallVector<Dim> BufferType::getShapeDims() const { return toDims(getDims()); }

Dim BufferType::storedElements() const {
  SmallVector<Dim> dims = getShapeDims();
  if (isPanels())
    dims[rank() - 2] = Dim::ceilDiv(dims[rank() - 2], panelWidth) * Dim(panelWidth);
  return productOf(dims);
}
Dim BufferType::storedBytes() const { return storedElements() * Dim(elementBytes(getElementType())); }
Type BufferType::getScalarType() const { return holdsFloats(getElementType()) ? Float32Type::get(getContext()) : getElementType(); }

LogicalResult BufferType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<DimAttr> dims, Type elementType,
                                 Layout layout) {
  if (!holdsFloats(elementType) && !elementType.isInteger(32) && !elementType.isInteger(1))
    return emitError() << "the element type must be f32, bf16, f16, i32 or i1, but is " << elementType;
  for (DimAttr dim : dims)
    if (std::optional<int64_t> size = dim.getDim().constant(); size && *size < 1)
      return emitError() << "a dimension must be at least 1, but is " << *size;
  if (layout == Layout::panels && dims.size() < 2)
    return emitError() << "panels need two axes, but the shape is " << dimsText(dims);
  if (layout == Layout::panels && !holdsFloats(elementType))
    return emitError() << "panels hold floats, not " << elementType;
  return success();
}

Type BufferType::parse(AsmParser &parser) {
  SmallVector<DimAttr> dims;
  Type elementType;
  Layout layout = Layout::dense;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parseDims(parser, dims) || parser.parseComma() || parser.parseType(elementType))
    return {};
  if (succeeded(parser.parseOptionalComma())) {
    if (parser.parseKeyword("panels"))
      return {};
    layout = Layout::panels;
  }
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(place); }, parser.getContext(), ArrayRef<DimAttr>(dims), elementType,
                    layout);
}
void BufferType::print(AsmPrinter &printer) const {
  printer << '<';
  printDims(printer, getDims());
  printer << ", " << getElementType() << (isPanels() ? ", panels>" : ">");
}

} // namespace sinter::ir::kernel
