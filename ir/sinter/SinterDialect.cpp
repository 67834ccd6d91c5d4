// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers the `sinter` dialect and holds the generated code of its ops.
#include "ir/sinter/Sinter.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace sinter::ir;

#include "ir/interfaces/Evaluable.cpp.inc"
#include "ir/sinter/SinterOpsDialect.cpp.inc"
#include "ir/sinter/SinterOpsEnums.cpp.inc"

// Dims in assembly formats: `custom<Dim>` finds these by name.
using sinter::ir::parseDim;
using sinter::ir::parseMapped;
using sinter::ir::parseValues;
using sinter::ir::printDim;
using sinter::ir::printMapped;
using sinter::ir::printValues;

#define GET_OP_CLASSES
#include "ir/sinter/SinterOps.cpp.inc"

namespace {
/// Ops are pure mathematics: they may stand in any function and any body.
struct SinterInliner : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void SinterDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/sinter/SinterOps.cpp.inc"
      >();
  registerTypesAndAttributes();
  addInterfaces<SinterInliner>();
}

Operation *SinterDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location location) {
  auto values = dyn_cast<DenseF64ArrayAttr>(value);
  return values && isa<sinter::ir::TensorType>(type) ? ConstantOp::create(builder, location, type, values) : nullptr;
}
