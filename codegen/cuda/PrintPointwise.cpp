// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A fused elementwise kernel: signature, the thread's place, loads, one line for each op, stores.
#include "codegen/cuda/KernelText.h"
#include "codegen/cuda/Print.h"

using namespace mlir;
using sinter::ir::kernel::BufferType;

namespace sinter::cuda {

FailureOr<std::string> printCuda(ir::kernel::PointwiseOp op, ArrayRef<std::string> symbols, StringRef name) {
  if (failed(checkSymbols(op, symbols)))
    return failure();
  auto domain = cast<BufferType>(op.getResult(0).getType());
  KernelText body;
  SmallVector<std::string> arguments;
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    auto type = cast<BufferType>(input.getType());
    auto map = cast<ir::IndexMapAttr>(op.getMaps()[i]);
    bool isOwn = map.isIdentity() && type.getDims() == domain.getDims();
    arguments.push_back(body.define(type.getElementType(), loadText(i, type, isOwn ? "i" : offsetText(type, map))));
  }
  FailureOr<SmallVector<std::string>> values = body.region(op.getBody(), arguments);
  if (failed(values))
    return failure();
  for (auto [i, value] : llvm::enumerate(*values))
    body.line("out" + std::to_string(i) + "[i] = " + value + ";");
  SmallVector<Dim> dims = domain.getShapeDims();
  return signatureText(op, symbols, name) +
         " {\n  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;\n  if (i >= " +
         dimText(ir::productOf(dims)) + ")\n    return;\n" + indexLines(dims, body.text) + body.text + "}\n";
}

} // namespace sinter::cuda
