// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pieces of a kernel's text; see KernelText.h.
#include "codegen/cuda/KernelText.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cuda {

std::string signatureText(Operation *op, ArrayRef<std::string> symbols, StringRef name) {
  SmallVector<std::string> parameters;
  auto element = [](Value value) { return memoryType(cast<BufferType>(value.getType()).getElementType()); };
  for (auto [i, input] : llvm::enumerate(op->getOperands()))
    parameters.push_back("const " + element(input) + " *in" + std::to_string(i));
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    parameters.push_back(element(result) + " *out" + std::to_string(i));
  for (const std::string &symbol : symbols)
    parameters.push_back("long long " + symbolName(symbol));
  return "extern \"C\" __global__ void " + name.str() + "(" + llvm::join(parameters, ", ") + ")";
}

LogicalResult checkSymbols(Operation *op, ArrayRef<std::string> symbols) {
  AttrTypeWalker walker;
  walker.addWalk([&](ir::DimAttr dim) -> WalkResult {
    for (const std::string &symbol : dim.getDim().symbols())
      if (!llvm::is_contained(symbols, symbol))
        return op->emitError("the kernel needs the size '") << symbol << "', which the function does not bind";
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

std::string offsetText(ArrayRef<std::string> indices, ArrayRef<Dim> dims) {
  std::string text;
  for (auto [index, dim] : llvm::zip_equal(indices, dims)) {
    if (!text.empty())
      text = (text.find(' ') == std::string::npos ? text : "(" + text + ")") + " * " + dimText(dim, true);
    if (index != "0")
      text += (text.empty() ? "" : " + ") + index;
  }
  return text.empty() ? "0" : text;
}

std::string offsetText(BufferType type, ir::IndexMapAttr map) {
  SmallVector<Dim> symbols = ir::toDims(map.getSymbols());
  SmallVector<std::string> indices;
  for (AffineExpr expr : map.getMap().getResults())
    indices.push_back(indexText(expr, symbols));
  return offsetText(indices, type.getShapeDims());
}

std::string indexLines(ArrayRef<Dim> dims, StringRef code) {
  std::string lines, rest = "i";
  for (unsigned axis = dims.size(); axis-- > 0;) {
    std::string extent = dimText(dims[axis], true), name = "d" + std::to_string(axis);
    if (usesName(code, name))
      lines += "  const long long " + name + " = " + rest + (axis > 0 ? " % " + extent : "") + ";\n";
    rest += " / " + extent;
  }
  return lines;
}

std::string loadText(unsigned input, BufferType type, const std::string &offset) {
  return "in" + std::to_string(input) + "[" + offset + "]" + (type.getElementType().isInteger(1) ? " != 0" : "");
}

std::string KernelText::define(Type type, const std::string &code) {
  std::string name = "v" + std::to_string(count++);
  line("const " + registerType(type) + " " + name + " = " + code + ";");
  return name;
}

FailureOr<SmallVector<std::string>> KernelText::region(Region &region, ArrayRef<std::string> arguments) {
  llvm::DenseMap<Value, std::string> names;
  Block &block = region.front();
  for (auto [argument, name] : llvm::zip_equal(block.getArguments(), arguments))
    names[argument] = name;
  for (Operation &op : block.without_terminator()) {
    SmallVector<std::string> operands;
    for (Value operand : op.getOperands())
      operands.push_back(names.at(operand));
    std::string code = opText(op, operands);
    if (code.empty())
      return op.emitError("the CUDA target has no text for '") << op.getName() << "' in a kernel's region";
    if (isa<arith::ConstantOp>(op))
      names[op.getResult(0)] = code.front() == '-' ? "(" + code + ")" : code;
    else
      names[op.getResult(0)] = define(op.getResult(0).getType(), code);
  }
  SmallVector<std::string> yielded;
  for (Value value : block.getTerminator()->getOperands())
    yielded.push_back(names.at(value));
  return yielded;
}

} // namespace sinter::cuda
