// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binds inputs to a function's arguments, runs its body, collects what it returns.
#include "ir/reference/Interpreter.h"
#include "ir/kernel/Kernel.h"

using namespace mlir;

namespace sinter::ir {

/// Dimensions and element type of a tensor's or buffer's type; nullopt for any other.
static std::optional<std::pair<SmallVector<Dim>, Type>> shapeOf(Type type) {
  if (auto tensor = dyn_cast<TensorType>(type))
    return std::pair(tensor.getShapeDims(), tensor.getElementType());
  if (auto buffer = dyn_cast<kernel::BufferType>(type))
    return std::pair(buffer.getShapeDims(), buffer.getElementType());
  return std::nullopt;
}

static std::string inputName(func::FuncOp function, unsigned i) {
  if (auto name = function.getArgAttrOfType<StringAttr>(i, "sinter.name"))
    return "input '" + name.str() + "'";
  return "input " + std::to_string(i);
}

/// Whether the tensor is what its shape says and fits the argument's rank and type.
static LogicalResult checkInput(func::FuncOp function, unsigned i, const RefTensor &input, ArrayRef<Dim> dims,
                                Type element) {
  std::string name = inputName(function, i);
  if (input.shape.size() != dims.size())
    return function.emitError() << name << " has " << input.shape.size() << " axes, but " << dims.size()
                                << " are expected";
  int64_t elements = 1;
  for (int64_t size : input.shape)
    if (size < 1 || __builtin_mul_overflow(elements, size, &elements))
      return function.emitError() << name << " has an axis of extent " << size;
  if (elements != input.size())
    return function.emitError() << name << " has " << input.size() << " values, but its shape asks for " << elements;
  if (input.elementType && input.elementType != element)
    return function.emitError() << name << " holds " << input.elementType << ", but " << element << " is expected";
  return success();
}

static LogicalResult bindInputs(Frame &frame, func::FuncOp function, ArrayRef<RefTensor> inputs) {
  if (inputs.size() != function.getNumArguments())
    return function.emitError() << inputs.size() << " inputs are given, but " << function.getNumArguments()
                                << " are expected";
  llvm::StringMap<std::string> boundBy;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    auto shape = shapeOf(function.getArgument(i).getType());
    if (!shape)
      return function.emitError() << inputName(function, i) << " is neither a tensor nor a buffer";
    if (failed(checkInput(function, i, input, shape->first, shape->second)))
      return failure();
    for (auto [dim, size] : llvm::zip_equal(shape->first, input.shape)) {
      std::optional<std::string> symbol = dim.symbolName();
      if (symbol && !frame.symbolSize(*symbol)) {
        frame.bindSymbol(*symbol, size);
        boundBy[*symbol] = inputName(function, i);
      }
    }
    frame.set(function.getArgument(i), RefTensor{input.shape, shape->second, input.data});
  }
  for (auto [i, input] : llvm::enumerate(inputs)) {
    auto shape = shapeOf(function.getArgument(i).getType());
    for (auto [axis, dim] : llvm::enumerate(shape->first)) {
      std::optional<int64_t> size = frame.sizeOf(dim);
      if (!size)
        return function.emitError() << "no input binds the symbols of " << dim.str() << ", axis " << axis << " of "
                                    << inputName(function, i);
      if (*size == input.shape[axis])
        continue;
      InFlightDiagnostic error = function.emitError()
                                 << "axis " << axis << " of " << inputName(function, i) << " is " << input.shape[axis];
      if (dim.constant())
        return error << ", but must be " << *size;
      error << ", but " << dim.str() << " is " << *size;
      if (std::optional<std::string> symbol = dim.symbolName())
        error << " (bound by " << boundBy[*symbol] << ")";
      return error;
    }
  }
  return success();
}

static FailureOr<std::vector<RefTensor>> run(Frame &frame, func::FuncOp function, ArrayRef<RefTensor> inputs) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return function.emitError("only a function of one block can be interpreted");
  if (failed(bindInputs(frame, function, inputs)) || failed(frame.runBlock(function.getBody().front())))
    return failure();
  std::vector<RefTensor> results;
  for (Value value : function.getBody().front().getTerminator()->getOperands())
    results.push_back(frame.get(value));
  return results;
}

FailureOr<std::vector<RefTensor>> evaluateFunction(func::FuncOp function, ArrayRef<RefTensor> inputs,
                                                   const ParameterLookup &parameters) {
  Frame frame(parameters);
  return run(frame, function, inputs);
}

FailureOr<std::vector<RefTensor>> evaluateModule(ModuleOp module, StringRef name, ArrayRef<RefTensor> inputs,
                                                 const ParameterLookup &parameters) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function)
    return module.emitError() << "has no function @" << name;
  Frame frame(parameters);
  if (auto prepare = module.lookupSymbol<func::FuncOp>("prepare"); prepare && prepare != function)
    if (failed(run(frame, prepare, {})))
      return failure();
  return run(frame, function, inputs);
}

} // namespace sinter::ir
