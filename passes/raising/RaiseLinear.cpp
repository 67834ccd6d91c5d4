// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A contraction of rows with a weight of two axes in, and a bias that is added to it alone; sinter.linear out. By
// structure: a sum of products has one spelling once views are its labels.
#include "passes/raising/Recognize.h"
#include "passes/support/Parameters.h"

using namespace mlir;
using namespace sinter;
using namespace sinter::ir;

static ir::TensorType typeOf(Value value) { return cast<ir::TensorType>(value.getType()); }

namespace {
/// input[rows..., k] with weight[n, k], or [k, n] if `isTransposed`. No values: those change while others are raised.
struct Linear {
  bool isWeightFirst, isTransposed;
};
} // namespace

/// Whether the side may be a weight: a parameter, or of fewer axes than the rows.
static bool mayBeWeight(Value weight, Value input, DenseMap<Value, bool> &known) {
  if (typeOf(weight).rank() != 2 || passes::isParameterOnly(input, known))
    return false;
  return passes::isParameterOnly(weight, known) || typeOf(input).rank() > 2;
}

static std::optional<Linear> match(ContractOp op, DenseMap<Value, bool> &known) {
  auto [left, right, out] = op.getLabelParts();
  for (bool weightFirst : {false, true}) {
    StringRef rows = weightFirst ? right : left, columns = weightFirst ? left : right;
    Value input = weightFirst ? op.getRhs() : op.getLhs(), weight = weightFirst ? op.getLhs() : op.getRhs();
    if (!mayBeWeight(weight, input, known) || rows.empty() || out.size() != rows.size())
      continue;
    char k = rows.back(), n = out.back();
    if (rows.drop_back() != out.drop_back() || rows.contains(n) || out.contains(k))
      continue;
    bool isTransposed = columns == StringRef(std::string{k, n});
    if (isTransposed || columns == StringRef(std::string{n, k}))
      return Linear{weightFirst, isTransposed};
  }
  return std::nullopt;
}

/// A vector that is spread over the rows and added to the op's result, its only reader.
static std::pair<AddOp, Value> biasOf(ContractOp op) {
  if (!op->hasOneUse())
    return {};
  auto add = dyn_cast<AddOp>(*op->getUsers().begin());
  if (!add || add->getBlock() != op->getBlock())
    return {};
  auto view = (add.getLhs() == op.getResult() ? add.getRhs() : add.getLhs()).getDefiningOp<ViewOp>();
  if (!view || typeOf(view.getInput()).rank() != 1)
    return {};
  AffineMap map = view.getMap().getMap();
  auto index = dyn_cast<AffineDimExpr>(map.getResult(0));
  if (!index || index.getPosition() + 1 != map.getNumDims() ||
      typeOf(view.getInput()).getDim(0) != op.getType().getShapeDims().back())
    return {};
  return {add, view.getInput()};
}

SmallVector<LinearOp> passes::raising::raiseLinear(Operation *root) {
  SmallVector<std::pair<ContractOp, Linear>> found;
  DenseMap<Value, bool> known;
  root->walk([&](ContractOp op) {
    if (std::optional<Linear> linear = match(op, known))
      found.push_back({op, *linear});
  });
  SmallVector<LinearOp> raised;
  for (auto [contract, linear] : found) {
    auto [add, bias] = biasOf(contract);
    Operation *last = add ? add.getOperation() : contract.getOperation();
    OpBuilder builder(last);
    Location loc = add ? builder.getFusedLoc({add.getLoc(), contract.getLoc()}) : contract.getLoc();
    Value input = contract.getLhs(), weight = contract.getRhs();
    if (linear.isWeightFirst)
      std::swap(input, weight);
    if (linear.isTransposed) {
      SmallVector<Dim> dims = typeOf(weight).getShapeDims();
      std::swap(dims[0], dims[1]);
      AffineExpr swapped[] = {builder.getAffineDimExpr(1), builder.getAffineDimExpr(0)};
      auto map = IndexMapAttr::get(root->getContext(), AffineMap::get(2, 0, swapped, root->getContext()), {});
      weight = ViewOp::create(builder, loc, ir::TensorType::get(root->getContext(), ArrayRef<Dim>(dims), typeOf(weight).getElementType()),
                              weight, map);
    }
    auto op = LinearOp::create(builder, loc, input, weight, bias);
    last->replaceAllUsesWith(op->getResults());
    if (add)
      add.erase();
    contract.erase();
    raised.push_back(op);
  }
  return raised;
}
