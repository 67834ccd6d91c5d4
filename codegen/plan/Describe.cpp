// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a function looks like from outside: symbols, arguments, results, checks.
#include "codegen/plan/Planner.h"

#include "ir/kernel/Kernel.h"
#include "ir/sinter/Sinter.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace sinter::codegen {

std::string siteOf(Location loc) {
  std::string site;
  loc->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file || file.getLine() == 0)
      return WalkResult::advance();
    site = (llvm::sys::path::filename(file.getFilename().getValue()) + ":" + Twine(file.getLine()) + ":" +
            Twine(file.getColumn()))
               .str();
    return WalkResult::interrupt();
  });
  return site;
}

static uint32_t dtypeOf(Type element) {
  return element.isF32()        ? SINTER_F32
         : element.isBF16()     ? SINTER_BF16
         : element.isF16()      ? SINTER_F16
         : element.isInteger(1) ? SINTER_BOOL
                                : SINTER_I32;
}

static TensorInfo describe(ir::kernel::BufferType type, StringRef name) {
  TensorInfo info;
  info.name = name.str();
  info.dtype = dtypeOf(type.getElementType());
  for (const Dim &dim : type.getShapeDims())
    info.dims.push_back(dim);
  return info;
}

/// Parameters that @prepare reads become its arguments, weights that it writes its results.
static void describePrepare(func::FuncOp function, FunctionInfo &info) {
  function.walk([&](Operation *op) {
    if (auto read = dyn_cast<ir::kernel::ReadOp>(op)) {
      auto known = [&](const TensorInfo &t) { return t.name == read.getName(); };
      if (llvm::none_of(info.args, known))
        info.args.push_back(describe(cast<ir::kernel::BufferType>(read.getResult().getType()), read.getName()));
    } else if (auto write = dyn_cast<ir::kernel::WriteOp>(op)) {
      // A stored form may be padded: the result is the stored elements in one row.
      auto type = cast<ir::kernel::BufferType>(write.getValue().getType());
      TensorInfo result = describe(type, write.getName());
      if (type.isPanels())
        result.dims = {type.storedElements()};
      info.results.push_back(result);
    }
  });
}

std::optional<unsigned> stateArgumentOf(func::FuncOp function, unsigned result) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (auto state = function.getArgAttrOfType<IntegerAttr>(i, "sinter.state"); state && state.getInt() == result)
      return i;
  return std::nullopt;
}

/// What SinterTensor says of an argument that outlives its call.
static FailureOr<uint32_t> stateOf(func::FuncOp function, unsigned argument) {
  if (auto begin = function.getArgAttrOfType<IntegerAttr>(argument, "sinter.begin"))
    return SINTER_STATE_BEGIN + uint32_t(begin.getInt());
  auto state = function.getArgAttrOfType<IntegerAttr>(argument, "sinter.state");
  if (!state)
    return uint32_t(SINTER_STATE_NONE);
  if (state.getInt() < 0 || state.getInt() >= function.getNumResults() ||
      function.getResultTypes()[state.getInt()] != function.getArgumentTypes()[argument] ||
      stateArgumentOf(function, unsigned(state.getInt())) != argument)
    return function.emitError() << "argument " << argument << " is the state of result " << state.getInt()
                                << ", which is not there, is of another type or is another argument's";
  return uint32_t(SINTER_STATE_PAGED);
}

FailureOr<FunctionInfo> describeFunction(func::FuncOp function) {
  FunctionInfo info;
  info.name = function.getName().str();
  if (auto causal = function->getAttrOfType<StringAttr>("sinter.causal"))
    info.causal = causal.str();
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto name = function.getArgAttrOfType<StringAttr>(i, "sinter.name");
    TensorInfo arg = describe(cast<ir::kernel::BufferType>(type), name ? name.getValue() : "arg" + std::to_string(i));
    if (auto value = function.getArgAttrOfType<FloatAttr>(i, "sinter.default"))
      arg.defaultValue = value.getValueAsDouble();
    FailureOr<uint32_t> state = stateOf(function, i);
    if (failed(state))
      return failure();
    arg.state = *state;
    for (const Dim &dim : arg.dims) {
      std::string text = dim.str();
      auto symbols = dim.symbols();
      if (symbols.size() == 1 && *symbols.begin() == text && !llvm::is_contained(info.symbols, text))
        info.symbols.push_back(text);
    }
    info.args.push_back(std::move(arg));
  }
  for (auto [i, type] : llvm::enumerate(function.getResultTypes())) {
    if (stateArgumentOf(function, i))
      continue;
    auto name = function.getResultAttrOfType<StringAttr>(i, "sinter.name");
    info.results.push_back(
        describe(cast<ir::kernel::BufferType>(type), name ? name.getValue() : "out" + std::to_string(i)));
  }
  if (info.name == "prepare")
    describePrepare(function, info);

  function.walk([&](ir::CheckOp op) {
    CheckInfo check;
    check.lhs = op.getLhs().getDim();
    check.rhs = op.getRhs().getDim();
    check.predicate = uint32_t(op.getPredicate());
    check.message = op.getMessage().str();
    for (Attribute shown : op.getShown())
      check.shown.push_back(cast<ir::DimAttr>(shown).getDim());
    check.site = siteOf(op.getLoc());
    info.checks.push_back(std::move(check));
  });
  for (const auto *list : {&info.args, &info.results})
    for (const TensorInfo &tensor : *list)
      for (const Dim &dim : tensor.dims)
        for (const std::string &symbol : dim.symbols())
          if (!llvm::is_contained(info.symbols, symbol))
            return function.emitError() << "dimension " << symbol << " of '" << tensor.name
                                        << "' stands alone in no argument, so no call can tell its size";
  return info;
}

} // namespace sinter::codegen
