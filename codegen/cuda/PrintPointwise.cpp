// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over a fused elementwise kernel: signature, the thread's place, loads, one line for each op, stores.
#include "codegen/cuda/PrintPointwise.h"

#include "codegen/cuda/Expressions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cuda {

/// The element number of `map` in a dense buffer: Horner's rule over its axes; "i" where it is the thread's own.
static std::string offsetText(BufferType type, ir::IndexMapAttr map, BufferType domain, bool &usesFloor) {
  if (map.isIdentity() && type.getDims() == domain.getDims())
    return "i";
  SmallVector<Dim> symbols = ir::toDims(map.getSymbols());
  std::string text;
  for (auto [axis, expr] : llvm::enumerate(map.getMap().getResults())) {
    std::string index = indexText(expr, symbols, usesFloor);
    if (!text.empty())
      text = (text.find(' ') == std::string::npos ? text : "(" + text + ")") + " * " + dimText(type.getDim(axis), true);
    if (index != "0")
      text += (text.empty() ? "" : " + ") + index;
  }
  return text.empty() ? "0" : text;
}

/// Whether `name` stands in `code` as a word.
static bool usesName(StringRef code, StringRef name) {
  for (size_t at = code.find(name); at != StringRef::npos; at = code.find(name, at + 1)) {
    bool startsWord = at == 0 || !llvm::isAlnum(code[at - 1]);
    if (startsWord && (at + name.size() == code.size() || !llvm::isAlnum(code[at + name.size()])))
      return true;
  }
  return false;
}

/// Those of d0, d1, ... of the thread's element i that `code` uses.
static std::string indexLines(BufferType domain, StringRef code) {
  std::string lines, rest = "i";
  for (unsigned axis = domain.rank(); axis-- > 0;) {
    std::string extent = dimText(domain.getDim(axis), true), name = "d" + std::to_string(axis);
    if (usesName(code, name))
      lines += "  const long long " + name + " = " + rest + (axis > 0 ? " % " + extent : "") + ";\n";
    rest += " / " + extent;
  }
  return lines;
}

static LogicalResult checkSymbols(ir::kernel::PointwiseOp op, ArrayRef<std::string> symbols) {
  AttrTypeWalker walker;
  walker.addWalk([&](ir::DimAttr dim) -> WalkResult {
    for (const std::string &symbol : dim.getDim().symbols())
      if (!llvm::is_contained(symbols, symbol))
        return op.emitError("the kernel needs the size '") << symbol << "', which the function does not bind";
    return WalkResult::advance();
  });
  return failure(op->walk([&](Operation *inner) -> WalkResult {
                     if (walker.walk(inner->getAttrDictionary()).wasInterrupted())
                       return WalkResult::interrupt();
                     for (Value value : inner->getOperands())
                       if (walker.walk(value.getType()).wasInterrupted())
                         return WalkResult::interrupt();
                     for (Value value : inner->getResults())
                       if (walker.walk(value.getType()).wasInterrupted())
                         return WalkResult::interrupt();
                     return WalkResult::advance();
                   }).wasInterrupted());
}

static std::string signature(ir::kernel::PointwiseOp op, ArrayRef<std::string> symbols, StringRef name) {
  SmallVector<std::string> parameters;
  for (auto [i, input] : llvm::enumerate(op.getInputs()))
    parameters.push_back("const " + memoryType(cast<BufferType>(input.getType()).getElementType()) + " *in" +
                         std::to_string(i));
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    parameters.push_back(memoryType(cast<BufferType>(result.getType()).getElementType()) + " *out" + std::to_string(i));
  for (const std::string &symbol : symbols)
    parameters.push_back("long long " + symbolName(symbol));
  return "extern \"C\" __global__ void " + name.str() + "(" + llvm::join(parameters, ", ") + ")";
}

FailureOr<std::string> printCuda(ir::kernel::PointwiseOp op, ArrayRef<std::string> symbols, StringRef name) {
  if (failed(checkSymbols(op, symbols)))
    return failure();
  auto domain = cast<BufferType>(op.getResult(0).getType());
  std::string body;
  llvm::raw_string_ostream os(body);
  bool usesFloor = false;
  llvm::DenseMap<Value, std::string> names;
  unsigned count = 0;
  Block &block = op.getBody().front();
  auto define = [&](Value value, const std::string &text) {
    std::string fresh = "v" + std::to_string(count++);
    os << "  const " << registerType(value.getType()) << " " << fresh << " = " << text << ";\n";
    names[value] = fresh;
  };
  for (auto [i, argument] : llvm::enumerate(block.getArguments())) {
    auto type = cast<BufferType>(op.getInputs()[i].getType());
    std::string offset = offsetText(type, cast<ir::IndexMapAttr>(op.getMaps()[i]), domain, usesFloor);
    define(argument,
           "in" + std::to_string(i) + "[" + offset + "]" + (type.getElementType().isInteger(1) ? " != 0" : ""));
  }
  for (Operation &inner : block.without_terminator()) {
    SmallVector<std::string> operands;
    for (Value operand : inner.getOperands())
      operands.push_back(names.at(operand));
    std::string text = opText(inner, operands);
    if (text.empty())
      return inner.emitError("the CUDA target has no text for '") << inner.getName() << "' in a kernel's region";
    if (isa<arith::ConstantOp>(inner))
      names[inner.getResult(0)] = text.front() == '-' ? "(" + text + ")" : text;
    else
      define(inner.getResult(0), text);
  }
  for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands()))
    os << "  out" << i << "[i] = " << names.at(value) << ";\n";
  return (usesFloor ? floorHelpers : "") + signature(op, symbols, name) +
         " {\n  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;\n  if (i >= " +
         dimText(ir::productOf(domain.getShapeDims())) + ")\n    return;\n" + indexLines(domain, body) + body + "}\n";
}

llvm::Expected<std::string> printModule(ModuleOp module, StringRef target) {
  StringRef arch = target;
  if (!arch.consume_front("cuda:sm_") || arch.empty() || !llvm::all_of(arch.rtrim('a'), llvm::isDigit))
    return llvm::createStringError("'" + target.str() + "' is not a CUDA target; write cuda:sm_90");
  std::set<std::string> printed; // texts with a neutral name
  std::string text = "// Elementwise kernels for sm_" + arch.str() + "; compile with --fmad=false.\n";
  bool hasHelpers = false;
  std::string error;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    error = diagnostic.str();
    return success();
  });
  for (auto function : module.getOps<func::FuncOp>()) {
    std::set<std::string> bound = ir::boundSymbols(function.getArgumentTypes());
    SmallVector<std::string> symbols(bound.begin(), bound.end());
    WalkResult result = function.walk([&](ir::kernel::PointwiseOp op) {
      FailureOr<std::string> neutral = printCuda(op, symbols, "kernel");
      if (failed(neutral))
        return WalkResult::interrupt();
      if (!printed.insert(*neutral).second)
        return WalkResult::advance();
      std::string kernel = *printCuda(op, symbols, "pointwise_" + std::to_string(printed.size() - 1));
      StringRef code = kernel;
      if (code.consume_front(floorHelpers) && !hasHelpers) {
        hasHelpers = true;
        code = kernel;
      }
      text += "\n" + code.str();
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return llvm::createStringError(error);
  }
  return text;
}

} // namespace sinter::cuda
