// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers the `sinter` dialect and holds the generated code of its ops.
#include "ir/sinter/Sinter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace sinter::ir;

#include "ir/interfaces/Evaluable.cpp.inc"
#include "ir/interfaces/TimeAware.cpp.inc"
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

//===-- The dialect's attributes on other ops --===//

static bool isNumber(NamedAttribute attribute, int64_t least) {
  auto number = dyn_cast<IntegerAttr>(attribute.getValue());
  return number && number.getType().isInteger(64) && number.getInt() >= least;
}

LogicalResult SinterDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  auto text = dyn_cast<StringAttr>(attribute.getValue());
  if (attribute.getName() == "sinter.model")
    return text && isa<ModuleOp>(op) ? success() : op->emitError("sinter.model is a module's, and a string");
  if (attribute.getName() == "sinter.window")
    return isa<FunctionOpInterface>(op) && isNumber(attribute, 1)
               ? success()
               : op->emitError("sinter.window is a function's, and a number of rows");
  if (attribute.getName() != "sinter.causal")
    return op->emitError() << "unknown attribute " << attribute.getName();
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || !text)
    return op->emitError("sinter.causal is a function's, and a string");
  if (!boundSymbols(function.getArgumentTypes()).count(text.str()))
    return op->emitError() << "sinter.causal names " << attribute.getValue() << ", which no argument's shape binds";
  return success();
}

/// The state of a decode step: its type is that of the result that replaces it.
static LogicalResult verifyState(Operation *op, unsigned argument, NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || !isNumber(attribute, 0))
    return op->emitError("sinter.state is the number of a result");
  int64_t result = cast<IntegerAttr>(attribute.getValue()).getInt();
  if (result >= static_cast<int64_t>(function.getNumResults()) ||
      function.getResultTypes()[result] != function.getArgumentTypes()[argument])
    return op->emitError() << "argument " << argument << " is the state of result " << result
                           << ", which is missing or of another type";
  return success();
}

LogicalResult SinterDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned argument,
                                                      NamedAttribute attribute) {
  if (attribute.getName() == "sinter.state")
    return verifyState(op, argument, attribute);
  if (attribute.getName() == "sinter.begin" && isNumber(attribute, 0))
    return success();
  if (attribute.getName() == "sinter.name" && isa<StringAttr>(attribute.getValue()))
    return success();
  if (attribute.getName() == "sinter.default" && isa<FloatAttr>(attribute.getValue()))
    return success();
  return op->emitError() << "argument " << argument << " has " << attribute.getName() << " = " << attribute.getValue()
                         << "; sinter.name (a string), sinter.default (a float), sinter.state and sinter.begin (results' numbers) are known";
}

LogicalResult SinterDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned result,
                                                         NamedAttribute attribute) {
  if (attribute.getName() == "sinter.name" && isa<StringAttr>(attribute.getValue()))
    return success();
  return op->emitError() << "result " << result << " has " << attribute.getName() << " = " << attribute.getValue()
                         << "; sinter.name (a string) is known";
}
