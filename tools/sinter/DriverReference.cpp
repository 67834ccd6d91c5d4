// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h. The float64 interpreter on a text.
#include "tools/sinter/DriverState.h"

#include "ir/reference/Interpreter.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <map>

using namespace mlir;

namespace sinter::tool {

namespace {

/// Every parameter in float64, read when it is asked for the first time.
class References {
public:
  References(const frontend::WeightBinding *binding, const format::SafetensorsSet *set, ModuleOp module)
      : binding(binding), set(set), module(module) {}

  const ir::RefTensor *find(StringRef symbol) {
    auto [it, isNew] = known.try_emplace(symbol.str());
    if (!isNew)
      return it->second.data.empty() ? nullptr : &it->second;
    const frontend::BoundParameter *bound = binding ? binding->find(symbol.str()) : nullptr;
    auto parameter = module.lookupSymbol<ir::ParameterOp>(symbol);
    if (!bound || !bound->isBound() || !parameter)
      return nullptr;
    ir::RefTensor &tensor = it->second;
    auto type = cast<ir::TensorType>(parameter.getType());
    for (const Dim &dim : type.getShapeDims())
      tensor.shape.push_back(*dim.constant());
    tensor.elementType = type.getElementType();
    tensor.data.resize(bound->layers.size() * frontend::elementsPerLayer(*bound->entry));
    std::string error;
    if (!frontend::materialize(*bound, *set, tensor.data.data(), error)) {
      fail(exitWorld, error);
      tensor.data.clear();
      return nullptr;
    }
    return &tensor;
  }

private:
  const frontend::WeightBinding *binding; ///< null where no parameter is read
  const format::SafetensorsSet *set;
  ModuleOp module;
  std::map<std::string, ir::RefTensor> known;
};

/// One symbol's size from the inputs given, where an axis is that symbol alone.
std::map<std::string, int64_t> sizesOf(func::FuncOp function, const std::map<std::string, Values> &inputs) {
  std::map<std::string, int64_t> sizes;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto found = inputs.find(function.getArgAttrOfType<StringAttr>(i, "sinter.name").str());
    auto type = cast<ir::TensorType>(function.getArgument(i).getType());
    if (found == inputs.end() || found->second.dims.size() != type.rank())
      continue;
    for (unsigned axis = 0; axis < type.rank(); ++axis)
      sizes.try_emplace(type.getDim(axis).str(), found->second.dims[axis]);
  }
  return sizes;
}

/// The argument's default, spread over its shape.
std::optional<ir::RefTensor> defaultOf(func::FuncOp function, unsigned i, const std::map<std::string, int64_t> &sizes) {
  auto value = function.getArgAttrOfType<FloatAttr>(i, "sinter.default");
  if (!value)
    return std::nullopt;
  ir::RefTensor tensor;
  int64_t count = 1;
  for (const Dim &dim : cast<ir::TensorType>(function.getArgument(i).getType()).getShapeDims()) {
    auto size = dim.evaluate([&](std::string_view name) -> std::optional<int64_t> {
      auto found = sizes.find(std::string(name));
      return found == sizes.end() ? std::nullopt : std::optional(found->second);
    });
    if (!size)
      return std::nullopt;
    tensor.shape.push_back(*size);
    count *= *size;
  }
  tensor.data.assign(size_t(count), value.getValueAsDouble());
  return tensor;
}

} // namespace

int Driver::interpret(const std::string &name, const std::map<std::string, Values> &inputs,
                      std::vector<std::pair<std::string, Values>> &results) {
  auto function = state->text.module->lookupSymbol<func::FuncOp>(name);
  if (!function)
    return fail(exitInternal, "function " + name + " was not emitted");
  bool needsWeights = !state->text.module->getOps<ir::ParameterOp>().empty();
  if (int code = needsWeights ? state->bind() : int(exitOk))
    return code;
  std::vector<std::string> names;
  std::map<std::string, int64_t> sizes = sizesOf(function, inputs);
  std::vector<ir::RefTensor> arguments;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    names.push_back(function.getArgAttrOfType<StringAttr>(i, "sinter.name").str());
    if (auto found = inputs.find(names.back()); found != inputs.end())
      arguments.push_back({found->second.dims, Type(), found->second.data});
    else if (auto value = defaultOf(function, i, sizes))
      arguments.push_back(std::move(*value));
    else
      return fail(exitUserError, "argument '" + names.back() + "' has no default: give it with --in " + names.back() + "=FILE.npy");
  }
  for (const auto &[given, values] : inputs)
    if (!llvm::is_contained(names, given))
      return fail(exitUserError, "--in " + given + ": the function has no such argument; it has " + llvm::join(names, ", "));
  References parameters(state->binding ? &*state->binding : nullptr, state->checkpoint ? &*state->checkpoint : nullptr,
                        *state->text.module);
  auto evaluated = ir::evaluateFunction(function, arguments, [&](StringRef symbol) { return parameters.find(symbol); });
  if (failed(evaluated))
    return exitUserError;
  for (auto [i, tensor] : llvm::enumerate(*evaluated)) {
    std::string name = function.getResultAttrOfType<StringAttr>(i, "sinter.name").str();
    if (!llvm::all_of(tensor.data, [](double value) { return std::isfinite(value); }) && !state->options.allowNotFinite)
      return fail(exitUserError, "result '" + name + "' holds NaN or infinity (--allow-not-finite lets it pass)");
    results.push_back({name, {tensor.shape, std::move(tensor.data)}});
  }
  return exitOk;
}

} // namespace sinter::tool
