// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --sinter-decompose: semantic ops in, what their `decompose()` builds out. For whatever knows primitives alone.
#include "passes/Passes.h"

#include "ir/sinter/Sinter.h"

namespace sinter::passes {
#define GEN_PASS_DEF_DECOMPOSE
#include "passes/Passes.h.inc"
} // namespace sinter::passes

using namespace mlir;
using namespace sinter::ir;

namespace {
struct Decompose : sinter::passes::impl::DecomposeBase<Decompose> {
  void runOnOperation() override {
    while (decomposeOnce()) { // what an op stands for may hold another: attention's weights are a softmax
    }
  }

  bool decomposeOnce() {
    SmallVector<Operation *> found;
    getOperation().walk([&](Operation *op) {
      if (isa<Decomposable>(op))
        found.push_back(op);
    });
    for (Operation *op : found) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(cast<Decomposable>(op).decompose(builder));
      op->erase();
    }
    return !found.empty();
  }
};
} // namespace
