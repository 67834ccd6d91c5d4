// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// row: 16 threads for a row, one for each partial result that the dialect promises (the index in the last dimension mod
// 16), folded 8, 4, 2, 1 by shuffles: the operations and their order are those of codegen/cpu/Row.cpp. A stage is one
// loop over the row and reads the inputs again.
#include "codegen/cuda/KernelText.h"
#include "codegen/cuda/Print.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cuda {

namespace {
class RowPrinter {
public:
  explicit RowPrinter(ir::kernel::RowOp op) : op(op), dims(ir::toDims(op.getDomain())) {
    free = dims.size() - op.getReduced();
    // The element's number in the row, and in a result: Horner's rule from the row's number i.
    SmallVector<std::string> inRow;
    for (unsigned axis = free; axis < dims.size(); ++axis)
      inRow.push_back("d" + std::to_string(axis));
    elementInRow = offsetText(inRow, ArrayRef(dims).drop_front(free));
    SmallVector<std::string> inResult = {"i"};
    SmallVector<Dim> sizes = {Dim(1)};
    inResult.append(inRow);
    sizes.append(dims.begin() + free, dims.end());
    element = offsetText(inResult, sizes);
  }
  FailureOr<std::string> print(ArrayRef<std::string> symbols, StringRef name);

private:
  LogicalResult printStage(unsigned number);
  LogicalResult printFinish();
  void openLoop();
  void closeLoop();
  SmallVector<std::string> arguments(Region &region);

  ir::kernel::RowOp op;
  SmallVector<Dim> dims;
  unsigned free;
  std::string elementInRow, element;
  KernelText body;
  SmallVector<std::string> reductions; ///< names of the stages' results so far
};
} // namespace

/// Opens the loops over this lane's elements.
void RowPrinter::openLoop() {
  for (unsigned axis = free; axis < dims.size(); ++axis) {
    bool isLast = axis + 1 == dims.size();
    std::string d = "d" + std::to_string(axis), step = isLast ? d + " += 16" : "++" + d;
    body.line("for (long long " + d + " = " + (isLast ? "lane" : "0") + "; " + d + " < " + dimText(dims[axis]) + "; " +
              step + ")" + (isLast ? " {" : ""));
    body.indent += "  ";
  }
}

void RowPrinter::closeLoop() {
  body.indent.resize(2 * op.getReduced());
  body.line("}");
  body.indent = "  ";
}

/// The inputs' scalars that the region uses, loaded; then the reductions.
SmallVector<std::string> RowPrinter::arguments(Region &region) {
  SmallVector<std::string> names;
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    names.emplace_back();
    if (region.getArgument(i).use_empty())
      continue;
    auto type = cast<BufferType>(input.getType());
    auto map = cast<ir::IndexMapAttr>(op.getMaps()[i]);
    bool isOwn = map.isIdentity() && type.getShapeDims() == dims;
    names.back() = body.define(type.getElementType(), loadText(i, type, isOwn ? element : offsetText(type, map)));
  }
  names.append(reductions);
  return names;
}

LogicalResult RowPrinter::printStage(unsigned number) {
  Region &stage = op.getStages()[number];
  StringRef kind = cast<StringAttr>(op.getKinds()[number]).getValue();
  Type type = stage.front().getTerminator()->getOperand(0).getType();
  std::string name = "r" + std::to_string(number), best = "best" + std::to_string(number);
  std::string infinity = "__int_as_float(0x7f800000)";
  std::string least = type.isF32() ? "-" + infinity : "-2147483647 - 1";
  std::string start = llvm::StringSwitch<std::string>(kind)
                          .Case("sum", type.isF32() ? "0.0f" : "0")
                          .Case("max", least)
                          .Case("min", type.isF32() ? infinity : "2147483647")
                          .Case("argmax", "2147483647")
                          .Default("");
  if (start.empty())
    return op.emitError("the CUDA target has no reduction ") << op.getKinds()[number];
  bool isArgMax = kind == "argmax";
  if (isArgMax)
    body.line(registerType(type) + " " + best + " = " + least + ";");
  body.line((isArgMax ? "int" : registerType(type)) + " " + name + " = " + start + ";");
  openLoop();
  FailureOr<SmallVector<std::string>> yielded = body.region(stage, arguments(stage));
  if (failed(yielded))
    return failure();
  const std::string &value = yielded->front();
  if (isArgMax)
    body.line("takeLarger(" + best + ", " + name + ", " + value + ", (int)(" + elementInRow + "));");
  else
    body.line(name + " = " +
              (kind == "sum"   ? "plus"
               : kind == "max" ? "larger"
                               : "smaller") +
              "(" + name + ", " + value + ");");
  closeLoop();
  StringRef fold = kind == "sum" ? "foldSum(" : kind == "max" ? "foldMax(" : kind == "min" ? "foldMin(" : "foldArgMax(";
  body.line(name + " = " + fold + (isArgMax ? best + ", " : "") + name + ", lanes);");
  reductions.push_back(name);
  return success();
}

LogicalResult RowPrinter::printFinish() {
  Region &finish = op.getFinish();
  SmallVector<std::string> names = reductions;
  if (op.getPerRow()) {
    body.line("if (lane != 0)");
    body.line("  return;");
  } else {
    openLoop();
    names = arguments(finish);
  }
  FailureOr<SmallVector<std::string>> values = body.region(finish, names);
  if (failed(values))
    return failure();
  for (auto [i, value] : llvm::enumerate(*values))
    body.line("out" + std::to_string(i) + "[" + (op.getPerRow() ? "i" : element) + "] = " + value + ";");
  if (!op.getPerRow())
    closeLoop();
  return success();
}

FailureOr<std::string> RowPrinter::print(ArrayRef<std::string> symbols, StringRef name) {
  if (failed(checkSymbols(op, symbols)))
    return failure();
  for (unsigned stage = 0; stage < op.getStages().size(); ++stage)
    if (failed(printStage(stage)))
      return failure();
  if (failed(printFinish()))
    return failure();
  ArrayRef<Dim> rows = ArrayRef(dims).take_front(free);
  return signatureText(op, symbols, name) +
         " {\n"
         "  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;\n"
         "  const int lane = threadIdx.x % 16;\n"
         "  const unsigned lanes = 0xffffu << (threadIdx.x & 16);\n"
         "  if (i >= " +
         dimText(ir::productOf(rows)) + ")\n    return;\n" + indexLines(rows, body.text) + body.text + "}\n";
}

FailureOr<std::string> printCuda(ir::kernel::RowOp op, ArrayRef<std::string> symbols, StringRef name) {
  return RowPrinter(op).print(symbols, name);
}

} // namespace sinter::cuda
